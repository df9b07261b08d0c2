/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a UDP client listens, when it is not where it speaks from. Control
 * thread only. */
#ifndef OSC_REPLY_PORT_H
#define OSC_REPLY_PORT_H

#include "control/osc/osc_own.h"

/* Where its answers go by now, if it is over UDP. */
void osc_use_reply_port(struct osc *o, struct osc_peer *from);
/* May it be answered at this port? If not, it is refused. */
bool osc_reply_port_check(const struct osc_request *r, double port);
/* The service. */
void osc_reply_to(void *osc, const struct osc_request *r);

#endif
