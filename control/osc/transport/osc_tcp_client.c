/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One client over TCP: what it sends, and what waits for it. */
#include "control/osc/transport/osc_tcp_own.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#define FULL_NS UINT64_C(1000000) /* until its answers have left */

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

void
osc_tcp_client_flush(struct osc_tcp_client *c)
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

	osc_tcp_client_flush(c);
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

void
osc_tcp_client_work(struct osc_tcp_client *c)
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

/* Behind osc_tcp_client_work(). */
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
	osc_tcp_client_work(c);
	client_heard(c);
	osc_tcp_settle(c);
	t->events->end(
		t->data); /* what it changed is told to others later; /error */
}
