/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the audio thread would do with a message by itself is what the surface
 * then does: for every factory mapping, hands that do anything, and tables that
 * are as new as they can be. And what can be done in the block is. */
#include "tests/surface_rig.h"

#include <glob.h>

#include "control/console_state.h"
#include "core/mixer_state.h"
#include "core/reflex.h"

#define STEPS 6000

struct ears {
	struct desk *desk;
	struct mixer *mixer;
	struct reflex *x;
	struct reflex_done done[REFLEX_TARGETS_MAX];
	uint32_t count;
	uint64_t random;
};

static uint32_t
chance(struct ears *e, uint32_t of)
{
	e->random = e->random * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(e->random >> 33) % of;
}

static void
ears_open(struct ears *e, struct desk *d)
{
	const struct mixer_config config = {16, 2, 48000, 256};

	e->desk = d;
	e->random = 1;
	assert_int_equal(mixer_new(&e->mixer, &config), 0);
	assert_int_equal(reflex_new(&e->x), 0);
}

static void
ears_close(struct ears *e)
{
	mixer_free(e->mixer);
	reflex_free(e->x);
}

static void
table_make(struct ears *e)
{
	surface_reflex(e->desk->surface, reflex_begin(e->x));
	reflex_publish(e->x);
	reflex_look(e->x);
	assert_false(surface_reflex_stale(e->desk->surface));
}

static void
on_heard(void *data, const struct midi_event *event, uint64_t time)
{
	struct desk *d = data;

	(void)time;
	surface_event(d->surface, event, 0, d->now_ns);
}

static bool
is_now(struct ears *e, const struct reflex_done *done)
{
	struct message now = params_message_now(e->desk->rig->p, done->id);
	const struct message *m = &done->message;

	return now.kind == m->kind && now.strip == m->strip &&
	       now.bus == m->bus &&
	       (m->kind == MESSAGE_STRIP_ROUTE ? now.mask == m->mask
					       : now.value == m->value);
}

/* By the audio thread, then by the surface. */
static void
both_hear(struct ears *e, const uint8_t *bytes, uint32_t n)
{
	struct midi_parser parser;

	e->count = reflex_run(e->x, e->mixer, bytes, n, 0, e->done);
	midi_parser_init(&parser, on_heard, e->desk);
	midi_parse_bytes(&parser, bytes, n, 0);
	for (uint32_t i = 0; i < e->count; i++)
		if (!is_now(e, &e->done[i]))
			fail_msg("%02x %02x %02x: %s: the audio thread did "
				 "another thing",
				bytes[0], bytes[1], n > 2 ? bytes[2] : 0,
				e->desk->surface ? "surface" : "");
}

static void
both_hear_3(struct ears *e, uint8_t a, uint8_t b, uint8_t c)
{
	if (surface_reflex_stale(e->desk->surface))
		table_make(e);
	both_hear(e, (const uint8_t[]){a, b, c}, 3);
}

/* ---- hands that do anything ---- */

static uint32_t
message_of(struct ears *e, const struct mapping_message *m, uint16_t value,
	uint8_t bytes[3])
{
	uint8_t channel = m->channel == MAPPING_CHANNEL_ANY
				  ? (uint8_t)chance(e, 16)
				  : m->channel;

	bytes[1] = m->number & 127;
	bytes[2] = value & 127;
	switch (m->kind) {
	case MIDI_NOTE:
		bytes[0] = (value == 0 && chance(e, 2) ? 0x80 : 0x90) | channel;
		return 3;
	case MIDI_POLY_PRESSURE:
		bytes[0] = 0xa0 | channel;
		return 3;
	case MIDI_CC:
		bytes[0] = 0xb0 | channel;
		if (m->fine && chance(e, 2))
			bytes[1] += 32;
		return 3;
	case MIDI_PROGRAM:
		bytes[0] = 0xc0 | channel;
		return 2;
	case MIDI_CHANNEL_PRESSURE:
		bytes[0] = 0xd0 | channel;
		bytes[1] = bytes[2];
		return 2;
	case MIDI_BEND:
		bytes[0] = 0xe0 | channel;
		bytes[1] = chance(e, 128) & 127;
		return 3;
	default:
		bytes[0] = 0xb0 | channel;
		return 3;
	}
}

/* A control of the mapping: a fader goes on from where it is, a button is hit.
 */
static uint32_t
hand(struct ears *e, uint16_t *at, uint8_t bytes[3])
{
	const struct mapping *m = e->desk->surface ? &e->desk->mapping : NULL;
	uint32_t i = chance(e, m->controls);
	const struct mapping_control *c = &m->control[i];
	int value;

	if (!c->has_message)
		return 0;
	if (c->as == MAPPING_VALUE) {
		value = at[i] + (int)chance(e, 13) - 6;
		at[i] = (uint16_t)(value < 0 ? 0 : value > 127 ? 127 : value);
	} else {
		at[i] = at[i] && chance(e, 4)
				? 0
				: (uint16_t)(chance(e, 3) ? 127
							  : chance(e, 127));
	}
	return message_of(e, &c->message, at[i], bytes);
}

static void
somebody(struct ears *e)
{
	struct params *p = e->desk->rig->p;
	struct param_change change = {.id = chance(e, param_count(p))};
	struct param_value v = {.type = PARAM_FLOAT};
	struct param_info info;
	char why[PARAM_WHY_MAX];

	param_info(p, change.id, &info);
	if (info.read_only || (info.type == PARAM_TEXT && info.choices == 0))
		return;
	v.f = info.min + (info.max - info.min) * chance(e, 128) / 127.0;
	if (info.type != PARAM_FLOAT) {
		v.type = PARAM_INT;
		v.i = (int64_t)v.f;
	}
	if (param_check(p, change.id, &v, &change.value, why) == 0)
		param_apply(p, &change, 1, 0, SOMEBODY);
}

static void
play_mapping(struct desk *d, const char *path, uint32_t *done)
{
	struct surface_config config = {.params = d->rig->p,
		.source = SOURCE}; /* no feedback: no echo is expected */
	struct mapping *mapping;
	struct ears e = {0};
	uint16_t *at;
	char why[MAPPING_WHY_MAX];

	if (mapping_load(&mapping, path, NULL, why) < 0)
		fail_msg("%s", why);
	config.mapping = mapping;
	d->mapping = *mapping;
	at = calloc(mapping->controls, sizeof(*at));
	assert_int_equal(surface_new(&d->surface, &config), 0);
	ears_open(&e, d);
	for (int i = 0; i < STEPS; i++) {
		uint8_t bytes[3];
		uint32_t n = hand(&e, at, bytes);

		if (chance(&e, 20) == 0)
			somebody(&e);
		if (surface_reflex_stale(d->surface))
			table_make(&e);
		if (n > 0)
			both_hear(&e, bytes, n);
		*done += e.count;
		d->now_ns += chance(&e, 40) * MS;
		surface_run(d->surface, d->now_ns);
		if (i % 500 == 0)
			mixer_plays_drop(e.mixer);
	}
	ears_close(&e);
	surface_free(d->surface);
	d->surface = NULL;
	mapping_free(mapping);
	free(at);
}

static void
both_do_the_same_whatever_the_hand_does(void **state)
{
	struct desk *d = *state;
	glob_t files;

	assert_int_equal(glob("mappings/*.yaml", 0, NULL, &files), 0);
	for (size_t i = 0; i < files.gl_pathc; i++) {
		uint32_t done = 0;

		play_mapping(d, files.gl_pathv[i], &done);
		/* It would prove nothing. */
		if (done < STEPS / 50)
			fail_msg("%s: %u reflexes only", files.gl_pathv[i],
				done);
	}
	globfree(&files);
	d->mapping.control = d->control;
	d->mapping.controls = 0;
}

/* ---- what is done in the block ---- */

static void
a_fader_that_jumps_is_done(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_CC, 0, 7, MAPPING_VALUE);
	struct ears e = {0};

	c->takeover = MAPPING_JUMP;
	aim(c, 2, "fader");
	aim(c, 0, "/bus/main/gain");
	start(d);
	ears_open(&e, d);
	both_hear_3(&e, 0xb0, 7, 100);
	assert_int_equal(e.count, 2);
	assert_near(value_of(d, "/strip/2/fader"), 100 / 127.0);
	both_hear_3(&e, 0xb1, 7, 100);
	assert_int_equal(e.count, 0);
	ears_close(&e);
}

static void
a_fader_that_is_not_caught_is_not_done(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_CC, 0, 7, MAPPING_VALUE);
	struct ears e = {0};

	aim(c, 1, "fader");
	start(d);
	somebody_sets(d, "/strip/1/fader", 0.5);
	ears_open(&e, d);
	both_hear_3(&e, 0xb0, 7, 10);
	assert_int_equal(e.count, 0);
	both_hear_3(&e, 0xb0, 7, 63);
	assert_int_equal(e.count, 0); /* caught by this one */
	both_hear_3(&e, 0xb0, 7, 64);
	assert_int_equal(e.count, 1);
	both_hear_3(&e, 0xb0, 7, 120);
	assert_int_equal(e.count, 1);
	somebody_sets(d, "/strip/1/fader", 0.1);
	assert_true(surface_reflex_stale(d->surface));
	both_hear_3(&e, 0xb0, 7, 121);
	assert_int_equal(e.count, 0);
	assert_near(value_of(d, "/strip/1/fader"), 0.1);
	ears_close(&e);
}

static void
buttons_are_done(void **state)
{
	struct desk *d = *state;
	struct mapping_control *toggle =
		add(d, MIDI_NOTE, 0, 1, MAPPING_TOGGLE);
	struct mapping_control *held = add(d, MIDI_CC, 0, 2, MAPPING_MOMENTARY);
	struct mapping_control *set = add(d, MIDI_NOTE, 0, 3, MAPPING_RADIO);
	struct ears e = {0};

	aim(toggle, 1, "mute");
	aim(held, 2, "mute");
	aim(set, 1, "route");
	set->value = (struct param_value){.type = PARAM_TEXT, .s = "loop"};
	start(d);
	ears_open(&e, d);
	for (int on = 1; on >= 0; on--) {
		both_hear_3(&e, 0x90, 1, 127);
		assert_int_equal(e.count, 1);
		assert_near(value_of(d, "/strip/1/mute"), on);
		both_hear_3(&e, 0x80, 1, 0);
		assert_int_equal(e.count, 0);
	}
	both_hear_3(&e, 0xb0, 2, 127);
	assert_int_equal(e.count, 1);
	assert_near(value_of(d, "/strip/2/mute"), 1);
	both_hear_3(&e, 0xb0, 2, 0);
	assert_int_equal(e.count, 1);
	assert_near(value_of(d, "/strip/2/mute"), 0);
	both_hear_3(&e, 0xb0, 2, 0); /* let go of what is not held */
	assert_int_equal(e.count, 0);
	both_hear_3(&e, 0x90, 3, 1);
	assert_int_equal(e.count, 1);
	assert_string_equal(get(d->rig, "/strip/1/route").s, "loop");
	ears_close(&e);
}

static void
a_bend_is_done(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_BEND, 0, 0, MAPPING_VALUE);
	struct ears e = {0};

	c->takeover = MAPPING_JUMP;
	aim(c, 1, "fader");
	start(d);
	ears_open(&e, d);
	both_hear_3(&e, 0xe0, 0x11, 0x22);
	assert_int_equal(e.count, 1);
	assert_near(
		value_of(d, "/strip/1/fader"), (0x22 << 7 | 0x11) / 16383.0);
	both_hear_3(&e, 0xe0, 0x70, 0x7f);
	assert_near(value_of(d, "/strip/1/fader"), 1.0);
	ears_close(&e);
}

static void
fourteen_bits_are_done_once_their_order_is_known(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_CC, 0, 7, MAPPING_VALUE);
	struct ears e = {0};
	uint32_t done = 0;

	c->message.fine = true;
	c->takeover = MAPPING_JUMP;
	aim(c, 1, "fader");
	start(d);
	ears_open(&e, d);
	for (uint8_t v = 0; v < 100; v++) {
		d->now_ns += 5 * MS;
		both_hear_3(&e, 0xb0, 7, v);
		assert_int_equal(e.count, 0);
		d->now_ns += MS;
		both_hear_3(&e, 0xb0, 39, v ^ 85);
		assert_near(value_of(d, "/strip/1/fader"),
			(v << 7 | (v ^ 85)) / 16383.0);
		done += e.count;
	}
	assert_in_range(done, 90, 99);
	/* the LSB alone, and one of another channel */
	d->now_ns += 50 * MS;
	both_hear_3(&e, 0xb0, 39, 3);
	assert_int_equal(e.count, 0);
	both_hear_3(&e, 0xb0, 7, 20);
	both_hear_3(&e, 0xb1, 39, 3);
	assert_int_equal(e.count, 0);
	ears_close(&e);
}

/* What else it does is not for the audio thread to do. */
static void
a_tap_is_left_to_control(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = add(d, MIDI_NOTE, 0, 1, MAPPING_SET);
	struct ears e = {0};

	aim(c, 1, "tap");
	c->value = (struct param_value){.type = PARAM_TEXT, .s = "copy"};
	start(d);
	ears_open(&e, d);
	both_hear_3(&e, 0x90, 1, 127);
	assert_int_equal(e.count, 0);
	assert_string_equal(get(d->rig, "/strip/1/tap").s, "copy");
	ears_close(&e);
}

static void
after_a_bank_nothing_is_done_by_the_old_table(void **state)
{
	struct desk *d = *state;
	struct mapping_control *right,
		*c = add(d, MIDI_CC, 0, 7, MAPPING_VALUE);
	struct ears e = {0};

	c->takeover = MAPPING_JUMP;
	aim(c, 1, "fader");
	right = add(d, MIDI_NOTE, 0, 2, MAPPING_BANK_RIGHT);
	right->strips = 2;
	d->mapping.bank = 2;
	start(d);
	ears_open(&e, d);
	table_make(&e);
	both_hear(&e, (const uint8_t[]){0x90, 2, 127}, 3);
	assert_true(surface_reflex_stale(d->surface));
	both_hear(&e, (const uint8_t[]){0xb0, 7, 0}, 3);
	assert_int_equal(e.count, 0);
	assert_near(value_of(d, "/strip/1/fader"), 0.75);
	assert_near(value_of(d, "/strip/3/fader"), 0.0);
	both_hear_3(&e, 0xb0, 7, 127);
	assert_int_equal(e.count, 1);
	assert_near(value_of(d, "/strip/3/fader"), 1.0);
	ears_close(&e);
}

/* The audio thread waits for what a layer button does, and it comes to nothing:
 * it was our own lamp that came back. */
static void
a_lamp_that_comes_back_does_not_keep_it_waiting(void **state)
{
	struct desk *d = *state;
	struct mapping_control *layer = add(d, MIDI_NOTE, 0, 1, MAPPING_LAYER);
	struct mapping_control *c = add(d, MIDI_CC, 0, 7, MAPPING_VALUE);
	struct ears e = {0};

	layer->to_layer = 1;
	light_same(layer, MAPPING_LIGHT_LAMP);
	c->takeover = MAPPING_JUMP;
	aim(c, 1, "fader");
	d->mapping.layers = 2;
	start(d);
	ears_open(&e, d);
	both_hear_3(&e, 0x90, 1, 127);
	both_hear_3(&e, 0x90, 1, 0);
	wait_ms(d, 500);
	assert_last(d, 0x90, 1, 127);
	surface_repaint(d->surface);
	d->sents = 0;
	surface_run(d->surface, d->now_ns);
	assert_last(d, 0x90, 1, 127);
	both_hear_3(&e, 0x90, 1, 127);
	both_hear_3(&e, 0xb0, 7, 100);
	assert_int_equal(e.count, 1);
	ears_close(&e);
}

static void
the_narrower_of_two_is_done(void **state)
{
	struct desk *d = *state;
	struct mapping_control *narrow = add(d, MIDI_CC, 3, 7, MAPPING_VALUE);
	struct mapping_control *wide =
		add(d, MIDI_CC, MAPPING_CHANNEL_ANY, 7, MAPPING_VALUE);
	struct ears e = {0};

	narrow->takeover = wide->takeover = MAPPING_JUMP;
	aim(narrow, 2, "fader");
	aim(wide, 1, "fader");
	start(d);
	ears_open(&e, d);
	both_hear_3(&e, 0xb3, 7, 100);
	assert_int_equal(e.count, 1);
	assert_int_equal(e.done[0].message.strip, 1);
	both_hear_3(&e, 0xb4, 7, 20);
	assert_int_equal(e.count, 1);
	assert_int_equal(e.done[0].message.strip, 0);
	ears_close(&e);
}

static void
each_range_and_direction_has_its_own_row(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c;
	struct ears e = {0};

	for (uint8_t i = 0; i < 6; i++) {
		c = add(d, MIDI_CC, 0, i, MAPPING_VALUE);
		c->takeover = MAPPING_JUMP;
		c->invert = i == 1;
		c->has_range = i == 2 || i == 3;
		c->range[0] = i == 2 ? -12.0 : -90.0;
		c->range[1] = i == 3 ? 3.0 : 12.0;
		c->curve = i == 4 ? MAPPING_AUDIO : MAPPING_LINEAR;
		aim(c, i + 1, "gain");
	}
	start(d);
	ears_open(&e, d);
	for (uint8_t i = 0; i < 6; i++) {
		both_hear_3(&e, 0xb0, i, 90);
		assert_int_equal(e.count, 1);
	}
	ears_close(&e);
}

/* A fader that spoke for another one meanwhile has to be caught again. */
static void
a_layer_is_caught_anew(void **state)
{
	struct desk *d = *state;
	struct mapping_control *base = add(d, MIDI_CC, 0, 7, MAPPING_VALUE);
	struct mapping_control *upper = add(d, MIDI_CC, 0, 7, MAPPING_VALUE);
	struct mapping_control *layer = add(d, MIDI_NOTE, 0, 1, MAPPING_LAYER);
	struct ears e = {0};

	upper->layer = layer->to_layer = 1;
	upper->takeover = MAPPING_JUMP;
	aim(base, 1, "fader");
	aim(upper, 2, "fader");
	d->mapping.layers = 2;
	start(d);
	ears_open(&e, d);
	for (uint8_t v = 60; v < 100; v += 2)
		both_hear_3(&e, 0xb0, 7, v);
	assert_int_equal(e.count, 1);
	assert_near(value_of(d, "/strip/1/fader"), 98 / 127.0);
	both_hear_3(&e, 0x90, 1, 127);
	both_hear_3(&e, 0x90, 1, 0);
	both_hear_3(&e, 0xb0, 7, 10);
	assert_int_equal(e.count, 1);
	assert_near(value_of(d, "/strip/2/fader"), 10 / 127.0);
	both_hear_3(&e, 0x90, 1, 127);
	both_hear_3(&e, 0x90, 1, 0);
	d->now_ns += 1000 * MS;
	both_hear_3(&e, 0xb0, 7, 12);
	assert_int_equal(e.count, 0);
	assert_near(value_of(d, "/strip/1/fader"), 98 / 127.0);
	ears_close(&e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(both_do_the_same_whatever_the_hand_does),
		T(a_fader_that_jumps_is_done),
		T(a_fader_that_is_not_caught_is_not_done),
		T(buttons_are_done),
		T(a_bend_is_done),
		T(fourteen_bits_are_done_once_their_order_is_known),
		T(a_tap_is_left_to_control),
		T(a_lamp_that_comes_back_does_not_keep_it_waiting),
		T(the_narrower_of_two_is_done),
		T(each_range_and_direction_has_its_own_row),
		T(a_layer_is_caught_anew),
		T(after_a_bank_nothing_is_done_by_the_old_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
