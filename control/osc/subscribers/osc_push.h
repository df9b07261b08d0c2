/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is told of every change without asking. Control thread only. */
#ifndef OSC_PUSH_H
#define OSC_PUSH_H

#include "control/osc/osc_own.h"

/* It is told of every change, from now on, and not any more. */
int osc_subs_push(struct osc *o, const struct osc_peer *peer);
void osc_subs_unpush(struct osc *o, const struct osc_peer *peer);

#endif
