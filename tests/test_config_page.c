/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The manual page of the configuration: it has every key, and what it shows
 * as an example is good. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/config/config.h"
#include "control/config/config_reading.h"

#define PAGE "control/tapdeck.yaml.5"

static char page[65536];

static int
set_up(void **state)
{
	FILE *f = fopen(PAGE, "r");
	size_t n;

	(void)state;
	if (!f)
		return -1;
	n = fread(page, 1, sizeof(page) - 1, f);
	page[n] = '\0';
	fclose(f);
	return n == sizeof(page) - 1;
}

static unsigned
missing_keys(const struct keys *keys)
{
	char item[80], shown[80];
	unsigned missing = 0;

	for (; keys->key; keys++) {
		snprintf(item, sizeof(item), "\n.It Cm %s\n", keys->key);
		snprintf(shown, sizeof(shown), "%s:", keys->key);
		if (!strstr(page, item) || !strstr(page, shown)) {
			print_error("%s: no item or no example in %s\n",
				keys->key, PAGE);
			missing++;
		}
		if (keys->inside)
			missing += missing_keys(keys->inside);
	}
	return missing;
}

static void
every_key_is_told_and_shown(void **state)
{
	static const struct keys none[] = {{.key = "nonsense"}, KEYS_END};

	(void)state;
	assert_int_equal(missing_keys(config_top_table), 0);
	assert_int_equal(missing_keys(none), 1);
}

/* What a shell shows of the page, without what mdoc escapes. */
static void
write_example(FILE *to, const char *from, const char *end)
{
	for (; from < end; from++) {
		if (from[0] == '\\' && from[1] == 'e')
			from++, fputc('\\', to);
		else if (from[0] != '\\' || from[1] != '&')
			fputc(*from, to);
		else
			from++;
	}
}

static void
read_example(const char *from, const char *end)
{
	struct engine_config *config = calloc(1, sizeof(*config));
	char path[] = "/tmp/tapdeck-page.XXXXXX", why[CONFIG_WHY_MAX];
	int fd = mkstemp(path), rc;
	FILE *f = fdopen(fd, "w");

	assert_non_null(config);
	assert_non_null(f);
	write_example(f, from, end);
	fclose(f);
	engine_config_init(config);
	rc = config_load(config, path, why);
	if (rc == 0 && engine_config_check(config, why) < 0)
		rc = -1;
	unlink(path);
	free(config);
	if (rc < 0)
		fail_msg("%s\n%.*s", why, (int)(end - from), from);
}

static void
every_example_is_good(void **state)
{
	static const char begin[] = ".Bd -literal", finish[] = "\n.Ed";
	unsigned examples = 0;

	(void)state;
	for (const char *at = page; (at = strstr(at, begin)); examples++) {
		const char *end = strstr(at, finish);

		assert_non_null(end);
		read_example(strchr(at, '\n') + 1, end + 1);
		at = end;
	}
	assert_true(examples >= 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key_is_told_and_shown),
		cmocka_unit_test(every_example_is_good),
	};

	return cmocka_run_group_tests_name("config page", tests, set_up, NULL);
}
