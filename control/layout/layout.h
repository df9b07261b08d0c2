/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a layout for a surface is made from: the parameters, as /list tells
 * them, and the names of the strips. Each kind of layout is one file that makes
 * the bytes of it, the same from the same parameters. Control thread only. */
#ifndef LAYOUT_H
#define LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/model/param.h"
#include "core/limits.h"

struct client;

#define LAYOUT_REPLY_PORT 9001 /* unless another is given */

struct layout_param {
	char address[PARAM_ADDRESS_MAX];
	enum param_type type;
	double min, max, initial; /* numbers only */
	char unit[16];
	uint32_t choices; /* > 0: text that is one of these */
	char choice[PARAM_CHOICES_MAX][PARAM_TEXT_MAX];
};

struct layout {
	uint32_t strips;		       /* that it shows */
	char name[STRIPS_MAX][PARAM_TEXT_MAX]; /* "": none yet */
	uint32_t params;
	struct layout_param *param; /* ours */
	uint16_t reply_port;	    /* where the surface listens */
	bool phone;		    /* a small screen, held upright */
};

/* 0 or -ENOMEM. The parameters of a tapdeck with so many strips and the usual
 * buses. */
int layout_general(struct layout *l, uint32_t strips);

/* Those of a running tapdeck. 0, or as client_fence(); -EPROTO: it has no
 * strips. strips: 0 for those that have names. */
int layout_ask(struct layout *l, struct client *c, uint32_t strips);

/* Frees what it has; the caller's struct stays. */
void layout_done(struct layout *l);

/* The parameter of this address, or NULL. */
const struct layout_param *layout_find(const struct layout *l,
	const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The bus that is called main, or else the first: its name, or "". */
void layout_bus(const struct layout *l, char bus[PARAM_TEXT_MAX]);

/* The whole file: 0, *bytes is the caller's to free(), or -errno. */
typedef int (*layout_make)(
	const struct layout *l, void **bytes, size_t *size_bytes);

/* layout_touchosc.c: a .tosc file, format version 3 */
int layout_touchosc(const struct layout *l, void **bytes, size_t *size_bytes);

/* layout_m4l.c: an .amxd file, a Max for Live audio effect */
int layout_m4l(const struct layout *l, void **bytes, size_t *size_bytes);

#endif
