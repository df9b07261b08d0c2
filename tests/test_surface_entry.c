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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(both_orders_go_one_way),
		T(lsb_first_is_right_from_the_start),
		T(the_coarse_half_alone_reaches_both_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
