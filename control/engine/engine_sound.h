/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The driver, its news, and the rings. Control thread only. */
#ifndef ENGINE_SOUND_H
#define ENGINE_SOUND_H

#include "control/engine/engine_own.h"

/* 0 or -errno. When the connection is lost later, it is tried again by
 * itself. */
int engine_driver_start(struct engine *e);
void engine_driver_retry(void *engine);
int engine_tap(void *engine, uint32_t app_id, int strip, enum tap_mode mode,
	uint32_t pair);

#endif
