/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The OSC server: UDP and TCP on one port, sockets of our own, liblo for the
 * messages. See osc_packet.h for the validator that stands before it. Control
 * thread only.
 *
 * The rooms, each above what it calls: requests/ (what comes in: a bundle, or a
 * message, which is one of one); subscribers/ (who is told what); answers/
 * (what leaves, who is reached, the services that are registered); transport/
 * (packets come and go). What transports tell is taken in osc_events.c. */
#ifndef OSC_H
#define OSC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/model/model.h"
#include "control/osc/transport/osc_config.h"

struct osc;

struct osc_source {
	struct mixer *(*mixer)(void *data); /* NULL while audio is stopped */
	/* errors, at most one line a second per cause; NULL: no log */
	void (*log)(void *data, const char *line);
	/* Does what is to be done at once; false, or NULL: all are muted */
	bool (*panic)(void *data);
	void *data;
};

size_t osc_leases_bytes(void);

/* 0, or -EADDRINUSE, -EADDRNOTAVAIL, -EACCES, -EINVAL, -ENOMEM */
int osc_open(struct osc **out, const struct osc_config *config, struct loop *l,
	struct model *c, const struct osc_source *source);
void osc_close(struct osc *o);
uint16_t osc_port(const struct osc *o); /* the one it got */

struct osc_counters {
	uint64_t packets;
	uint64_t malformed;
	uint64_t refused;   /* /error */
	uint64_t strangers; /* packets and connections of peers not listed */
	uint64_t lost;	    /* answers and feedback that had no room */
	uint64_t dropped;   /* TCP clients that did not read */
	uint32_t clients;   /* over TCP, now */
	uint32_t subscribers;
};
struct osc_counters osc_counters(const struct osc *o);

/* One more way that packets come and go, which the server closes from now on.
 * 0, or -ENOMEM and it is closed. */
int osc_add_transport(struct osc *o, struct osc_transport *t);

#endif
