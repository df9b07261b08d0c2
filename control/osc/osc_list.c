/* SPDX-License-Identifier: GPL-3.0-or-later */
/* /list ["prefix"]: one /list per parameter: s address, s type, its least and
 * greatest value, what it starts as, s unit, s choices. */
#include "control/osc/osc_services.h"
#include "control/osc/answers/osc_reply.h"
#include "control/osc/answers/osc_answer.h"
#include "control/osc/answers/osc_ask.h"

#include <stdio.h>
#include <string.h>

#define SCAN_WORK 4 /* addresses that a prefix is held against, per work */

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

/* NULL: no memory is left */
static lo_message
row_of(const struct param_info *info)
{
	const char type[] = {(char)info->type, '\0'};
	lo_message m = lo_message_new();

	if (!m)
		return NULL;
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
	return m;
}

/* The first parameter from id on whose address starts so; or how many there
 * are. */
static uint32_t
next_listed(
	struct osc *o, const char *prefix, uint32_t id, struct param_info *info)
{
	uint32_t count = param_count(o->params), first = id;

	for (; id < count; id++) {
		param_info(o->params, id, info);
		if (strncmp(info->address, prefix, strlen(prefix)) == 0)
			break;
	}
	o->work += (id - first) / SCAN_WORK;
	return id;
}

static bool
list_step(struct osc *o, struct osc_out *out, const char *prefix, void *data)
{
	uint32_t *id = &out->cursor;
	uint32_t count = param_count(o->params);
	struct param_info info;

	(void)data;
	while ((*id = next_listed(o, prefix, *id, &info)) < count) {
		lo_message row = row_of(&info);

		if (row && !osc_out_more(o, lo_message_length(row, "/list"))) {
			lo_message_free(row);
			return false;
		}
		osc_send(o, &out->to, "/list", row);
		++*id;
	}
	return true;
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
		osc_send(o, to, "/list", row_of(&info));
	}
	return n > 0;
}

static const struct osc_question listing = {list_step, true, NULL};

void
osc_list(void *data, const struct osc_request *r)
{
	struct osc *o = data;
	const char *prefix = "";
	struct param_info info;

	if (r->args > 1 || (r->args == 1 && r->types[0] != 's')) {
		osc_refuse_args(r, "none, or the start of an address as s");
		return;
	}
	if (r->args == 1)
		prefix = osc_arg_text(r->arg[0]);
	if (next_listed(o, prefix, 0, &info) < param_count(o->params))
		osc_out_ask(o, r->from, &listing, prefix);
	else if (!list_named(o, r->from, prefix))
		osc_refuse(o, r->from, r->address, OSC_CAUSE_ADDRESS,
			"no address is or starts with \"%s\"", prefix);
}
