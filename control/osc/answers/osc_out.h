/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What leaves, kept apart by who gets it: one entry per address and port that
 * anything is sent to, or TCP connection. Control thread
 * only.
 *
 * A datagram that finds its receiver's buffer full is lost, so each UDP peer
 * is sent only what such a buffer holds at a time; several messages at once
 * are one bundle. Feedback needs no queue here: what a subscriber was not sent
 * yet is a bit in its subscription, which a newer value overtakes. Answers
 * wait in the order they were asked for, long ones (/list, a pattern) as the
 * question, worked off step by step, so that nobody waits for another's. */
#ifndef OSC_OUT_H
#define OSC_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/osc/transport/osc_buffer.h"
#include "control/osc/transport/osc_peer.h"
#include "control/osc/answers/osc_proof.h"
#include "control/model/param.h"

#define OSC_BUNDLE_BYTES 1200 /* with room for headers, in every network */
#define OSC_OUTS_MAX	 160  /* more than may be pinned */
#define OSC_VALUE_BYTES	 (PARAM_NAMED_MAX + PARAM_TEXT_MAX + 8) /* at most */

struct osc;

struct osc_out {
	bool used;
	bool single; /* it reads no bundles */
	uint32_t pins;
	struct osc_peer to;
	uint64_t used_ns; /* spoken to last */
	struct osc_proof proof;

	int64_t room; /* cost of what may leave now; see osc_out.c */
	uint64_t refilled_ns;

	struct osc_buffer waiting; /* answers: struct osc_waiting and payload */
	uint32_t cursor;	   /* of the first of them: the next id */
	uint32_t questions;	   /* of them, that have many answers */
	uint64_t lost;		   /* answers that had no room, not yet told */
};

struct osc_outs;

/* tick: while answers wait. 0 or -ENOMEM */
int osc_outs_open(struct osc *o, void (*tick)(void *data));
void osc_outs_close(struct osc *o);

/* The entry of a peer, made when there is none. A new one may take the place
 * of the one that was spoken to the longest ago. */
struct osc_out *osc_out_of(struct osc *o, const struct osc_peer *to);
/* The same, and it stays until it is let go of. */
struct osc_out *osc_out_pin(struct osc *o, const struct osc_peer *to);
void osc_out_unpin(struct osc_out *out);
/* A TCP client has gone. */
void osc_out_gone(struct osc *o, const struct osc_peer *to);

/* Feedback: between begin and end whatever osc_send() sends is for this peer
 * and goes past its answers. begin, before each message, or several of so many
 * bytes at most: false when no more may leave now. end: it leaves. */
bool osc_out_begin(struct osc *o, struct osc_out *out, size_t size_bytes);
void osc_out_end(struct osc *o);

/* At the end of each request: its answers leave. */
void osc_out_flush(struct osc *o);
/* Each of them, used or not; NULL beyond the last. */
struct osc_out *osc_out_at(struct osc *o, uint32_t i);

#endif
