/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tempo: and quantise:, as a file has them. */
#include "tests/config_rig.h"

static void
what_is_not_said_is_what_it_was(void **state)
{
	struct rig *r = *state;
	const struct model_tempo *t = &r->config.model.tempo;

	assert_loads(r, "strips: 8\n");
	assert_int_equal(t->source, TEMPO_AUTO);
	assert_int_equal(t->quantise, PARAM_AS_SET);
	assert_true(t->bpm == 0.0 && t->offset_ms == 0.0);
	assert_string_equal(t->device, "");
}

static void
all_of_it_is_read(void **state)
{
	struct rig *r = *state;
	const struct model_tempo *t = &r->config.model.tempo;

	assert_loads(r, "quantise: 2bars\ntempo:\n  source: midi\n"
			"  device: \"DJM*\"\n  bpm: 128.5\n"
			"  offset_ms: -12\n  clock_out: yes\n");
	assert_int_equal(t->quantise, PARAM_ON_2BARS);
	assert_int_equal(t->source, TEMPO_MIDI);
	assert_string_equal(t->device, "DJM*");
	assert_true(t->bpm == 128.5);
	assert_true(t->offset_ms == -12.0);
	assert_true(t->clock_out);
	assert_loads(r, "quantise: off\n");
	assert_int_equal(t->quantise, PARAM_AT_ONCE);
}

static void
mistakes_have_their_place(void **state)
{
	static const struct refusal row[] = {
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

	assert_all_refused(*state, row, sizeof(row) / sizeof(row[0]));
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(what_is_not_said_is_what_it_was),
		TEST(all_of_it_is_read),
		TEST(mistakes_have_their_place),
	};

	return cmocka_run_group_tests_name("config_tempo", tests, NULL, NULL);
}
