/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The services of subscribers. Control thread only. */
#ifndef OSC_SUBSCRIBE_H
#define OSC_SUBSCRIBE_H

struct osc_request;

void osc_subscribe(void *osc, const struct osc_request *r);
void osc_unsubscribe(void *osc, const struct osc_request *r);
void osc_resync(void *osc, const struct osc_request *r);
void osc_bundles(void *osc, const struct osc_request *r);
void osc_meters(void *osc, const struct osc_request *r);

#endif
