/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/osc/osc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/osc/osc_own.h"

void
osc_config_init(struct osc_config *config)
{
	memset(config, 0, sizeof(*config));
	snprintf(config->bind, sizeof(config->bind), OSC_BIND_USUAL);
	config->port = 9000;
	config->patience = (struct osc_patience){10000, 60000, 30000};
}

void
osc_run_console(struct osc *o)
{
	console_run(o->console, loop_now_ns());
}

bool
osc_is_far(struct osc *o, const struct osc_peer *peer)
{
	return !osc_here_is(&o->here, peer) &&
	       !osc_peer_same_host(peer, &o->bound);
}

struct share_who
osc_who(struct osc *o, const struct osc_peer *peer)
{
	struct share_who who = share_here;

	if (osc_is_far(o, peer))
		memcpy(who.address, &peer->ip, sizeof(who.address));
	return who;
}

bool
osc_hears(struct osc *o, const struct osc_peer *from)
{
	if (osc_peer_is_loopback(from) || osc_peer_same_host(from, &o->bound))
		return true; /* this machine */
	for (uint32_t i = 0; i < o->allowed_count; i++)
		if (osc_net_has(&o->allowed[i], from))
			return true;
	if (osc_here_is(&o->here, from) || osc_book_names(o, from))
		return true;
	if (o->hears_near && osc_here_is_near(&o->here, from))
		return true;
	o->counters.strangers++;
	osc_log(o, OSC_CAUSE_PEER, from,
		"not heard: it is %s; --osc-peer, in the file osc: peers:, "
		"says who is heard",
		o->hears_near ? "in no private subnet of this machine"
			      : "none of the peers");
	return false;
}

bool
osc_is_self(struct osc *o, const struct osc_peer *from)
{
	if (from->client || from->port != o->bound.port)
		return false;
	for (uint32_t i = 0; i < o->sockets.count; i++)
		if (osc_peer_same_host(from, &o->sockets.place[i].bound))
			return true;
	return osc_peer_is_any(&o->bound) && osc_here_is(&o->here, from);
}

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
	int res = open_first(o, config), tcp_res;

	if (res < 0)
		return res;
	o->bound.port = s->place[0].bound.port;
	if (s->held.port)
		osc_log(o, OSC_CAUSE_PEER, &s->held,
			"another program has this port: tapdeck is not there");
	res = osc_udp_open(&o->udp, o, s);
	tcp_res = osc_tcp_open(&o->tcp, o, s);
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
	res = osc_outs_open(o);
	res = res < 0 ? res : open_sockets(o, config);
	res = res < 0 ? res : osc_subs_open(o, config->leases);
	res = res < 0 ? res : osc_book_open(o, config);
	if (res == 0)
		osc_subs_take_leases(o);
	return res;
}

/* What needs no more than the model. An answer of another server is one to
 * everything. */
static int
serve(struct osc *o)
{
	static const struct osc_service error = {.pattern = "/error"};
	static int (*const of[])(struct osc *) = {osc_ping_serve,
		osc_list_serve, osc_panic_serve, osc_proof_serve,
		osc_reply_port_serve, osc_subscribe_serve};
	int res = osc_serve(o, &error, 1, o);

	for (size_t i = 0; i < sizeof(of) / sizeof(of[0]) && res == 0; i++)
		res = of[i](o);
	return res;
}

int
osc_open(struct osc **out, const struct osc_config *config, struct loop *l,
	struct console *c, const struct osc_source *source)
{
	struct osc *o = calloc(1, sizeof(*o));
	int res;

	*out = NULL;
	if (!o)
		return -ENOMEM;
	o->loop = l;
	o->console = c;
	o->params = console_params(c);
	osc_later_open(o);
	osc_line_open(o);
	if (source)
		o->source = *source;
	res = serve(o);
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
	osc_subs_close(o);
	osc_tcp_close(o->tcp);
	osc_udp_close(o->udp);
	osc_outs_close(o);
	osc_later_close(o);
	osc_line_close(o);
	osc_bundle_scratch_done(o);
	free(o->ids);
	free(o->out);
	free(o);
}

struct osc_counters
osc_counters(const struct osc *o)
{
	struct osc_counters c = o->counters;

	c.clients = osc_tcp_clients(o->tcp);
	c.subscribers = osc_subs_count(o);
	return c;
}

uint16_t
osc_port(const struct osc *o)
{
	return o->bound.port;
}
