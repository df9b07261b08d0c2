/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A Max for Live device: a patcher in JSON behind a header of chunks, as Max
 * saves one that is not frozen. Boxes get their IDs here; a parameter of Live
 * is a box that has a name. Control thread only. */
#ifndef AMXD_H
#define AMXD_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

/* Pixels: in the patch, and in what Live shows when w is not 0 */
struct amxd_rect {
	int x, y, w, h;
};

enum amxd_kind { /* of a parameter's value */
	AMXD_FLOAT = 0,
	AMXD_INT = 1, /* 0..255 */
	AMXD_ENUM = 2,
	AMXD_BLOB = 3,
};

struct amxd_parameter {
	const char *name; /* unique; what Live automates it by */
	enum amxd_kind kind;
	double min, max, initial;
	json_t *names;	/* of an enum, instead of max; taken over */
	int invisible;	/* 1: stored, not automated */
	int unit_style; /* 0 int, 1 float, 5 percent, 9 none of them */
};

struct amxd {
	json_t *boxes, *lines, *parameters, *bank;
	unsigned boxes_made;
	int x, y; /* where the next box goes in the patch */
};

/* 0 or -ENOMEM; amxd_done() in any case. */
int amxd_init(struct amxd *a);
void amxd_done(struct amxd *a);

/* Boxes are numbers. An object by its text, "prepend set": ins inlets, and
 * outlets as letters: s signal, i int, f float, b bang, . anything */
unsigned amxd_object(struct amxd *a, int ins, const char *outs,
	const char *format, ...) __attribute__((format(printf, 4, 5)));
/* A message box. $1 is the first of what comes in. */
unsigned amxd_message(struct amxd *a, const char *text);
/* An object that Live shows, with its class and further attributes (taken over;
 * may be NULL) and, p NULL for none, its parameter */
unsigned amxd_shown(struct amxd *a, const char *maxclass, int ins,
	const char *outs, struct amxd_rect at, json_t *attributes,
	const struct amxd_parameter *p);

void amxd_connect(
	struct amxd *a, unsigned from, int outlet, unsigned to, int inlet);
/* Outlet 0 of each to the first inlet of the next; ends with 0u */
void amxd_chain(struct amxd *a, ...);

/* The file, an audio effect. 0 and *bytes is the caller's to free(), or
 * -ENOMEM. */
int amxd_save(
	const struct amxd *a, int width, void **bytes, size_t *size_bytes);

#endif
