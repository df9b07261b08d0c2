/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Services that need no more than the model: what osc.c has rows for. Control
 * thread only. */
#ifndef OSC_SERVICES_H
#define OSC_SERVICES_H

struct osc_request;

void osc_list(void *osc, const struct osc_request *r);
void osc_panic(void *osc, const struct osc_request *r);
void osc_ping(void *osc, const struct osc_request *r);
void osc_prove(void *osc, const struct osc_request *r);

#endif
