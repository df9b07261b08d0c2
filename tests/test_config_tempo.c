/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tempo: and quantise:, as a file has them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
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
	char file[] = "/tmp/tapdeck-tempo.XXXXXX";
	int fd = mkstemp(file), rc;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	memset(&config, 0, sizeof(config));
	model_config_init(&config.model);
	osc_config_init(&config.osc);
	rc = config_load(&config, file, why);
	unlink(file);
	return rc == 0 ? NULL : why + strlen(file) + 1;
}

static void
what_is_not_said_is_what_it_was(void **state)
{
	const struct model_tempo *t = &config.model.tempo;

	(void)state;
	assert_null(refused("strips: 8\n"));
	assert_int_equal(t->source, TEMPO_AUTO);
	assert_int_equal(t->quantise, PARAM_AS_SET);
	assert_true(t->bpm == 0.0 && t->offset_ms == 0.0);
	assert_string_equal(t->device, "");
}

static void
all_of_it_is_read(void **state)
{
	const struct model_tempo *t = &config.model.tempo;

	(void)state;
	assert_null(refused("quantise: 2bars\ntempo:\n  source: midi\n"
			    "  device: \"DJM*\"\n  bpm: 128.5\n"
			    "  offset_ms: -12\n  clock_out: yes\n"));
	assert_int_equal(t->quantise, PARAM_ON_2BARS);
	assert_int_equal(t->source, TEMPO_MIDI);
	assert_string_equal(t->device, "DJM*");
	assert_true(t->bpm == 128.5);
	assert_true(t->offset_ms == -12.0);
	assert_true(t->clock_out);
	assert_null(refused("quantise: off\n"));
	assert_int_equal(t->quantise, PARAM_AT_ONCE);
}

static void
mistakes_have_their_place(void **state)
{
	static const struct {
		const char *text, *says;
	} row[] = {
		{"quantise: 8bars\n",
			"1:11: quantise: \"8bars\" must be off, beat, bar, "
			"2bars or 4bars"},
		{"tempo: {source: link}\n",
			"1:17: tempo.source: \"link\" must be auto, midi, own "
			"or off"},
		{"tempo: {bpm: 500}\n",
			"1:14: tempo.bpm: \"500\" must be 20..400"},
		{"tempo: {offset_ms: soon}\n",
			"1:20: tempo.offset_ms: \"soon\" must be -500..500"},
		{"tempo: {beat: 1}\n",
			"1:9: no key \"beat\" here; one of source, device, "
			"bpm, offset_ms, clock_out"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		const char *says = refused(row[i].text);

		assert_non_null(says);
		if (strncmp(says, row[i].says, strlen(row[i].says)) != 0)
			fail_msg("%s", says);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_said_is_what_it_was),
		cmocka_unit_test(all_of_it_is_read),
		cmocka_unit_test(mistakes_have_their_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
