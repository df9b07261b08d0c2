/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The headphones: what of the strips is listened to before its fader, and main
 * beside it.
 *
 * Either both sides are the cue, main, or something between them, by the
 * crossfader's law of constant power and with its smoothers; or split, for who
 * has one output: the cue in mono on the left, main in mono on the right, each
 * at its own level whatever the mix. Where the mix is all cue nothing is
 * computed, and what is cued alone stays as it is to the bit. Audio thread
 * only. */
#ifndef CUE_H
#define CUE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/mixer/cross.h"
#include "core/mixer/glide.h"
#include "core/rt.h"
#include "core/stage/rack.h"

struct cue {
	struct cross mix;   /* A is the cue, B is main */
	struct glide gain;  /* linear; of the cue, before it meets main */
	struct glide split; /* 0 or 1, or on the way */
};

/* any: at unity, all cue, not split */
RT void cue_init(struct cue *c);

/* What was cued becomes what is heard in this chunk, beside main[2], or NULL
 * where there is none. side[i].own is silence where nothing came. */
RT void cue_run(struct cue *c, struct side side[2], const float *const main[2],
	struct passage *t);

#endif
