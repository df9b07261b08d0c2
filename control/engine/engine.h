/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The engine: model, OSC, driver and rings on one loop. What `tapdeck run`
 * supervises. Control thread only. */
#ifndef ENGINE_H
#define ENGINE_H

#include "control/config/engine_config.h"

/* Reads options and file again: what engine_run() would be given. 0; -ENOENT:
 * the file is not there; or -errno and one line in why[CONFIG_WHY_MAX]. */
struct engine_reread {
	int (*call)(void *data, struct engine_config *out, char *why);
	void *data;
};

/* Runs until it is asked to stop. Returns an exit code of sysexits.h, having
 * said why on stderr: 69 no PipeWire, 75 no OSC port, ... reread NULL: the file
 * is not read again. */
int engine_run(
	const struct engine_config *config, const struct engine_reread *reread);

#endif
