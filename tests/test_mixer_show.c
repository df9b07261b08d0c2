/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a mixer shows, counts and refuses, and where its buses go. */
#include "tests/mixer_rig.h"

#include <errno.h>

#include "core/ring/ring.h"

static void
a_bus_that_nobody_wants_is_still_measured(void **state)
{
	struct rig *r = rig_new(2, 2, 64);
	float *const out[2][2] = {{r->out[0][0], NULL}, {NULL, NULL}};

	(void)state;
	rig_route(r, 0, 1);
	rig_route(r, 1, 2);
	r->in[0][1][9] = -1.5f;
	r->in[1][0][9] = 2.5f;
	mixer_run(r->m, r->input, 2, out, 64);
	assert_samples_equal(r->out[0][0], r->in[0][0], 64);
	assert_true(mixer_bus_meter(r->m, MIXER_PEAK, 0, 1) == 1.5f);
	assert_true(mixer_bus_meter(r->m, MIXER_PEAK, 1, 0) == 2.5f);
	r->in[1][0][9] = 3.5f;
	mixer_run(r->m, r->input, 2, NULL, 64);
	assert_true(mixer_bus_meter(r->m, MIXER_PEAK, 1, 0) == 3.5f);
	rig_free(r);
}

static void
a_bus_goes_to_its_ring_but_not_in_freewheel(void **state)
{
	const struct ring_config config = {.rate_hz = 48000,
		.channels = 2,
		.capacity_frames = 1024,
		.block_frames = 64};
	size_t size_bytes = ring_size_bytes(1024, 2);
	void *map = aligned_alloc(64, (size_bytes + 63) / 64 * 64);
	struct rig *r = rig_new(1, 2, 400);
	struct ring_writer writer;
	struct ring_reader reader;
	struct ring_counters count;
	float got[400][2];

	(void)state;
	assert_non_null(map);
	assert_int_equal(
		ring_writer_init(&writer, map, size_bytes, &config), 0);
	assert_int_equal(ring_reader_init(&reader, map, size_bytes), 0);
	rig_route(r, 0, 2);
	mixer_set_ring(r->m, 1, &writer);
	rig_run(r, 200);
	mixer_count_xrun(r->m);
	ring_counters(&reader, &count);
	assert_int_equal(count.xruns, 1);
	mixer_set_freewheel(r->m, true);
	rig_run(r, 100);
	assert_int_equal(ring_reader_state(&reader), RING_FREEWHEEL);
	mixer_set_freewheel(r->m, false);
	rig_run(r, 100);
	assert_int_equal(ring_read(&reader, got[0], 400, NULL), 300);
	for (uint32_t n = 0; n < 300; n++)
		for (int i = 0; i < 2; i++)
			assert_true(got[n][i] ==
				    r->in[0][i][n < 200 ? n : n + 100]);
	rig_free(r);
	free(map);
}

static void
a_block_of_a_wrong_length_is_silence_and_counted(void **state)
{
	struct rig *r = rig_new(1, 1, 200);
	float *silence = rig_buffer(200);

	(void)state;
	r->config.block_max = 100;
	rig_restart(r);
	rig_route(r, 0, 1);
	rig_run(r, 0);
	rig_run(r, 101);
	assert_samples_equal(r->out[0][0], silence, 101);
	assert_samples_equal(r->out[0][1], silence, 101);
	assert_int_equal(rig_counters(r).refused_blocks, 2);
	assert_int_equal(mixer_frame(r->m), 0);
	rig_run(r, 99);
	assert_samples_equal(r->out[0][0] + 101, r->in[0][0] + 101, 99);
	assert_int_equal(mixer_frame(r->m), 99);
	free(silence);
	rig_free(r);
}

static void
a_strips_meter_is_before_its_fader_and_a_buss_after_its_gain(void **state)
{
	struct rig *r = rig_new(1, 1, 64);

	(void)state;
	for (int i = 0; i < 64; i++)
		r->in[0][0][i] = r->in[0][1][i] = 0.0f;
	r->in[0][0][20] = -0.5f;
	rig_route(r, 0, 1);
	rig_say(r, 0, MIX_TRIM, 0, 1.5f);
	rig_say(r, 0, MIX_GAIN, 0, 2.0f);
	rig_say(r, 0, MIX_BUS_GAIN, 0, 4.0f);
	rig_run_all(r, 64);
	assert_float_equal(mixer_strip_meter(r->m, MIXER_PEAK, 0, 0), 0.75, 0);
	assert_true(mixer_strip_meter(r->m, MIXER_PEAK, 0, 1) == 0.0f);
	assert_float_equal(mixer_bus_meter(r->m, MIXER_PEAK, 0, 0), 6.0, 0);
	assert_true(mixer_bus_meter(r->m, MIXER_PEAK, 0, 1) == 0.0f);
	rig_free(r);
}

static void
a_meter_falls_20_db_in_1_7_seconds(void **state)
{
	struct rig *r = rig_new(1, 1, 64 + 81600);

	(void)state;
	for (uint32_t n = 0; n < r->frames; n++)
		r->in[0][0][n] = 0.0f;
	r->in[0][0][63] = 1.0f;
	rig_run(r, 64);
	assert_true(mixer_strip_meter(r->m, MIXER_PEAK, 0, 0) == 1.0f);
	rig_run_all(r, 1000);
	assert_float_equal(
		mixer_strip_meter(r->m, MIXER_PEAK, 0, 0), 0.1, 1e-4);
	rig_free(r);
}

static void
the_clock_is_the_next_blocks_frame_and_its_time(void **state)
{
	struct rig *r = rig_new(1, 1, 200);
	uint64_t frame, time_ns;

	(void)state;
	assert_false(mixer_clock(r->m, &frame, &time_ns));
	rig_run(r, 150);
	mixer_set_clock(r->m, 123456789012345u);
	assert_true(mixer_clock(r->m, &frame, &time_ns));
	assert_int_equal(frame, 150);
	assert_int_equal(time_ns, 123456789012345u);
	rig_free(r);
}

static void
a_shape_out_of_its_limits_is_refused(void **state)
{
	static const struct mixer_config bad[] = {
		{0, 1, 48000, 64, .cue = 0},
		{STRIPS_MAX + 1, 1, 48000, 64, .cue = 0},
		{1, 0, 48000, 64, .cue = 0},
		{1, BUSES_MAX + 1, 48000, 64, .cue = 0},
		{1, 1, RATE_MIN_HZ - 1, 64, .cue = 0},
		{1, 1, RATE_MAX_HZ + 1, 64, .cue = 0},
		{1, 1, 48000, BLOCK_MIN - 1, .cue = 0},
		{1, 1, 48000, BLOCK_MAX + 1, .cue = 0},
		{1, 1, 48000, 64, .outputs = OUTPUTS_MAX + 1},
		{1, 1, 48000, 64, .frame_messages = QUEUE_MESSAGES + 1},
		{1, 2, 48000, 64, .loops = 4},
		{1, 2, 48000, 64, .cue = 4},
		{1, 2, 48000, 64, .room = 4},
		{1, 2, 48000, 64, .cue = 3},
		{1, 2, 48000, 64, .room = 3},
		{1, 2, 48000, 64, .loops = 1, .cue = 1},
		{1, 2, 48000, 64, .loops = 1, .room = 1},
		{1, 2, 48000, 64, .cue = 1, .room = 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct mixer *m = (void *)state;

		assert_int_equal(mixer_new(&m, &bad[i]), -EINVAL);
		assert_null(m);
	}
	mixer_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test(f)
		T(a_bus_that_nobody_wants_is_still_measured),
		T(a_bus_goes_to_its_ring_but_not_in_freewheel),
		T(a_block_of_a_wrong_length_is_silence_and_counted),
		T(a_strips_meter_is_before_its_fader_and_a_buss_after_its_gain),
		T(a_meter_falls_20_db_in_1_7_seconds),
		T(the_clock_is_the_next_blocks_frame_and_its_time),
		T(a_shape_out_of_its_limits_is_refused),
	};

	return cmocka_run_group_tests_name("mixer_show", tests, NULL, NULL);
}
