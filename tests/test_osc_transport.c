/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>

#include "tests/osc_rig.h"

static struct rig rig;
static struct client *client;

static int
setup(void **state)
{
	struct osc_config config = rig_config();

	(void)state;
	assert_int_equal(rig_open(&rig, &config, NULL, NULL), 0);
	client = client_new(&rig, false);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	client_free(client);
	rig_close(&rig);
	return 0;
}

/* ---- TCP ---- */

static void
both_framings_work_over_tcp(void **state)
{
	(void)state;
	for (int f = OSC_FRAMING_LENGTH; f <= OSC_FRAMING_SLIP; f++) {
		struct client *c = client_new(&rig, true);

		c->stream.framing = (enum osc_framing)f;
		client_set(c, "/strip/1/gain", M("f", -6.0201416015625));
		assert_true(client_get(c, "/strip/1/gain") == -6.0201416015625);
		client_ask(c, "/ping", M("ih", 0xC0DBDC, INT64_C(0xDBDDC0)),
			"/ping", "ih");
		client_send(c, "/list", M(""));
		client_fence(c);
		assert_int_equal(c->mails, 16 * 10 + 2 * 3);
		client_free(c);
	}
}

static void
bytes_may_come_one_by_one(void **state)
{
	(void)state;
	for (int f = OSC_FRAMING_LENGTH; f <= OSC_FRAMING_SLIP; f++) {
		struct client *c = client_new(&rig, true);
		uint8_t framed[256], packet[64];
		size_t size = sizeof(packet);
		lo_message m = M("f", f == OSC_FRAMING_SLIP ? -7.0 : -8.0);

		c->stream.framing = (enum osc_framing)f;
		lo_message_serialise(m, "/strip/2/gain", packet, &size);
		lo_message_free(m);
		size = osc_stream_frame(&c->stream, packet, size, framed);
		for (size_t i = 0; i < size; i++) {
			client_send_bytes(c, framed + i, 1);
			client_fence(client); /* it has had its turn */
		}
		assert_true(client_get(c, "/strip/2/gain") ==
			    (f == OSC_FRAMING_SLIP ? -7.0 : -8.0));
		client_free(c);
	}
}

static void
liblo_speaks_tcp_with_us(void **state)
{
	char port[16];

	(void)state;
	snprintf(port, sizeof(port), "%u", osc_port(rig.osc));
	client_send(client, "/subscribe", M("s", "/strip/3/gain"));
	client_fence(client);
	for (int slip = 0; slip <= 1; slip++) {
		lo_address to =
			lo_address_new_with_proto(LO_TCP, "127.0.0.1", port);

		lo_address_set_stream_slip(to, slip);
		assert_true(lo_send(to, "/strip/3/gain", "f",
				    slip ? -1.0f : -2.0f) > 0);
		while (osc_arg_float(client_until(client,
			       "/strip/3/gain")[0]) != (slip ? -1.0f : -2.0f))
			;
		lo_address_free(to);
	}
}

static void
answers_come_though_the_client_has_ended(void **state)
{
	struct client *c = client_new(&rig, true);
	uint32_t n = 0;
	size_t size;

	(void)state;
	client_send(c, "/list", M(""));
	shutdown(c->fd, SHUT_WR);
	while (client_packet(c, &size))
		n++;
	assert_int_equal(n, 16 * 10 + 2 * 3);
	client_free(c);
}

/* Reads until the other end has closed. */
static void
expect_close(struct client *c)
{
	while (client_wait(c, WAIT_MS)) {
		ssize_t got = recv(c->fd, c->in, sizeof(c->in), 0);

		if (got <= 0)
			return;
	}
	fail_msg("it was not closed");
}

static void
what_is_no_framing_is_dropped(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
	} bad[] = {{"GET / HTTP/1.1\r\n\r\n", 18}, {"\0\1\0\4", 4},
		{"\0\377\377\377", 4}, {"\377\377\377\374", 4}};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct client *c = client_new(&rig, true);

		client_send_bytes(c, bad[i].bytes, bad[i].size);
		expect_close(c);
		client_free(c);
	}
	assert_true(client_status(client, "osc_dropped") == 4.0);
	assert_true(client_status(client, "osc_tcp_clients") == 0.0);
}

static void
over_tcp_a_malformed_packet_is_answered(void **state)
{
	struct client *c = client_new(&rig, true);

	(void)state;
	client_send_packet(c, "/a\0\0,b\0\0", 8);
	client_fence(c);
	assert_int_equal(c->mails, 1);
	assert_string_equal(c->mail[0].address, "/error");
	client_free(c);
}

static void
a_client_that_does_not_read_is_dropped(void **state)
{
	struct client *c = client_new(&rig, true);
	int small = 4096;

	(void)state;
	setsockopt(c->fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	fcntl(c->fd, F_SETFL, O_NONBLOCK);
	/* Asks, and never reads, until it is told to go. */
	for (;;) {
		struct pollfd p = {.fd = c->fd, .events = POLLOUT};
		static const char ask[] = "\0\0\0\14/list\0\0\0,\0\0";

		assert_int_equal(poll(&p, 1, WAIT_MS), 1);
		if (p.revents & (POLLERR | POLLHUP))
			break;
		if (send(c->fd, ask, sizeof(ask), MSG_NOSIGNAL) < 0 &&
			errno != EAGAIN)
			break;
		/* Others are served meanwhile. */
		client_set(client, "/strip/1/gain", M("f", -6.0));
	}
	assert_true(client_status(client, "osc_dropped") == 1.0);
	assert_true(client_status(client, "osc_tcp_clients") == 0.0);
	client_free(c);
}

static void
there_may_be_32_clients(void **state)
{
	struct client *many[33];

	(void)state;
	for (int i = 0; i < 32; i++) {
		many[i] = client_new(&rig, true);
		client_fence(many[i]);
	}
	many[32] = client_new(&rig, true);
	expect_close(many[32]);
	client_free(many[0]);
	client_free(many[32]);
	client_status_falls(client, "osc_tcp_clients", 31.0);
	many[0] = client_new(&rig, true);
	client_fence(many[0]);
	for (int i = 0; i < 32; i++)
		client_free(many[i]);
}

/* ---- who is heard ---- */

/* An address of this machine that is not loopback, or none. */
static bool
own_address(char host[64])
{
	struct ifaddrs *list;
	bool found = false;

	if (getifaddrs(&list) < 0)
		return false;
	for (struct ifaddrs *i = list; i && !found; i = i->ifa_next) {
		const struct sockaddr_in *in = (const void *)i->ifa_addr;

		if (!in || in->sin_family != AF_INET ||
			!(i->ifa_flags & IFF_UP) ||
			(i->ifa_flags & IFF_LOOPBACK))
			continue;
		found = inet_ntop(AF_INET, &in->sin_addr, host, 64);
	}
	freeifaddrs(list);
	return found;
}

static void
only_listed_peers_are_heard(void **state)
{
	struct osc_config config = rig_config();
	char host[64];

	(void)state;
	if (!own_address(host)) {
		print_message("no address but loopback here\n");
		skip();
	}
	snprintf(config.bind, sizeof(config.bind), "0.0.0.0");
	snprintf(config.peer[0], sizeof(config.peer[0]), "192.0.2.1");
	for (config.peers = 0; config.peers <= 2; config.peers++) {
		struct client *near, *far, *stream;
		struct rig second;

		snprintf(config.peer[1], sizeof(config.peer[1]), "%s", host);
		assert_int_equal(rig_open(&second, &config, NULL, NULL), 0);
		near = client_new(&second, false);
		snprintf(second.host, sizeof(second.host), "%s", host);
		far = client_new(&second, false);
		stream = client_new(&second, true);
		client_send(far, "/strip/1/gain", M("f", -6.0));
		if (config.peers == 2) { /* listed */
			client_fence(far);
			client_fence(stream);
			assert_true(client_get(near, "/strip/1/gain") == -6.0);
			assert_true(
				client_status(near, "osc_strangers") == 0.0);
		} else {
			expect_close(stream);
			assert_true(
				client_status(near, "osc_strangers") == 2.0);
			assert_true(client_get(near, "/strip/1/gain") == 0.0);
			assert_false(client_wait(far, 0));
		}
		client_free(near);
		client_free(far);
		client_free(stream);
		rig_close(&second);
	}
}

static void
refuses_a_configuration_that_cannot_be(void **state)
{
	static const struct osc_config bad[] = {
		{.bind = "localhost"},
		{.bind = ""},
		{.bind = "127.0.0.1:9000"},
		{.bind = "127.0.0.1", .peers = 1, .peer = {"nobody"}},
		{.bind = "127.0.0.1", .pushes = 1, .push = {"127.0.0.1"}},
		{.bind = "127.0.0.1", .pushes = 1, .push = {"127.0.0.1:0"}},
		{.bind = "127.0.0.1", .pushes = 1, .push = {"192.0.2.1:9001"}},
		{.bind = "127.0.0.1", .peers = OSC_PEERS_MAX + 1},
	};
	struct rig second;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(
			rig_open(&second, &bad[i], NULL, NULL), -EINVAL);
		rig_close(&second);
	}
}

static void
ipv6_works_too(void **state)
{
	struct osc_config config = rig_config();
	struct sockaddr_in6 to = {.sin6_family = AF_INET6};
	struct client c = {.fd = -1};
	struct rig second;
	int res;

	(void)state;
	snprintf(config.bind, sizeof(config.bind), "::1");
	res = rig_open(&second, &config, NULL, NULL);
	if (res < 0) {
		rig_close(&second);
		print_message("no IPv6 here: %s\n", strerror(-res));
		skip();
	}
	to.sin6_addr = in6addr_loopback;
	to.sin6_port = htons(osc_port(second.osc));
	c.fd = socket(AF_INET6, SOCK_DGRAM, 0);
	assert_int_equal(connect(c.fd, (struct sockaddr *)&to, sizeof(to)), 0);
	client_set(&c, "/strip/1/gain", M("f", -6.0));
	assert_true(client_get(&c, "/strip/1/gain") == -6.0);
	client_forget(&c);
	close(c.fd);
	rig_close(&second);
}

/* ---- the port ---- */

static void
a_port_in_use_is_refused_and_its_holder_named(void **state)
{
	struct osc_config config = rig_config();
	struct rig second;
	char name[64];
	int pid = 0;

	(void)state;
	config.port = osc_port(rig.osc);
	assert_int_equal(rig_open(&second, &config, NULL, NULL), -EADDRINUSE);
	rig_close(&second);
	assert_int_equal(osc_port_holder(config.port, &pid, name), 0);
	assert_int_equal(pid, getpid());
	assert_non_null(strstr("test_osc_transport", name));
	/* Still there, and only once. */
	assert_true(client_get(client, "/strip/1/gain") == 0.0);
}

static void
a_port_that_only_tcp_holds_is_in_use(void **state)
{
	struct sockaddr_in own = {.sin_family = AF_INET};
	socklen_t len = sizeof(own);
	struct osc_config config = rig_config();
	int fd = socket(AF_INET, SOCK_STREAM, 0), pid;
	struct rig second;
	char name[64];

	(void)state;
	own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&own, sizeof(own)), 0);
	assert_int_equal(listen(fd, 1), 0);
	getsockname(fd, (struct sockaddr *)&own, &len);
	config.port = ntohs(own.sin_port);
	assert_int_equal(rig_open(&second, &config, NULL, NULL), -EADDRINUSE);
	rig_close(&second);
	assert_int_equal(osc_port_holder(config.port, &pid, name), 0);
	assert_int_equal(pid, getpid());
	close(fd);
	assert_int_equal(osc_port_holder(config.port, &pid, name), -ENOENT);
	assert_int_equal(rig_open(&second, &config, NULL, NULL), 0);
	rig_close(&second);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
		T(both_framings_work_over_tcp),
		T(bytes_may_come_one_by_one),
		T(liblo_speaks_tcp_with_us),
		T(answers_come_though_the_client_has_ended),
		T(what_is_no_framing_is_dropped),
		T(over_tcp_a_malformed_packet_is_answered),
		T(a_client_that_does_not_read_is_dropped),
		T(there_may_be_32_clients),
		T(only_listed_peers_are_heard),
		T(refuses_a_configuration_that_cannot_be),
		T(ipv6_works_too),
		T(a_port_in_use_is_refused_and_its_holder_named),
		T(a_port_that_only_tcp_holds_is_in_use),
	};

	return cmocka_run_group_tests_name("osc transport", tests, NULL, NULL);
}
