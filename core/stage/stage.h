/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stage: one thing that happens to the sound of a strip or of a bus on its
 * way. Audio thread only.
 *
 * To add one: a file in this folder with a `const struct stage stage_NAME`, and
 * that name in its place in stages.h. Its values are parameters of message.h;
 * who may move them gives them a row in control/model/rows.c.
 *
 * There are two kinds. A *level* is one value and no memory: it is called for
 * the spans in which the value rests or moves, exact to the frame. Anything
 * else goes by the *tick*: at each 16th frame of the mixer's own count it is
 * asked to prepare for the next 16, by the values as they are at that frame,
 * and then it runs over those frames, in pieces. What it computes of a frame
 * may hang on its state and on the frames before, never on where a piece
 * begins: so a chunk may be cut anywhere and the bytes are the same.
 *
 * Whoever calls sees to the rest. A stage at rest is not called, and no bit of
 * its input is touched. A state is cleared to zero bytes when the stage comes
 * out of its rest, when the strip was without input, when the rate changed, and
 * when the stage gave what is no number: then it is silence from that sample
 * to the next tick, where it begins anew. Denormals are flushed. */
#ifndef STAGE_H
#define STAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/rt.h"

#define STAGE_TICK	 16 /* frames */
#define STAGE_VALUES_MAX 8
#define STAGE_ALIGN	 64 /* bytes; where a state lies */

struct stage_value {
	uint8_t parameter; /* enum mix */
	float least, most;
	float rest;   /* where it starts */
	bool follows; /* alone it does nothing, and keeps no stage awake */
};

/* Frames of a level. A side that is not connected is NULL in x. */
struct stage_span {
	float *to[2];
	const float *x[2]; /* may be `to` itself; is, in a stage that crosses */
	const float *moves; /* the value, frame by frame; NULL: it rests */
	float level;	    /* where it rests, which is not stage_value.rest */
	uint32_t n;
};

/* What a stage has to prepare by. */
struct stage_tick {
	const float *value; /* of each of stage.value, in that order */
	uint32_t rate_hz;
	bool begins; /* the state is zero bytes: no way from where it was, the
			values hold at once */
	bool wakes;  /* it begins while sound goes by it that is not to click.
			False: the sound itself begins, or comes out of silence
			*/
};

struct stage {
	const char *name;
	const struct stage_value *value;
	uint32_t values; /* up to STAGE_VALUES_MAX */

	/* What one side gives the other: a side that is not connected is
	 * silence from its first word on. */
	bool crosses;

	/* It multiplies by its value: so the largest sample is known after it
	 * as well. */
	bool scales;

	/* A level, of its one value; or NULL. */
	void (*level)(const struct stage_span *s);

	/* By the tick. */
	uint32_t state_bytes; /* of a place; at STAGE_ALIGN */
	/* False: until the next tick the frames are to stay as they are. The
	 * state is forgotten then. A stage that begins says so while all its
	 * values are at rest. */
	bool (*prepare)(void *state, const struct stage_tick *t);
	/* 1..STAGE_TICK frames, in place. A side that is not connected is
	 * silence, and what is made of it is thrown away. */
	void (*run)(void *state, float *const x[2], uint32_t n);
	/* As run(), of two strips at once, to the bit; NULL: that saves
	 * nothing. */
	void (*run_two)(void *const state[2], float *const x[2][2], uint32_t n);
	/* Frames by which what it gives is late, at all times that it runs;
	 * NULL: it is not. Without a state. */
	uint32_t (*delay)(uint32_t rate_hz);
};

#endif
