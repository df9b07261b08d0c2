/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Datagrams: in by batches, out as osc_out.c lets them; never waited for. */
#include "control/osc/transport/osc_packet.h"
#include "control/osc/transport/osc_socket.h"
#include "control/util/timer.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BATCH		 64	      /* datagrams of one recvmmsg() */
#define BATCHES_PER_TURN 16	      /* then others are served */
#define SLOT_BYTES	 (65536 + 64) /* the 64: not all in one cache set */
#define SOCKETS_MAX	 (OSC_PLACES_MAX + 2) /* 2: osc_udp_reach() */
#define SENDS_MAX	 3		      /* of one datagram */

/* Which of our addresses a datagram came to, or leaves from. */
union asked {
	size_t align; /* as struct cmsghdr */
	uint8_t bytes[CMSG_SPACE(sizeof(struct in6_pktinfo))];
};

struct udp_socket {
	struct osc_udp *udp;
	uint8_t place; /* 1 + its index */
	int fd;
	int family;
	bool both;     /* IPv6 that reaches IPv4 too */
	bool any;      /* all addresses of this machine */
	bool loopback; /* reaches this machine only */
};

struct osc_udp {
	struct osc_transport t; /* first */
	uint32_t sockets;
	struct udp_socket socket[SOCKETS_MAX];
	uint8_t *slots; /* [BATCH][SLOT_BYTES] */
	struct mmsghdr msg[BATCH];
	struct iovec iov[BATCH];
	struct sockaddr_storage from[BATCH];
	union asked asked[BATCH];
	const struct udp_socket *source; /* of the batch */
	uint32_t at, count;		 /* of the batch: next, end */
	struct timer again;		 /* the rest of a batch */
};

/* What the network says of datagrams that could not be delivered: an error
 * comes with the address it was sent to. */
static bool
take_error(struct udp_socket *s)
{
	struct sockaddr_storage to;
	union {
		size_t align;
		uint8_t bytes[512];
	} control;
	struct msghdr m = {.msg_name = &to,
		.msg_namelen = sizeof(to),
		.msg_control = &control,
		.msg_controllen = sizeof(control)};
	struct osc_peer peer;

	if (recvmsg(s->fd, &m, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
		return false;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
		struct sock_extended_err e;

		if (c->cmsg_type != IP_RECVERR && c->cmsg_type != IPV6_RECVERR)
			continue;
		memcpy(&e, CMSG_DATA(c), sizeof(e));
		if (e.ee_errno == ECONNREFUSED &&
			osc_peer_from_sockaddr(&peer, &to))
			s->udp->t.events->lost(s->udp->t.data, &peer);
	}
	return true;
}

static void
take_errors(struct udp_socket *s)
{
	for (int i = 0; i < BATCH && take_error(s); i++)
		;
}

static void
speaker_ready(void *data, short revents)
{
	uint8_t none;

	(void)revents;
	take_errors(data);
	/* clears the error itself */
	recv(((struct udp_socket *)data)->fd, &none, 1, MSG_DONTWAIT);
}

/* Where it came in, or the first socket that can reach it; or -1. */
static int
socket_for(const struct osc_udp *u, const struct osc_peer *to)
{
	bool ipv4 = IN6_IS_ADDR_V4MAPPED(&to->ip);

	if (to->place)
		return to->place - 1;
	for (uint32_t i = 0; i < u->sockets; i++) {
		const struct udp_socket *s = &u->socket[i];
		bool reaches = ipv4 ? s->family == AF_INET || s->both
				    : s->family == AF_INET6;

		if (reaches &&
			(s->any || s->loopback == osc_peer_is_loopback(to)))
			return (int)i;
	}
	return -1;
}

/* Only what the network says of what was sent is read from it. */
static int
reach(struct osc_transport *t, const struct osc_peer *to)
{
	struct osc_udp *u = (void *)t;
	struct udp_socket *s = &u->socket[u->sockets];
	int family = osc_peer_family(to), fd, res;

	if (socket_for(u, to) >= 0)
		return 0;
	if (u->sockets == SOCKETS_MAX)
		return -ENOMEM;
	fd = osc_socket_speaker(family);
	if (fd < 0)
		return fd;
	*s = (struct udp_socket){
		.udp = u, .fd = fd, .family = family, .any = true};
	res = loop_add(t->loop, fd, 0, speaker_ready, s);
	if (res < 0)
		close(fd);
	else
		u->sockets++;
	return res;
}

/* The answer leaves from the address that was asked. */
static void
leave_from(struct msghdr *m, union asked *from, const struct osc_peer *to,
	int family)
{
	struct in_pktinfo ipv4 = {0};
	struct in6_pktinfo ipv6 = {.ipi6_addr = to->asked};
	bool is_ipv4 = family == AF_INET;
	size_t size = is_ipv4 ? sizeof(ipv4) : sizeof(ipv6);
	struct cmsghdr *c = (void *)from;

	memset(from, 0, sizeof(*from));
	memcpy(&ipv4.ipi_spec_dst, to->asked.s6_addr + 12, 4);
	c->cmsg_level = is_ipv4 ? IPPROTO_IP : IPPROTO_IPV6;
	c->cmsg_type = is_ipv4 ? IP_PKTINFO : IPV6_PKTINFO;
	c->cmsg_len = CMSG_LEN(size);
	memcpy(CMSG_DATA(c), is_ipv4 ? (void *)&ipv4 : (void *)&ipv6, size);
	m->msg_control = from;
	m->msg_controllen = c->cmsg_len;
}

static bool
is_of_earlier(int error)
{
	return error == ECONNREFUSED || error == EHOSTUNREACH ||
	       error == ENETUNREACH || error == EPROTO;
}

static bool
send_to(struct osc_transport *t, const struct osc_peer *to, const void *packet,
	size_t size_bytes)
{
	const struct osc_udp *u = (void *)t;
	const struct udp_socket *s;
	struct iovec iov = {(void *)packet, size_bytes};
	struct sockaddr_storage address;
	struct msghdr m = {.msg_name = &address, .msg_iov = &iov};
	union asked from;
	ssize_t sent = -1;
	int at = socket_for(u, to);

	if (at < 0)
		return false;
	s = &u->socket[at];
	m.msg_iovlen = 1;
	m.msg_namelen =
		osc_peer_sockaddr(to, s->family, to->reply_port, &address);
	if (s->any && !IN6_IS_ADDR_UNSPECIFIED(&to->asked))
		leave_from(&m, &from, to, s->family);
	/* An error may be that of an earlier one: told once, sent the next
	 * time. */
	for (int i = 0; i < SENDS_MAX && m.msg_namelen > 0; i++) {
		sent = sendmsg(s->fd, &m, MSG_DONTWAIT);
		if (sent >= 0 || (errno != EINTR && !is_of_earlier(errno)))
			break;
	}
	/* no room, unreachable, or too long for its network */
	return sent >= 0;
}

/* A multicast address cannot be sent from: it stays ::. */
static void
take_asked(struct osc_peer *from, struct msghdr *m)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
			struct in_pktinfo info;

			memcpy(&info, CMSG_DATA(c), sizeof(info));
			osc_peer_ipv4(&from->asked, &info.ipi_spec_dst);
		} else if (c->cmsg_level == IPPROTO_IPV6 &&
			   c->cmsg_type == IPV6_PKTINFO) {
			struct in6_pktinfo info;

			memcpy(&info, CMSG_DATA(c), sizeof(info));
			if (!IN6_IS_ADDR_MULTICAST(&info.ipi6_addr))
				from->asked = info.ipi6_addr;
		}
	}
}

static void
take_datagram(struct osc_udp *u, uint32_t i)
{
	struct osc_peer from;

	if (!osc_peer_from_sockaddr(&from, &u->from[i]))
		return;
	from.place = u->source->place;
	if (u->source->any)
		take_asked(&from, &u->msg[i].msg_hdr);
	from.way = u->t.way;
	u->t.events->packet(
		u->t.data, &from, u->iov[i].iov_base, u->msg[i].msg_len);
}

/* false: there are no more for now */
static bool
receive(struct osc_udp *u, const struct udp_socket *s)
{
	int got;

	for (uint32_t i = 0; i < BATCH; i++) {
		u->msg[i].msg_hdr.msg_namelen = sizeof(u->from[i]);
		u->msg[i].msg_hdr.msg_controllen =
			s->any ? sizeof(u->asked[i]) : 0;
	}
	got = recvmmsg(s->fd, u->msg, BATCH, MSG_DONTWAIT, NULL);
	u->source = s;
	u->at = 0;
	u->count = got > 0 ? (uint32_t)got : 0;
	return got > 0;
}

/* The batch, as far as this turn's work allows. */
static bool
work_off(struct osc_udp *u)
{
	while (u->at < u->count) {
		if (u->t.events->may_take(u->t.data, NULL) != OSC_TAKE_NOW)
			return false;
		take_datagram(u, u->at++);
	}
	return true;
}

static void
run(struct osc_udp *u, const struct udp_socket *s)
{
	u->t.events->begin(u->t.data);
	for (int batch = 0; batch < BATCHES_PER_TURN; batch++) {
		bool full;

		if (!work_off(u)) {
			timer_set(&u->again, 0);
			break;
		}
		full = u->count == 0 || u->count == BATCH || batch == 0;
		if (!full || !receive(u, s))
			break;
	}
	if (!work_off(u))
		timer_set(&u->again, 0);
	u->t.events->end(u->t.data);
}

static void
again_tick(void *data)
{
	struct osc_udp *u = data;

	run(u, u->source);
}

static void
ready(void *data, short revents)
{
	struct udp_socket *s = data;

	if (revents & POLLERR)
		take_errors(s);
	run(s->udp, s);
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
		u->msg[i].msg_hdr.msg_control = &u->asked[i];
	}
	return 0;
}

static int
add_sockets(struct osc_udp *u, const struct osc_sockets *sockets)
{
	int res = 0;

	u->sockets = sockets->count;
	for (uint32_t i = 0; i < sockets->count; i++) {
		const struct osc_place *place = &sockets->place[i];
		int family = osc_peer_family(&place->bound);
		struct udp_socket *s = &u->socket[i];

		*s = (struct udp_socket){.udp = u,
			.place = (uint8_t)(i + 1),
			.fd = place->udp,
			.family = family,
			.both = i == 0 && family == AF_INET6 &&
				osc_peer_is_any(&place->bound),
			.any = osc_peer_is_any(&place->bound),
			.loopback = osc_peer_is_loopback(&place->bound)};
		if (res == 0)
			res = loop_add(u->t.loop, s->fd, POLLIN, ready, s);
	}
	return res;
}

static void
udp_close(struct osc_transport *t)
{
	struct osc_udp *u = (void *)t;

	for (uint32_t i = 0; i < u->sockets; i++) {
		loop_remove(t->loop, u->socket[i].fd);
		close(u->socket[i].fd);
	}
	timer_done(&u->again);
	free(u->slots);
	free(u);
}

int
osc_udp_open(
	struct osc_transport **out, struct loop *l, const struct osc_sockets *s)
{
	static const struct osc_transport_ops ops = {.name = "udp",
		.send = send_to,
		.close = udp_close,
		.reach = reach};
	struct osc_udp *u = calloc(1, sizeof(*u));
	int res;

	*out = NULL;
	if (!u) {
		for (uint32_t i = 0; i < s->count; i++)
			close(s->place[i].udp);
		return -ENOMEM;
	}
	u->t = (struct osc_transport){.ops = &ops, .loop = l};
	timer_init(&u->again, l, again_tick, u);
	res = add_sockets(u, s);
	if (res == 0)
		res = make_slots(u);
	if (res < 0) {
		udp_close(&u->t);
		return res;
	}
	*out = &u->t;
	return 0;
}
