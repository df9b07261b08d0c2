/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The user's file. Control thread only. */
#ifndef ENGINE_RELOAD_H
#define ENGINE_RELOAD_H

#include "control/engine/engine_own.h"

/* From now on it is read again when it is saved; before any app is there. */
void engine_reload_start(struct engine *e);
void engine_reload_stop(struct engine *e);

#endif
