/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A way that packets come and go. One is a file that fills in the operations,
 * and is registered by osc_add_transport(); it knows nobody above it but for
 * the events. Control thread only. */
#ifndef TRANSPORT_H
#define TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/osc/transport/osc_peer.h"
#include "control/util/loop.h"

struct osc;
struct osc_transport;

struct osc_transport_ops {
	const char *name; /* "udp": in the log */
	/* Never waits. False: it is lost. */
	bool (*send)(struct osc_transport *t, const struct osc_peer *to,
		const void *packet, size_t size_bytes);
	void (*close)(struct osc_transport *t);

	/* NULL is fine for the rest. It has enough to read for now. */
	bool (*congested)(struct osc_transport *t, const struct osc_peer *to);
	/* What was sent goes out; at the end of each callback. */
	void (*flush)(struct osc_transport *t);
	/* Who had to wait until it is told may be asked for again. */
	void (*go_on)(struct osc_transport *t);
	/* This one is to be sent to, wherever it is: 0 or -errno */
	int (*reach)(struct osc_transport *t, const struct osc_peer *to);
};

/* May a packet of somebody be taken now? */
enum osc_take {
	OSC_TAKE_NOW,
	OSC_TAKE_NEXT_TURN, /* of the loop: this one has done enough */
	OSC_TAKE_SOON,	    /* in a millisecond: it has many answers waiting */
	OSC_TAKE_WHEN_TOLD, /* by go_on */
};

/* What it tells and asks whoever registered it. */
struct osc_transport_events {
	/* A callback of the loop begins, and ends. */
	void (*begin)(struct osc *o);
	void (*end)(struct osc *o);
	/* Between them, for each packet; only connections may have to wait for
	 * more than the next turn. */
	enum osc_take (*may_take)(struct osc *o, const struct osc_peer *from);
	/* Of any content, aligned to 4. from is the transport's own, zeroed but
	 * for what it knows of it. */
	void (*packet)(struct osc *o, struct osc_peer *from, const void *packet,
		size_t size_bytes);
	/* A connection: may it speak to us? False is logged. */
	bool (*hears)(struct osc *o, const struct osc_peer *from);
	/* It sends no more; closed: nor can it be sent to. */
	void (*gone)(struct osc *o, const struct osc_peer *peer, bool closed);
	/* Nobody listens there: its machine says so. */
	void (*lost)(struct osc *o, const struct osc_peer *peer);
	/* Of another machine? Something waits for it? It may be silent? */
	bool (*is_far)(struct osc *o, const struct osc_peer *peer);
	bool (*is_owed)(struct osc *o, const struct osc_peer *peer);
	bool (*is_kept)(struct osc *o, const struct osc_peer *peer);
	/* peer may be NULL; why may be "" */
	void (*log)(struct osc *o, const struct osc_peer *peer,
		const char *what, const char *why);
};

/* How long somebody who says nothing is kept. */
struct osc_patience {
	uint32_t silence_ms;  /* then another may have its place, if need be */
	uint32_t greeting_ms; /* over TCP, until the first packet */
	uint32_t packet_ms;   /* over TCP, until a packet that began ends */
};

struct osc_transport {
	const struct osc_transport_ops *ops;
	struct loop *loop;
	/* When it is registered: */
	const struct osc_transport_events *events;
	struct osc *data; /* of the events */
	uint8_t way;	  /* in struct osc_peer */
	struct osc_patience patience;
	/* So far: */
	uint64_t malformed; /* packets that could not be told from others */
	uint64_t dropped;   /* connections */
	uint32_t clients;   /* now */
};

#endif
