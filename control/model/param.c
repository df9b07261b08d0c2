/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/model/param.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/model/names.h"
#include "control/model/params.h"

void
params_done(struct params *p)
{
	for (int scope = 0; scope < TAIL_SCOPES; scope++) {
		free(p->value[scope].tail);
		free(p->action[scope].tail);
	}
}

uint32_t
param_count(const struct params *p)
{
	return p->count;
}

uint32_t
param_set_count(const struct params *p)
{
	return p->set_count;
}

bool
param_is_action(const struct params *p, uint32_t id)
{
	return id >= p->count;
}

bool
param_is_press(const struct params *p, uint32_t id)
{
	return param_is_action(p, id) &&
	       params_row(p, id, NULL)->action == ROW_TOGGLE;
}

static const struct tail *
tail_of(const struct params *p, uint32_t id, struct place *at)
{
	const struct tails *all = param_is_action(p, id) ? p->action : p->value;
	const struct tails *t = &all[TAIL_SCOPES - 1];
	const struct tail *tail;
	bool strip;
	uint32_t i;

	assert(id < p->set_count);
	while (id < t->first)
		t--;
	strip = t == &all[TAILS_OF_STRIP];
	i = (id - t->first) / t->count;
	tail = &t->tail[(id - t->first) % t->count];
	at->strip = strip ? (uint8_t)i : PLACE_BUS;
	at->bus = strip ? tail->bus : (uint8_t)i;
	return tail;
}

const struct row *
params_row(const struct params *p, uint32_t id, struct place *at)
{
	struct place unused;

	return &rows[tail_of(p, id, at ? at : &unused)->row];
}

uint32_t
params_id(const struct params *p, enum row_name row, struct place at)
{
	const struct tails *t = &p->value[params_scope(&rows[row])];
	uint32_t i = at.strip == PLACE_BUS ? at.bus : at.strip;
	uint32_t bus = rows[row].scope == ROW_OF_SEND ? at.bus : 0;

	return t->first + i * t->count + p->row_first[row] + bus;
}

/* ---- reading ---- */

struct span
params_span(const struct params *p, uint32_t id)
{
	const struct row *row = params_row(p, id, NULL);
	double whole = row->max - row->min;

	if (!param_is_action(p, id))
		return (struct span){row->type, row->min, row->max};
	if (row->action == ROW_STEP)
		return (struct span){PARAM_FLOAT, -whole, whole};
	return (struct span){PARAM_INT, 0.0, 1.0};
}

static void
action_info(const struct row *row, struct param_info *out)
{
	bool step = row->action == ROW_STEP;

	out->initial.type = out->type;
	out->unit = step && row->unit ? row->unit : "";
	out->help = step ? "so much more, or less" : "1: the other state";
}

static void
address_put(const struct model *c, const struct row *row, struct place at,
	const char *tail, char out[PARAM_ADDRESS_MAX])
{
	if (row->scope == ROW_OF_ALL)
		snprintf(out, PARAM_ADDRESS_MAX, "/%s", tail);
	else if (row->scope == ROW_OF_BUS)
		snprintf(out, PARAM_ADDRESS_MAX, "/bus/%s/%s",
			c->config.bus_name[at.bus], tail);
	else
		snprintf(out, PARAM_ADDRESS_MAX, "/strip/%u/%s", at.strip + 1u,
			tail);
}

void
param_info(const struct params *p, uint32_t id, struct param_info *out)
{
	const struct model *c = p->model;
	struct place at;
	const struct tail *tail = tail_of(p, id, &at);
	const struct row *row = &rows[tail->row];
	const struct span span = params_span(p, id);

	memset(out, 0, sizeof(*out));
	address_put(c, row, at, tail->text, out->address);
	out->type = span.type;
	out->min = span.min;
	out->max = span.max;
	if (param_is_action(p, id)) {
		action_info(row, out);
		return;
	}
	row_initial(c, row, at, &out->initial);
	out->unit = row->unit ? row->unit : "";
	out->help = row->help;
	out->read_only = row->read_only;
	out->fleeting = row->fleeting;
	out->asks = row->asks;
	out->choices = row_choices(c, row, out->choice);
	if (out->choices)
		out->max = out->choices - 1;
}

bool
param_address(const struct params *p, uint32_t id, enum param_form form,
	char out[PARAM_NAMED_MAX])
{
	const struct model *c = p->model;
	struct param_info info;
	const char *tail, *slug;
	struct place at;

	param_info(p, id, &info);
	params_row(p, id, &at);
	if (form == PARAM_BY_NUMBER) {
		memcpy(out, info.address, PARAM_ADDRESS_MAX);
		return true;
	}
	if (at.strip == PLACE_BUS)
		return false;
	slug = names_slug(c, at.strip);
	tail = strchr(info.address + strlen("/strip/"), '/');
	snprintf(out, PARAM_NAMED_MAX, "/%s/%s%s",
		form == PARAM_BY_APP ? "app" : "strip", slug, tail);
	return slug[0] && (form != PARAM_BY_APP || c->held[at.strip]);
}

uint64_t
param_names(const struct params *p)
{
	return p->model->names;
}

void
param_get(const struct params *p, uint32_t id, struct param_value *out)
{
	struct place at;
	const struct row *row = params_row(p, id, &at);

	assert(!param_is_action(p, id));
	row_get(p->model, row, at, out);
}

uint32_t
param_keeper(const struct params *p, uint32_t id)
{
	struct place at;
	const struct row *row = params_row(p, id, &at);

	return params_id(p, row_name_of(row_keeper(row)), at);
}

bool
param_in_scene(const struct params *p, uint32_t id)
{
	const struct row *row = params_row(p, id, NULL);

	return !param_is_action(p, id) && !row->stays && !row->read_only &&
	       !row->asks && !row->fleeting;
}

bool
param_message(const struct params *p, uint32_t id,
	const struct param_value *value, struct message *out)
{
	struct place at;
	const struct row *row = params_row(p, id, &at);

	/* An action hangs on the value of its moment. */
	return !param_is_action(p, id) && row_is_plain(row) &&
	       row_message(p->model, row, at, value, out);
}

bool
param_curve(const struct params *p, uint32_t id, struct message *to,
	struct curve *out)
{
	struct place at;
	const struct row *row = params_row(p, id, &at);

	return !param_is_action(p, id) && row_is_plain(row) &&
	       row_message(p->model, row, at, NULL, to) &&
	       row_curve(p->model, row, at, out);
}
