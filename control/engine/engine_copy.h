/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Engines before this one crashed, and so programs are only copied. Control
 * thread only. */
#ifndef ENGINE_COPY_H
#define ENGINE_COPY_H

#include "control/engine/engine_own.h"

bool engine_copies_only(const struct engine *e);
/* In this mode the strip's tap becomes "copy" instead of "take". */
void engine_copy(struct engine *e, int strip);
/* Back to what was asked for; false: it is so already */
bool engine_retake(void *engine);

#endif
