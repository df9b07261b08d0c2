/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The model, with what was kept. Control thread only. */
#ifndef ENGINE_STATE_H
#define ENGINE_STATE_H

#include "control/engine/engine_own.h"

/* 0 or -errno, having said why where it is no lack of memory */
int engine_model_start(struct engine *e);

#endif
