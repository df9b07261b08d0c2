/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Datagrams in batches, in and out, never waited for.
 *
 * Answers leave at once up to a burst; what is beyond (a list of a thousand
 * parameters) waits in a queue that a timer empties at a pace a reader can
 * follow, since a datagram that finds its receiver's buffer full is lost. */
#include "control/osc_own.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BATCH		 64	      /* datagrams of one recvmmsg() */
#define BATCHES_PER_TURN 16	      /* then others are served */
#define SLOT_BYTES	 (65536 + 64) /* the 64: not all in one cache set */
#define BURST		 128	      /* datagrams */
#define REFILL_NS	 15000u	      /* per datagram: 66,000 a second */
#define PACE_NS		 1000000u     /* between emptyings of the queue */
#define QUEUE_BYTES	 (1u << 20)
#define REPLY_PORT_NS	 UINT64_C(600000000000) /* of silence */

/* A datagram that waits; its bytes follow, padded to 8. */
struct waiting {
	struct osc_peer to;
	uint32_t size_bytes;
};

struct osc_udp {
	struct osc *osc;
	int fd;
	int family;
	uint8_t *slots; /* [BATCH][SLOT_BYTES] */
	struct mmsghdr msg[BATCH];
	struct iovec iov[BATCH];
	struct sockaddr_storage from[BATCH];
	uint32_t at, count;	/* of the batch: next, end */
	struct osc_timer again; /* the rest of a batch */

	uint32_t burst; /* datagrams that may leave now */
	uint64_t refilled_ns;
	uint8_t *queue; /* struct waiting, from read to write */
	size_t read_bytes, write_bytes;
	struct osc_timer pace;
};

static size_t
waiting_bytes(size_t size_bytes)
{
	return (sizeof(struct waiting) + size_bytes + 7) & ~(size_t)7;
}

static void
refill(struct osc_udp *u)
{
	uint64_t now_ns, more;

	if (u->burst == BURST)
		return;
	now_ns = loop_now_ns();
	more = (now_ns - u->refilled_ns) / REFILL_NS;
	if (more >= BURST - u->burst) {
		u->burst = BURST;
		u->refilled_ns = now_ns;
	} else {
		u->burst += (uint32_t)more;
		u->refilled_ns += more * REFILL_NS;
	}
}

/* false: it has to wait */
static bool
send_now(struct osc_udp *u, const struct osc_peer *to, const void *packet,
	size_t size_bytes)
{
	struct sockaddr_storage address;
	socklen_t len =
		osc_peer_sockaddr(to, u->family, to->reply_port, &address);
	ssize_t sent;

	if (u->burst == BURST)
		u->refilled_ns = loop_now_ns();
	if (u->burst > 0)
		u->burst--;
	if (len == 0) {
		u->osc->counters.lost++;
		return true;
	}
	do
		sent = sendto(u->fd, packet, size_bytes, MSG_DONTWAIT,
			(struct sockaddr *)&address, len);
	while (sent < 0 && errno == EINTR);
	if (sent >= 0)
		return true;
	if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS)
		return false;
	u->osc->counters.lost++; /* unreachable, or too long for its network */
	return true;
}

static void
pace_tick(void *data)
{
	struct osc_udp *u = data;

	refill(u);
	while (u->read_bytes < u->write_bytes && u->burst > 0) {
		const struct waiting *w = (void *)(u->queue + u->read_bytes);

		if (!send_now(u, &w->to, w + 1, w->size_bytes))
			break;
		u->read_bytes += waiting_bytes(w->size_bytes);
	}
	if (u->read_bytes == u->write_bytes)
		u->read_bytes = u->write_bytes = 0;
	else
		osc_timer_arm(&u->pace, PACE_NS);
}

static bool
enqueue(struct osc_udp *u, const struct osc_peer *to, const void *packet,
	size_t size_bytes)
{
	size_t need = waiting_bytes(size_bytes);
	struct waiting *w;

	if (!u->queue && !(u->queue = malloc(QUEUE_BYTES)))
		return false;
	if (u->write_bytes + need > QUEUE_BYTES && u->read_bytes > 0) {
		u->write_bytes -= u->read_bytes;
		memmove(u->queue, u->queue + u->read_bytes, u->write_bytes);
		u->read_bytes = 0;
	}
	if (u->write_bytes + need > QUEUE_BYTES)
		return false;
	if (u->read_bytes == u->write_bytes)
		osc_timer_arm(&u->pace, PACE_NS);
	w = (void *)(u->queue + u->write_bytes);
	w->to = *to;
	w->size_bytes = (uint32_t)size_bytes;
	memcpy(w + 1, packet, size_bytes);
	u->write_bytes += need;
	return true;
}

void
osc_udp_send(struct osc_udp *u, const struct osc_peer *to, const void *packet,
	size_t size_bytes)
{
	refill(u);
	if (u->read_bytes == u->write_bytes && u->burst > 0 &&
		send_now(u, to, packet, size_bytes))
		return;
	if (enqueue(u, to, packet, size_bytes))
		return;
	u->osc->counters.lost++;
	osc_log(u->osc, OSC_CAUSE_LOST, to,
		"asks faster than it can be answered: answers are lost");
}

bool
osc_udp_congested(const struct osc_udp *u)
{
	return u->write_bytes - u->read_bytes > QUEUE_BYTES / 4;
}

/* Forgotten after a while of silence: the port it spoke from may be another
 * program's by then. */
static void
use_reply_port(struct osc *o, struct osc_peer *from)
{
	for (uint32_t i = 0; i < o->reply_ports; i++) {
		struct osc_reply_port *known = &o->reply_port[i];
		uint64_t now_ns;

		if (known->peer.port != from->port ||
			!osc_peer_same_host(&known->peer, from))
			continue;
		now_ns = loop_now_ns();
		if (now_ns - known->used_ns < REPLY_PORT_NS) {
			known->used_ns = now_ns;
			from->reply_port = known->peer.reply_port;
		}
		return;
	}
}

static void
take_datagram(struct osc_udp *u, uint32_t i)
{
	struct osc_peer from;

	if (!osc_peer_from_sockaddr(&from, &u->from[i]))
		return;
	if (!osc_hears(u->osc, &from) || osc_is_self(u->osc, &from))
		return;
	use_reply_port(u->osc, &from);
	osc_dispatch(u->osc, &from, u->iov[i].iov_base, u->msg[i].msg_len);
}

/* false: there are no more for now */
static bool
receive(struct osc_udp *u)
{
	int got;

	for (uint32_t i = 0; i < BATCH; i++)
		u->msg[i].msg_hdr.msg_namelen = sizeof(u->from[i]);
	got = recvmmsg(u->fd, u->msg, BATCH, MSG_DONTWAIT, NULL);
	u->at = 0;
	u->count = got > 0 ? (uint32_t)got : 0;
	return got > 0;
}

/* The batch, as far as this turn's work allows. */
static bool
work_off(struct osc_udp *u)
{
	while (u->at < u->count) {
		if (u->osc->work >= OSC_WORK_MAX)
			return false;
		take_datagram(u, u->at++);
	}
	return true;
}

static void
run(struct osc_udp *u)
{
	u->osc->work = 0;
	for (int batch = 0; batch < BATCHES_PER_TURN; batch++) {
		bool full;

		if (!work_off(u)) {
			osc_timer_arm(&u->again, 0);
			break;
		}
		full = u->count == 0 || u->count == BATCH || batch == 0;
		if (!full || !receive(u))
			break;
	}
	if (!work_off(u))
		osc_timer_arm(&u->again, 0);
	osc_tcp_flush(u->osc->tcp);
}

static void
again_tick(void *data)
{
	run(data);
}

static void
ready(void *data, short revents)
{
	(void)revents;
	run(data);
}

static int
make_slots(struct osc_udp *u)
{
	u->slots = aligned_alloc(64, (size_t)BATCH * SLOT_BYTES);
	if (!u->slots)
		return -ENOMEM;
	for (uint32_t i = 0; i < BATCH; i++) {
		u->iov[i].iov_base = u->slots + (size_t)i * SLOT_BYTES;
		u->iov[i].iov_len = OSC_PACKET_MAX;
		u->msg[i].msg_hdr.msg_iov = &u->iov[i];
		u->msg[i].msg_hdr.msg_iovlen = 1;
		u->msg[i].msg_hdr.msg_name = &u->from[i];
	}
	return 0;
}

int
osc_udp_open(struct osc_udp **out, struct osc *o, int fd)
{
	struct osc_udp *u = calloc(1, sizeof(*u));
	int res;

	*out = NULL;
	if (!u) {
		close(fd);
		return -ENOMEM;
	}
	u->osc = o;
	u->fd = fd;
	u->family = IN6_IS_ADDR_V4MAPPED(&o->bound.ip) ? AF_INET : AF_INET6;
	u->burst = BURST;
	osc_timer_init(&u->again, o->loop, again_tick, u);
	osc_timer_init(&u->pace, o->loop, pace_tick, u);
	res = make_slots(u);
	if (res == 0)
		res = loop_add(o->loop, fd, POLLIN, ready, u);
	if (res < 0) {
		osc_udp_close(u);
		return res;
	}
	*out = u;
	return 0;
}

void
osc_udp_close(struct osc_udp *u)
{
	if (!u)
		return;
	loop_remove(u->osc->loop, u->fd);
	osc_timer_done(&u->again);
	osc_timer_done(&u->pace);
	close(u->fd);
	free(u->queue);
	free(u->slots);
	free(u);
}
