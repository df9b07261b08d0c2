/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a value of an input would do, as things are: asked for each message of
 * the hand, and by the reflexes for those that may come. Nothing here changes
 * anything. */
#ifndef EFFECT_H
#define EFFECT_H

#include "control/surface/surface_own.h"

enum effect_kind {
	EFFECT_NOTHING,
	EFFECT_PLACE, /* the control stands there */
	EFFECT_TURN,  /* it was turned, so many ticks */
	EFFECT_PRESS, /* a button is pressed, or let go */
	EFFECT_HIT,   /* a pad is hit: how hard is the position */
	EFFECT_LATCH, /* the device keeps a button pressed, or let go */
};

struct effect {
	enum effect_kind kind;
	int32_t control; /* that it is for; -1: none */
	bool on;	 /* EFFECT_PRESS, EFFECT_LATCH: pressed */
};

/* The least value that says "on", of a message that also says "off". */
uint16_t effect_on_from(const struct mapping_message *m);
/* It says "on", of a message that also says "off". */
bool surface_is_press(const struct mapping_message *m, uint16_t value);
/* Of a button: 1 pressed, 0 let go, -1 neither. */
int effect_press(const struct input *in, uint16_t value);

/* Of a whole value. */
struct effect effect_of(
	const struct surface *s, const struct input *in, uint16_t value);

/* What being pressed, or let go, sets a target of a button to; false: it leaves
 * it as it is. */
bool effect_value(const struct surface *s, const struct binding *b, bool on,
	struct param_value *out);
/* Wherever a control with ends goes next, this target goes there. */
bool effect_holds(const struct surface *s, const struct input *in,
	const struct binding *b);
/* What a press does depends on what the one before it did. */
bool effect_goes_on(enum mapping_as as);
/* Its parameter is another one now, and all the same a value of the control
 * would do what it would have done before. */
bool effect_lasts(const struct surface *s, const struct binding *b);

#endif
