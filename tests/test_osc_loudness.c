/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is told how loud a bus is, and what when it is not known. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdatomic.h>

#include "core/ring/ring.h"
#include "tests/osc_rig_halt.h"

#define HZ	 48000u
#define CAPACITY 65536u

static void *map;
static struct ring_writer writer;
static _Atomic int held; /* buses whose ring is wanted */
static _Atomic bool no_audio;
static float tone[HZ / 4][2]; /* a quarter of a second */

static bool
rig_ring(void *data, uint32_t bus, bool is_wanted, const void **out,
	size_t *size_bytes)
{
	(void)data;
	if (!is_wanted) {
		held &= ~(1 << bus);
		return false;
	}
	if (no_audio)
		return false;
	held |= 1 << bus;
	*out = map;
	*size_bytes = ring_size_bytes(CAPACITY, 2);
	return true;
}

static int
setup(void **state)
{
	static const struct services_source source = {
		.status = on_status, .ring = rig_ring};
	const struct ring_config shape = {.rate_hz = HZ,
		.channels = 2,
		.capacity_frames = CAPACITY,
		.block_frames = 256,
		.device = "Test",
		.channel_names = {"FL", "FR"}};
	size_t size = ring_size_bytes(CAPACITY, 2);

	(void)state;
	for (uint32_t i = 0; i < HZ / 4; i++)
		tone[i][0] = tone[i][1] =
			0.1f * (float)sin(2 * M_PI * 1000 * i / HZ);
	map = aligned_alloc(64, (size + 63) / 64 * 64);
	assert_int_equal(ring_writer_init(&writer, map, size, &shape), 0);
	held = 0;
	no_audio = false;
	act = NULL;
	two_open(NULL, &source);
	asker = client_new(&rig, false);
	return 0;
}

static int
teardown(void **state)
{
	client_free(asker);
	two_close(state);
	free(map);
	return 0;
}

/* So much of the tone, as the server takes it. */
static void
play(struct client *c, int quarters)
{
	for (int i = 0; i < quarters; i++) {
		ring_write(&writer, tone[0], HZ / 4);
		client_fence(c); /* those from before */
		client_until(c, "/loudness/main");
	}
}

/* Two texts "-", or two numbers. */
static void
unknown(struct client *c)
{
	lo_arg **arg = client_until(c, "/loudness/main");

	assert_string_equal(osc_arg_text(arg[0]), "-");
	assert_string_equal(osc_arg_text(arg[1]), "-");
}

static bool
is_tone(float lufs)
{
	return fabsf(lufs + 20.0f) < 0.1f;
}

static void
who_asks_is_told_for_ten_seconds(void **state)
{
	uint64_t start_ns;
	lo_arg **arg;

	(void)state;
	client_send(a, "/loudness/main", M("f", 10.0));
	unknown(a);
	assert_int_equal(held, 1);
	play(a, 13);
	arg = client_until(a, "/loudness/main");
	assert_true(is_tone(osc_arg_float(arg[0])));
	assert_true(is_tone(osc_arg_float(arg[1])));
	/* nobody else is told, or of another bus */
	client_fence(b);
	assert_int_equal(b->mails, 0);
	client_collect(a);
	assert_int_equal(client_count(a, "/loudness/loop"), 0);
	/* 0 ends it, and then nothing is measured */
	client_send(b, "/loudness", M("i", 10));
	client_until(b, "/loudness/loop");
	assert_int_equal(held, 3);
	client_send(b, "/loudness", M("i", 0));
	client_send(a, "/loudness", M("i", 0));
	start_ns = loop_now_ns();
	do {
		client_fence(b);
		not_for_ever(start_ns);
	} while (held);
}

static void
stop(void)
{
	no_audio = true;
	osc_loudness_stop(&rig.services);
}

/* Of what was heard before, nothing is known any more. */
static void
audio_that_ends_makes_it_unknown_until_it_is_begun_anew(void **state)
{
	lo_arg **arg;

	(void)state;
	client_send(a, "/loudness/main", M("f", 10.0));
	unknown(a);
	play(a, 2);
	do_on_thread(stop);
	client_collect(a);
	unknown(a);
	no_audio = false;
	unknown(a);
	play(a, 13);
	arg = client_until(a, "/loudness/main");
	assert_true(is_tone(osc_arg_float(arg[0])));
	assert_string_equal(osc_arg_text(arg[1]), "-");
	client_send(b, "/loudness/main/reset", M("i", 0)); /* let go */
	client_send(b, "/loudness/main/reset", M("i", 1));
	client_fence(b);
	play(a, 4);
	arg = client_until(a, "/loudness/main");
	assert_true(is_tone(osc_arg_float(arg[1])));
}

static void
what_cannot_be_asked_is_refused(void **state)
{
	struct client *more[4];

	(void)state;
	client_refused(a, "/loudness/attic", M(""), "no bus \"attic\"");
	client_refused(a, "/loudness/attic/reset", M(""), "no bus \"attic\"");
	client_refused(a, "/loudness", M("s", "often"), "0 to stop");
	client_refused(a, "/loudness/main", M("ii", 1, 2), "0 to stop");
	for (int i = 0; i < 4; i++) {
		more[i] = client_new(&rig, false);
		client_send(more[i], "/loudness", M("i", 1));
		client_until(more[i], "/loudness/main");
	}
	client_refused(a, "/loudness", M("i", 1), "4 of your machine");
	client_send(more[0], "/loudness", M("i", 2)); /* goes on */
	client_until(more[0], "/loudness/main");
	for (int i = 0; i < 4; i++)
		client_free(more[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
		T(who_asks_is_told_for_ten_seconds),
		T(audio_that_ends_makes_it_unknown_until_it_is_begun_anew),
		T(what_cannot_be_asked_is_refused),
	};

	return cmocka_run_group_tests_name("osc loudness", tests, NULL, NULL);
}
