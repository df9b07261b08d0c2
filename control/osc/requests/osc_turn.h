/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is done in turns of its own. Control thread only. */
#ifndef OSC_TURN_H
#define OSC_TURN_H

#include "control/osc/osc_own.h"

void osc_turn_open(struct osc *o);
void osc_turn_close(struct osc *o);
/* What of this peer has begun ends now. */
void osc_turn_client_gone(struct osc *o, const struct osc_peer *peer);

#endif
