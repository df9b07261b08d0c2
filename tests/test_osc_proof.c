/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who has not proved where it is. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "control/osc/answers/osc_proof.h"
#include "tests/osc_rig_net.h"

#define MANY 40

/* Bytes of what came to a client that reads them raw. */
static size_t
bytes_that_came(struct client *c)
{
	size_t bytes = 0;
	ssize_t got;

	while ((got = recv(c->fd, c->in, sizeof(c->in), MSG_DONTWAIT)) > 0)
		bytes += (size_t)got;
	return bytes;
}

static size_t
send_counted(struct client *c, const char *address, lo_message m)
{
	size_t size = lo_message_length(m, address);

	client_send(c, address, m);
	return size;
}

/* The bound of what one request is answered with, whatever it is, at once and
 * later: feedback and meters go on while the lease lasts. */
static void
expect_no_more_than_it_sent(
	struct client *near, const char *address, lo_message m)
{
	struct client *c = far_client(0, false);
	size_t sent, came = 0;

	/* Several times, or there would be no room for anything. */
	sent = send_counted(c, address, lo_message_clone(m));
	sent += send_counted(c, address, lo_message_clone(m));
	sent += send_counted(c, address, m);
	for (int i = 0; i < 30; i++) {
		client_set(near, "/strip/*/gain", M("f", -(double)i));
		came += bytes_that_came(c);
	}
	came += bytes_that_came(c);
	if (came > sent + 200)
		fail_msg("%s: %zu bytes for %zu", address, came, sent);
	if (came == 0)
		fail_msg("%s: nothing came", address);
	client_free(c);
	client_send(near, "/unsubscribe", M(""));
}

static void
nobody_is_sent_more_than_it_sent_before_it_has_proved_itself(void **state)
{
	struct client *near;

	(void)state;
	for (int i = 0; i < 9; i++) {
		listen_with(NULL);
		near = near_client(false);
		expect_no_more_than_it_sent(near,
			(const char *const[]){"/list", "/*/*/*", "/subscribe",
				"/meters", "/status", "/x", "/info",
				"/meters/*/*", "/strip/*/name"}[i],
			i == 2		   ? M("f", 86400.0)
			: i == 3 || i == 7 ? M("i", 60)
					   : M(""));
		client_free(near);
		if (i < 8)
			rig_close(&rig);
	}
}

/* What many ports of one machine are sent is one machine's. */
static void
many_ports_are_one_machine(void **state)
{
	struct client *c[MANY], *near;
	size_t sent = 0, came = 0;

	(void)state;
	listen_with(NULL);
	near = near_client(false);
	for (int i = 0; i < MANY; i++) {
		c[i] = far_client(0, false);
		sent += send_counted(c[i], "/list", M(""));
	}
	client_fence(near);
	for (int i = 0; i < MANY; i++) {
		came += bytes_that_came(c[i]);
		client_free(c[i]);
	}
	if (came > sent + 200)
		fail_msg("%zu bytes for %zu", came, sent);
	client_free(near);
}

/* More machines than are counted, in turn: nobody's count begins anew. */
static void
many_machines_are_sent_no_more_each(void **state)
{
	enum { MACHINES = OSC_PROOF_HOSTS + 16, TURNS = 10 };
	struct client *c[MACHINES], *near;
	size_t sent = 0, came;

	(void)state;
	listen_with(NULL);
	for (uint32_t i = 0; i < MACHINES; i++)
		c[i] = far_client(i, false);
	near = near_client(false);
	for (int turn = 0; turn < TURNS; turn++) {
		sent = TURNS * send_counted(c[0], "/info", M(""));
		for (uint32_t i = 1; i < MACHINES; i++)
			client_send(c[i], "/info", M(""));
		client_fence(near);
	}
	for (uint32_t i = 0; i < MACHINES; i++) {
		came = bytes_that_came(c[i]);
		if (came > sent + 200)
			fail_msg("%zu bytes for %zu", came, sent);
		client_free(c[i]);
	}
	client_free(near);
}

static void
who_has_proved_itself_is_served_in_full(void **state)
{
	struct client *c;

	(void)state;
	listen_with(NULL);
	c = far_client(0, false);
	client_send(c, "/subscribe", M(""));
	client_send(c, "/list", M(""));
	client_until(c, "/bus/loop/mute"); /* the last value */
	client_until(c, "/list");
	client_fence(c);
	client_free(c);
}

/* Reads until it is asked, and keeps what it was asked with. */
static void
read_token(struct client *c, char token[16])
{
	lo_arg **arg;

	c->proves_nothing = true;
	arg = client_until(c, "/prove");
	snprintf(token, 16, "%s", osc_arg_text(arg[0]));
	assert_int_equal(strspn(token, "0123456789abcdef"), 8);
	assert_int_equal(strlen(token), 8);
}

static void
a_token_that_was_not_given_proves_nothing(void **state)
{
	struct client *c, *near;
	size_t sent, came;
	char token[16];

	(void)state;
	listen_with(NULL);
	near = near_client(false);
	c = far_client(0, false);
	sent = send_counted(c, "/list", M(""));
	read_token(c, token);
	token[0] = token[0] == '0' ? '1' : '0';
	sent += send_counted(c, "/prove", M("s", token));
	sent += send_counted(c, "/prove", M("s", ""));
	sent += send_counted(c, "/prove", M("i", 1));
	client_fence(near);
	came = bytes_that_came(c);
	assert_true(came <= sent + 200);
	client_free(c);
	client_free(near);
}

/* It listens at another port than it speaks from, as TouchOSC may. */
static void
the_port_that_answers_go_to_is_asked_and_any_port_may_say_so(void **state)
{
	struct client *ear, *mouth;
	struct sockaddr_storage own;
	socklen_t len = sizeof(own);
	char token[16];

	(void)state;
	listen_with(NULL);
	ear = far_client(0, false);
	mouth = far_client(0, false);
	getsockname(ear->fd, (struct sockaddr *)&own, &len);
	client_send(mouth, "/reply-to",
		M("i", ntohs(((struct sockaddr_in *)(void *)&own)->sin_port)));
	client_send(mouth, "/list", M(""));
	read_token(ear, token);
	client_send(mouth, "/prove", M("s", token));
	for (int i = 0; i < 100; i++)
		client_until(ear, "/list");
	client_free(ear);
	client_free(mouth);
}

/* A datagram may be lost: who renews is asked again. */
static void
a_lost_question_is_asked_again(void **state)
{
	uint64_t start_ns = loop_now_ns();
	bool again = false;
	struct client *c;
	char token[16];

	(void)state;
	listen_with(NULL);
	c = far_client(0, false);
	client_send(c, "/subscribe", M("sf", "/strip/*/gain", 10.0));
	read_token(c, token); /* and is silent about it */
	while (!again) {
		not_for_ever(start_ns);
		client_send(c, "/subscribe", M("sf", "/strip/*/gain", 10.0));
		while (!again && client_wait(c, 250)) {
			client_forget(c);
			again = strcmp(client_read(c)->address, "/prove") == 0;
		}
	}
	c->proves_nothing = false;
	do {
		not_for_ever(start_ns);
		client_send(c, "/subscribe", M("sf", "/strip/*/gain", 10.0));
		client_wait(c, 250);
		client_forget(c);
	} while (strcmp(client_read(c)->address, "/strip/16/gain") != 0);
	client_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_teardown(f, net_close)
		T(nobody_is_sent_more_than_it_sent_before_it_has_proved_itself),
		T(many_ports_are_one_machine),
		T(many_machines_are_sent_no_more_each),
		T(who_has_proved_itself_is_served_in_full),
		T(a_token_that_was_not_given_proves_nothing),
		T(the_port_that_answers_go_to_is_asked_and_any_port_may_say_so),
		T(a_lost_question_is_asked_again),
	};

	if (!net_own()) {
		puts("not tested: no network namespace can be made here");
		return 0;
	}
	return cmocka_run_group_tests_name("osc proof", tests, NULL, NULL);
}
