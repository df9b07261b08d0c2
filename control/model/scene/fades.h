/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The values that are on a way of seconds: which they are, and where they are
 * at this moment. The mixer goes the same way by itself: it was told where to
 * and how long. See fade.h for who sends them. For control/model/ only. */
#ifndef FADES_H
#define FADES_H

#include <stdbool.h>
#include <stdint.h>

#include "control/model/row.h"
#include "core/message.h"

enum fade_law {
	FADE_NOT,   /* it has no values in between */
	FADE_EVEN,  /* what is kept goes evenly, and the mixer linearly */
	FADE_DB,    /* likewise, in decibels without silence */
	FADE_FADER, /* decibels down to silence: on a fader's scale */
	FADE_RISE,  /* likewise, from silence: what is muted is not heard */
	FADE_LATE,  /* it stays as it is, and is at its end then */
};

struct fade {
	enum row_name row; /* one that is kept */
	struct place at;
	uint8_t law;	 /* enum fade_law */
	double from, to; /* of FADE_FADER and FADE_RISE on a fader's scale */
	bool then;	 /* silence was only for the mute at its end: */
	double end;	 /* what is kept from its end on */
	float target;	 /* what the mixer is told of `to` */
	/* Where it starts, on the mixer's clock, or without one in ns. */
	double start;
	uint64_t start_frame; /* of the mixer: not before */
	uint64_t length_ns;
};

struct fades {
	struct fade *fade; /* [ROWS_MAX * STRIPS_MAX] */
	uint16_t *of;	   /* [ROWS_MAX * STRIPS_MAX]: its number + 1, or 0 */
	uint32_t count;
	bool held; /* the mixer is told where they are, not where they go */
};

/* 0 or -ENOMEM; then done() is fine as well */
int fades_init(struct fades *f);
void fades_done(struct fades *f);

enum fade_law fade_law_of(const struct row *row);

/* NULL: it does not fade. */
struct fade *fades_find(
	const struct model *c, enum row_name row, struct place at);
/* What is kept of it at this moment. */
double fades_number(const struct model *c, enum row_name row, struct place at);
double fade_number(const struct model *c, const struct fade *f);
bool fade_ends(const struct model *c, const struct fade *f);
uint64_t fades_left_ns(const struct model *c, const struct fade *f);

/* It starts now, or at a frame of the mixer; f tells the rest. It takes the
 * place of the one before. */
void fades_add(struct model *c, const struct fade *f, uint64_t frame);
/* False: it does not fade. What is kept of it stays as it is. */
bool fades_drop(struct model *c, enum row_name row, struct place at);

/* Is its way on a fader's scale? */
static inline bool
fade_is_on_scale(const struct fade *f)
{
	return f->law == FADE_FADER || f->law == FADE_RISE;
}

/* What the mixer is told while it fades, for a frame, 0: now: *m, of the value
 * of now, becomes where it goes. */
void fades_message(const struct model *c, enum row_name row, struct place at,
	uint64_t frame, struct message *m);

/* Around a change of the mixer, and so of the clock: each goes on from where it
 * is, which is kept. */
void fades_pause(struct model *c);
void fades_go_on(struct model *c);

#endif
