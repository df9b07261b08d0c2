/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What surface_output.c is to its neighbours. */
#ifndef SURFACE_OUTPUT_H
#define SURFACE_OUTPUT_H

#include "control/surface/surface_own.h"

/* What time has brought is added to the credit. */
void surface_earn(struct surface *s, uint64_t now_ns);
/* When a message may be sent: now, or later. */
uint64_t surface_free_ns(
	const struct surface *s, enum midi_kind kind, uint64_t now_ns);
/* Sends a message as it is, whatever the credit. */
void surface_output(struct surface *s, const uint8_t *bytes, uint32_t n);
/* The channel that a lamp is sent on. */
uint8_t surface_lamp_channel(const struct surface *s,
	const struct mapping_message *m, int32_t control);
/* Sends it, whatever the credit; it is shown then. fill: what its slots show,
 * one behind the other; NULL: the value in each, texts are blank. */
void surface_lamp_send(struct surface *s, struct lamp *lamp, int32_t control,
	int64_t value, const uint8_t *fill, uint64_t now_ns);

#endif
