/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes in: is it sound, and who sees to it? A message alone is a bundle
 * of one. */
#include "control/osc/osc_own.h"

#include <errno.h>
#include <string.h>

/* A datagram's sender may be forged: what is no OSC gets no answer there, but
 * for what another program may well mean, and cannot find out otherwise. */
static void
broken(struct osc *o, const struct osc_peer *from, const void *packet,
	size_t size_bytes, const char *why)
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

	memset(r, 0, sizeof(*r));
	if (why) {
		broken(o, from, packet, size_bytes, why);
		return -ENOENT;
	}
	r->from = from;
	r->address = packet;
	r->types = osc_packet_types(packet, size_bytes);
	r->packet = packet;
	r->size_bytes = size_bytes;
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

bool
osc_request_is_set(const struct osc *o, const struct osc_request *r)
{
	if (osc_service_find(r->address) || !strcmp(r->address, "/error"))
		return false;
	return r->args > 0 || osc_set_is_press(o, r->address);
}

void
osc_answer(struct osc *o, const struct osc_request *r)
{
	osc_service service = osc_service_find(r->address);

	if (osc_service_is_answer(r))
		return;
	if (service)
		service(o, r);
	else
		osc_get(o, r);
}

static void
message(struct osc *o, const struct osc_peer *from, const void *packet,
	size_t size_bytes)
{
	struct osc_request r;

	if (osc_request_open(o, &r, from, packet, size_bytes) == 0) {
		if (osc_request_is_set(o, &r))
			osc_set(o, &r);
		else
			osc_answer(o, &r);
	}
	osc_request_close(&r);
}

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
		broken(o, from, packet, size_bytes, why);
	else if (osc_packet_is_bundle(packet, size_bytes))
		osc_bundle(o, from, packet, size_bytes);
	else
		message(o, from, packet, size_bytes);
	osc_out_flush(o);
}
