/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One message, decoded. Control thread only. */
#ifndef OSC_REQUEST_H
#define OSC_REQUEST_H

#include "control/osc/osc_own.h"

/* A message of any content. 0, or -ENOENT and it has been refused. Close it in
 * any case. */
int osc_request_open(struct osc *o, struct osc_request *r,
	const struct osc_peer *from, const void *packet, size_t size_bytes);
void osc_request_close(struct osc_request *r);
/* A packet or message that is not OSC is told of. */
void osc_request_broken(struct osc *o, const struct osc_peer *from,
	const void *packet, size_t size_bytes, const char *why);

#endif
