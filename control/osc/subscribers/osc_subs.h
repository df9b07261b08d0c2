/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Subscribers: each has the patterns it gave, the parameters that these name
 * now, those that it is to be told and was not yet, and when each was told
 * last. Control thread only. */
#ifndef OSC_SUBS_H
#define OSC_SUBS_H

#include "control/osc/subscribers/osc_echo.h"
#include "control/osc/subscribers/osc_lease.h"
#include "control/osc/osc_own.h"
#include "control/osc/answers/osc_out.h"

#define OSC_LEASE_NS UINT64_C(10000000000) /* unless another is given */

#define OSC_SETS (PARAM_FORMS + 5) /* of bits, of one subscriber */
#define SUBS_MAX (OSC_SUBSCRIBERS_MAX + OSC_PEERS_MAX) /* pushes come last */

struct osc_sub {
	bool used;
	bool push;	/* of the configuration: no lease */
	bool push_host; /* whatever this host sends is the push target's */
	struct osc_peer peer;
	struct osc_out *out;	   /* where it is told; pinned */
	struct osc_echoes *echoes; /* what it was told */
	uint32_t source;	   /* for param_apply() */
	uint64_t lease_end_ns;
	uint64_t renewed_ns;
	uint64_t lost_ns; /* since then it was not to be reached; 0: it is */
	struct osc_lease *lease; /* its patterns; see osc_lease.h */

	/* One bit per parameter: */
	uint64_t *by[PARAM_FORMS]; /* told under such an address */
	uint64_t *wanted;	   /* told at all */
	uint64_t *dirty;	   /* changed, and not told */
	uint64_t *first;	   /* of the state it has not seen: now */
	uint64_t *again;	   /* of the state it has seen: over a second */
	uint64_t *resting; /* told, and told once more when nothing follows */

	uint64_t *sent_ns; /* per parameter: told of a change; 0: never */
	uint8_t *rests;	   /* per parameter: how often it was told once more */
	bool first_asked;
	uint32_t again_step;		 /* so many at a time */
	uint64_t again_ns, again_due_ns; /* when it began, goes on */
	uint64_t rest_due_ns;
	uint64_t flushed_ns; /* something was sent */
	struct osc_metering meters;
	uint64_t meter_next_ns;
};

struct osc_subs {
	struct osc *osc;
	uint32_t params;
	uint32_t words; /* of a bit set */
	uint32_t last_source;
	uint32_t used; /* entries of sub[] */
	uint32_t turn; /* whom the next flush starts with */
	struct timer flush, lease, meters;
	uint64_t names;	    /* param_names() that patterns were resolved by */
	uint32_t elsewhere; /* subscribers that listen at another port */
	struct osc_sub sub[SUBS_MAX];
	uint64_t *memory; /* [SUBS_MAX][sub_words]: what they point to */
	size_t sub_words;
	struct osc_leases *leases;    /* of those that are no pushes */
	struct osc_leases *own_lease; /* when nobody gave them */
	struct osc_lease push_lease[OSC_PEERS_MAX];
};

static inline bool
bit_get(const uint64_t *set, uint32_t i)
{
	return set[i / 64] >> (i % 64) & 1;
}

static inline void
bit_set(uint64_t *set, uint32_t i)
{
	set[i / 64] |= UINT64_C(1) << (i % 64);
}

static inline void
bit_clear(uint64_t *set, uint32_t i)
{
	set[i / 64] &= ~(UINT64_C(1) << (i % 64));
}

/* Those in use: the one behind this, NULL for the first; NULL after the last.
 */
static inline struct osc_sub *
osc_sub_next(struct osc_subs *subs, struct osc_sub *sub)
{
	for (sub = sub ? sub + 1 : subs->sub; sub < subs->sub + SUBS_MAX; sub++)
		if (sub->used)
			return sub;
	return NULL;
}

/* The peer's entry, or NULL. */
struct osc_sub *osc_sub_find(
	struct osc_subs *subs, const struct osc_peer *peer);

/* The push that this peer is the target of, or NULL. */
struct osc_sub *osc_sub_find_push(
	struct osc_subs *subs, const struct osc_peer *from);
/* It reads no bundles. */
void osc_sub_single(struct osc_sub *sub, bool single);
void osc_sub_drop(struct osc_subs *subs, struct osc_sub *sub);
/* The first free of sub[first..end), or NULL. */
struct osc_sub *osc_sub_new(struct osc_subs *subs, uint32_t first, uint32_t end,
	const struct osc_peer *peer);
void osc_subs_lease_tick(void *data);

/* osc_subs_room.c */
/* The peer's entry, made when there is none, with an answer's port; NULL:
 * refused, and said so. That of a push, when it would be told twice. */
struct osc_sub *osc_sub_take(
	struct osc *o, const struct osc_request *r, uint16_t reply_port);
/* The lease now ends this much later, and never earlier than it did when
 * keep is true. */
void osc_sub_renew(struct osc_subs *subs, struct osc_sub *sub,
	uint64_t lease_ns, bool keep);

/* osc_subs_names.c: from now on it is told of what this pattern names, "" for
 * everything: of what is new to it, right now, else over a second. -ENOSPC:
 * it has no room for more patterns. */
int osc_sub_want(
	struct osc_subs *subs, struct osc_sub *sub, const char *pattern);
/* By its patterns; all of it is new. */
void osc_sub_want_again(struct osc_subs *subs, struct osc_sub *sub);
/* A listener for param.h */
void osc_subs_changed(void *data, uint32_t id, uint32_t source);

/* osc_feedback.c: this one hears of it; and what the timer does */
void osc_feedback_changed(struct osc_subs *subs, struct osc_sub *sub,
	uint32_t id, uint32_t source);
void osc_feedback_tick(void *data);
/* sub->first or sub->again have more to tell. */
void osc_feedback_first(struct osc_subs *subs, struct osc_sub *sub);
void osc_feedback_again(struct osc_subs *subs, struct osc_sub *sub);
/* sub->dirty has. */
void osc_feedback_soon(struct osc_subs *subs);
/* All that it wants, right now. */
void osc_sub_resync(struct osc_subs *subs, struct osc_sub *sub);

/* osc_meters.c: the loop's tick, and who gets them how often (0: not) */
void osc_meters_tick(void *data);
void osc_meters_start(
	struct osc_subs *subs, struct osc_sub *sub, uint64_t period_ns);

/* osc_meter_float.c: which kind an address asks for, and what of its address
 * is behind that: "", or "/strip/N" */
enum mixer_meter osc_meter_kind(const char *address, const char **rest);
extern const char *const osc_meter_addresses[MIXER_METERS];
/* Those that such a rest names, patterns as well, in o->ids */
uint32_t osc_meter_floats_find(struct osc *o, const char *rest);
void osc_meter_floats_want(struct osc *o, struct osc_sub *sub,
	enum mixer_meter kind, uint32_t found, bool wanted);
/* Of a place in wanted[]; 0 while audio is stopped */
float osc_meter_level(const struct osc *o, enum mixer_meter kind,
	uint32_t meter, uint32_t channel);
/* As floats or as the blob? */
bool osc_meters_wanted(const struct osc_sub *sub, enum mixer_meter kind);
void osc_meter_floats_send(struct osc *o, const struct osc_sub *sub);

#endif
