/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The OSC server among other machines. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "control/osc_proof.h"
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

static struct client *
far_client(uint32_t machine, bool tcp)
{
	char source[64];

	snprintf(source, sizeof(source), "198.51.100.%u", 10 + machine);
	snprintf(rig.host, sizeof(rig.host), US);
	return client_of(source, tcp);
}

static struct client *
near_client(bool tcp)
{
	snprintf(rig.host, sizeof(rig.host), "127.0.0.1");
	return client_of("", tcp);
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
	const struct osc_source source = {.log = keep_line, .data = &last};
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
	const struct osc_source source = {.log = keep_line, .data = &last};
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

/* ---- who gets a place ---- */

#define MANY 40

static void
listen_with(const struct osc_patience *patience)
{
	struct osc_config config = rig_config();

	snprintf(config.bind, sizeof(config.bind), "0.0.0.0");
	config.peers = 1;
	snprintf(config.peer[0], sizeof(config.peer[0]), "198.51.100.0/24");
	if (patience)
		config.patience = *patience;
	assert_int_equal(rig_open(&rig, &config, NULL, NULL), 0);
}

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
not_for_ever(uint64_t start_ns)
{
	if (loop_now_ns() - start_ns > WAIT_MS * UINT64_C(1000000))
		fail_msg("it does not come in %d ms", WAIT_MS);
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

/* ---- who has not proved where it is ---- */

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
		T(a_peer_may_be_given_by_name),
		T(another_machine_is_told_though_none_is_heard),
		T(another_machine_is_told_by_its_name),
		T(a_name_that_nobody_has_is_told),
		T(itself_is_told_nothing),
		T(one_machine_has_8_connections_and_this_one_is_served),
		T(other_machines_leave_8_places_to_this_one),
		T(who_was_silent_the_longest_makes_room),
		T(a_silent_surface_with_a_subscription_keeps_its_place),
		T(who_connects_and_says_nothing_is_sent_away),
		T(a_packet_that_does_not_end_is_not_waited_for),
		T(subscribers_that_have_gone_make_room),
		T(other_machines_leave_8_subscriptions_to_this_one),
		T(a_subscriber_that_renews_stays_where_another_makes_room),
		T(nobody_is_sent_more_than_it_sent_before_it_has_proved_itself),
		T(many_ports_are_one_machine),
		T(many_machines_are_sent_no_more_each),
		T(who_has_proved_itself_is_served_in_full),
		T(a_token_that_was_not_given_proves_nothing),
		T(the_port_that_answers_go_to_is_asked_and_any_port_may_say_so),
		T(a_lost_question_is_asked_again),
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
