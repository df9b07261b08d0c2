/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The services that are registered, as the server sees them. Control thread
 * only. */
#ifndef OSC_SERVE_H
#define OSC_SERVE_H

#include "control/osc/osc_own.h"

/* Sets r->service and r->place[] */
void osc_service_find(struct osc_request *r);
void osc_service_call(const struct osc_request *r);
/* The one that somebody may have meant, or NULL. */
const char *osc_service_nearest(const struct osc *o, const char *address);
/* All services are told. */
void osc_service_resync(struct osc *o);
void osc_service_client_gone(struct osc *o, const struct osc_peer *peer);

#endif
