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
};

/* The first of two that was refused. Both have been read. */
static inline int
config_worse(int rc, int more)
{
	return rc < 0 ? rc : more;
}

/* Says why of a value when rc, what its check gave, is negative; gives that. */
int config_told(const struct reading *r, const struct tree_node *node, int rc,
	const char *why);
/* The same of one that an entry must have, and may lack. */
int config_told_of(const struct reading *r, const struct tree_node *entry,
	const struct tree_node *node, int rc, const char *why);

/* The keys of each part, and who reads it: 0, or -EINVAL and it was told. */
extern const struct keys config_top_table[], config_strip_table[],
	config_bus_table[], config_rule_table[], config_route_table[],
	config_osc_table[], config_eq_table[], config_scenes_table[],
	config_tempo_table[];
int config_read_rules(const struct reading *r);
int config_read_strips(const struct reading *r);
int config_read_buses(struct reading *r);
int config_read_routes(const struct reading *r);
int config_read_osc(const struct reading *r);
int config_read_eq(const struct reading *r);
int config_read_scenes(const struct reading *r);
int config_read_tempo(const struct reading *r);

/* A rule like this one for each pattern of a `match:`, or for what holds
 * together. 0, or -EINVAL and it was told. */
int config_read_match(const struct reading *r, const struct tree_node *match,
	const struct model_rule *like);

#endif
