/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options of `tapdeck run`, which are those of its engine as well. Control
 * thread only. */
#ifndef RUN_OPTIONS_H
#define RUN_OPTIONS_H

#include "control/config/engine_config.h"

/* Parses them onto *config, which the caller has filled with what holds
 * without them. True, or false and *exit_code: 0 after --help, 64 after a
 * refusal, which was said. */
bool run_options_parse(
	struct engine_config *config, int argc, char **argv, int *exit_code);

#endif
