/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who gets a place among a bounded number. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/osc_rig_net.h"

#define MANY 40

/* It is told why before it is closed. */
static void
client_turned_away(struct client *c, const char *words)
{
	struct mail *mail;
	lo_arg **arg;
	size_t size;

	client_forget(c);
	mail = client_read(c);
	arg = lo_message_get_argv(mail->message);
	assert_string_equal(mail->address, "/error");
	if (!strstr(osc_arg_text(arg[1]), words))
		fail_msg("\"%s\"", osc_arg_text(arg[1]));
	assert_null(client_packet(c, &size));
}

static void
one_machine_has_8_connections_and_this_one_is_served(void **state)
{
	struct client *c[MANY], *cli;

	(void)state;
	listen_with(NULL);
	for (uint32_t i = 0; i < 8; i++) {
		c[i] = far_client(0, true);
		client_fence(c[i]);
	}
	c[8] = far_client(0, true);
	client_turned_away(c[8], "8 clients over TCP");
	c[9] = far_client(1, true);
	client_fence(c[9]);
	cli = near_client(true);
	client_fence(cli);
	for (uint32_t i = 0; i < 10; i++)
		client_free(c[i]);
	client_free(cli);
}

static void
other_machines_leave_8_places_to_this_one(void **state)
{
	struct client *c[MANY];
	uint32_t n = 0;

	(void)state;
	listen_with(NULL);
	for (; n < 24; n++) {
		c[n] = far_client(n / 8, true);
		client_fence(c[n]);
	}
	c[n] = far_client(3, true);
	client_turned_away(c[n++], "24 of others");
	for (uint32_t i = 0; i < 8; i++) {
		c[n] = near_client(true);
		client_fence(c[n++]);
	}
	c[n] = near_client(true);
	client_turned_away(c[n++], "32 clients over TCP");
	while (n > 0)
		client_free(c[--n]);
}

static void
who_was_silent_the_longest_makes_room(void **state)
{
	const struct osc_patience none = {0, 60000, 30000};
	struct client *c[MANY], *cli;

	(void)state;
	listen_with(&none);
	for (uint32_t i = 0; i < 32; i++) {
		c[i] = near_client(true);
		client_fence(c[i]);
	}
	client_fence(c[0]); /* so that it is not the first any more */
	cli = near_client(true);
	client_fence(cli);
	client_closed(c[1]);
	client_fence(c[0]);
	for (uint32_t i = 0; i < 32; i++)
		client_free(c[i]);
	client_free(cli);
}

static void
a_silent_surface_with_a_subscription_keeps_its_place(void **state)
{
	const struct osc_patience none = {0, 60000, 30000};
	struct client *c[MANY], *cli;

	(void)state;
	listen_with(&none);
	for (uint32_t i = 0; i < 32; i++) {
		c[i] = near_client(true);
		if (i != 5)
			client_send(c[i], "/subscribe",
				M("sf", "/strip/1/gain", 3600.0));
		client_fence(c[i]);
	}
	cli = near_client(true);
	client_fence(cli);
	client_closed(c[5]);
	for (uint32_t i = 0; i < 32; i++)
		client_free(c[i]);
	client_free(cli);
}

static void
who_connects_and_says_nothing_is_sent_away(void **state)
{
	const struct osc_patience short_one = {10000, 1, 30000};
	struct client *silent, *spoke;

	(void)state;
	listen_with(&short_one);
	silent = near_client(true);
	spoke = near_client(true);
	client_fence(spoke);
	client_closed(silent);
	client_fence(spoke); /* it has been silent as long */
	client_free(silent);
	client_free(spoke);
}

/* One byte each second of 65,536 promised. */
static void
a_packet_that_does_not_end_is_not_waited_for(void **state)
{
	const struct osc_patience short_one = {10000, 60000, 1};
	struct client *slow, *other;

	(void)state;
	listen_with(&short_one);
	slow = near_client(true);
	other = near_client(true);
	client_fence(slow);
	client_fence(other);
	client_send_bytes(slow, "\0\1\0\0/a", 6);
	client_closed(slow);
	client_fence(other);
	client_free(slow);
	client_free(other);
}

static void
subscribe(struct client *c)
{
	client_send(c, "/subscribe", M("sf", "/strip/1/mute", 3600.0));
	client_fence(c);
	assert_int_equal(client_count(c, "/error"), 0);
}

/* So many, each from a port of its own, since all are there at once. */
static void
subscribers_open(struct client **c, uint32_t n, bool far)
{
	for (uint32_t i = 0; i < n; i++) {
		c[i] = far ? far_client(i / 8, false) : near_client(false);
		subscribe(c[i]);
	}
}

static void
subscribers_free(struct client **c, uint32_t n)
{
	while (n > 0)
		client_free(c[--n]);
}

static void
subscribers_that_have_gone_make_room(void **state)
{
	static const char *const bind[] = {"0.0.0.0", "::"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct osc_config config = rig_config();
		struct client *mover, *tablet, *many[MANY];
		uint64_t start_ns;
		int mute = 0;

		snprintf(config.bind, sizeof(config.bind), "%s", bind[i]);
		assert_int_equal(rig_open(&rig, &config, NULL, NULL), 0);
		mover = near_client(false);
		tablet = near_client(false);
		subscribers_open(many, 32, false);
		client_refused(tablet, "/subscribe", M(""), "32 subscribers");
		subscribers_free(many, 32);
		/* What is sent to the dead ports comes back. */
		start_ns = loop_now_ns();
		do {
			not_for_ever(start_ns);
			mute = !mute;
			client_set(mover, "/strip/1/mute", M("i", mute));
			client_send(tablet, "/subscribe",
				M("sf", "/strip/2/gain", 3600.0));
			client_fence(tablet);
		} while (client_count(tablet, "/error") > 0);
		while (client_status(mover, "osc_subscribers") > 1.0) {
			not_for_ever(start_ns);
			mute = !mute;
			client_set(mover, "/strip/1/mute", M("i", mute));
		}
		client_set(mover, "/strip/2/gain", M("f", -6.0));
		client_until(tablet, "/strip/2/gain");
		client_free(mover);
		client_free(tablet);
		if (i == 0)
			rig_close(&rig);
	}
}

static void
other_machines_leave_8_subscriptions_to_this_one(void **state)
{
	struct client *many[MANY], *c;

	(void)state;
	listen_with(NULL);
	subscribers_open(many, 24, true);
	c = far_client(0, false);
	client_refused(c, "/subscribe", M(""), "your machine has 8");
	client_free(c);
	c = far_client(3, false);
	client_refused(c, "/subscribe", M(""), "24 of others");
	client_free(c);
	c = near_client(false);
	subscribe(c);
	client_free(c);
	subscribers_free(many, 24);
}

static void
a_subscriber_that_renews_stays_where_another_makes_room(void **state)
{
	const struct osc_patience none = {0, 60000, 30000};
	struct client *many[MANY];

	(void)state;
	listen_with(&none);
	subscribers_open(many, 32, false);
	subscribe(many[0]); /* so that it is not the first any more */
	subscribers_open(many + 32, 1, false);
	client_set(many[32], "/strip/1/mute", M("i", 1));
	client_until(many[0], "/strip/1/mute");
	client_fence(many[1]);
	assert_int_equal(client_count(many[1], "/strip/1/mute"), 0);
	subscribers_free(many, 33);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_teardown(f, net_close)
		T(one_machine_has_8_connections_and_this_one_is_served),
		T(other_machines_leave_8_places_to_this_one),
		T(who_was_silent_the_longest_makes_room),
		T(a_silent_surface_with_a_subscription_keeps_its_place),
		T(who_connects_and_says_nothing_is_sent_away),
		T(a_packet_that_does_not_end_is_not_waited_for),
		T(subscribers_that_have_gone_make_room),
		T(other_machines_leave_8_subscriptions_to_this_one),
		T(a_subscriber_that_renews_stays_where_another_makes_room),
	};

	if (!net_own()) {
		puts("not tested: no network namespace can be made here");
		return 0;
	}
	return cmocka_run_group_tests_name("osc places", tests, NULL, NULL);
}
