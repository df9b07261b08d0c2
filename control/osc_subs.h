/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Subscribers: each has the parameters it wants, those that changed and were
 * not sent yet, and when each was sent last. For control/osc_sub*.c and
 * osc_meters.c only. Control thread only. */
#ifndef OSC_SUBS_H
#define OSC_SUBS_H

#include "control/osc_own.h"
#include "core/limits.h"

#define OSC_LEASE_NS UINT64_C(10000000000) /* unless another is given */

#define SUBS_MAX (OSC_SUBSCRIBERS_MAX + OSC_PEERS_MAX) /* pushes come last */

struct osc_sub {
	bool used;
	bool push;	/* of the configuration: no lease */
	bool push_host; /* whatever this host sends is the push target's */
	struct osc_peer peer;
	struct osc_out *out; /* where it is told; pinned */
	uint32_t source;     /* for param_apply() */
	uint64_t lease_end_ns;
	uint64_t renewed_ns;
	uint64_t lost_ns;  /* since then it was not to be reached; 0: it is */
	uint64_t *wanted;  /* one bit per parameter */
	uint64_t *dirty;   /* as well; only wanted ones */
	uint64_t *sent_ns; /* per parameter; 0: never */
	uint64_t meter_period_ns; /* 0: no meters */
	uint64_t meter_next_ns;
	bool meter_blob;			   /* all of them, as one */
	bool meter_wanted[STRIPS_MAX + BUSES_MAX]; /* as floats */
};

struct osc_subs {
	struct osc *osc;
	uint32_t params;
	uint32_t words; /* of a bit set */
	uint32_t last_source;
	uint32_t used; /* entries of sub[] */
	uint32_t turn; /* whom the next flush starts with */
	uint64_t *own; /* bit set: what the source sets right now */
	bool own_active;
	uint64_t flush_due_ns; /* UINT64_MAX: not armed */
	struct osc_timer flush, lease, meters;
	struct osc_sub sub[SUBS_MAX];
	uint64_t *memory; /* [SUBS_MAX][sub_words]: what they point to */
	size_t sub_words;
};

/* The peer's entry, or NULL. */
struct osc_sub *osc_sub_find(
	struct osc_subs *subs, const struct osc_peer *peer);

/* The peer's entry, made when there is none; NULL: refused, and said so. */
struct osc_sub *osc_sub_take(struct osc *o, const struct osc_request *r);
void osc_sub_drop(struct osc_subs *subs, struct osc_sub *sub);

/* osc_subs_room.c: a place among those with a lease for this peer, made free if
 * need be; or -1, and why. */
int osc_subs_place(
	struct osc *o, const struct osc_peer *peer, char *why, uint32_t size);

/* The lease now ends this much later, and never earlier than it did when
 * keep is true. */
void osc_sub_renew(struct osc_subs *subs, struct osc_sub *sub,
	uint64_t lease_ns, bool keep);

/* From now on it is told of these; of those that are new to it, right now. */
void osc_sub_want(struct osc_subs *subs, struct osc_sub *sub,
	const uint32_t *ids, uint32_t count);

/* All that it wants, right now. */
void osc_sub_resync(struct osc_subs *subs, struct osc_sub *sub);

/* osc_meters.c: the loop's tick, and who gets them how often (0: not) */
void osc_meters_tick(void *data);
void osc_meters_start(
	struct osc_subs *subs, struct osc_sub *sub, uint64_t period_ns);

/* osc_meter_float.c: those that an address or pattern names, in o->ids */
uint32_t osc_meter_floats_find(struct osc *o, const char *address);
void osc_meter_floats_want(
	struct osc *o, struct osc_sub *sub, uint32_t found, bool wanted);
/* As floats or as the blob? */
bool osc_meters_wanted(const struct osc_sub *sub);
void osc_meter_floats_send(struct osc *o, const struct osc_sub *sub);

#endif
