/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which keys a mapping file has. What they mean is read elsewhere. For
 * mapping*.c only. */
#ifndef MAPPING_KEYS_H
#define MAPPING_KEYS_H

#include "control/mapping/mapping.h"
#include "control/yaml/keys.h"

/* Every node is NULL where the file says nothing. */
struct mapping_top_keys {
	const struct tree_node *name;
	const struct tree_node *device;
	const struct tree_node *which;
	const struct tree_node *socket;
	const struct tree_node *port;
	const struct tree_node *bank;
	const struct tree_node *channel;
	const struct tree_node *takeover;
	const struct tree_node *start;
	const struct tree_node *repeat;
	const struct tree_node *every;
	const struct tree_node *controls;
};

struct mapping_control_keys {
	const struct tree_node *on;
	const struct tree_node *to;
	const struct tree_node *meter;
	const struct tree_node *as;
	const struct tree_node *value;
	const struct tree_node *layer;
	const struct tree_node *fixed;
	const struct tree_node *relative;
	const struct tree_node *step;
	const struct tree_node *acceleration;
	const struct tree_node *takeover;
	const struct tree_node *range;
	const struct tree_node *invert;
	const struct tree_node *curve;
	const struct tree_node *light;
	const struct tree_node *ring;
	const struct tree_node *above;
	const struct tree_node *lit;
	const struct tree_node *dark;
	const struct tree_node *colors;
	const struct tree_node *touch;
	const struct tree_node *quantise;
};

extern const struct keys mapping_top_table[];
extern const struct keys mapping_control_table[];

/* What goes with `as:`, bit by bit. */
enum {
	TAKES_LAYER = 1,   /* a layer's name */
	TAKES_BANK = 2,	   /* how many strips */
	TAKES_BY = 4,	   /* how far a press goes */
	TAKES_VALUE = 8,   /* value: */
	TAKES_RANGE = 16,  /* range: */
	TAKES_WHEN = 32,   /* quantise: what a finger that stays does, cannot */
	TAKES_CHOICES = 64 /* targets that go choice by choice */
};

/* Any of them. */
bool mapping_takes(enum mapping_as as, unsigned what);

/* The first key that says how something is shown; or NULL. */
const struct tree_node *mapping_light_key(const struct mapping_control_keys *y);

#endif
