/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/level.h"

#include <math.h>

#define LEVEL_SPAN_DB (LEVEL_MAX_DB - LEVEL_MIN_DB)
#define FADER_UNITY   0.75

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
