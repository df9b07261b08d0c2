/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The crossovers of the EQ, as a file has them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/config/config.h"

static struct engine_config config;
static char why[CONFIG_WHY_MAX];

/* What is said of it, without the name of the file; or NULL: it is good. */
static const char *
refused(const char *text)
{
	char file[] = "/tmp/tapdeck-eq.XXXXXX";
	int fd = mkstemp(file), rc;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	memset(&config, 0, sizeof(config));
	model_config_init(&config.model);
	osc_config_init(&config.osc);
	rc = config_load(&config, file, why);
	unlink(file);
	if (rc == 0)
		return NULL;
	assert_int_equal(rc, -EINVAL);
	assert_true(config.model.eq_hz[0] == 250.0);
	assert_true(config.model.eq_hz[1] == 2500.0);
	return why + strlen(file) + 1;
}

static void
assert_crossovers(const char *text, double low, double high)
{
	assert_null(refused(text));
	assert_true(config.model.eq_hz[0] == low);
	assert_true(config.model.eq_hz[1] == high);
}

static void
what_is_not_said_stays(void **state)
{
	(void)state;
	assert_crossovers("strips: 8\n", 250.0, 2500.0);
	assert_crossovers("eq: {low: 180.5, high: 3000}\n", 180.5, 3000.0);
	assert_crossovers("eq:\n  low: 40\n", 40.0, 2500.0);
	assert_crossovers("eq:\n  high: 12000\n", 250.0, 12000.0);
	assert_crossovers("eq: {low: 1999, high: 2000}\n", 1999.0, 2000.0);
	assert_crossovers("eq: {low: 100, high: 200}\n", 100.0, 200.0);
}

static void
every_mistake_has_its_place(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{"eq: {low: 39.9, high: 2500}\n",
			"1:11: eq.low: \"39.9\" must be 40..2000 Hz"},
		{"eq: {low: 3000, high: 5000}\n",
			"1:11: eq.low: \"3000\" must be 40..2000 Hz"},
		{"eq:\n  high: 12001\n",
			"2:9: eq.high: \"12001\" must be 200..12000 Hz"},
		{"eq:\n  high: loud\n",
			"2:9: eq.high: \"loud\" must be 200..12000 Hz"},
		{"eq: {low: 300, high: 300}\n",
			"1:11: eq.low: \"300\" must be below the upper one, "
			"300 Hz"},
		{"eq:\n  high: 240\n",
			"2:9: eq.high: \"240\" must be above the lower one, "
			"250 Hz"},
		{"eq: {hihg: 3000}\n",
			"1:6: no key \"hihg\" here; one of low, high"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(refused(cases[i].text), cases[i].says);
	assert_non_null(refused("eq: 250\n"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_said_stays),
		cmocka_unit_test(every_mistake_has_its_place),
	};

	return cmocka_run_group_tests_name("config_eq", tests, NULL, NULL);
}
