/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was put on strips by hand for good. Control thread only. */
#ifndef ENGINE_ASSIGN_H
#define ENGINE_ASSIGN_H

#include "control/engine/engine_own.h"

/* Read at the start, and written when it becomes other. */
void engine_assign_start(struct engine *e);
void engine_assign_save(void *engine);
void engine_assign_stop(struct engine *e);

#endif
