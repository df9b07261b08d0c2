/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RPN and NRPN: numbers, halves and steps that come as controllers. */
#include "tests/surface_rig.h"

#define NUMBER 130

struct entry {
	struct desk *desk;
	struct midi_parser parser;
};

static void
on_heard(void *data, const struct midi_event *e, uint64_t time)
{
	const struct entry *n = data;

	(void)time;
	surface_event(n->desk->surface, e, 0, n->desk->now_ns);
}

/* A controller after this pause. */
static void
cc(struct entry *n, uint64_t pause_ns, uint8_t number, uint8_t value)
{
	run_until(n->desk, n->desk->now_ns + pause_ns);
	midi_parse_bytes(&n->parser, (const uint8_t[]){0xb0, number, value}, 3,
		n->desk->now_ns);
}

static void
number_tell(struct entry *n, uint64_t pause_ns)
{
	cc(n, pause_ns, 99, NUMBER >> 7);
	cc(n, pause_ns, 98, NUMBER & 127);
}

static struct mapping_control *
fader(struct desk *d)
{
	struct mapping_control *c = add(d, MIDI_NRPN, 0, NUMBER, MAPPING_VALUE);

	c->takeover = MAPPING_JUMP;
	aim(c, 1, "fader");
	return c;
}

static void
begin(struct entry *n, struct desk *d)
{
	start(d);
	n->desk = d;
	midi_parser_init(&n->parser, on_heard, n);
}

/* Up in steps, by a cable or all that was polled at one moment, the number told
 * each time or once: never back, and each value is told. */
static void
both_orders_go_one_way(void **state)
{
	struct desk *d = *state;
	struct entry n;

	fader(d);
	begin(&n, d);
	for (int how = 0; how < 8; how++) {
		uint64_t pause_ns = how & 1 ? MS / 3 : 0;
		uint8_t first = how & 2 ? 38 : 6, second = how & 2 ? 6 : 38;
		double before = 0.0;

		surface_resync(d->surface);
		midi_parser_init(&n.parser, on_heard, &n);
		somebody_sets(d, "/strip/1/fader", 0.0);
		number_tell(&n, pause_ns);
		for (unsigned v = 300; v < 9000; v += 77) {
			uint8_t byte[2] = {(uint8_t)(v >> 7), v & 127};

			if (how & 4)
				number_tell(&n, pause_ns);
			cc(&n, pause_ns, first, byte[first == 38]);
			cc(&n, pause_ns, second, byte[second == 38]);
			wait_ms(d, 20);
			if (v < 700) /* it has been learned by then */
				continue;
			assert_near(value_of(d, "/strip/1/fader"), v / 16383.0);
			assert_true(value_of(d, "/strip/1/fader") > before);
			before = value_of(d, "/strip/1/fader");
		}
	}
}

/* From the very first value, where the number is told. */
static void
lsb_first_is_right_from_the_start(void **state)
{
	struct desk *d = *state;
	struct entry n;

	fader(d);
	begin(&n, d);
	for (unsigned v = 5000; v < 9000; v += 777) {
		number_tell(&n, 0);
		cc(&n, 0, 38, v & 127);
		cc(&n, 0, 6, (uint8_t)(v >> 7));
		assert_near(value_of(d, "/strip/1/fader"), v / 16383.0);
	}
}

static void
the_coarse_half_alone_reaches_both_ends(void **state)
{
	struct desk *d = *state;
	struct entry n;

	fader(d);
	begin(&n, d);
	number_tell(&n, 0);
	for (uint8_t v = 0; v < 128; v++) {
		cc(&n, MS, 6, v);
		assert_near(value_of(d, "/strip/1/fader"), v / 127.0);
	}
}

/* ---- buttons ---- */

static struct mapping_control *
button(struct desk *d, enum mapping_as as)
{
	struct mapping_control *c = add(d, MIDI_NRPN, 0, NUMBER, as);

	aim(c, 1, "mute");
	return c;
}

/* The upper half alone, both halves, both in the other order, and a device that
 * says 127 of 16383: one press each, also the very first. */
static void
a_press_counts_once(void **state)
{
	static const uint8_t ways[][4] = {{6, 127}, {6, 127, 38, 127},
		{38, 127, 6, 127}, {6, 0, 38, 127}, {38, 127, 6, 0},
		{6, 1, 38, 0}};
	struct desk *d = *state;
	struct entry n;

	button(d, MAPPING_TOGGLE);
	for (size_t w = 0; w < sizeof(ways) / sizeof(ways[0]); w++) {
		const uint8_t *way = ways[w];

		somebody_sets(d, "/strip/1/mute", 0);
		begin(&n, d);
		for (int press = 1; press <= 6; press++) {
			for (int on = 1; on >= 0; on--) {
				number_tell(&n, 0);
				cc(&n, 0, way[0], on ? way[1] : 0);
				if (way[2])
					cc(&n, MS / 3, way[2], on ? way[3] : 0);
				wait_ms(d, 150);
				assert_int_equal(value_of(d, "/strip/1/mute"),
					press & 1);
			}
		}
		surface_free(d->surface);
		d->surface = NULL;
	}
}

static void
a_held_one_lasts_while_it_is_held(void **state)
{
	struct desk *d = *state;
	struct entry n;

	button(d, MAPPING_MOMENTARY);
	begin(&n, d);
	number_tell(&n, 0);
	for (int i = 0; i < 4; i++) {
		cc(&n, 100 * MS, 6, 127);
		cc(&n, MS, 38, 5);
		assert_int_equal(value_of(d, "/strip/1/mute"), 1);
		cc(&n, 100 * MS, 6, 0);
		cc(&n, MS, 38, 0);
		assert_int_equal(value_of(d, "/strip/1/mute"), 0);
	}
}

/* ---- what is shown ---- */

static void
assert_entry(const struct desk *d, uint32_t at, uint16_t value)
{
	const uint8_t want[4][3] = {{0xb0, 99, NUMBER >> 7},
		{0xb0, 98, NUMBER & 127}, {0xb0, 6, (uint8_t)(value >> 7)},
		{0xb0, 38, value & 127}};

	assert_true(d->sents >= at + 4);
	for (uint32_t i = 0; i < 4; i++) { /* each is a message */
		assert_int_equal(d->sent[at + i].bytes, 3);
		assert_memory_equal(d->sent[at + i].byte, want[i], 3);
	}
}

static void
a_motor_goes_to_14_bits(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = fader(d);
	struct entry n;

	light_same(c, MAPPING_LIGHT_WAY);
	begin(&n, d);
	somebody_sets(d, "/strip/1/fader", 5000 / 16383.0);
	wait_ms(d, 100);
	assert_int_equal(d->sents, 4);
	assert_entry(d, 0, 5000);
	/* It is not fought, and then where it was left. */
	number_tell(&n, 0);
	cc(&n, 0, 6, 77);
	cc(&n, 0, 38, 7);
	somebody_sets(d, "/strip/1/fader", 0.5);
	wait_ms(d, 250);
	assert_int_equal(d->sents, 4);
	wait_ms(d, 100);
	assert_int_equal(d->sents, 8);
	assert_entry(d, 4, 8192);
}

static void
a_lamp_is_lit_by_its_number(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = button(d, MAPPING_TOGGLE);
	struct entry n;

	light_same(c, MAPPING_LIGHT_LAMP);
	c->light.lit = 16383;
	begin(&n, d);
	somebody_sets(d, "/strip/1/mute", 1);
	wait_ms(d, 100);
	assert_entry(d, 0, 16383);
	somebody_sets(d, "/strip/1/mute", 0);
	wait_ms(d, 100);
	assert_entry(d, 4, 0);
}

/* What was sent comes back at once: nothing moves, nothing goes on. */
static void
what_is_sent_may_come_back(void **state)
{
	struct desk *d = *state;
	struct mapping_control *c = fader(d);
	struct entry n;

	light_same(c, MAPPING_LIGHT_WAY);
	d->thru = true;
	begin(&n, d);
	for (int i = 0; i < 5; i++) {
		double to = 0.123456 + 0.1 * i;

		d->sents = d->thru_at = 0;
		somebody_sets(d, "/strip/1/fader", to);
		wait_ms(d, 2000);
		assert_true(fabs(value_of(d, "/strip/1/fader") - to) < 1e-6);
		assert_int_equal(d->sents, 4);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(both_orders_go_one_way),
		T(lsb_first_is_right_from_the_start),
		T(the_coarse_half_alone_reaches_both_ends),
		T(a_press_counts_once),
		T(a_held_one_lasts_while_it_is_held),
		T(a_motor_goes_to_14_bits),
		T(a_lamp_is_lit_by_its_number),
		T(what_is_sent_may_come_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
