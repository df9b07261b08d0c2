/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Clients over TCP: a bounded number, each with bounded buffers. A client that
 * does not read what it asked for is dropped, not waited for. */
#include "control/osc/transport/osc_tcp_own.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OUT_MAX_BYTES	(1u << 20)
#define FLUSH_BYTES	16384  /* waiting: worth a system call */
#define CONGESTED_BYTES 65536u /* feedback waits */
#define STALL_NS	UINT64_C(5000000000)
#define NOT_READ	"it has not read for 5 s"
#define FULL_NS		UINT64_C(1000000) /* until its answers have left */

static struct osc_tcp_client *
find(const struct osc_tcp *t, const struct osc_peer *peer)
{
	for (uint32_t i = 0; i < OSC_CLIENTS_MAX; i++) {
		const struct osc_tcp_client *c = &t->client[i];

		if (c->fd >= 0 && !c->dead && c->peer.client == peer->client)
			return (struct osc_tcp_client *)c;
	}
	return NULL;
}

void
osc_tcp_drop(struct osc_tcp_client *c, const char *why)
{
	struct osc_transport *t = &c->tcp->t;

	if (c->dead)
		return;
	c->dead = true;
	if (!why)
		return;
	t->dropped++;
	t->events->log(t->data, &c->peer, "dropped", why);
}

void
osc_tcp_client_close(struct osc_tcp_client *c)
{
	struct osc_transport *t = &c->tcp->t;

	t->events->gone(t->data, &c->peer, true);
	loop_remove(t->loop, c->fd);
	close(c->fd);
	osc_stream_done(&c->stream);
	osc_buffer_done(&c->out);
	*c = (struct osc_tcp_client){.fd = -1};
	t->clients--;
}

/* What waits goes out, as far as the client takes it. */
static void
client_flush(struct osc_tcp_client *c)
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
			osc_tcp_drop(c, NULL);
		}
	}
	out->at_bytes = out->end_bytes = 0;
}

static bool
send_to(struct osc_transport *base, const struct osc_peer *to,
	const void *packet, size_t size_bytes)
{
	struct osc_tcp *t = (void *)base;
	struct osc_tcp_client *c = find(t, to);
	uint8_t *room = NULL;

	if (!c)
		return false;
	if (osc_buffer_waiting(&c->out) == 0)
		c->progress_ns = loop_now_ns();
	else if (loop_now_ns() - c->progress_ns > STALL_NS)
		osc_tcp_drop(c, NOT_READ);
	if (!c->dead) {
		room = osc_buffer_reserve(&c->out,
			osc_stream_bound(&c->stream, size_bytes),
			OUT_MAX_BYTES);
		if (!room)
			osc_tcp_drop(c, "more than 1 MiB waits for it to read");
	}
	if (!room) {
		timer_set(&t->again, 0);
		return false;
	}
	c->out.end_bytes +=
		osc_stream_frame(&c->stream, packet, size_bytes, room);
	if (osc_buffer_waiting(&c->out) >= FLUSH_BYTES)
		client_flush(c);
	return true;
}

static bool
congested(struct osc_transport *base, const struct osc_peer *to)
{
	struct osc_tcp *t = (void *)base;
	struct osc_tcp_client *c = find(t, to);

	if (!c || osc_buffer_waiting(&c->out) <= CONGESTED_BYTES)
		return false;
	if (loop_now_ns() - c->progress_ns > STALL_NS) {
		osc_tcp_drop(c, NOT_READ);
		timer_set(&t->again, 0);
	}
	return true;
}

static void
go_on(struct osc_transport *t)
{
	timer_set(&((struct osc_tcp *)(void *)t)->again, 0);
}

static enum osc_take
may_take(const struct osc_tcp_client *c)
{
	const struct osc_transport *t = &c->tcp->t;

	return t->events->may_take(t->data, &c->peer);
}

void
osc_tcp_settle(struct osc_tcp_client *c)
{
	const struct osc_transport *t = &c->tcp->t;
	short events = 0;

	client_flush(c);
	if (c->ended && osc_buffer_waiting(&c->out) == 0 &&
		!t->events->is_owed(t->data, &c->peer))
		c->dead = true;
	if (c->dead) {
		osc_tcp_client_close(c);
		return;
	}
	/* Its end, too, comes behind what it has sent. */
	if (!c->ended && c->in_at == c->in_end &&
		may_take(c) != OSC_TAKE_WHEN_TOLD)
		events |= POLLIN;
	if (osc_buffer_waiting(&c->out) > 0)
		events |= POLLOUT;
	loop_set_events(t->loop, c->fd, events);
}

static void
flush(struct osc_transport *base)
{
	struct osc_tcp *t = (void *)base;

	if (base->clients == 0)
		return;
	for (uint32_t i = 0; i < OSC_CLIENTS_MAX; i++) {
		struct osc_tcp_client *c = &t->client[i];

		if (c->fd >= 0 && (c->dead || c->ended ||
					  osc_buffer_waiting(&c->out) > 0))
			osc_tcp_settle(c);
	}
}

/* Takes packets from what was read, as far as this turn's work allows. */
static void
client_work(struct osc_tcp_client *c)
{
	struct osc_transport *t = &c->tcp->t;

	while (c->in_at < c->in_end && !c->dead) {
		enum osc_take take = may_take(c);
		uint64_t broken = 0;
		size_t size_bytes;
		void *packet;
		int used;

		if (take == OSC_TAKE_NEXT_TURN || take == OSC_TAKE_SOON)
			timer_set(&c->tcp->again,
				take == OSC_TAKE_SOON ? FULL_NS : 0);
		if (take != OSC_TAKE_NOW)
			return;
		used = osc_stream_take(&c->stream, c->in + c->in_at,
			c->in_end - c->in_at, &packet, &size_bytes, &broken);
		if (used < 0) {
			osc_tcp_drop(c,
				"what it sends is neither SLIP nor packets of "
				"at most 65536 bytes with their length");
			return;
		}
		c->in_at += (size_t)used;
		t->malformed += broken;
		if (packet) {
			c->spoke = c->took = true;
			t->events->packet(
				t->data, &c->peer, packet, size_bytes);
		}
	}
}

/* Behind client_work(). */
static void
client_heard(struct osc_tcp_client *c)
{
	bool inside = osc_stream_is_inside(&c->stream);

	if (c->took) {
		c->heard_ns = loop_now_ns();
		c->begun_ns = inside ? c->heard_ns : 0;
	} else if (inside && !c->begun_ns) {
		c->begun_ns = loop_now_ns();
	}
	c->took = false;
}

static void
client_read(struct osc_tcp_client *c)
{
	ssize_t got = recv(c->fd, c->in, OSC_TCP_IN_BYTES, MSG_DONTWAIT);

	if (got > 0) {
		c->in_at = 0;
		c->in_end = (size_t)got;
	} else if (got == 0) {
		c->ended = true; /* its answers may still be on their way */
		c->tcp->t.events->gone(c->tcp->t.data, &c->peer, false);
	} else if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
		osc_tcp_drop(c, NULL);
	}
}

/* One that hangs up in the middle is nothing new. */
static const char *
link_error(const struct osc_tcp_client *c)
{
	socklen_t len = sizeof(int);
	int error = 0;

	getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &len);
	return error == ETIMEDOUT || error == EHOSTUNREACH
		       ? "its machine does not answer any more"
		       : NULL;
}

void
osc_tcp_client_ready(void *data, short revents)
{
	struct osc_tcp_client *c = data;
	struct osc_transport *t = &c->tcp->t;

	t->events->begin(t->data);
	if (revents & (POLLERR | POLLNVAL))
		osc_tcp_drop(c, link_error(c));
	if (c->ended && (revents & POLLHUP))
		osc_tcp_drop(c, NULL);
	if (!c->ended && !c->dead && c->in_at == c->in_end &&
		may_take(c) != OSC_TAKE_WHEN_TOLD &&
		(revents & (POLLIN | POLLHUP)))
		client_read(c);
	client_work(c);
	client_heard(c);
	osc_tcp_settle(c);
	t->events->end(
		t->data); /* what it changed is told to others later; /error */
}

static void
again_tick(void *data)
{
	struct osc_tcp *t = data;

	for (uint32_t i = 0; i < OSC_CLIENTS_MAX; i++) {
		struct osc_tcp_client *c = &t->client[i];

		if (c->fd < 0)
			continue;
		t->t.events->begin(t->t.data);
		client_work(c);
		osc_tcp_settle(c);
	}
}

static void
tcp_close(struct osc_transport *base)
{
	struct osc_tcp *t = (void *)base;

	for (uint32_t i = 0; i < OSC_CLIENTS_MAX; i++) {
		struct osc_tcp_client *c = &t->client[i];

		if (c->fd < 0)
			continue;
		client_flush(c);
		osc_tcp_client_close(c);
	}
	timer_done(&t->again);
	timer_done(&t->idle);
	for (uint32_t i = 0; i < t->listeners; i++) {
		loop_remove(base->loop, t->listener[i].fd);
		close(t->listener[i].fd);
	}
	if (t->spare_fd >= 0)
		close(t->spare_fd);
	free(t->in);
	free(t);
}

int
osc_tcp_open(
	struct osc_transport **out, struct loop *l, const struct osc_sockets *s)
{
	static const struct osc_transport_ops ops = {.name = "tcp",
		.send = send_to,
		.close = tcp_close,
		.congested = congested,
		.flush = flush,
		.go_on = go_on};
	struct osc_tcp *t = calloc(1, sizeof(*t));

	*out = NULL;
	if (!t) {
		for (uint32_t i = 0; i < s->count; i++)
			if (s->place[i].tcp >= 0)
				close(s->place[i].tcp);
		return -ENOMEM;
	}
	t->t = (struct osc_transport){.ops = &ops, .loop = l};
	t->in = malloc((size_t)OSC_CLIENTS_MAX * OSC_TCP_IN_BYTES);
	t->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	for (uint32_t i = 0; i < OSC_CLIENTS_MAX; i++)
		t->client[i].fd = -1;
	timer_init(&t->again, l, again_tick, t);
	timer_init(&t->idle, l, osc_tcp_idle_tick, t);
	if (osc_tcp_listen(t, s) < 0 || !t->in) {
		tcp_close(&t->t);
		return -ENOMEM;
	}
	*out = &t->t;
	return 0;
}
