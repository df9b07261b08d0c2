/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the engine is told before it starts: by the configuration file, and
 * over it by the options of `tapdeck run`. Plain data. */
#ifndef ENGINE_CONFIG_H
#define ENGINE_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "control/model/model.h"
#include "control/osc/osc.h"
#include "control/scene/scenes_config.h"

struct engine_config {
	struct model_config model;
	struct osc_config osc;
	struct scenes_config scenes;
	char bus_sink[BUSES_MAX][128]; /* see struct driver_config */
	uint32_t block_frames;	       /* 0: leave the graph alone */
	bool cable;		       /* the visible sink Tapdeck */
	bool grab_new;		       /* and it is the default sink */
	enum rate_mode rate;
	bool fresh; /* the state file is neither read nor written */
	bool quiet;
	bool terminal; /* somebody looks at the log */
};

/* 16 strips, buses main and loop, cable, no grab, OSC on 127.0.0.1:9000 */
void engine_config_init(struct engine_config *config);

/* All that follow give 0, or -EINVAL and why[CHECK_WHY_MAX], in the words of
 * check.h. By node.name; "main" for the bus cue: where main is. */
int engine_config_sink(struct engine_config *config, uint32_t bus,
	const char *sink, char *why);
int engine_config_block(
	struct engine_config *config, const char *text, char *why);
int engine_config_rate(
	struct engine_config *config, const char *text, char *why);
int engine_config_grab(
	struct engine_config *config, const char *text, char *why);

/* Do the buses have what their outputs need? Of all of them. */
int engine_config_outputs(const struct engine_config *config, char *why);

/* Does what grab says go with the rest? Of the grab. */
int engine_config_fits(const struct engine_config *config, char *why);

/* The whole, as model_config_check() */
int engine_config_check(const struct engine_config *config, char *why);

#endif
