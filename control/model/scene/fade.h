/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values that go to where they are set over some time: levels on the scale of a
 * fader, the others evenly; names, routes and switches at once. Who reads one
 * on its way reads where it is at that moment, and listeners are told as it
 * moves. Whoever sets one ends its fade and no other.
 *
 * A strip or bus that is to be heard again is so from the start, its fader from
 * silence; one that is to be mute is so at the end, its fader down to silence
 * until then. Control thread only. */
#ifndef FADE_H
#define FADE_H

#include <stdbool.h>
#include <stdint.h>

#include "control/model/param.h"

#define FADE_MAX_S 10800.0 /* RAMP_FRAMES_MAX at the highest rate */

struct model;

/* As param_apply(), in so many ns, FADE_MAX_S at most; 0: at once. Of two for
 * one parameter the last counts. */
void param_fade(struct params *p, const struct param_change *changes,
	uint32_t n, uint64_t frame, uint64_t length_ns, uint32_t source);

/* All that fade are at their ends; stay where they are. */
void param_fade_finish(struct params *p);
void param_fade_stop(struct params *p);
uint32_t param_fades(const struct params *p); /* how many do */

/* Of the model: moves on. The ns until the next time, UINT64_MAX: nothing
 * fades. */
uint64_t fade_run(struct model *c);

#endif
