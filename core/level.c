/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/level.h"

#include <math.h>

#define LEVEL_SPAN_DB (LEVEL_MAX_DB - LEVEL_MIN_DB)
#define FADER_UNITY   0.75
#define KNOB_REST     0.01 /* of the way, to either side of the middle */
#define KNOB_HALF_DB  (-12.0)

/* The exponent that puts 0 dB at FADER_UNITY. */
static double
fader_exponent(void)
{
	return log(-LEVEL_MIN_DB / LEVEL_SPAN_DB) / log(FADER_UNITY);
}

RT float
level_linear(double db)
{
	/* What reads as -90.0 is silence, also when it is a trifle more. */
	if ((float)db <= (float)LEVEL_MIN_DB)
		return 0.0f;
	return (float)pow(10.0, db / 20.0);
}

RT double
level_from_fader(double way)
{
	if (way <= 0.0)
		return LEVEL_MIN_DB;
	if (way >= 1.0)
		return LEVEL_MAX_DB;
	if (way == FADER_UNITY)
		return 0.0;
	return LEVEL_MIN_DB + LEVEL_SPAN_DB * pow(way, fader_exponent());
}

double
level_to_fader(double db)
{
	if (db <= LEVEL_MIN_DB)
		return 0.0;
	if (db >= LEVEL_MAX_DB)
		return 1.0;
	if (db == 0.0)
		return FADER_UNITY;
	return pow((db - LEVEL_MIN_DB) / LEVEL_SPAN_DB, 1.0 / fader_exponent());
}

/* The exponent that puts KNOB_HALF_DB half way to silence. */
static double
knob_exponent(void)
{
	return log(1.0 - KNOB_HALF_DB / LEVEL_MIN_DB) / log(0.5);
}

RT double
level_from_knob(double way)
{
	double side = (fabs(way - 0.5) - KNOB_REST) / (0.5 - KNOB_REST);

	if (!(side > 0.0))
		return 0.0;
	if (way > 0.5)
		return side < 1.0 ? EQ_MAX_DB * side : EQ_MAX_DB;
	if (side >= 1.0)
		return LEVEL_MIN_DB;
	return LEVEL_MIN_DB * (1.0 - pow(1.0 - side, knob_exponent()));
}

double
level_to_knob(double db)
{
	double side;

	if (db == 0.0)
		return 0.5;
	if (db <= LEVEL_MIN_DB)
		return 0.0;
	if (db >= EQ_MAX_DB)
		return 1.0;
	side = db > 0.0 ? db / EQ_MAX_DB
			: 1.0 - pow(1.0 - db / LEVEL_MIN_DB,
					1.0 / knob_exponent());
	side = KNOB_REST + side * (0.5 - KNOB_REST);
	return db > 0.0 ? 0.5 + side : 0.5 - side;
}
