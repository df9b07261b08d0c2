/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "control/model/values.h"
#include "tests/model_rig.h"

/* ---- memory that outlives the process ---- */

static void
after_a_crash_everything_is_as_it_was(void **state)
{
	struct rig *r = *state;

	comes(r, "a", "Spot\u00efify");
	comes(r, "b", "B");
	set(r, "/strip/1/gain", NULL, -12.25);
	set(r, "/strip/2/fader", NULL, 0.125);
	set(r, "/strip/1/mute", NULL, 1);
	set(r, "/strip/1/trim", NULL, 3);
	set(r, "/strip/1/send/main", NULL, 0);
	set(r, "/strip/2/tap", "copy", 0);
	set(r, "/strip/3/name", "Mine", 0);
	set(r, "/bus/loop/gain", NULL, -1);
	set(r, "/bus/main/mute", NULL, 1);
	rig_crash(r);
	assert_gain(r, "/strip/1/gain", -12.25f);
	assert_gain(r, "/strip/2/fader", 0.125f);
	assert_int_equal(get(r, "/strip/1/mute").i, 1);
	assert_gain(r, "/strip/1/trim", 3.0f);
	assert_text(r, "/strip/1/route", "loop");
	assert_text(r, "/strip/2/tap", "copy");
	assert_text(r, "/strip/3/name", "Mine");
	assert_text(r, "/strip/spotiify/name", "Spot\u00efify");
	assert_gain(r, "/bus/loop/gain", -1.0f);
	assert_int_equal(get(r, "/bus/main/mute").i, 1);
	/* in another order, each to its own; c to none of theirs */
	assert_int_equal(strip_of(r, comes(r, "c", "C")), 3);
	assert_int_equal(strip_of(r, comes(r, "b", "B")), 1);
	assert_int_equal(strip_of(r, comes(r, "a", "A")), 0);
	assert_int_equal(r->tap[1].mode, TAP_COPY);
}

static void
apps_that_were_gone_before_a_crash_are_the_first_to_lose_their_strip(
	void **state)
{
	struct rig *r = *state;

	for (int i = 0; i < 4; i++) {
		char key[16];

		snprintf(key, sizeof(key), "app%d", i);
		comes(r, key, key);
	}
	model_app_gone(r->model, 4);
	model_app_gone(r->model, 2);
	rig_crash(r);
	assert_int_equal(strip_of(r, comes(r, "x", "X")), 3);
	assert_int_equal(strip_of(r, comes(r, "y", "Y")), 1);
	assert_int_equal(strip_of(r, comes(r, "app0", "app0")), 0);
	assert_int_equal(strip_of(r, comes(r, "app2", "app2")), 2);
}

static void
memory_of_another_configuration_is_not_taken_over(void **state)
{
	struct rig *r = *state;

	set(r, "/strip/1/gain", NULL, -12);
	model_free(r->model);
	strcpy(r->config.bus_name[1], "loop2");
	r->config.routes = 0;
	rig_start(r);
	assert_gain(r, "/strip/1/gain", 0.0f);
}

/* Whatever stands in it, the model works and its values are in range. */
static void
damaged_memory_is_put_right(void **state)
{
	struct rig *r = *state;
	size_t size_bytes = model_memory_bytes();
	unsigned char *m = r->memory, *good = malloc(size_bytes);
	unsigned seed = 1;

	comes(r, "a", "A");
	set(r, "/strip/2/name", "Deck", 0);
	memcpy(good, m, size_bytes);
	for (int round = 0; round < 300; round++) {
		memcpy(m, good, size_bytes);
		/* behind the words that say what it is: all, or the values
		 * but not their names */
		for (size_t i = round % 3
					? offsetof(struct values, number)
					: offsetof(struct values, number_name);
			i < size_bytes; i++) {
			seed = seed * 1103515245u + 12345u;
			if (round == 0 || seed >> 16 & 1)
				m[i] = round == 0 ? 0xff
						  : (unsigned char)(seed >> 20);
		}
		rig_crash(r);
		for (uint32_t id = 0; id < param_count(r->p); id++) {
			struct param_info info;
			struct param_value v, same;
			char why[PARAM_WHY_MAX];

			param_info(r->p, id, &info);
			param_get(r->p, id, &v);
			if (info.read_only ||
				(info.choices && !strcmp(v.s, "custom")))
				continue;
			assert_int_equal(
				param_check(r->p, id, &v, &same, why), 0);
			if (v.type == PARAM_FLOAT)
				assert_true(v.f == same.f);
			else if (v.type == PARAM_INT)
				assert_int_equal(v.i, same.i);
		}
		assert_true(strip_of(r, comes(r, "b", "B")) >= 0);
	}
	free(good);
}

/* What a process writes that is killed at any moment. */
static void
write_until_killed(struct rig *r)
{
	for (;;) {
		set(r, "/strip/1/name", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 0);
		set(r, "/strip/1/gain", NULL, -80.123456789);
		set(r, "/strip/1/name", "bbbbbbbb", 0);
		set(r, "/strip/1/gain", NULL, 11.0);
	}
}

static void
a_process_killed_while_it_writes_leaves_whole_values(void **state)
{
	struct rig *r = *state;
	size_t size_bytes = model_memory_bytes();
	void *shared = mmap(NULL, size_bytes, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	void *own = r->memory;

	assert_true(shared != MAP_FAILED);
	model_free(r->model);
	r->memory = shared;
	rig_start(r);
	set(r, "/strip/1/name", "bbbbbbbb", 0);
	set(r, "/strip/1/gain", NULL, 11.0);
	for (int round = 0; round < 40; round++) {
		struct timespec t = {.tv_nsec = 100000 + round * 17011};
		struct param_value v;
		pid_t child = fork();

		assert_true(child >= 0);
		if (child == 0)
			write_until_killed(r);
		nanosleep(&t, NULL);
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		model_free(r->model);
		rig_start(r);
		v = get(r, "/strip/1/name");
		assert_true(!strcmp(v.s, "bbbbbbbb") ||
			    !strcmp(v.s, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
		v = get(r, "/strip/1/gain");
		assert_true(
			(float)v.f == 11.0f || (float)v.f == -80.123456789f);
	}
	model_free(r->model);
	r->memory = own;
	rig_start(r);
	munmap(shared, size_bytes);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(after_a_crash_everything_is_as_it_was),
		TEST(apps_that_were_gone_before_a_crash_are_the_first_to_lose_their_strip),
		TEST(memory_of_another_configuration_is_not_taken_over),
		TEST(damaged_memory_is_put_right),
		TEST(a_process_killed_while_it_writes_leaves_whole_values),
	};

	return cmocka_run_group_tests_name("keep", tests, NULL, NULL);
}
