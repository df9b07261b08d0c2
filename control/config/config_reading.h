/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the reader of the configuration share: one file a part of
 * the file. All that is wrong is told, so each goes on behind what it refuses.
 * Control thread only. */
#ifndef CONFIG_READING_H
#define CONFIG_READING_H

#include "control/config/engine_config.h"
#include "control/yaml/keys.h"

struct top_keys {
	const struct tree_node *strips, *strip, *rules, *unlisted, *buses,
		*routes, *osc, *eq, *scenes, *tempo, *quantise, *tap, *block,
		*cable, *grab, *rate;
};

struct reading {
	const struct tree *t;
	struct top_keys top;
	struct engine_config *to;
	bool buses_bad; /* one was refused */
	char *why; /* [CHECK_WHY_MAX]: of the value at hand, by its check */
};

/* False, and r->why is told of the value, when rc, what its check gave, is
 * negative. */
bool config_good(const struct reading *r, const struct tree_node *node, int rc);
/* The same of one that an entry must have, and may lack. */
bool config_good_of(const struct reading *r, const struct tree_node *entry,
	const struct tree_node *node, int rc);

/* The keys of each part, and who reads it. What is refused is in t->why. */
extern const struct keys config_top_table[], config_strip_table[],
	config_bus_table[], config_rule_table[], config_route_table[],
	config_osc_table[], config_eq_table[], config_scenes_table[],
	config_tempo_table[];
void config_read_rules(const struct reading *r);
void config_read_strips(const struct reading *r);
void config_read_buses(struct reading *r);
void config_read_routes(const struct reading *r);
void config_read_osc(const struct reading *r);
void config_read_eq(const struct reading *r);
void config_read_scenes(const struct reading *r);
void config_read_tempo(const struct reading *r);

/* A rule like this one for each pattern of a `match:`, or for what holds
 * together. */
void config_read_match(const struct reading *r, const struct tree_node *match,
	const struct model_rule *like);

#endif
