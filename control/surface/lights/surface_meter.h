/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What surface_meter.c is to its neighbours. */
#ifndef SURFACE_METER_H
#define SURFACE_METER_H

#include "control/surface/surface_own.h"

/* After the lamps are laid out: 0 or -ENOMEM. */
int surface_meters_lay_out(struct surface *s);
/* The bank or names have moved. */
void surface_meters_bind(struct surface *s);
/* What the device shows is not known. */
void surface_meters_forget(struct surface *s);
/* This lamp shows a level now. */
bool surface_is_metered(
	const struct surface *s, const struct lamp *lamp, int32_t control);
/* Likewise surface_show(), with what credit the others leave. What cannot be
 * sent is dropped: the next look finds another level. */
uint64_t surface_meters_run(struct surface *s, uint64_t now_ns);

#endif
