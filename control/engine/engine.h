/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The engine: model, OSC, driver and rings on one loop. What `tapdeck run`
 * supervises. Control thread only. */
#ifndef ENGINE_H
#define ENGINE_H

#include "control/config/engine_config.h"

/* Runs until it is asked to stop. Returns an exit code of sysexits.h, having
 * said why on stderr: 69 no PipeWire, 75 no OSC port, ... */
int engine_run(const struct engine_config *config);

#endif
