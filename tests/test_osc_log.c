/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the OSC server's log says of its peers. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/net_rig.h"
#include "tests/osc_rig.h"

#define US	 "198.51.100.1"
#define PEER	 "198.51.100.7"
#define STRANGER "198.51.100.8"

static struct rig rig;
static char logged[8192];

/* On the loop's thread; read by the tests behind a fence. */
static void
on_log(void *data, const char *line)
{
	size_t used = strlen(logged);

	(void)data;
	snprintf(logged + used, sizeof(logged) - used, "%s\n", line);
}

static void
open_for(uint32_t peers)
{
	const struct services_source source = {.osc = {.log = on_log}};
	struct osc_config config = rig_config();

	logged[0] = '\0';
	snprintf(config.bind, sizeof(config.bind), "0.0.0.0");
	config.network = peers == 0;
	config.peers = peers;
	snprintf(config.peer[0], sizeof(config.peer[0]), PEER);
	assert_int_equal(rig_open(&rig, &config, NULL, &source), 0);
}

static int
setup(void **state)
{
	(void)state;
	open_for(1);
	snprintf(rig.host, sizeof(rig.host), US);
	return 0;
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

static struct client *
near_client(void)
{
	struct client *c;

	snprintf(rig.host, sizeof(rig.host), "127.0.0.1");
	c = client_of("", false);
	snprintf(rig.host, sizeof(rig.host), US);
	return c;
}

static uint32_t
count(const char *words)
{
	uint32_t n = 0;

	for (const char *at = logged; (at = strstr(at, words)); at++)
		n++;
	return n;
}

/* What is said to be ahead, in seconds. */
static double
ahead(void)
{
	const char *at = strstr(logged, "bundles are for ");
	double s = 0.0;

	assert_non_null(at);
	assert_int_equal(sscanf(at, "bundles are for %lf s", &s), 1);
	return s;
}

static void
send_ahead(struct client *c, double seconds)
{
	lo_bundle b = lo_bundle_new(timetag_in(seconds));

	lo_bundle_add_message(b, "/strip/1/gain", M("f", -6.0));
	client_send_bundle(c, b);
	client_fence(c);
}

static void
a_clock_that_is_ahead_is_told_once(void **state)
{
	struct client *far = client_of(PEER, false);
	struct client *near = near_client();
	uint64_t start_ns;
	double took;

	(void)state;
	send_ahead(far, 0.05); /* latency, as many have it */
	send_ahead(near, 3.0); /* this machine has one clock */
	assert_int_equal(count("clock"), 0);
	start_ns = loop_now_ns();
	send_ahead(far, 3.25);
	took = (double)(loop_now_ns() - start_ns) / 1e9; /* and it is nearer */
	send_ahead(far, 3.25);
	assert_int_equal(count("clock is ahead"), 1);
	assert_int_equal(count("udp " PEER ":"), 1);
	assert_true(ahead() <= 3.2505 && ahead() > 3.249 - took);
	client_free(near);
	client_free(far);
}

static void
who_comes_by_tcp_is_called_so(void **state)
{
	struct client *stranger = client_of(STRANGER, true);
	struct client *near = near_client();

	(void)state;
	client_closed(stranger);
	client_fence(near);
	assert_int_equal(count("tcp " STRANGER ":"), 1);
	assert_int_equal(count("udp " STRANGER ":"), 0);
	client_free(near);
	client_free(stranger);
}

static void
who_is_not_heard_is_told_why(void **state)
{
	for (uint32_t peers = 0; peers < 2; peers++) {
		struct client *stranger, *near;

		rig_close(&rig);
		open_for(peers);
		stranger = client_of(STRANGER, false);
		near = near_client();
		client_send(stranger, "/strip/1/gain", M("f", 1.0));
		client_fence(near);
		client_fence(near); /* of another socket, read after it */
		assert_int_equal(count("udp " STRANGER ":"), 1);
		assert_int_equal(count(peers ? "none of the peers"
					     : "no private subnet"),
			1);
		assert_int_equal(count("--osc-peer"), 1);
		client_free(near);
		client_free(stranger);
	}
	(void)state;
}

static void
an_address_of_other_letters_is_named(void **state)
{
	struct client *near = near_client();

	(void)state;
	client_refused(near, "/strip/1/ gain", M("f", 1.0), "ASCII");
	assert_int_equal(count("/strip/1/ gain: "), 1);
	client_free(near);
}

static void
so_is_one_in_utf_8(void **state)
{
	struct client *near = near_client();

	(void)state;
	client_refused(near, "/strip/K\xc3\xa4se/gain", M(""), "ASCII");
	assert_int_equal(count("/strip/K\xc3\xa4se/gain: "), 1);
	client_free(near);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
		T(a_clock_that_is_ahead_is_told_once),
		T(who_comes_by_tcp_is_called_so),
		T(who_is_not_heard_is_told_why),
		T(an_address_of_other_letters_is_named),
		T(so_is_one_in_utf_8),
	};

	if (!net_own()) {
		puts("not tested: no network namespace can be made here");
		return 0;
	}
	return cmocka_run_group_tests_name("osc log", tests, NULL, NULL);
}
