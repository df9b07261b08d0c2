/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/model/apps.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/model/change.h"
#include "control/model/names.h"
#include "control/model/place.h"
#include "control/model/rules/rules.h"
#include "control/util/name.h"
#include "control/util/text.h"

static void
key_put(struct model *c, uint32_t strip, const char *key)
{
	values_put_text(kept_text(&c->kept, ROW_STRIP_KEY, strip), key, false);
}

static double
kept_of(const struct model *c, enum row_name row, uint32_t strip)
{
	return kept_number(&c->kept, row, strip_place(strip));
}

static void
left_put(struct model *c, uint32_t strip, double left)
{
	values_put(kept_at(&c->kept, ROW_STRIP_LEFT, strip_place(strip)), left);
}

/* ---- on and off ---- */

/* What the row `app` tells. */
static void
strip_show(struct model *c, uint32_t strip, struct changed *out)
{
	char names[PARAM_TEXT_MAX + APP_NAME_MAX + 4] = "";

	for (uint32_t i = 0; i < c->apps.count; i++)
		if (c->apps.app[i].strip == (int)strip)
			text_add(names, sizeof(names), "%s%s",
				names[0] ? ", " : "", c->apps.app[i].app.name);
	name_copy(c->told[strip], PARAM_TEXT_MAX, names);
	changed_add(out, ROW_STRIP_APP, strip_place(strip));
}

/* A strip that another app has left sounds like a new one. What its user has
 * named stays as it was. */
static void
strip_renew(struct model *c, uint32_t strip)
{
	struct changed changed = {.count = 0};

	if (!names_key(c, strip)[0] || names_by_user(c, strip))
		return;
	rows_renew(c, strip, &changed);
	change_made(c, &changed);
}

/* The strip has this app only. */
static void
strip_name(struct model *c, uint32_t strip, const struct app *app,
	struct changed *out)
{
	key_put(c, strip, app->key);
	if (!names_by_user(c, strip))
		names_set(c, strip, app->name, false, out);
}

static void
strip_put(struct model *c, uint32_t i, int at)
{
	const struct app *app = &c->apps.app[i].app;
	struct changed changed = {.count = 0};
	uint32_t strip = (uint32_t)at;

	if (!c->held[strip]) {
		if (names_key(c, strip)[0] &&
			strcmp(names_key(c, strip), app->key))
			row_keep(c, ROW_STRIP_BY_HAND, strip_place(strip), 0.0,
				&changed);
		left_put(c, strip, 0.0);
		strip_name(c, strip, app, &changed);
	}
	c->apps.app[i].strip = at;
	c->held[strip]++;
	c->names++;
	strip_show(c, strip, &changed);
	change_made(c, &changed);
}

/* It is not coming back: the strip is another one's, or nobody's. */
static void
strip_forget(struct model *c, uint32_t strip, const struct app *app,
	struct changed *out)
{
	if (strcmp(names_key(c, strip), app->key) != 0)
		return;
	for (uint32_t i = 0; i < c->apps.count; i++) {
		if (c->apps.app[i].strip != (int)strip)
			continue;
		strip_name(c, strip, &c->apps.app[i].app, out);
		return;
	}
	key_put(c, strip, PLACE_OF_NOBODY);
	if (!names_by_user(c, strip))
		names_set(c, strip, "", false, out);
}

static void
strip_leave(struct model *c, uint32_t i, bool for_good)
{
	struct changed changed = {.count = 0};
	int strip = c->apps.app[i].strip;

	if (strip < 0)
		return;
	c->apps.app[i].strip = -1;
	c->names++;
	if (--c->held[strip] == 0)
		left_put(c, (uint32_t)strip, ++c->apps.lefts);
	if (for_good)
		strip_forget(c, (uint32_t)strip, &c->apps.app[i].app, &changed);
	strip_show(c, (uint32_t)strip, &changed);
	change_made(c, &changed);
}

/* Where it has a place of its own, it goes there, whoever else is there. */
static void
app_place(struct model *c, uint32_t i)
{
	struct app_slot *a = &c->apps.app[i];
	enum placed how = NO_STRIP_IS_FREE;
	int strip = place_of(c, &a->app, a->strip, &how);

	/* a free one it was when it came, and is where it stays */
	if (a->strip < 0 || how != PLACED_AS_BEFORE || a->placed != PLACED_FREE)
		a->placed = how;
	if (strip == a->strip)
		return;
	if (a->strip >= 0)
		strip_leave(c, i, true);
	if (how == PLACED_FREE)
		strip_renew(c, (uint32_t)strip);
	if (strip >= 0)
		strip_put(c, i, strip);
}

/* A strip has become free. */
static void
apps_place_waiting(struct model *c)
{
	for (uint32_t i = 0; i < c->apps.count; i++) {
		if (c->apps.app[i].strip < 0 && c->apps.app[i].app.tappable)
			app_place(c, i);
	}
}

static enum tap_mode
tap_of(const struct model *c, uint32_t strip)
{
	enum tap_mode tap = (enum tap_mode)kept_of(c, ROW_STRIP_TAP, strip);

	return tap == TAP_TAKE && kept_of(c, ROW_STRIP_BY_HAND, strip) != 0.0
		       ? TAP_TAKE_BY_HAND
		       : tap;
}

/* Asks the driver for what is not as it should be. */
static void
retap(struct model *c)
{
	uint32_t i = 0;

	/* The driver may tell of apps while it is asked: start over. */
	while (c->apps.tap && i < c->apps.count) {
		struct app_slot *a = &c->apps.app[i++];
		const struct model_rule *r = place_rule(c, a->app.rule);
		uint32_t pair = r ? r->pair : 0;
		enum tap_mode tap;

		if (a->strip < 0 && a->asked_strip >= 0 && a->app.tappable) {
			a->asked_strip = -1;
			c->apps.tap(
				c->apps.tap_data, a->app.id, -1, TAP_OFF, 0);
			i = 0;
		}
		if (a->strip < 0)
			continue;
		tap = tap_of(c, (uint32_t)a->strip);
		if (a->asked_strip == a->strip && a->asked_tap == tap &&
			a->asked_pair == pair)
			continue;
		a->asked_strip = a->strip;
		a->asked_tap = tap;
		a->asked_pair = pair;
		c->apps.tap(c->apps.tap_data, a->app.id, a->strip, tap, pair);
		i = 0;
	}
}

void
model_set_tap(struct model *c, model_tap tap, void *data)
{
	c->apps.tap = tap;
	c->apps.tap_data = data;
	for (uint32_t i = 0; i < c->apps.count; i++)
		c->apps.app[i].asked_strip = -1;
	retap(c);
}

/* ---- the driver's news ---- */

static int
app_find(const struct model *c, uint32_t id)
{
	for (uint32_t i = 0; i < c->apps.count; i++) {
		if (c->apps.app[i].app.id == id)
			return (int)i;
	}
	return -1;
}

static int
app_add(struct model *c, const struct app *app)
{
	uint32_t cap = c->apps.cap ? 2 * c->apps.cap : 16;
	struct app_slot *grown;

	if (c->apps.count == c->apps.cap) {
		grown = realloc(c->apps.app, cap * sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		c->apps.app = grown;
		c->apps.cap = cap;
	}
	c->apps.app[c->apps.count] =
		(struct app_slot){.app = *app, .strip = -1, .asked_strip = -1};
	return (int)c->apps.count++;
}

static void
app_clean(struct app *to, const struct app *from)
{
	*to = *from;
	name_clean(to->key, sizeof(to->key), from->key);
	name_clean(to->name, sizeof(to->name), from->name);
	name_clean(to->note, sizeof(to->note), from->note);
}

/* Something about an app that we know: its identity may have come late. */
static void
app_change(struct model *c, uint32_t i, const struct app *app)
{
	struct app_slot *a = &c->apps.app[i];
	bool same_key = !strcmp(a->app.key, app->key);
	bool same_name = !strcmp(a->app.name, app->name);
	struct changed changed = {.count = 0};
	int strip = a->strip;

	if (app->tappable && !a->app.tappable)
		a->asked_strip = -1; /* the driver had let it go */
	if (!app->tappable)
		strip_leave(c, i, false); /* it comes back to it by its key */
	a->app = *app;
	if (app->tappable)
		app_place(c, i);
	if (a->strip < 0 || a->strip != strip || (same_key && same_name))
		return;
	if (c->held[a->strip] == 1)
		strip_name(c, (uint32_t)a->strip, app, &changed);
	strip_show(c, (uint32_t)a->strip, &changed);
	change_made(c, &changed);
}

static int
app_seen(struct model *c, const struct app *from)
{
	struct app app;
	int i;

	app_clean(&app, from);
	if (!app.rule)
		app.rule = place_rule_of(c, app.key, app.name);
	i = app_find(c, app.id);
	if (i >= 0) {
		app_change(c, (uint32_t)i, &app);
	} else {
		i = app_add(c, &app);
		if (i < 0)
			return i;
		if (app.tappable)
			app_place(c, (uint32_t)i);
	}
	return c->apps.app[i].strip < 0 ? -ENOSPC : c->apps.app[i].strip;
}

static void
apps_settled(struct model *c)
{
	apps_place_waiting(c);
	retap(c);
	change_tell(c);
}

uint32_t
model_stream(const struct model *c, const struct driver_stream *s,
	char key[APP_KEY_MAX], char name[APP_NAME_MAX])
{
	uint32_t rule = rules_find(c->apps.rules, s);

	rules_group(c->apps.rules, rule, s, key, name);
	return rule;
}

void
model_app(struct model *c, const struct app *app)
{
	app_seen(c, app);
	apps_settled(c);
}

void
model_app_gone(struct model *c, uint32_t app_id)
{
	int i = app_find(c, app_id);

	if (i < 0)
		return;
	strip_leave(c, (uint32_t)i, false);
	c->apps.count--;
	memmove(&c->apps.app[i], &c->apps.app[i + 1],
		(c->apps.count - (uint32_t)i) * sizeof(*c->apps.app));
	apps_settled(c);
}

void
model_apps_gone(struct model *c)
{
	while (c->apps.count > 0)
		strip_leave(c, --c->apps.count, false);
	change_tell(c);
}

int
model_assign(struct model *c, const char *key, const char *name)
{
	struct app app = {.tappable = true, .streams = 1, .strip = -1};
	int strip;

	if (!key[0])
		return -EINVAL;
	/* The driver's numbers count up from 0: ours count down. */
	app.id = UINT32_MAX - c->apps.assigned++;
	snprintf(app.key, sizeof(app.key), "%s", key);
	snprintf(app.name, sizeof(app.name), "%s", name);
	strip = app_seen(c, &app);
	apps_settled(c);
	return strip;
}

/* ---- by hand ---- */

void
model_set_hands(struct model *c, struct hands *memory)
{
	c->apps.hands = memory;
	/* One above those that run is in force when there are more. */
	hands_open(memory, STRIPS_MAX);
	place_reserve(c);
}

/* Whoever is where he is for another reason than before. */
static void
apps_place_again(struct model *c)
{
	place_reserve(c);
	for (uint32_t i = 0; i < c->apps.count; i++)
		if (c->apps.app[i].app.tappable)
			app_place(c, i);
	apps_settled(c);
}

bool
model_hand(struct model *c, const char *key, int strip, bool save)
{
	const struct hand *is = hands_find(c->apps.hands, key);
	bool put = true;

	if (strip == MODEL_STRIP_AUTO)
		hands_forget(c->apps.hands, key);
	else if (!is || is->strip != strip || save)
		put = hands_put(c->apps.hands, key, strip, save);
	apps_place_again(c);
	return put;
}

/* ---- views ---- */

static int
view_order(const void *a, const void *b)
{
	const struct model_app_view *x = a, *y = b;
	/* As unsigned numbers: -1 comes last. */
	uint32_t xs = (uint32_t)x->app.strip, ys = (uint32_t)y->app.strip;

	if (xs != ys)
		return xs < ys ? -1 : 1;
	return x->app.id < y->app.id ? -1 : x->app.id > y->app.id;
}

uint32_t
model_apps(const struct model *c, struct model_app_view *out, uint32_t max)
{
	uint32_t n = c->apps.count < max ? c->apps.count : max;

	for (uint32_t i = 0; i < n; i++) {
		const struct app_slot *a = &c->apps.app[i];

		out[i].app = a->app;
		out[i].app.strip = a->strip;
		out[i].slug[0] = '\0';
		if (a->strip >= 0)
			name_copy(out[i].slug, sizeof(out[i].slug),
				names_slug(c, (uint32_t)a->strip));
		else if (a->app.tappable && !a->app.note[0])
			place_note(c, a->placed, &a->app, out[i].app.note);
	}
	if (n > 1)
		qsort(out, n, sizeof(*out), view_order);
	return n;
}

/* ---- the start ---- */

int
apps_init(struct model *c)
{
	return rules_new(&c->apps.rules, c->config.rule, c->config.rules);
}

void
apps_open(struct model *c)
{
	double *lefts = &c->apps.lefts;

	model_set_hands(c, &c->apps.own_hands);
	for (uint32_t i = 0; i < c->config.strips; i++)
		*lefts = fmax(*lefts, kept_of(c, ROW_STRIP_LEFT, i));
	/* An app that was here when the process died left last of all. */
	for (uint32_t i = 0; i < c->config.strips; i++)
		if (names_key(c, i)[0] && kept_of(c, ROW_STRIP_LEFT, i) == 0.0)
			left_put(c, i, ++*lefts);
	c->change.tap = retap;
}

void
apps_free(struct model *c)
{
	rules_free(c->apps.rules);
	free(c->apps.app);
}
