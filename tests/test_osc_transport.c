/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>

#include "control/osc/transport/osc_socket.h"
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
		assert_int_equal(c->mails, parameters());
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
	assert_int_equal(n, parameters());
	client_free(c);
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
		client_closed(c);
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
	client_closed(many[32]);
	client_free(many[0]);
	client_free(many[32]);
	client_status_falls(client, "osc_tcp_clients", 31.0);
	many[0] = client_new(&rig, true);
	client_fence(many[0]);
	for (int i = 0; i < 32; i++)
		client_free(many[i]);
}

/* ---- who is heard ---- */

static void
refuses_a_configuration_that_cannot_be(void **state)
{
	static const struct osc_config bad[] = {
		{.bind = "localhost"},
		{.bind = ""},
		{.bind = "127.0.0.1:9000"},
		{.bind = "127.0.0.1", .peers = 1, .peer = {"1.2.3"}},
		{.bind = "127.0.0.1", .pushes = 1, .push = {"127.0.0.1"}},
		{.bind = "127.0.0.1", .pushes = 1, .push = {"127.0.0.1:0"}},
		{.bind = "127.0.0.1", .peers = OSC_PEERS_MAX + 1},
		{.bind = "127.0.0.1", .pushes = OSC_PEERS_MAX + 1},
	};
	struct rig second;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(
			rig_open(&second, &bad[i], NULL, NULL), -EINVAL);
		rig_close(&second);
	}
}

static bool
there_is_ipv6(void)
{
	struct sockaddr_storage own;
	socklen_t len = address_of(&own, "::1", 0);
	int fd = socket(AF_INET6, SOCK_DGRAM, 0);
	bool is = fd >= 0 && bind(fd, (struct sockaddr *)&own, len) == 0;

	close(fd);
	if (!is)
		print_message("no IPv6 here\n");
	return is;
}

/* Over UDP and TCP. */
static void
expect_served(struct rig *r, const char *host)
{
	snprintf(r->host, sizeof(r->host), "%s", host);
	for (int tcp = 0; tcp <= 1; tcp++) {
		struct client *c = client_new(r, tcp);

		client_set(c, "/strip/1/gain", M("f", tcp ? -6.0 : -7.0));
		assert_true(
			client_get(c, "/strip/1/gain") == (tcp ? -6.0 : -7.0));
		client_free(c);
	}
}

static void
this_machine_is_served_wherever_it_listens(void **state)
{
	static const char *const bind[] = {
		"127.0.0.1", "::1", "0.0.0.0", "::", "127.0.0.3"};
	struct osc_config config = rig_config();
	struct rig second;

	(void)state;
	if (!there_is_ipv6())
		skip();
	for (size_t i = 0; i < sizeof(bind) / sizeof(bind[0]); i++) {
		snprintf(config.bind, sizeof(config.bind), "%s", bind[i]);
		assert_int_equal(rig_open(&second, &config, NULL, NULL), 0);
		expect_served(&second, "127.0.0.1");
		expect_served(&second, "::1");
		rig_close(&second);
	}
}

/* Nobody else gets a socket beside ours, whatever it asks for. */
static void
everywhere_the_port_is_ours_alone(void **state)
{
	static const char *const hosts[] = {"0.0.0.0", "127.0.0.1"};
	struct osc_config config = rig_config();
	struct rig second;
	int on = 1;

	(void)state;
	snprintf(config.bind, sizeof(config.bind), "0.0.0.0");
	assert_int_equal(rig_open(&second, &config, NULL, NULL), 0);
	for (size_t i = 0; i < 2; i++) {
		struct sockaddr_storage own;
		socklen_t len =
			address_of(&own, hosts[i], osc_port(second.osc));
		int fd = socket(AF_INET, SOCK_DGRAM, 0);

		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
		assert_int_equal(bind(fd, (struct sockaddr *)&own, len), -1);
		assert_int_equal(errno, EADDRINUSE);
		close(fd);
	}
	rig_close(&second);
}

/* Sockets of this process whose port this is: how many hear 127.0.0.1 only. */
static uint32_t
sockets_apart(uint16_t port)
{
	char line[256], want[32];
	FILE *file = fopen("/proc/net/udp", "r");
	uint32_t n = 0;

	assert_non_null(file);
	snprintf(want, sizeof(want), ": 0100007F:%04X ", port);
	while (fgets(line, sizeof(line), file))
		n += strstr(line, want) != NULL;
	fclose(file);
	return n;
}

static void
a_flood_from_the_network_takes_no_room_from_this_machine(void **state)
{
	static const char *const bind[] = {"0.0.0.0", "::"};
	struct osc_config config = rig_config();
	struct rig second;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		snprintf(config.bind, sizeof(config.bind), "%s", bind[i]);
		assert_int_equal(rig_open(&second, &config, NULL, NULL), 0);
		assert_int_equal(sockets_apart(osc_port(second.osc)), 1);
		expect_served(&second, "127.0.0.1");
		rig_close(&second);
	}
}

static void
keep_line(void *data, const char *line)
{
	snprintf(data, 256, "%s", line);
}

/* A socket of another program at a port of ::1. */
static int
hold_own(uint16_t *port)
{
	struct sockaddr_storage own;
	socklen_t len = address_of(&own, "::1", 0);
	int fd = socket(AF_INET6, SOCK_DGRAM, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&own, len), 0);
	getsockname(fd, (struct sockaddr *)&own, &len);
	*port = ntohs(((struct sockaddr_in6 *)(void *)&own)->sin6_port);
	return fd;
}

static void
another_program_on_its_own_address_is_named_and_no_obstacle(void **state)
{
	struct osc_config config = rig_config();
	char line[256] = "";
	const struct services_source source = {
		.osc = {.log = keep_line, .data = line}};
	struct rig second;
	int fd, res;

	(void)state;
	if (!there_is_ipv6())
		skip();
	for (;;) { /* the same port of 127.0.0.1 may be a third one's */
		fd = hold_own(&config.port);
		res = rig_open(&second, &config, NULL, &source);
		if (res != -EADDRINUSE)
			break;
		rig_close(&second);
		close(fd);
	}
	assert_int_equal(res, 0);
	assert_non_null(strstr(line, "another program has this port"));
	assert_non_null(strstr(line, "[::1]"));
	expect_served(&second, "127.0.0.1");
	rig_close(&second);
	close(fd);
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
		T(refuses_a_configuration_that_cannot_be),
		T(this_machine_is_served_wherever_it_listens),
		T(everywhere_the_port_is_ours_alone),
		T(a_flood_from_the_network_takes_no_room_from_this_machine),
		T(another_program_on_its_own_address_is_named_and_no_obstacle),
		T(a_port_in_use_is_refused_and_its_holder_named),
		T(a_port_that_only_tcp_holds_is_in_use),
	};

	return cmocka_run_group_tests_name("osc transport", tests, NULL, NULL);
}
