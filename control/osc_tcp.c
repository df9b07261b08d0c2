/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Clients over TCP: a bounded number, each with bounded buffers. A client that
 * does not read what it asked for is dropped, not waited for. */
#include "control/osc_own.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/osc_buffer.h"
#include "control/osc_stream.h"

#define IN_BYTES	16384 /* read at once */
#define OUT_MAX_BYTES	(1u << 20)
#define FLUSH_BYTES	16384  /* waiting: worth a system call */
#define CONGESTED_BYTES 65536u /* feedback waits */
#define STALL_NS	UINT64_C(5000000000)

struct client {
	struct osc_tcp *tcp;
	struct osc_peer peer;
	int fd; /* -1: free */
	struct osc_stream stream;
	uint8_t *in;	      /* [IN_BYTES] of struct osc_tcp: what was read */
	size_t in_at, in_end; /* and not yet taken */
	struct osc_buffer out;
	uint64_t progress_ns; /* when it last read something, or had to */
	bool ended;	      /* it sends no more: closed when out is empty */
	bool dead;	      /* closed at the end of this callback */
};

struct listener {
	struct osc_tcp *tcp;
	int fd;
};

struct osc_tcp {
	struct osc *osc;
	uint32_t listeners;
	struct listener listener[OSC_PLACES_MAX];
	int spare_fd; /* given up to refuse a client when there are no more */
	uint32_t last_number;
	uint32_t count;
	struct client client[OSC_CLIENTS_MAX];
	uint8_t *in;		/* [OSC_CLIENTS_MAX][IN_BYTES] */
	struct osc_timer again; /* what was read and not yet taken */
};

static struct client *
find(const struct osc_tcp *t, const struct osc_peer *peer)
{
	for (uint32_t i = 0; i < OSC_CLIENTS_MAX; i++) {
		const struct client *c = &t->client[i];

		if (c->fd >= 0 && !c->dead && c->peer.client == peer->client)
			return (struct client *)c;
	}
	return NULL;
}

static void
drop(struct client *c, const char *why)
{
	if (c->dead)
		return;
	c->dead = true;
	if (!why)
		return;
	c->tcp->osc->counters.dropped++;
	osc_log(c->tcp->osc, OSC_CAUSE_STREAM, &c->peer, "dropped: %s", why);
}

/* What it began ends. */
static void
client_gone(struct client *c)
{
	osc_subs_client_gone(c->tcp->osc, &c->peer);
	osc_midi_client_gone(c->tcp->osc, &c->peer);
}

static void
client_close(struct client *c)
{
	struct osc_tcp *t = c->tcp;

	client_gone(c);
	loop_remove(t->osc->loop, c->fd);
	close(c->fd);
	osc_stream_done(&c->stream);
	osc_buffer_done(&c->out);
	*c = (struct client){.fd = -1};
	t->count--;
}

/* What waits goes out, as far as the client takes it. */
static void
client_flush(struct client *c)
{
	struct osc_buffer *out = &c->out;

	while (osc_buffer_waiting(out) > 0 && !c->dead) {
		ssize_t sent = send(c->fd, out->bytes + out->at_bytes,
			osc_buffer_waiting(out), MSG_DONTWAIT | MSG_NOSIGNAL);

		if (sent > 0) {
			out->at_bytes += (size_t)sent;
			c->progress_ns = loop_now_ns();
		} else if (errno == EAGAIN || errno == EWOULDBLOCK) {
			return;
		} else if (errno != EINTR) {
			drop(c, NULL);
		}
	}
	out->at_bytes = out->end_bytes = 0;
}

void
osc_tcp_send(struct osc_tcp *t, const struct osc_peer *to, const void *packet,
	size_t size_bytes)
{
	struct client *c = find(t, to);
	uint8_t *room = NULL;

	if (!c) {
		t->osc->counters.lost++;
		return;
	}
	if (osc_buffer_waiting(&c->out) == 0)
		c->progress_ns = loop_now_ns();
	else if (loop_now_ns() - c->progress_ns > STALL_NS)
		drop(c, "it has not read for 5 s");
	if (!c->dead) {
		room = osc_buffer_reserve(&c->out,
			osc_stream_bound(&c->stream, size_bytes),
			OUT_MAX_BYTES);
		if (!room)
			drop(c, "more than 1 MiB waits for it to read");
	}
	if (!room) {
		osc_timer_arm(&t->again, 0);
		t->osc->counters.lost++;
		return;
	}
	c->out.end_bytes +=
		osc_stream_frame(&c->stream, packet, size_bytes, room);
	if (osc_buffer_waiting(&c->out) >= FLUSH_BYTES)
		client_flush(c);
}

bool
osc_tcp_congested(const struct osc_tcp *t, const struct osc_peer *to)
{
	const struct client *c = find(t, to);

	return c && osc_buffer_waiting(&c->out) > CONGESTED_BYTES;
}

uint32_t
osc_tcp_clients(const struct osc_tcp *t)
{
	return t->count;
}

/* After a callback: sends, asks for what it waits for, or closes. */
static void
client_settle(struct client *c)
{
	short events = 0;

	client_flush(c);
	if (c->ended && osc_buffer_waiting(&c->out) == 0)
		c->dead = true;
	if (c->dead) {
		client_close(c);
		return;
	}
	if (!c->ended)
		events |= POLLIN;
	if (osc_buffer_waiting(&c->out) > 0)
		events |= POLLOUT;
	loop_set_events(c->tcp->osc->loop, c->fd, events);
}

void
osc_tcp_flush(struct osc_tcp *t)
{
	if (!t || t->count == 0)
		return;
	for (uint32_t i = 0; i < OSC_CLIENTS_MAX; i++) {
		struct client *c = &t->client[i];

		if (c->fd >= 0 && (c->dead || osc_buffer_waiting(&c->out) > 0))
			client_settle(c);
	}
}

/* Takes packets from what was read, as far as this turn's work allows. */
static void
client_work(struct client *c)
{
	struct osc *o = c->tcp->osc;

	while (c->in_at < c->in_end && !c->dead) {
		uint64_t broken = 0;
		size_t size_bytes;
		void *packet;
		int used;

		if (o->work >= OSC_WORK_MAX) {
			osc_timer_arm(&c->tcp->again, 0);
			return;
		}
		used = osc_stream_take(&c->stream, c->in + c->in_at,
			c->in_end - c->in_at, &packet, &size_bytes, &broken);
		if (used < 0) {
			drop(c, "what it sends is neither SLIP nor packets of "
				"at most 65536 bytes with their length");
			return;
		}
		c->in_at += (size_t)used;
		o->counters.malformed += broken;
		if (packet)
			osc_dispatch(o, &c->peer, packet, size_bytes);
	}
}

static void
client_read(struct client *c)
{
	ssize_t got = recv(c->fd, c->in, IN_BYTES, MSG_DONTWAIT);

	if (got > 0) {
		c->in_at = 0;
		c->in_end = (size_t)got;
	} else if (got == 0) {
		c->ended = true; /* its answers may still be on their way */
		client_gone(c);
	} else if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
		drop(c, NULL);
	}
}

static void
client_ready(void *data, short revents)
{
	struct client *c = data;
	struct osc_tcp *t = c->tcp;

	t->osc->work = 0;
	if (revents & (POLLERR | POLLNVAL))
		drop(c, NULL);
	if (c->ended && (revents & POLLHUP))
		drop(c, NULL);
	if (!c->ended && !c->dead && c->in_at == c->in_end &&
		(revents & (POLLIN | POLLHUP)))
		client_read(c);
	client_work(c);
	client_settle(c);
	osc_tcp_flush(t); /* what it changed is told to others later; /error */
}

static void
again_tick(void *data)
{
	struct osc_tcp *t = data;

	for (uint32_t i = 0; i < OSC_CLIENTS_MAX; i++) {
		struct client *c = &t->client[i];

		t->osc->work = 0;
		if (c->fd < 0)
			continue;
		client_work(c);
		client_settle(c);
	}
}

static int
client_open(struct osc_tcp *t, int fd, const struct osc_peer *peer)
{
	struct client *c = NULL;
	int on = 1;

	for (uint32_t i = 0; i < OSC_CLIENTS_MAX && !c; i++)
		if (t->client[i].fd < 0)
			c = &t->client[i];
	if (!c)
		return -EUSERS;
	if (loop_add(t->osc->loop, fd, POLLIN, client_ready, c) < 0)
		return -ENOMEM;
	c->in = t->in + (size_t)(c - t->client) * IN_BYTES;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	osc_stream_init(&c->stream);
	c->tcp = t;
	c->fd = fd;
	c->peer = *peer;
	if (++t->last_number == 0)
		t->last_number = 1;
	c->peer.client = t->last_number;
	t->count++;
	return 0;
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
	osc_log(t->osc, OSC_CAUSE_STREAM, NULL,
		"a TCP client was refused: no descriptor is left");
}

static void
listen_ready(void *data, short revents)
{
	const struct listener *l = data;
	struct osc_tcp *t = l->tcp;
	struct sockaddr_storage from = {0};
	socklen_t len = sizeof(from);
	struct osc_peer peer;
	int fd;

	(void)revents;
	fd = accept4(l->fd, (struct sockaddr *)&from, &len,
		SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd < 0) {
		if (errno == EMFILE || errno == ENFILE)
			accept_by_spare(t, l->fd);
		return;
	}
	if (!osc_peer_from_sockaddr(&peer, &from) ||
		!osc_hears(t->osc, &peer)) {
		close(fd);
		return;
	}
	if (client_open(t, fd, &peer) < 0) {
		close(fd);
		osc_log(t->osc, OSC_CAUSE_STREAM, &peer,
			"refused: at most %d clients over TCP",
			OSC_CLIENTS_MAX);
	}
}

static int
add_listeners(struct osc_tcp *t, const struct osc_sockets *sockets)
{
	int res = 0;

	t->listeners = sockets->count;
	for (uint32_t i = 0; i < sockets->count; i++) {
		struct listener *l = &t->listener[i];

		*l = (struct listener){t, sockets->place[i].tcp};
		if (res == 0)
			res = loop_add(
				t->osc->loop, l->fd, POLLIN, listen_ready, l);
	}
	return res;
}

int
osc_tcp_open(struct osc_tcp **out, struct osc *o, const struct osc_sockets *s)
{
	struct osc_tcp *t = calloc(1, sizeof(*t));

	*out = NULL;
	if (!t) {
		for (uint32_t i = 0; i < s->count; i++)
			close(s->place[i].tcp);
		return -ENOMEM;
	}
	t->osc = o;
	t->in = malloc((size_t)OSC_CLIENTS_MAX * IN_BYTES);
	t->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	for (uint32_t i = 0; i < OSC_CLIENTS_MAX; i++)
		t->client[i].fd = -1;
	osc_timer_init(&t->again, o->loop, again_tick, t);
	if (add_listeners(t, s) < 0 || !t->in) {
		osc_tcp_close(t);
		return -ENOMEM;
	}
	*out = t;
	return 0;
}

void
osc_tcp_close(struct osc_tcp *t)
{
	if (!t)
		return;
	for (uint32_t i = 0; i < OSC_CLIENTS_MAX; i++) {
		struct client *c = &t->client[i];

		if (c->fd < 0)
			continue;
		client_flush(c);
		client_close(c);
	}
	osc_timer_done(&t->again);
	for (uint32_t i = 0; i < t->listeners; i++) {
		loop_remove(t->osc->loop, t->listener[i].fd);
		close(t->listener[i].fd);
	}
	if (t->spare_fd >= 0)
		close(t->spare_fd);
	free(t->in);
	free(t);
}
