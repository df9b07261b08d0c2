/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/model/model.h"
#include "control/render/script.h"
#include "core/mixer/mixer.h"

#define RATE_HZ 48000
#define BLOCK	256

struct fixture {
	struct model_config config;
	struct model *model;
	struct params *params;
	struct mixer *mixer;
	void *memory;
	struct script *script;
	char path[32];
	char *said; /* by script_load() */
	size_t said_bytes;
};

static int
setup(void **state)
{
	const struct mixer_config shape = {.strips = 16,
		.buses = 2,
		.rate_hz = RATE_HZ,
		.block_max = BLOCK_MAX};
	struct fixture *f = calloc(1, sizeof(*f));

	*state = f;
	if (!f || mixer_new(&f->mixer, &shape) < 0)
		return -1;
	model_config_init(&f->config);
	f->memory = calloc(1, model_memory_bytes());
	if (model_new(&f->model, &f->config, f->memory) < 0)
		return -1;
	model_assign(f->model, "deck", "deck");
	model_mixer_start(f->model, f->mixer, RATE_HZ);
	f->params = model_params(f->model);
	strcpy(f->path, "/tmp/script-XXXXXX");
	close(mkstemp(f->path));
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	model_mixer_stop(f->model);
	script_free(f->script);
	model_free(f->model);
	mixer_free(f->mixer);
	unlink(f->path);
	free(f->memory);
	free(f->said);
	free(f);
	return 0;
}

static int
load(struct fixture *f, const char *text, size_t size)
{
	FILE *file = fopen(f->path, "w"), *err;
	int r;

	fwrite(text, 1, size, file);
	fclose(file);
	script_free(f->script);
	free(f->said);
	f->said = NULL;
	err = open_memstream(&f->said, &f->said_bytes);
	r = script_load(&f->script, f->path, f->params, RATE_HZ, err);
	fclose(err);
	return r;
}
#define LOAD(f, text) load(f, text, sizeof(text) - 1)

static double
value_of(struct fixture *f, const char *address)
{
	struct param_value v;

	param_get(f->params, (uint32_t)param_find(f->params, address), &v);
	return v.type == PARAM_INT ? (double)v.i : v.f;
}

static void
a_move_is_made_in_the_block_of_its_frame(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(LOAD(f, "0.01 /strip/1/gain -6\n"), 0); /* 480 */
	assert_int_equal(script_step(f->script, f->params, 0, 480), 480);
	assert_true(value_of(f, "/strip/1/gain") == 0.0);
	assert_int_equal(script_step(f->script, f->params, 480, 1), 1);
	assert_true(value_of(f, "/strip/1/gain") == -6.0);
}

static void
lines_need_no_order_and_one_frame_takes_the_last(void **state)
{
	struct fixture *f = *state;
	uint64_t frame;

	assert_int_equal(LOAD(f, "0.02 /strip/1/gain -2\n"
				 "\n"
				 "  # nothing\n"
				 "0.01 /strip/1/gain -1 # first\n"
				 "0.02 /strip/1/gain -3\n"
				 "0.5 /strip/2/mute true"),
		0);
	script_step(f->script, f->params, 0, 481);
	assert_true(value_of(f, "/strip/1/gain") == -1.0);
	script_step(f->script, f->params, 481, 480);
	assert_true(value_of(f, "/strip/1/gain") == -3.0);
	assert_int_equal(script_left(f->script, &frame), 6);
	assert_int_equal(frame, 24000);
	script_step(f->script, f->params, 961, 48000);
	assert_int_equal(script_left(f->script, &frame), 0);
	assert_true(value_of(f, "/strip/2/mute") == 1.0);
}

static void
every_step_and_toggle_of_a_frame_counts(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(LOAD(f, "0.01 /strip/1/gain -6\n"
				 "0.01 /strip/1/gain/step -1\n"
				 "0.01 /strip/*/gain/step -2\n"
				 "0.01 /strip/1/mute/toggle 1\n"
				 "0.01 /strip/1/mute/toggle 1\n"
				 "0.01 /strip/1/mute/toggle 1\n"),
		0);
	script_step(f->script, f->params, 0, 480);
	assert_true(value_of(f, "/strip/1/gain") == 0.0);
	script_step(f->script, f->params, 480, 1);
	assert_true(value_of(f, "/strip/1/gain") == -9.0);
	assert_true(value_of(f, "/strip/16/gain") == -2.0);
	assert_true(value_of(f, "/strip/1/mute") == 1.0);
}

static void
a_time_is_rounded_to_the_nearest_frame(void **state)
{
	struct fixture *f = *state;
	uint64_t frame;

	assert_int_equal(LOAD(f, "0.9999999 /strip/1/mute 1\n"), 0);
	assert_int_equal(script_left(f->script, &frame), 1);
	assert_int_equal(frame, 48000);
}

static void
patterns_slugs_and_quotes_are_understood(void **state)
{
	struct fixture *f = *state;
	struct param_value v;

	assert_int_equal(LOAD(f, "0 /strip/[2-3]/gain -9\n"
				 "0 /strip/deck/gain -4\n"
				 "0 /strip/4/name \"a \\\"b\\\" # \\\\\"\n"
				 "0\t/strip/5/route\tloop\r\n"),
		0);
	script_step(f->script, f->params, 0, 1);
	assert_true(value_of(f, "/strip/1/gain") == -4.0);
	assert_true(value_of(f, "/strip/2/gain") == -9.0);
	assert_true(value_of(f, "/strip/3/gain") == -9.0);
	param_get(f->params, (uint32_t)param_find(f->params, "/strip/4/name"),
		&v);
	assert_string_equal(v.s, "a \"b\" # \\");
	param_get(f->params, (uint32_t)param_find(f->params, "/strip/5/route"),
		&v);
	assert_string_equal(v.s, "loop");
}

/* Each has its one bad line after a good one, and is refused by its number. */
static const struct {
	const char *line;
	const char *want;
} bad[] = {
	{"x /strip/1/gain 1", "must be 0..1000000 seconds"},
	{"-0.1 /strip/1/gain 1", "must be 0..1000000 seconds"},
	{"nan /strip/1/gain 1", "must be 0..1000000 seconds"},
	{"inf /strip/1/gain 1", "must be 0..1000000 seconds"},
	{"1e7 /strip/1/gain 1", "must be 0..1000000 seconds"},
	{"1s /strip/1/gain 1", "must be 0..1000000 seconds"},
	{"1", "an address must follow the time"},
	{"1 gain 1", "an address must follow the time"},
	{"1 /strip/9x/gain 1", "/strip/9x/gain: no such address"},
	{"1 /strip/17/gain 1", "/strip/17/gain: no such address"},
	{"1 /strip/*/nope 1", "no such address"},
	{"1 /strip/1/gian 1", "did you mean /strip/1/gain?"},
	{"1 /strip/1/gain inf", "is not a number"},
	{"1 /strip/1/gain nan", "is not a number"},
	{"1 /strip/1/gain", "needs a value"},
	{"1 /strip/1/gain # 3", "needs a value"},
	{"1 /strip/1/gain 1 2", "takes one value"},
	{"1 /strip/1/gain nan", "/strip/1/gain"},
	{"1 /strip/1/gain \"1", "the quote has no end"},
	{"1 /strip/1/gain loud", "/strip/1/gain"},
	{"1 /strip/1/mute \"1 2\"", "/strip/1/mute"},
	{"1 /strip/1/app x", "/strip/1/app"},
	{"1 /strip/1/route nowhere", "/strip/1/route"},
	{"1 /strip/1/name 808", "/strip/1/name"},
	{"1 /strip/1/name "
	 "0123456789012345678901234567890123456789012345678901234567890123",
		"at most 63 bytes"},
};

static void
every_bad_line_is_refused_in_one_line(void **state)
{
	struct fixture *f = *state;
	char text[512], want[64];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text), "0 /strip/1/gain -6\n%s\n",
			bad[i].line);
		snprintf(want, sizeof(want), "%s:2: ", f->path);
		assert_int_equal(load(f, text, strlen(text)), -EINVAL);
		assert_null(f->script);
		if (strncmp(f->said, want, strlen(want)) != 0 ||
			!strstr(f->said, bad[i].want) ||
			strchr(f->said, '\n') != f->said + f->said_bytes - 1)
			fail_msg("%s: %s", bad[i].line, f->said);
	}
	assert_true(value_of(f, "/strip/1/gain") == 0.0);
}

static void
all_bad_lines_are_told(void **state)
{
	struct fixture *f = *state;
	char want[128];

	assert_int_equal(LOAD(f, "1\n0 /strip/1/gain 0\n\n1 2\n"), -EINVAL);
	snprintf(want, sizeof(want), "%s:1: ", f->path);
	assert_ptr_equal(strstr(f->said, want), f->said);
	snprintf(want, sizeof(want), "\n%s:4: ", f->path);
	assert_non_null(strstr(f->said, want));
	assert_int_equal(LOAD(f, "1 /strip/1/mute 1\0 /x\n"), -EINVAL);
	assert_non_null(strstr(f->said, "NUL"));
}

static void
a_file_that_is_not_there_is_told(void **state)
{
	struct fixture *f = *state;
	FILE *err = open_memstream(&f->said, &f->said_bytes);

	assert_int_equal(script_load(&f->script, "/nowhere/moves.txt",
				 f->params, RATE_HZ, err),
		-ENOENT);
	assert_null(f->script);
	fclose(err);
	assert_string_equal(
		f->said, "/nowhere/moves.txt: No such file or directory\n");
}

/* Denser than the mixer's queue: each frame of two seconds moves a level, and
 * every step is asked for as much as there is. */
static void
the_queue_never_overflows(void **state)
{
	struct fixture *f = *state;
	static float side[2][BLOCK_MAX];
	float *const out[2][2] = {{side[0], side[1]}, {NULL, NULL}};
	const struct mixer_input none = {.strip = 0, .layout = LAYOUT_STEREO};
	struct mixer_counters counters;
	char *text = NULL;
	size_t size = 0, steps = 0;
	FILE *script = open_memstream(&text, &size);
	uint64_t frame = 0;

	for (int i = 0; i < 2 * RATE_HZ; i++)
		fprintf(script, "%.6f /strip/[1-2]/gain %d\n",
			(double)i / RATE_HZ, -1 - i % 7);
	fclose(script);
	assert_int_equal(load(f, text, size), 0);
	free(text);
	while (frame < 2 * RATE_HZ) {
		uint32_t n =
			script_step(f->script, f->params, frame, BLOCK_MAX);

		assert_true(n > 0 && n <= BLOCK_MAX);
		mixer_run(f->mixer, &none, 1, out, n);
		frame += n;
		steps++;
	}
	assert_true(steps > 2 * RATE_HZ / BLOCK_MAX + 1);
	mixer_counters(f->mixer, &counters);
	assert_int_equal(counters.late_messages, 0);
	/* Nothing had to wait for room: there is nothing left to send. */
	assert_true(model_run(f->model, 0) == UINT64_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
		T(a_move_is_made_in_the_block_of_its_frame),
		T(lines_need_no_order_and_one_frame_takes_the_last),
		T(every_step_and_toggle_of_a_frame_counts),
		T(a_time_is_rounded_to_the_nearest_frame),
		T(patterns_slugs_and_quotes_are_understood),
		T(every_bad_line_is_refused_in_one_line),
		T(all_bad_lines_are_told),
		T(a_file_that_is_not_there_is_told),
		T(the_queue_never_overflows),
	};

	return cmocka_run_group_tests_name("script", tests, NULL, NULL);
}
