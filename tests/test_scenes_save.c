/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a scene is not saved over, and who is told what came of it. */
#include "tests/scenes_rig.h"

#include <dirent.h>

/* ---- who is told ---- */

struct asker {
	struct stage *s;
	uint64_t ticket, told; /* 0: not yet */
	int rc;
};

static void
on_ticket(void *data, uint64_t ticket, const char *name, int rc)
{
	struct asker *a = data;

	(void)name;
	a->told = ticket;
	a->rc = rc;
	loop_stop(a->s->loop, 0);
}

/* Who asks knows his ticket before he is told: also what fails at once. */
static void
a_save_that_fails_is_told_after_it_was_asked_for(void **state)
{
	struct stage *s = *state;
	struct asker a = {.s = s};
	char folder[4200];

	scenes_set_saved(s->scenes, on_ticket, &a);
	for (int i = 0; i < 2; i++) {
		if (i == 0) { /* a file where the folder is to be */
			snprintf(folder, sizeof(folder), "%s/file", s->folder);
			fclose(fopen(folder, "we"));
		} else { /* too long a name for it */
			memset(folder, 'x', sizeof(folder) - 1);
			folder[0] = '/';
			folder[sizeof(folder) - 1] = '\0';
		}
		setenv("XDG_STATE_HOME", folder, 1);
		a.told = 0;
		assert_int_equal(scenes_save(s->scenes, "x", NO_FADE, NULL,
					 &a.ticket, s->why),
			0);
		assert_true(a.told == 0);
		loop_run(s->loop);
		assert_true(a.told == a.ticket);
		assert_int_equal(a.rc, i == 0 ? -ENOTDIR : -ENAMETOOLONG);
	}
}

/* ---- what it is not saved over ---- */

static void
assert_refused(struct stage *s, const char *pattern, const char *words)
{
	struct scene_patterns of = {.count = 0};
	char why[SCENE_WHY_MAX];
	uint64_t ticket;

	assert_int_equal(scene_patterns_add(&of, pattern, why), 0);
	assert_true(
		scenes_save(s->scenes, "x", NO_FADE, &of, &ticket, s->why) < 0);
	if (!strstr(s->why, words))
		fail_msg("\"%s\" instead of \"%s\"", s->why, words);
}

/* Others that name something do not hide it. */
static void
each_pattern_is_to_name_something(void **state)
{
	struct stage *s = *state;
	struct scene_patterns of = {.count = 0};
	char text[16384];
	uint64_t ticket;

	assert_int_equal(scene_patterns_add(&of, "/strip/*/gain", s->why), 0);
	assert_int_equal(scene_patterns_add(&of, "/strip/*/trmi", s->why), 0);
	assert_true(
		scenes_save(s->scenes, "x", NO_FADE, &of, &ticket, s->why) < 0);
	assert_string_equal(s->why,
		"scene x: not saved, /strip/*/trmi names nothing that is here");
	file_get(s, "x.yaml", text);
	assert_string_equal(text, "");
}

static void
patterns_that_name_nothing_cost_no_scene(void **state)
{
	struct stage *s = *state;
	char before[16384], after[16384];

	assert_int_equal(save(s, "x"), 0);
	file_get(s, "x.yaml", before);
	assert_refused(s, "/strip/9/gain", "nothing in it");
	assert_refused(s, "/strip/*/gian", "nothing in it");
	assert_refused(s, "/strip/*/level", "nothing in it");
	file_get(s, "x.yaml", after);
	assert_string_equal(after, before);
}

static void
what_is_not_included_is_not_saved_whoever_names_it(void **state)
{
	struct stage *s = *state;
	struct scene_patterns of = {.count = 0};
	char text[16384];
	uint64_t ticket;

	assert_int_equal(
		scene_patterns_add(&s->config.include, "/strip/*/mute", s->why),
		0);
	set(s->rig, "/strip/1/mute", NULL, 1);
	set(s->rig, "/strip/2/mute", NULL, 1);
	set(s->rig, "/strip/2/trim", NULL, 3);
	assert_refused(s, "/strip/*/trim", "nothing in it");
	assert_int_equal(scene_patterns_add(&of, "/strip/2/*", s->why), 0);
	assert_int_equal(
		scenes_save(s->scenes, "x", NO_FADE, &of, &ticket, s->why), 0);
	loop_run(s->loop);
	file_get(s, "x.yaml", text);
	assert_non_null(strstr(text, "strips:\n  \"2\":\n    mute: 1\n"));
	assert_null(strstr(text, "trim"));
	assert_null(strstr(text, "\"1\""));
}

static void
a_damaged_one_is_kept_each_time(void **state)
{
	struct stage *s = *state;
	char text[16384], name[32], said[64];

	for (int i = 1; i <= 3; i++) {
		snprintf(text, sizeof(text), "gain: %d\n", i);
		file_put(s, "x.yaml", text);
		assert_int_equal(save(s, "x"), 0);
		snprintf(said, sizeof(said), "x.yaml.bad-%d now\n", i);
		assert_non_null(strstr(s->said, said));
	}
	for (int i = 1; i <= 3; i++) {
		snprintf(name, sizeof(name), "x.yaml.bad-%d", i);
		snprintf(said, sizeof(said), "gain: %d\n", i);
		file_get(s, name, text);
		assert_string_equal(text, said);
	}
}

static void
there_is_an_end_to_how_many_there_are(void **state)
{
	struct stage *s = *state;
	char name[32];

	for (int i = 0; i < SCENES_MAX; i++) {
		snprintf(name, sizeof(name), "n%d.yaml", i);
		file_put(s, name, "fade: 1\n");
	}
	assert_int_equal(save(s, "x"), -ENOSPC);
	assert_non_null(strstr(s->why, "there are 512 scenes already"));
	assert_int_equal(save(s, "n7"), 0);
	assert_int_equal(scenes_delete(s->scenes, "n8", s->why), 0);
	assert_int_equal(save(s, "x"), 0);
	assert_int_equal(save(s, "x"), 0);
	assert_int_equal(save(s, "y"), -ENOSPC);
}

/* ---- what is about ---- */

static uint32_t
files(struct stage *s)
{
	char path[256];
	struct dirent *e;
	uint32_t n = 0;
	DIR *d;

	file_path(s, "", path);
	d = opendir(path);
	assert_non_null(d);
	while ((e = readdir(d)))
		n += e->d_name[0] != '.';
	closedir(d);
	return n;
}

static void
what_killed_writers_left_is_taken_away(void **state)
{
	struct stage *s = *state;

	file_put(s, "x.yaml", "fade: 1\n");
	file_put(s, "x.yaml.unfinished-a1B2c3", "fa");
	file_put(s, "gone.yaml.unfinished-a1B2c3", "fa");
	file_put(s, "x.yaml.backup", "mine");
	file_put(s, "x.yaml.bad-1", "mine");
	stage_open(s);
	assert_int_equal(files(s), 3);
	file_put(s, "y.yaml", "fade: 2\n");
	assert_int_equal(scenes_rename(s->scenes, "x", "y", s->why), -EEXIST);
	assert_int_equal(files(s), 4);
	assert_int_equal(scenes_rename(s->scenes, "x", "z", s->why), 0);
	assert_int_equal(files(s), 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		S(a_save_that_fails_is_told_after_it_was_asked_for),
		S(each_pattern_is_to_name_something),
		S(patterns_that_name_nothing_cost_no_scene),
		S(what_is_not_included_is_not_saved_whoever_names_it),
		S(a_damaged_one_is_kept_each_time),
		S(there_is_an_end_to_how_many_there_are),
		S(what_killed_writers_left_is_taken_away),
	};

	return cmocka_run_group_tests_name("scenes_save", tests, NULL, NULL);
}
