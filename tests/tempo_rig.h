/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests: a tempo, a model and a mixer, driven block by block, and a MIDI
 * clock that comes with them. */
#ifndef TEMPO_RIG_H
#define TEMPO_RIG_H

#include "control/midi/midi.h"
#include "control/tempo/tempo.h"
#include "tests/model_mixer_rig.h"

#define TICK 1000u /* frames: 120 BPM */
#define BEAT (24u * TICK)
#define BAR  (4u * BEAT)

struct beat {
	struct rig *r;
	struct tempo *t;
	double tick; /* of the clock that comes; 0: none does */
	double next; /* when its next one should */
	double (*shake)(double frame);
	char said[256];
	uint64_t changed; /* the first frame of another level on strip 1 */
	float level;
};

static inline void
on_said(void *data, const char *line)
{
	snprintf(((struct beat *)data)->said, 256, "%s", line);
}

static inline uint32_t
on_block(void *data)
{
	(void)data;
	return BLOCK;
}

static inline void
hear(struct beat *b, enum midi_kind kind, uint16_t value, double frame)
{
	const struct midi_event e = {.kind = kind, .value = value};

	tempo_hear(b->t, 1, &e, frame);
}

static inline void
beat_begin(struct beat *b, struct rig *r)
{
	static const struct model_tempo start;
	const struct tempo_config config = {.params = r->p,
		.start = &start,
		.block = on_block,
		.say = on_said,
		.data = b};

	*b = (struct beat){.r = r, .level = 1.0f};
	assert_int_equal(tempo_new(&b->t, &config), 0);
	r->start_ns = frame_ns(r, r->frame); /* time does not go back */
	mixer_begin(r);
	tempo_audio(b->t, r->m, RATE_HZ);
	run_block(r);
}

static inline void
beat_end(struct beat *b)
{
	tempo_free(b->t);
}

/* The clock starts with position 0 at this frame, which is to come. */
static inline void
beat_start(struct beat *b, double frame)
{
	hear(b, MIDI_START, 0, (double)b->r->frame);
	b->tick = TICK;
	b->next = frame;
}

/* What comes in the next block is told when that is over, as it is live. */
static inline void
beat_run(struct beat *b, uint64_t until)
{
	struct rig *r = b->r;

	while (r->frame < until) {
		uint64_t from = r->frame;

		run_block(r);
		for (uint32_t i = 0; i < BLOCK; i++) {
			if (r->out[0][0][i] != b->level && !b->changed)
				b->changed = from + i;
		}
		while (b->tick > 0.0 && b->next < (double)r->frame) {
			double at = b->shake ? b->shake(b->next) : b->next;

			hear(b, MIDI_CLOCK, 0, at);
			b->next += b->tick;
		}
		tempo_run(b->t, frame_ns(r, r->frame));
		model_run(r->model, frame_ns(r, r->frame));
	}
}

static inline void
ask(struct beat *b, const char *address, double number, enum param_when when)
{
	struct param_change c = change_of(b->r, address, number);

	param_request(b->r->p, &c, 1, 0, 7, when);
}

/* A ramp's first frame still has the old value, or is its first step. */
static inline void
assert_changed(const struct beat *b, double frame, double by)
{
	if (fabs((double)b->changed - frame) > by + 1.0)
		fail_msg("%llu, not %.0f", (unsigned long long)b->changed,
			frame);
}

static inline struct param_change
word_of(struct rig *r, const char *address, const char *word)
{
	struct param_change c = {.id = find(r, address)};
	struct param_value v = {.type = PARAM_TEXT};
	char why[PARAM_WHY_MAX];

	snprintf(v.s, sizeof(v.s), "%s", word);
	assert_int_equal(param_check(r->p, c.id, &v, &c.value, why), 0);
	return c;
}

static inline void
set_word(struct rig *r, const char *address, const char *word)
{
	struct param_change c = word_of(r, address, word);

	param_apply(r->p, &c, 1, 0, PARAM_SOURCE_NONE);
}

static inline void
quantise(struct beat *b, const char *word)
{
	set_word(b->r, "/quantise", word);
}

#endif
