/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sockets: those of the address that was asked for, and those of this
 * machine's own, so that its programs find us whatever that address is. */
#include "control/osc/transport/osc_socket.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <unistd.h>

#define RECEIVE_BYTES	(4 << 20) /* asked for; the kernel may give less */
#define BACKLOG		16
#define FREE_PORT_TRIES 64

static int
socket_new(const struct osc_peer *bound, int type, bool only_ipv6)
{
	int family = osc_peer_family(bound);
	bool ipv4 = family == AF_INET;
	int fd = socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int on = 1, only = only_ipv6, size = RECEIVE_BYTES;

	if (fd < 0)
		return -errno;
	if (!ipv4)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof(only));
	if (type == SOCK_STREAM) { /* those of an earlier run may linger */
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
		return fd;
	}
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	/* Who does not listen any more is told of. An IPv6 socket may have
	 * peers of both kinds. */
	setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof(on));
	setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof(on));
	if (!osc_peer_is_any(bound))
		return fd;
	/* Which of our addresses was asked: the answer leaves from there. */
	if (ipv4)
		setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on));
	else
		setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on));
	return fd;
}

static int
socket_bind(
	const struct osc_peer *bound, int type, uint16_t port, bool only_ipv6)
{
	struct sockaddr_storage address;
	socklen_t len = osc_peer_sockaddr(
		bound, osc_peer_family(bound), port, &address);
	int fd = socket_new(bound, type, only_ipv6), res;

	if (fd < 0)
		return fd;
	if (bind(fd, (struct sockaddr *)&address, len) < 0 ||
		(type == SOCK_STREAM && listen(fd, BACKLOG) < 0)) {
		res = -errno;
		close(fd);
		return res;
	}
	return fd;
}

int
osc_socket_speaker(int family)
{
	int fd = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int on = 1, none = 0;

	if (fd < 0)
		return -errno;
	setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof(on));
	setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &none, sizeof(none));
	return fd;
}

static uint16_t
socket_port(int fd)
{
	struct sockaddr_storage address = {0};
	socklen_t len = sizeof(address);
	struct osc_peer own = {0};

	if (getsockname(fd, (struct sockaddr *)&address, &len) == 0)
		osc_peer_from_sockaddr(&own, &address);
	return own.port;
}

/* One more place to listen at. */
static int
open_both(struct osc_sockets *s, const struct osc_peer *bound, uint16_t want,
	bool only_ipv6)
{
	struct osc_place *place = &s->place[s->count];

	place->bound = *bound;
	place->udp = socket_bind(bound, SOCK_DGRAM, want, only_ipv6);
	if (place->udp < 0)
		return place->udp;
	place->bound.port = socket_port(place->udp);
	place->tcp =
		socket_bind(bound, SOCK_STREAM, place->bound.port, only_ipv6);
	if (place->tcp < 0) {
		close(place->udp);
		return place->tcp;
	}
	s->count++;
	return 0;
}

static void
close_all(struct osc_sockets *s)
{
	for (; s->count > 0; s->count--) {
		close(s->place[s->count - 1].udp);
		if (s->place[s->count - 1].tcp >= 0)
			close(s->place[s->count - 1].tcp);
	}
}

static bool
reaches(const struct osc_peer *bound, const struct osc_peer *own)
{
	return osc_peer_is_any(bound) &&
	       (!IN6_IS_ADDR_V4MAPPED(&bound->ip) ||
		       IN6_IS_ADDR_V4MAPPED(&own->ip));
}

/* Two sockets of one port are allowed for this moment only: nobody else gets
 * one beside ours. */
static void
set_shared(int fd, int on)
{
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
}

/* Datagrams of this machine wait in a buffer of their own, so that a flood from
 * the network takes no room from them. Without it they come all the same. */
static void
open_apart(struct osc_sockets *s, const struct osc_peer *own)
{
	struct osc_place *place = &s->place[s->count];
	struct sockaddr_storage address;
	socklen_t len = osc_peer_sockaddr(
		own, osc_peer_family(own), own->port, &address);
	int fd = socket_new(own, SOCK_DGRAM, true), res;

	if (fd < 0)
		return;
	set_shared(s->place[0].udp, 1);
	set_shared(fd, 1);
	res = bind(fd, (struct sockaddr *)&address, len);
	set_shared(s->place[0].udp, 0);
	set_shared(fd, 0);
	if (res < 0) {
		close(fd);
		return;
	}
	*place = (struct osc_place){*own, fd, -1};
	s->count++;
}

/* Not there without IPv6; held by another: the caller says so. */
static int
open_own(struct osc_sockets *s, const struct osc_peer *bound)
{
	static const char *const hosts[] = {"127.0.0.1", "::1"};
	const uint16_t port = s->place[0].bound.port;
	int res = 0;

	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		struct osc_peer own;

		if (osc_peer_parse(hosts[i], port, &own) < 0 ||
			osc_peer_same_host(bound, &own))
			continue;
		if (reaches(bound, &own)) {
			open_apart(s, &own);
		} else if (open_both(s, &own, port, true) == -EADDRINUSE) {
			s->held = own;
			res = -EADDRINUSE;
		}
	}
	return res;
}

int
osc_socket_open(const struct osc_peer *bound, struct osc_sockets *s)
{
	int tries = bound->port == 0 ? FREE_PORT_TRIES : 1;
	int res;

	/* A port that is free for one of them may be taken for another. */
	do {
		close_all(s);
		*s = (struct osc_sockets){.count = 0};
		res = open_both(s, bound, bound->port, false);
		if (res == 0 && open_own(s, bound) == 0)
			return 0;
	} while ((res == 0 || res == -EADDRINUSE) && --tries > 0);
	return res;
}
