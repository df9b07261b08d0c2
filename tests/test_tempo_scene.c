/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What waits for a beat and is more than a value: scenes and the like. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/tempo_rig.h"

#define FIRST 5000u /* frame of the clock's position 0 */

struct fired {
	uint64_t frame;
	int fired, gone;
};

static void
on_fire(void *data, uint64_t frame)
{
	struct fired *f = data;

	f->fired++;
	f->frame = frame;
}

static void
on_gone(void *data)
{
	((struct fired *)data)->gone++;
}

static void
more_than_a_value_can_wait(void **state)
{
	struct rig *r = *state;
	struct fired f = {0};
	struct beat b;

	beat_begin(&b, r);
	assert_true(tempo_wait(b.t, PARAM_ON_BAR, on_fire, on_gone, &f));
	assert_int_equal(f.fired, 1); /* no clock */
	beat_start(&b, FIRST);
	beat_run(&b, FIRST + BEAT);
	assert_true(tempo_wait(b.t, PARAM_ON_BAR, on_fire, on_gone, &f));
	assert_int_equal(f.fired, 1);
	assert_false(tempo_wait(b.t, PARAM_ON_BAR, on_fire, on_gone, &f));
	assert_int_equal(f.gone, 1);
	assert_true(tempo_wait(b.t, PARAM_ON_BAR, on_fire, on_gone, &f));
	beat_run(&b, FIRST + BAR);
	assert_int_equal(f.fired, 2);
	assert_int_equal(f.frame, FIRST + BAR);
	beat_run(&b, FIRST + BAR + 2 * BLOCK);
	assert_int_equal(f.gone, 1);
	assert_int_equal(param_pendings(r->p), 0);
	beat_end(&b);
}

struct asked {
	struct model *model;
	int asked;
	uint64_t frame;
	char name[PARAM_TEXT_MAX];
};

static void
on_scene(void *data, enum model_scene_ask what, const char *name)
{
	struct asked *a = data;

	assert_int_equal(what, MODEL_SCENE_RECALL);
	a->asked++;
	a->frame = model_scene_frame(a->model);
	snprintf(a->name, sizeof(a->name), "%s", name);
}

static void
say_scene(struct rig *r, const char *name, enum param_when when)
{
	struct param_change c = word_of(r, "/scene", name);

	param_request(r->p, &c, 1, 0, 7, when);
}

/* Of a button with a quantise of its own; also the one that was recalled last:
 * it is no value. */
static void
a_scene_is_asked_for_with_the_frame_of_its_bar(void **state)
{
	struct rig *r = *state;
	struct asked a = {.model = r->model};
	struct beat b;

	model_set_scenes(r->model, on_scene, &a);
	beat_begin(&b, r);
	beat_start(&b, FIRST);
	beat_run(&b, FIRST + BEAT);
	say_scene(r, "drop", PARAM_ON_BAR);
	assert_int_equal(a.asked, 0);
	beat_run(&b, FIRST + BAR);
	assert_int_equal(a.asked, 1);
	assert_int_equal(a.frame, FIRST + BAR);
	assert_string_equal(a.name, "drop");
	model_scene_is(r->model, "drop");
	beat_run(&b, FIRST + BAR + BEAT);
	say_scene(r, "drop", PARAM_ON_BAR);
	assert_int_equal(a.asked, 1);
	say_scene(r, "drop", PARAM_ON_BAR); /* taken back */
	assert_int_equal(param_pendings(r->p), 0);
	beat_run(&b, FIRST + 2 * BAR + BLOCK);
	assert_int_equal(a.asked, 1);
	say_scene(r, "drop", PARAM_AS_SET);
	assert_int_equal(a.asked, 2);
	assert_int_equal(a.frame, 0);
	beat_end(&b);
}

int
main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(more_than_a_value_can_wait),
		T(a_scene_is_asked_for_with_the_frame_of_its_bar),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
