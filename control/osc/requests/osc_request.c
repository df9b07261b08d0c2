/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/osc/requests/osc_request.h"

#include <errno.h>

#include "control/osc/answers/osc_log.h"
#include "control/osc/answers/osc_reply.h"
#include "control/osc/answers/osc_serve.h"

/* A datagram's sender may be forged: what is no OSC gets no answer there, but
 * for what another program may well mean, and cannot find out otherwise. */
void
osc_request_broken(struct osc *o, const struct osc_peer *from,
	const void *packet, size_t size_bytes, const char *why)
{
	o->counters.malformed++;
	if (osc_packet_is_strange(packet, size_bytes))
		osc_refuse(o, from, packet, OSC_CAUSE_PACKET, "%s", why);
	else if (from->client)
		osc_refuse(o, from, "", OSC_CAUSE_PACKET,
			"a packet of %zu bytes is not OSC: %s", size_bytes,
			why);
	else
		osc_log(o, OSC_CAUSE_PACKET, from,
			"a packet of %zu bytes is not OSC: %s", size_bytes,
			why);
}

int
osc_request_open(struct osc *o, struct osc_request *r,
	const struct osc_peer *from, const void *packet, size_t size_bytes)
{
	const char *why = osc_packet_check(packet, size_bytes);
	int result = 0;

	r->message = NULL;
	if (why) {
		osc_request_broken(o, from, packet, size_bytes, why);
		return -ENOENT;
	}
	r->osc = o;
	r->from = from;
	r->address = packet;
	r->types = osc_packet_types(packet, size_bytes);
	r->packet = packet;
	r->size_bytes = size_bytes;
	r->args = 0;
	osc_service_find(r);
	if (!*r->types)
		return 0;
	/* liblo takes a pointer that is not const, and copies from it */
	r->message =
		lo_message_deserialise((void *)packet, size_bytes, &result);
	if (!r->message) {
		osc_refuse(o, from, packet, OSC_CAUSE_PACKET,
			"arguments that cannot be read");
		return -ENOENT;
	}
	r->args = (uint32_t)lo_message_get_argc(r->message);
	r->arg = lo_message_get_argv(r->message);
	return 0;
}

void
osc_request_close(struct osc_request *r)
{
	if (r->message)
		lo_message_free(r->message);
	r->message = NULL;
}
