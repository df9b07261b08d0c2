/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What waits for a beat and does not land. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/tempo_rig.h"

#define FIRST	 5000u /* frame of the clock's position 0 */
#define EARLY_NS 3000u

static void
a_second_press_takes_it_back(void **state)
{
	struct rig *r = *state;
	struct beat b;

	beat_begin(&b, r);
	beat_start(&b, FIRST);
	quantise(&b, "bar");
	beat_run(&b, FIRST + BEAT);
	ask(&b, "/strip/1/mute", 1, PARAM_AS_SET);
	ask(&b, "/strip/1/mute", 1, PARAM_AS_SET);
	assert_int_equal(param_pendings(r->p), 0);
	assert_true(get(r, "/strip/1/pending") == 0.0);
	/* and so does what is anyway */
	ask(&b, "/strip/1/mute", 1, PARAM_AS_SET);
	ask(&b, "/strip/1/mute", 0, PARAM_AS_SET);
	assert_int_equal(param_pendings(r->p), 0);
	/* a third value replaces the second */
	ask(&b, "/strip/2/side", 1, PARAM_AS_SET);
	ask(&b, "/strip/2/side", 2, PARAM_AS_SET);
	assert_int_equal(param_pendings(r->p), 1);
	/* what is set at once is not undone later */
	ask(&b, "/strip/3/mute", 1, PARAM_AS_SET);
	ask(&b, "/strip/3/mute", 0, PARAM_AT_ONCE);
	beat_run(&b, FIRST + BAR + RAMP + BLOCK);
	assert_int_equal(b.changed, 0);
	assert_true(get(r, "/strip/1/mute") == 0.0);
	assert_true(get(r, "/strip/2/side") == 2.0);
	assert_true(get(r, "/strip/3/mute") == 0.0);
	beat_end(&b);
}

static void
without_a_clock_it_is_at_once(void **state)
{
	struct rig *r = *state;
	struct beat b;

	beat_begin(&b, r);
	quantise(&b, "bar");
	ask(&b, "/strip/1/mute", 1, PARAM_AS_SET);
	assert_true(get(r, "/strip/1/mute") == 1.0);
	/* nor while it stands */
	beat_start(&b, FIRST);
	beat_run(&b, FIRST + BEAT);
	hear(&b, MIDI_STOP, 0, (double)r->frame);
	assert_string_equal(b.said, "");
	ask(&b, "/strip/1/mute", 0, PARAM_AS_SET);
	assert_true(get(r, "/strip/1/mute") == 0.0);
	beat_end(&b);
}

static void
a_stop_cancels_it_and_says_so(void **state)
{
	struct rig *r = *state;
	struct beat b;

	beat_begin(&b, r);
	beat_start(&b, FIRST);
	quantise(&b, "bar");
	beat_run(&b, FIRST + BEAT);
	assert_true(get(r, "/tempo/running") == 1.0);
	ask(&b, "/strip/1/mute", 1, PARAM_AS_SET);
	hear(&b, MIDI_STOP, 0, (double)r->frame);
	assert_string_equal(b.said,
		"the MIDI clock has stopped; what waited for the beat is not "
		"done: /strip/1/mute");
	assert_true(get(r, "/strip/1/pending") == 0.0);
	assert_true(get(r, "/tempo/running") == 0.0);
	beat_run(&b, FIRST + BAR + RAMP);
	assert_int_equal(b.changed, 0);
	/* and when it just falls silent */
	beat_start(&b, FIRST + 2 * BAR);
	beat_run(&b, FIRST + 2 * BAR + BEAT);
	ask(&b, "/strip/1/mute", 1, PARAM_AS_SET);
	b.tick = 0.0;
	beat_run(&b, FIRST + 2 * BAR + 2 * BEAT);
	assert_string_equal(b.said,
		"the MIDI clock is lost; what waited for the beat is not done: "
		"/strip/1/mute");
	assert_true(get(r, "/strip/1/mute") == 0.0);
	beat_end(&b);
}

struct silence {
	struct rig *r;
	int fired;
};

static void
on_fire(void *data, uint64_t frame)
{
	struct silence *s = data;

	(void)frame;
	s->fired++;
	set_word(s->r, "/tempo/source", "off");
}

static void
a_scene_that_ends_the_tempo_ends_what_waits(void **state)
{
	struct rig *r = *state;
	struct silence s = {.r = r};
	struct beat b;

	beat_begin(&b, r);
	beat_start(&b, FIRST);
	beat_run(&b, FIRST + BEAT);
	assert_true(tempo_wait(b.t, PARAM_ON_BAR, on_fire, NULL, &s));
	ask(&b, "/strip/1/mute", 1, PARAM_ON_BAR);
	assert_int_equal(param_pendings(r->p), 2);
	beat_run(&b, FIRST + BAR - 3 * TICK);
	while (r->frame < FIRST + BAR + 2 * BLOCK)
		run_block(r); /* the timer is late */
	tempo_run(b.t, frame_ns(r, r->frame));
	assert_int_equal(s.fired, 1);
	assert_int_equal(param_pendings(r->p), 0);
	assert_string_equal(b.said,
		"/tempo/source: no beat any more; what waited for the beat is "
		"not done: /strip/1/mute");
	b.tick = 0.0;
	beat_run(&b, FIRST + 2 * BAR);
	assert_int_equal(b.changed, 0);
	assert_true(get(r, "/strip/1/mute") == 0.0);
	assert_true(get(r, "/strip/1/pending") == 0.0);
	beat_end(&b);
}

/* Also what is on its way to the mixer. */
static void
what_waits_is_taken_back_at_any_moment(void **state)
{
	static const uint32_t before[] = {BEAT, 4 * BLOCK, BLOCK, 0};
	struct rig *r = *state;
	struct beat b;

	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
		beat_begin(&b, r);
		beat_start(&b, FIRST);
		set(r, "/strip/1/mute", 1);
		beat_run(&b, FIRST + BEAT);
		ask(&b, "/strip/1/mute", 0, PARAM_ON_BAR);
		beat_run(&b, FIRST + BAR - before[i] - BLOCK);
		b.level = r->out[0][0][BLOCK - 1];
		b.changed = 0;
		assert_true(b.level == 0.0f);
		set(r, "/strip/1/mute", 1);
		param_cancel(r->p, "panic");
		assert_int_equal(param_pendings(r->p), 0);
		beat_run(&b, FIRST + BAR + BEAT);
		assert_int_equal(b.changed, 0);
		assert_true(get(r, "/strip/1/mute") == 1.0);
		beat_end(&b);
		mixer_end(r);
		set(r, "/strip/1/mute", 0);
	}
}

/* A press in a word's last moment, when it is on its way to the mixer. */
static void
the_newer_word_holds_on_the_beat(void **state)
{
	static const struct {
		double newer;
		enum param_when when;
	} press[][3] = {
		{{1, PARAM_ON_BAR}}, /* again */
		{{0, PARAM_ON_BAR}}, /* what it is */
		{{0, PARAM_AT_ONCE}},
		{{1, PARAM_AT_ONCE}, {0, PARAM_AT_ONCE}},
		{{1, PARAM_ON_BAR}, {1, PARAM_ON_BAR}, {1, PARAM_ON_BAR}},
	};
	struct rig *r = *state;
	struct beat b;

	for (size_t i = 0; i < sizeof(press) / sizeof(press[0]); i++) {
		r->start_ns += 2 * EARLY_NS;
		beat_begin(&b, r);
		beat_start(&b, FIRST);
		beat_run(&b, FIRST + BEAT);
		ask(&b, "/strip/1/mute", 1, PARAM_ON_BAR);
		beat_run(&b, FIRST + BAR - 2 * BLOCK);
		assert_int_equal(param_pendings(r->p), 1);
		r->start_ns -= EARLY_NS; /* no clock is exact */
		run_block(r);
		for (int k = 0; k < 3 && press[i][k].when; k++)
			ask(&b, "/strip/1/mute", press[i][k].newer,
				press[i][k].when);
		assert_int_equal(param_pendings(r->p), 0);
		beat_run(&b, FIRST + BAR + BEAT);
		assert_true(get(r, "/strip/1/mute") == 0.0);
		assert_true(r->out[0][0][BLOCK - 1] == b.level);
		assert_int_equal(param_pendings(r->p), 0);
		beat_end(&b);
		mixer_end(r);
	}
}

/* Asked for anew, it lands on the same beat after all. */
static void
a_word_that_was_taken_back_lands_once_more(void **state)
{
	struct rig *r = *state;
	struct beat b;

	beat_begin(&b, r);
	beat_start(&b, FIRST);
	beat_run(&b, FIRST + BEAT);
	ask(&b, "/strip/1/mute", 1, PARAM_ON_BAR);
	beat_run(&b, FIRST + BAR - 2 * BLOCK);
	ask(&b, "/strip/1/mute", 1, PARAM_ON_BAR);
	assert_int_equal(param_pendings(r->p), 0);
	ask(&b, "/strip/1/mute", 1, PARAM_ON_BAR);
	assert_int_equal(param_pendings(r->p), 1);
	beat_run(&b, FIRST + BAR + BEAT);
	assert_int_equal(b.changed, FIRST + BAR);
	assert_true(get(r, "/strip/1/mute") == 1.0);
	beat_end(&b);
}

/* It landed, and nobody has looked since: a press is for the next bar. */
static void
a_press_behind_the_beat_waits_for_the_next(void **state)
{
	struct param_change toggle = {.value = {.type = PARAM_INT, .i = 1}};
	struct rig *r = *state;
	struct beat b;

	beat_begin(&b, r);
	beat_start(&b, FIRST);
	beat_run(&b, FIRST + BEAT);
	ask(&b, "/strip/1/mute", 1, PARAM_ON_BAR);
	beat_run(&b, FIRST + BAR - 2 * BLOCK);
	for (int i = 0; i < 4; i++)
		run_block(r);
	assert_int_equal(
		param_match_set(r->p, "/strip/1/mute/toggle", &toggle.id, 1),
		1);
	param_request(r->p, &toggle, 1, 0, 7, PARAM_ON_BAR);
	assert_true(get(r, "/strip/1/mute") == 1.0);
	assert_int_equal(param_pendings(r->p), 1);
	beat_run(&b, FIRST + 2 * BAR + BEAT);
	assert_true(get(r, "/strip/1/mute") == 0.0);
	beat_end(&b);
}

int
main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(a_second_press_takes_it_back),
		T(without_a_clock_it_is_at_once),
		T(a_stop_cancels_it_and_says_so),
		T(a_scene_that_ends_the_tempo_ends_what_waits),
		T(what_waits_is_taken_back_at_any_moment),
		T(the_newer_word_holds_on_the_beat),
		T(a_word_that_was_taken_back_lands_once_more),
		T(a_press_behind_the_beat_waits_for_the_next),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
