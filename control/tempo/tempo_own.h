/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of tempo share; for control/tempo/ only. */
#ifndef TEMPO_OWN_H
#define TEMPO_OWN_H

#include "control/model/param.h"
#include "control/tempo/midi_clock.h"
#include "control/tempo/own_clock.h"
#include "control/tempo/tempo.h"
#include "control/util/timer.h"
#include "core/limits.h"

#define WAITS_MAX    256
#define TEMPO_SOURCE 0x54000000u /* "T": not those of other protocols */
#define NOBODY	     UINT32_MAX

/* What waits for a beat. */
struct wait {
	struct param_change change; /* of a parameter, unless there is fire */
	uint32_t source;
	int strip; /* that it is of, or -1 */
	void (*fire)(void *data, uint64_t frame);
	void (*gone)(void *data);
	void *data;
	double unit, position; /* ticks */
	bool posted;
	uint64_t frame; /* then */
};

struct tempo {
	struct tempo_config config;
	struct params *params;
	struct mixer *mixer; /* NULL: no audio */
	double rate_hz;
	struct timer timer;

	/* ids of rows */
	uint32_t bpm, from, offset, running, tap, clock_out, beat, quantise,
		pending;
	uint32_t strip_pending[STRIPS_MAX];
	uint32_t strips;

	enum tempo_source source;
	enum param_when when; /* what /quantise says */
	double offset_ms;
	struct midi_clock midi;
	uint32_t midi_from; /* who is heard, or NOBODY */
	uint64_t ticks;
	struct own_clock own;
	bool own_wanted; /* it runs as soon as there is audio */
	double own_bpm;

	bool told_clock_out;
	int told_beat; /* 0: none */
	double told_bpm;

	struct wait wait[WAITS_MAX]; /* in the order they came */
	uint32_t waits;
};

/* ---- tempo_read.c ---- */

/* The frame that is mixed next, and the first one for which there is time. */
double tempo_now(const struct tempo *t);
/* Sets a row, as ours. */
void tempo_put(struct tempo *t, uint32_t id, double number);
double tempo_row(const struct tempo *t, uint32_t id);
/* Which of its choices. */
uint32_t tempo_choice(const struct tempo *t, uint32_t id);
/* Who tells the tempo: a MIDI clock, also one that stands, or our own. */
bool tempo_is_midi(const struct tempo *t);
bool tempo_is_own(const struct tempo *t);

/* ---- wait.c ---- */

void wait_gate(struct tempo *t, struct param_gate *out);
/* Posts what comes soon. Returns the frames until it is wanted again, or
 * INFINITY. *g is where beats are once that is done. */
double wait_run(struct tempo *t, struct grid *g, double now);
/* Positions are others now. */
void wait_moved(struct tempo *t, const struct grid *g);
/* None of it is made, and that is said. */
void wait_cancel(struct tempo *t, const char *why);

#endif
