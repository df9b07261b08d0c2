/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A level in its three scales: decibels, the way of a fader, linear.
 *
 * The fader's law is one curve, dB = -90 + 102 * way ^ 0.435, which is smooth,
 * goes through silence at 0, 0 dB at 0.75 and +12 dB at 1, and can be turned
 * round. Near 0 dB a hundredth of the way is half a decibel; half way is
 * -14.6 dB, a quarter -34.2 dB. The piecewise straight laws of mixing desks lie
 * close by, but change the feel at their corners. Pure functions; control has
 * called each before audio does, so that the linker has found what they call.
 */
#ifndef LEVEL_H
#define LEVEL_H

#include "core/rt.h"

#define LEVEL_MIN_DB (-90.0) /* and below: silence */
#define LEVEL_MAX_DB 12.0
#define TRIM_MAX_DB  24.0 /* either way */
#define EQ_MAX_DB    6.0

/* Exactly 1 at 0 dB, exactly 0 at -90 dB. */
RT float level_linear(double db);

/* Of a linear peak, 0 or more; no less than least_db. */
double level_db(float linear, double least_db);

/* way: 0..1. Exact at 0, 0.75 and 1. */
RT double level_from_fader(double way);

/* db: -90..12. Gives back, as a float, any way of at least 1e-12. */
double level_to_fader(double db);

/* The knob of an EQ, way 0..1: silence at the left end, +6 dB at the right one;
 * in the middle and a hundredth to either side, where a knob rests that clicks
 * in, exactly 0 dB. A quarter of the way is close to -12 dB. */
RT double level_from_knob(double way);

/* db: -90..6. */
double level_to_knob(double db);

#endif
