/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/osc_rig_two.h"

#define LEASE_S 0.6 /* a busy machine may stand still for a part of it */

static int
setup(void **state)
{
	(void)state;
	return two_open(NULL, NULL);
}

static void
subscribe(struct client *c, const char *pattern, uint32_t state)
{
	client_send(c, "/subscribe", M("s", pattern));
	client_fence(c);
	assert_int_equal(c->mails, state);
}

/* How often a change may have come since: it is told once, and once more when
 * it has stayed for 200 ms and for longer. */
static uint64_t
times_since(uint64_t start_ns)
{
	return 1 + (loop_now_ns() - start_ns) / 200000000;
}

static void
the_full_state_comes_first(void **state)
{
	(void)state;
	client_set(b, "/strip/2/gain", M("f", -6.0));
	client_send(a, "/subscribe", M(""));
	client_fence(a);
	assert_int_equal(a->mails, parameters());
	for (uint32_t i = 0; i < a->mails; i++)
		if (!strcmp(a->mail[i].address, "/strip/2/gain"))
			assert_true(osc_arg_float(lo_message_get_argv(
					    a->mail[i].message)[0]) == -6.0f);
	assert_int_equal(client_count(a, "/strip/2/gain"), 1);
	assert_int_equal(client_count(a, "/bus/loop/mute"), 1);
	/* Renewed: what it names comes once more, in its time. */
	client_send(a, "/subscribe", M("s", "/strip/*/gain"));
	client_forget(a);
	while (client_count(a, "/strip/16/gain") == 0)
		client_read(a);
	assert_int_equal(a->mails, 16);
	/* /resync: all of it once more. */
	client_send(a, "/resync", M(""));
	client_fence(a);
	assert_int_equal(a->mails, parameters());
}

static void
two_subscribers_hear_each_other_and_not_themselves(void **state)
{
	uint64_t start_ns;

	(void)state;
	subscribe(a, "/strip/1/{gain,mute,fader}", 3);
	subscribe(b, "/strip/1/{gain,mute,fader}", 3);
	start_ns = loop_now_ns();
	client_send(a, "/strip/1/gain", M("f", -6.0));
	assert_true(
		osc_arg_float(client_until(b, "/strip/1/gain")[0]) == -6.0f);
	client_fence(a);
	/* The fader it did not move itself. */
	assert_int_equal(client_count(a, "/strip/1/gain"), 0);
	assert_int_equal(client_count(a, "/strip/1/fader"), a->mails);
	assert_in_range(a->mails, 1, times_since(start_ns));

	client_send(b, "/strip/1/mute", M("i", 1));
	assert_int_equal(osc_arg_int(client_until(a, "/strip/1/mute")[0]), 1);
	client_fence(b);
	assert_int_equal(client_count(b, "/strip/1/mute"), 0);
}

static void
who_toggles_is_told_what_came_of_it(void **state)
{
	(void)state;
	subscribe(a, "/strip/1/{gain,mute}", 2);
	subscribe(b, "/strip/1/mute", 1);
	client_send(a, "/strip/1/mute/toggle", M("f", 1.0));
	assert_int_equal(osc_arg_int(client_until(a, "/strip/1/mute")[0]), 1);
	assert_int_equal(osc_arg_int(client_until(b, "/strip/1/mute")[0]), 1);
	client_send(a, "/strip/1/gain/step", M("f", -3.0));
	assert_true(
		osc_arg_float(client_until(a, "/strip/1/gain")[0]) == -3.0f);
}

/* It may be told meanwhile. */
static void
move(struct client *c, double db)
{
	client_send(c, "/strip/1/gain", M("f", db));
	client_fence(c);
}

static void
what_its_own_change_overtook_is_not_sent(void **state)
{
	(void)state;
	subscribe(a, "/strip/1/gain", 1);
	subscribe(b, "/strip/1/gain", 1);
	for (int i = 1; i <= 30; i++) {
		/* The second of them waits for its 60th of a second. */
		move(b, -1.0);
		move(b, -2.0);
		client_send(a, "/strip/1/gain", M("f", -50.0 - i));
		while (osc_arg_float(client_until(b, "/strip/1/gain")[0]) !=
			-50.0f - (float)i)
			;
		client_fence(a);
		for (uint32_t k = 0; k < a->mails; k++)
			assert_true(osc_arg_float(lo_message_get_argv(
					    a->mail[k].message)[0]) > -50.0f);
	}
}

static void
changes_are_coalesced_and_the_last_one_comes(void **state)
{
	uint64_t start_ns, took_ns, last_ns;
	uint32_t n = 0;
	float value;

	(void)state;
	subscribe(b, "/strip/1/gain", 1);
	start_ns = last_ns = loop_now_ns();
	for (int i = 1; i <= 20000; i++) {
		if (i == 20000)
			last_ns = loop_now_ns();
		client_send(a, "/strip/1/gain", M("f", -i / 1000.0));
		if (i % 100 == 0)
			client_fence(a); /* what the kernel can hold */
	}
	do {
		value = osc_arg_float(client_until(b, "/strip/1/gain")[0]);
		n++;
	} while (value != -20.0f);
	took_ns = loop_now_ns() - start_ns;
	assert_true(n >= 2);
	assert_true(n <= 2 + took_ns / (1000000000 / 60));
	client_fence(b);
	assert_in_range(b->mails, 0, times_since(last_ns) - 1);
}

static void
a_subscription_ends_with_its_lease(void **state)
{
	(void)state;
	client_send(a, "/subscribe", M("sf", "/strip/1/mute", LEASE_S));
	client_fence(a);
	assert_int_equal(a->mails, 1);
	assert_true(client_status(b, "osc_subscribers") == 1.0);
	client_send(b, "/strip/1/mute", M("i", 1));
	assert_int_equal(osc_arg_int(client_until(a, "/strip/1/mute")[0]), 1);

	client_status_falls(b, "osc_subscribers", 0.0);
	client_fence(a);
	client_forget(a); /* that was said twice, since it may be lost */
	client_set(b, "/strip/1/mute", M("i", 0));
	client_fence(a);
	assert_int_equal(a->mails, 0);
	client_refused(a, "/resync", M(""), "lease");
}

static void
a_lease_is_renewed(void **state)
{
	uint64_t start_ns = loop_now_ns();

	(void)state;
	client_send(a, "/subscribe", M("sf", "/strip/1/mute", LEASE_S));
	/* Renewed as fast as it goes for more than twice its time. */
	while (loop_now_ns() - start_ns < 2.5 * LEASE_S * 1e9) {
		client_set(b, "/strip/1/mute", M("i", 0));
		client_send(a, "/subscribe", M("sf", "/strip/1/mute", LEASE_S));
		client_fence(a);
	}
	client_set(b, "/strip/1/mute", M("i", 1));
	assert_int_equal(osc_arg_int(client_until(a, "/strip/1/mute")[0]), 1);
}

static void
unsubscribing_ends_it(void **state)
{
	(void)state;
	subscribe(a, "/strip/1/mute", 1);
	client_set(a, "/unsubscribe", M(""));
	client_set(b, "/strip/1/mute", M("i", 1));
	client_fence(a);
	assert_int_equal(a->mails, 0);
	client_refused(a, "/unsubscribe", M(""), "no subscription");
}

static void
a_subscription_that_cannot_be_is_refused(void **state)
{
	(void)state;
	client_refused(a, "/subscribe", M("s", "/nothing/*"), "no address");
	client_refused(a, "/subscribe", M("ss", "/strip/*", "x"), "allowed");
	client_refused(a, "/subscribe", M("f", (double)NAN), "allowed");
	client_refused(
		a, "/subscribe", M("sfff", "/x", 1.0, 1.0, 1.0), "allowed");
	client_refused(a, "/meters", M("s", "fast"), "allowed");
	client_refused(a, "/meters", M("f", (double)NAN), "allowed");
}

static void
there_may_be_32_subscribers(void **state)
{
	struct client *many[32];

	(void)state;
	for (int i = 0; i < 32; i++) {
		many[i] = client_new(&rig, i % 2);
		subscribe(many[i], "/strip/1/mute", 1);
	}
	client_refused(a, "/subscribe", M(""), "32 subscribers");
	client_set(b, "/strip/1/mute", M("i", 1));
	for (int i = 0; i < 32; i++) {
		assert_int_equal(
			osc_arg_int(client_until(many[i], "/strip/1/mute")[0]),
			1);
		client_free(many[i]);
	}
	/* Those over TCP are gone with their connection. */
	client_status_falls(b, "osc_subscribers", 16.0);
	subscribe(a, "/strip/1/mute", 1);
}

static void
what_is_to_come_tells_its_sender_what_follows(void **state)
{
	lo_bundle later = lo_bundle_new(timetag_in(0.15));

	(void)state;
	subscribe(a, "/strip/1/{gain,fader}", 2);
	lo_bundle_add_message(later, "/strip/1/gain", M("f", -6.0));
	client_send_bundle(a, later);
	assert_true(
		osc_arg_float(client_until(a, "/strip/1/fader")[0]) < 0.75f);
	client_fence(a);
	assert_int_equal(client_count(a, "/strip/1/gain"), 0);
	/* A value that was altered is told, too. */
	later = lo_bundle_new(timetag_in(0.15));
	lo_bundle_add_message(later, "/strip/1/gain", M("f", 60.0));
	client_send_bundle(a, later);
	assert_true(
		osc_arg_float(client_until(a, "/strip/1/gain")[0]) == 12.0f);
}

static void
a_subscription_may_be_on_a_button(void **state)
{
	struct client *c = client_new(&rig, false);

	(void)state;
	client_send(a, "/subscribe", M("f", 1.0)); /* no second of a lease */
	client_until(a, "/strip/1/mute");
	client_set(b, "/subscribe", M("f", 0.0));
	client_set(b, "/subscribe", M("sF", "/strip/1/mute"));
	assert_true(client_status(b, "osc_subscribers") == 1.0);
	client_send(b, "/subscribe", M("sT", "/strip/1/mute"));
	client_until(b, "/strip/1/mute");
	client_send(a, "/subscribe", M("f", 0.0));
	client_send(a, "/unsubscribe", M("i", 0));
	client_send(a, "/resync", M("f", 0.0));
	/* A lease that ends when one of a second would have. */
	client_send(c, "/subscribe", M("sf", "/strip/1/mute", 1.1));
	client_fence(c);
	client_status_falls(c, "osc_subscribers", 2.0);
	client_send(a, "/unsubscribe", M("f", 1.0));
	client_status_falls(b, "osc_subscribers", 1.0);
	client_free(c);
}

static void
a_button_that_is_let_go_does_nothing(void **state)
{
	(void)state;
	client_set(b, "/panic", M("f", 0.0));
	client_set(b, "/panic", M("i", 0));
	client_set(b, "/panic", M("F"));
	assert_true(client_get(b, "/strip/1/mute") == 0.0);
	client_set(b, "/panic", M("f", 1.0));
	assert_true(client_get(b, "/strip/16/mute") == 1.0);
	client_refused(b, "/panic", M("s", "please"), "none, or 1");
	client_refused(b, "/panic", M("ff", 1.0, 1.0), "none, or 1");
	client_ask(b, "/retake", M("f", 1.0), "/retake", "i");
}

static _Atomic int cancels;

static bool
takes_nothing(void *data, const struct param_change *change, bool by_quantise,
	uint32_t source, enum param_when when)
{
	(void)data;
	(void)change;
	(void)by_quantise;
	(void)source;
	(void)when;
	return false;
}

static void
on_cancel(void *data, const char *why)
{
	(void)data;
	assert_string_equal(why, "panic");
	cancels++;
}

static void
panic_leaves_nothing_that_waits(void **state)
{
	const struct param_gate gate = {
		.take = takes_nothing, .cancel = on_cancel};

	(void)state;
	client_fence(a); /* it waits for the next request */
	param_set_gate(model_params(rig.model), &gate);
	client_set(a, "/panic", M("f", 1.0));
	client_fence(a);
	param_set_gate(model_params(rig.model), NULL);
	assert_int_equal(cancels, 1);
}

static void
panic_mutes_every_strip_and_is_seen(void **state)
{
	(void)state;
	subscribe(a, "/strip/*/mute", 16);
	client_forget(a);
	client_send(a, "/panic", M(""));
	client_send(b, "/strip/*/mute", M(""));
	client_fence(b);
	assert_int_equal(b->mails, 16);
	for (int i = 0; i < 16; i++)
		assert_int_equal(
			osc_arg_int(lo_message_get_argv(b->mail[i].message)[0]),
			1);
	while (client_count(a, "/strip/16/mute") == 0)
		client_read(a);
	assert_int_equal(a->mails, 16);
}

static void
a_client_that_listens_elsewhere_says_so(void **state)
{
	struct sockaddr_in own;
	socklen_t len = sizeof(own);

	(void)state;
	assert_int_equal(getsockname(b->fd, (struct sockaddr *)&own, &len), 0);
	client_send(a, "/reply-to", M("i", ntohs(own.sin_port)));
	client_send(a, "/strip/1/gain", M(""));
	assert_true(osc_arg_float(client_until(b, "/strip/1/gain")[0]) == 0.0f);
	client_send(a, "/subscribe", M("s", "/strip/1/mute"));
	assert_int_equal(osc_arg_int(client_until(b, "/strip/1/mute")[0]), 0);
	client_send(a, "/reply-to", M("i", osc_port(rig.osc)));
	assert_string_equal(
		osc_arg_text(client_until(b, "/error")[0]), "/reply-to");
	client_send(a, "/reply-to", M("i", 70000));
	assert_string_equal(
		osc_arg_text(client_until(b, "/error")[0]), "/reply-to");
}

static void
a_listed_peer_is_told_without_asking(void **state)
{
	struct osc_config config = rig_config();
	struct sockaddr_in own = {.sin_family = AF_INET};
	socklen_t len = sizeof(own);
	struct client surface = {.fd = socket(AF_INET, SOCK_DGRAM, 0)};
	struct client *other;
	struct rig second;

	(void)state;
	own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(
		bind(surface.fd, (struct sockaddr *)&own, sizeof(own)), 0);
	getsockname(surface.fd, (struct sockaddr *)&own, &len);
	snprintf(config.push[0], sizeof(config.push[0]), "127.0.0.1:%u",
		ntohs(own.sin_port));
	config.pushes = 1;
	assert_int_equal(rig_open(&second, &config, NULL, NULL), 0);
	other = client_new(&second, false);
	assert_true(osc_arg_float(client_until(&surface, "/strip/5/gain")[0]) ==
		    0.0f);
	client_send(other, "/strip/5/gain", M("f", -3.0));
	while (osc_arg_float(client_until(&surface, "/strip/5/gain")[0]) !=
		-3.0f)
		;
	client_free(other);
	client_forget(&surface);
	close(surface.fd);
	rig_close(&second);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, two_close)
		T(the_full_state_comes_first),
		T(two_subscribers_hear_each_other_and_not_themselves),
		T(who_toggles_is_told_what_came_of_it),
		T(what_its_own_change_overtook_is_not_sent),
		T(changes_are_coalesced_and_the_last_one_comes),
		T(a_subscription_ends_with_its_lease),
		T(a_lease_is_renewed),
		T(unsubscribing_ends_it),
		T(a_subscription_that_cannot_be_is_refused),
		T(there_may_be_32_subscribers),
		T(what_is_to_come_tells_its_sender_what_follows),
		T(a_subscription_may_be_on_a_button),
		T(a_button_that_is_let_go_does_nothing),
		T(panic_mutes_every_strip_and_is_seen),
		T(panic_leaves_nothing_that_waits),
		T(a_client_that_listens_elsewhere_says_so),
		T(a_listed_peer_is_told_without_asking),
	};

	return cmocka_run_group_tests_name("osc feedback", tests, NULL, NULL);
}
