/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a value of a control is to the mixer: from the value of its message to
 * the way of the control, along a shape to a number of the parameter, and by
 * the parameter's law to what the mixer is told. The hand of the control thread
 * and the reflexes of the audio thread ask the same functions. */
#ifndef CURVE_H
#define CURVE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/rt.h"

#define CURVE_POINTS_MAX  16
#define CURVE_CHOICES_MAX 16

enum curve_shape {
	CURVE_LINEAR,
	CURVE_AUDIO, /* the law of level.h, stretched over the range */
	CURVE_POINTS,
	CURVE_NUMBER, /* the value of the message is the number */
	CURVE_SWITCH, /* from `full` on the mixer is told `high`, below it
		       * `low`; NAN: nothing */
};

enum curve_law {
	CURVE_SAME,   /* the number */
	CURVE_WHOLE,  /* the whole number next to it */
	CURVE_DB,     /* decibels */
	CURVE_FADER,  /* the way of a fader */
	CURVE_KNOB,   /* that of an EQ's knob */
	CURVE_CHOICE, /* choice[number] */
};

struct curve {
	uint8_t shape; /* enum curve_shape */
	uint8_t law;   /* enum curve_law */
	bool invert;   /* the way counts from the other end */
	uint8_t points, choices;
	uint16_t last, full; /* values that are the end of the way: this one,
			      * and those from there on */
	double low, high;    /* numbers at its ends */
	double min, max;     /* of the parameter */
	double point[CURVE_POINTS_MAX][2]; /* way, share of the range; both rise
					    * from 0 to 1 */
	float choice[CURVE_CHOICES_MAX];
};

/* any: where a value of the message is on the way, 0..1 */
RT double curve_way(const struct curve *c, uint32_t value);
/* any: the share of the range at a way, and back; both 0..1 */
RT double curve_share(const struct curve *c, double way);
double curve_unshare(const struct curve *c, double share);
/* any: the number at a way */
RT double curve_number(const struct curve *c, double way);
/* any: what the mixer is told of a value of the message; NAN: nothing */
RT float curve_target(const struct curve *c, uint32_t value);

#endif
