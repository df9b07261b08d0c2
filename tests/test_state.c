/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a model keeps, in a file and back. */
#include "tests/state_rig.h"

#include <inttypes.h>

#include "control/model/values.h"
#include "control/state/state_own.h"
#include "control/util/check.h"
#include "core/hash.h"

/* ---- there and back ---- */

/* A value that the parameter does not have at first; false: it has no other. */
static bool
other_value(struct rig *r, uint32_t id, uint32_t salt, struct param_change *out)
{
	struct param_value v = {.type = PARAM_FLOAT};
	struct param_info info;
	char why[PARAM_WHY_MAX];

	param_info(r->p, id, &info);
	if (info.read_only)
		return false;
	if (info.choices)
		v = (struct param_value){
			.type = PARAM_INT, .i = 1 + salt % (info.choices - 1)};
	else if (info.type == PARAM_TEXT)
		snprintf(v.s, sizeof(v.s), "Deck %u", id), v.type = PARAM_TEXT;
	else
		v.f = info.min +
		      (info.max - info.min) * (0.1 + 0.7 * (salt % 97) / 97.0);
	out->id = id;
	return param_check(r->p, id, &v, &out->value, why) == 0;
}

static void
everything_that_can_be_set_is_there_again(void **state)
{
	struct state_rig *s = *state;
	struct rig *r = &s->r;
	uint32_t n;
	struct param_value *want;

	r->config.strips = STRIPS_MAX;
	state_again(s);
	n = param_count(r->p);
	want = calloc(n, sizeof(*want));
	for (uint32_t id = 0; id < n; id++) {
		struct param_change change;

		if (other_value(r, id, id * 2654435761u >> 8, &change))
			param_apply(r->p, &change, 1, 0, PARAM_SOURCE_NONE);
	}
	for (uint32_t id = 0; id < n; id++)
		param_get(r->p, id, &want[id]);
	state_again(s);
	assert_string_equal(s->said, "");
	for (uint32_t id = 0; id < n; id++) {
		struct param_value got = {.type = 0};
		struct param_info info;

		param_get(r->p, id, &got);
		param_info(r->p, id, &info);
		if (!info.fleeting && memcmp(&got, &want[id], sizeof(got)) != 0)
			fail_msg("%s is another one", info.address);
	}
	free(want);
}

static void
names_are_there_again_whatever_is_in_them(void **state)
{
	static const char *const names[] = {"a \"b\" \\ c", "# no: remark",
		"- x", " ", "null", "\u00e9\u4e2d\U0001f3b5",
		"\ufeffbefore\uffff", "'{[&*!|>%@`", "yes", "1e5", "~",
		"trailing ", "?", "x: y", "---", "..."};
	struct state_rig *s = *state;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		set(&s->r, "/strip/2/name", names[i], 0);
		state_again(s);
		assert_string_equal(s->said, "");
		assert_text(&s->r, "/strip/2/name", names[i]);
	}
	/* given back to the app, it is not a name that a hand gave */
	comes(&s->r, "spotify", "Spotify");
	assert_text(&s->r, "/strip/1/name", "Spotify");
	set(&s->r, "/strip/2/name", "", 0);
	state_again(s);
	assert_text(&s->r, "/strip/2/name", "");
	assert_text(&s->r, "/strip/spotify/name", "Spotify");
	comes(&s->r, "spotify", "Spotify 2");
	assert_text(&s->r, "/strip/1/name", "Spotify 2");
}

static void
apps_come_back_to_their_strips(void **state)
{
	struct state_rig *s = *state;
	struct rig *r = &s->r;

	comes(r, "a", "A");
	comes(r, "b", "B");
	set(r, "/strip/2/gain", NULL, -12.25);
	set(r, "/strip/2/tap", "copy", 0);
	state_again(s);
	assert_int_equal(strip_of(r, comes(r, "c", "C")), 2);
	assert_int_equal(strip_of(r, comes(r, "b", "B")), 1);
	assert_int_equal(strip_of(r, comes(r, "a", "A")), 0);
	assert_gain(r, "/strip/2/gain", -12.25f);
	assert_int_equal(r->tap[1].mode, TAP_COPY);
}

static void
what_is_as_at_first_is_not_in_it(void **state)
{
	struct state_rig *s = *state;
	char *text;

	set(&s->r, "/strip/3/gain", NULL, -6);
	set(&s->r, "/strip/3/gain", NULL, 0);
	state_saves(s);
	text = file_text(s->path);
	assert_null(strstr(text, "gain"));
	assert_null(strstr(text, "strips:"));
	free(text);
	set(&s->r, "/strip/3/gain", NULL, -6);
	set(&s->r, "/strip/3/send/main", NULL, 0);
	state_saves(s);
	text = file_text(s->path);
	assert_non_null(strstr(text, "\nstrips:\n- strip: 3\n  gain: -6\n  "
				     "route: loop\n"));
	free(text);
}

/* ---- another configuration ---- */

static void
configure(struct state_rig *s, uint32_t strips)
{
	state_end(s);
	s->r.config.strips = strips;
	state_begin(s);
	assert_string_equal(s->said, "");
}

static void
an_app_keeps_its_values_when_the_configuration_gives_it_another_strip(
	void **state)
{
	struct state_rig *s = *state;
	struct rig *r = &s->r;
	char why[CHECK_WHY_MAX];

	comes(r, "mpv", "mpv");
	comes(r, "spotify", "Spotify");
	set(r, "/strip/1/gain", NULL, -3);
	set(r, "/strip/2/gain", NULL, -7);
	set(r, "/strip/4/gain", NULL, -9);
	state_end(s);
	assert_int_equal(
		model_config_match(&r->config, "*spotify*", 0, 0, why), 0);
	state_begin(s);
	assert_gain(r, "/strip/spotify/gain", -7);
	assert_gain(r, "/strip/1/gain", -7);
	assert_gain(r, "/strip/mpv/gain", -3);
	assert_gain(r, "/strip/4/gain", -9);
	assert_int_equal(strip_of(r, comes(r, "spotify", "Spotify")), 0);
	assert_int_equal(strip_of(r, comes(r, "mpv", "mpv")), 1);
}

static void
a_configured_name_takes_its_values_along(void **state)
{
	struct state_rig *s = *state;
	struct rig *r = &s->r;

	state_end(s);
	strcpy(r->config.strip_name[0], "Deck A");
	state_begin(s);
	set(r, "/strip/1/gain", NULL, -3);
	set(r, "/strip/2/gain", NULL, -4);
	state_end(s);
	strcpy(r->config.strip_name[0], "Mic");
	strcpy(r->config.strip_name[2], "Deck A");
	state_begin(s);
	assert_gain(r, "/strip/3/gain", -3);
	assert_gain(r, "/strip/1/gain", 0);
	assert_gain(r, "/strip/2/gain", -4);
	assert_text(r, "/strip/1/name", "Mic");
	assert_text(r, "/strip/3/name", "Deck A");
}

static void
strips_and_buses_that_are_not_there_wait(void **state)
{
	struct state_rig *s = *state;
	struct rig *r = &s->r;

	comes(r, "a", "A");
	set(r, "/strip/1/gain", NULL, -1);
	set(r, "/strip/4/gain", NULL, -4);
	set(r, "/bus/loop/gain", NULL, -5);
	state_end(s);
	strcpy(r->config.bus_name[1], "loop2");
	r->config.routes = 0;
	r->config.strips = 2;
	state_begin(s);
	assert_gain(r, "/strip/1/gain", -1);
	assert_gain(r, "/bus/loop2/gain", 0);
	set(r, "/strip/2/gain", NULL, -2);
	state_end(s);
	strcpy(r->config.bus_name[1], "loop");
	r->config.routes = 0;
	r->config.strips = 4;
	state_begin(s);
	assert_gain(r, "/strip/1/gain", -1);
	assert_gain(r, "/strip/2/gain", -2);
	assert_gain(r, "/strip/4/gain", -4);
	assert_gain(r, "/bus/loop/gain", -5);
}

static void
an_app_whose_strip_is_gone_takes_a_free_one(void **state)
{
	struct state_rig *s = *state;
	struct rig *r = &s->r;

	for (char i = 'a'; i < 'e'; i++)
		comes(r, (char[]){i, '\0'}, (char[]){i, '\0'});
	set(r, "/strip/4/gain", NULL, -4);
	configure(s, 3);
	/* it waits, and its app has come to another strip meanwhile */
	assert_int_equal(strip_of(r, comes(r, "d", "d")), 0);
	set(r, "/strip/1/gain", NULL, -11);
	configure(s, 4);
	assert_gain(r, "/strip/1/gain", -11);
	assert_int_equal(strip_of(r, comes(r, "d", "d")), 0);
}

/* Of a version that has one row more. */
static void
what_this_version_does_not_know_stays(void **state)
{
	struct state_rig *s = *state;
	char *text, more[4096];
	const char *at;

	set(&s->r, "/strip/2/gain", NULL, -2);
	set(&s->r, "/crossfader", NULL, 0.25);
	state_saves(s);
	text = file_text(s->path);
	at = strstr(text, "  gain: -2\n");
	assert_non_null(at);
	snprintf(more, sizeof(more), "%.*s  sparkle/left: \"0: 5\"\n%s",
		(int)(at - text), text, at);
	free(text);
	*strstr(more, STATE_SUM) = '\0';
	snprintf(more + strlen(more), 64, STATE_SUM "%08" PRIx32 "\n",
		hash_bytes(HASH_START, more, strlen(more)));
	state_end(s);
	file_put(s->path, more, strlen(more));
	state_begin(s);
	assert_string_equal(s->said, "");
	assert_gain(&s->r, "/strip/2/gain", -2);
	set(&s->r, "/strip/2/gain", NULL, -3);
	state_again(s);
	text = file_text(s->path);
	assert_non_null(strstr(text, "  gain: -3\n  sparkle/left: \"0: 5\"\n"));
	free(text);
}

/* ---- files that are not to be trusted ---- */

static void
bad_file(struct state_rig *s, const char *text, size_t size_bytes,
	const char *why)
{
	int before = files(s, "state.yaml.bad-");
	char path[96], *aside;

	state_end(s);
	file_put(s->path, text, size_bytes);
	state_begin(s);
	if (!strstr(s->said, why))
		fail_msg("'%s' has no '%s'", s->said, why);
	assert_gain(&s->r, "/strip/1/gain", 0);
	assert_int_equal(files(s, "state.yaml.bad-"), before + 1);
	snprintf(path, sizeof(path), "%s.bad-%d", s->path, before + 1);
	assert_non_null(strstr(s->said, path));
	aside = file_text(path);
	if (aside)
		assert_memory_equal(aside, text, size_bytes);
	free(aside);
}

static void
a_file_that_is_not_whole_is_set_aside_and_said(void **state)
{
	struct state_rig *s = *state;
	char *good, *bad;
	size_t n;

	comes(&s->r, "a", "A");
	set(&s->r, "/strip/1/gain", NULL, -12);
	state_saves(s);
	good = file_text(s->path);
	n = strlen(good);
	bad_file(s, good, n / 2, s->path);
	bad_file(s, good, n - 1, "not whole");
	bad = strdup(good);
	memcpy(strstr(bad, "-12"), "+12", 3);
	bad_file(s, bad, n, "not whole");
	memcpy(bad, good, n);
	memset(bad + n / 3, 0, n / 3);
	bad_file(s, bad, n, s->path);
	memcpy(bad, good, n);
	*strstr(bad, "version: 1") = 'V';
	bad_file(s, bad, n, "has no version");
	memcpy(strstr(good, "version: 1"), "version: 7", 10);
	bad_file(s, good, n, "of a later tapdeck, which has 7");
	bad_file(s, "version: 8\nfaders: [1, {a: b}]\n", 31, "later");
	free(bad);
	free(good);
	/* and the next file is good */
	set(&s->r, "/strip/1/gain", NULL, -6);
	state_again(s);
	assert_string_equal(s->said, "");
	assert_gain(&s->r, "/strip/1/gain", -6);
}

/* Cut anywhere, it is no file of fewer values. */
static void
no_part_of_a_file_is_taken_for_a_whole_one(void **state)
{
	struct state_rig *s = *state;
	struct state_text t;
	char *good;

	comes(&s->r, "a", "A");
	set(&s->r, "/strip/1/gain", NULL, -12);
	state_saves(s);
	good = file_text(s->path);
	for (size_t n = 0; n < strlen(good); n++)
		assert_int_equal(state_text_read(&t, "x", good, n), -EINVAL);
	assert_int_equal(state_text_read(&t, "x", good, strlen(good)), 0);
	state_text_done(&t);
	free(good);
}

/* A folder in its place can be moved away as well. */
static void
what_cannot_be_read_is_set_aside(void **state)
{
	struct state_rig *s = *state;

	state_end(s);
	unlink(s->path);
	assert_int_equal(mkdir(s->path, 0700), 0);
	state_begin(s);
	assert_non_null(strstr(s->said, "not a file; set aside as"));
	set(&s->r, "/strip/1/gain", NULL, -6);
	state_again(s);
	assert_string_equal(s->said, "");
	assert_gain(&s->r, "/strip/1/gain", -6);
}

static void
what_a_killed_writer_left_is_taken_away(void **state)
{
	struct state_rig *s = *state;
	static const char *const others[] = {".bad-12", ".backup", ".k3Xw9q",
		".unfinished", ".unfinished-k3Xw9", ".unfinished-k3Xw9qq",
		".unfinished-my.one", ".unfinished-k3Xw9q.x",
		".x.unfinished-k3Xw9q"};
	const int n = sizeof(others) / sizeof(others[0]);
	char left[96], other[96];

	snprintf(left, sizeof(left), "%s.unfinished-k3Xw9q", s->path);
	state_saves(s);
	file_put(left, "half", 4);
	for (int i = 0; i < n; i++) {
		snprintf(other, sizeof(other), "%s%s", s->path, others[i]);
		file_put(other, "kept", 4);
	}
	state_again(s);
	assert_int_equal(access(left, F_OK), -1);
	assert_int_equal(files(s, "state.yaml"), n + 1);
}

/* ---- the start ---- */

static void
restore_twice(void *data, struct model *c)
{
	int *n = data;

	(void)c;
	(*n)++;
}

/* Killed while it takes over the file, a process leaves no half of it. */
static void
a_start_that_is_killed_is_made_anew(void **state)
{
	struct state_rig *s = *state;
	struct values *v = s->r.memory;
	int n = 0;

	state_end(s);
	s->r.config.strips = 3;
	assert_false(values_open(v, model_config_hash(&s->r.config)));
	/* and dies */
	assert_int_equal(
		model_new_kept(&s->r.model, &s->r.config, v, restore_twice, &n),
		0);
	assert_int_equal(n, 1);
	model_free(s->r.model);
	/* what is whole is taken over, and the file not asked */
	assert_int_equal(
		model_new_kept(&s->r.model, &s->r.config, v, restore_twice, &n),
		0);
	assert_int_equal(n, 1);
}

int
main(void)
{
#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, state_set_up, state_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(everything_that_can_be_set_is_there_again),
		TEST(names_are_there_again_whatever_is_in_them),
		TEST(apps_come_back_to_their_strips),
		TEST(what_is_as_at_first_is_not_in_it),
		TEST(an_app_keeps_its_values_when_the_configuration_gives_it_another_strip),
		TEST(a_configured_name_takes_its_values_along),
		TEST(strips_and_buses_that_are_not_there_wait),
		TEST(an_app_whose_strip_is_gone_takes_a_free_one),
		TEST(what_this_version_does_not_know_stays),
		TEST(a_file_that_is_not_whole_is_set_aside_and_said),
		TEST(no_part_of_a_file_is_taken_for_a_whole_one),
		TEST(what_cannot_be_read_is_set_aside),
		TEST(what_a_killed_writer_left_is_taken_away),
		TEST(a_start_that_is_killed_is_made_anew),
	};

	return cmocka_run_group_tests_name("state", tests, NULL, NULL);
}
