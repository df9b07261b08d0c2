/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shape of the configuration file: which keys there are, read by libcyaml
 * into text. What the text means is config.c's. */
#ifndef CONFIG_YAML_H
#define CONFIG_YAML_H

#include <stddef.h>
#include <stdint.h>

#include "control/yaml/config_mark.h"

/* Every text is NULL where the file says nothing. */
struct yaml_strip {
	char *number;
	char *name;
	char *pair;
	char **match;
	uint32_t match_count;
};

struct yaml_bus {
	char *name;
	char *sink;
};

struct yaml_route {
	char *name;
	char **buses;
	uint32_t buses_count;
};

struct yaml_osc {
	char *bind;
	char *port;
	char **peers;
	uint32_t peers_count;
	char **push;
	uint32_t push_count;
	char *network;
};

struct yaml_config {
	char *strips;
	struct yaml_strip *strip;
	uint32_t strip_count;
	struct yaml_bus *buses;
	uint32_t buses_count;
	struct yaml_route *routes;
	uint32_t routes_count;
	struct yaml_osc *osc;
	char *tap;
	char *block;
	char *cable;
	char *grab;
	char *rate;
};

/* Of a text that marks_init() has seen. 0; *out is NULL when it says nothing at
 * all, else config_yaml_free() is due. Or -ENOMEM, or -EINVAL with the place
 * and why[MARK_WHY_MAX]. */
int config_yaml_load(struct yaml_config **out, const void *text,
	size_t size_bytes, const struct marks *marks, struct place_in_text *at,
	char *why);
void config_yaml_free(struct yaml_config *y);

#endif
