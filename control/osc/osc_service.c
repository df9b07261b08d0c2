/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses that are no parameters: a handler only decodes its arguments. */
#include "control/osc/osc_own.h"

#include <stdio.h>
#include <string.h>

#include "control/util/nearest.h"

static void
panic(struct osc *o, const struct osc_request *r)
{
	const struct param_value on = {.type = PARAM_INT, .i = 1};
	struct param_change change[STRIPS_MAX];
	char why[PARAM_WHY_MAX];
	uint32_t n, count = 0;

	if (!osc_press(o, r))
		return;
	n = param_match(
		o->params, "/strip/*/mute", o->ids, param_count(o->params));
	for (uint32_t i = 0; i < n && count < STRIPS_MAX; i++) {
		change[count].id = o->ids[i];
		if (param_check(o->params, o->ids[i], &on, &change[count].value,
			    why) == 0)
			count++;
	}
	/* Nobody's: the one who asked wants to see the mutes as well. */
	param_apply(o->params, change, count, 0, PARAM_SOURCE_NONE);
}

/* After engines have crashed programs are only copied: no longer. */
static void
retake(struct osc *o, const struct osc_request *r)
{
	bool taken;
	lo_message m;

	if (!osc_press(o, r))
		return;
	taken = o->source.retake && o->source.retake(o->source.data);
	m = r->types[0] == 'i' ? NULL : lo_message_new();
	if (!m) /* one with an i may be an answer */
		return;
	lo_message_add_int32(m, taken);
	osc_send(o, r->from, "/retake", m);
}

/* Its place in the table: the one it has, a free one, or the oldest. */
static struct osc_reply_port *
reply_port_place(struct osc *o, const struct osc_peer *from)
{
	struct osc_reply_port *oldest = &o->reply_port[0];

	for (uint32_t i = 0; i < o->reply_ports; i++) {
		struct osc_reply_port *known = &o->reply_port[i];

		if (known->peer.port == from->port &&
			osc_peer_same_host(&known->peer, from))
			return known;
		if (known->used_ns < oldest->used_ns)
			oldest = known;
	}
	if (o->reply_ports < OSC_SUBSCRIBERS_MAX)
		return &o->reply_port[o->reply_ports++];
	return oldest;
}

static void
remember_reply_port(struct osc *o, const struct osc_peer *from, uint16_t port)
{
	struct osc_reply_port *place = reply_port_place(o, from);

	place->peer = *from;
	place->peer.reply_port = port;
	place->used_ns = loop_now_ns();
}

static void
reply_to(struct osc *o, const struct osc_request *r)
{
	struct osc_peer there = *r->from;
	int32_t port = 0;

	if (r->args == 1 && r->types[0] == 'i')
		port = osc_arg_int(r->arg[0]);
	else if (r->args == 1 && r->types[0] == 'f' &&
		 osc_arg_float(r->arg[0]) >= 1.0f &&
		 osc_arg_float(r->arg[0]) <= 65535.0f)
		port = (int32_t)osc_arg_float(r->arg[0]);
	there.port = (uint16_t)port;
	if (r->from->client) {
		osc_refuse(o, r->from, r->address, OSC_CAUSE_ARGS,
			"over TCP answers go back the same way; "
			"allowed: over UDP");
	} else if (port < 1 || port > UINT16_MAX || osc_is_self(o, &there)) {
		osc_refuse(o, r->from, r->address, OSC_CAUSE_ARGS,
			"arguments ,%s; allowed: one port, i, 1 to 65535, "
			"not our own",
			r->types);
	} else {
		remember_reply_port(o, r->from, (uint16_t)port);
		osc_subs_reply_port(o, r->from, (uint16_t)port);
	}
}

/* answer: the types that our own answers begin with, and no request has. */
static const struct {
	const char *address;
	osc_service service;
	const char *answer;
} services[] = {
	{"/ping", osc_ping, NULL},
	{"/info", osc_info, "ss"},
	{"/list", osc_list, "ss"},
	{"/apps", osc_apps, "is"},
	{"/status", osc_status, "s"},
	{"/panic", panic, NULL},
	{"/retake", retake, NULL},
	{"/prove", osc_prove, NULL},
	{"/reply-to", reply_to, NULL},
	{"/subscribe", osc_subscribe, NULL},
	{"/unsubscribe", osc_unsubscribe, NULL},
	{"/resync", osc_resync, NULL},
	{"/bundles", osc_bundles, NULL},
	{"/meters", osc_meters, "b"},
	{"/midi", osc_midi, "ss"},
	{"/midi/watch", osc_midi_watch, NULL},
	{"/learn", osc_learn, NULL},
};

osc_service
osc_service_find(const char *address)
{
	if (strncmp(address, "/meters/", 8) == 0)
		return osc_meters;
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++)
		if (address[1] == services[i].address[1] &&
			strcmp(address, services[i].address) == 0)
			return services[i].service;
	return NULL;
}

const char *
osc_service_nearest(const char *address)
{
	struct nearest near;

	nearest_init(&near, address);
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++)
		nearest_try(&near, services[i].address);
	return near.best;
}

bool
osc_service_is_answer(const struct osc_request *r)
{
	if (strcmp(r->address, "/error") == 0)
		return true;
	if (strcmp(r->address, "/learn") == 0)
		return r->args > 2;
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++)
		if (services[i].answer &&
			strcmp(r->address, services[i].address) == 0)
			return strncmp(r->types, services[i].answer,
				       strlen(services[i].answer)) == 0;
	return false;
}
