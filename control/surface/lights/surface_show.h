/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What surface_show.c is to its neighbours. */
#ifndef SURFACE_SHOW_H
#define SURFACE_SHOW_H

#include "control/surface/surface_own.h"

void surface_mark(struct surface *s, int32_t lamp);
void surface_mark_all(struct surface *s);
/* The device changed this lamp by itself: what it shows is not known. */
void surface_forget(struct surface *s, int32_t lamp);
/* What the lamps wait for; returns the ns until the next. */
uint64_t surface_show(struct surface *s, uint64_t now_ns);
/* What the device wants to hear again and again; returns the ns until then. */
uint64_t surface_repeat(struct surface *s, uint64_t now_ns);
/* What goes before all else is not sent yet. */
bool surface_greets(const struct surface *s);
/* The channel that it is sent on. */
uint8_t surface_lamp_channel(const struct surface *s,
	const struct mapping_message *m, int32_t control);
/* Sends it, whatever the credit; it is shown then. fill: what its slots show,
 * one behind the other; NULL: the value in each, texts are blank. */
void surface_lamp_send(struct surface *s, struct lamp *lamp, int32_t control,
	int64_t value, const uint8_t *fill, uint64_t now_ns);
/* What time has brought is added to the credit. */
void surface_earn(struct surface *s, uint64_t now_ns);
/* When a message may be sent: now, or later. */
uint64_t surface_free_ns(
	const struct surface *s, enum midi_kind kind, uint64_t now_ns);

#endif
