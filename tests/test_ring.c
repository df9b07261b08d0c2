/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/ring/ring.h"
#include "core/ring/layout.h"
#include "tests/ring_rig.h"

static void
refuses_a_shape_that_is_not_allowed(void **state)
{
	const struct {
		uint32_t rate_hz, channels, capacity, block;
	} bad[] = {
		{31999, 2, 1024, 64},
		{192001, 2, 1024, 64},
		{0, 2, 1024, 64},
		{48000, 0, 1024, 64},
		{48000, 65, 1024, 64},
		{48000, 2, 0, 64},
		{48000, 2, 16, 16},
		{48000, 2, 1000, 64},
		{48000, 2, 1u << 21, 64},
		{48000, 2, 1024, 15},
		{48000, 2, 1024, 513},
		{48000, 2, 1u << 20, 8193},
	};
	static _Alignas(64) char map[RING_HEADER_BYTES + 1024 * 8];
	struct ring_writer w;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct ring_config c = stereo_config(bad[i].capacity, 0);

		c.rate_hz = bad[i].rate_hz;
		c.channels = bad[i].channels;
		c.block_frames = bad[i].block;
		assert_int_equal(
			ring_writer_init(&w, map, sizeof(map), &c), -EINVAL);
	}
	struct ring_config good = stereo_config(1024, 64);

	assert_int_equal(
		ring_writer_init(&w, map, sizeof(map) - 1, &good), -EINVAL);
	assert_int_equal(
		ring_writer_init(&w, map + 4, sizeof(map) - 4, &good), -EINVAL);
	memset(good.device, 'x', sizeof(good.device));
	assert_int_equal(
		ring_writer_init(&w, map, sizeof(map), &good), -EINVAL);
}

static void
what_is_written_is_read(void **state)
{
	const uint32_t channels[] = {1, 2, 3, 8, 32, 33, 64};
	float src[7 * 64], planes[64][7], dst[7 * 64];
	const float *ch[64];

	(void)state;
	for (size_t k = 0; k < sizeof(channels) / sizeof(channels[0]); k++) {
		struct ring_config c = stereo_config(32, 16);
		struct ring_writer w;
		struct ring_reader r;
		void *map;
		uint64_t gap;

		c.channels = channels[k];
		map = ring_new(&w, &c);
		assert_int_equal(ring_reader_init(&r, map,
					 ring_size_bytes(32, c.channels)),
			0);
		for (uint32_t round = 0; round < 40; round++) { /* 280 in 32 */
			for (uint32_t i = 0; i < 7; i++)
				for (uint32_t j = 0; j < c.channels; j++)
					src[i * c.channels + j] = planes[j][i] =
						(float)(round * 1000 + i * 50 +
							j);
			for (uint32_t j = 0; j < c.channels; j++)
				ch[j] = planes[j];
			if (round & 1)
				ring_write_planar(&w, ch, 7);
			else
				ring_write(&w, src, 7);
			assert_int_equal(ring_available(&r), 7);
			assert_int_equal(ring_read(&r, dst, 7, &gap), 7);
			assert_int_equal(gap, 0);
			assert_memory_equal(
				dst, src, 7 * c.channels * sizeof(float));
		}
		assert_int_equal(ring_read(&r, dst, 7, &gap), 0);
		free(map);
	}
}

static void
a_new_reader_starts_at_the_newest_frame(void **state)
{
	struct ring_writer w;
	struct ring_reader r;
	void *map = stereo_new(&w, &r, 32);
	float dst[2 * 4];

	(void)state;
	write_numbered(&w, 20);
	assert_int_equal(ring_reader_init(&r, map, ring_size_bytes(32, 2)), 0);
	assert_int_equal(r.frame, 20);
	assert_int_equal(ring_available(&r), 0);
	write_numbered(&w, 3);
	assert_int_equal(ring_read(&r, dst, 4, NULL), 3);
	assert_int_equal(frames_wrong(dst, 20, 3), 0);
	free(map);
}

static void
a_reader_reads_the_header(void **state)
{
	struct ring_config c = stereo_config(64, 16);
	struct ring_writer w;
	struct ring_reader r;
	void *map;

	(void)state;
	c.rate_hz = 96000;
	memcpy(c.device, "a\tb", 4);
	map = ring_new(&w, &c);
	assert_int_equal(ring_reader_init(&r, map, ring_size_bytes(64, 2)), 0);
	assert_int_equal(r.config.rate_hz, 96000);
	assert_int_equal(r.config.channels, 2);
	assert_int_equal(r.config.capacity_frames, 64);
	assert_int_equal(r.config.block_frames, 16);
	assert_string_equal(r.config.device, "a?b");
	assert_string_equal(r.config.channel_names[1], "FR");
	free(map);
}

static void
a_slow_reader_knows_exactly_what_it_lost(void **state)
{
	struct ring_writer w;
	struct ring_reader r;
	void *map = stereo_new(&w, &r, 32);
	float dst[2 * 32];
	uint64_t gap;

	(void)state;
	write_numbered(&w, 16);
	write_numbered(&w, 16); /* full, nothing lost */
	assert_int_equal(ring_read(&r, dst, 5, &gap), 5);
	assert_int_equal(gap, 0);
	write_numbered(&w, 5); /* full again */
	assert_int_equal(ring_available(&r), 32);
	write_numbered(&w, 1); /* frame 5 is gone */
	assert_int_equal(ring_read(&r, dst, 32, &gap), 16);
	assert_int_equal(gap, 38 - 16 - 5);
	assert_int_equal(r.lost, gap);
	assert_int_equal(frames_wrong(dst, 22, 16), 0);
	assert_int_equal(ring_read(&r, dst, 32, &gap), 0);
	assert_int_equal(gap, 0);
	free(map);
}

static void
a_write_longer_than_the_ring_keeps_its_end(void **state)
{
	struct ring_writer w;
	struct ring_reader r;
	void *map = stereo_new(&w, &r, 32);
	struct ring_counters count;
	float left[77], right[77], dst[2 * 32];
	const float *const ch[2] = {left, right};
	uint64_t gap;

	(void)state;
	write_numbered(&w, 3);
	write_numbered(&w, 77);
	assert_int_equal(ring_read(&r, dst, 32, &gap), 16);
	assert_int_equal(gap, 64);
	assert_int_equal(frames_wrong(dst, 64, 16), 0);
	for (int i = 0; i < 77; i++) {
		left[i] = (float)(80 + i);
		right[i] = -left[i] - 1;
	}
	ring_write_planar(&w, ch, 77);
	assert_int_equal(ring_read(&r, dst, 32, &gap), 16);
	assert_int_equal(gap, 61);
	assert_int_equal(frames_wrong(dst, 141, 16), 0);
	ring_write(&w, left, 0);
	ring_counters(&r, &count);
	assert_int_equal(count.overruns, 2);
	assert_int_equal(count.written, 157);
	free(map);
}

static void
memory_used_again_is_a_new_ring(void **state)
{
	struct ring_writer w;
	struct ring_reader old, new;
	void *map = stereo_new(&w, &old, 32);
	struct ring_config c = stereo_config(32, 16);
	size_t size = ring_size_bytes(32, 2);

	(void)state;
	write_numbered(&w, 8);
	assert_int_equal(ring_reader_state(&old), RING_RUNNING);
	assert_int_equal(ring_writer_init(&w, map, size, &c), 0);
	assert_int_equal(ring_reader_state(&old), RING_CLOSED);
	assert_int_equal(ring_reader_init(&new, map, size), 0);
	assert_true(new.epoch != old.epoch &&new.epoch != 0);
	assert_int_equal(ring_reader_state(&new), RING_RUNNING);
	free(map);
}

static void
a_reader_sees_the_state_and_the_counts(void **state)
{
	struct ring_writer w;
	struct ring_reader r;
	void *map = stereo_new(&w, &r, 32);
	struct ring_counters count;
	float dst[2 * 8];

	(void)state;
	ring_count_xrun(&w);
	ring_count_xrun(&w);
	ring_set_freewheel(&w, true);
	assert_int_equal(ring_reader_state(&r), RING_FREEWHEEL);
	ring_set_freewheel(&w, false);
	assert_int_equal(ring_reader_state(&r), RING_RUNNING);
	write_numbered(&w, 8);
	assert_int_equal(ring_block_frames(&r), 8);
	ring_close(&w);
	assert_int_equal(ring_reader_state(&r), RING_CLOSED);
	assert_int_equal(ring_read(&r, dst, 8, NULL), 8); /* still there */
	ring_counters(&r, &count);
	assert_int_equal(count.xruns, 2);
	assert_int_equal(count.written, 8);
	assert_int_equal(count.overruns, 0);
	free(map);
}

static void
a_reader_knows_how_long_to_sleep(void **state)
{
	const uint64_t ms = 1000000, t = 5000 * ms;
	const struct {
		uint32_t n; /* frames wanted; 480 are there, blocks of 480 */
		uint64_t now_ns, want_ns;
	} is[] = {
		{480, t, 0},
		{481, t, 10 * ms}, /* the next block starts 10 ms later */
		{960, t, 10 * ms}, {961, t, 20 * ms}, {960, t + 4 * ms, 6 * ms},
		{960, t + 10 * ms - 1, 50000}, /* never a busy loop */
		{960, t + 12 * ms, 1250000},   /* late: looks soon again */
		{960, t + 999 * ms, 10 * ms},  /* nothing comes: each block */
		{16384, t, 340 * ms},	       /* cut to the longest below */
		{960, 0, 10 * ms},	       /* a clock from the future */
	};
	struct ring_writer w;
	struct ring_reader r;
	void *map = stereo_new(&w, &r, 16384);
	uint64_t frame, time_ns;

	(void)state;
	assert_false(ring_clock(&r, &frame, &time_ns));
	write_numbered(&w, 480);
	assert_int_equal(ring_wait_ns(&r, 960, t), 10 * ms); /* by the rate */
	ring_set_clock(&w, 0, t); /* what is there was due at t */
	assert_true(ring_clock(&r, &frame, &time_ns));
	assert_true(frame == 0 && time_ns == t);
	for (size_t i = 0; i < sizeof(is) / sizeof(is[0]); i++) {
		uint64_t want = is[i].want_ns;

		if (want > RING_WAIT_MAX_NS)
			want = RING_WAIT_MAX_NS;
		assert_int_equal(ring_wait_ns(&r, is[i].n, is[i].now_ns), want);
	}
	free(map);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_a_shape_that_is_not_allowed),
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(a_new_reader_starts_at_the_newest_frame),
		cmocka_unit_test(a_reader_reads_the_header),
		cmocka_unit_test(a_slow_reader_knows_exactly_what_it_lost),
		cmocka_unit_test(a_write_longer_than_the_ring_keeps_its_end),
		cmocka_unit_test(memory_used_again_is_a_new_ring),
		cmocka_unit_test(a_reader_sees_the_state_and_the_counts),
		cmocka_unit_test(a_reader_knows_how_long_to_sleep),
	};

	return cmocka_run_group_tests_name("ring", tests, NULL, NULL);
}
