/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a mixer's sound goes, and how that changes while audio runs. */
#include "tests/mixer_rig.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "core/ring/ring.h"

#define FRAMES	 400u
#define BLOCK	 16u
#define CAPACITY 1024u
#define SWAPS	 10000u
#define NUMBERS	 (1u << 20) /* that a float tells apart */

/* One strip and one bus, and so many outputs. */
static struct rig *
outputs_rig(uint32_t outputs)
{
	struct rig *r = rig_new(2, 1, FRAMES);

	r->config.outputs = outputs;
	for (uint32_t o = 1; o < outputs; o++)
		for (int i = 0; i < 2; i++)
			r->out[o][i] = rig_buffer(FRAMES);
	rig_restart(r);
	return r;
}

/* As rig_run(), with all outputs. */
static void
outputs_run(struct rig *r, uint32_t n)
{
	struct mixer_input in[2] = {r->input[0], r->input[1]};
	float *out[BUSES_MAX][2] = {{NULL, NULL}};

	for (uint32_t o = 0; o < r->config.outputs; o++)
		for (int i = 0; i < 2; i++) {
			out[o][i] = r->out[o][i] + r->at;
			memset(out[o][i], 0x55, n * sizeof(float));
		}
	for (int s = 0; s < 2; s++)
		for (int i = 0; i < 2; i++)
			in[s].ch[i] += r->at;
	mixer_run(r->m, in, 2, (float *const(*)[2])out, n);
	r->at += n;
}

static void
assert_silent(const float *x, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		assert_true(x[i] == 0.0f);
}

static void
a_strip_is_tapped_before_and_after_its_fader(void **state)
{
	static const struct sink sinks[] = {
		{.point = TAP_BUS, .output = 2},
		{.point = TAP_PRE, .place = 1, .output = 1},
		{.point = TAP_POST, .place = 1, .output = 3},
		{.point = TAP_POST, .place = 0, .output = 0},
	};
	struct rig *r = outputs_rig(5);

	(void)state;
	assert_int_equal(mixer_set_sinks(r->m, sinks, 4), 0);
	rig_route(r, 0, 1);
	rig_say(r, 0, MIX_TRIM, 1, 2.0f);
	rig_say(r, 0, MIX_GAIN, 1, 0.25f);
	rig_say(r, 0, MIX_MUTE, 0, 1.0f);
	outputs_run(r, 300); /* more than a chunk */
	outputs_run(r, 100);
	for (int i = 0; i < 2; i++) {
		for (uint32_t n = 0; n < FRAMES; n++) {
			assert_true(r->out[1][i][n] == r->in[1][i][n] * 2.0f);
			assert_true(r->out[3][i][n] == r->in[1][i][n] * 0.5f);
		}
		assert_silent(r->out[0][i], FRAMES);
		assert_silent(r->out[2][i], FRAMES);
		assert_silent(r->out[4][i], FRAMES);
	}
	rig_free(r);
}

/* An app that comes or goes makes no click in a stem either. */
static void
a_tap_before_the_fader_hears_its_strip_open_and_close(void **state)
{
	static const struct sink sink = {.point = TAP_PRE, .output = 1};
	const uint32_t ramp = ramp_frames_usual(48000), n = 2 * ramp + 200;
	struct rig *r = rig_new(1, 1, n);

	(void)state;
	for (int i = 0; i < 2; i++) {
		r->out[1][i] = rig_buffer(n);
		for (uint32_t at = 0; at < n; at++)
			r->in[0][i][at] = 1.0f;
	}
	r->config.outputs = 2;
	rig_restart(r);
	assert_int_equal(mixer_set_sinks(r->m, &sink, 1), 0);
	rig_say(r, 100, MIX_OPEN, 0, 0.0f);
	rig_say(r, 100 + ramp + 50, MIX_OPEN, 0, 1.0f);
	outputs_run(r, 77);
	outputs_run(r, n - 77);
	for (uint32_t at = 1; at < n; at++)
		assert_float_equal(
			r->out[1][0][at], r->out[1][0][at - 1], 1.1 / ramp);
	assert_true(r->out[1][0][99] == 1.0f && r->out[1][0][n - 1] == 1.0f);
	assert_silent(r->out[1][0] + 100 + ramp, 50);
	rig_free(r);
}

static void
what_is_tapped_holds_numbers_only(void **state)
{
	static const struct sink sink = {.point = TAP_POST, .output = 1};
	struct rig *r = outputs_rig(2);

	(void)state;
	r->in[0][0][7] = 3e38f;
	assert_int_equal(mixer_set_sinks(r->m, &sink, 1), 0);
	rig_say(r, 0, MIX_GAIN, 0, 4.0f);
	outputs_run(r, 64);
	assert_true(r->out[1][0][6] == r->in[0][0][6] * 4.0f);
	assert_true(r->out[1][0][7] == 0.0f);
	rig_free(r);
}

static void
a_bus_goes_to_several_outputs_until_they_are_others(void **state)
{
	static const struct sink both[] = {{.output = 2}, {.output = 0}};
	static const struct sink one = {.output = 1};
	struct rig *r = outputs_rig(3);

	(void)state;
	rig_route(r, 0, 1);
	assert_int_equal(mixer_set_sinks(r->m, both, 2), 0);
	assert_false(mixer_sinks_taken(r->m));
	outputs_run(r, 200);
	assert_true(mixer_sinks_taken(r->m));
	assert_int_equal(mixer_set_sinks(r->m, &one, 1), 0);
	outputs_run(r, 200);
	for (int i = 0; i < 2; i++) {
		const float *x = r->in[0][i];

		assert_samples_equal(r->out[0][i], x, 200);
		assert_samples_equal(r->out[2][i], x, 200);
		assert_silent(r->out[1][i], 200);
		assert_samples_equal(r->out[1][i] + 200, x + 200, 200);
		assert_silent(r->out[0][i] + 200, 200);
	}
	rig_free(r);
}

static void
a_sink_that_cannot_be_is_refused_and_the_others_stay(void **state)
{
	struct ring_writer *ring = (void *)state; /* not looked into */
	const struct sink bad[][2] = {
		{{.place = 1}, {.output = 1}},
		{{.output = 2}, {.output = 1}},
		{{.point = TAP_PRE, .place = 2}, {.output = 1}},
		{{.point = TAP_POINTS}, {.output = 1}},
		{{.point = TAP_POST, .ring = ring}, {.output = 1}},
		{{.output = 1}, {.output = 1}},
		{{.ring = ring}, {.ring = ring}},
		{{.point = TAP_PRE}, {.point = TAP_PRE, .output = 1}},
	};
	struct rig *r = outputs_rig(2);

	(void)state;
	rig_route(r, 0, 1);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(mixer_set_sinks(r->m, bad[i], 2), -EINVAL);
	assert_true(mixer_sinks_taken(r->m));
	outputs_run(r, 100);
	assert_samples_equal(r->out[0][0], r->in[0][0], 100);
	rig_free(r);
}

/* ---- two threads and a reader ---- */

struct place {
	void *map;
	struct ring_writer writer;
};

struct swaps {
	struct mixer *m;
	struct place kept, swapped;
	struct ring_reader reader; /* of kept, reader's once it runs */
	_Atomic bool done;	   /* control stores: that was the last swap */
	_Atomic uint64_t heard;	   /* reader stores: frames it has read */
	uint64_t mixed;		   /* audio's, read after join */
	bool whole;		   /* reader's, read after join */
};

static void
place_renew(struct place *p)
{
	const struct ring_config config = {.rate_hz = 48000,
		.channels = 2,
		.capacity_frames = CAPACITY,
		.block_frames = BLOCK};

	assert_int_equal(ring_writer_init(&p->writer, p->map,
				 ring_size_bytes(CAPACITY, 2), &config),
		0);
}

static void
place_init(struct place *p)
{
	p->map = aligned_alloc(
		64, (ring_size_bytes(CAPACITY, 2) + 63) / 64 * 64);
	assert_non_null(p->map);
	place_renew(p);
}

/* Sample n of the input is n; never so far ahead that the reader loses some. */
static void *
audio_swaps(void *data)
{
	struct swaps *s = data;
	float x[BLOCK];
	const struct mixer_input in = {.layout = LAYOUT_STEREO, .ch = {x, x}};
	bool last = false;

	while (!last) {
		uint64_t first = mixer_frame(s->m);

		/* relaxed: a number alone */
		if (first - atomic_load_explicit(
				    &s->heard, memory_order_relaxed) >
			CAPACITY / 2) {
			sched_yield();
			continue;
		}
		/* relaxed: one block more or less */
		last = atomic_load_explicit(&s->done, memory_order_relaxed);
		for (uint32_t n = 0; n < BLOCK; n++)
			x[n] = (float)((first + n) % NUMBERS);
		mixer_set_clock(s->m, first);
		mixer_run(s->m, &in, 1, NULL, BLOCK);
	}
	s->mixed = mixer_frame(s->m);
	return NULL;
}

static void *
reader_swaps(void *data)
{
	struct swaps *s = data;
	float got[CAPACITY][2];
	uint64_t heard = 0, gap;
	bool last;

	s->whole = true;
	do {
		uint32_t n;

		/* acquire: what was mixed by then can be read */
		last = atomic_load_explicit(&s->done, memory_order_acquire);
		n = ring_read(&s->reader, got[0], CAPACITY, &gap);
		s->whole = s->whole && gap == 0;
		for (uint32_t i = 0; i < n; i++)
			for (int c = 0; c < 2; c++)
				s->whole = s->whole &&
					   got[i][c] == (float)((heard + i) %
								NUMBERS);
		heard += n;
		/* relaxed: a number alone */
		atomic_store_explicit(&s->heard, heard, memory_order_relaxed);
		if (n == 0)
			sched_yield();
	} while (!last);
	return NULL;
}

/* A ring that is out of the list is made anew, as its memory may be, while the
 * other loses nothing. */
static void
sinks_are_swapped_10000_times_while_a_reader_reads(void **state)
{
	static struct swaps s;
	const struct sink sinks[] = {
		{.ring = &s.kept.writer},
		{.ring = &s.swapped.writer},
	};
	struct rig *r = rig_new(1, 1, BLOCK);
	pthread_t audio, reader;
	uint64_t written = 0;

	(void)state;
	s.m = r->m;
	place_init(&s.kept);
	place_init(&s.swapped);
	rig_route(r, 0, 1);
	assert_int_equal(mixer_set_sinks(s.m, sinks, 1), 0);
	/* before there is sound: a reader hears what is written from now on */
	assert_int_equal(ring_reader_init(&s.reader, s.kept.map,
				 ring_size_bytes(CAPACITY, 2)),
		0);
	assert_int_equal(pthread_create(&reader, NULL, reader_swaps, &s), 0);
	assert_int_equal(pthread_create(&audio, NULL, audio_swaps, &s), 0);
	for (uint32_t i = 0; i < SWAPS; i++) {
		bool with = i % 2 == 0;

		if (with) {
			written += ring_writer_frame(&s.swapped.writer);
			place_renew(&s.swapped);
		}
		assert_int_equal(mixer_set_sinks(s.m, sinks, with ? 2 : 1), 0);
		/* some are swapped before they are taken */
		while ((!with || i % 3) && !mixer_sinks_taken(s.m))
			sched_yield();
	}
	/* relaxed: see audio_swaps() */
	atomic_store_explicit(&s.done, true, memory_order_relaxed);
	pthread_join(audio, NULL);
	pthread_join(reader, NULL);
	assert_true(s.whole);
	assert_int_equal(ring_writer_frame(&s.kept.writer), s.mixed);
	assert_true(written >= SWAPS / 4 * BLOCK);
	rig_free(r);
	free(s.kept.map);
	free(s.swapped.map);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test(f)
		T(a_strip_is_tapped_before_and_after_its_fader),
		T(a_tap_before_the_fader_hears_its_strip_open_and_close),
		T(what_is_tapped_holds_numbers_only),
		T(a_bus_goes_to_several_outputs_until_they_are_others),
		T(a_sink_that_cannot_be_is_refused_and_the_others_stay),
		T(sinks_are_swapped_10000_times_while_a_reader_reads),
	};

	return cmocka_run_group_tests_name("mixer_sinks", tests, NULL, NULL);
}
