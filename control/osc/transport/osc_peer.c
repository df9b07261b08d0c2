/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/osc/transport/osc_peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>

int
osc_peer_family(const struct osc_peer *peer)
{
	return IN6_IS_ADDR_V4MAPPED(&peer->ip) ? AF_INET : AF_INET6;
}

void
osc_peer_ipv4(struct in6_addr *out, const struct in_addr *in)
{
	memset(out, 0, sizeof(*out));
	out->s6_addr[10] = out->s6_addr[11] = 0xFF;
	memcpy(out->s6_addr + 12, in, 4);
}

bool
osc_peer_from_sockaddr(struct osc_peer *peer, const void *from)
{
	sa_family_t family = ((const struct sockaddr *)from)->sa_family;

	memset(peer, 0, sizeof(*peer));
	if (family == AF_INET) {
		const struct sockaddr_in *in = from;

		osc_peer_ipv4(&peer->ip, &in->sin_addr);
		peer->port = ntohs(in->sin_port);
	} else if (family == AF_INET6) {
		const struct sockaddr_in6 *in = from;

		peer->ip = in->sin6_addr;
		peer->scope = in->sin6_scope_id;
		peer->port = ntohs(in->sin6_port);
	} else {
		return false;
	}
	peer->reply_port = peer->port;
	return true;
}

socklen_t
osc_peer_sockaddr(const struct osc_peer *peer, int family, uint16_t port,
	struct sockaddr_storage *out)
{
	memset(out, 0, sizeof(*out));
	if (family == AF_INET) {
		struct sockaddr_in *in = (void *)out;

		if (!IN6_IS_ADDR_V4MAPPED(&peer->ip))
			return 0;
		in->sin_family = AF_INET;
		in->sin_port = htons(port);
		memcpy(&in->sin_addr, peer->ip.s6_addr + 12, 4);
		return sizeof(*in);
	} else {
		struct sockaddr_in6 *in = (void *)out;

		in->sin6_family = AF_INET6;
		in->sin6_port = htons(port);
		in->sin6_addr = peer->ip;
		in->sin6_scope_id = peer->scope;
		return sizeof(*in);
	}
}

int
osc_peer_parse(const char *host, uint16_t port, struct osc_peer *out)
{
	struct addrinfo hints = {.ai_flags = AI_NUMERICHOST};
	struct addrinfo *found;
	struct in_addr whole;
	bool ok;

	/* getaddrinfo() takes 10.1 for 10.0.0.1 */
	if (!strchr(host, ':') && inet_pton(AF_INET, host, &whole) != 1)
		return -EINVAL;
	if (getaddrinfo(host, NULL, &hints, &found) != 0)
		return -EINVAL;
	ok = osc_peer_from_sockaddr(out, found->ai_addr);
	freeaddrinfo(found);
	out->port = out->reply_port = port;
	return ok ? 0 : -EINVAL;
}

bool
osc_peer_same_host(const struct osc_peer *a, const struct osc_peer *b)
{
	return memcmp(&a->ip, &b->ip, sizeof(a->ip)) == 0;
}

bool
osc_peer_equal(const struct osc_peer *a, const struct osc_peer *b)
{
	return a->way == b->way && a->client == b->client &&
	       a->port == b->port && a->reply_port == b->reply_port &&
	       osc_peer_same_host(a, b);
}

bool
osc_peer_is_loopback(const struct osc_peer *peer)
{
	if (IN6_IS_ADDR_V4MAPPED(&peer->ip))
		return peer->ip.s6_addr[12] == 127;
	return IN6_IS_ADDR_LOOPBACK(&peer->ip);
}

bool
osc_peer_is_any(const struct osc_peer *peer)
{
	static const uint8_t any[4];

	if (IN6_IS_ADDR_V4MAPPED(&peer->ip))
		return memcmp(peer->ip.s6_addr + 12, any, 4) == 0;
	return IN6_IS_ADDR_UNSPECIFIED(&peer->ip);
}

void
osc_peer_text(const struct osc_peer *peer, const char *transport,
	char text[OSC_PEER_TEXT_MAX])
{
	char ip[INET6_ADDRSTRLEN];

	if (IN6_IS_ADDR_V4MAPPED(&peer->ip)) {
		inet_ntop(AF_INET, peer->ip.s6_addr + 12, ip, sizeof(ip));
		snprintf(text, OSC_PEER_TEXT_MAX, "%s %s:%u", transport, ip,
			peer->port);
	} else {
		inet_ntop(AF_INET6, &peer->ip, ip, sizeof(ip));
		snprintf(text, OSC_PEER_TEXT_MAX, "%s [%s]:%u", transport, ip,
			peer->port);
	}
}
