/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A level on its way through a chunk of frames: the ramp that it is on, and
 * those that took its place within the chunk, with the frame of each.
 *
 * So nothing but the level itself has to be computed in pieces, and a mixer
 * need not be cut where one of its hundreds of levels turns. A chunk's changes
 * are kept in a log that all levels share. Audio thread only. */
#ifndef GLIDE_H
#define GLIDE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/limits.h"
#include "core/mixer/frames.h"
#include "core/mixer/ramp.h"
#include "core/rt.h"

#define GLIDE_CHANGES 4096

struct glide {
	struct ramp ramp;    /* the last one */
	int16_t first, last; /* of the log; -1: it has not turned */
};

struct glide_change {
	struct ramp ramp;
	uint16_t at; /* frame of the chunk from which on it holds */
	int16_t next;
};

struct glide_log {
	uint32_t changes;
	uint32_t glides;
	struct glide_change change[GLIDE_CHANGES];
	struct glide *glide[GLIDE_CHANGES]; /* that turned */
};

/* When: frame `at` of a chunk, the first frame of which is `start`. */
struct glide_time {
	struct glide_log *log;
	uint64_t start;
	uint32_t at;
	uint32_t usual; /* frames of a switch's ramp */
};

_Static_assert(GLIDE_CHANGES <= INT16_MAX, "a change's number fits int16_t");

/* Frames of a chunk within which a level rests or moves. */
struct glide_span {
	uint32_t at, n;
	float level; /* where it rests */
	bool moves;
};

/* A chunk, and room to work in. */
struct passage {
	uint64_t frame; /* its first */
	uint32_t n;
	uint32_t rate_hz;
	struct glide_log log;
	struct glide_span span[CHUNK_FRAMES];
	float values[CHUNK_FRAMES]; /* of a level that moves */
	struct frames all;	    /* that are in it */
	uint64_t failures; /* how often a stage gave what is no number */
};

/* any: at rest at this value, and no chunk begun */
RT void glide_init(struct glide *g, float value);

/* From frame `at` of the chunk on it is on this ramp. Frames go up from call to
 * call. */
RT void glide_turn(struct glide *g, struct glide_log *log, uint32_t at,
	const struct ramp *ramp);

/* From its value then it goes to another. */
RT void glide_go(struct glide *g, const struct glide_time *t, float to,
	uint32_t frames, enum ramp_law law);

/* Is there room for so many turns? At frame 0 they need none. */
RT static inline bool
glide_log_room(const struct glide_log *log, uint32_t turns)
{
	return log->changes + 2 * turns <= GLIDE_CHANGES;
}

/* The chunk is done. */
RT void glide_log_end(struct glide_log *log);

/* Fills t->span with the spans of the chunk, and t->values with the values of
 * those that move; how many they are. */
RT uint32_t glide_spans(const struct glide *g, struct passage *t);

/* Which of these frames of the chunk a level leaves heard: all of them, or what
 * is in *room then; NULL: none. t->span is room to work in. */
RT const struct frames *glide_heard(const struct glide *g, struct passage *t,
	const struct frames *of, struct frames *room);

/* The value at frame `at` of the chunk. */
RT float glide_at(const struct glide *g, const struct passage *t, uint32_t at);

/* It rests all the chunk. */
RT static inline bool
glide_rests(const struct glide *g, uint64_t frame)
{
	return g->first < 0 && ramp_rests(&g->ramp, frame);
}

RT static inline bool
glide_rests_at(const struct glide *g, uint64_t frame, float value)
{
	return glide_rests(g, frame) && g->ramp.to == value;
}

#endif
