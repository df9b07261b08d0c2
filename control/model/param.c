/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/model/param.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/model/console_state.h"
#include "core/mixer/mixer.h"

int
params_init(struct params *p, struct console *c)
{
	int rc;

	p->console = c;
	rc = params_name(p);
	if (rc < 0)
		return rc;
	p->news = calloc(p->count, sizeof(*p->news));
	p->noted = calloc(p->count, sizeof(*p->noted));
	p->dirty = calloc(p->count, sizeof(*p->dirty));
	p->batch = calloc(p->count, sizeof(*p->batch));
	p->batched = calloc(p->count, sizeof(*p->batched));
	p->made = calloc(p->count, sizeof(*p->made));
	p->messages = calloc(p->count, sizeof(*p->messages));
	if (!p->news || !p->noted || !p->dirty || !p->batch || !p->batched ||
		!p->made || !p->messages)
		return -ENOMEM;
	return 0;
}

void
params_done(struct params *p)
{
	free(p->strips.tail);
	free(p->buses.tail);
	free(p->strip_actions.tail);
	free(p->bus_actions.tail);
	free(p->news);
	free(p->noted);
	free(p->dirty);
	free(p->batch);
	free(p->batched);
	free(p->made);
	free(p->messages);
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
	struct place at;

	return param_is_action(p, id) &&
	       params_row(p, id, &at)->action == ROW_TOGGLE;
}

static const struct tail *
tail_of(const struct params *p, uint32_t id, struct place *at)
{
	bool action = param_is_action(p, id);
	bool bus = id >= (action ? p->bus_actions.first : p->buses.first);
	const struct tails *t = bus ? &p->buses : &p->strips;
	const struct tail *tail;
	uint32_t i;

	assert(id < p->set_count);
	if (action)
		t = bus ? &p->bus_actions : &p->strip_actions;
	i = (id - t->first) / t->count;
	tail = &t->tail[(id - t->first) % t->count];
	at->strip = bus ? PLACE_BUS : (uint8_t)i;
	at->bus = bus ? (uint8_t)i : tail->bus;
	return tail;
}

const struct row *
params_row(const struct params *p, uint32_t id, struct place *at)
{
	return &param_rows[tail_of(p, id, at)->row];
}

uint32_t
params_id(const struct params *p, enum row_name row, struct place at)
{
	switch (param_rows[row].scope) {
	case ROW_OF_BUS:
		return p->buses.first + at.bus * p->buses.count +
		       p->row_first[row];
	case ROW_OF_SEND:
		return at.strip * p->strips.count + p->row_first[row] + at.bus;
	case ROW_OF_STRIP:
		break;
	}
	return at.strip * p->strips.count + p->row_first[row];
}

/* ---- reading ---- */

static void
row_initial(const struct row *row, const struct console *c, struct place at,
	struct param_value *out)
{
	memset(out, 0, sizeof(*out));
	out->type = row->type;
	if (row->start)
		row->start(c, at, out);
	else if (row->type == PARAM_INT)
		out->i = (int64_t)row->initial;
	else
		out->f = row->initial;
}

struct span
params_span(const struct params *p, uint32_t id)
{
	struct place at;
	const struct row *row = params_row(p, id, &at);
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

void
param_info(const struct params *p, uint32_t id, struct param_info *out)
{
	const struct console *c = p->console;
	struct place at;
	const struct tail *tail = tail_of(p, id, &at);
	const struct row *row = &param_rows[tail->row];
	const struct span span = params_span(p, id);

	memset(out, 0, sizeof(*out));
	if (row->scope == ROW_OF_BUS)
		snprintf(out->address, sizeof(out->address), "/bus/%s/%s",
			c->config.bus_name[at.bus], tail->text);
	else
		snprintf(out->address, sizeof(out->address), "/strip/%u/%s",
			at.strip + 1u, tail->text);
	out->type = span.type;
	out->min = span.min;
	out->max = span.max;
	if (param_is_action(p, id)) {
		action_info(row, out);
		return;
	}
	row_initial(row, c, at, &out->initial);
	out->unit = row->unit ? row->unit : "";
	out->help = row->help;
	out->read_only = row->read_only;
	if (row->choices) {
		out->choices = row->choices(c, out->choice);
		out->max = out->choices - 1;
	}
}

void
param_get(const struct params *p, uint32_t id, struct param_value *out)
{
	struct place at;
	const struct row *row = params_row(p, id, &at);

	assert(!param_is_action(p, id));
	out->type = row->type;
	row->get(p->console, at, out);
	if (row->type == PARAM_FLOAT)
		out->f = (float)out->f;
}

/* ---- changing ---- */

/* What only follows from a change is news to its maker as well. */
static uint32_t
source_of(const struct params *p, uint32_t id)
{
	return p->made[id] == p->change ? p->source : PARAM_SOURCE_NONE;
}

void
params_note(struct console *c, enum row_name row, struct place at)
{
	struct params *p = &c->params;
	uint32_t id = params_id(p, row, at);
	uint32_t source = source_of(p, id);
	struct news *n;

	p->notes++;
	if (p->noted[id]) {
		for (uint32_t i = 0; i < p->news_count; i++) {
			n = &p->news[(p->news_at + i) % p->count];
			if (n->id == id)
				n->source = source;
		}
		return;
	}
	p->noted[id] = true;
	n = &p->news[(p->news_at + p->news_count++) % p->count];
	*n = (struct news){.id = id, .source = source};
}

void
params_tell(struct params *p)
{
	if (p->telling) /* a listener made this change: it comes in its turn */
		return;
	p->telling = true;
	while (p->news_count > 0) {
		struct news n = p->news[p->news_at];

		p->news_at = (p->news_at + 1) % p->count;
		p->news_count--;
		p->noted[n.id] = false;
		for (int i = 0; i < LISTENERS_MAX; i++) {
			if (p->listener[i].changed)
				p->listener[i].changed(
					p->listener[i].data, n.id, n.source);
		}
	}
	p->telling = false;
}

void
params_dirty(struct params *p, uint32_t id)
{
	if (!p->dirty[id])
		p->dirty_count++;
	p->dirty[id] = true;
	console_wake(p->console);
}

static void
dirty_drop(struct params *p, uint32_t id)
{
	if (p->dirty[id])
		p->dirty_count--;
	p->dirty[id] = false;
}

bool
params_message(const struct params *p, const struct param_change *change,
	struct message *out)
{
	struct place at;
	const struct row *row = params_row(p, change->id, &at);

	if (!row->message)
		return false;
	*out = (struct message){0};
	row->message(p->console, at, &change->value, out);
	return true;
}

bool
param_message(const struct params *p, uint32_t id,
	const struct param_value *value, struct message *out)
{
	const struct param_change change = {.id = id, .value = *value};
	struct place at;

	if (param_is_action(p, id))
		return false; /* that hangs on the value of its moment */
	return !params_row(p, id, &at)->more && params_message(p, &change, out);
}

uint32_t
param_kind(const struct params *p, uint32_t id)
{
	struct place at;

	return (uint32_t)(params_row(p, id, &at) - param_rows);
}

struct message
params_message_now(const struct params *p, uint32_t id)
{
	struct place at;
	const struct row *row = params_row(p, id, &at);
	struct message m = {0};

	row->message(p->console, at, NULL, &m);
	return m;
}

bool
params_post(struct params *p, const uint32_t *ids, uint32_t n, uint64_t frame)
{
	struct console *c = p->console;
	uint64_t token = schedule_token(c);

	for (uint32_t i = 0; i < n; i++) {
		p->messages[i] = params_message_now(p, ids[i]);
		p->messages[i].frame = frame;
		p->messages[i].token = token;
	}
	if (n > 0 && !mixer_post(c->mixer, p->messages, n))
		return false;
	for (uint32_t i = 0; i < n; i++) {
		dirty_drop(p, ids[i]);
		schedule_said(c, &p->messages[i]);
	}
	return true;
}

static void
action_do(struct console *c, const struct row *row, struct place at,
	const struct param_value *v)
{
	struct param_value now = {.type = row->type};

	row->get(c, at, &now);
	if (row->action == ROW_STEP) {
		now.f = fmin(fmax(now.f + v->f, row->min), row->max);
		row->set(c, at, &now);
	} else if (v->i) {
		now.i = !now.i;
		row->set(c, at, &now);
	}
}

/* Stores one value. The parameter that has it then: an action has none. */
static uint32_t
change_store(struct params *p, const struct param_change *change,
	const struct row *row, struct place at)
{
	if (param_is_action(p, change->id)) {
		action_do(p->console, row, at, &change->value);
		return params_id(p, (enum row_name)(row - param_rows), at);
	}
	assert(change->value.type == row->type && row->set);
	row->set(p->console, at, &change->value);
	return change->id;
}

void
params_set(struct params *p, const struct param_change *changes, uint32_t n,
	uint64_t frame, uint32_t source, bool posted)
{
	struct console *c = p->console;
	uint32_t batch = 0;

	p->source = source;
	p->change++;
	for (uint32_t i = 0; i < n; i++)
		if (!param_is_action(p, changes[i].id))
			p->made[changes[i].id] = p->change;
	for (uint32_t i = 0; i < n; i++) {
		bool action = param_is_action(p, changes[i].id);
		uint64_t notes = p->notes;
		struct place at;
		const struct row *row = params_row(p, changes[i].id, &at);
		uint32_t id = change_store(p, &changes[i], row, at);

		if (p->notes == notes || !row->message || !c->mixer ||
			(posted && !row->more && !action))
			continue;
		if (p->batched[id] != p->change)
			p->batch[batch++] = id;
		p->batched[id] = p->change;
	}
	p->source = PARAM_SOURCE_NONE;
	batch = console_done_leave(c, p->batch, batch);
	if (batch > 0 && !params_post(p, p->batch, batch, frame)) {
		for (uint32_t i = 0; i < batch; i++)
			params_dirty(p, p->batch[i]);
	}
	console_retap(c);
	params_tell(p);
}

void
param_apply(struct params *p, const struct param_change *changes, uint32_t n,
	uint64_t frame, uint32_t source)
{
	schedule_settle(p->console, 0);
	params_set(p, changes, n, frame, source, false);
}

void
params_dirty_all(struct params *p)
{
	for (uint32_t id = 0; id < p->count; id++) {
		struct place at;

		if (params_row(p, id, &at)->message)
			params_dirty(p, id);
	}
}

bool
params_flush(struct params *p)
{
	uint32_t n = 0;

	if (!p->console->mixer || !p->dirty_count)
		return true;
	for (uint32_t id = 0; id < p->count; id++) {
		if (p->dirty[id])
			p->batch[n++] = id;
	}
	return params_post(p, p->batch, n, 0);
}

/* ---- listening ---- */

int
param_listen(struct params *p, param_listener changed, void *data)
{
	for (int i = 0; i < LISTENERS_MAX; i++) {
		if (p->listener[i].changed)
			continue;
		p->listener[i].data = data;
		p->listener[i].changed = changed;
		return 0;
	}
	return -ENOSPC;
}

void
param_unlisten(struct params *p, param_listener changed, void *data)
{
	for (int i = 0; i < LISTENERS_MAX; i++) {
		if (p->listener[i].changed == changed &&
			p->listener[i].data == data)
			p->listener[i].changed = NULL;
	}
}
