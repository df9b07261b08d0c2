/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes in: is it sound, and who sees to it? Control thread only. */
#ifndef OSC_DISPATCH_H
#define OSC_DISPATCH_H

#include "control/osc/osc_own.h"

/* One packet that came from a peer, of any content; aligned to
 * 4. */
void osc_dispatch(struct osc *o, const struct osc_peer *from,
	const void *packet, size_t size_bytes);
/* The same, whatever of that peer is not done yet. */
void osc_dispatch_now(struct osc *o, const struct osc_peer *from,
	const void *packet, size_t size_bytes);
#endif
