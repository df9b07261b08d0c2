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

	h->news = calloc(n, sizeof(*h->news));
	h->noted = calloc(n, sizeof(*h->noted));
	h->made = calloc(n, sizeof(*h->made));
	h->batch = calloc(n, sizeof(*h->batch));
	h->batched = calloc(n, sizeof(*h->batched));
	return h->news && h->noted && h->made && h->batch && h->batched
		       ? 0
		       : -ENOMEM;
}

void
change_done(struct model *c)
{
	free(c->change.news);
	free(c->change.noted);
	free(c->change.made);
	free(c->change.batch);
	free(c->change.batched);
}

/* ---- news ---- */

/* What only follows from a change is news to its maker as well. */
static uint32_t
source_of(const struct change *h, uint32_t id)
{
	return h->made[id] == h->number ? h->source : PARAM_SOURCE_NONE;
}

static void
note(struct model *c, uint32_t id)
{
	struct change *h = &c->change;
	uint32_t count = c->params.count, source = source_of(h, id);
	struct news *n;

	if (h->noted[id]) {
		for (uint32_t i = 0; i < h->news_count; i++) {
			n = &h->news[(h->news_at + i) % count];
			if (n->id == id)
				n->source = source;
		}
		return;
	}
	h->noted[id] = true;
	n = &h->news[(h->news_at + h->news_count++) % count];
	*n = (struct news){.id = id, .source = source};
}

void
change_tell(struct model *c)
{
	struct change *h = &c->change;

	if (h->telling) /* a listener made this change: it comes in its turn */
		return;
	h->telling = true;
	while (h->news_count > 0) {
		struct news n = h->news[h->news_at];

		h->news_at = (h->news_at + 1) % c->params.count;
		h->news_count--;
		h->noted[n.id] = false;
		for (int i = 0; i < LISTENERS_MAX; i++) {
			if (h->listener[i].changed)
				h->listener[i].changed(
					h->listener[i].data, n.id, n.source);
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

static void
batch_put(struct change *h, uint32_t id)
{
	if (h->batched[id] != h->number)
		h->batch[h->batch_count++] = id;
	h->batched[id] = h->number;
}

void
change_begin(struct model *c, uint32_t source)
{
	c->change.source = source;
	c->change.number++;
	c->change.batch_count = 0;
}

void
change_say(struct model *c, uint32_t id)
{
	batch_put(&c->change, id);
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
			batch_put(&c->change,
				params_id(&c->params, changed->value[i].row,
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
		batch_put(&c->change, params_id(p, row_name_of(row), at));
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
			c->change.made[changes[i].id] = c->change.number;
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
