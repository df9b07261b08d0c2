/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scene that waits for its beat lands on the sample of it. */
#include "tests/tempo_rig.h"

#include <unistd.h>

#include "control/scene/scenes.h"

#define FIRST (10 * BLOCK)

struct stage {
	struct beat b;
	struct scenes *scenes;
	struct scenes_config config;
	char folder[64];
	char why[SCENE_WHY_MAX];
};

static void
stage_open(struct stage *s, struct rig *r)
{
	char path[256], command[300];
	FILE *f;

	strcpy(s->folder, "/tmp/tapdeck-beat.XXXXXX");
	assert_non_null(mkdtemp(s->folder));
	setenv("XDG_STATE_HOME", s->folder, 1);
	snprintf(command, sizeof(command), "mkdir -p %s/tapdeck/scenes",
		s->folder);
	assert_int_equal(system(command), 0);
	snprintf(path, sizeof(path), "%s/tapdeck/scenes/x.yaml", s->folder);
	f = fopen(path, "we");
	assert_non_null(f);
	fputs("strips: {\"1\": {gain: -6}, \"2\": {trim: -3}}\n", f);
	fclose(f);
	beat_begin(&s->b, r);
	assert_int_equal(
		scenes_open(&s->scenes, &s->config, r->model, NULL, NULL, NULL),
		0);
	scenes_set_tempo(s->scenes, s->b.t);
}

static void
stage_close(struct stage *s)
{
	char command[128];

	scenes_close(s->scenes);
	beat_end(&s->b);
	snprintf(command, sizeof(command), "rm -rf %s", s->folder);
	assert_int_equal(system(command), 0);
}

static void
request(struct stage *s, const char *name, bool pending)
{
	struct scenes_told told;

	assert_int_equal(
		scenes_request(s->scenes, "x", (double)NAN, &told, s->why), 0);
	assert_int_equal(told.pending, pending);
	assert_string_equal(told.name, name);
}

static void
a_scene_waits_for_its_bar(void **state)
{
	struct rig *r = *state;
	struct stage s = {.config = {.fade_s = 0.0}};

	stage_open(&s, r);
	quantise(&s.b, "bar");
	request(&s, "x", false); /* nothing runs: at once */
	assert_true(get(r, "/strip/1/gain") == -6.0);
	set(r, "/strip/1/gain", 0);
	beat_start(&s.b, FIRST);
	beat_run(&s.b, FIRST + BEAT);
	request(&s, "x", true);
	request(&s, "", true); /* again: not at all */
	beat_run(&s.b, FIRST + BAR + BEAT);
	assert_true(get(r, "/strip/1/gain") == 0.0);
	s.b.changed = 0;
	s.b.level = r->out[0][0][BLOCK - 1];
	request(&s, "x", true);
	assert_true(get(r, "/strip/1/gain") == 0.0);
	beat_run(&s.b, FIRST + 2 * BAR + 2 * RAMP);
	assert_true(get(r, "/strip/1/gain") == -6.0);
	assert_int_equal(s.b.changed, FIRST + 2 * BAR);
	stage_close(&s);
}

static void
press(struct rig *r, enum param_when when)
{
	struct param_change c = {.id = find(r, "/scene")};
	struct param_value v = {.type = PARAM_TEXT, .s = "x"};
	char why[PARAM_WHY_MAX];

	assert_int_equal(param_check(r->p, c.id, &v, &c.value, why), 0);
	param_request(r->p, &c, 1, 0, 7, when);
}

/* A button's own quantise goes before /quantise. */
static void
a_button_goes_by_its_own_quantise(void **state)
{
	struct rig *r = *state;
	struct stage s = {.config = {.fade_s = 0.0}};

	stage_open(&s, r);
	quantise(&s.b, "bar");
	beat_start(&s.b, FIRST);
	beat_run(&s.b, FIRST + BEAT);
	press(r, PARAM_AT_ONCE);
	assert_true(get(r, "/strip/1/gain") == -6.0);
	set(r, "/strip/1/gain", 0);
	press(r, PARAM_AS_SET);
	assert_int_equal(param_pendings(r->p), 1);
	beat_run(&s.b, FIRST + BAR + 2 * RAMP);
	assert_true(get(r, "/strip/1/gain") == -6.0);
	stage_close(&s);
}

/* Whoever asked: it is one scene that waits. */
static void
a_button_and_a_request_take_each_other_back(void **state)
{
	struct rig *r = *state;
	struct stage s = {.config = {.fade_s = 0.0}};

	stage_open(&s, r);
	quantise(&s.b, "bar");
	beat_start(&s.b, FIRST);
	beat_run(&s.b, FIRST + BEAT);
	press(r, PARAM_ON_4BARS);
	request(&s, "", true); /* again: not at all */
	assert_int_equal(param_pendings(r->p), 0);
	request(&s, "x", true);
	press(r, PARAM_AT_ONCE);
	assert_int_equal(param_pendings(r->p), 0);
	assert_true(get(r, "/strip/1/gain") == -6.0);
	set(r, "/strip/1/gain", 0);
	press(r, PARAM_ON_4BARS);
	quantise(&s.b, "off");
	request(&s, "x", false); /* now, and not once more then */
	assert_int_equal(param_pendings(r->p), 0);
	assert_true(get(r, "/strip/1/gain") == -6.0);
	stage_close(&s);
}

/* Shortly before the beat the scene is on its way to the mixer, and what it
 * sets is as if it were set: a hand on that is newer all the same. */
static void
a_hand_wins_over_a_scene_that_is_posted(void **state)
{
	static const double seconds[] = {0.0, 1.0};
	struct rig *r = *state;
	struct stage s = {.config = {.fade_s = 0.0}};

	stage_open(&s, r);
	quantise(&s.b, "bar");
	beat_start(&s.b, FIRST);
	for (int i = 0; i < 2; i++) {
		struct scenes_told told;
		uint64_t bar = FIRST + (uint64_t)(1 + 2 * i) * BAR;

		beat_run(&s.b, bar - BEAT);
		assert_int_equal(
			scenes_request(s.scenes, "x", seconds[i], &told, s.why),
			0);
		beat_run(&s.b, bar - BLOCK);
		set(r, "/strip/1/gain", 0);
		s.b.changed = 0;
		s.b.level = r->out[0][0][BLOCK - 1];
		beat_run(&s.b, bar + BAR);
		assert_int_equal(s.b.changed, 0);
		assert_true(get(r, "/strip/1/gain") == 0.0);
		/* and nothing else of it is lost */
		assert_true(get(r, "/strip/2/trim") == -3.0);
		set(r, "/strip/2/trim", 0);
	}
	stage_close(&s);
}

static void
panic_ends_what_waits(void **state)
{
	struct rig *r = *state;
	struct stage s = {.config = {.fade_s = 0.0}};

	stage_open(&s, r);
	quantise(&s.b, "bar");
	beat_start(&s.b, FIRST);
	beat_run(&s.b, FIRST + BEAT);
	request(&s, "x", true);
	param_cancel(r->p, "panic");
	assert_int_equal(param_pendings(r->p), 0);
	beat_run(&s.b, FIRST + BAR + BEAT);
	assert_true(get(r, "/strip/1/gain") == 0.0);
	request(&s, "x", true); /* not "again" */
	/* with the mixer already, and another level then */
	beat_run(&s.b, FIRST + 2 * BAR - BLOCK);
	set(r, "/strip/1/gain", 0);
	param_cancel(r->p, "panic");
	s.b.changed = 0;
	s.b.level = r->out[0][0][BLOCK - 1];
	beat_run(&s.b, FIRST + 2 * BAR + BEAT);
	assert_int_equal(s.b.changed, 0);
	assert_true(get(r, "/strip/1/gain") == 0.0);
	stage_close(&s);
}

/* It landed, and nobody has looked since: it does not wait any more. */
static void
a_scene_that_has_landed_is_not_taken_back(void **state)
{
	struct rig *r = *state;
	struct stage s = {.config = {.fade_s = 0.0}};

	stage_open(&s, r);
	quantise(&s.b, "bar");
	beat_start(&s.b, FIRST);
	beat_run(&s.b, FIRST + BEAT);
	press(r, PARAM_AS_SET);
	beat_run(&s.b, FIRST + BAR - 2 * BLOCK);
	for (int i = 0; i < 4; i++)
		run_block(r);
	model_run(r->model, frame_ns(r, r->frame));
	assert_true(get(r, "/strip/1/gain") == -6.0);
	request(&s, "x", true); /* the next bar's */
	assert_int_equal(param_pendings(r->p), 1);
	set(r, "/strip/1/gain", 0);
	beat_run(&s.b, FIRST + BAR + 2 * BEAT);
	assert_true(get(r, "/strip/1/gain") == 0.0);
	beat_run(&s.b, FIRST + 2 * BAR + 2 * RAMP);
	assert_true(get(r, "/strip/1/gain") == -6.0);
	stage_close(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_scene_waits_for_its_bar, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_button_goes_by_its_own_quantise, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_scene_that_has_landed_is_not_taken_back, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			a_button_and_a_request_take_each_other_back, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			a_hand_wins_over_a_scene_that_is_posted, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			panic_ends_what_waits, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("scenes_beat", tests, NULL, NULL);
}
