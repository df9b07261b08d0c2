/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who speaks OSC to us: a numeric address and a port, over UDP or TCP. Plain
 * data, compared by value. Control thread only. */
#ifndef OSC_PEER_H
#define OSC_PEER_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#define OSC_PEER_TEXT_MAX 80 /* bytes with the NUL */

struct osc_peer {
	struct in6_addr ip;    /* IPv4 as ::ffff:a.b.c.d */
	uint32_t scope;	       /* of a link-local address */
	uint32_t client;       /* a connection: its number; 0: none */
	uint16_t port;	       /* where it speaks from */
	uint16_t reply_port;   /* where it listens: UDP, see /reply-to */
	uint8_t way;	       /* which transport; 0: UDP */
	uint8_t place;	       /* UDP: 1 + the socket it spoke to; 0: any */
	struct in6_addr asked; /* UDP: our address that it spoke to, or :: */
};

/* AF_INET or AF_INET6 */
int osc_peer_family(const struct osc_peer *peer);

/* As ::ffff:a.b.c.d */
void osc_peer_ipv4(struct in6_addr *out, const struct in_addr *in);

/* Of a struct sockaddr, as long as its family has it. false: neither IPv4 nor
 * IPv6 */
bool osc_peer_from_sockaddr(struct osc_peer *peer, const void *from);

/* Where to send to, for a socket of this family; its length, or 0 when that
 * family cannot reach it. */
socklen_t osc_peer_sockaddr(const struct osc_peer *peer, int family,
	uint16_t port, struct sockaddr_storage *out);

/* "192.168.1.7", "::1": 0, or -EINVAL for anything else, names included. */
int osc_peer_parse(const char *host, uint16_t port, struct osc_peer *out);

bool osc_peer_same_host(const struct osc_peer *a, const struct osc_peer *b);
bool osc_peer_equal(const struct osc_peer *a, const struct osc_peer *b);
bool osc_peer_is_loopback(const struct osc_peer *peer);
bool osc_peer_is_any(const struct osc_peer *peer);

/* "udp 127.0.0.1:9000", by the name of its transport */
void osc_peer_text(const struct osc_peer *peer, const char *transport,
	char text[OSC_PEER_TEXT_MAX]);

#endif
