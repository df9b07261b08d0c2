/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the audio thread does with a MIDI message by itself, so that it is heard
 * in the very block in which it comes, at its frame.
 *
 * Which message moves what is decided on the control thread, and much of that
 * hangs on what went before (banks, layers, takeover, toggles). So control
 * says, each time that changes, what each message would do now; the audio
 * thread only looks it up, and tells control what it did. What it finds nothing
 * for, and what came before control could say it anew, control does by itself,
 * a block or two later.
 *
 * Three tables: one that audio reads, one that control fills, one on its way.
 * Neither waits for the other. */
#ifndef REFLEX_H
#define REFLEX_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/curve.h"
#include "core/message.h"
#include "core/rt.h"

#define REFLEX_ENTRIES_MAX 1024
#define REFLEX_MOVES_MAX   4096
#define REFLEX_TARGETS_MAX 64 /* moves of one entry */
#define REFLEX_CURVES_MAX  512
#define REFLEX_CHANNELS	   16
#define REFLEX_NUMBERS	   128

struct mixer;

/* The messages that have reflexes, by their status byte. */
enum reflex_message {
	REFLEX_NOTE,	 /* number; value: velocity, 0 is off */
	REFLEX_POLY,	 /* number, value */
	REFLEX_CC,	 /* number, value */
	REFLEX_PROGRAM,	 /* number and value are both the program */
	REFLEX_PRESSURE, /* number 0; value */
	REFLEX_BEND,	 /* number 0; value 0..16383 */
	REFLEX_MESSAGES
};

enum reflex_kind {
	REFLEX_MOVE, /* what the curves make of the value */
	REFLEX_MSB,  /* of a value of 14 bits: kept for the LSB */
	REFLEX_HALT, /* nothing, and no reflexes until the next table: what
		      * they are is about to change */
};

struct reflex_move {
	uint32_t id;	   /* control's own name for it */
	uint8_t parameter; /* enum mix */
	uint16_t place;	   /* as in struct message */
	uint16_t curve;	   /* of reflex_curve() */
};

struct reflex_entry {
	uint8_t kind; /* enum reflex_kind */
	bool once;    /* from this value on only once by this table */
	uint16_t once_from;
	uint16_t msb; /* of an LSB the entry of the MSB that comes before
		       * it, + 1; 0: it is no LSB */
	uint16_t first, count;
};

struct reflex_table {
	/* entry + 1; 0: none */
	uint16_t at[REFLEX_MESSAGES][REFLEX_CHANNELS][REFLEX_NUMBERS];
	uint32_t entries, moves, curves;
	struct reflex_entry entry[REFLEX_ENTRIES_MAX];
	struct reflex_move move[REFLEX_MOVES_MAX];
	struct curve curve[REFLEX_CURVES_MAX];
};

/* What was done with a message: this parameter, by this. */
struct reflex_done {
	uint32_t id;
	struct message message;
};

struct reflex {
	struct reflex_table *table[3];
	_Atomic uint32_t middle; /* number of the one on its way */
	uint32_t back;		 /* control: the one it fills */
	uint32_t front;		 /* audio: the one it reads */
	bool halted;		 /* audio */
	uint64_t fired[REFLEX_ENTRIES_MAX / 64]; /* audio: a bit per entry */
	uint8_t msb[REFLEX_ENTRIES_MAX];	 /* audio: + 1; 0: none came */
};

#define REFLEX_FRESH 4u /* in `middle`: audio has not seen it */

/* control: 0 or -ENOMEM. Nothing has a reflex at first. */
int reflex_new(struct reflex **out);
void reflex_free(struct reflex *x); /* NULL is fine; no audio uses it */

/* control: a table without entries, to be filled and then published */
struct reflex_table *reflex_begin(struct reflex *x);
void reflex_publish(struct reflex *x);

/* control: the number of this curve, or -ENOSPC. Those that are the same have
 * one number. */
int reflex_curve(struct reflex_table *t, const struct curve *c);
/* control: moves[count <= REFLEX_TARGETS_MAX]; entry + 1, or -ENOSPC */
int reflex_add(struct reflex_table *t, const struct reflex_entry *entry,
	const struct reflex_move *moves, uint32_t count);

/* audio, at the start of a block: the newest table */
RT void reflex_look(struct reflex *x);

/* audio: plays what this message does at this frame, see mixer_play(). Fills
 * done[REFLEX_TARGETS_MAX]: how many. */
RT uint32_t reflex_run(struct reflex *x, struct mixer *m, const uint8_t *bytes,
	uint32_t n, uint64_t frame, struct reflex_done *done);

#endif
