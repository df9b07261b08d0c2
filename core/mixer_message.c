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

/* A change at frame 0 is where the mix starts. */
static uint32_t
ramp_frames(const struct mixer *m, uint32_t at)
{
	return m->frame + at == 0 ? 1 : m->usual;
}

static void
glide_to(struct mixer *m, struct glide *g, uint32_t at, float to)
{
	struct ramp way = g->ramp;

	ramp_start(&way, m->frame + at, to, ramp_frames(m, at), RAMP_LINEAR);
	glide_turn(g, &m->log, at, &way);
}

static void
strip_set_route(struct mixer *m, struct strip *s, uint32_t at, uint32_t mask)
{
	for (uint32_t b = 0; b < m->config.buses; b++)
		glide_to(m, &s->send[b], at, mask >> b & 1 ? 1.0f : 0.0f);
}

/* Takes effect at frame `at` of the chunk. */
static void
message_apply(struct mixer *m, const struct message *msg, uint32_t at)
{
	const struct fader_time t = {&m->log, m->frame, at, ramp_frames(m, at)};
	struct strip *s = &m->strip[msg->strip];
	struct fader *fader = &s->fader, *bus = &m->bus[msg->bus].fader;

	switch ((enum message_kind)msg->kind) {
	case MESSAGE_STRIP_GAIN:
		fader_move(fader, &t, msg->value, t.usual, RAMP_LINEAR);
		break;
	case MESSAGE_STRIP_MUTE:
		fader_switch(fader, &t, msg->value != 0.0f, fader->open, false);
		break;
	case MESSAGE_STRIP_OPEN:
		s->kept_out = msg->mask;
		/* Nothing to hear, nothing to fade: an app that is linked to a
		 * closed strip next must not be heard on the way down. */
		fader_switch(fader, &t, fader->mute, msg->value != 0.0f,
			s->first < 0);
		break;
	case MESSAGE_STRIP_TRIM:
		glide_to(m, &s->trim, at, msg->value);
		break;
	case MESSAGE_STRIP_SEND:
		glide_to(m, &s->send[msg->bus], at, msg->value);
		break;
	case MESSAGE_STRIP_ROUTE:
		strip_set_route(m, s, at, msg->mask);
		break;
	case MESSAGE_BUS_GAIN:
		fader_move(bus, &t, msg->value, t.usual, RAMP_LINEAR);
		break;
	case MESSAGE_BUS_MUTE:
		fader_switch(bus, &t, msg->value != 0.0f, true, false);
		break;
	}
}

/* What is pending was posted before anything in the queue: it comes first.
 * There is room for what has to wait: mixer_post() sees to that. */
RT void
mixer_messages_take(struct mixer *m)
{
	uint32_t messages = queue_count(&m->queue);
	uint64_t timed = 0, late = 0;
	const struct message *first;

	while ((first = pending_first(&m->pending)) &&
		first->frame <= m->frame) {
		message_apply(m, first, 0);
		pending_take(&m->pending);
		timed++;
	}
	for (uint32_t i = 0; i < messages; i++) {
		const struct message *msg = queue_at(&m->queue, i);

		if (msg->frame > m->frame) {
			pending_put(&m->pending, msg);
			continue;
		}
		timed += msg->frame != 0;
		late += msg->frame != 0 && msg->frame < m->frame;
		message_apply(m, msg, 0);
	}
	queue_drop(&m->queue, messages);
	mixer_count(&m->timed_done, timed);
	mixer_count(&m->late_messages, late);
}

/* Of what is pending and what is played, the one that comes next: at one frame
 * what control posted is first. */
static const struct message *
next_message(const struct mixer *m)
{
	const struct message *posted = pending_first(&m->pending);
	const struct message *played =
		m->play_at < m->plays ? &m->play[m->play_at] : NULL;

	if (posted && played)
		return played->frame < posted->frame ? played : posted;
	return posted ? posted : played;
}

static void
next_drop(struct mixer *m, const struct message *msg)
{
	if (msg != pending_first(&m->pending)) {
		m->play_at++;
		return;
	}
	pending_take(&m->pending);
	mixer_count(&m->timed_done, 1);
}

/* What one message turns at most, and all faders that follow. */
#define TURNS (BUSES_MAX + STRIPS_MAX + BUSES_MAX)

/* Whether a strip is kept out of a bus is no level: it is of a whole chunk. */
static bool
starts_a_chunk(const struct mixer *m, const struct message *msg)
{
	return !glide_log_room(&m->log, TURNS) ||
	       (msg->kind == MESSAGE_STRIP_OPEN &&
		       msg->mask != m->strip[msg->strip].kept_out);
}

RT uint32_t
mixer_messages_apply(struct mixer *m, uint32_t n)
{
	const struct message *msg;

	while ((msg = next_message(m)) && msg->frame < m->frame + n) {
		uint32_t at = msg->frame > m->frame
				      ? (uint32_t)(msg->frame - m->frame)
				      : 0;

		if (at > 0 && starts_a_chunk(m, msg))
			return at;
		message_apply(m, msg, at);
		next_drop(m, msg);
	}
	return n;
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
