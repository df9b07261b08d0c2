/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which stages there are: one line each, in the order in which sound passes
 * them. */
#ifndef STAGES_H
#define STAGES_H

#include "core/stage/stage.h"

/* Of a strip, from its inputs to the gate before its PRE plane. */
#define STAGES_STRIP(STAGE)                                                    \
	STAGE(stage_trim)                                                      \
	STAGE(stage_width)                                                     \
	STAGE(stage_eq)                                                        \
	STAGE(stage_filter)

/* Of a bus, after its gain. */
#define STAGES_BUS(STAGE) STAGE(stage_limiter)

#define STAGE_DECLARE(name) extern const struct stage name;
STAGES_STRIP(STAGE_DECLARE)
STAGES_BUS(STAGE_DECLARE)
#undef STAGE_DECLARE

/* What a fader does to its strip, from PRE to POST, and a bus's to its sum. Its
 * level is that of struct fader: more than one value has a say in it. */
extern const struct stage stage_fader;

/* any: a NULL comes last */
extern const struct stage *const stages_strip[];
extern const struct stage *const stages_bus[];

#endif
