/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A document of TouchOSC, format version 3: a tree of controls in XML, deflated
 * by zlib. The keys and their order are those of files that the app has
 * written: properties and values by name, then messages, then children.
 * Control thread only. */
#ifndef TOSC_H
#define TOSC_H

#include <mxml.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum tosc_type {
	TOSC_GROUP,
	TOSC_PAGER,
	TOSC_FADER,
	TOSC_RADIAL,
	TOSC_BUTTON,
	TOSC_RADIO,
	TOSC_LABEL,
	TOSC_TYPES
};

/* Pixels, within the parent */
struct tosc_frame {
	int x, y, w, h;
};

/* One OSC message of a control. It is sent when value `trigger` changes, on
 * "RISE" when it becomes more only. */
struct tosc_message {
	const char *address;
	bool send, receive;
	const char *trigger;	/* "x"; NULL: none */
	const char *condition;	/* "ANY", "RISE" */
	const char *value;	/* the one argument; NULL: none */
	const char *conversion; /* "FLOAT", "INTEGER", "STRING" */
	double min, max;	/* what it is at 0 and 1; both 0: the same */
};

struct tosc {
	mxml_node_t *xml;
	mxml_node_t *root; /* the control that has all others */
	uint32_t nodes;
};

/* 0 or -ENOMEM; tosc_done() in any case. */
int tosc_init(struct tosc *t, const char *name, struct tosc_frame frame);
void tosc_done(struct tosc *t);

/* A control of the defaults of its type. */
mxml_node_t *tosc_node(struct tosc *t, mxml_node_t *parent, enum tosc_type type,
	const char *name, struct tosc_frame frame);

/* A property that the defaults lack, or have with another value */
void tosc_number(mxml_node_t *node, char type, const char *key, int value);
void tosc_color(mxml_node_t *node, const char *key, uint32_t rgba);
void tosc_text(mxml_node_t *node, const char *key, const char *text);

/* What a value is at first */
void tosc_value(mxml_node_t *node, const char *key, const char *value);

void tosc_osc(mxml_node_t *node, const struct tosc_message *m);

/* The file. 0 and *bytes is the caller's to free(), or -ENOMEM. */
int tosc_save(const struct tosc *t, void **bytes, size_t *size_bytes);

#endif
