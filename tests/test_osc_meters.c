/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Levels, and what runs here. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "core/mixer/mixer.h"
#include "tests/osc_rig_two.h"

#define RATE_HZ 48000
#define BLOCK	256
#define LEASE_S 0.6 /* a busy machine may stand still for a part of it */

static struct mixer *_Atomic mixer; /* the server's thread reads it */

static struct mixer *
rig_mixer(void *data)
{
	(void)data;
	return mixer;
}

static void
rig_status(void *data, struct driver_status *out)
{
	(void)data;
	memset(out, 0, sizeof(*out));
	out->running = true;
	out->rate_hz = RATE_HZ;
	out->block_frames = BLOCK;
	snprintf(out->scheduler, sizeof(out->scheduler), "SCHED_FIFO 88");
}

static bool
rig_counter(void *data, uint32_t i, char name[32], double *value)
{
	(void)data;
	snprintf(name, 32, "extra_%u", i);
	*value = i + 0.5;
	return i < 2;
}

static const struct services_source source = {.status = rig_status,
	.osc = {.mixer = rig_mixer},
	.counter = rig_counter};

static int
setup(void **state)
{
	(void)state;
	return two_open(NULL, &source);
}

static int
teardown(void **state)
{
	two_close(state);
	mixer_free(mixer);
	mixer = NULL;
	return 0;
}

/* ---- meters ---- */

static int
steps(const uint8_t *blob, int i)
{
	return (int16_t)(uint16_t)(blob[2 * i] << 8 | blob[2 * i + 1]);
}

static const uint8_t *
meters_at(struct client *c, const char *address)
{
	lo_blob blob = (lo_blob)client_until(c, address)[0];

	assert_int_equal(lo_blob_datasize(blob), 2 * 2 * (16 + 2));
	return lo_blob_dataptr(blob);
}

static const uint8_t *
meters(struct client *c)
{
	return meters_at(c, "/meters");
}

/* Half scale on strip 2, left only, into bus 1, or silence. */
static void
play(struct mixer *m, float size, int blocks)
{
	struct mixer_input in = {.strip = 1, .layout = LAYOUT_STEREO};
	static float left[BLOCK], right[BLOCK], out[2][2][BLOCK];
	float *const to[2][2] = {{out[0][0], out[0][1]}, {NULL, NULL}};

	for (int i = 0; i < BLOCK; i++)
		left[i] = size;
	in.ch[0] = left;
	in.ch[1] = right;
	for (int i = 0; i < blocks; i++)
		mixer_run(m, &in, 1, to, BLOCK);
}

static void
make_sound(void)
{
	const struct mixer_config config = {.strips = 16,
		.buses = 2,
		.rate_hz = RATE_HZ,
		.block_max = BLOCK};
	const struct message send = {.parameter = MIX_SEND,
		.place = 1 * BUSES_MAX + 0,
		.target = 1.0f};
	struct mixer *m;

	assert_int_equal(mixer_new(&m, &config), 0);
	assert_true(mixer_post(m, &send, 1));
	play(m, 0.5f, 1);
	mixer = m;
}

static void
meters_are_peaks_in_256ths_of_a_decibel(void **state)
{
	const uint8_t *blob;
	int half = (int)lrint(20 * log10(0.5) * 256);

	(void)state;
	client_send(a, "/meters", M("i", 60));
	blob = meters(a);
	for (int i = 0; i < 2 * 18; i++) /* no mixer: silence */
		assert_int_equal(steps(blob, i), -32768);
	client_send(a, "/meters", M("i", 0));
	client_fence(a); /* may have some that were on their way */

	make_sound();
	client_send(b, "/meters", M("f", 50.0));
	blob = meters(b);
	for (int i = 0; i < 2 * 18; i++) {
		bool loud = i == 2 || i == 2 * 16;

		assert_in_range(steps(blob, i) + 32768,
			loud ? half + 32768 - 40 : 0,
			loud ? half + 32768 + 1 : 0);
	}
	for (int i = 0; i < 5; i++)
		meters(b); /* they go on */
}

/* They are measured from the first message on. */
static void
hold_and_rms_are_blobs_of_their_own(void **state)
{
	const uint8_t *blob;
	const int blocks = RATE_HZ / BLOCK;
	int half = (int)lrint(20 * log10(0.5) * 256);
	/* a hundredth of the power after 300 ms */
	int fall = (int)lrint(20 * blocks * BLOCK / 0.3 / RATE_HZ * 256);

	(void)state;
	make_sound();
	client_send(a, "/meters/rms", M("f", 50.0));
	client_send(a, "/meters/hold", M("f", 50.0));
	meters_at(a, "/meters/rms");
	meters_at(a, "/meters/hold");
	play(mixer, 0.5f, 2 * blocks);
	play(mixer, 0.0f, blocks);
	client_fence(a); /* those from before */
	client_fence(a);
	blob = meters_at(a, "/meters/hold");
	for (int i = 0; i < 2 * 18; i++)
		assert_int_equal(
			steps(blob, i), i == 2 || i == 2 * 16 ? half : -32768);
	blob = meters_at(a, "/meters/rms");
	for (int i = 0; i < 2 * 18; i++)
		assert_true(i == 2 || i == 2 * 16
				    ? abs(steps(blob, i) - half + fall) < 10
				    : steps(blob, i) == -32768);
	assert_int_equal(client_count(a, "/meters"), 0);
	client_send(a, "/meters/hold", M("i", 0));
	client_send(a, "/meters/rms", M("i", 0));
	client_fence(a);
}

static float
meter_until(struct client *c, const char *address)
{
	return osc_arg_float(client_until(c, address)[0]);
}

static void
a_meter_is_one_float_for_who_reads_no_blobs(void **state)
{
	float half_db = (float)(20 * log10(0.5));
	struct client *c, *other;

	(void)state;
	client_send(a, "/meters/strip/2", M("i", 60));
	assert_true(meter_until(a, "/meters/strip/2") == -90.0f);
	make_sound();
	client_send(b, "/meters/{strip,bus}/*", M("f", 50.0));
	for (int i = 0; i < 5; i++) { /* they go on */
		assert_true(meter_until(b, "/meters/strip/1") == -90.0f);
		assert_true(fabsf(meter_until(b, "/meters/strip/2") - half_db) <
			    0.2f);
		assert_true(meter_until(b, "/meters/strip/16") == -90.0f);
		assert_true(fabsf(meter_until(b, "/meters/bus/main") -
				    half_db) < 0.2f);
	}
	client_send(b, "/meters/strip/*", M("i", 0));
	client_fence(b); /* may have some that were on their way */
	meter_until(b, "/meters/bus/main");
	client_collect(b);
	assert_int_equal(client_count(b, "/meters/strip/2"), 0);
	client_send(b, "/meters", M("i", 60)); /* beside them */
	meters(b);
	meter_until(b, "/meters/bus/main");
	meters(b);
	c = client_new(&rig, false);
	client_send(c, "/meters/hold/strip/2", M("i", 60));
	assert_true(meter_until(c, "/meters/hold/strip/2") <= 0.0f);
	other = client_new(&rig, false); /* is told nothing else */
	client_refused(
		other, "/meters/peak/strip/1", M("i", 10), "no such meter");
	client_refused(other, "/meters/lufs", M("i", 10), "no such meter");
	client_refused(other, "/meters/strip/17", M("i", 10), "no such meter");
	client_refused(other, "/meters/bus/cue", M(""), "no such meter");
	client_free(other);
	client_free(c);
}

static void
meters_end_with_the_lease_and_by_zero(void **state)
{
	(void)state;
	client_send(a, "/meters", M("f", 60.0));
	meters(a);
	client_send(a, "/meters", M("i", 0));
	client_fence(a); /* may have some that were on their way */
	client_send(a, "/unsubscribe", M(""));
	client_fence(a);
	assert_int_equal(a->mails, 0);

	client_send(a, "/subscribe", M("sf", "/strip/1/mute", LEASE_S));
	client_send(a, "/meters", M("f", 60.0)); /* renews to 10 s */
	client_send(a, "/subscribe", M("sf", "/strip/1/mute", LEASE_S));
	meters(a);
	client_status_falls(b, "osc_subscribers", 0.0);
	client_fence(a);
	client_fence(a);
	assert_int_equal(a->mails, 0);
}

/* ---- what runs here ---- */

static void
info_and_status_say_what_runs(void **state)
{
	lo_arg **arg;

	(void)state;
	arg = client_ask(a, "/info", M(""), "/info", "ssiiiiss");
	assert_string_equal(osc_arg_text(arg[0]), "tapdeck");
	assert_int_equal(osc_arg_int(arg[2]), RATE_HZ);
	assert_int_equal(osc_arg_int(arg[3]), BLOCK);
	assert_int_equal(osc_arg_int(arg[4]), 16);
	assert_int_equal(osc_arg_int(arg[5]), 2);
	assert_string_equal(osc_arg_text(arg[6]), "main");
	assert_string_equal(osc_arg_text(arg[7]), "loop");
	client_refused(a, "/info", M("i", 1), "allowed: none");

	assert_true(client_status(a, "rate_hz") == RATE_HZ);
	assert_true(client_status(a, "extra_1") == 1.5);
	assert_true(client_status(a, "osc_refused") == 1.0);
	client_send(a, "/status", M("")); /* types that Pd knows */
	client_fence(a);
	for (uint32_t i = 0; i < a->mails; i++)
		assert_non_null(strchr(
			"ifs", lo_message_get_types(a->mail[i].message)[1]));
}

static void
a_ping_comes_back_as_it_was(void **state)
{
	lo_arg **arg;

	(void)state;
	client_ask(a, "/ping", M(""), "/ping", "");
	arg = client_ask(a, "/ping", M("sid", "x", 3, 0.5), "/ping", "sid");
	assert_string_equal(osc_arg_text(arg[0]), "x");
	assert_true(osc_arg_double(arg[2]) == 0.5);
	client_refused(a, "/list", M("s", "/nothing"), "no address");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
		T(meters_are_peaks_in_256ths_of_a_decibel),
		T(hold_and_rms_are_blobs_of_their_own),
		T(a_meter_is_one_float_for_who_reads_no_blobs),
		T(meters_end_with_the_lease_and_by_zero),
		T(info_and_status_say_what_runs),
		T(a_ping_comes_back_as_it_was),
	};

	return cmocka_run_group_tests_name("osc meters", tests, NULL, NULL);
}
