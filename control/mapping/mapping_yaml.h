/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shape of a mapping file: which keys there are, read by libcyaml into
 * text. What the text means is mapping_*.c's. Control thread only. */
#ifndef MAPPING_YAML_H
#define MAPPING_YAML_H

#include <stddef.h>
#include <stdint.h>

#include "control/yaml/config_mark.h"

/* One text or a list of them; both empty where the file says nothing. */
struct yaml_texts {
	char *one;
	char **list;
	uint32_t list_count;
};

/* Every text is NULL where the file says nothing. */
struct yaml_control {
	char *on;
	struct yaml_texts to;
	char *meter;
	char *as;
	char *value;
	char *layer;
	char *fixed;
	char *relative;
	char *step;
	char *acceleration;
	char *takeover;
	char **range;
	uint32_t range_count;
	char *invert;
	char *curve;
	char **points; /* "0.5, 0.2" */
	uint32_t points_count;
	char *light;
	char *ring;
	char *above;
	char *lit;
	char *dark;
	char **colors;
	uint32_t colors_count;
	char *touch;
};

struct yaml_mapping {
	char *name;
	struct yaml_texts device;
	char *which;
	char *socket;
	char *port;
	char *bank;
	char *channel;
	char *takeover;
	char **start;
	uint32_t start_count;
	char **repeat;
	uint32_t repeat_count;
	char *every;
	struct yaml_control *controls;
	uint32_t controls_count;
};

/* Of a text that marks_init() has seen; it is changed. 0; *out is NULL when it
 * says nothing at all, else mapping_yaml_free() is due. Or -ENOMEM, or -EINVAL
 * with the place and why[MARK_WHY_MAX]. */
int mapping_yaml_load(struct yaml_mapping **out, char *text, size_t size_bytes,
	const struct marks *marks, struct place_in_text *at, char *why);
void mapping_yaml_free(struct yaml_mapping *y); /* NULL is fine */

#endif
