/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For people, who read decibels: nothing of it is for the audio thread. */
#include "core/level.h"

#include <math.h>

double
level_db(float linear, double least_db)
{
	if (!(linear > 0.0f))
		return least_db;
	return fmax(20.0 * log10((double)linear), least_db);
}
