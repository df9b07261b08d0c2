/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The OSC server among other machines. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/osc_rig_net.h"

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

static void
a_peer_may_be_given_by_name(void **state)
{
	struct client *far, *near;
	uint64_t start_ns = loop_now_ns();

	(void)state;
	listen_to("tablet.test");
	near = near_client(false);
	do {
		if (loop_now_ns() - start_ns > WAIT_MS * UINT64_C(1000000))
			fail_msg("it is not heard");
		snprintf(rig.host, sizeof(rig.host), US);
		far = client_of(PEER, false);
		client_send(far, "/strip/1/gain", M("f", -6.0));
		client_free(far);
	} while (client_get(near, "/strip/1/gain") != -6.0);
	client_free(near);
	snprintf(rig.host, sizeof(rig.host), US);
	far = client_of("198.51.100.8", true);
	client_closed(far);
	client_free(far);
}

/* ---- who is told unasked ---- */

/* A socket at this address that is sent something. */
static void
expect_push(struct osc_config *config, const char *source, const char *to)
{
	struct sockaddr_storage own;
	socklen_t len = address_of(&own, source, 0);
	struct client c = {.fd = socket(AF_INET, SOCK_DGRAM, 0)};

	assert_int_equal(bind(c.fd, (struct sockaddr *)&own, len), 0);
	getsockname(c.fd, (struct sockaddr *)&own, &len);
	config->pushes = 1;
	snprintf(config->push[0], sizeof(config->push[0]), "%s:%u", to,
		ntohs(((struct sockaddr_in *)(void *)&own)->sin_port));
	assert_int_equal(rig_open(&rig, config, NULL, NULL), 0);
	client_until(&c, "/strip/1/gain");
	client_forget(&c);
	close(c.fd);
}

static void
another_machine_is_told_though_none_is_heard(void **state)
{
	struct osc_config config = rig_config(); /* 127.0.0.1 */

	(void)state;
	expect_push(&config, PEER, PEER);
}

static void
another_machine_is_told_by_its_name(void **state)
{
	struct osc_config config = rig_config();

	(void)state;
	expect_push(&config, PEER, "tablet.test");
}

/* The last line of the log, which another thread writes. */
struct last_line {
	pthread_mutex_t lock;
	char text[256];
};

static void
keep_line(void *data, const char *line)
{
	struct last_line *last = data;

	pthread_mutex_lock(&last->lock);
	snprintf(last->text, sizeof(last->text), "%s", line);
	pthread_mutex_unlock(&last->lock);
}

static bool
line_has(struct last_line *last, const char *words)
{
	bool has;

	pthread_mutex_lock(&last->lock);
	has = strstr(last->text, words) != NULL;
	pthread_mutex_unlock(&last->lock);
	return has;
}

static void
a_name_that_nobody_has_is_told(void **state)
{
	struct last_line last = {PTHREAD_MUTEX_INITIALIZER, ""};
	const struct services_source source = {
		.osc = {.log = keep_line, .data = &last}};
	struct osc_config config = rig_config();
	uint64_t start_ns = loop_now_ns();
	struct client *c;

	(void)state;
	config.pushes = 1;
	snprintf(config.push[0], sizeof(config.push[0]), "nobody.test:9001");
	assert_int_equal(rig_open(&rig, &config, NULL, &source), 0);
	c = near_client(false);
	do {
		if (loop_now_ns() - start_ns > WAIT_MS * UINT64_C(1000000))
			fail_msg("it is not told");
		client_fence(c);
	} while (!line_has(&last, "no host nobody.test"));
	client_free(c);
}

static void
itself_is_told_nothing(void **state)
{
	struct last_line last = {PTHREAD_MUTEX_INITIALIZER, ""};
	const struct services_source source = {
		.osc = {.log = keep_line, .data = &last}};
	struct osc_config config = rig_config();
	struct client *c;

	(void)state;
	listen_to("");
	config.port = osc_port(rig.osc);
	rig_close(&rig);
	config.pushes = 1;
	snprintf(config.push[0], sizeof(config.push[0]), "127.0.0.1:%u",
		config.port);
	assert_int_equal(rig_open(&rig, &config, NULL, &source), 0);
	assert_true(line_has(&last, "it is tapdeck itself"));
	c = near_client(false);
	client_set(c, "/strip/1/gain", M("f", -6.0));
	client_free(c);
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
#define T(f) cmocka_unit_test_teardown(f, net_close)
		T(strangers_are_not_heard),
		T(a_listed_peer_is_heard),
		T(a_listed_subnet_is_heard),
		T(this_machine_s_own_addresses_are_no_strangers),
		T(a_peer_may_be_given_by_name),
		T(another_machine_is_told_though_none_is_heard),
		T(another_machine_is_told_by_its_name),
		T(a_name_that_nobody_has_is_told),
		T(itself_is_told_nothing),
		T(an_answer_leaves_from_the_address_that_was_asked),
		T(over_both_families_too),
		T(bound_to_one_address_this_machine_is_served_all_the_same),
	};

	if (!net_own() ||
		!net_hosts("127.0.0.1 localhost\n" PEER " tablet.test\n")) {
		puts("not tested: no network namespace can be made here");
		return 0;
	}
	return cmocka_run_group_tests_name("osc network", tests, NULL, NULL);
}
