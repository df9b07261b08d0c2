/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes in: is it sound, and who sees to it? A message alone is a bundle
 * of one. */
#include "control/osc/requests/osc_bundle.h"
#include "control/osc/requests/osc_dispatch.h"
#include "control/osc/requests/osc_line.h"
#include "control/osc/answers/osc_out.h"
#include "control/osc/requests/osc_request.h"

#include <errno.h>

void
osc_dispatch(struct osc *o, const struct osc_peer *from, const void *packet,
	size_t size_bytes)
{
	if (!osc_line_holds(o, from, packet, size_bytes))
		osc_dispatch_now(o, from, packet, size_bytes);
	else
		osc_out_flush(o);
}

void
osc_dispatch_now(struct osc *o, const struct osc_peer *from, const void *packet,
	size_t size_bytes)
{
	const char *why = osc_packet_frame_check(packet, size_bytes);

	o->work++;
	o->counters.packets++;
	o->replies_left = OSC_REPLIES_MAX;
	if (why)
		osc_request_broken(o, from, packet, size_bytes, why);
	else
		osc_bundle(o, from, packet, size_bytes);
	osc_out_flush(o);
}
