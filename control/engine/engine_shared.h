/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all files of the engine ask for, and what outlives it. Control thread
 * only. */
#ifndef ENGINE_SHARED_H
#define ENGINE_SHARED_H

#include "control/engine/engine_own.h"

/* One line for the log, unless it is to be quiet. */
void engine_say(void *engine, const char *line);

/* Tells the supervisor that control goes on: after each piece of work, by a
 * timer when there is none, and inside what takes long. */
void engine_beat(void *engine);

/* All zeros without a driver. */
void engine_status(void *engine, struct driver_status *out);

/* Memory that outlives this process. */
struct osc_leases *engine_leases(struct engine *e);
struct hands *engine_hands(struct engine *e);
struct model_tempo *engine_tempo(struct engine *e); /* of the user's file */

#endif
