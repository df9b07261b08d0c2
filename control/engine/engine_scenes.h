/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scenes. Control thread only. */
#ifndef ENGINE_SCENES_H
#define ENGINE_SCENES_H

#include "control/engine/engine_own.h"

/* 0 or -errno */
int engine_scenes_start(struct engine *e);

#endif
