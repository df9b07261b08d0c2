/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses that are no parameters: a handler only decodes its arguments. */
#include "control/osc_own.h"

#include <stdio.h>
#include <string.h>

static void
ping(struct osc *o, const struct osc_request *r)
{
	osc_send_packet(o, r->from, r->packet, r->size_bytes);
}

static void
add_number(lo_message m, enum param_type type, double number)
{
	if (type == PARAM_FLOAT)
		lo_message_add_float(m, (float)number);
	else if (type == PARAM_INT)
		lo_message_add_int32(m, (int32_t)number);
	else
		lo_message_add_string(m, "");
}

static void
add_choices(lo_message m, const struct param_info *info)
{
	char text[PARAM_CHOICES_MAX * PARAM_TEXT_MAX], *end = text;

	*end = '\0';
	for (uint32_t i = 0; i < info->choices; i++) {
		size_t room = (size_t)(text + sizeof(text) - end);

		end += snprintf(end, room, "%s%.*s", i > 0 ? "|" : "",
			PARAM_TEXT_MAX - 2, info->choice[i]);
	}
	lo_message_add_string(m, text);
}

static void
list_one(
	struct osc *o, const struct osc_peer *to, const struct param_info *info)
{
	const char type[] = {(char)info->type, '\0'};
	lo_message m = lo_message_new();

	if (!m)
		return;
	lo_message_add_string(m, info->address);
	lo_message_add_string(m, type);
	add_number(m, info->type, info->min);
	add_number(m, info->type, info->max);
	if (info->type == PARAM_FLOAT)
		lo_message_add_float(m, (float)info->initial.f);
	else if (info->type == PARAM_INT)
		lo_message_add_int32(m, (int32_t)info->initial.i);
	else
		lo_message_add_string(m, info->initial.s);
	lo_message_add_string(m, info->unit);
	add_choices(m, info);
	osc_send(o, to, "/list", m);
}

/* By slug, by pattern, or an action: what no prefix of ours finds. */
static bool
list_named(struct osc *o, const struct osc_peer *to, const char *address)
{
	uint32_t n = param_match_set(
		o->params, address, o->ids, param_set_count(o->params));

	for (uint32_t i = 0; i < n && osc_may_answer(o); i++) {
		struct param_info info;

		param_info(o->params, o->ids[i], &info);
		o->replies_left--;
		list_one(o, to, &info);
	}
	return n > 0;
}

static void
list(struct osc *o, const struct osc_request *r)
{
	uint32_t count = param_count(o->params), found = 0;
	struct param_info info;
	const char *prefix = "";

	if (r->args > 1 || (r->args == 1 && r->types[0] != 's')) {
		osc_refuse(o, r->from, r->address, OSC_CAUSE_ARGS,
			"arguments ,%s; allowed: none, or the start of an "
			"address as s",
			r->types);
		return;
	}
	if (r->args == 1)
		prefix = osc_arg_text(r->arg[0]);
	o->work += count / 4;
	for (uint32_t id = 0; id < count && osc_may_answer(o); id++) {
		param_info(o->params, id, &info);
		if (strncmp(info.address, prefix, strlen(prefix)) != 0)
			continue;
		o->replies_left--;
		found++;
		list_one(o, r->from, &info);
	}
	if (found == 0 && !list_named(o, r->from, prefix))
		osc_refuse(o, r->from, r->address, OSC_CAUSE_ADDRESS,
			"no address is or starts with \"%s\"", prefix);
}

static void
panic(struct osc *o, const struct osc_request *r)
{
	const struct param_value on = {.type = PARAM_INT, .i = 1};
	struct param_change change[STRIPS_MAX];
	char why[PARAM_WHY_MAX];
	uint32_t n, count = 0;

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
	(void)r;
}

/* After engines have crashed programs are only copied: no longer. */
static void
retake(struct osc *o, const struct osc_request *r)
{
	lo_message m;

	if (r->args) {
		osc_refuse(o, r->from, r->address, OSC_CAUSE_ARGS,
			"arguments ,%.32s; allowed: none", r->types);
		return;
	}
	m = lo_message_new();
	if (!m)
		return;
	lo_message_add_int32(
		m, o->source.retake ? o->source.retake(o->source.data) : false);
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

osc_service
osc_service_find(const char *address)
{
	static const struct {
		const char *address;
		osc_service service;
	} services[] = {
		{"/ping", ping},
		{"/info", osc_info},
		{"/list", list},
		{"/apps", osc_apps},
		{"/status", osc_status},
		{"/panic", panic},
		{"/retake", retake},
		{"/reply-to", reply_to},
		{"/subscribe", osc_subscribe},
		{"/unsubscribe", osc_unsubscribe},
		{"/resync", osc_resync},
		{"/meters", osc_meters},
		{"/midi", osc_midi},
		{"/learn", osc_learn},
	};

	if (strncmp(address, "/meters/", 8) == 0)
		return osc_meters;
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++)
		if (address[1] == services[i].address[1] &&
			strcmp(address, services[i].address) == 0)
			return services[i].service;
	return NULL;
}
