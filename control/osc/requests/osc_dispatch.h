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
/* A message of any content. 0, or -ENOENT and it has been refused. Close it in
 * any case. */
int osc_request_open(struct osc *o, struct osc_request *r,
	const struct osc_peer *from, const void *packet, size_t size_bytes);
void osc_request_close(struct osc_request *r);

#endif
