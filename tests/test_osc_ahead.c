/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bundles with moments that the mixer has mixed already: the last in time wins.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/level.h"
#include "core/mixer/mixer.h"
#include "tests/osc_rig_halt.h"

#define STRIPS	64
#define RATE_HZ 48000u
#define BLOCK	256u

static struct mixer *mixer;
static float level; /* of strip 1, as the mixer has it */

static int
setup(void **state)
{
	struct model_config shape;

	(void)state;
	model_config_init(&shape);
	shape.strips = STRIPS;
	halt_open(&shape);
	return 0;
}

static int
teardown(void **state)
{
	halt_close(state);
	mixer_free(mixer);
	mixer = NULL;
	return 0;
}

/* A second of ones on strip 1. */
static void
mix(void)
{
	static float ones[BLOCK], out[BUSES_MAX][2][BLOCK];
	float *outs[BUSES_MAX][2];
	const struct mixer_input in = {
		.strip = 0, .layout = LAYOUT_MONO, .ch = {ones}};

	for (uint32_t i = 0; i < BLOCK; i++)
		ones[i] = 1.0f;
	for (uint32_t i = 0; i < BUSES_MAX; i++)
		for (uint32_t c = 0; c < 2; c++)
			outs[i][c] = out[i][c];
	for (uint32_t at = 0; at < RATE_HZ; at += BLOCK)
		mixer_run(mixer, &in, 1, (float *const(*)[2])outs, BLOCK);
	level = out[0][0][BLOCK - 1];
}

/* The second to come is mixed already, as a part of it is with any quantum. */
static void
start_mixer(void)
{
	const struct mixer_config config = {.strips = STRIPS,
		.buses = model_config(rig.model)->buses,
		.rate_hz = RATE_HZ,
		.block_max = BLOCK};

	assert_int_equal(mixer_new(&mixer, &config), 0);
	model_mixer_start(rig.model, mixer, RATE_HZ);
	mixer_set_clock(mixer, loop_now_ns());
	mix();
}

static void
stop_mixer(void)
{
	mix();
	model_mixer_stop(rig.model);
}

/* What it comes to, when all of its moments have passed. */
static void
assert_ends_at(lo_bundle bundle, double seconds, double db)
{
	lo_bundle last = lo_bundle_new(timetag_in(seconds));

	lo_bundle_add_message(last, "/strip/2/gain", M("f", -60.0));
	lo_bundle_add_bundle(bundle, last);
	client_send(b, "/subscribe", M("s", "/strip/2/gain"));
	client_send_bundle(a, bundle);
	while (osc_arg_float(client_until(b, "/strip/2/gain")[0]) != -60.0f)
		;
	assert_true(client_get(a, "/strip/1/gain") == db);
	do_on_thread(stop_mixer);
	assert_float_equal(level, level_linear(db), 1e-6);
}

static void
moments_that_are_mixed_come_in_their_order(void **state)
{
	lo_bundle bundle = lo_bundle_new(LO_TT_IMMEDIATE);

	(void)state;
	do_on_thread(start_mixer);
	lo_bundle_add_bundle(bundle, gain_at(timetag_in(0.04), -3.0));
	lo_bundle_add_bundle(bundle, gain_at(timetag_in(0.08), -20.0));
	assert_ends_at(bundle, 0.09, -20.0);
}

static void
a_moment_that_is_mixed_comes_after_now(void **state)
{
	lo_bundle bundle = lo_bundle_new(LO_TT_IMMEDIATE);

	(void)state;
	do_on_thread(start_mixer);
	lo_bundle_add_message(bundle, "/strip/1/gain", M("f", -10.0));
	lo_bundle_add_bundle(bundle, gain_at(timetag_in(0.05), -2.0));
	assert_ends_at(bundle, 0.06, -2.0);
}

static void
what_waits_is_made_before_what_is_mixed_already(void **state)
{
	uint64_t start_ns = loop_now_ns();
	lo_bundle bundle = lo_bundle_new(LO_TT_IMMEDIATE);

	(void)state;
	do_on_thread(start_mixer);
	lo_bundle_add_bundle(bundle, gain_behind_ping(timetag_in(0.04), -3.0));
	lo_bundle_add_bundle(bundle, gain_at(timetag_in(0.08), -20.0));
	client_send_bundle(a, bundle);
	client_until(a, "/ping");
	while (client_get(a, "/strip/1/gain") != -20.0)
		not_for_ever(start_ns);
	do_on_thread(stop_mixer);
	assert_float_equal(level, level_linear(-20.0), 1e-6);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
		T(moments_that_are_mixed_come_in_their_order),
		T(a_moment_that_is_mixed_comes_after_now),
		T(what_waits_is_made_before_what_is_mixed_already),
	};

	return cmocka_run_group_tests_name("osc ahead", tests, NULL, NULL);
}
