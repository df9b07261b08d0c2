/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/engine/services/services.h"

#include "control/osc/answers/osc_reply.h"

struct devices *
services_devices(struct services *s, const struct osc_request *r)
{
	struct devices *all =
		s->source.midi ? s->source.midi(s->source.osc.data) : NULL;

	if (!all && r)
		osc_refuse(r->osc, r->from, r->address, OSC_CAUSE_ADDRESS,
			"there is no MIDI here");
	return all;
}
