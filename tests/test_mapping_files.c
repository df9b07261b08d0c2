/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that are no mapping, and `tapdeck map check`. */
#include "tests/mapping_rig.h"

#include <unistd.h>

#include "control/cli/cmd.h"
#include "tests/cli.h"
static void
large_missing_and_special_files_are_refused(void **state)
{
	char file[] = "/tmp/tapdeck-mapping.XXXXXX", want[MAPPING_WHY_MAX];
	struct rig *r = *state;
	int fd = mkstemp(file);

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, (off_t)MAPPING_BYTES_MAX + 1), 0);
	close(fd);
	assert_int_equal(mapping_load(&r->m, file, NULL, r->why), -EINVAL);
	snprintf(want, sizeof(want), "%s: larger than 262144 bytes", file);
	assert_string_equal(r->why, want);
	unlink(file);
	assert_int_equal(mapping_load(&r->m, file, NULL, r->why), -ENOENT);
	assert_null(r->m);
	snprintf(want, sizeof(want), "%s: No such file or directory", file);
	assert_string_equal(r->why, want);
	assert_int_equal(mapping_load(&r->m, "/", NULL, r->why), -EINVAL);
	assert_string_equal(r->why, "/: not a file");
}

/* Cut anywhere, or with any byte another one: refused or not, no harm. */
static void
damaged_files_do_no_harm(void **state)
{
	static const char good[] =
		"name: T\ndevice: [T, U]\nbank: 8\nstart: [B0 01-02 7F]\n"
		"controls:\n"
		"  - {on: cc 0-3, to: ['/strip/{1-4}/fader'], light: same}\n"
		"  - {on: cc 4, to: /bus/main/gain, curve: [[0, 0], [1, 1]]}\n";
	static const char bytes[] = "[]{}'\",:-\n\x80\xff";
	struct rig *r = *state;
	char text[sizeof(good)];

	parse(r, good);
	for (size_t i = 0; i < sizeof(good) - 1; i++) {
		mapping_free(r->m);
		mapping_parse(&r->m, good, i, "x.yaml", NULL, r->why);
		for (size_t b = 0; b < sizeof(bytes) - 1; b += 3) {
			memcpy(text, good, sizeof(text));
			text[i] = bytes[(b + i) % (sizeof(bytes) - 1)];
			mapping_free(r->m);
			mapping_parse(&r->m, text, sizeof(text) - 1, "x.yaml",
				NULL, r->why);
		}
	}
}

static void
the_command_checks_files(void **state)
{
	char file[] = "/tmp/tapdeck-mapping.XXXXXX", words[200], want[300];
	int fd = mkstemp(file);
	struct cli c;

	(void)state;
	dprintf(fd, "name: T\ndevice: T\ncontrols: [{on: cc 1, to: /x}]\n");
	close(fd);
	snprintf(words, sizeof(words), "map check mappings/generic-cc.yaml %s",
		file);
	cli_run(&c, cmd_map, words);
	assert_int_equal(c.exit_code, 65);
	assert_string_equal(
		c.out, "mappings/generic-cc.yaml: Generic CC, 16 controls\n");
	snprintf(want, sizeof(want),
		"%s:3:27: controls[0].to: no parameter \"/x\"; tapdeck "
		"get --list tells what there is\n",
		file);
	assert_string_equal(c.err, want);
	snprintf(words, sizeof(words), "map check --json %s", file);
	cli_run(&c, cmd_map, words);
	assert_int_equal(c.exit_code, 65);
	assert_string_equal(c.err, "");
	snprintf(want, sizeof(want),
		"[\n  {\"file\": \"%s\", \"ok\": false, \"error\": \"%s:3:27: ",
		file, file);
	assert_memory_equal(c.out, want, strlen(want));
	unlink(file);
	snprintf(words, sizeof(words), "map check %s", file);
	cli_run(&c, cmd_map, words);
	assert_int_equal(c.exit_code, 66);
	cli_run(&c, cmd_map, "map check");
	assert_int_equal(c.exit_code, 64);
	cli_run(&c, cmd_map, "map look x");
	assert_int_equal(c.exit_code, 64);
	cli_run(&c, cmd_map, "map --help");
	assert_int_equal(c.exit_code, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			large_missing_and_special_files_are_refused, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			damaged_files_do_no_harm, set_up, tear_down),
		cmocka_unit_test(the_command_checks_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
