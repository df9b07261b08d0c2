/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Clients over TCP that come, and those that are sent away: a link that is
 * dead, one that never says anything, and who was silent the longest when there
 * is no place left. */
#include "control/osc/transport/osc_tcp_own.h"

#include <errno.h>
#include <fcntl.h>
#include <lo/lo_lowlevel.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#define IDLE_NS UINT64_C(1000000000) /* between looks for silent ones */
#define WHY_MAX 240

/* Two kinds are ended though nobody needs their place: what says nothing at
 * all, and a packet that never ends. Who has spoken may be silent for ever;
 * that it is still there is asked by the kernel. */
static const char *
overdue(const struct osc_tcp_client *c, uint64_t now_ns)
{
	const struct osc_patience *p = &c->tcp->t.patience;

	if (c->begun_ns &&
		now_ns - c->begun_ns > p->packet_ms * UINT64_C(1000000))
		return "a packet that it began does not end";
	if (!c->spoke &&
		now_ns - c->heard_ns > p->greeting_ms * UINT64_C(1000000))
		return "it has connected and said nothing";
	return NULL;
}

void
osc_tcp_idle_tick(void *data)
{
	struct osc_tcp *t = data;
	uint64_t now_ns = loop_now_ns();

	for (uint32_t i = 0; i < OSC_CLIENTS_MAX; i++) {
		struct osc_tcp_client *c = &t->client[i];
		const char *why = c->fd >= 0 ? overdue(c, now_ns) : NULL;

		if (!why)
			continue;
		osc_tcp_drop(c, why);
		osc_tcp_settle(c);
	}
	if (t->t.clients > 0)
		timer_set(&t->idle, IDLE_NS);
}

/* A link that is dead ends: a tablet that has left sends no farewell. */
static void
keep_alive(int fd)
{
	const struct {
		int level, name, value;
	} rows[] = {
		{IPPROTO_TCP, TCP_NODELAY, 1},
		{SOL_SOCKET, SO_KEEPALIVE, 1},
		{IPPROTO_TCP, TCP_KEEPIDLE, 20},
		{IPPROTO_TCP, TCP_KEEPINTVL, 5},
		{IPPROTO_TCP, TCP_KEEPCNT, 4},
		{IPPROTO_TCP, TCP_USER_TIMEOUT, 40000},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		setsockopt(fd, rows[i].level, rows[i].name, &rows[i].value,
			sizeof(int));
}

/* Whose place it may have; or why it may have none. */
static struct osc_tcp_client *
client_place(struct osc_tcp *t, const struct osc_peer *peer, bool far,
	char why[WHY_MAX])
{
	struct osc_seat seat[OSC_ROOM_MAX] = {0};
	struct osc_tcp_client *c;
	int at;

	for (uint32_t i = 0; i < OSC_CLIENTS_MAX; i++) {
		c = &t->client[i];
		if (c->fd >= 0)
			seat[i] = (struct osc_seat){&c->peer, c->heard_ns,
				c->far, c->dead || c->ended,
				t->t.events->is_kept(t->t.data, &c->peer)};
	}
	at = osc_room_find(seat, peer, far, loop_now_ns(),
		t->t.patience.silence_ms * UINT64_C(1000000));
	if (at < 0) {
		osc_room_why(at, seat, "clients over TCP", why, WHY_MAX);
		return NULL;
	}
	c = &t->client[at];
	if (c->fd >= 0) {
		osc_tcp_drop(c, "silent the longest when another one came");
		osc_tcp_client_close(c);
	}
	return c;
}

static int
client_open(struct osc_tcp *t, int fd, const struct osc_peer *peer,
	char why[WHY_MAX])
{
	bool far = t->t.events->is_far(t->t.data, peer);
	struct osc_tcp_client *c = client_place(t, peer, far, why);

	if (!c)
		return -EUSERS;
	snprintf(why, WHY_MAX, "no memory is left");
	if (loop_add(t->t.loop, fd, POLLIN, osc_tcp_client_ready, c) < 0)
		return -ENOMEM;
	c->in = t->in + (size_t)(c - t->client) * OSC_TCP_IN_BYTES;
	keep_alive(fd);
	osc_stream_init(&c->stream);
	c->tcp = t;
	c->fd = fd;
	c->peer = *peer;
	c->far = far;
	c->heard_ns = loop_now_ns();
	if (t->t.clients++ == 0)
		timer_set(&t->idle, IDLE_NS);
	return 0;
}

/* It is told why; what it has sent is taken first, since a socket that is
 * closed with something unread takes back what was sent. */
static void
refuse(struct osc_tcp *t, int fd, const struct osc_peer *peer, const char *why)
{
	struct osc_stream stream = {.framing = OSC_FRAMING_LENGTH};
	uint8_t framed[WHY_MAX + 64];
	lo_message m = lo_message_new();
	size_t size_bytes = 0;
	uint8_t packet[WHY_MAX + 32];

	t->t.events->log(t->t.data, peer, "refused", why);
	if (m && lo_message_add_string(m, "") == 0 &&
		lo_message_add_string(m, why) == 0 &&
		lo_message_length(m, "/error") <= sizeof(packet) &&
		lo_message_serialise(m, "/error", packet, &size_bytes)) {
		size_bytes =
			osc_stream_frame(&stream, packet, size_bytes, framed);
		if (send(fd, framed, size_bytes, MSG_DONTWAIT | MSG_NOSIGNAL) >
			0)
			shutdown(fd, SHUT_WR);
	}
	while (recv(fd, framed, sizeof(framed), MSG_DONTWAIT) > 0)
		;
	if (m)
		lo_message_free(m);
	close(fd);
}

/* No descriptor is left: without this, the listening socket stays readable and
 * the loop never rests. */
static void
accept_by_spare(struct osc_tcp *t, int listener_fd)
{
	int fd;

	close(t->spare_fd);
	fd = accept4(listener_fd, NULL, NULL, SOCK_CLOEXEC);
	if (fd >= 0)
		close(fd);
	t->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	t->t.events->log(t->t.data, NULL, "a TCP client was refused",
		"no descriptor is left");
}

static void
listen_ready(void *data, short revents)
{
	const struct osc_tcp_listener *l = data;
	struct osc_tcp *t = l->tcp;
	struct sockaddr_storage from = {0};
	socklen_t len = sizeof(from);
	struct osc_peer peer;
	char why[WHY_MAX];
	int fd;

	(void)revents;
	fd = accept4(l->fd, (struct sockaddr *)&from, &len,
		SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd < 0) {
		if (errno == EMFILE || errno == ENFILE)
			accept_by_spare(t, l->fd);
		return;
	}
	if (!osc_peer_from_sockaddr(&peer, &from)) {
		close(fd);
		return;
	}
	if (++t->last_number == 0)
		t->last_number = 1;
	peer.way = t->t.way;
	peer.client = t->last_number;
	if (!t->t.events->hears(t->t.data, &peer)) {
		close(fd);
		return;
	}
	if (client_open(t, fd, &peer, why) < 0)
		refuse(t, fd, &peer, why);
}

int
osc_tcp_listen(struct osc_tcp *t, const struct osc_sockets *sockets)
{
	int res = 0;

	for (uint32_t i = 0; i < sockets->count; i++) {
		struct osc_tcp_listener *l = &t->listener[t->listeners];

		if (sockets->place[i].tcp < 0)
			continue;
		t->listeners++;
		*l = (struct osc_tcp_listener){t, sockets->place[i].tcp};
		if (res == 0)
			res = loop_add(
				t->t.loop, l->fd, POLLIN, listen_ready, l);
	}
	return res;
}
