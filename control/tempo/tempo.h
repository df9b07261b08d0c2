/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tempo: where it comes from, and what waits for its beats.
 *
 * It listens to the rows /tempo, /beat and /quantise, tells there what it
 * finds, and is the gate for what is asked for (control/model/param.h): a mute
 * that is to land on a bar is posted to the mixer for that sample, as late as
 * can be, since the nearer a beat is, the better it is known. Control thread
 * only. */
#ifndef TEMPO_H
#define TEMPO_H

#include <stdbool.h>
#include <stdint.h>

#include "control/model/model_config.h"
#include "control/tempo/grid.h"
#include "core/clock_out.h"

struct loop;
struct midi_event;
struct mixer;
struct params;
struct tempo;

struct tempo_config {
	struct params *params;
	const struct model_tempo *start;
	uint32_t (*block)(void *data);		   /* frames of a block now */
	void (*say)(void *data, const char *line); /* one for the log */
	/* The MIDI clock that is to leave is another one, or is known better;
	 * or NULL. */
	void (*clock_out)(void *data, const struct clock_line *line);
	void *data;
};

/* 0 and *out is the caller's, or -ENOMEM, -ENOSPC */
int tempo_new(struct tempo **out, const struct tempo_config *config);
void tempo_free(struct tempo *t); /* NULL is fine */
/* From now on it is called by this loop in time. */
void tempo_set_loop(struct tempo *t, struct loop *l);

/* Audio has begun, or ended (NULL): a clock is learnt anew. */
void tempo_audio(struct tempo *t, struct mixer *m, uint32_t rate_hz);

/* `from` sent this at this frame of the mixer. The first that sends a clock is
 * heard, until it falls silent. What is none of a clock's is left alone. */
void tempo_hear(struct tempo *t, uint32_t from, const struct midi_event *e,
	double frame);
/* The frame at a time of CLOCK_MONOTONIC; less than 0: no audio runs. */
double tempo_frame(const struct tempo *t, uint64_t time_ns);

/* What is due. Returns the ns until it wants to be called again. */
uint64_t tempo_run(struct tempo *t, uint64_t now_ns);

/* Our own clock runs at this tempo, now or once it is the one that leads. */
void tempo_set_own(struct tempo *t, double bpm);

/* Where beats are now. */
void tempo_grid(const struct tempo *t, struct grid *out);

struct tempo_status {
	bool runs;
	double bpm;	/* while a tempo is known, else 0 */
	bool midi;	/* by a MIDI clock */
	uint64_t ticks; /* of MIDI clocks, heard so far */
	uint32_t waits; /* so much waits for its beat */
};
void tempo_status(const struct tempo *t, struct tempo_status *out);

/* For who does more than set values, such as a scene: `fire` is called shortly
 * before the beat with its frame, or with 0 and at once where nothing runs, and
 * true is given. Asked for again with the same data it is taken back, and false
 * is. `gone`, or NULL: it will not be called. */
bool tempo_wait(struct tempo *t, enum param_when when,
	void (*fire)(void *data, uint64_t frame), void (*gone)(void *data),
	void *data);

#endif
