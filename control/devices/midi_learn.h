/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recognises what a control is from what it sends while it is moved: absolute
 * of 7 or 14 bits, relative, or a button. The first one that is clear wins. A
 * knob without an end says the same for some codings, whichever way it is
 * turned: then it is asked to be turned to the left. A button that says that it
 * is on and nothing more may be held, or latch: it is asked to be pressed twice
 * more. What cannot be learned is said at once. Plain data; control thread
 * only. */
#ifndef MIDI_LEARN_H
#define MIDI_LEARN_H

#include <stdbool.h>
#include <stdint.h>

#include "control/mapping/mapping.h"
#include "control/midi/midi.h"

#define LEARN_TRACKS_MAX 16
#define LEARN_VALUES_MAX 16
#define LEARN_NS	 UINT64_C(60000000000) /* then it is given up */

enum learn_state {
	LEARN_IDLE,
	LEARN_WAIT,  /* for a control to be moved */
	LEARN_LEFT,  /* for the same one to be turned slowly to the left */
	LEARN_TWICE, /* for the same one to be let go and pressed twice */
	LEARN_DONE,
	LEARN_FAILED, /* why, or nothing clear came in time */
};

/* One message that came, and its last values, oldest first. */
struct learn_track {
	struct midi_event event;
	uint16_t value[LEARN_VALUES_MAX];
	uint32_t values;
	uint32_t count;	  /* of all */
	uint32_t clicks;  /* by increment and decrement */
	uint32_t presses; /* on after off */
	uint64_t first_ns, last_ns;
};

struct learn {
	enum learn_state state;
	uint64_t start_ns;
	struct learn_track track[LEARN_TRACKS_MAX];
	uint32_t tracks;
	bool paused;	 /* LEARN_LEFT: the hand has stopped before it turned */
	bool was_on;	 /* LEARN_TWICE: at first */
	uint32_t strays; /* LEARN_LEFT: what another one of its kind sends */
	const char *why; /* LEARN_FAILED: for people, or NULL */
	const char *note; /* for people: what came and cannot be learned */
	/* LEARN_DONE: */
	struct mapping_message message;
	enum mapping_as as; /* MAPPING_VALUE, MAPPING_TOGGLE, MAPPING_LATCH */
	enum encoding coding;
};

void learn_start(struct learn *l, uint64_t now_ns);
void learn_event(struct learn *l, const struct midi_event *e, uint64_t now_ns);
/* What is clear only after a while. Returns the ns until it wants to be called
 * again, UINT64_MAX: not at all. */
uint64_t learn_run(struct learn *l, uint64_t now_ns);

#endif
