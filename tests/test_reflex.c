/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A MIDI message is heard in its own block, at its frame, as if control had
 * posted it in time. */
#include "tests/mixer_rig.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>

#include "core/reflex.h"

#define FRAMES 4096u
#define BLOCK  256u

struct bench {
	struct rig *rig;
	struct reflex *x;
	struct reflex_done done[REFLEX_TARGETS_MAX];
};

static int
bench_up(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	b->rig = rig_new(2, 1, FRAMES);
	rig_route(b->rig, 0, 1);
	assert_int_equal(reflex_new(&b->x), 0);
	*state = b;
	return 0;
}

static int
bench_down(void **state)
{
	struct bench *b = *state;

	reflex_free(b->x);
	rig_free(b->rig);
	free(b);
	return 0;
}

/* The way is the level. */
static uint16_t
straight(struct reflex_table *t, uint16_t last)
{
	struct curve c;
	int number;

	memset(&c, 0, sizeof(c));
	c.last = c.full = last;
	c.high = c.max = 1.0;
	number = reflex_curve(t, &c);
	assert_true(number >= 0);
	return (uint16_t)number;
}

static uint16_t
two_ends(struct reflex_table *t, uint16_t from, float on, float off)
{
	struct curve c;
	int number;

	memset(&c, 0, sizeof(c));
	c.shape = CURVE_SWITCH;
	c.full = from;
	c.high = (double)on;
	c.low = (double)off;
	number = reflex_curve(t, &c);
	assert_true(number >= 0);
	return (uint16_t)number;
}

static void
fader(struct bench *b, uint32_t cc)
{
	const struct reflex_entry e = {.kind = REFLEX_MOVE};
	struct reflex_move move = {.id = 5, .parameter = MIX_GAIN};
	struct reflex_table *t = reflex_begin(b->x);

	move.curve = straight(t, 127);
	t->at[REFLEX_CC][0][cc] = (uint16_t)reflex_add(t, &e, &move, 1);
	reflex_publish(b->x);
}

static void
button(struct bench *b, const struct reflex_entry *e, float on, float off)
{
	struct reflex_move move = {.id = 6, .parameter = MIX_MUTE};
	struct reflex_table *t = reflex_begin(b->x);

	move.curve = two_ends(t, 1, on, off);
	t->at[REFLEX_NOTE][9][60] = (uint16_t)reflex_add(t, e, &move, 1);
	reflex_publish(b->x);
}

static uint32_t
send(struct bench *b, uint64_t frame, uint8_t a, uint8_t c, uint8_t v)
{
	const uint8_t bytes[] = {a, c, v};

	return reflex_run(b->x, b->rig->m, bytes, 3, frame, b->done);
}

static float *
expected(uint64_t frame, enum mix kind, float value)
{
	struct rig *r = rig_new(2, 1, FRAMES);
	float *out = rig_buffer(FRAMES);

	rig_route(r, 0, 1);
	rig_say(r, frame, kind, 0, value);
	rig_run_all(r, BLOCK);
	memcpy(out, r->out[0][0], FRAMES * sizeof(float));
	rig_free(r);
	return out;
}

static void
a_fader_is_heard_at_its_frame(void **state)
{
	static const uint64_t frames[] = {
		BLOCK, 3 * BLOCK + 77, 5 * BLOCK - 1, FRAMES - BLOCK};
	struct bench *b = *state;

	fader(b, 7);
	reflex_look(b->x);
	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
		float *want = expected(frames[i], MIX_GAIN, 64 / 127.0f);

		rig_restart(b->rig);
		rig_route(b->rig, 0, 1);
		while (b->rig->at < FRAMES) {
			uint64_t at = b->rig->at;

			if (frames[i] >= at && frames[i] < at + BLOCK)
				assert_int_equal(
					send(b, frames[i], 0xb0, 7, 64), 1);
			rig_run(b->rig, BLOCK);
		}
		assert_samples_equal(b->rig->out[0][0], want, FRAMES);
		free(want);
	}
	assert_int_equal(b->done[0].id, 5);
	assert_int_equal(b->done[0].message.parameter, MIX_GAIN);
	assert_true(b->done[0].message.target == 64 / 127.0f);
}

/* What was posted for the same frame came first, and the last one stays. */
static void
it_comes_after_what_was_posted(void **state)
{
	struct bench *b = *state;
	float *want;

	fader(b, 7);
	reflex_look(b->x);
	rig_run(b->rig, BLOCK);
	rig_say(b->rig, BLOCK, MIX_GAIN, 0, 0.25f);
	rig_say(b->rig, BLOCK + 100, MIX_GAIN, 0, 0.75f);
	send(b, BLOCK + 100, 0xb0, 7, 127);
	rig_run_all(b->rig, BLOCK);
	want = rig_buffer(FRAMES);
	for (uint32_t i = 2 * BLOCK + 1000; i < FRAMES; i++)
		want[i] = b->rig->in[0][0][i];
	assert_samples_equal(b->rig->out[0][0] + 2 * BLOCK + 1000,
		want + 2 * BLOCK + 1000, FRAMES - 2 * BLOCK - 1000);
	free(want);
}

static void
other_messages_have_no_reflex(void **state)
{
	static const uint8_t none[][4] = {{0xb1, 7, 64}, {0xb0, 8, 64},
		{0x90, 7, 64}, {0xb0, 0x87, 64}, {0xb0, 7, 0x80}, {0xf8, 0, 0},
		{0xf0, 7, 64}, {0x37, 7, 64}};
	struct bench *b = *state;

	fader(b, 7);
	reflex_look(b->x);
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_int_equal(
			send(b, 0, none[i][0], none[i][1], none[i][2]), 0);
	for (uint32_t n = 0; n < 5; n++)
		assert_int_equal(
			reflex_run(b->x, b->rig->m,
				(const uint8_t[]){0xb0, 7, 64, 0xb0, 7}, n, 0,
				b->done),
			n == 3);
}

static void
a_button_has_two_ends(void **state)
{
	const struct reflex_entry e = {.kind = REFLEX_MOVE};
	struct bench *b = *state;

	button(b, &e, 1.0f, 0.0f);
	reflex_look(b->x);
	assert_int_equal(send(b, 0, 0x99, 60, 1), 1);
	assert_true(b->done[0].message.target == 1.0f);
	assert_int_equal(send(b, 0, 0x99, 60, 0), 1);
	assert_true(b->done[0].message.target == 0.0f);
	assert_int_equal(send(b, 0, 0x89, 60, 99), 1);
	assert_true(b->done[0].message.target == 0.0f);
	button(b, &e, 1.0f, NAN);
	reflex_look(b->x);
	assert_int_equal(send(b, 0, 0x99, 60, 1), 1);
	assert_int_equal(send(b, 0, 0x99, 60, 0), 0);
	assert_int_equal(send(b, 0, 0x99, 60, 1), 1);
}

/* The next press would do something else: that is control's. */
static void
once_is_once_per_table(void **state)
{
	const struct reflex_entry e = {
		.kind = REFLEX_MOVE, .once_from = 1, .once = true};
	struct bench *b = *state;

	button(b, &e, 1.0f, NAN);
	reflex_look(b->x);
	assert_int_equal(send(b, 0, 0x99, 60, 100), 1);
	assert_int_equal(send(b, 0, 0x99, 60, 0), 0);
	assert_int_equal(send(b, 0, 0x99, 60, 100), 0);
	reflex_look(b->x);
	assert_int_equal(send(b, 0, 0x99, 60, 100), 0);
	button(b, &e, 0.0f, NAN);
	assert_int_equal(send(b, 0, 0x99, 60, 100), 0);
	reflex_look(b->x);
	assert_int_equal(send(b, 0, 0x99, 60, 100), 1);
	assert_true(b->done[0].message.target == 0.0f);
}

static void
what_is_about_to_change_does_nothing(void **state)
{
	const struct reflex_entry halt = {.kind = REFLEX_HALT};
	struct bench *b = *state;
	struct reflex_table *t;

	fader(b, 7);
	reflex_look(b->x);
	t = reflex_begin(b->x);
	t->at[REFLEX_CC][0][9] = (uint16_t)reflex_add(t, &halt, NULL, 0);
	t->at[REFLEX_CC][0][7] = t->at[REFLEX_CC][0][9];
	reflex_publish(b->x);
	assert_int_equal(send(b, 0, 0xb0, 7, 64), 1);
	reflex_look(b->x);
	assert_int_equal(send(b, 0, 0xb0, 9, 64), 0);
	fader(b, 7);
	assert_int_equal(send(b, 0, 0xb0, 7, 64), 0);
	reflex_look(b->x);
	assert_int_equal(send(b, 0, 0xb0, 7, 64), 1);
}

static void
a_route_is_a_set(void **state)
{
	const struct reflex_entry e = {.kind = REFLEX_MOVE};
	struct reflex_move move = {.parameter = MIX_ROUTE, .place = 1};
	const uint8_t bytes[] = {0xc4, 17};
	struct bench *b = *state;
	struct reflex_table *t = reflex_begin(b->x);

	move.curve = two_ends(t, 0, 3, NAN);
	t->at[REFLEX_PROGRAM][4][17] = (uint16_t)reflex_add(t, &e, &move, 1);
	reflex_publish(b->x);
	reflex_look(b->x);
	assert_int_equal(reflex_run(b->x, b->rig->m, bytes, 2, 0, b->done), 1);
	assert_int_equal(b->done[0].message.target, 3);
	assert_int_equal(b->done[0].message.place, 1);
}

static void
a_bend_has_fourteen_bits(void **state)
{
	const struct reflex_entry e = {.kind = REFLEX_MOVE};
	struct reflex_move move = {.parameter = MIX_GAIN};
	struct bench *b = *state;
	struct reflex_table *t = reflex_begin(b->x);

	move.curve = straight(t, 16383);
	t->at[REFLEX_BEND][2][0] = (uint16_t)reflex_add(t, &e, &move, 1);
	reflex_publish(b->x);
	reflex_look(b->x);
	assert_int_equal(send(b, 0, 0xe2, 0x55, 0x2a), 1);
	assert_true(b->done[0].message.target == (0x2a << 7 | 0x55) / 16383.0f);
}

static void
a_table_that_is_full_says_so(void **state)
{
	const struct reflex_entry e = {.kind = REFLEX_MOVE};
	struct reflex_move moves[REFLEX_TARGETS_MAX] = {{.curve = 0}};
	struct bench *b = *state;
	struct reflex_table *t = reflex_begin(b->x);
	int ret = 1;

	for (int i = 0; i < REFLEX_MOVES_MAX / REFLEX_TARGETS_MAX; i++)
		assert_true(reflex_add(t, &e, moves, REFLEX_TARGETS_MAX) > 0);
	assert_int_equal(reflex_add(t, &e, moves, 1), -ENOSPC);
	t = reflex_begin(b->x);
	for (int i = 0; i < REFLEX_ENTRIES_MAX; i++)
		ret = reflex_add(t, &e, moves, 1);
	assert_int_equal(ret, REFLEX_ENTRIES_MAX);
	assert_int_equal(reflex_add(t, &e, moves, 1), -ENOSPC);
	for (uint16_t i = 0; i < REFLEX_CURVES_MAX; i++)
		assert_int_equal(two_ends(t, i, 1, 0), i);
	assert_int_equal(two_ends(t, 7, 1, 0), 7);
	assert_int_equal(reflex_curve(t, &(struct curve){.last = 5}), -ENOSPC);
}

/* More in one block than there is room for: said, and nothing is torn. */
static void
a_flood_in_one_block_ends(void **state)
{
	struct bench *b = *state;
	uint32_t done = 0;

	fader(b, 7);
	reflex_look(b->x);
	rig_run(b->rig, BLOCK);
	for (uint32_t i = 0; i < 2 * PLAYS_MAX; i++)
		done += send(b, BLOCK + i / 16, 0xb0, 7, i % 128);
	assert_int_equal(done, PLAYS_MAX);
	rig_run(b->rig, BLOCK);
	assert_int_equal(send(b, 2 * BLOCK, 0xb0, 7, 127), 1);
	rig_run_all(b->rig, BLOCK);
	assert_samples_equal(b->rig->out[0][0] + 3 * BLOCK + 480,
		b->rig->in[0][0] + 3 * BLOCK + 480, 1000);
}

/* ---- two threads ---- */

#define MOVES 8 /* of each table */

struct writer {
	struct reflex *x;
	_Atomic bool stop;
};

/* Every value of a table is its number. */
static void *
write_tables(void *data)
{
	const struct reflex_entry e = {.kind = REFLEX_MOVE};
	struct writer *w = data;

	for (uint32_t i = 1; !atomic_load(&w->stop); i++) {
		struct reflex_table *t = reflex_begin(w->x);
		struct reflex_move moves[MOVES];

		for (int k = 0; k < MOVES; k++)
			moves[k] = (struct reflex_move){.id = i,
				.parameter = MIX_TRIM,
				.curve = two_ends(t, 1, (float)(i % 16),
					(float)(i % 16))};
		t->at[REFLEX_CC][0][7] =
			(uint16_t)reflex_add(t, &e, moves, MOVES);
		reflex_publish(w->x);
	}
	return NULL;
}

static void
a_table_is_seen_whole_or_not_at_all(void **state)
{
	struct bench *b = *state;
	struct writer w = {.x = b->x};
	uint32_t seen = 0, last = 0;
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, write_tables, &w), 0);
	for (uint32_t i = 0; i < 50000 || seen < 20; i++) {
		uint32_t n;

		if (i % (PLAYS_MAX / MOVES) == 0)
			rig_restart(b->rig); /* which has room again */
		reflex_look(b->x);
		n = send(b, 0, 0xb0, 7, 1);
		if (n == 0)
			continue;
		assert_int_equal(n, MOVES);
		for (uint32_t k = 0; k < n; k++) {
			assert_int_equal(b->done[k].id, b->done[0].id);
			assert_true(b->done[k].message.target ==
				    (float)(b->done[0].id % 16));
		}
		assert_true(b->done[0].id >= last);
		seen += b->done[0].id != last;
		last = b->done[0].id;
	}
	atomic_store(&w.stop, true);
	pthread_join(thread, NULL);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, bench_up, bench_down)
	const struct CMUnitTest tests[] = {
		T(a_fader_is_heard_at_its_frame),
		T(it_comes_after_what_was_posted),
		T(other_messages_have_no_reflex),
		T(a_button_has_two_ends),
		T(once_is_once_per_table),
		T(what_is_about_to_change_does_nothing),
		T(a_route_is_a_set),
		T(a_bend_has_fourteen_bits),
		T(a_table_that_is_full_says_so),
		T(a_flood_in_one_block_ends),
		T(a_table_is_seen_whole_or_not_at_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
