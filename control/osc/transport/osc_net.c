/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/osc/transport/osc_net.h"

#include <errno.h>
#include <ifaddrs.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/util/loop.h"

#define LOOK_EVERY_NS UINT64_C(1000000000)
#define MAPPED_BITS   96 /* before an IPv4 address */

int
osc_net_parse(const char *text, struct osc_net *out)
{
	const char *slash = strchr(text, '/');
	size_t len = slash ? (size_t)(slash - text) : strlen(text);
	char host[64], *end;
	struct osc_peer peer;
	unsigned long bits = 128;
	bool ipv4;

	if (len >= sizeof(host))
		return -EINVAL;
	memcpy(host, text, len);
	host[len] = '\0';
	if (osc_peer_parse(host, 0, &peer) < 0)
		return -EINVAL;
	ipv4 = IN6_IS_ADDR_V4MAPPED(&peer.ip);
	if (slash) {
		if (slash[1] < '0' || slash[1] > '9')
			return -EINVAL;
		bits = strtoul(slash + 1, &end, 10);
		if (*end || bits > (ipv4 ? 32 : 128))
			return -EINVAL;
		bits += ipv4 ? MAPPED_BITS : 0;
	}
	out->ip = peer.ip;
	out->bits = (uint8_t)bits;
	return 0;
}

bool
osc_net_has(const struct osc_net *net, const struct osc_peer *peer)
{
	uint32_t bytes = net->bits / 8, rest = net->bits % 8;
	uint8_t differ;

	if (memcmp(&net->ip, &peer->ip, bytes) != 0)
		return false;
	if (rest == 0)
		return true;
	differ = net->ip.s6_addr[bytes] ^ peer->ip.s6_addr[bytes];
	return differ >> (8 - rest) == 0;
}

bool
osc_net_is_private(const struct osc_peer *peer)
{
	static const char *const nets[] = {"10.0.0.0/8", "172.16.0.0/12",
		"192.168.0.0/16", "169.254.0.0/16", "fc00::/7", "fe80::/10"};
	struct osc_net net;

	for (size_t i = 0; i < sizeof(nets) / sizeof(nets[0]); i++)
		if (osc_net_parse(nets[i], &net) == 0 &&
			osc_net_has(&net, peer))
			return true;
	return false;
}

static uint8_t
mask_bits(const struct sockaddr *mask)
{
	struct osc_peer as;
	int bits = 0;

	if (!mask || !osc_peer_from_sockaddr(&as, mask))
		return 128;
	for (int i = IN6_IS_ADDR_V4MAPPED(&as.ip) ? 12 : 0; i < 16; i++)
		bits += __builtin_popcount(as.ip.s6_addr[i]);
	return (uint8_t)(IN6_IS_ADDR_V4MAPPED(&as.ip) ? MAPPED_BITS + bits
						      : bits);
}

static void
take_one(struct osc_here *here, const struct ifaddrs *from)
{
	struct osc_net *net = &here->net[here->count];
	struct osc_peer own;

	if (!from->ifa_addr || !osc_peer_from_sockaddr(&own, from->ifa_addr))
		return;
	net->ip = own.ip;
	net->bits = mask_bits(from->ifa_netmask);
	here->count++;
}

static void
look(struct osc_here *here)
{
	uint64_t now_ns = loop_now_ns();
	struct ifaddrs *list;

	if (here->looked_ns && now_ns - here->looked_ns < LOOK_EVERY_NS)
		return;
	here->looked_ns = now_ns;
	if (getifaddrs(&list) < 0)
		return;
	here->count = 0;
	for (struct ifaddrs *i = list; i; i = i->ifa_next)
		if (here->count < OSC_HERE_MAX)
			take_one(here, i);
	freeifaddrs(list);
}

bool
osc_here_is(struct osc_here *here, const struct osc_peer *peer)
{
	if (osc_peer_is_loopback(peer))
		return true;
	look(here);
	for (uint32_t i = 0; i < here->count; i++)
		if (memcmp(&here->net[i].ip, &peer->ip, sizeof(peer->ip)) == 0)
			return true;
	return false;
}

bool
osc_here_is_near(struct osc_here *here, const struct osc_peer *peer)
{
	if (!osc_net_is_private(peer))
		return false;
	look(here);
	for (uint32_t i = 0; i < here->count; i++)
		if (osc_net_has(&here->net[i], peer))
			return true;
	return false;
}

/* Where what has no nearer way would leave from; nothing is sent. */
static bool
default_address(struct osc_peer *out)
{
	struct sockaddr_storage own = {0};
	socklen_t len = sizeof(own), to_len;
	struct osc_peer far;
	struct sockaddr_storage to;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool ok;

	osc_peer_parse("203.0.113.1", 9, &far);
	to_len = osc_peer_sockaddr(&far, AF_INET, 9, &to);
	ok = fd >= 0 && connect(fd, (struct sockaddr *)&to, to_len) == 0 &&
	     getsockname(fd, (struct sockaddr *)&own, &len) == 0 &&
	     osc_peer_from_sockaddr(out, &own);
	if (fd >= 0)
		close(fd);
	return ok;
}

uint32_t
osc_here_list(struct osc_here *here, struct osc_peer *out, uint32_t max)
{
	struct osc_peer first = {0};
	uint32_t n = 0;

	look(here);
	default_address(&first);
	for (uint32_t i = 0; i < here->count && n < max; i++) {
		struct osc_peer own = {.ip = here->net[i].ip};

		if (!IN6_IS_ADDR_V4MAPPED(&own.ip) || !osc_net_is_private(&own))
			continue;
		out[n++] = own;
		if (osc_peer_same_host(&own, &first)) {
			out[n - 1] = out[0];
			out[0] = own;
		}
	}
	return n;
}
