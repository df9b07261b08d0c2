/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/osc_own.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <unistd.h>

#define RECEIVE_BYTES	(4 << 20) /* asked for; the kernel may give less */
#define BACKLOG		16
#define FREE_PORT_TRIES 64

static int
socket_bind(const struct osc_peer *bound, int type, uint16_t port)
{
	bool ipv4 = IN6_IS_ADDR_V4MAPPED(&bound->ip);
	int family = ipv4 ? AF_INET : AF_INET6;
	struct sockaddr_storage address;
	socklen_t len = osc_peer_sockaddr(bound, family, port, &address);
	int fd = socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int on = 1, off = 0, size = RECEIVE_BYTES, res;

	if (fd < 0)
		return -errno;
	if (family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	if (type == SOCK_STREAM) /* connections of an earlier run may linger */
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	else if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size,
			 sizeof(size)) < 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (bind(fd, (struct sockaddr *)&address, len) < 0 ||
		(type == SOCK_STREAM && listen(fd, BACKLOG) < 0)) {
		res = -errno;
		close(fd);
		return res;
	}
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

static int
open_both(const struct osc_peer *bound, uint16_t want, int *udp, int *tcp,
	uint16_t *port)
{
	*udp = socket_bind(bound, SOCK_DGRAM, want);
	if (*udp < 0)
		return *udp;
	*port = socket_port(*udp);
	*tcp = socket_bind(bound, SOCK_STREAM, *port);
	if (*tcp >= 0)
		return 0;
	close(*udp);
	return *tcp;
}

int
osc_socket_open(
	const struct osc_peer *bound, int *udp, int *tcp, uint16_t *port)
{
	const uint16_t want = bound->port;
	int tries = want == 0 ? FREE_PORT_TRIES : 1;
	int res;

	/* A port that is free for UDP may be taken for TCP. */
	do
		res = open_both(bound, want, udp, tcp, port);
	while (res == -EADDRINUSE && --tries > 0);
	return res;
}
