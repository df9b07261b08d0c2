/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Over TCP: a bounded number of clients, each with bounded buffers. A client
 * that does not read what it asked for is dropped, not waited for. */
#include "control/osc/transport/osc_tcp_own.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define OUT_MAX_BYTES	(1u << 20)
#define FLUSH_BYTES	16384  /* waiting: worth a system call */
#define CONGESTED_BYTES 65536u /* feedback waits */
#define STALL_NS	UINT64_C(5000000000)
#define NOT_READ	"it has not read for 5 s"

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
		osc_tcp_client_flush(c);
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

static void
again_tick(void *data)
{
	struct osc_tcp *t = data;

	for (uint32_t i = 0; i < OSC_CLIENTS_MAX; i++) {
		struct osc_tcp_client *c = &t->client[i];

		if (c->fd < 0)
			continue;
		t->t.events->begin(t->t.data);
		osc_tcp_client_work(c);
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
		osc_tcp_client_flush(c);
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
