/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sysex that shows several things. */
#include "tests/surface_rig.h"

/* A display of two texts of three characters, and two values. */
static struct mapping_control *
display(struct desk *d)
{
	struct mapping_control *c = add(d, MIDI_SYSEX, 0, 0, MAPPING_SHOW);

	c->light.message = (struct mapping_message){.kind = MIDI_SYSEX,
		.sysex = {0xf0, 1, 2, 0, 3, 0, 0xf7},
		.sysex_bytes = 7,
		.slots = 4,
		.slot = {{2, 3}, {3, 0}, {5, 0}, {6, 3}}};
	c->light.lit = 127;
	return c;
}

static void
assert_shown(const struct desk *d, const char *a, uint8_t b, uint8_t c,
	const char *e)
{
	uint8_t want[13] = {0xf0, 1, 0, 0, 0, 2, b, 3, c, 0, 0, 0, 0xf7};

	memcpy(want + 2, a, 3);
	memcpy(want + 9, e, 3);
	assert_true(d->sents > 0);
	assert_int_equal(d->sent[d->sents - 1].bytes, sizeof(want));
	assert_memory_equal(d->sent[d->sents - 1].byte, want, sizeof(want));
}

static void
each_slot_shows_its_target(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = display(d);

	aim(c, 1, "gain");
	aim(c, 2, "fader");
	aim(c, 3, "mute");
	aim(c, 4, "gain");
	c->light.kind = MAPPING_LIGHT_TEXT;
	start(d);
	somebody_sets(d, "/strip/1/gain", -9);
	somebody_sets(d, "/strip/2/fader", 0.5);
	somebody_sets(d, "/strip/3/mute", 1);
	somebody_sets(d, "/strip/4/gain", -3.5);
	wait_ms(d, 100);
	assert_shown(d, "-9.", 64, 127, "-3.");
	/* Each of them alone is shown, once. */
	for (int strip = 1; strip <= 4; strip++) {
		uint32_t sents = d->sents;

		somebody_sets(d,
			strip == 1   ? "/strip/1/gain"
			: strip == 2 ? "/strip/2/fader"
			: strip == 3 ? "/strip/3/mute"
				     : "/strip/4/gain",
			0);
		wait_ms(d, 100);
		assert_int_equal(d->sents, sents + 1);
	}
	assert_shown(d, "0.0", 0, 0, "0.0");
}

/* Fewer targets than slots: the last one is in all that are left. */
static void
the_last_target_fills_the_rest(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = display(d);

	aim(c, 1, "gain");
	aim(c, 2, "trim");
	c->light.kind = MAPPING_LIGHT_TEXT;
	start(d);
	somebody_sets(d, "/strip/1/gain", -9);
	somebody_sets(d, "/strip/2/trim", 24);
	wait_ms(d, 100);
	assert_shown(d, "-9.", 127, 127, "24.");
}

/* Three bytes of a color, or three lamps of one message. */
static void
lamps_of_one_message_are_lit_each_by_its_own(void **state)
{
	static const uint8_t want[] = {0xf0, 1, 99, 5, 99, 0xf7};
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_NOTE, 0, 1, MAPPING_TOGGLE);

	for (uint8_t strip = 1; strip <= 3; strip++)
		aim(c, strip, "mute");
	c->light = (struct mapping_feedback){.kind = MAPPING_LIGHT_LAMP,
		.message = {.kind = MIDI_SYSEX,
			.sysex = {0xf0, 1, 0, 0, 0, 0xf7},
			.sysex_bytes = 6,
			.slots = 3,
			.slot = {{2, 0}, {3, 0}, {4, 0}}},
		.lit = 99,
		.dark = 5};
	start(d);
	somebody_sets(d, "/strip/1/mute", 1);
	somebody_sets(d, "/strip/3/mute", 1);
	wait_ms(d, 100);
	assert_int_equal(d->sent[d->sents - 1].bytes, sizeof(want));
	assert_memory_equal(d->sent[d->sents - 1].byte, want, sizeof(want));
}

/* One place for each character, also of those that no display has. */
static void
a_name_is_cut_by_characters(void **state)
{
	static const struct {
		const char *name, *shown;
	} rows[] = {{"Zo\u00eb", "Zo?"}, {"\u00e9a\u00e9b", "?a?"},
		{"\u266b\u266bz", "??z"}, {"\U0001f3b5ab", "?ab"},
		{"A", "A  "}};
	struct desk *d = *state;
	struct mapping_control *c = display(d);

	aim(c, 1, "name");
	aim(c, 2, "fader");
	aim(c, 3, "mute");
	aim(c, 4, "gain");
	c->light.kind = MAPPING_LIGHT_TEXT;
	start(d);
	somebody_sets(d, "/strip/2/fader", 0.0);
	somebody_sets(d, "/strip/4/gain", -90);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(
			set(d->rig, "/strip/1/name", text(rows[i].name)), 0);
		wait_ms(d, 100);
		assert_shown(d, rows[i].shown, 0, 0, "-in");
	}
}

static void
no_strip_is_blank(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = display(d);

	aim(c, 0, "/strip/nobody/name");
	c->light.kind = MAPPING_LIGHT_TEXT;
	start(d);
	surface_refresh(d->surface);
	wait_ms(d, 100);
	assert_shown(d, "   ", 0, 0, "   ");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(each_slot_shows_its_target),
		T(the_last_target_fills_the_rest),
		T(lamps_of_one_message_are_lit_each_by_its_own),
		T(a_name_is_cut_by_characters),
		T(no_strip_is_blank),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
