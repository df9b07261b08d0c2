/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Levels within a chunk, against the same level asked frame by frame. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "core/mixer/fader.h"
#include "core/mixer/frames.h"
#include "core/mixer/glide.h"

#define USUAL 480u
#define N     CHUNK_FRAMES

static struct passage passage;
static uint64_t random_state;

static uint32_t
draw(uint32_t below)
{
	random_state =
		random_state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(random_state >> 33) % below;
}

/* The spans of a chunk, and then its end; out[n] gets the level. */
static uint32_t
chunk(struct glide *g, uint64_t frame, uint32_t n, float *out)
{
	const struct glide_span *span = passage.span;
	uint32_t count, at = 0;

	passage.frame = frame;
	passage.n = n;
	count = glide_spans(g, &passage);
	for (uint32_t k = 0; k < count; k++) {
		assert_int_equal(span[k].at, at);
		assert_true(span[k].n > 0);
		for (; at < span[k].at + span[k].n; at++)
			out[at] = span[k].moves ? passage.values[at]
						: span[k].level;
	}
	assert_int_equal(at, n);
	glide_log_end(&passage.log);
	return count;
}

static void
what_does_not_turn_is_one_span(void **state)
{
	struct glide g;
	float out[N];

	(void)state;
	glide_init(&g, 0.5f);
	assert_true(glide_rests_at(&g, 0, 0.5f));
	assert_int_equal(chunk(&g, 0, N, out), 1);
	assert_true(out[0] == 0.5f && out[N - 1] == 0.5f);
}

static void
a_ramp_that_ends_in_a_chunk_rests_in_it(void **state)
{
	struct ramp r;
	struct glide g;
	float out[N];

	(void)state;
	glide_init(&g, 0.0f);
	r = g.ramp;
	ramp_start(&r, 1000, 1.0f, 100, RAMP_LINEAR);
	glide_turn(&g, &passage.log, 0, &r);
	assert_int_equal(chunk(&g, 1000, N, out), 2);
	for (uint32_t i = 0; i < N; i++)
		assert_true(out[i] == ramp_at(&r, 1000 + i));
}

/* Turns at random frames of random chunks: at each frame the level is that of
 * the ramp which was the last one then. */
static void
turns_hold_from_their_frame_on(void **state)
{
	struct glide g;
	struct ramp now;
	uint64_t frame = 1;

	(void)state;
	random_state = 7;
	glide_init(&g, 1.0f);
	now = g.ramp;
	for (uint32_t c = 0; c < 3000; c++) {
		uint32_t n = 1 + draw(N), turns = draw(6), at = 0;
		float want[N], got[N];

		for (uint32_t t = 0; t <= turns; t++) {
			uint32_t next = t < turns ? at + draw(n - at) : n;

			for (; at < next; at++)
				want[at] = ramp_at(&now, frame + at);
			if (t == turns)
				break;
			ramp_start(&now, frame + at, (float)draw(4) / 2.0f,
				1 + draw(300), (enum ramp_law)draw(RAMP_LAWS));
			glide_turn(&g, &passage.log, at, &now);
		}
		chunk(&g, frame, n, got);
		assert_memory_equal(got, want, n * sizeof(float));
		frame += n;
	}
}

static void
runs_of_frames_are_what_was_added(void **state)
{
	(void)state;
	random_state = 9;
	for (uint32_t i = 0; i < 2000; i++) {
		struct frames f = {0};
		bool want[N] = {false}, in;
		uint32_t count = 0;

		for (uint32_t k = draw(5); k > 0; k--) {
			uint32_t at = draw(N), n = 1 + draw(N - at);

			for (uint32_t j = at; j < at + n; j++)
				if (want[j])
					n = j - at;
			frames_add(&f, at, n);
			memset(want + at, true, n);
			count += n;
		}
		assert_int_equal(f.count, count);
		for (uint32_t at = 0, next; at < N; at = next) {
			next = frames_alike(&f, at, N, &in);
			assert_true(next > at && next <= N);
			for (uint32_t k = at; k < next; k++)
				assert_int_equal(want[k], in);
			assert_true(next == N || want[next] != in);
		}
	}
}

/* ---- the fader, in chunks of one frame ---- */

static struct fader fader;
static uint64_t now;

static struct glide_time
time_now(void)
{
	return (struct glide_time){&passage.log, now, 0, USUAL};
}

static float
heard(void)
{
	struct glide_time t = time_now();
	float out;

	fader_settle(&fader, &t);
	chunk(&fader.level, now, 1, &out);
	now++;
	return out;
}

static void
move(float to, uint32_t frames, enum ramp_law law)
{
	struct glide_time t = time_now();

	fader_move(&fader, &t, to, frames, law);
}

static void
mute(bool on)
{
	struct glide_time t = time_now();

	fader_mute(&fader, &t, on);
}

static int
fader_setup(void **state)
{
	(void)state;
	fader_init(&fader);
	now = 1000;
	return 0;
}

static void
a_long_move_is_heard_as_its_law(void **state)
{
	struct ramp want;

	(void)state;
	ramp_jump(&want, 1.0f);
	ramp_start(&want, now, 0.1f, 48000, RAMP_DB);
	move(0.1f, 48000, RAMP_DB);
	for (uint32_t i = 0; i < 48100; i++)
		assert_true(heard() == ramp_at(&want, 1000 + i));
}

/* It goes on unheard, and is met where it is by then. */
static void
a_mute_in_a_long_move_is_10_ms_each_way(void **state)
{
	struct ramp want;

	(void)state;
	ramp_jump(&want, 1.0f);
	ramp_start(&want, now, 0.0f, 48000, RAMP_COSINE);
	move(0.0f, 48000, RAMP_COSINE);
	while (now < 5000)
		assert_true(heard() == ramp_at(&want, now - 1));
	mute(true);
	mute(true);
	while (now < 5000 + USUAL - 1)
		assert_true(heard() > 0.0f);
	while (now < 20000)
		assert_true(heard() == 0.0f);
	mute(false);
	while (now < 20000 + USUAL - 1)
		heard();
	mute(false);
	while (now < 60000)
		assert_true(heard() == ramp_at(&want, now - 1));
}

static void
a_long_move_that_begins_in_an_unmute_is_met_too(void **state)
{
	struct ramp want;

	(void)state;
	mute(true);
	while (now < 2000)
		heard();
	mute(false);
	while (now < 2100)
		heard();
	ramp_jump(&want, 1.0f);
	ramp_start(&want, now, 0.5f, 48000, RAMP_LINEAR);
	move(0.5f, 48000, RAMP_LINEAR);
	while (now < 2100 + USUAL - 1)
		heard();
	while (now < 60000)
		assert_true(heard() == ramp_at(&want, now - 1));
}

/* Closed in one chunk and opened again where its fader, though on a way, stays
 * where it is: nothing then has to be met at the end of a ramp, least of all of
 * one that has passed. */
static void
a_level_that_is_met_already_turns_at_once(void **state)
{
	const struct glide *g = &fader.level;
	struct glide_time t = {&passage.log, now, 0, 20};
	float out[N];

	(void)state;
	fader_mute(&fader, &t, true);
	fader_move(&fader, &t, 0.0f, 1, RAMP_LINEAR);
	t.at = 1;
	fader_move(&fader, &t, 0.5f, 1000, RAMP_LINEAR);
	fader_move(&fader, &t, 0.0f, 2000, RAMP_LINEAR);
	t.at = 40;
	fader_mute(&fader, &t, false);
	t.at = N - 1;
	fader_settle(&fader, &t);
	for (int i = g->first; i >= 0 && passage.log.change[i].next >= 0;
		i = passage.log.change[i].next)
		assert_true(passage.log.change[i].at <
			    passage.log.change[passage.log.change[i].next].at);
	assert_memory_equal(&g->ramp, &fader.gain, sizeof(g->ramp));
	chunk(&fader.level, now, N, out);
	for (uint32_t i = 0; i < N; i++)
		assert_true((out[i] == 0.0f) == (i >= 19));
}

/* No step is larger than a ramp from silence to the loudest makes. */
static void
nothing_that_is_done_to_it_clicks(void **state)
{
	float last = 1.0f;

	(void)state;
	random_state = 3;
	for (uint32_t i = 0; i < 200000; i++) {
		float x;

		if (draw(100) == 0)
			move((float)draw(3) / 2.0f,
				USUAL + draw(2) * draw(20000),
				(enum ramp_law)(draw(2) * RAMP_COSINE));
		if (draw(200) == 0)
			mute(draw(2));
		x = heard();
		assert_true(x >= 0.0f && x <= 1.0f);
		assert_true(x - last < 2.0f / USUAL && last - x < 2.0f / USUAL);
		last = x;
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup(f, fader_setup)
		T(what_does_not_turn_is_one_span),
		T(a_ramp_that_ends_in_a_chunk_rests_in_it),
		T(turns_hold_from_their_frame_on),
		T(runs_of_frames_are_what_was_added),
		T(a_long_move_is_heard_as_its_law),
		T(a_mute_in_a_long_move_is_10_ms_each_way),
		T(a_long_move_that_begins_in_an_unmute_is_met_too),
		T(a_level_that_is_met_already_turns_at_once),
		T(nothing_that_is_done_to_it_clicks),
	};

	return cmocka_run_group_tests_name("glide", tests, NULL, NULL);
}
