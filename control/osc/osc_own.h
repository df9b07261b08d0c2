/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The server: types only. What each part does stands in its own header; see
 * osc.h for their order. Control thread only. */
#ifndef OSC_OWN_H
#define OSC_OWN_H

#include <lo/lo_lowlevel.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/osc/osc.h"
#include "control/osc/transport/osc_names.h"
#include "control/osc/transport/osc_net.h"
#include "control/osc/answers/osc_proof.h"
#include "control/osc/transport/osc_packet.h"
#include "control/osc/transport/osc_socket.h"
#include "control/osc/transport/osc_room.h"
#include "control/osc/answers/osc_service.h"
#include "control/util/timer.h"

#define OSC_SUBSCRIBERS_MAX OSC_ROOM_MAX
#define OSC_WAYS_MAX	    8	  /* transports */
#define OSC_CHANGES_MAX	    8192  /* of one message or bundle */
#define OSC_REPLIES_MAX	    16384 /* to one packet */
#define OSC_PINGS	    4096
#define OSC_AHEAD_TOLD	    32
#define OSC_MATCH_WORK	    16 /* addresses held against a pattern, per work */
#define OSC_WORK_MAX	    4096 /* about: messages, matches and answers a turn */

/* What a refusal is about. Each is logged at most once a second. */
enum osc_cause {
	OSC_CAUSE_PACKET,  /* malformed */
	OSC_CAUSE_ADDRESS, /* there is no such */
	OSC_CAUSE_ARGS,	   /* of a wrong type or number */
	OSC_CAUSE_VALUE,   /* param_check() said no */
	OSC_CAUSE_BUNDLE,
	OSC_CAUSE_PEER, /* may not speak to us */
	OSC_CAUSE_SUBSCRIBE,
	OSC_CAUSE_STREAM, /* a TCP client was refused or dropped */
	OSC_CAUSE_LOST,	  /* answers that had no room */
	OSC_CAUSE_NAME,	  /* a host that is not found */
	OSC_CAUSE_CLOCK,  /* of a peer, ahead of ours */
	OSC_CAUSES,
};

struct osc_cause_log {
	uint64_t last_ns; /* 0: never */
	uint64_t held;	  /* since then, not logged */
};

/* Changes that were asked for and found good, not yet applied. */
struct osc_changes {
	struct param_change *change;
	bool altered; /* a value was put into its range, or rounded */
	uint32_t count;
	uint32_t cap;
};

/* A UDP client that listens elsewhere. */
struct osc_reply_port {
	struct osc_peer peer;
	uint64_t used_ns; /* it spoke last */
};

struct osc_subs;
struct osc_book;

/* One that is registered. */
struct osc_served {
	const struct osc_service *is;
	void *data;
};

struct osc {
	struct loop *loop;     /* borrowed */
	struct model *model;   /* borrowed */
	struct params *params; /* the model's */
	struct osc_source source;

	struct osc_peer bound; /* address and port of the configuration */
	struct osc_sockets sockets;
	uint32_t allowed_count;
	struct osc_net allowed[OSC_PEERS_MAX];
	struct osc_here here;
	bool hears_near; /* private subnets of this machine */
	struct osc_patience patience;
	struct osc_proof_host proof_host[OSC_PROOF_HOSTS];
	struct osc_reply_port reply_port[OSC_SUBSCRIBERS_MAX];
	uint32_t reply_ports; /* of them in use, from [0] */

	struct osc_transport *way[OSC_WAYS_MAX];
	uint32_t ways;
	struct osc_subs *subs;
	struct osc_outs *outs;
	struct osc_book *book;

	struct osc_served service[OSC_SERVICES_MAX];
	uint32_t services;

	struct osc_later *later; /* packets that wait, the first one first */
	struct share later_count, later_bytes;
	struct timer later_due;
	uint64_t due_ns; /* that the packet waited for which is done; 0: none */

	struct osc_line *lines; /* peers whose bundles take more turns */
	struct share lines_of;
	struct timer lines_turn;

	struct osc_peer ahead[OSC_AHEAD_TOLD]; /* whose clocks were told of */
	uint32_t ahead_told;

	uint8_t pings[OSC_PINGS]; /* by a hash of who and what */
	uint64_t pings_since_ns;

	struct osc_changes changes; /* scratch of one packet */
	struct osc_step *step;	    /* scratch of one packet */
	uint32_t step_cap;
	uint32_t *ids;	       /* scratch: [param_set_count()] */
	uint8_t *out;	       /* scratch: [OSC_PACKET_MAX] */
	uint32_t work;	       /* done in this turn of the loop */
	uint32_t replies_left; /* of this packet */

	struct osc_counters counters;
	struct osc_cause_log cause[OSC_CAUSES];
};

#endif
