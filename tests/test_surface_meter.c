/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Levels on lamps, rings and the meters of the Mackie protocol. */
#include "tests/surface_rig.h"

#include <stdio.h>

#define TICK 51 /* ms in which every level is looked at */

static float
peak_of(void *data, bool bus, uint32_t index)
{
	const struct desk *d = data;

	assert_true(index < (bus ? 2 : 16));
	return d->silent ? -1.0f : d->peaks[bus][index];
}

static void
set_db(struct desk *d, uint32_t strip, double db)
{
	d->peaks[0][strip - 1] = (float)pow(10.0, (db + 0.001) / 20.0);
}

/* ---- mappings ---- */

static void
close_mapping(struct desk *d, struct mapping *m)
{
	surface_free(d->surface);
	d->surface = NULL;
	mapping_free(m);
}

static struct mapping *
open_mackie(struct desk *d)
{
	struct mapping *m;

	assert_int_equal(mapping_load(&m, "mappings/mackie-control.yaml",
				 d->rig->p, d->rig->why),
		0);
	d->mapping = *m;
	d->peak = peak_of;
	start(d);
	return m;
}

/* ---- what was sent ---- */

/* Channel pressure since the last call, in the order of sending. */
static uint32_t
pressures(struct desk *d, uint8_t *out, uint32_t max)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < d->sents; i++) {
		if (d->sent[i].byte[0] != 0xd0)
			continue;
		assert_int_equal(d->sent[i].bytes, 2);
		assert_true(n < max);
		out[n++] = d->sent[i].byte[1];
	}
	d->sents = d->thru_at = 0;
	return n;
}

#define EXPECT(d, ...)                                                         \
	do {                                                                   \
		static const uint8_t want_[] = {__VA_ARGS__};                  \
		uint8_t got_[256];                                             \
		uint32_t n_ = pressures(d, got_, sizeof(got_));                \
		assert_int_equal(n_, sizeof(want_));                           \
		assert_memory_equal(got_, want_, sizeof(want_));               \
	} while (0)

static void
expect_nothing(struct desk *d)
{
	assert_int_equal(d->sents, 0);
}

/* ---- meters of the Mackie protocol ---- */

static void
a_meter_rises_at_once_and_is_held(void **state)
{
	struct desk *d = *state;
	struct mapping *m = open_mackie(d);

	set_db(d, 1, -20);
	wait_ms(d, TICK);
	EXPECT(d, 0x05);
	set_db(d, 1, -6);
	set_db(d, 8, -60);
	wait_ms(d, TICK);
	EXPECT(d, 0x09, 0x71);
	/* The device falls a step in 150 ms; it is kept from that. */
	wait_ms(d, 3 * 150 + 49);
	EXPECT(d, 0x09, 0x71, 0x09, 0x71, 0x09, 0x71);
	close_mapping(d, m);
}

static void
a_meter_has_twelve_steps(void **state)
{
	static const double from_db[] = {
		-61, -60, -50, -40, -30, -20, -14, -10, -8, -6, -4, -2, -0.001};
	struct desk *d = *state;
	struct mapping *m = open_mackie(d);

	for (uint8_t level = 1; level <= 12; level++) {
		uint8_t got[4];

		set_db(d, 3, from_db[level]);
		wait_ms(d, TICK);
		assert_int_equal(pressures(d, got, sizeof(got)), 1);
		assert_int_equal(got[0], 0x20 | level);
	}
	close_mapping(d, m);
}

/* It falls by itself: nothing below what it shows is sent, but the end. */
static void
a_meter_falls_by_itself_to_a_last_word(void **state)
{
	struct desk *d = *state;
	struct mapping *m = open_mackie(d);
	uint8_t got[256];
	uint32_t n;
	double db = -1;

	set_db(d, 1, db);
	wait_ms(d, TICK);
	EXPECT(d, 0x0b);
	for (; db > -59; db -= 20.0 / 34) { /* as the mixer's, per 50 ms */
		set_db(d, 1, db);
		wait_ms(d, 50);
	}
	n = pressures(d, got, sizeof(got));
	assert_true(n > 5 && n < 60);
	for (uint32_t i = 1; i < n; i++)
		assert_true(got[i] <= got[i - 1]);
	assert_true(got[n - 1] >= 0x01);
	d->peaks[0][0] = 0.0f;
	wait_ms(d, TICK);
	EXPECT(d, 0x00);
	wait_ms(d, 10000);
	expect_nothing(d);
	/* cut off: as fast as the device falls */
	set_db(d, 1, -1);
	wait_ms(d, TICK);
	EXPECT(d, 0x0b);
	set_db(d, 1, -30);
	wait_ms(d, 7 * 150);
	expect_nothing(d);
	wait_ms(d, 200);
	EXPECT(d, 0x04);
	close_mapping(d, m);
}

static void
silence_says_nothing(void **state)
{
	struct desk *d = *state;
	struct mapping *m = open_mackie(d);

	wait_ms(d, 20000);
	expect_nothing(d);
	set_db(d, 1, -70); /* below all steps */
	wait_ms(d, 1000);
	expect_nothing(d);
	close_mapping(d, m);
}

static void
overload_is_set_seen_and_cleared(void **state)
{
	struct desk *d = *state;
	struct mapping *m = open_mackie(d);
	uint8_t got[256];
	uint32_t n;

	d->peaks[0][1] = 1.0f; /* full scale is not too much */
	wait_ms(d, TICK);
	EXPECT(d, 0x1c);
	d->peaks[0][1] = 1.001f;
	wait_ms(d, TICK);
	EXPECT(d, 0x1e);
	d->peaks[0][1] = 0.0f;
	wait_ms(d, 1900);
	EXPECT(d, 0x10);
	wait_ms(d, 150);
	EXPECT(d, 0x1f);
	wait_ms(d, 10000);
	expect_nothing(d);
	/* It is set once, however long it lasts. */
	d->peaks[0][1] = 4.0f;
	wait_ms(d, 5000);
	n = pressures(d, got, sizeof(got));
	assert_int_equal(got[0], 0x1e);
	for (uint32_t i = 1; i < n; i++)
		assert_int_equal(got[i], 0x1c);
	close_mapping(d, m);
}

static void
meters_follow_the_bank(void **state)
{
	struct desk *d = *state;
	struct mapping *m = open_mackie(d);

	d->peaks[0][0] = 2.0f;
	set_db(d, 2, -10);
	set_db(d, 9, -40);
	wait_ms(d, TICK);
	EXPECT(d, 0x0e, 0x17);
	wait_ms(d, TICK);
	EXPECT(d, 0x0c);
	hear(d, MIDI_NOTE, 0, 47, 127); /* bank right */
	wait_ms(d, 2 * TICK);
	/* Strip 9 now: overload goes at once, levels are said also when they
	 * are less. */
	EXPECT(d, 0x0f, 0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0x03);
	hear(d, MIDI_NOTE, 0, 48, 127); /* a strip left: 8 to 15 */
	wait_ms(d, TICK);
	EXPECT(d, 0x00, 0x13, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70);
	close_mapping(d, m);
}

static void
a_device_that_comes_back_is_told_all(void **state)
{
	struct desk *d = *state;
	struct mapping *m = open_mackie(d);

	set_db(d, 1, -10);
	wait_ms(d, 60);
	EXPECT(d, 0x07);
	surface_resync(d->surface);
	wait_ms(d, 160);
	EXPECT(d, 0x0f, 0x1f, 0x2f, 0x3f, 0x4f, 0x5f, 0x6f, 0x7f, 0x07, 0x10,
		0x20, 0x30, 0x40, 0x50, 0x60, 0x70);
	/* Its greeting comes first. */
	surface_resync(d->surface);
	wait_ms(d, 160);
	assert_int_equal(d->sent[0].byte[0], 0xf0);
	assert_int_equal(d->sent[0].byte[5], 0x00);
	assert_int_equal(d->sent[1].byte[5], 0x20);
	assert_int_equal(d->sent[8].byte[6], 0x07);
	assert_int_equal(d->sent[8].byte[7], 0x01);
	close_mapping(d, m);
}

static void
without_audio_meters_go_out_and_sleep(void **state)
{
	struct desk *d = *state;
	struct mapping *m = open_mackie(d);

	d->peaks[0][0] = 2.0f;
	set_db(d, 2, -10);
	wait_ms(d, 2 * TICK);
	EXPECT(d, 0x0e, 0x17, 0x0c);
	assert_true(surface_run(d->surface, d->now_ns) <= 50 * MS);
	d->silent = true;
	wait_ms(d, 2 * TICK + 1);
	EXPECT(d, 0x0f, 0x10, 0x00);
	assert_true(surface_run(d->surface, d->now_ns) == SURFACE_IDLE);
	/* It starts again, with a mixer that knows nothing yet. */
	d->silent = false;
	memset(d->peaks, 0, sizeof(d->peaks));
	wait_ms(d, 1000);
	expect_nothing(d);
	assert_true(surface_run(d->surface, d->now_ns) == SURFACE_IDLE);
	surface_sound(d->surface);
	wait_ms(d, 1000);
	expect_nothing(d);
	assert_true(surface_run(d->surface, d->now_ns) <= 50 * MS);
	set_db(d, 2, -10);
	wait_ms(d, TICK);
	EXPECT(d, 0x17);
	close_mapping(d, m);
}

static void
a_surface_that_nobody_tells_levels_shows_none(void **state)
{
	struct desk *d = *state;
	struct mapping *m;

	assert_int_equal(mapping_load(&m, "mappings/mackie-control.yaml",
				 d->rig->p, d->rig->why),
		0);
	d->mapping = *m;
	start(d);
	surface_sound(d->surface);
	surface_resync(d->surface);
	wait_ms(d, 1000);
	assert_true(d->sents > 50); /* the rest is shown */
	for (uint32_t i = 0; i < d->sents; i++)
		assert_true(d->sent[i].byte[0] != 0xd0);
	assert_true(surface_run(d->surface, d->now_ns) == SURFACE_IDLE);
	close_mapping(d, m);
}

/* ---- who goes first ---- */

/* A fader is sent no later for levels that change at every look. */
static void
faders_are_as_quick_with_meters_as_without(void **state)
{
	struct desk *d = *state;
	struct mapping *m = open_mackie(d);

	for (int i = 0; i < 1000; i++) {
		for (uint32_t strip = 1; strip <= 16; strip++)
			set_db(d, strip, (i * 7 + (int)strip * 5) % 70 - 66);
		d->sents = 0;
		somebody_sets(d, "/strip/1/fader", (i % 100) / 100.0);
		wait_ms(d, 1);
		assert_true(d->sents > 0 && d->sent[0].byte[0] == 0xe0);
		wait_ms(d, 29);
	}
	close_mapping(d, m);
}

/* The rule of every control, also for overload and level of one meter. */
static void
a_meter_is_sent_one_message_in_20_ms(void **state)
{
	struct desk *d = *state;
	struct mapping *m = open_mackie(d);
	uint64_t last_ns = 0;
	uint32_t levels = 0;

	for (int i = 0; i < 2000; i++) {
		set_db(d, 1, (i * 37) % 90 - 80);
		if (i % 400 == 0)
			surface_repaint(d->surface);
		wait_ms(d, 3);
		for (uint32_t k = 0; k < d->sents; k++) {
			const struct sent *s = &d->sent[k];

			if (s->byte[0] != 0xd0 || s->byte[1] > 15)
				continue;
			levels++;
			assert_true(s->time_ns - last_ns >= 20 * MS);
			last_ns = s->time_ns;
		}
		d->sents = 0;
	}
	assert_true(levels > 30);
	close_mapping(d, m);
}

/* Nor is it a storm with a device that sends everything back. */
static void
levels_that_come_back_move_nothing(void **state)
{
	struct desk *d = *state;
	struct mapping *m = open_mackie(d);
	double before = value_of(d, "/strip/1/fader");

	d->thru = true;
	d->thru_ns = 5 * MS;
	for (int i = 0; i < 200; i++) {
		set_db(d, 1, (i * 37) % 90 - 80);
		wait_ms(d, 20);
	}
	assert_true(d->sents < 120);
	assert_near(value_of(d, "/strip/1/fader"), before);
	close_mapping(d, m);
}

/* ---- the display ---- */

/* What stands at a place of the display now, as far as it was sent. */
static void
expect_display(struct desk *d, uint8_t place, const char *want)
{
	const struct sent *found = NULL;

	for (uint32_t i = 0; i < d->sents; i++)
		if (d->sent[i].byte[0] == 0xf0 && d->sent[i].byte[5] == 0x12 &&
			d->sent[i].byte[6] == place)
			found = &d->sent[i];
	assert_non_null(found);
	assert_int_equal(found->bytes, 15);
	assert_memory_equal(found->byte + 7, want, 7);
}

static void
names_and_values_are_on_the_display(void **state)
{
	struct desk *d = *state;
	struct mapping *m = open_mackie(d);

	assert_int_equal(set(d->rig, "/strip/2/name", text("Deck A")), 0);
	assert_int_equal(
		set(d->rig, "/strip/10/name", text("K\u00f6ln Ost")), 0);
	wait_ms(d, 10);
	assert_int_equal(d->sents, 1);
	expect_display(d, 7, "Deck A ");
	hear(d, MIDI_NOTE, 0, 47, 127); /* bank right */
	wait_ms(d, 50);
	expect_display(d, 7, "K?ln Os");
	somebody_sets(d, "/strip/9/gain", -90);
	d->sents = 0;
	hear(d, MIDI_NOTE, 0, 46, 127);
	wait_ms(d, 50);
	expect_display(d, 7, "Deck A ");
	/* The value while the fader is moved, not only after. */
	d->sents = 0;
	hear(d, MIDI_NOTE, 0, 104, 127);
	for (uint16_t way = 0; way < 12000; way += 1000) {
		hear(d, MIDI_BEND, 0, 0, way);
		wait_ms(d, 25);
		if (way == 0)
			expect_display(d, 0x38, "-inf dB");
	}
	expect_display(d, 0x38, "-4.2   ");
	assert_in_range(d->sents, 12, 13);
	close_mapping(d, m);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, desk_up, desk_down)
	const struct CMUnitTest tests[] = {
		T(a_meter_rises_at_once_and_is_held),
		T(a_meter_has_twelve_steps),
		T(a_meter_falls_by_itself_to_a_last_word),
		T(silence_says_nothing),
		T(overload_is_set_seen_and_cleared),
		T(meters_follow_the_bank),
		T(a_device_that_comes_back_is_told_all),
		T(without_audio_meters_go_out_and_sleep),
		T(a_surface_that_nobody_tells_levels_shows_none),
		T(faders_are_as_quick_with_meters_as_without),
		T(a_meter_is_sent_one_message_in_20_ms),
		T(levels_that_come_back_move_nothing),
		T(names_and_values_are_on_the_display),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
