/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file of the configuration: where it is, and that it may be anything. */
#include "tests/config_rig.h"

#include <sys/stat.h>

static void
what_is_no_plain_yaml_is_refused(void **state)
{
	struct rig *r = *state;
	char deep[200] = "strips: ";

	assert_refused(r, "tap: &a take\n",
		"1:6: anchors and aliases are not allowed");
	assert_refused(
		r, "tap: *a\n", "1:6: anchors and aliases are not allowed");
	assert_refused(r, "tap: !!str take\n", "1:6: tags are not allowed");
	assert_refused(
		r, "tap: take\n---\ntap: off\n", "2:1: a second document");
	assert_refused(r, "? [a]\n: b\n", "1:3: a key must be a word");
	assert_int_equal(load(r, "tap: [take\nblock: 3\n"), -EINVAL);
	assert_non_null(strstr(r->why, "tapdeck.yaml:2:"));
	assert_non_null(strstr(r->why, "not YAML: "));
	assert_int_equal(load(r, "\ttap: take"), -EINVAL);
	assert_non_null(strstr(r->why, "tapdeck.yaml:1:1: not YAML"));
	assert_int_equal(load(r, "tap: \xff\xfe"), -EINVAL);
	memset(deep + 8, '[', 40);
	assert_refused(r, deep, "1:24: more than 16 levels deep");
}

static void
size_and_kind_of_file_are_bounded(void **state)
{
	struct rig *r = *state;
	char *large = malloc(CONFIG_BYTES_MAX + 1);

	memset(large, '#', CONFIG_BYTES_MAX + 1);
	assert_int_equal(load_bytes(r, large, CONFIG_BYTES_MAX), 0);
	assert_int_equal(load_bytes(r, large, CONFIG_BYTES_MAX + 1), -EINVAL);
	assert_non_null(strstr(r->why, "larger than 262144 bytes"));
	/* two bytes a value */
	strcpy(large, "osc: {peers: [");
	for (int i = 14; i < 20000; i += 2)
		memcpy(large + i, "1,", 2);
	assert_int_equal(load_bytes(r, large, 20000), -EINVAL);
	assert_non_null(strstr(r->why, "more than 8192 values"));
	free(large);
	unlink(r->file);
	assert_int_equal(config_load(&r->config, r->file, r->why), -ENOENT);
	assert_non_null(strstr(r->why, r->file));
	assert_int_equal(mkfifo(r->file, 0600), 0);
	assert_int_equal(config_load(&r->config, r->file, r->why), -EINVAL);
	assert_non_null(strstr(r->why, "not a file"));
}

/* Nothing that a file holds may do more than be refused (see make
 * test-address). */
static void
damaged_files_do_no_harm(void **state)
{
	static const char good[] =
		"strips: 8\nstrip:\n  - number: 2\n    name: Deck\n"
		"    match: [a, b]\nbuses: [{name: main}, {name: loop}]\n"
		"routes:\n  - {name: x, buses: [main]}\nosc:\n  port: 9100\n"
		"  peers: ['::1']\ntap: copy\nblock: 256\n";
	static const char bytes[] = "[]{}:,-&*!|>'\"%@`#? \n\t\x80\xff\0"
				    "a0";
	struct rig *r = *state;
	unsigned seed = 7;
	int refused = 0;

	for (int round = 0; round < 3000; round++) {
		char text[sizeof(good)];

		memcpy(text, good, sizeof(good));
		for (int k = 0; k < 1 + round % 4; k++) {
			seed = seed * 1103515245u + 12345u;
			text[(seed >> 8) % (sizeof(good) - 1)] =
				bytes[(seed >> 3) % (sizeof(bytes) - 1)];
		}
		engine_config_init(&r->config);
		if (load_bytes(r, text, sizeof(good) - 1) < 0) {
			assert_true(r->why[0]);
			refused++;
		}
	}
	assert_true(refused > 1000 && refused < 3000);
}

static void
the_path_follows_xdg(void **state)
{
	char path[64], saved_home[256];
	const char *home = getenv("HOME");

	(void)state;
	snprintf(saved_home, sizeof(saved_home), "%s", home ? home : "/");
	setenv("HOME", "/home/dj", 1);
	setenv("XDG_CONFIG_HOME", "/cfg", 1);
	assert_int_equal(config_path(path, sizeof(path)), 0);
	assert_string_equal(path, "/cfg/tapdeck/tapdeck.yaml");
	setenv("XDG_CONFIG_HOME", "relative", 1);
	assert_int_equal(config_path(path, sizeof(path)), 0);
	assert_string_equal(path, "/home/dj/.config/tapdeck/tapdeck.yaml");
	unsetenv("XDG_CONFIG_HOME");
	assert_int_equal(config_path(path, sizeof(path)), 0);
	assert_string_equal(path, "/home/dj/.config/tapdeck/tapdeck.yaml");
	assert_int_equal(config_path(path, 20), -ENAMETOOLONG);
	unsetenv("HOME");
	assert_int_equal(config_path(path, sizeof(path)), -ENOENT);
	setenv("HOME", saved_home, 1);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(what_is_no_plain_yaml_is_refused),
		TEST(size_and_kind_of_file_are_bounded),
		TEST(damaged_files_do_no_harm),
		TEST(the_path_follows_xdg),
	};

	return cmocka_run_group_tests_name("config_file", tests, NULL, NULL);
}
