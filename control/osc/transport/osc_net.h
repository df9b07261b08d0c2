/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Subnets, and those that this machine is in. Plain data. Control thread
 * only. */
#ifndef OSC_NET_H
#define OSC_NET_H

#include <stdbool.h>
#include <stdint.h>

#include "control/osc/transport/osc_peer.h"

#define OSC_HERE_MAX 64 /* addresses of this machine */

struct osc_net {
	struct in6_addr ip; /* IPv4 as ::ffff:a.b.c.d */
	uint8_t bits;	    /* of 128 that count */
};

/* "192.168.1.0/24", "192.168.1.7", "fd00::/8": 0, or -EINVAL for anything else,
 * names included. */
int osc_net_parse(const char *text, struct osc_net *out);
bool osc_net_has(const struct osc_net *net, const struct osc_peer *peer);
/* Of a home or a studio, and never routed: RFC 1918, RFC 4193, link-local. */
bool osc_net_is_private(const struct osc_peer *peer);

/* This machine's addresses with their subnets. Zeroed to begin with; the kernel
 * is asked anew at most once a second. */
struct osc_here {
	uint64_t looked_ns; /* 0: never */
	uint32_t count;
	struct osc_net net[OSC_HERE_MAX];
};

/* Its addresses of IPv4 in private networks, that of the default route first:
 * out[max]; how many. */
uint32_t osc_here_list(
	struct osc_here *here, struct osc_peer *out, uint32_t max);
bool osc_here_is(struct osc_here *here, const struct osc_peer *peer);
/* In a private subnet that this machine is in as well. */
bool osc_here_is_near(struct osc_here *here, const struct osc_peer *peer);

#endif
