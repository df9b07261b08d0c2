/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/model/feed.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control/model/scene/fades.h"
#include "core/mixer/mixer.h"
#include "core/reflex.h"

_Static_assert(BUSES_MAX <= STRIPS_MAX, "a bus has the key of its number");

int
feed_init(struct model *c)
{
	struct feed *f = &c->feed;

	f->dirty = calloc(c->params.count, sizeof(*f->dirty));
	f->ids = calloc(c->params.count, sizeof(*f->ids));
	/* each for a later frame as well */
	f->messages = calloc(c->params.count, 2 * sizeof(*f->messages));
	return f->dirty && f->ids && f->messages ? 0 : -ENOMEM;
}

void
feed_done(struct model *c)
{
	free(c->feed.dirty);
	free(c->feed.ids);
	free(c->feed.messages);
}

void
feed_wake(const struct model *c)
{
	if (c->feed.wake)
		c->feed.wake(c->feed.wake_data);
}

/* ---- what was said ---- */

/* What a message sets, as a number below MESSAGE_KEYS. A send is a part of its
 * strip's route. */
static uint32_t
message_key(const struct message *m)
{
	if (m->parameter == MIX_SEND)
		return MIX_ROUTE * STRIPS_MAX + m->place / BUSES_MAX;
	return (uint32_t)m->parameter * STRIPS_MAX + m->place;
}

uint32_t
feed_posted(const struct model *c)
{
	return c->feed.mixer ? mixer_posted(c->feed.mixer) : 0;
}

bool
feed_post(struct model *c, const struct message *msgs, uint32_t n)
{
	struct feed *f = &c->feed;

	if (n > 0 && !mixer_post(f->mixer, msgs, n))
		return false;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t key = message_key(&msgs[i]);

		f->said[key].posted = mixer_posted(f->mixer);
		if (f->said[key].frame < msgs[i].frame)
			f->said[key].frame = msgs[i].frame;
	}
	return true;
}

/* What m sets was set by us as well, after the audio thread had taken so many
 * messages or for a later frame. */
static bool
said_since(const struct model *c, const struct message *m, uint32_t taken,
	uint64_t frame)
{
	uint32_t key = message_key(m), now = feed_posted(c);

	/* How long ago: what was said long ago may be half a round away. */
	return now - c->feed.said[key].posted < now - taken ||
	       c->feed.said[key].frame > frame;
}

/* ---- values of now ---- */

bool
feed_message(
	const struct model *c, uint32_t id, uint64_t frame, struct message *out)
{
	struct place at;
	const struct row *row = params_row(&c->params, id, &at);

	if (!row_message(c, row, at, NULL, out))
		return false;
	fades_message(c, row_name_of(row_keeper(row)), at, frame, out);
	out->frame = frame;
	return true;
}

/* The token of a word of now: later than what was made so far, and earlier than
 * what is still to be made. */
static uint64_t
token_now(const struct model *c)
{
	return 2 * c->feed.moment_ns + 1;
}

static void
dirty_set(struct model *c, uint32_t id, bool dirty)
{
	struct feed *f = &c->feed;

	if (f->dirty[id] == dirty)
		return;
	f->dirty[id] = dirty;
	f->dirty_count += dirty ? 1u : -1u;
}

/* Was another value said for a frame that is to come, as by a scene just before
 * its beat? This one is newer, and holds from then on as well. (What has a time
 * of its own comes then.) */
static bool
is_ahead(const struct model *c, const struct message *m, uint64_t *frame)
{
	*frame = c->feed.said[message_key(m)].ahead;
	return *frame > m->frame && *frame > mixer_frame(c->feed.mixer);
}

static bool
now_post(struct model *c, const uint32_t *ids, uint32_t n, uint64_t frame)
{
	struct message *msgs = c->feed.messages;
	uint32_t count = 0;
	uint64_t ahead;

	for (uint32_t i = 0; i < n; i++) {
		feed_message(c, ids[i], frame, &msgs[count++]);
		if (is_ahead(c, &msgs[count - 1], &ahead))
			feed_message(c, ids[i], ahead, &msgs[count++]);
	}
	for (uint32_t i = 0; i < count; i++)
		msgs[i].token = token_now(c);
	if (!feed_post(c, msgs, count))
		return false;
	for (uint32_t i = 0; i < count; i++) {
		uint64_t *last = &c->feed.said[message_key(&msgs[i])].ahead;

		*last = msgs[i].frame > *last ? msgs[i].frame : *last;
	}
	for (uint32_t i = 0; i < n; i++)
		dirty_set(c, ids[i], false);
	return true;
}

static bool
is_done(const struct model *c, uint32_t id)
{
	for (uint32_t i = 0; i < c->feed.dones; i++)
		if (c->feed.done[i].id == id)
			return true;
	return false;
}

void
feed_say(struct model *c, const uint32_t *ids, uint32_t n, uint64_t frame)
{
	struct feed *f = &c->feed;
	uint32_t left = 0;

	if (!f->mixer)
		return;
	for (uint32_t i = 0; i < n; i++)
		if (!is_done(c, ids[i]))
			f->ids[left++] = ids[i];
	/* What is said later is said as one: no part of it comes before. */
	if (!f->dirty_count && !mixer_is_behind(f->mixer) &&
		now_post(c, f->ids, left, frame))
		return;
	for (uint32_t i = 0; i < left; i++)
		dirty_set(c, f->ids[i], true);
	feed_wake(c);
}

/* No parameter has them: they are the configuration's. */
static bool
crossovers_post(struct model *c)
{
	struct message msgs[2 * STRIPS_MAX];
	uint32_t n = 0;

	for (uint32_t s = 0; s < c->config.strips; s++)
		for (int i = 0; i < 2; i++)
			msgs[n++] = (struct message){
				.parameter = i ? MIX_EQ_HIGH_HZ : MIX_EQ_LOW_HZ,
				.place = (uint16_t)s,
				.target = (float)c->config.eq_hz[i]};
	c->feed.eq_due = !feed_post(c, msgs, n);
	return !c->feed.eq_due;
}

bool
feed_flush(struct model *c)
{
	struct feed *f = &c->feed;
	uint32_t n = 0;

	if (!f->mixer || (!f->dirty_count && !f->eq_due))
		return true;
	if (mixer_is_behind(f->mixer))
		return false;
	if (f->eq_due && !crossovers_post(c))
		return false;
	for (uint32_t id = 0; id < c->params.count; id++)
		if (f->dirty[id])
			f->ids[n++] = id;
	return now_post(c, f->ids, n, 0);
}

/* ---- the mixer comes and goes ---- */

/* Where they go, a frame after it has heard where they are: what is said for
 * one frame does not start from what was said for it before. */
static void
fades_say(struct model *c)
{
	struct message *msgs = c->feed.messages;
	uint32_t n = 0;

	for (uint32_t i = 0; i < c->fades.count && n < c->params.count; i++) {
		const struct fade *f = &c->fades.fade[i];

		if (!row_message(c, &rows[f->row], f->at, NULL, &msgs[n]))
			continue;
		fades_message(c, f->row, f->at, 0, &msgs[n]);
		msgs[n].frame = mixer_frame(c->feed.mixer) + 1;
		msgs[n++].token = token_now(c);
	}
	feed_post(c, msgs, n);
}

void
feed_start(struct model *c, struct mixer *m, uint32_t rate_hz)
{
	struct message unused;

	fades_pause(c);
	c->feed.mixer = m;
	c->feed.rate_hz = rate_hz;
	fades_go_on(c);
	memset(c->feed.said, 0, sizeof(c->feed.said));
	c->feed.eq_due = true;
	for (uint32_t id = 0; id < c->params.count; id++)
		if (feed_message(c, id, 0, &unused))
			dirty_set(c, id, true);
	c->fades.held = true;
	feed_flush(c);
	c->fades.held = false;
	fades_say(c);
	feed_wake(c);
}

void
feed_crossovers(struct model *c)
{
	c->feed.eq_due = true;
	feed_flush(c);
	feed_wake(c);
}

void
feed_stop(struct model *c)
{
	fades_pause(c);
	c->feed.mixer = NULL;
	fades_go_on(c);
}

/* ---- what the audio thread did ---- */

void
feed_done_begin(struct model *c, const struct reflex_done *done, uint32_t n)
{
	c->feed.done = done;
	c->feed.dones = n;
}

static bool
is_same(const struct message *a, const struct message *b)
{
	return a->parameter == b->parameter && a->target == b->target;
}

void
feed_done_end(struct model *c, uint64_t frame, uint32_t taken)
{
	const struct reflex_done *done = c->feed.done;
	uint32_t n = c->feed.dones;
	struct message now;

	c->feed.done = NULL;
	c->feed.dones = 0;
	for (uint32_t i = 0; c->feed.mixer && i < n; i++)
		if (feed_message(c, done[i].id, 0, &now) &&
			(!is_same(&now, &done[i].message) ||
				said_since(c, &now, taken, frame)))
			feed_say(c, &done[i].id, 1, 0);
}
