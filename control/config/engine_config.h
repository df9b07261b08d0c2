/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the engine is told before it starts: by the configuration file, and
 * over it by the options of `tapdeck run`. Plain data. */
#ifndef ENGINE_CONFIG_H
#define ENGINE_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "control/model/model.h"
#include "control/osc/osc.h"

struct engine_config {
	struct model_config model;
	struct osc_config osc;
	char bus_sink[BUSES_MAX][128]; /* see struct driver_config */
	uint32_t block_frames;	       /* 0: leave the graph alone */
	bool cable;		       /* the visible sink Tapdeck */
	bool grab_new;		       /* and it is the default sink */
	enum rate_mode rate;
	bool quiet;
	bool terminal; /* somebody looks at the log */
};

/* 16 strips, buses main and loop, cable, no grab, OSC on 127.0.0.1:9000 */
void engine_config_init(struct engine_config *config);

/* The bus plays into this sink, by node.name: 0, or -EINVAL and
 * why[MODEL_CONFIG_WHY] tells what is wrong with it. */
int engine_config_sink(struct engine_config *config, uint32_t bus,
	const char *sink, char *why);

#endif
