/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tempo. Control thread only. */
#ifndef ENGINE_TEMPO_H
#define ENGINE_TEMPO_H

#include "control/engine/engine_own.h"

/* 0 or -errno */
int engine_tempo_start(struct engine *e);
/* What the user's file says otherwise than it did is set, as by a hand. */
void engine_tempo_reload(struct engine *e, const struct model_tempo *next);
/* e->mixer has come or gone. */
void engine_tempo_audio(struct engine *e, uint32_t rate_hz);

#endif
