/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The OSC server among other machines. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/net_rig.h"
#include "tests/osc_rig.h"

#define US   "198.51.100.1"
#define PEER "198.51.100.7"

static struct rig rig;

/* Listens everywhere, and hears this one peer. */
static void
listen_to(const char *peer)
{
	struct osc_config config = rig_config();

	snprintf(config.bind, sizeof(config.bind), "0.0.0.0");
	config.peers = *peer ? 1 : 0;
	snprintf(config.peer[0], sizeof(config.peer[0]), "%s", peer);
	assert_int_equal(rig_open(&rig, &config, NULL, NULL), 0);
	snprintf(rig.host, sizeof(rig.host), US);
}

static int
teardown(void **state)
{
	(void)state;
	rig_close(&rig);
	return 0;
}

static struct client *
client_of(const char *source, bool tcp)
{
	snprintf(rig.source, sizeof(rig.source), "%s", source);
	return client_new(&rig, tcp);
}

/* ---- who is heard ---- */

static void
strangers_are_not_heard(void **state)
{
	struct client *near, *far, *stream;

	(void)state;
	listen_to("198.51.100.8");
	far = client_of(PEER, false);
	stream = client_of(PEER, true);
	client_send(far, "/strip/1/gain", M("f", -6.0));
	client_closed(stream);
	snprintf(rig.host, sizeof(rig.host), "127.0.0.1");
	near = client_of("", false);
	assert_true(client_status(near, "osc_strangers") == 2.0);
	assert_true(client_get(near, "/strip/1/gain") == 0.0);
	assert_false(client_wait(far, 0));
	client_free(near);
	client_free(far);
	client_free(stream);
}

static void
a_listed_peer_is_heard(void **state)
{
	struct client *far, *stream;

	(void)state;
	listen_to(PEER);
	far = client_of(PEER, false);
	stream = client_of(PEER, true);
	client_set(far, "/strip/1/gain", M("f", -6.0));
	assert_true(client_get(stream, "/strip/1/gain") == -6.0);
	assert_true(client_status(stream, "osc_strangers") == 0.0);
	client_free(far);
	client_free(stream);
}

static void
a_listed_subnet_is_heard(void **state)
{
	struct client *far;

	(void)state;
	listen_to("198.51.100.0/29");
	far = client_of(PEER, false);
	client_set(far, "/strip/1/gain", M("f", -6.0));
	client_free(far);
	far = client_of("198.51.100.8", false);
	client_send(far, "/strip/1/gain", M("f", -7.0));
	client_free(far);
	snprintf(rig.host, sizeof(rig.host), "127.0.0.1");
	far = client_of("", false);
	assert_true(client_get(far, "/strip/1/gain") == -6.0);
	client_free(far);
}

static void
this_machine_s_own_addresses_are_no_strangers(void **state)
{
	struct client *own;

	(void)state;
	listen_to("");
	assert_int_equal(system("PATH=$PATH:/usr/sbin:/sbin; "
				"ip addr add 192.0.2.5/32 dev lo"),
		0);
	own = client_of("192.0.2.5", false);
	client_set(own, "/strip/1/gain", M("f", -6.0));
	client_free(own);
	own = client_of("192.0.2.5", true);
	assert_true(client_get(own, "/strip/1/gain") == -6.0);
	client_free(own);
}

/* ---- where answers come from ---- */

/* A socket that is connected hears nothing from elsewhere. */
static void
an_answer_leaves_from_the_address_that_was_asked(void **state)
{
	static const char *const hosts[] = {US, "198.51.100.2", "203.0.113.9"};

	(void)state;
	listen_to(PEER);
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		struct client *far;

		snprintf(rig.host, sizeof(rig.host), "%s", hosts[i]);
		far = client_of(PEER, false);
		client_fence(far);
		client_send(far, "/list", M("")); /* paced: sent later */
		client_fence(far);
		client_free(far);
	}
}

static void
over_both_families_too(void **state)
{
	struct osc_config config = rig_config();
	struct client *far;

	(void)state;
	snprintf(config.bind, sizeof(config.bind), "::");
	config.peers = 1;
	snprintf(config.peer[0], sizeof(config.peer[0]), PEER);
	assert_int_equal(rig_open(&rig, &config, NULL, NULL), 0);
	snprintf(rig.host, sizeof(rig.host), "203.0.113.9");
	far = client_of(PEER, false);
	client_fence(far);
	client_free(far);
}

static void
bound_to_one_address_this_machine_is_served_all_the_same(void **state)
{
	struct osc_config config = rig_config();
	struct client *c;

	(void)state;
	snprintf(config.bind, sizeof(config.bind), US);
	assert_int_equal(rig_open(&rig, &config, NULL, NULL), 0);
	for (int tcp = 0; tcp <= 1; tcp++) {
		c = client_of("", tcp);
		client_set(c, "/strip/1/gain", M("f", -6.0));
		client_free(c);
	}
	snprintf(rig.host, sizeof(rig.host), US);
	c = client_of(US, false);
	client_set(c, "/strip/1/gain", M("f", -6.0));
	client_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_teardown(f, teardown)
		T(strangers_are_not_heard),
		T(a_listed_peer_is_heard),
		T(a_listed_subnet_is_heard),
		T(this_machine_s_own_addresses_are_no_strangers),
		T(an_answer_leaves_from_the_address_that_was_asked),
		T(over_both_families_too),
		T(bound_to_one_address_this_machine_is_served_all_the_same),
	};

	if (!net_own()) {
		puts("not tested: no network namespace can be made here");
		return 0;
	}
	return cmocka_run_group_tests_name("osc network", tests, NULL, NULL);
}
