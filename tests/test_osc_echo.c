/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Clients that send back what they were told. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/osc_rig_two.h"

#include "control/osc/subscribers/osc_echo.h"

#define MS UINT64_C(1000000)

static int
setup(void **state)
{
	(void)state;
	return two_open(NULL, NULL);
}

/* b moves it and a is told. */
static void
tell_a(const char *address, float value)
{
	client_set(b, address, M("f", (double)value));
	for (;;) {
		lo_arg **arg = client_until(a, address);
		const char *types = lo_message_get_types(a->mail[0].message);

		if ((types[0] == 'i' ? (float)osc_arg_int(arg[0])
				     : osc_arg_float(arg[0])) == value)
			return;
	}
}

/* A value may come back for 500 ms, and one that stays is told once more after
 * 200 ms: a machine that stood still for that long says nothing. */
static bool
was_soon(uint64_t since_ns)
{
	return loop_now_ns() - since_ns < 200 * MS;
}

/* What comes of a late echo of the first two of three values below that. */
static double
echoed_late(float from)
{
	lo_bundle bundle = lo_bundle_new(LO_TT_IMMEDIATE);

	client_send(a, "/strip/2/mute", M("i", 0));
	client_fence(a);
	for (int i = 0; i < 3; i++)
		tell_a("/strip/1/gain", from - (float)i);
	client_send(a, "/strip/1/gain", M("f", (double)from));
	lo_bundle_add_message(
		bundle, "/strip/1/gain", M("f", (double)from - 1.0));
	lo_bundle_add_message(bundle, "/strip/2/mute", M("i", 1));
	client_send_bundle(a, bundle);
	client_fence(a);
	return client_get(b, "/strip/1/gain");
}

static void
a_late_echo_of_a_fader_moves_nothing(void **state)
{
	float from = 0.0f;
	uint64_t start_ns;
	double gain, again;

	(void)state;
	client_send(a, "/subscribe", M("s", "/strip/1/gain"));
	client_until(a, "/strip/1/gain");
	do {
		from -= 5.5f;
		assert_true(from > -60.0f);
		start_ns = loop_now_ns();
		gain = echoed_late(from);
		/* It comes back once: this is a hand. */
		client_send(a, "/strip/1/gain", M("f", (double)from));
		client_fence(a);
		again = client_get(b, "/strip/1/gain");
	} while (!was_soon(start_ns));
	assert_true(gain == (double)from - 2.0);
	assert_true(client_get(b, "/strip/2/mute") == 1.0);
	assert_true(again == (double)from);
	/* And so is b, who was told nothing. */
	client_send(b, "/strip/1/gain", M("f", (double)from - 1.0));
	assert_true(client_get(b, "/strip/1/gain") == (double)from - 1.0);
}

/* Two clients send each value back when two more have come, a third one makes
 * a fade: it must end, and where the third one wants it. */
static void
two_that_echo_do_not_keep_a_fader_moving(void **state)
{
	struct client *c[2] = {a, client_new(&rig, true)};
	float told[2][3] = {{0}};
	uint64_t told_ns[3] = {0};
	uint32_t heard[2] = {0};

	(void)state;
	for (int i = 0; i < 2; i++) {
		client_send(c[i], "/subscribe", M("s", "/strip/1/gain"));
		client_until(c[i], "/strip/1/gain");
	}
	for (int step = 1; step <= 40; step++) {
		told_ns[step % 3] = loop_now_ns();
		client_set(b, "/strip/1/gain", M("f", -0.5 * step));
		for (int i = 0; i < 2; i++) {
			float value;

			do {
				value = osc_arg_float(
					client_until(c[i], "/strip/1/gain")[0]);
			} while (value != -0.5f * (float)step);
			told[i][heard[i] % 3] = value;
			if (++heard[i] >= 3 &&
				was_soon(told_ns[(step + 1) % 3]))
				client_send(c[i], "/strip/1/gain",
					M("f", (double)told[i][heard[i] % 3]));
			client_fence(c[i]);
		}
		assert_true(client_get(b, "/strip/1/gain") == -0.5 * step);
	}
	client_free(c[1]);
}

/* ---- other servers ---- */

static void
no_answer_is_answered(void **state)
{
	static const char *const asked[] = {"/info", "/list", "/apps",
		"/status", "/retake", "/learn", "/strip/1/nothing", "/midi",
		"/strip/*/gain", "/meters"};
	uint32_t errors;

	(void)state;
	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++)
		client_send(b, asked[i], M(""));
	client_fence(b);
	client_until(b, "/meters");
	client_send(b, "/meters", M("i", 0));
	client_fence(b);
	for (size_t i = 0; i + 1 < sizeof(asked) / sizeof(asked[0]); i++)
		client_send(b, asked[i], M(""));
	client_collect(b);
	assert_true(b->mails > 200);
	errors = (uint32_t)client_status(a, "osc_refused");
	for (uint32_t i = 0; i < b->mails; i++)
		client_send(a, b->mail[i].address,
			lo_message_clone(b->mail[i].message));
	client_fence(a);
	assert_int_equal(a->mails, 0);
	assert_true(client_status(a, "osc_refused") == errors);
}

/* A server that answers each ping of ours, as we do. */
static void
a_ping_that_comes_back_for_ever_ends(void **state)
{
	struct pollfd p = {.fd = a->fd, .events = POLLIN};
	uint64_t start_ns = loop_now_ns();
	uint8_t packet[64];
	uint32_t rounds = 0;

	(void)state;
	for (int ask = 0; ask < 3; ask++) { /* nor for who asks once more */
		assert_true(
			send(a->fd, "/ping\0\0\0,s\0\0x\0\0\0", 16, 0) == 16);
		while (poll(&p, 1, 300) == 1) {
			ssize_t n = recv(a->fd, packet, sizeof(packet), 0);

			assert_true(n == 16);
			assert_true(send(a->fd, packet, 16, 0) == 16);
			/* they are counted anew each second */
			assert_true(
				++rounds <=
				(3 + (loop_now_ns() - start_ns) / (1000 * MS)) *
					16);
		}
	}
	assert_true(rounds >= 15);
	client_fence(a); /* others are answered */
	client_fence(a);
}

/* ---- the times, without sockets ---- */

static const struct param_value on = {.type = PARAM_INT, .i = 1};
static const struct param_value level = {.type = PARAM_FLOAT, .f = -5.5};

static void
a_level_is_waited_for_half_a_second(void **state)
{
	struct osc_echoes *e = osc_echoes_new();

	(void)state;
	osc_echoes_put(e, 7, &level, 1000 * MS);
	assert_false(osc_echoes_take(e, 8, &level, 1001 * MS));
	assert_true(osc_echoes_take(e, 7, &level, 1500 * MS));
	assert_false(osc_echoes_take(e, 7, &level, 1500 * MS));
	osc_echoes_put(e, 7, &level, 2000 * MS);
	assert_false(osc_echoes_take(e, 7, &level, 2501 * MS));
	osc_echoes_free(e);
}

static void
a_finger_is_no_echo_unless_the_client_is_known_for_them(void **state)
{
	struct osc_echoes *e = osc_echoes_new();
	uint64_t ms = 1000;

	(void)state;
	osc_echoes_put(e, 1, &on, ms * MS);
	assert_true(osc_echoes_take(e, 1, &on, (ms + 20) * MS));
	ms += 1000;
	osc_echoes_put(e, 1, &on, ms * MS);
	assert_false(osc_echoes_take(e, 1, &on, (ms + 100) * MS));
	for (int i = 0; i < 3; i++, ms += 1000) {
		osc_echoes_put(e, 1, &level, ms * MS);
		osc_echoes_take(e, 1, &level, (ms + 100) * MS);
	}
	osc_echoes_put(e, 1, &on, ms * MS);
	assert_true(osc_echoes_take(e, 1, &on, (ms + 400) * MS));
	/* It has stopped to. */
	for (int i = 0; i < 20; i++, ms += 1000)
		osc_echoes_put(e, 1, &level, ms * MS);
	osc_echoes_put(e, 1, &on, ms * MS);
	assert_false(osc_echoes_take(e, 1, &on, (ms + 100) * MS));
	osc_echoes_free(e);
}

static void
many_values_push_out_the_oldest(void **state)
{
	struct osc_echoes *e = osc_echoes_new();
	struct param_value v = {.type = PARAM_FLOAT};

	(void)state;
	for (int i = 0; i < 1500; i++) {
		v.f = i;
		osc_echoes_put(e, 3, &v, 1000 * MS);
	}
	for (int i = 0; i < 1500; i++) {
		v.f = i;
		assert_int_equal(
			osc_echoes_take(e, 3, &v, 1000 * MS), i >= 1500 - 1024);
	}
	osc_echoes_free(e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, two_close)
		T(a_late_echo_of_a_fader_moves_nothing),
		T(two_that_echo_do_not_keep_a_fader_moving),
		T(no_answer_is_answered),
		T(a_ping_that_comes_back_for_ever_ends),
		cmocka_unit_test(a_level_is_waited_for_half_a_second),
		cmocka_unit_test(
			a_finger_is_no_echo_unless_the_client_is_known_for_them),
		cmocka_unit_test(many_values_push_out_the_oldest),
	};

	return cmocka_run_group_tests_name("osc echo", tests, NULL, NULL);
}
