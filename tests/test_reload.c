/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A configuration that is saved while it is in force. */
#include <poll.h>
#include <unistd.h>

#include "control/config/config_change.h"
#include "control/util/file_new.h"
#include "control/util/file_watch.h"
#include "control/util/loop.h"
#include "tests/model_rig.h"

static struct engine_config now, next;

static void
begin(void)
{
	engine_config_init(&now);
	engine_config_init(&next);
}

static void
assert_change(const char *live, const char *restart)
{
	struct config_change change;

	config_change_read(&change, &now, &next);
	assert_string_equal(change.live, live);
	assert_string_equal(change.restart, restart);
	assert_int_equal(change.any, live[0] != '\0');
}

static void
what_can_change_is_told_apart_from_what_cannot(void **state)
{
	(void)state;
	begin();
	assert_change("", "");
	next.model.rules = 1;
	strcpy(next.model.rule[0].condition[0].pattern, "x");
	assert_change("rules", "");
	strcpy(next.model.strip_name[3], "Decks");
	next.model.unlisted_ignore = true;
	next.model.tap = TAP_COPY;
	next.model.eq_hz[0] = 120.0;
	next.scenes.fade_s = 2.0;
	assert_change("rules, unlisted, names of strips, tap, eq, scenes", "");
	next.model.strips = 8;
	strcpy(next.bus_sink[0], "sink");
	next.osc.port = 1;
	next.rate = RATE_FOLLOW;
	assert_change("rules, unlisted, names of strips, tap, eq, scenes",
		"strips, buses, osc, rate");
	config_change_apply(&now, &next);
	assert_change("", "strips, buses, osc, rate");
	assert_int_equal(now.model.rules, 1);
	assert_int_equal(now.model.strips, 16);
	begin();
	next.model.cue_split = true;
	assert_change("", "buses");
	begin();
	next.model.tempo.quantise = PARAM_ON_BAR;
	assert_change("tempo and quantise", "");
	/* a line more above them */
	begin();
	next.scenes.include_at[0].line = next.scenes.safe_at[1].line = 9;
	assert_change("", "");
	config_change_apply(&now, &next);
	assert_int_equal(now.scenes.include_at[0].line, 9);
	assert_int_equal(now.scenes.safe_at[1].line, 9);
	/* a key that nobody has thought of here */
	begin();
	next.quiet = true;
	assert_change("", "other keys");
}

static void
the_model_goes_by_the_new_rules(void **state)
{
	struct rig *r = *state;
	struct model_config *c = &r->config;
	uint32_t a = comes(r, "a", "A"), b = comes(r, "b", "B");
	struct app app = app_of(a, "a", "A");
	struct param_info info;

	set(r, "/strip/2/gain", NULL, -5);
	c->rules = 1;
	c->rule[0].conditions = 1;
	strcpy(c->rule[0].condition[0].pattern, "a");
	c->rule[0].strip = 3;
	c->unlisted_ignore = true;
	c->tempo.bpm = 140.0;
	strcpy(c->strip_name[2], "Guests");
	assert_int_equal(model_reload(r->model, c), 0);
	assert_text(r, "/strip/3/name", "Guests");
	param_info(r->p, (uint32_t)param_find(r->p, "/tempo"), &info);
	assert_true(info.initial.f == 140.0);
	assert_int_equal(strip_of(r, a), 0); /* the driver is asked first */
	model_app(r->model, &app);
	app = app_of(b, "b", "B");
	model_app(r->model, &app);
	assert_int_equal(strip_of(r, a), 3);
	assert_int_equal(strip_of(r, b), -1);
	assert_gain(r, "/strip/2/gain", -5.0f);
	c->rules = 0;
	c->unlisted_ignore = false;
	c->strip_name[2][0] = '\0';
	assert_int_equal(model_reload(r->model, c), 0);
	assert_text(r, "/strip/3/name", "Guests"); /* until another app comes */
	model_app(r->model, &app);
	assert_true(strip_of(r, b) >= 0);
}

/* The strips are those of the start, whatever the file counts on now. */
static void
a_rule_for_a_strip_that_does_not_run_names_none(void **state)
{
	struct rig *r = *state;
	struct model_config *c = &r->config;
	uint32_t a = comes(r, "a", "A");
	struct app app = app_of(a, "a", "A");
	char why[MODEL_EXPLAIN_MAX];
	int strip;

	c->strips = STRIPS_MAX;
	c->rules = 1;
	c->rule[0].conditions = 1;
	strcpy(c->rule[0].condition[0].pattern, "*");
	c->rule[0].strip = STRIPS_MAX - 1;
	c->rule[0].line = 7;
	assert_int_equal(model_reload(r->model, c), 0);
	model_app(r->model, &app);
	assert_int_equal(strip_of(r, a), 0);
	assert_int_equal(strip_of(r, comes(r, "b", "B")), 1);
	assert_true(model_explain(r->model, a, &strip, why));
	assert_int_equal(strip, 0);
	assert_non_null(strstr(why, "line 7"));
	assert_non_null(strstr(why, "strip 64 of 4 is not there"));
}

/* ---- the file ---- */

struct watching {
	struct loop *loop;
	struct file_watch *watch;
	char folder[64], file[128];
	int saves;
	bool late;
};

static void
on_saved(void *data)
{
	struct watching *w = data;

	w->saves++;
	loop_stop(w->loop, 0);
}

static void
on_late(void *data)
{
	struct watching *w = data;

	w->late = true;
	loop_stop(w->loop, 1);
}

static bool
told(struct watching *w)
{
	int timer = loop_timer(w->loop, 5000000000u, 0, on_late, w);

	loop_run(w->loop);
	loop_timer_remove(w->loop, timer);
	return !w->late;
}

static void
save(struct watching *w, const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	(void)w;
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

/* In a folder that is yet to be made; in place; by a file that takes its
 * place; a link, and what it leads to. */
static void
every_way_of_saving_is_told(void **state)
{
	struct watching w = {.saves = 0};
	char other[160], target[160];

	(void)state;
	strcpy(w.folder, "/tmp/tapdeck-watch.XXXXXX");
	assert_non_null(mkdtemp(w.folder));
	snprintf(w.file, sizeof(w.file), "%s/a/b/t.yaml", w.folder);
	assert_int_equal(loop_new(&w.loop), 0);
	assert_int_equal(
		file_watch_open(&w.watch, w.loop, w.file, on_saved, &w), 0);
	assert_int_equal(file_new(w.file, "1", 1), 0);
	assert_true(told(&w));
	save(&w, w.file, "2");
	assert_true(told(&w));
	snprintf(other, sizeof(other), "%s/a/b/t.yaml~", w.folder);
	save(&w, other, "3");
	assert_int_equal(rename(other, w.file), 0);
	assert_true(told(&w));
	snprintf(target, sizeof(target), "%s/target", w.folder);
	save(&w, target, "4");
	assert_int_equal(symlink(target, other), 0);
	assert_int_equal(rename(other, w.file), 0);
	assert_true(told(&w));
	save(&w, target, "5");
	assert_true(told(&w));
	assert_int_equal(w.saves, 5);
	file_watch_close(w.watch);
	loop_free(w.loop);
	unlink(target);
	unlink(w.file);
	*strrchr(w.file, '/') = '\0';
	rmdir(w.file);
	*strrchr(w.file, '/') = '\0';
	rmdir(w.file);
	assert_int_equal(rmdir(w.folder), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			what_can_change_is_told_apart_from_what_cannot),
		cmocka_unit_test_setup_teardown(
			the_model_goes_by_the_new_rules, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_rule_for_a_strip_that_does_not_run_names_none, set_up,
			tear_down),
		cmocka_unit_test(every_way_of_saving_is_told),
	};

	return cmocka_run_group_tests_name("reload", tests, NULL, NULL);
}
