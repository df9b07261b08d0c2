/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a control that cannot be moved by the program does when it does not
 * stand where its parameter does. Positions are 0..1 along the control's
 * travel; the parameter's is its value seen through the control's curve.
 *
 * jump: the parameter goes where the control is.
 * pickup: nothing until the control comes within TAKEOVER_NEAR of the
 *	parameter or passes it, then 1:1. A pass counts when it was seen: its
 *	two positions are at most TAKEOVER_STEP apart or TAKEOVER_THROW_NS in
 *	time (a fader thrown so fast that it skips the place is picked up).
 * scale: the parameter moves at once, by the part of its way to the end that
 *	the control makes of its own, at most TAKEOVER_SLOPE_MAX times as far
 *	as the control; 1:1 from where they meet. Without that bound a fader
 *	that stands just below its top would throw a silent strip to full by
 *	its last step.
 *
 * A parameter that something else moved is let go of. Pure functions on the
 * caller's state, one per control and target. */
#ifndef TAKEOVER_H
#define TAKEOVER_H

#include <stdbool.h>
#include <stdint.h>

#include "control/mapping/mapping.h"

#define TAKEOVER_NEAR	   (2.0 / 127.0)
#define TAKEOVER_STEP	   (4.0 / 127.0)
#define TAKEOVER_THROW_NS  UINT64_C(50000000)
#define TAKEOVER_SLOPE_MAX 4.0
/* scale: close enough to be the same */
#define TAKEOVER_MEET (0.5 / 127.0)

struct takeover {
	bool known;	   /* the two that follow hold */
	double control;	   /* where it stood last */
	uint64_t moved_ns; /* when it came there */
	bool held;	   /* control and parameter move 1:1 */
	double parameter;  /* where the last move left it */
};

/* Nothing is known of the control: also to be called when it spoke for
 * something else in between (bank, layer), and when the device comes back. */
void takeover_reset(struct takeover *t);

/* The control moved to a position; the parameter is at another. True: the
 * parameter shall go to *out; false: it stays. */
bool takeover_move(struct takeover *t, enum mapping_takeover mode,
	double control, double parameter, uint64_t now_ns, double *out);

/* Where the parameter really went after takeover_move(), when it cannot stand
 * everywhere (steps, choices): then it is not taken as moved by another. */
void takeover_applied(struct takeover *t, double parameter);

/* Wherever the control goes next, the parameter, which is here, goes there. */
bool takeover_holds(
	const struct takeover *t, enum mapping_takeover mode, double parameter);

#endif
