/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the OSC server share: for control/osc*.c only.
 *
 * A packet goes osc_udp.c or osc_tcp.c -> osc_dispatch.c (check, sort) ->
 * osc_set.c, osc_bundle.c, osc_service.c or osc_subscribe.c; answers go through
 * osc_reply.c back to the transport. Control thread only. */
#ifndef OSC_OWN_H
#define OSC_OWN_H

#include <lo/lo_lowlevel.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/osc/osc.h"
#include "control/osc/osc_arg.h"
#include "control/osc/transport/osc_names.h"
#include "control/osc/transport/osc_net.h"
#include "control/osc/subscribers/osc_out.h"
#include "control/osc/transport/osc_packet.h"
#include "control/osc/transport/osc_socket.h"
#include "control/osc/transport/osc_peer.h"
#include "control/osc/transport/osc_room.h"
#include "control/osc/osc_service.h"
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
	struct loop *loop;	 /* borrowed */
	struct console *console; /* borrowed */
	struct params *params;	 /* the console's */
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

/* osc_ways.c: may it speak to us? Counts and logs when not. */
bool osc_hears(struct osc *o, const struct osc_peer *from);
/* Another machine than this one? */
bool osc_is_far(struct osc *o, const struct osc_peer *peer);
/* Whose share of what machines share is taken. */
struct share_who osc_who(struct osc *o, const struct osc_peer *peer);
/* Our own socket: what we send to ourselves must not go round. */
bool osc_is_self(struct osc *o, const struct osc_peer *from);
/* Of what param_schedule() took, all that is due is done. */
void osc_run_console(struct osc *o);

/* osc_dispatch.c: one packet that came from a peer, of any content; aligned to
 * 4. */
void osc_dispatch(struct osc *o, const struct osc_peer *from,
	const void *packet, size_t size_bytes);
/* The same, whatever of that peer is not done yet. */
void osc_dispatch_now(struct osc *o, const struct osc_peer *from,
	const void *packet, size_t size_bytes);
/* A message of any content. 0, or -ENOENT and it has been refused. Close it in
 * any case. */
int osc_request_open(struct osc *o, struct osc_request *r,
	const struct osc_peer *from, const void *packet, size_t size_bytes);
void osc_request_close(struct osc_request *r);
/* osc_ways.c: never waits; what there is no room for is counted and lost. */
void osc_transmit(struct osc *o, const struct osc_peer *to, const void *packet,
	size_t size_bytes);
/* It has enough to read for now. */
bool osc_congested(struct osc *o, const struct osc_peer *to);
/* This one is to be sent to, wherever it is: 0 or -errno */
int osc_reach(struct osc *o, const struct osc_peer *to);
/* Those that were not read for osc_line_waits() are read again. */
void osc_go_on(struct osc *o, const struct osc_peer *peer);
/* What was sent goes out; at the end of each callback. */
void osc_flush(struct osc *o);
void osc_close_transports(struct osc *o);
const char *osc_way_name(const struct osc *o, const struct osc_peer *peer);

/* osc_reply.c */
void osc_send_packet(struct osc *o, const struct osc_peer *to,
	const void *packet, size_t size_bytes);
/* Frees m, which may be NULL. */
void osc_send(struct osc *o, const struct osc_peer *to, const char *path,
	lo_message m);
/* The value of a parameter, at this address. */
void osc_send_value(struct osc *o, const struct osc_peer *to,
	const char *address, uint32_t id);
/* True while this packet may have more answers. */
bool osc_may_answer(const struct osc *o);
/* Logs one line, at most one a second per cause; from may be NULL. */
void osc_log(struct osc *o, enum osc_cause cause, const struct osc_peer *from,
	const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* /error to the sender, a count, and a line in the log. */
void osc_refuse(struct osc *o, const struct osc_peer *from, const char *address,
	enum osc_cause cause, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* osc_set.c */
bool osc_address_is_pattern(const char *address);
/* Has arguments, and is for a parameter; or is an action that needs none. */
bool osc_request_is_set(const struct osc_request *r);
/* Adds what a message asks for to o->changes: all of it, or nothing and the
 * refusal is sent. -ENOENT: there is no such address, or it takes no such
 * arguments; -EINVAL: the value is refused. */
int osc_set_collect(struct osc *o, const struct osc_request *r);
void osc_get(struct osc *o, const struct osc_request *r);
/* An answer of osc_out.c: from parameter *id on; true: that was all. */
bool osc_get_step(struct osc *o, const struct osc_peer *to, const char *address,
	uint32_t *id);
/* What came of values that were altered. */
void osc_set_tell(struct osc *o, const struct osc_peer *to, const char *address,
	const struct param_change *changes, uint32_t count);
/* Applies changes now, as this peer's. */
void osc_set_apply(struct osc *o, const struct osc_peer *from,
	const struct param_change *changes, uint32_t count);
void osc_changes_done(struct osc_changes *list);

/* osc_bundle.c */
void osc_bundle(struct osc *o, const struct osc_peer *from, const void *packet,
	size_t size_bytes);
void osc_bundle_scratch_done(struct osc *o);

/* osc_line.c: a bundle of this peer is not done yet. */
bool osc_line_waits(struct osc *o, const struct osc_peer *peer);
/* A packet of any size may wait behind it, or need not. */
bool osc_line_has_room(struct osc *o, const struct osc_peer *from);
/* True: so this packet is done behind it, or left out and that is said. */
bool osc_line_holds(struct osc *o, const struct osc_peer *from,
	const void *packet, size_t size_bytes);
void osc_line_client_gone(struct osc *o, const struct osc_peer *peer);
void osc_line_open(struct osc *o);
void osc_line_close(struct osc *o);

/* osc_later.c. Takes the packet, which is dispatched at that CLOCK_REALTIME, in
 * front of what is scheduled for later, and behind the rest. 0 or
 * -ENOBUFS, -ENOMEM */
int osc_later_add(struct osc *o, const struct osc_peer *from, void *packet,
	size_t size_bytes, uint64_t realtime_ns);
/* How many packets and bytes more of this machine. */
struct osc_later_room {
	uint32_t packets, bytes;
};
struct osc_later_room osc_later_room(
	const struct osc *o, const struct share_who *who);
/* At most. */
struct osc_later_room osc_later_room_max(const struct osc *o);
/* Those that found no room in their peer's line look again. */
void osc_later_go_on(struct osc *o);
/* Takes room that is used later, false: there is not so much; and gives it
 * back. */
bool osc_later_hold(
	struct osc *o, const struct share_who *who, struct osc_later_room room);
void osc_later_drop(
	struct osc *o, const struct share_who *who, struct osc_later_room room);
void osc_later_client_gone(struct osc *o, const struct osc_peer *peer);
void osc_later_open(struct osc *o);
void osc_later_close(struct osc *o);

/* osc_service.c: sets r->service and r->place[] */
void osc_service_find(struct osc_request *r);
void osc_service_call(const struct osc_request *r);
/* The one that somebody may have meant, or NULL. */
const char *osc_service_nearest(const struct osc *o, const char *address);
/* All services are told. */
void osc_service_resync(struct osc *o);
void osc_service_client_gone(struct osc *o, const struct osc_peer *peer);

/* Each registers what its file has. 0 or -errno */
int osc_ping_serve(struct osc *o);
int osc_list_serve(struct osc *o);
int osc_panic_serve(struct osc *o);
int osc_reply_port_serve(struct osc *o);
int osc_subscribe_serve(struct osc *o);

/* osc_reply_port.c: where its answers go by now, if it is over UDP. */
void osc_use_reply_port(struct osc *o, struct osc_peer *from);

/* osc_list.c: an answer of osc_out.c: from parameter *id on; true: that was
 * all. */
bool osc_list_step(struct osc *o, const struct osc_peer *to, const char *prefix,
	uint32_t *id);

/* osc_book.c: the peers of the configuration; behind osc_subs_open() */
int osc_book_open(struct osc *o, const struct osc_config *config);
void osc_book_close(struct osc *o);
/* One of those that may speak, and are given by name? */
bool osc_book_names(const struct osc *o, const struct osc_peer *from);

/* osc_subs.c: who is told what */
int osc_subs_open(struct osc *o, struct osc_leases *leases);
/* Those of a process that was killed go on; once it is known who may speak. */
void osc_subs_take_leases(struct osc *o);
void osc_subs_close(struct osc *o);
/* It is told of every change, from now on, and not any more. */
int osc_subs_push(struct osc *o, const struct osc_peer *peer);
void osc_subs_unpush(struct osc *o, const struct osc_peer *peer);
/* What param_apply() is told about a change of this peer. */
uint32_t osc_subs_source(const struct osc *o, const struct osc_peer *from);
/* This peer sends back, late, what it was told. */
bool osc_subs_is_echo(struct osc *o, const struct osc_peer *from, uint32_t id,
	const struct param_value *value);
void osc_subs_client_gone(struct osc *o, const struct osc_peer *peer);
/* Its machine has said that nobody listens at this port. */
void osc_subs_unreached(struct osc *o, const struct osc_peer *peer);
bool osc_subs_has(const struct osc *o, const struct osc_peer *peer);
void osc_subs_reply_port(
	struct osc *o, const struct osc_peer *from, uint16_t reply_port);
uint32_t osc_subs_count(const struct osc *o);
/* It has a lease with a port for the answers: that is where they go. */
bool osc_subs_answers_to(struct osc *o, struct osc_peer *from);
/* An answer of osc_out.c: the state that a new subscriber has not seen. true:
 * that was all. */
bool osc_feedback_step(struct osc *o, const struct osc_out *out);

#endif
