/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The OSC server. Control thread only. */
#ifndef ENGINE_OSC_H
#define ENGINE_OSC_H

#include "control/engine/engine_own.h"

/* 0 or -errno, having said why */
int engine_osc_start(struct engine *e);

/* Leaves the port where the commands of this user's session look for it, and
 * takes it away again. */
void engine_port_tell(const struct engine *e);
void engine_port_forget(void);

#endif
