/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/model/change.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "control/model/feed.h"

int
change_init(struct model *c)
{
	struct change *h = &c->change;
	uint32_t n = c->params.count;

	h->of = calloc(n, sizeof(*h->of));
	h->news = calloc(n, sizeof(*h->news));
	h->batch = calloc(n, sizeof(*h->batch));
	return h->of && h->news && h->batch ? 0 : -ENOMEM;
}

void
change_done(struct model *c)
{
	free(c->change.of);
	free(c->change.news);
	free(c->change.batch);
}

/* ---- news ---- */

/* What only follows from a change is news to its maker as well. */
static void
note(struct model *c, uint32_t id)
{
	struct change *h = &c->change;
	struct change_of *of = &h->of[id];

	of->source = of->made == h->number ? h->source : PARAM_SOURCE_NONE;
	if (of->noted)
		return;
	of->noted = true;
	h->news[(h->news_at + h->news_count++) % c->params.count] = id;
}

void
change_tell(struct model *c)
{
	struct change *h = &c->change;

	if (h->telling) /* a listener made this change: it comes in its turn */
		return;
	h->telling = true;
	while (h->news_count > 0) {
		uint32_t id = h->news[h->news_at], source = h->of[id].source;

		h->news_at = (h->news_at + 1) % c->params.count;
		h->news_count--;
		h->of[id].noted = false;
		for (int i = 0; i < LISTENERS_MAX; i++) {
			if (h->listener[i].changed)
				h->listener[i].changed(
					h->listener[i].data, id, source);
		}
	}
	h->telling = false;
}

int
param_listen(struct params *p, param_listener changed, void *data)
{
	struct change *h = &p->model->change;

	for (int i = 0; i < LISTENERS_MAX; i++) {
		if (h->listener[i].changed)
			continue;
		h->listener[i].data = data;
		h->listener[i].changed = changed;
		return 0;
	}
	return -ENOSPC;
}

void
param_unlisten(struct params *p, param_listener changed, void *data)
{
	struct change *h = &p->model->change;

	for (int i = 0; i < LISTENERS_MAX; i++) {
		if (h->listener[i].changed == changed &&
			h->listener[i].data == data)
			h->listener[i].changed = NULL;
	}
}

/* ---- changes ---- */

void
change_say(struct model *c, uint32_t id)
{
	struct change *h = &c->change;

	if (h->of[id].batched != h->number)
		h->batch[h->batch_count++] = id;
	h->of[id].batched = h->number;
}

void
change_begin(struct model *c, uint32_t source)
{
	c->change.source = source;
	c->change.number++;
	c->change.batch_count = 0;
}

void
change_kept(struct model *c, const struct changed *changed)
{
	for (uint32_t i = 0; i < changed->count; i++) {
		enum row_name row = changed->value[i].row;

		c->change.tapped |=
			row == ROW_STRIP_TAP || row == ROW_STRIP_BY_HAND;
		if (!rows[row].inner)
			note(c, params_id(
					&c->params, row, changed->value[i].at));
	}
}

/* Each that is kept says it, not those that show it as well. */
static void
batch_all(struct model *c, const struct changed *changed)
{
	for (uint32_t i = 0; i < changed->count; i++) {
		const struct row *row = &rows[changed->value[i].row];

		if (row->mix && !row->of)
			change_say(
				c, params_id(&c->params, changed->value[i].row,
					   changed->value[i].at));
	}
}

void
change_one(struct model *c, const struct param_change *change, bool posted)
{
	const struct params *p = &c->params;
	struct changed changed = {.count = 0};
	struct message unused;
	struct place at;
	const struct row *row = params_row(p, change->id, &at);

	if (param_is_action(p, change->id))
		row_act(c, row, at, &change->value, &changed);
	else
		row_set(c, row, at, &change->value, &changed);
	if (!row_is_plain(row))
		batch_all(c, &changed);
	else if (changed.count > 0 &&
		 (!posted || param_is_action(p, change->id)) &&
		 row_message(c, row, at, NULL, &unused))
		change_say(c, params_id(p, row_name_of(row), at));
	change_kept(c, &changed);
}

void
change_end(struct model *c, uint64_t frame)
{
	bool tapped = c->change.tapped;

	c->change.source = PARAM_SOURCE_NONE;
	c->change.tapped = false;
	feed_say(c, c->change.batch, c->change.batch_count, frame);
	if (tapped && c->change.tap)
		c->change.tap(c);
	scene_rows_ask(c, frame);
	change_tell(c);
}

void
change_set(struct model *c, const struct param_change *changes, uint32_t n,
	uint64_t frame, uint32_t source, bool posted)
{
	change_begin(c, source);
	for (uint32_t i = 0; i < n; i++)
		if (!param_is_action(&c->params, changes[i].id))
			c->change.of[changes[i].id].made = c->change.number;
	for (uint32_t i = 0; i < n; i++)
		change_one(c, &changes[i], posted);
	change_end(c, frame);
}

void
change_made(struct model *c, const struct changed *changed)
{
	change_begin(c, PARAM_SOURCE_NONE);
	batch_all(c, changed);
	change_kept(c, changed);
	c->change.tapped = false;
	feed_say(c, c->change.batch, c->change.batch_count, 0);
}

void
param_tell(struct params *p, uint32_t id)
{
	change_begin(p->model, PARAM_SOURCE_NONE);
	note(p->model, id);
	change_tell(p->model);
}
