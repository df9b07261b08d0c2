/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/model/schedule.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "control/model/change.h"
#include "control/model/feed.h"
#include "control/util/loop.h"
#include "core/mixer/mixer.h"

#define CHANGES_MAX    16384	  /* that wait, of all machines; see share.h */
#define LEAD_NS	       100000000u /* how long before its moment it is posted */
#define RETRY_NS       5000000u	  /* the mixer's queue was full */
#define CLOCKS_NEAR_NS 1000	  /* between two readings, undisturbed */

_Static_assert(CHANGES_MAX <= PENDING_MESSAGES && CHANGES_MAX <= QUEUE_MESSAGES,
	"the mixer has room for the message of each change that waits");

struct group {
	uint64_t due_ns; /* CLOCK_MONOTONIC */
	uint64_t frame;	 /* once posted; before, if it is exact */
	bool exact;	 /* for that frame, whatever the clock says */
	bool posted;
	uint32_t source;
	struct share_who who;
	uint32_t n;
	uint32_t message_count;
	struct message *messages; /* [n] */
	struct param_change change[];
};

struct schedule {
	struct group **group; /* in room[]; by due_ns, then as they came */
	uint32_t groups;
	uint32_t all_posted; /* so many from [0] on are, at least */
	struct share changes;
	uint64_t hold_ns; /* what is later waits; UINT64_MAX: nothing does */
	uint32_t moment_posted; /* when feed.moment_ns came */
	uint64_t offset_ns;	/* of the real time from the monotonic one */
	uint64_t
		offset_error_ns; /* so much is not known of it; 0: nothing is */
	/* Twice what is needed: it is moved back to the front rarely. */
	struct group *room[2 * CHANGES_MAX];
};

int
schedule_new(struct schedule **out)
{
	struct schedule *s = calloc(1, sizeof(*s));

	*out = s;
	if (!s)
		return -ENOMEM;
	s->group = s->room;
	s->hold_ns = UINT64_MAX;
	share_init(&s->changes, CHANGES_MAX);
	return 0;
}

static void
group_free(struct group *g)
{
	if (g)
		free(g->messages);
	free(g);
}

void
schedule_free(struct schedule *s)
{
	if (!s)
		return;
	for (uint32_t i = 0; i < s->groups; i++)
		group_free(s->group[i]);
	free(s);
}

static uint64_t
realtime_now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* How far the real time is from the monotonic one, and the latter now. The time
 * between the two clocks' readings is the error, a part of a sample: the
 * closest of a few readings counts. */
static uint64_t
offset_read(uint64_t *mono_ns, uint64_t *error_ns)
{
	uint64_t offset_ns = 0;

	*error_ns = UINT64_MAX;
	for (int i = 0; i < 5 && *error_ns > CLOCKS_NEAR_NS; i++) {
		uint64_t before_ns = loop_now_ns();
		uint64_t at_ns = realtime_now_ns();
		uint64_t after_ns = loop_now_ns();

		if (after_ns - before_ns >= *error_ns)
			continue;
		*error_ns = after_ns - before_ns;
		*mono_ns = before_ns + *error_ns / 2;
		offset_ns = at_ns - *mono_ns; /* may wrap, and back */
	}
	return offset_ns;
}

/* What was found before stays as long as both may be true: one moment is always
 * the same, and the later word for it stays the later. */
static void
offset_keep(struct schedule *s, uint64_t offset_ns, uint64_t error_ns)
{
	uint64_t differ_ns = offset_ns > s->offset_ns
				     ? offset_ns - s->offset_ns
				     : s->offset_ns - offset_ns;

	if (differ_ns <= (error_ns + s->offset_error_ns) / 2 + 1 &&
		(s->offset_error_ns <= CLOCKS_NEAR_NS ||
			error_ns >= s->offset_error_ns))
		return;
	s->offset_ns = offset_ns;
	s->offset_error_ns = error_ns;
}

static uint64_t
monotonic_of(struct schedule *s, uint64_t realtime_ns, uint64_t *now_ns)
{
	uint64_t mono_ns = 0, error_ns;
	uint64_t offset_ns = offset_read(&mono_ns, &error_ns);

	offset_keep(s, offset_ns, error_ns);
	*now_ns = mono_ns;
	if (realtime_ns <= mono_ns + s->offset_ns)
		return mono_ns;
	realtime_ns -= mono_ns + s->offset_ns;
	return realtime_ns < UINT64_MAX - mono_ns ? mono_ns + realtime_ns
						  : UINT64_MAX;
}

uint64_t
param_schedule_moment(struct params *p, uint64_t realtime_ns)
{
	uint64_t now_ns;

	return monotonic_of(p->model->schedule, realtime_ns, &now_ns);
}

void
param_schedule_behind(struct params *p, uint64_t moment_ns)
{
	p->model->schedule->hold_ns = moment_ns;
}

/* Takes room for it; NULL: there is none. */
static struct group *
group_new(const struct params *p, const struct param_change *changes,
	uint32_t n, const struct share_who *who)
{
	struct share *all = &p->model->schedule->changes;
	struct group *g;

	if (!share_take(all, who, n))
		return NULL;
	g = calloc(1, sizeof(*g) + n * sizeof(*changes));
	if (g)
		g->messages = calloc(n, sizeof(*g->messages));
	if (!g || !g->messages) {
		share_give(all, who, n);
		group_free(g);
		return NULL;
	}
	memcpy(g->change, changes, n * sizeof(*changes));
	g->n = n;
	g->who = *who;
	for (uint32_t i = 0; i < n; i++)
		g->message_count += param_message(p, changes[i].id,
			&changes[i].value, &g->messages[g->message_count]);
	return g;
}

static void
schedule_insert(struct schedule *s, struct group *g)
{
	uint32_t at = s->groups;

	if (s->group + s->groups == s->room + 2 * CHANGES_MAX) {
		memmove(s->room, s->group, s->groups * sizeof(struct group *));
		s->group = s->room;
	}
	while (at > 0 && s->group[at - 1]->due_ns > g->due_ns)
		at--;
	memmove(&s->group[at + 1], &s->group[at],
		(s->groups - at) * sizeof(struct group *));
	s->group[at] = g;
	s->groups++;
	if (s->all_posted > at)
		s->all_posted = at;
}

/* The first one. */
static struct group *
schedule_take(struct schedule *s)
{
	struct group *g = *s->group++;

	s->groups--;
	if (s->all_posted > 0)
		s->all_posted--;
	share_give(&s->changes, &g->who, g->n);
	return g;
}

uint32_t
param_schedule_room(
	const struct params *p, const struct share_who *who, uint32_t *max)
{
	const struct share *changes = &p->model->schedule->changes;

	*max = changes->max;
	return share_room(changes, who);
}

bool
param_schedule_hold(struct params *p, const struct share_who *who, uint32_t n)
{
	return share_take(&p->model->schedule->changes, who, n);
}

void
param_schedule_drop(struct params *p, const struct share_who *who, uint32_t n)
{
	share_give(&p->model->schedule->changes, who, n);
}

void
param_apply(struct params *p, const struct param_change *changes, uint32_t n,
	uint64_t frame, uint32_t source)
{
	schedule_settle(p->model, 0);
	change_set(p->model, changes, n, frame, source, false);
}

int
param_schedule(struct params *p, const struct param_change *changes, uint32_t n,
	uint64_t realtime_ns, uint32_t source, const struct share_who *who)
{
	struct schedule *s = p->model->schedule;
	uint64_t now_ns, due_ns = monotonic_of(s, realtime_ns, &now_ns);
	struct group *g;

	if (due_ns > now_ns && due_ns - now_ns > PARAM_AHEAD_MAX_NS)
		return -E2BIG;
	if (n == 0)
		return 0;
	if (due_ns <= s->hold_ns &&
		(due_ns <= now_ns || due_ns <= p->model->feed.moment_ns)) {
		param_apply(p, changes, n, 0, source);
		return 0;
	}
	g = group_new(p, changes, n, who);
	if (!g)
		return -ENOBUFS;
	g->due_ns = due_ns;
	g->source = source;
	schedule_insert(s, g);
	if (due_ns <= now_ns + LEAD_NS)
		schedule_run(p->model, now_ns);
	feed_wake(p->model);
	return 0;
}

/* The frame at this time; false: the mixer has no clock yet */
static bool
frame_at(const struct model *c, uint64_t due_ns, uint64_t *frame)
{
	uint64_t time_ns, distance;
	double frames;

	if (!mixer_clock(c->feed.mixer, frame, &time_ns))
		return false;
	distance = due_ns > time_ns ? due_ns - time_ns : time_ns - due_ns;
	frames = round((double)distance * c->feed.rate_hz / 1e9);
	if (due_ns >= time_ns)
		*frame += (uint64_t)frames;
	else
		*frame -= (uint64_t)frames < *frame ? (uint64_t)frames : *frame;
	return true;
}

/* false: the queue is full, or the mixer has no clock yet */
static bool
group_post(struct model *c, struct group *g)
{
	uint64_t frame = g->frame;

	if (!g->exact && !frame_at(c, g->due_ns, &frame))
		return false;
	for (uint32_t i = 0; i < g->message_count; i++) {
		g->messages[i].frame = frame;
		g->messages[i].token = 2 * g->due_ns;
	}
	if (!feed_post(c, g->messages, g->message_count))
		return false;
	g->posted = true;
	g->frame = frame;
	return true;
}

/* When it is due, by the clock of now; 0: there is none, or it has passed. What
 * is for one frame already is not later than what comes now: the clock of now
 * may be some ns another one than that of then. */
static uint64_t
time_of(const struct model *c, uint64_t frame)
{
	const struct schedule *s = c->schedule;
	uint64_t at, time_ns;

	if (!c->feed.mixer || !mixer_clock(c->feed.mixer, &at, &time_ns) ||
		frame <= at)
		return 0;
	time_ns +=
		(uint64_t)llround((double)(frame - at) * 1e9 / c->feed.rate_hz);
	for (uint32_t i = 0; i < s->groups; i++) {
		const struct group *g = s->group[i];

		if (g->exact && g->frame == frame && g->due_ns > time_ns)
			time_ns = g->due_ns;
	}
	return time_ns;
}

void
param_schedule_frame(struct params *p, const struct param_change *changes,
	uint32_t n, uint64_t frame, uint32_t source)
{
	struct model *c = p->model;
	uint64_t due_ns = time_of(c, frame);
	struct group *g = NULL;

	if (due_ns > c->feed.moment_ns)
		g = group_new(p, changes, n, &share_here);
	if (!g) {
		param_apply(p, changes, n, 0, source);
		return;
	}
	g->due_ns = due_ns;
	g->frame = frame;
	g->exact = true;
	g->source = source;
	schedule_insert(c->schedule, g);
	group_post(c, g); /* if there is no room now, then soon */
	feed_wake(c);
}

/* Has the mixer mixed it, or what is later, or is it time? And nothing earlier
 * is still to be done. */
static bool
group_due(const struct model *c, const struct group *g, uint64_t now_ns)
{
	if (g->due_ns > c->schedule->hold_ns)
		return false;
	return g->due_ns <= now_ns || g->due_ns <= c->feed.moment_ns ||
	       (g->posted && c->feed.mixer &&
		       g->frame < mixer_frame(c->feed.mixer));
}

/* What a group says at its moment, since it acts or was not posted, comes after
 * what is posted for the same moment: all behind it say their values again. */
static bool
group_stands(const struct model *c, const struct group *g)
{
	return g->posted && feed_posted(c) == c->schedule->moment_posted;
}

void
schedule_settle(struct model *c, uint64_t now_ns)
{
	struct schedule *s = c->schedule;

	if (s->groups == 0)
		return;
	if (now_ns == 0)
		now_ns = loop_now_ns();
	while (s->groups > 0 && group_due(c, s->group[0], now_ns)) {
		struct group *g = schedule_take(s);

		if (g->due_ns > c->feed.moment_ns) {
			c->feed.moment_ns = g->due_ns;
			s->moment_posted = feed_posted(c);
		}
		change_set(
			c, g->change, g->n, 0, g->source, group_stands(c, g));
		group_free(g);
	}
}

uint64_t
schedule_run(struct model *c, uint64_t now_ns)
{
	struct schedule *s = c->schedule;
	uint64_t next_ns = UINT64_MAX, soon_ns = now_ns + LEAD_NS;
	uint32_t i;

	schedule_settle(c, now_ns);
	for (i = s->all_posted; c->feed.mixer && i < s->groups; i++) {
		struct group *g = s->group[i];

		if (g->due_ns > soon_ns)
			break;
		if (g->posted)
			continue;
		if (!group_post(c, g)) {
			next_ns = RETRY_NS;
			break;
		}
	}
	s->all_posted = i;
	/* One that is held is made by whoever holds it. */
	if (s->groups > 0 && s->group[0]->due_ns > now_ns &&
		s->group[0]->due_ns - now_ns < next_ns)
		next_ns = s->group[0]->due_ns - now_ns;
	if (c->feed.mixer && i < s->groups && s->group[i]->due_ns > soon_ns &&
		s->group[i]->due_ns - soon_ns < next_ns)
		next_ns = s->group[i]->due_ns - soon_ns;
	return next_ns;
}

void
schedule_mixer_gone(struct schedule *s)
{
	for (uint32_t i = 0; i < s->groups; i++)
		s->group[i]->posted = s->group[i]->exact = false;
	s->all_posted = 0;
}
