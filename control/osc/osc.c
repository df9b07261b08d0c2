/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/osc/osc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/osc/osc_book.h"
#include "control/osc/requests/osc_bundle.h"
#include "control/osc/answers/osc_ways.h"
#include "control/osc/subscribers/osc_subscribers.h"
#include "control/osc/answers/osc_ask.h"
#include "control/osc/answers/osc_log.h"
#include "control/osc/osc_services.h"
#include "control/osc/requests/osc_turn.h"
#include "control/osc/subscribers/osc_reply_port.h"
#include "control/osc/subscribers/osc_subscribe.h"

/* Where the network is meant, all of it: also without IPv6. */
static int
open_first(struct osc *o, const struct osc_config *config)
{
	int res;

	if (!config->network || strcmp(config->bind, OSC_BIND_USUAL) != 0)
		return osc_socket_open(&o->bound, &o->sockets);
	osc_peer_parse("::", config->port, &o->bound);
	res = osc_socket_open(&o->bound, &o->sockets);
	if (res != -EAFNOSUPPORT && res != -EADDRNOTAVAIL)
		return res;
	osc_peer_parse("0.0.0.0", config->port, &o->bound);
	return osc_socket_open(&o->bound, &o->sockets);
}

static int
open_sockets(struct osc *o, const struct osc_config *config)
{
	struct osc_sockets *s = &o->sockets;
	struct osc_transport *udp, *tcp;
	int res = open_first(o, config), tcp_res;

	if (res < 0)
		return res;
	o->bound.port = s->place[0].bound.port;
	if (s->held.port)
		osc_log(o, OSC_CAUSE_PEER, &s->held,
			"another program has this port: tapdeck is not there");
	res = osc_udp_open(&udp, o->loop, s);
	tcp_res = osc_tcp_open(&tcp, o->loop, s);
	if (res == 0)
		res = osc_add_transport(o, udp); /* the first: way 0 */
	if (tcp_res == 0)
		tcp_res = osc_add_transport(o, tcp);
	return res < 0 ? res : tcp_res;
}

static int
open_parts(struct osc *o, const struct osc_config *config)
{
	uint32_t count = param_set_count(o->params);
	int res = osc_peer_parse(config->bind, config->port, &o->bound);

	if (res < 0)
		return res;
	o->patience = config->patience;
	o->hears_near = config->network && config->peers == 0;
	o->ids = calloc(count + 1, sizeof(*o->ids));
	o->out = malloc(OSC_PACKET_MAX);
	if (!o->ids || !o->out)
		return -ENOMEM;
	res = osc_outs_open(o, osc_ask_tick);
	res = res < 0 ? res : open_sockets(o, config);
	res = res < 0 ? res : osc_subs_open(o, config->leases);
	res = res < 0 ? res : osc_book_open(o, config);
	if (res == 0)
		osc_subs_take_leases(o, osc_hears);
	return res;
}

/* What needs no more than the model. */
static const struct osc_service services[] = {
	{.pattern = "/error"}, /* an answer of another server */
	{.pattern = "/ping", .call = osc_ping},
	{.pattern = "/list", .call = osc_list, .answer = "ss"},
	{.pattern = "/panic", .call = osc_panic},
	{.pattern = "/prove", .call = osc_prove},
	{.pattern = "/reply-to", .call = osc_reply_to},
	{.pattern = "/subscribe", .call = osc_subscribe},
	{.pattern = "/unsubscribe", .call = osc_unsubscribe},
	{.pattern = "/resync", .call = osc_resync},
	{.pattern = "/bundles", .call = osc_bundles},
	{.pattern = "/meters", .call = osc_meters, .answer = "b"},
	{.pattern = "/meters/KIND", .call = osc_meters, .answer = "b"},
	{.pattern = "/meters/KIND/NAME", .call = osc_meters, .answer = "b"},
	{.pattern = "/meters/HELD/KIND/NAME",
		.call = osc_meters,
		.answer = "b"},
};

int
osc_open(struct osc **out, const struct osc_config *config, struct loop *l,
	struct model *c, const struct osc_source *source)
{
	struct osc *o = calloc(1, sizeof(*o));
	int res;

	*out = NULL;
	if (!o)
		return -ENOMEM;
	o->loop = l;
	o->model = c;
	o->params = model_params(c);
	osc_turn_open(o);
	if (source)
		o->source = *source;
	res = osc_serve(o, services, sizeof(services) / sizeof(services[0]), o);
	res = res < 0 ? res : open_parts(o, config);
	if (res < 0) {
		osc_close(o);
		return res;
	}
	*out = o;
	return 0;
}

void
osc_close(struct osc *o)
{
	if (!o)
		return;
	osc_book_close(o);
	osc_close_transports(o); /* who is still in it is sent away */
	osc_subs_close(o);
	osc_outs_close(o);
	osc_turn_close(o);
	osc_bundle_scratch_done(o);
	free(o->ids);
	free(o->out);
	free(o);
}

struct osc_counters
osc_counters(const struct osc *o)
{
	struct osc_counters c = o->counters;

	for (uint32_t i = 0; i < o->ways; i++) {
		c.clients += o->way[i]->clients;
		c.malformed += o->way[i]->malformed;
		c.dropped += o->way[i]->dropped;
	}
	c.subscribers = osc_subs_count(o);
	return c;
}

uint16_t
osc_port(const struct osc *o)
{
	return o->bound.port;
}
