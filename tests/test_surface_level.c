/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Levels on any lamp, ring or column of lamps. */
#include "tests/surface_rig.h"

static float
peak_of(void *data, bool bus, uint32_t index)
{
	const struct desk *d = data;

	assert_true(index < (bus ? 2 : 16));
	return d->silent ? -1.0f : d->peaks[bus][index];
}

static float
linear(double db)
{
	return (float)pow(10.0, db / 20.0);
}

/* The rig's mapping becomes that of a text; close_mapping() frees it. */
static struct mapping *
open_mapping(struct desk *d, const char *controls)
{
	char whole[2048];
	struct mapping *m;

	snprintf(whole, sizeof(whole),
		"name: T\ndevice: T\nbank: 8\ncontrols:\n%s", controls);
	if (mapping_parse(&m, whole, strlen(whole), "x.yaml", d->rig->p,
		    d->rig->why) < 0)
		fail_msg("%s", d->rig->why);
	d->mapping = *m;
	d->peak = peak_of;
	start(d);
	return m;
}

static void
close_mapping(struct desk *d, struct mapping *m)
{
	surface_free(d->surface);
	d->surface = NULL;
	mapping_free(m);
}

/* After a look at every level, this was sent and nothing else. */
static void
look(struct desk *d)
{
	d->sents = 0;
	wait_ms(d, 51);
}

static void
a_level_is_a_position(void **state)
{
	struct desk *d = *state;
	struct mapping *m = open_mapping(d,
		"  - {meter: /strip/1, light: cc 90}\n"
		"  - {meter: /bus/loop, light: bend, range: [-40, 20]}\n");

	d->peaks[0][0] = linear(-29.9);
	look(d);
	assert_int_equal(d->sents, 1);
	assert_last(d, 0xb0, 90, 64);
	d->peaks[0][0] = linear(3);
	look(d);
	assert_last(d, 0xb0, 90, 127);
	d->peaks[0][0] = 0.0f;
	look(d);
	assert_last(d, 0xb0, 90, 0);
	d->peaks[1][0] = 1.0f; /* main is not loop */
	look(d);
	assert_int_equal(d->sents, 0);
	d->peaks[1][1] = linear(-9.999);
	look(d);
	assert_int_equal(d->sents, 1);
	assert_last(d, 0xe0, 0, 0x40); /* half way */
	look(d);
	assert_int_equal(d->sents, 0); /* held: a lamp does not fall */
	close_mapping(d, m);
}

static void
a_ring_is_dark_in_silence(void **state)
{
	struct desk *d = *state;
	struct mapping *m = open_mapping(
		d, "  - {meter: /strip/2, light: cc 48, ring: wrap}\n");

	surface_resync(d->surface);
	look(d);
	assert_last(d, 0xb0, 48, 0);
	d->peaks[0][1] = linear(-59);
	look(d);
	assert_last(d, 0xb0, 48, 0x21);
	d->peaks[0][1] = linear(0);
	look(d);
	assert_last(d, 0xb0, 48, 0x2b);
	close_mapping(d, m);
}

static void
a_lamp_tells_of_a_signal(void **state)
{
	struct desk *d = *state;
	struct mapping *m = open_mapping(
		d, "  - {meter: '/strip/{1-2}', light: note 60-61, lit: 5}\n");

	surface_resync(d->surface);
	look(d);
	assert_int_equal(d->sents, 2);
	assert_last(d, 0x90, 61, 0);
	d->peaks[0][1] = linear(-59);
	look(d);
	assert_int_equal(d->sents, 1);
	assert_last(d, 0x90, 61, 5);
	d->peaks[0][1] = linear(-1);
	look(d);
	assert_int_equal(d->sents, 0);
	d->peaks[0][1] = linear(-61);
	look(d);
	assert_last(d, 0x90, 61, 0);
	close_mapping(d, m);
}

static void
a_column_of_lamps_is_a_meter(void **state)
{
	struct desk *d = *state;
	struct mapping *m =
		open_mapping(d, "  - {meter: /bus/main, light: note 0-24/8,\n"
				"     above: \"{-40,-20,-9.5,0}\"}\n");

	d->peaks[1][0] = linear(-9);
	look(d);
	assert_int_equal(d->sents, 3);
	assert_int_equal(d->sent[0].byte[1], 0);
	assert_int_equal(d->sent[1].byte[1], 8);
	assert_last(d, 0x90, 16, 127);
	d->peaks[1][0] = linear(-10);
	look(d);
	assert_int_equal(d->sents, 1);
	assert_last(d, 0x90, 16, 0);
	close_mapping(d, m);
}

static void
a_pad_shows_a_level_by_color(void **state)
{
	struct desk *d = *state;
	struct mapping *m = open_mapping(d,
		"  - {meter: /strip/1, light: note 1, dark: 3,\n"
		"     colors: [-50 21, -12 13, -1 5]}\n");

	surface_resync(d->surface);
	look(d);
	assert_last(d, 0x90, 1, 3);
	d->peaks[0][0] = linear(-40);
	look(d);
	assert_last(d, 0x90, 1, 21);
	d->peaks[0][0] = linear(0);
	look(d);
	assert_last(d, 0x90, 1, 5);
	d->peaks[0][0] = linear(-11);
	look(d);
	assert_last(d, 0x90, 1, 13);
	close_mapping(d, m);
}

static void
a_layer_may_turn_a_ring_into_a_meter(void **state)
{
	struct desk *d = *state;
	struct mapping *m = open_mapping(d,
		"  - {on: note 98, as: shift levels}\n"
		"  - {to: /strip/1/fader, light: cc 48, ring: single}\n"
		"  - {meter: /strip/1, layer: levels, light: cc 48,\n"
		"     ring: wrap}\n");

	somebody_sets(d, "/strip/1/fader", 1.0);
	d->peaks[0][0] = linear(-30);
	wait_ms(d, 51);
	assert_int_equal(d->sents, 1);
	assert_last(d, 0xb0, 48, 0x0b);
	hear(d, MIDI_NOTE, 0, 98, 127);
	wait_ms(d, 51);
	assert_last(d, 0xb0, 48, 0x26);
	somebody_sets(d, "/strip/1/fader", 0.0);
	look(d);
	assert_int_equal(d->sents, 0); /* it is not its ring now */
	hear(d, MIDI_NOTE, 0, 98, 0);
	wait_ms(d, 51);
	assert_last(d, 0xb0, 48, 0x01);
	d->peaks[0][0] = linear(-10);
	look(d);
	assert_int_equal(d->sents, 0);
	close_mapping(d, m);
}

/* Whichever shows it: the level's next look may come soon after. */
static void
a_lamp_of_two_is_sent_one_message_in_20_ms(void **state)
{
	struct desk *d = *state;
	struct mapping *m = open_mapping(d,
		"  - {on: note 98, as: shift levels}\n"
		"  - {to: /strip/1/fader, light: cc 48}\n"
		"  - {meter: /strip/1, layer: levels, light: cc 48}\n");

	for (int i = 0; i < 2000; i++) {
		d->peaks[0][0] = linear(-(i * 7 % 60));
		somebody_sets(d, "/strip/1/fader", (i % 100) / 100.0);
		if (i % 9 == 0)
			hear(d, MIDI_NOTE, 0, 98, i % 2 ? 0 : 127);
		wait_ms(d, 3);
	}
	assert_true(d->sents > 100);
	for (uint32_t i = 1; i < d->sents; i++)
		assert_true(
			d->sent[i].time_ns - d->sent[i - 1].time_ns >= 20 * MS);
	close_mapping(d, m);
}

static void
pressure_is_no_meter_of_the_mackie_protocol(void **state)
{
	struct desk *d = *state;
	struct mapping *m =
		open_mapping(d, "  - {to: /strip/1/fader, light: pressure}\n"
				"  - {meter: /strip/1, light: meter 0}\n");

	somebody_sets(d, "/strip/1/fader", 1.0);
	d->peaks[0][0] = linear(-9);
	look(d);
	assert_int_equal(d->sents, 2);
	assert_int_equal(d->sent[0].byte[1], 127);
	assert_int_equal(d->sent[1].byte[1], 7);
	close_mapping(d, m);
}

static void
a_greeting_goes_before_levels(void **state)
{
	struct desk *d = *state;
	struct mapping *m = open_mapping(d,
		"  - {meter: /strip/1, light: cc 1}\n"
		"start:\n"
		"  - F0 7D 00-1F 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0"
		" 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 F7\n");

	d->peaks[0][0] = 1.0f;
	wait_ms(d, 100);
	d->sents = 0;
	surface_resync(d->surface);
	wait_ms(d, 32 * 5 + 50);
	assert_int_equal(d->sents, 33);
	assert_last(d, 0xb0, 1, 127);
	assert_true(d->sent[31].time_ns > d->sent[0].time_ns);
	close_mapping(d, m);
}

static void
a_meter_follows_a_name(void **state)
{
	struct desk *d = *state;
	struct mapping *m =
		open_mapping(d, "  - {meter: /strip/deck-a, light: cc 1}\n");

	d->peaks[0][4] = 1.0f;
	look(d);
	assert_int_equal(d->sents, 0);
	/* Nobody has that name: nobody needs to look. */
	assert_true(surface_run(d->surface, d->now_ns) == SURFACE_IDLE);
	assert_int_equal(set(d->rig, "/strip/5/name", text("Deck A")), 0);
	look(d);
	assert_last(d, 0xb0, 1, 127);
	assert_int_equal(set(d->rig, "/strip/5/name", text("B")), 0);
	look(d);
	assert_last(d, 0xb0, 1, 0);
	close_mapping(d, m);
}

static void
without_audio_lamps_go_out_once(void **state)
{
	struct desk *d = *state;
	struct mapping *m =
		open_mapping(d, "  - {meter: /strip/1, light: cc 1}\n");

	d->peaks[0][0] = 1.0f;
	look(d);
	assert_last(d, 0xb0, 1, 127);
	d->silent = true;
	look(d);
	assert_int_equal(d->sents, 1);
	assert_last(d, 0xb0, 1, 0);
	assert_true(surface_run(d->surface, d->now_ns) == SURFACE_IDLE);
	d->silent = false;
	surface_sound(d->surface);
	look(d);
	assert_last(d, 0xb0, 1, 127);
	close_mapping(d, m);
}

static void
without_meters_there_is_no_timer(void **state)
{
	struct desk *d = *state;
	struct mapping *m =
		open_mapping(d, "  - {to: /strip/1/fader, light: cc 1}\n");

	surface_sound(d->surface);
	surface_resync(d->surface);
	wait_ms(d, 100);
	assert_true(surface_run(d->surface, d->now_ns) == SURFACE_IDLE);
	close_mapping(d, m);
}

#define LOAD(channel)                                                          \
	"  - {to: /strip/1/fader, light: ch " #channel " poly 0-127}\n"

/* A device that is sent more than it can take is sent no levels; then those of
 * that time. */
static void
levels_wait_for_all_else_and_are_not_queued(void **state)
{
	struct desk *d = *state;
	struct mapping *m = open_mapping(d,
		LOAD(2) LOAD(3) LOAD(4) LOAD(5) LOAD(6) LOAD(7)
			LOAD(8) "  - {meter: '/strip/{1-8}', light: cc 0-7}\n");
	uint32_t total = 0;

	for (int ms = 0; ms < 500; ms++) {
		for (uint32_t i = 0; i < 8; i++)
			d->peaks[0][i] = linear(-20.0 + (ms / 50) % 2);
		surface_repaint(d->surface);
		wait_ms(d, 1);
		for (uint32_t i = 0; i < d->sents; i++)
			assert_int_equal(d->sent[i].byte[0] & 0xf0, 0xa0);
		total += d->sents;
		d->sents = 0;
	}
	assert_true(total > 500);
	for (uint32_t i = 0; i < 8; i++)
		d->peaks[0][i] = linear(-60);
	wait_ms(d, 300);
	for (uint32_t i = 0; i < d->sents; i++)
		if (i + 8 < d->sents)
			assert_int_equal(d->sent[i].byte[0] & 0xf0, 0xa0);
	assert_last(d, 0xb0, 7, 0);
	assert_int_equal(d->sent[d->sents - 8].byte[0], 0xb0);
	close_mapping(d, m);
}

/* All lamps of a large grid change at every look, and there is a turn for each.
 */
static void
no_meter_is_left_out_for_ever(void **state)
{
	struct desk *d = *state;
	struct mapping *m =
		open_mapping(d, "  - {meter: /strip/1, light: note 0-127}\n"
				"  - {meter: /strip/1, light: cc 0-127}\n");
	uint32_t count[256] = {0};

	for (int i = 0; i < 400; i++) {
		d->peaks[0][0] = linear(i % 2 ? -70.0 : -10.0 - i % 50);
		look(d);
		assert_true(d->sents <= 64);
		for (uint32_t k = 0; k < d->sents; k++)
			count[d->sent[k].byte[1] +
				(d->sent[k].byte[0] == 0xb0 ? 128 : 0)]++;
	}
	for (uint32_t i = 0; i < 256; i++)
		assert_true(count[i] > 10);
	close_mapping(d, m);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, desk_up, desk_down)
	const struct CMUnitTest tests[] = {
		T(a_level_is_a_position),
		T(a_ring_is_dark_in_silence),
		T(a_lamp_tells_of_a_signal),
		T(a_column_of_lamps_is_a_meter),
		T(a_pad_shows_a_level_by_color),
		T(a_layer_may_turn_a_ring_into_a_meter),
		T(a_lamp_of_two_is_sent_one_message_in_20_ms),
		T(pressure_is_no_meter_of_the_mackie_protocol),
		T(a_greeting_goes_before_levels),
		T(a_meter_follows_a_name),
		T(without_audio_lamps_go_out_once),
		T(without_meters_there_is_no_timer),
		T(levels_wait_for_all_else_and_are_not_queued),
		T(no_meter_is_left_out_for_ever),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
