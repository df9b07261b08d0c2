/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What messages do to a mixer, and when: those that control posted, and those
 * that the audio thread itself found in a block. */
#include "core/mixer.h"

#include "core/mixer_state.h"

/* Only the audio thread writes these, so it need not be one step. */
RT void
mixer_count(_Atomic uint64_t *counter, uint64_t more)
{
	/* relaxed, twice: a number for display, nothing goes with it */
	uint64_t old = atomic_load_explicit(counter, memory_order_relaxed);

	atomic_store_explicit(counter, old + more, memory_order_relaxed);
}

static void
ramp_to(struct mixer *m, struct ramp *r, float to)
{
	if (m->frame == 0)
		ramp_jump(r, to);
	else
		ramp_start(r, &m->ramps, m->frame, to);
}

static void
strip_set_route(struct mixer *m, struct strip *s, uint32_t mask)
{
	for (uint32_t b = 0; b < m->config.buses; b++)
		ramp_to(m, &s->send[b], mask >> b & 1 ? 1.0f : 0.0f);
}

static float
strip_level(const struct strip *s)
{
	return s->open && !s->mute ? s->gain : 0.0f;
}

/* Takes effect at m->frame. */
static void
message_apply(struct mixer *m, const struct message *msg)
{
	struct strip *s = &m->strip[msg->strip];
	struct bus *b = &m->bus[msg->bus];

	switch ((enum message_kind)msg->kind) {
	case MESSAGE_STRIP_GAIN:
		s->gain = msg->value;
		break;
	case MESSAGE_STRIP_MUTE:
		s->mute = msg->value != 0.0f;
		break;
	case MESSAGE_STRIP_OPEN:
		s->open = msg->value != 0.0f;
		s->kept_out = msg->mask;
		/* Nothing to hear, nothing to fade: an app that is linked to a
		 * closed strip next must not be heard on the way down. */
		if (s->first < 0) {
			ramp_jump(&s->level, strip_level(s));
			return;
		}
		break;
	case MESSAGE_STRIP_TRIM:
		ramp_to(m, &s->trim, msg->value);
		return;
	case MESSAGE_STRIP_SEND:
		ramp_to(m, &s->send[msg->bus], msg->value);
		return;
	case MESSAGE_STRIP_ROUTE:
		strip_set_route(m, s, msg->mask);
		return;
	case MESSAGE_BUS_GAIN:
		b->gain = msg->value;
		ramp_to(m, &b->level, b->mute ? 0.0f : b->gain);
		return;
	case MESSAGE_BUS_MUTE:
		b->mute = msg->value != 0.0f;
		ramp_to(m, &b->level, b->mute ? 0.0f : b->gain);
		return;
	}
	ramp_to(m, &s->level, strip_level(s));
}

static void
pending_apply(struct mixer *m)
{
	while (pending_next(&m->pending) <= m->frame) {
		struct message msg = pending_take(&m->pending);

		message_apply(m, &msg);
		mixer_count(&m->timed_done, 1);
	}
}

/* What is pending was posted before anything in the queue: it comes first.
 * There is room for what has to wait: mixer_post() sees to that. */
RT void
mixer_messages_take(struct mixer *m)
{
	uint32_t messages = queue_count(&m->queue);
	uint64_t timed = 0, late = 0;

	pending_apply(m);
	for (uint32_t i = 0; i < messages; i++) {
		const struct message *msg = queue_at(&m->queue, i);

		if (msg->frame > m->frame) {
			pending_put(&m->pending, msg);
			continue;
		}
		timed += msg->frame != 0;
		late += msg->frame != 0 && msg->frame < m->frame;
		message_apply(m, msg);
	}
	queue_drop(&m->queue, messages);
	mixer_count(&m->timed_done, timed);
	mixer_count(&m->late_messages, late);
}

/* After what control posted for the same frame. */
RT void
mixer_messages_apply(struct mixer *m)
{
	pending_apply(m);
	while (m->play_at < m->plays && m->play[m->play_at].frame <= m->frame)
		message_apply(m, &m->play[m->play_at++]);
}

RT uint64_t
mixer_message_next(const struct mixer *m)
{
	uint64_t next = pending_next(&m->pending);

	if (m->play_at < m->plays && m->play[m->play_at].frame < next)
		next = m->play[m->play_at].frame;
	return next;
}

RT bool
mixer_play(struct mixer *m, const struct message *msg)
{
	if (m->plays == PLAYS_MAX)
		return false;
	m->play[m->plays++] = *msg;
	return true;
}

RT void
mixer_plays_drop(struct mixer *m)
{
	m->plays = m->play_at = 0;
}

RT uint32_t
mixer_taken(const struct mixer *m)
{
	return queue_taken(&m->queue);
}
