/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sockets of UDP and TCP. Control thread only. */
#ifndef OSC_SOCKET_H
#define OSC_SOCKET_H

#include <stdint.h>

#include "control/osc/transport/transport.h"

/* Where we listen: first as configured, then this machine's own addresses. */
#define OSC_PLACES_MAX 3

struct osc_place {
	struct osc_peer bound; /* address and port */
	int udp, tcp; /* owned by osc_udp.c and osc_tcp.c; tcp -1: none */
};

struct osc_sockets {
	uint32_t count;
	struct osc_place place[OSC_PLACES_MAX];
	struct osc_peer held; /* one that another program has; port 0: none */
};

/* Non-blocking, the TCP ones listening, all on the same port. 0, or -errno when
 * that of the configuration could not be had. */
int osc_socket_open(const struct osc_peer *bound, struct osc_sockets *out);
/* One that only sends, from any address: a descriptor or -errno */
int osc_socket_speaker(int family);

/* 0 or -errno; they take their descriptors in either case. */
int osc_udp_open(struct osc_transport **out, struct loop *l,
	const struct osc_sockets *s);
int osc_tcp_open(struct osc_transport **out, struct loop *l,
	const struct osc_sockets *s);

/* The process that holds a UDP or TCP port here: its pid and name, or -ENOENT.
 * Only processes that this user may look into are found. */
int osc_port_holder(uint16_t port, int *pid, char name[64]);

#endif
