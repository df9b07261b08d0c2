/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What messages do to a mixer, and when: those that control posted, and those
 * that the audio thread itself found in a block.
 *
 * A block has time for so many of those that were posted; the others are put
 * off, in their order, to the next block's first frame. What was played is
 * never put off: it can overtake a word that was, which is then left out. One
 * that is still in the queue by then is not: control says again what it had to
 * be. */
#include "core/mixer/mixer.h"

#include "core/mixer/mixer_state.h"

/* Only the audio thread writes these, so it need not be one step. */
RT void
mixer_count(_Atomic uint64_t *counter, uint64_t more)
{
	/* relaxed, twice: a number for display, nothing goes with it */
	uint64_t old = atomic_load_explicit(counter, memory_order_relaxed);

	atomic_store_explicit(counter, old + more, memory_order_relaxed);
}

enum way {
	POSTED,
	PUT_OFF, /* posted, too, for a frame of a block before */
	PLAYED,
};

/* One word, at frame `at` of the chunk. */
struct word {
	const struct message *msg;
	enum way way;
	struct glide_time time;
	uint32_t ramp;
	enum ramp_law law;
};

/* A change at frame 0 is where the mix starts: it does not ramp, unless it is
 * said to. */
static struct word
word_of(struct mixer *m, const struct message *msg, uint32_t at, enum way way)
{
	const uint32_t usual = m->frame + at == 0 ? 1 : m->usual;

	return (struct word){
		.msg = msg,
		.way = way,
		.time = {&m->passage.log, m->frame, at, usual},
		.ramp = msg->ramp > usual ? msg->ramp : usual,
		.law = (enum ramp_law)msg->law,
	};
}

static void
glide_move(struct glide *g, const struct word *w, float to)
{
	glide_go(g, &w->time, to, w->ramp, w->law);
}

/* What is no level has no decibels. */
static void
even_move(struct glide *g, const struct word *w, float to)
{
	glide_go(g, &w->time, to, w->ramp,
		w->law == RAMP_DB ? RAMP_LINEAR : w->law);
}

static void
rack_move(struct rack *r, const struct rack_plan *plan, const struct word *w)
{
	const struct message *msg = w->msg;
	const struct stage_value *of = rack_plan_value(plan, msg->parameter);
	struct glide *value = rack_wake(r, plan, msg->parameter, msg->target);

	if (!value || !of)
		return;
	if (of->least < 0.0f)
		even_move(value, w, msg->target);
	else
		glide_move(value, w, msg->target);
}

/* Is it the newest that its place has heard? Then it is from now on. */
static bool
is_newest(struct mixer *m, enum mix parameter, uint32_t place,
	const struct word *w)
{
	uint64_t token = w->msg->token, *heard = &m->token[parameter][place];
	uint64_t *played = &m->played[parameter][place];

	if (w->way == PLAYED)
		*played = w->msg->frame;
	if (w->way == PUT_OFF && w->msg->frame <= *played)
		return false;
	if (token == 0)
		return true;
	if (token < *heard)
		return false;
	*heard = token;
	return true;
}

static void
send_go(struct strip *s, const struct word *w, uint32_t bus, uint32_t ramp)
{
	uint8_t bit = (uint8_t)(1u << bus);
	float full = s->halved & bit ? 0.5f : 1.0f;

	glide_go(&s->send[bus], &w->time, s->routed & bit ? full : 0.0f, ramp,
		w->law);
	s->moving |= bit;
}

/* Of a route as well, send by send: a newer word of one of them stays. */
static void
send_move(struct mixer *m, const struct word *w, uint32_t place, bool on)
{
	struct strip *s = &m->strip[place / BUSES_MAX];
	uint32_t bus = place % BUSES_MAX;

	if (!is_newest(m, MIX_SEND, place, w))
		return;
	s->routed &= (uint8_t) ~(1u << bus);
	s->routed |= (uint8_t)(on << bus);
	send_go(s, w, bus, w->ramp);
}

static void
route_move(struct mixer *m, const struct word *w)
{
	uint32_t set = (uint32_t)w->msg->target;

	for (uint32_t b = 0; b < m->config.buses; b++)
		send_move(m, w, mix_send_place(w->msg->place, b), set >> b & 1);
}

/* Sooner than a gain: until then it may be heard twice. */
static void
halve(struct mixer *m, struct strip *s, const struct word *w)
{
	uint8_t others = s->halved ^ (uint8_t)w->msg->target;
	uint32_t soon = 1 + (w->time.usual - 1) * HALVE_MS / RAMP_MS;

	s->halved = (uint8_t)w->msg->target;
	for (uint32_t b = 0; b < m->config.buses; b++)
		if (others >> b & 1)
			send_go(s, w, b, soon);
}

static void
side_move(struct strip *s, const struct word *w)
{
	for (int side = 0; side < CROSSFADE_SIDES; side++)
		even_move(&s->cross.of[side], w,
			w->msg->target == (float)(side + 1) ? 1.0f : 0.0f);
}

/* Without a ramp, unless it is said to have one: its gains have smoothers. */
static void
cross_move(struct cross *c, enum cross_value value, const struct word *w)
{
	glide_go(&c->value[value], &w->time, w->msg->target,
		w->msg->ramp > 1 ? w->msg->ramp : 1, w->law);
}

/* Whether one strip is soloed changes what all are. */
static void
solos_turn(struct mixer *m, const struct word *w)
{
	for (uint32_t s = 0; s < m->config.strips; s++) {
		solo_turn(&m->strip[s].solo, &m->solos, &w->time);
		m->strip[s].gated = true;
	}
}

static void
all_move(struct mixer *m, const struct word *w)
{
	float to = w->msg->target;

	switch ((enum mix)w->msg->parameter) {
	case MIX_CUE_MIX:
		cross_move(&m->cue.mix, CROSS_POSITION, w);
		break;
	case MIX_CUE_GAIN:
		glide_move(&m->cue.gain, w, to);
		break;
	case MIX_CUE_SPLIT:
		glide_move(&m->cue.split, w, to);
		break;
	case MIX_SOLO_LOOP:
		m->solos.loop = to != 0.0f;
		solos_turn(m, w);
		break;
	default:
		cross_move(&m->cross,
			(enum cross_value)(w->msg->parameter - MIX_CROSSFADER),
			w);
		break;
	}
}

static void
strip_move(struct mixer *m, const struct word *w)
{
	const struct message *msg = w->msg;
	struct strip *s = &m->strip[msg->place];
	struct fader *f = &s->fader;
	bool on = msg->target != 0.0f;

	switch ((enum mix)msg->parameter) {
	case MIX_GAIN:
		fader_move(f, &w->time, msg->target, w->ramp, w->law);
		break;
	case MIX_MUTE:
		fader_mute(f, &w->time, on);
		break;
	case MIX_OPEN:
		/* Nothing to hear, nothing to fade: an app that is linked to a
		 * closed strip next must not be heard on the way down. */
		glide_go(&s->open, &w->time, msg->target,
			s->first < 0 ? 1 : w->time.usual, RAMP_LINEAR);
		break;
	case MIX_SIDE:
		side_move(s, w);
		break;
	case MIX_CUE:
		glide_go(&s->cue, &w->time, msg->target, w->time.usual,
			RAMP_LINEAR);
		break;
	case MIX_SOLO:
		m->solos.count += (uint32_t)on - (uint32_t)s->solo.on;
		s->solo.on = on;
		solos_turn(m, w);
		break;
	case MIX_KEPT_OUT:
		s->kept_out = (uint8_t)msg->target;
		break;
	case MIX_HALVED:
		halve(m, s, w);
		break;
	default:
		rack_move(&s->rack, &m->of_strip, w);
		break;
	}
}

static void
bus_move(struct mixer *m, const struct word *w)
{
	const struct message *msg = w->msg;
	struct bus *b = &m->bus[msg->place];

	switch ((enum mix)msg->parameter) {
	case MIX_BUS_GAIN:
		fader_move(&b->fader, &w->time, msg->target, w->ramp, w->law);
		break;
	case MIX_BUS_MUTE:
		fader_mute(&b->fader, &w->time, msg->target != 0.0f);
		break;
	default:
		rack_move(&b->rack, &m->of_bus, w);
		break;
	}
}

/* Takes effect at frame `at` of the chunk. */
static void
message_apply(
	struct mixer *m, const struct message *msg, uint32_t at, enum way way)
{
	const struct word w = word_of(m, msg, at, way);

	if (msg->parameter == MIX_SEND)
		send_move(m, &w, msg->place, msg->target != 0.0f);
	else if (msg->parameter == MIX_ROUTE)
		route_move(m, &w);
	else if (!is_newest(m, (enum mix)msg->parameter, msg->place, &w))
		return;
	else if (msg->parameter >= MIX_CROSSFADER)
		all_move(m, &w);
	else if (msg->parameter >= MIX_BUS_GAIN)
		bus_move(m, &w);
	else
		strip_move(m, &w);
}

static void
pending_apply(struct mixer *m, uint32_t at)
{
	const struct message *msg = pending_first(&m->pending);

	message_apply(m, msg, at, msg->frame < m->frame ? PUT_OFF : POSTED);
	pending_take(&m->pending);
	mixer_count(&m->timed_done, 1);
}

/* There is room for what has to wait: mixer_post() sees to that. */
static void
posted_take(struct mixer *m, const struct message *msg)
{
	if (msg->frame > m->frame) {
		pending_put(&m->pending, msg);
		return;
	}
	if (msg->frame != 0) {
		mixer_count(&m->timed_done, 1);
		mixer_count(&m->late_messages, msg->frame < m->frame);
	}
	message_apply(m, msg, 0, POSTED);
}

/* Whole batches, as long as there is a message to go. */
static void
queue_take(struct mixer *m, uint32_t most)
{
	uint32_t messages = queue_count(&m->queue), i = 0;
	bool ends = true;

	for (; i < messages && (i < most || !ends); i++) {
		ends = queue_is_last(&m->queue, i);
		posted_take(m, queue_at(&m->queue, i));
		if (ends)
			pending_end_batch(&m->pending);
	}
	queue_drop(&m->queue, i);
}

/* What is pending was posted before anything in the queue: it comes first. */
RT void
mixer_messages_take(struct mixer *m, uint32_t most)
{
	const struct message *first;
	uint32_t done = 0;

	while ((first = pending_first(&m->pending)) &&
		first->frame <= m->frame &&
		(done < most || pending_goes_on(&m->pending))) {
		pending_apply(m, 0);
		done++;
	}
	queue_take(m, done < most ? most - done : 0);
	m->left = most;
}

/* Of what is pending and what is played, the one that comes next: at one frame
 * what control posted is first. */
static const struct message *
next_message(const struct mixer *m)
{
	bool may = m->left > 0 || pending_goes_on(&m->pending);
	const struct message *posted = may ? pending_first(&m->pending) : NULL;
	const struct message *played =
		m->play_at < m->plays ? &m->play[m->play_at] : NULL;

	if (posted && played)
		return played->frame < posted->frame ? played : posted;
	return posted ? posted : played;
}

static void
next_apply(struct mixer *m, const struct message *msg, uint32_t at)
{
	if (msg == pending_first(&m->pending)) {
		pending_apply(m, at);
		m->left -= m->left > 0;
	} else {
		message_apply(m, msg, at, PLAYED);
		m->play_at++;
	}
}

/* What one message turns at most, and all faders that follow. */
#define TURNS (SOLO_GATES * STRIPS_MAX + STRIPS_MAX + BUSES_MAX)

/* Whether a strip is kept out of a bus or has both sides is no level: it is of
 * a whole chunk. */
static bool
starts_a_chunk(const struct mixer *m, const struct message *msg)
{
	const struct strip *s = &m->strip[msg->place % STRIPS_MAX];

	return !glide_log_room(&m->passage.log, TURNS) ||
	       (msg->parameter == MIX_KEPT_OUT &&
		       (uint8_t)msg->target != s->kept_out) ||
	       rack_crosses(
		       &s->rack, &m->of_strip, msg->parameter, msg->target);
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
		next_apply(m, msg, at);
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
