/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How loud a bus leaves for its device. One that has a single speaker gets both
 * sides, summed by whoever links them: each leaves lower by this level, while
 * meters and rings, which come before, see the bus as it is.
 *
 * A new level is gone to by at most RAMP_MS, as a function of the frame. */
#ifndef FOLD_H
#define FOLD_H

#include <stdatomic.h>
#include <stdint.h>

#include "core/limits.h"
#include "core/rt.h"

struct fold {
	_Atomic float level; /* linear, 0..1; control stores, audio reads */
	float now;	     /* audio thread only */
	float step;	     /* per frame; control stores it, while
			      * audio does not run it */
};

/* control, before audio starts: at unity */
void fold_init(struct fold *f, uint32_t rate_hz);

/* control, while audio does not run it: the level stays */
void fold_set_rate(struct fold *f, uint32_t rate_hz);

/* control */
void fold_set(struct fold *f, float level);

/* audio: x[2][n] is multiplied in place; a side may be NULL */
RT void fold_run(struct fold *f, float *const x[2], uint32_t n);

#endif
