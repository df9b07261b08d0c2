/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What surface_lamp.c is to its neighbours. */
#ifndef SURFACE_LAMP_H
#define SURFACE_LAMP_H

#include "control/surface/surface_own.h"

/* It may be to show another thing now. lamp: -1: none. */
void surface_mark(struct surface *s, int32_t lamp);
void surface_mark_all(struct surface *s);
/* The device changed this lamp by itself: what it shows is not known. */
void surface_forget(struct surface *s, int32_t lamp);
/* The lamp of this message, or -1. */
int32_t surface_lamp_find(
	const struct surface *s, const struct mapping_message *m);
/* The control that a lamp belongs to now, or -1: all of them are covered by
 * those of the layer in force. */
int32_t surface_lamp_control(const struct surface *s, const struct lamp *lamp);
/* More than one value goes into it: it is sent what fills its slots. */
bool surface_is_filled(const struct mapping_message *m);
/* What it is to show as one number, or SURFACE_NOTHING: leave it. Of one that
 * is filled, the number stands for the fill. */
int64_t surface_lamp_value(const struct surface *s, const struct lamp *lamp,
	int32_t control, uint8_t fill[MAPPING_FILL_MAX]);
/* Lamps whose parameter waits for the beat show by turns what it is and what it
 * will be. Returns the ns until the other turn. */
uint64_t surface_blink(struct surface *s, uint64_t now_ns);
/* What a lamp is sent that none of its controls has now, or SURFACE_NOTHING. */
int64_t surface_lamp_dark(const struct surface *s, const struct lamp *lamp);
/* A position on a ring of this kind. */
int64_t surface_ring(const struct mapping_feedback *f, double way);

#endif
