/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/cli/client.h"

#include <errno.h>
#include <limits.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sysexits.h>
#include <unistd.h>

#include "control/util/loop.h"
#include "core/ring/share.h"
#include "control/osc/transport/osc_packet.h"
#include "control/osc/transport/osc_stream.h"

#define PORT_USUAL 9000
#define CONNECT_MS 2000
#define ANSWER_MS  3000

struct client {
	struct client_args *args; /* borrowed */
	int fd;
	struct osc_stream in;
	struct osc_stream out; /* its framing only */
	int32_t fence;	       /* the number of the last /ping */
	bool fence_back;
};

static int
set_host(void *data, const char *value, char *why)
{
	struct client_args *a = data;

	if (!*value || strlen(value) >= sizeof(a->host))
		return check_refuse(why, "must be a host's name");
	snprintf(a->host, sizeof(a->host), "%s", value);
	return 0;
}

const struct option_row client_rows[] = {
	OPTION_FLAG("json", client_args, json, "print JSON, for scripts"),
	OPTION("host", "NAME", set_host, "where tapdeck runs (127.0.0.1)"),
	OPTION_WHOLE("port", "N", client_args, port, 1, 65535,
		"its OSC port (TAPDECK_PORT, else as `run` has it)"),
	OPTION_END,
};

/* Where a tapdeck of this session has left its port, or 0 */
static uint32_t
port_of_session(void)
{
	char path[PATH_MAX], text[16] = "", ignored[CHECK_WHY_MAX];
	uint32_t port = 0;
	size_t length;
	FILE *f;

	if (ring_share_dir(path, sizeof(path)) < 0)
		return 0;
	length = strlen(path);
	snprintf(path + length, sizeof(path) - length, "/port");
	f = fopen(path, "re");
	if (!f)
		return 0;
	if (!fgets(text, sizeof(text), f))
		text[0] = '\0';
	fclose(f);
	text[strcspn(text, "\n")] = '\0';
	if (check_whole(text, 1, 65535, &port, ignored) < 0)
		return 0;
	return port;
}

/* Fills in what the options have left open. */
static int
args_complete(struct client_args *a)
{
	const char *port = getenv("TAPDECK_PORT");
	char ignored[CHECK_WHY_MAX];
	bool local = !*a->host;

	if (local)
		snprintf(a->host, sizeof(a->host), "127.0.0.1");
	if (a->port == 0 && port &&
		check_whole(port, 1, 65535, &a->port, ignored) < 0)
		return -EDESTADDRREQ;
	if (a->port == 0 && local)
		a->port = port_of_session();
	if (a->port == 0)
		a->port = PORT_USUAL;
	return 0;
}

/* 0, or -ETIMEDOUT, -errno */
static int
wait_for(int fd, short events, uint64_t until_ns)
{
	struct pollfd p = {.fd = fd, .events = events};

	for (;;) {
		uint64_t now = loop_now_ns();
		int ms = now < until_ns ? (int)((until_ns - now) / 1000000) + 1
					: 0;
		int got = poll(&p, 1, ms);

		if (got > 0)
			return 0;
		if (got == 0 && loop_now_ns() >= until_ns)
			return -ETIMEDOUT;
		if (got < 0 && errno != EINTR)
			return -errno;
	}
}

static int
connect_one(const struct addrinfo *to, uint64_t until_ns)
{
	int fd = socket(to->ai_family,
		to->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int one = 1, error = 0;
	socklen_t size = sizeof(error);

	if (fd < 0)
		return -errno;
	if (connect(fd, to->ai_addr, to->ai_addrlen) < 0) {
		error = -errno;
		if (error == -EINPROGRESS)
			error = wait_for(fd, POLLOUT, until_ns);
		if (error == 0 &&
			getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0)
			error = errno;
		if (error != 0) {
			close(fd);
			return error > 0 ? -error : error;
		}
	}
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	return fd;
}

/* A descriptor, or -errno; -EHOSTUNREACH: there is no such name. */
static int
connect_any(const struct client_args *a)
{
	struct addrinfo hints = {
		.ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_STREAM,
	};
	struct addrinfo *list;
	uint64_t until = loop_now_ns() + CONNECT_MS * UINT64_C(1000000);
	char port[16];
	int fd = -EHOSTUNREACH;

	snprintf(port, sizeof(port), "%u", a->port);
	if (getaddrinfo(a->host, port, &hints, &list) != 0)
		return -EHOSTUNREACH;
	for (struct addrinfo *i = list; i && fd < 0; i = i->ai_next)
		fd = connect_one(i, until);
	freeaddrinfo(list);
	return fd;
}

int
client_open(struct client **out, struct client_args *args)
{
	struct client *c = calloc(1, sizeof(*c));
	int r;

	*out = NULL;
	if (!c)
		return -ENOMEM;
	osc_stream_init(&c->in);
	osc_stream_init(&c->out);
	c->out.framing = OSC_FRAMING_LENGTH;
	c->fd = -1;
	c->args = args;
	r = args_complete(args);
	if (r == 0)
		r = c->fd = connect_any(args);
	if (r < 0) {
		client_close(c);
		return r;
	}
	*out = c;
	return 0;
}

void
client_close(struct client *c)
{
	if (!c)
		return;
	if (c->fd >= 0)
		close(c->fd);
	osc_stream_done(&c->in);
	osc_stream_done(&c->out);
	free(c);
}

int
client_fd(const struct client *c)
{
	return c->fd;
}

int
client_fail(const struct client_args *args, const char *command, int error)
{
	switch (error) {
	case -EDESTADDRREQ:
		return command_fail(command, EX_USAGE,
			"TAPDECK_PORT=%s: must be 1..65535",
			getenv("TAPDECK_PORT"));
	case -EHOSTUNREACH:
		return command_fail(command, EX_NOHOST,
			"--host %s: no such "
			"host",
			args->host);
	case -ECONNREFUSED:
		return command_fail(command, EX_UNAVAILABLE,
			"no tapdeck is running on port %u; start it with "
			"`tapdeck run`",
			args->port);
	case -ETIMEDOUT:
		return command_fail(command, EX_UNAVAILABLE,
			"the tapdeck on port %u does not answer", args->port);
	case -EPIPE:
	case -ECONNRESET:
		if (*args->refusal)
			return command_fail(command, EX_UNAVAILABLE,
				"the tapdeck on port %u: %s", args->port,
				args->refusal);
		return command_fail(command, EX_UNAVAILABLE,
			"the tapdeck on port %u has gone away", args->port);
	case -EPROTO:
		return command_fail(command, EX_UNAVAILABLE,
			"what listens on port %u is not tapdeck", args->port);
	default:
		return command_fail(command, EX_OSERR, "port %u: %s",
			args->port, strerror(-error));
	}
}

int
client_start(struct client **out, struct client_args *args, const char *command)
{
	int r = client_open(out, args);

	return r < 0 ? client_fail(args, command, r) : 0;
}

int
client_run(const char *command, void *data,
	int (*run)(void *data, struct client *c, char **operands),
	char **operands)
{
	struct client *c;
	int r = client_start(&c, data, command);

	if (r)
		return r;
	r = run(data, c, operands);
	client_close(c);
	return r < 0 ? client_fail(data, command, r) : r;
}

/* Frees it; NULL: there was no memory. */
static int
send_packet(struct client *c, void *packet, size_t size)
{
	uint64_t until = loop_now_ns() + ANSWER_MS * UINT64_C(1000000);
	uint8_t *bytes =
		packet ? malloc(osc_stream_bound(&c->out, size)) : NULL;
	size_t n = 0, at = 0;
	int r = !bytes ? -ENOMEM : size > OSC_PACKET_MAX ? -EMSGSIZE : 0;

	if (r == 0)
		n = osc_stream_frame(&c->out, packet, size, bytes);
	while (at < n && r == 0) {
		ssize_t sent = send(c->fd, bytes + at, n - at, MSG_NOSIGNAL);

		if (sent >= 0)
			at += (size_t)sent;
		else if (errno == EAGAIN)
			r = wait_for(c->fd, POLLOUT, until);
		else if (errno != EINTR)
			r = -errno;
	}
	free(bytes);
	free(packet);
	return r;
}

int
client_send_message(struct client *c, const char *address, lo_message m)
{
	size_t size = 0;
	void *packet = lo_message_serialise(m, address, NULL, &size);

	lo_message_free(m);
	return send_packet(c, packet, size);
}

static int
send_values(
	struct client *c, const char *address, const char *types, va_list ap)
{
	lo_message m = lo_message_new();
	char marked[18];

	/* $$: liblo is not to look for its marks behind the last one. */
	snprintf(marked, sizeof(marked), "%.15s$$", types);
	if (!m || lo_message_add_varargs(m, marked, ap) != 0) {
		lo_message_free(m);
		return -ENOMEM;
	}
	return client_send_message(c, address, m);
}

int
client_send(struct client *c, const char *address, const char *types, ...)
{
	va_list ap;
	int r;

	va_start(ap, types);
	r = send_values(c, address, types, ap);
	va_end(ap);
	return r;
}

int
client_send_bundle(struct client *c, lo_bundle b)
{
	size_t size = 0;
	void *packet = lo_bundle_serialise(b, NULL, &size);

	lo_bundle_free_recursive(b);
	return send_packet(c, packet, size);
}

/* An error about no address is about the connection. */
static void
keep_refusal(struct client *c, const struct client_message *m)
{
	if (!strcmp(m->address, "/error") && !strcmp(m->types, "ss") &&
		!*client_string(m, 0))
		snprintf(c->args->refusal, sizeof(c->args->refusal), "%s",
			client_string(m, 1));
}

/* One packet that has passed osc_packet_check(). */
static void
packet_take(struct client *c, const void *packet, size_t size, client_take take,
	void *data)
{
	struct client_message m = {.address = packet};
	lo_message parsed;

	if (osc_packet_is_bundle(packet, size)) {
		size_t at = 0, bytes;
		const void *element;

		while ((element = osc_packet_next(packet, size, &at, &bytes)))
			packet_take(c, element, bytes, take, data);
		return;
	}
	/* It swaps a copy of its own; the packet stays as it is. */
	parsed = lo_message_deserialise((void *)packet, size, NULL);
	if (!parsed)
		return;
	m.types = lo_message_get_types(parsed);
	m.args = lo_message_get_argv(parsed);
	m.count = lo_message_get_argc(parsed);
	keep_refusal(c, &m);
	if (!strcmp(m.address, "/ping") && m.count == 1 && *m.types == 'i') {
		if (client_number(&m, 0) == c->fence)
			c->fence_back = true;
	} else if (take) {
		take(data, &m);
	}
	lo_message_free(parsed);
}

/* -EAGAIN when there was nothing. */
static int
receive_some(struct client *c, client_take take, void *data)
{
	uint8_t bytes[16384];
	ssize_t n = recv(c->fd, bytes, sizeof(bytes), 0);
	uint64_t broken = 0;

	if (n <= 0)
		return n == 0 ? -EPIPE : -errno;
	for (ssize_t at = 0; at < n;) {
		void *packet = NULL;
		size_t size = 0;
		int used = osc_stream_take(&c->in, bytes + at, (size_t)(n - at),
			&packet, &size, &broken);

		if (used < 0)
			return used;
		at += used;
		if (packet && osc_packet_check(packet, size))
			return -EPROTO;
		if (packet)
			packet_take(c, packet, size, take, data);
	}
	return 0;
}

int
client_receive(struct client *c, client_take take, void *data)
{
	int r;

	do
		r = receive_some(c, take, data);
	while (r == 0 || r == -EINTR);
	return r == -EAGAIN ? 0 : r;
}

int
client_fence(struct client *c, client_take take, void *data)
{
	uint64_t until = loop_now_ns() + ANSWER_MS * UINT64_C(1000000);
	int r;

	c->fence_back = false;
	r = client_send(c, "/ping", "i", ++c->fence);
	if (r == -EPIPE || r == -ECONNRESET) /* what did it say before? */
		receive_some(c, take, data);
	while (r == 0 && !c->fence_back) {
		r = wait_for(c->fd, POLLIN, until);
		if (r == 0)
			r = receive_some(c, take, data);
		if (r == -EAGAIN || r == -EINTR)
			r = 0;
	}
	return r;
}

int
client_ask(struct client *c, client_take take, void *data, const char *address,
	const char *types, ...)
{
	va_list ap;
	int r;

	va_start(ap, types);
	r = send_values(c, address, types, ap);
	va_end(ap);
	return r < 0 ? r : client_fence(c, take, data);
}
