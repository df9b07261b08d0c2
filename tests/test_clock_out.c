/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A MIDI clock that leaves, tick by tick, at its frame. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "core/clock_out.h"

#define TICKS_MAX 4000

struct heard {
	struct clock_out c;
	uint64_t frame;
	uint32_t ticks, starts, stops;
	uint64_t tick[TICKS_MAX];
	uint64_t start;	     /* frame of the last FA */
	uint32_t start_tick; /* of tick[]: the first after it */
};

static void
run(struct heard *h, uint64_t until, uint32_t block)
{
	while (h->frame < until) {
		struct clock_event e[CLOCK_OUT_EVENTS];
		uint32_t n = clock_out_run(
			&h->c, h->frame, block, e, CLOCK_OUT_EVENTS);

		for (uint32_t i = 0; i < n; i++) {
			assert_true(e[i].offset < block);
			assert_true(i == 0 || e[i].offset >= e[i - 1].offset);
			if (e[i].byte == 0xf8 && h->ticks < TICKS_MAX)
				h->tick[h->ticks++] = h->frame + e[i].offset;
			h->stops += e[i].byte == 0xfc;
			if (e[i].byte != 0xfa)
				continue;
			h->starts++;
			h->start = h->frame + e[i].offset;
			h->start_tick = h->ticks;
		}
		h->frame += block;
	}
}

static void
set(struct heard *h, double zero, double tick)
{
	clock_out_set(&h->c,
		&(struct clock_line){.runs = true, .zero = zero, .tick = tick});
}

static void
each_tick_is_at_its_frame_whatever_the_block(void **state)
{
	static const uint32_t block[] = {16, 64, 100, 256, 1024, 8192};

	(void)state;
	for (size_t i = 0; i < sizeof(block) / sizeof(block[0]); i++) {
		struct heard h = {.frame = 0};
		double tick = 60.0 * 48000 / (24 * 133.7);

		set(&h, 700.25, tick);
		run(&h, 480000, block[i]);
		assert_true(h.ticks > 500);
		for (uint32_t k = 0; k < h.ticks; k++)
			assert_int_equal(h.tick[k],
				llround(700.25 + tick * k -
					floor(700.25 / tick) * tick));
		/* told before the first bar, and once */
		assert_int_equal(h.starts, 1);
		assert_true(fabs((double)h.start - (700.25 - tick / 2)) <= 0.5);
		assert_int_equal(h.tick[h.start_tick], 700);
	}
}

static void
it_starts_with_a_bar_and_stops(void **state)
{
	struct heard h = {.frame = 0};
	struct clock_event none[CLOCK_OUT_EVENTS];

	(void)state;
	h.frame = 100032;
	set(&h, 0.0, 1000.0);
	run(&h, 191000, 64);
	assert_int_equal(h.starts, 0); /* in the middle of a bar */
	assert_true(h.ticks > 80);
	run(&h, 200000, 64);
	assert_int_equal(h.starts, 1);
	assert_int_equal(h.tick[h.start_tick], 192000);
	clock_out_set(&h.c, &(struct clock_line){.runs = false});
	/* a block of no frames has no place for it */
	assert_int_equal(
		clock_out_run(&h.c, h.frame, 0, none, CLOCK_OUT_EVENTS), 0);
	h.ticks = 0;
	run(&h, 210000, 64);
	assert_int_equal(h.ticks, 0);
	assert_int_equal(h.stops, 1);
	run(&h, 220000, 64);
	assert_int_equal(h.stops, 1);
}

static void
a_line_that_is_known_better_loses_no_tick(void **state)
{
	struct heard h = {.frame = 0};
	uint64_t last;

	(void)state;
	for (int i = 0; i < 400; i++) {
		/* it moves by up to 100 frames either way, each 250 frames */
		set(&h, (i * 37 % 201) - 100.0, 1000.0);
		run(&h, h.frame + 256, 64);
	}
	assert_in_range(h.ticks, 102, 103);
	last = 0;
	for (uint32_t k = 1; k < h.ticks; k++) {
		assert_true(fabs((double)(h.tick[k] - h.tick[k - 1]) -
				    1000.0) <= 264.0);
		last = h.tick[k];
	}
	assert_true(last > 0);
	assert_int_equal(h.starts, 1);
}

static void
a_bar_that_moves_is_told(void **state)
{
	struct heard h = {.frame = 0};

	(void)state;
	set(&h, 1000.0, 1000.0);
	run(&h, 50048, 64);
	assert_int_equal(h.starts, 1);
	set(&h, 1000.0 - 24000.0, 1000.0); /* a beat earlier */
	h.ticks = 0;
	run(&h, 73000, 64);
	assert_int_equal(h.starts, 2);
	assert_true(fabs((double)h.start - 72500.0) < 1.0);
	/* by whole bars: nobody would notice */
	set(&h, 1000.0 - 24000.0 - 96000.0 * 4, 1000.0);
	run(&h, 300000, 64);
	assert_int_equal(h.starts, 2);
	for (uint32_t k = 1; k < h.ticks; k++)
		assert_int_equal(h.tick[k] - h.tick[k - 1], 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_tick_is_at_its_frame_whatever_the_block),
		cmocka_unit_test(it_starts_with_a_bar_and_stops),
		cmocka_unit_test(a_line_that_is_known_better_loses_no_tick),
		cmocka_unit_test(a_bar_that_moves_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
