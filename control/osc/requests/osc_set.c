/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Set and get: OSC messages made into calls of control/model/param.h. */
#include "control/osc/answers/osc_reply.h"
#include "control/osc/answers/osc_serve.h"
#include "control/osc/requests/osc_set.h"
#include "control/osc/subscribers/osc_subscribers.h"
#include "control/osc/answers/osc_answer.h"
#include "control/osc/answers/osc_ask.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHANGES_FIRST 64
#define NEAREST_WORK  64 /* to find what may have been meant */

bool
osc_address_is_pattern(const char *address)
{
	return strpbrk(address, "*?[{") != NULL;
}

/* " did you mean X?", or nothing */
static void
meant(const struct osc *o, const char *address, char *out, size_t size_bytes)
{
	char near[PARAM_ADDRESS_MAX];
	const char *best = osc_service_nearest(o, address);

	if (!best && param_nearest(o->params, address, near))
		best = near;
	snprintf(out, size_bytes, "%s%s%s", best ? " did you mean " : "",
		best ? best : "", best ? "?" : "");
}

static void
refuse_unknown(struct osc *o, const struct osc_peer *from, const char *address)
{
	bool pattern = osc_address_is_pattern(address);
	char hint[PARAM_ADDRESS_MAX + 32];

	if (param_match_set(o->params, address, o->ids, 1) > 0) {
		osc_refuse(o, from, address, OSC_CAUSE_ARGS,
			"it does something and has no value; it wants an "
			"argument");
		return;
	}
	o->work += NEAREST_WORK;
	meant(o, address, hint, sizeof(hint));
	osc_refuse(o, from, address, OSC_CAUSE_ADDRESS, "%s;%s /list shows all",
		pattern ? "no address matches this pattern"
			: "there is no such address",
		hint);
}

/* The parameters that a message names, in o->ids; 0: none, and it is said. */
static uint32_t
find_params(struct osc *o, const struct osc_request *r, bool to_set)
{
	int id = param_find(o->params, r->address);
	uint32_t count = 0, max = param_set_count(o->params);

	if (id >= 0) {
		o->ids[0] = (uint32_t)id;
		return 1;
	}
	if (osc_address_is_pattern(r->address))
		o->work += max / OSC_MATCH_WORK;
	if (to_set)
		count = param_match_set(o->params, r->address, o->ids, max);
	else
		count = param_match(o->params, r->address, o->ids, max);
	if (count == 0)
		refuse_unknown(o, r->from, r->address);
	return count;
}

bool
osc_request_is_set(const struct osc_request *r)
{
	const struct osc *o = r->osc;
	uint32_t id;

	if (r->service || r->args > 0)
		return !r->service;
	return !osc_address_is_pattern(r->address) &&
	       param_names_action(r->address) &&
	       param_match_set(o->params, r->address, &id, 1) == 1 &&
	       param_is_press(o->params, id);
}

/* The one argument of a set as a value, before it is checked. */
static int
decode(struct osc *o, const struct osc_request *r, struct param_value *out)
{
	const lo_arg *arg = r->arg[0];
	size_t size;

	out->type = PARAM_INT;
	switch (r->types[0]) {
	case 'i':
		out->i = osc_arg_int(arg);
		return 0;
	case 'h':
		out->i = osc_arg_long(arg);
		return 0;
	case 'T':
	case 'F':
		out->i = r->types[0] == 'T';
		return 0;
	case 'f':
	case 'd':
		out->type = PARAM_FLOAT;
		out->f = r->types[0] == 'f' ? (double)osc_arg_float(arg)
					    : osc_arg_double(arg);
		return 0;
	case 's':
	case 'S':
		out->type = PARAM_TEXT;
		/* A longer text keeps no NUL, and param_check() says so. */
		size = strlen(osc_arg_text(arg)) + 1;
		memcpy(out->s, osc_arg_text(arg),
			size < sizeof(out->s) ? size : sizeof(out->s));
		return 0;
	default:
		osc_refuse(o, r->from, r->address, OSC_CAUSE_ARGS,
			"an argument of type '%c'; allowed: i f d h T F s",
			r->types[0]);
		return -EINVAL;
	}
}

static int
reserve(struct osc_changes *list, uint32_t more)
{
	uint32_t cap = list->cap ? list->cap : CHANGES_FIRST;
	void *p;

	if (list->count + more <= list->cap)
		return 0;
	while (cap < list->count + more)
		cap *= 2;
	p = realloc(list->change, cap * sizeof(*list->change));
	if (!p)
		return -ENOMEM;
	list->change = p;
	list->cap = cap;
	return 0;
}

void
osc_changes_done(struct osc_changes *list)
{
	free(list->change);
	memset(list, 0, sizeof(*list));
}

/* An error has the address already. */
static const char *
without_address(const char *why, const char *address)
{
	size_t len = strlen(address);

	if (strncmp(why, address, len) == 0 && why[len] == ':')
		return why + len + 2;
	return why;
}

/* Is the value another one than was asked for? Not for what a float rounds. */
static bool
is_altered(const struct param_value *from, const struct param_value *to)
{
	double asked;

	if (!param_number(from, &asked))
		return false;
	if (to->type == PARAM_TEXT) /* a choice, by its index */
		return from->type != PARAM_TEXT && asked != floor(asked);
	return to->type == PARAM_FLOAT ? (float)asked != (float)to->f
				       : asked != (double)to->i;
}

/* It says what it was told; patterns are said by nobody who echoes. */
static bool
is_echo(struct osc *o, const struct osc_request *r,
	const struct param_change *change)
{
	return !o->changes.altered && !param_is_action(o->params, change->id) &&
	       !osc_address_is_pattern(r->address) &&
	       osc_subs_is_echo(o, r->from, change->id, &change->value);
}

/* Checks the value for each of o->ids[n] and adds the changes. */
static int
check_all(struct osc *o, const struct osc_request *r, uint32_t n,
	const struct param_value *value)
{
	struct osc_changes *list = &o->changes;
	char why[PARAM_WHY_MAX];

	if (list->count + n > OSC_CHANGES_MAX || reserve(list, n) < 0) {
		osc_refuse(o, r->from, r->address, OSC_CAUSE_BUNDLE,
			"more than %d changes at once", OSC_CHANGES_MAX);
		return -EINVAL;
	}
	for (uint32_t i = 0; i < n; i++) {
		struct param_change *change = &list->change[list->count + i];

		change->id = o->ids[i];
		if (param_check(o->params, change->id, value, &change->value,
			    why) < 0) {
			osc_refuse(o, r->from, r->address, OSC_CAUSE_VALUE,
				"%s", without_address(why, r->address));
			return -EINVAL;
		}
		if (!param_is_action(o->params, change->id) &&
			is_altered(value, &change->value))
			list->altered = true;
	}
	if (n == 1 && is_echo(o, r, &list->change[list->count]))
		return 0;
	list->count += n;
	return 0;
}

/* Without an argument, or with OSC's impulse. */
static bool
is_pressed(const struct osc *o, const struct osc_request *r)
{
	return param_is_press(o->params, o->ids[0]) &&
	       (r->args == 0 || !strcmp(r->types, "I"));
}

int
osc_set_collect(struct osc *o, const struct osc_request *r)
{
	struct param_value value;
	uint32_t n = find_params(o, r, true);

	if (n == 0)
		return -ENOENT;
	o->work += n / 4;
	if (is_pressed(o, r)) {
		value = (struct param_value){.type = PARAM_INT, .i = 1};
		return check_all(o, r, n, &value);
	}
	if (r->args != 1) {
		osc_refuse(o, r->from, r->address, OSC_CAUSE_ARGS,
			"%u arguments; one sets it, none asks for it", r->args);
		return -ENOENT;
	}
	if (decode(o, r, &value) < 0)
		return -ENOENT;
	return check_all(o, r, n, &value);
}

void
osc_run_model(struct osc *o)
{
	model_run(o->model, loop_now_ns());
}

void
osc_set_apply(struct osc *o, const struct osc_peer *from,
	const struct param_change *changes, uint32_t count)
{
	uint32_t source = osc_subs_source(o, from);

	if (count == 0)
		return;
	/* Its earlier changes that are due are made before, or they would
	 * count as following from these. */
	if (osc_subs_count(o) > 0)
		osc_run_model(o);
	param_request(o->params, changes, count, 0, source, PARAM_AS_SET);
}

void
osc_set_tell(struct osc *o, const struct osc_peer *to, const char *address,
	const struct param_change *changes, uint32_t count)
{
	bool pattern = osc_address_is_pattern(address);

	for (uint32_t i = 0; i < count && osc_may_answer(o); i++) {
		struct param_info info;

		if (param_is_action(o->params, changes[i].id))
			continue;
		o->replies_left--;
		param_info(o->params, changes[i].id, &info);
		osc_send_value(
			o, to, pattern ? info.address : address, changes[i].id);
	}
}

static bool
get_step(struct osc *o, struct osc_out *out, const char *address, void *data)
{
	const struct osc_peer *to = &out->to;
	uint32_t *id = &out->cursor;
	uint32_t all = param_count(o->params);
	uint32_t n = param_match(o->params, address, o->ids, all);
	struct param_info info;

	(void)data;
	o->work += all / OSC_MATCH_WORK;
	osc_out_worked(o, all / OSC_MATCH_WORK);
	if (n == 0)
		refuse_unknown(o, to, address);
	for (uint32_t i = 0; i < n; i++) {
		if (o->ids[i] < *id)
			continue;
		*id = o->ids[i];
		if (!osc_out_more(o, OSC_VALUE_BYTES))
			return false;
		param_info(o->params, *id, &info);
		osc_send_value(o, to,
			osc_address_is_pattern(address) ? info.address
							: address,
			*id);
	}
	return true;
}

static const struct osc_question get_many = {get_step, true, NULL};
static const struct osc_question get_one = {get_step, false, NULL};

void
osc_get(struct osc *o, const struct osc_request *r)
{
	bool pattern = osc_address_is_pattern(r->address);

	/* An answer that waits is made when it leaves: an older value must not
	 * come behind newer feedback. Hundreds of patterns in one packet are
	 * looked for then, too. */
	if (pattern && osc_out_waits(o, r->from)) {
		osc_out_ask(o, r->from, &get_many, r->address);
		return;
	}
	if (find_params(o, r, false) == 0)
		return;
	if (pattern)
		osc_out_ask(o, r->from, &get_many, r->address);
	else if (osc_out_waits(o, r->from))
		osc_out_ask(o, r->from, &get_one, r->address);
	else
		osc_send_value(o, r->from, r->address, o->ids[0]);
}
