/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which app is on which strip. */
#include "control/model/console.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/model/console_state.h"

static struct place
strip_place(uint32_t strip)
{
	return (struct place){.strip = (uint8_t)strip};
}

/* ---- which strip ---- */

static int
strip_of_key(const struct console *c, const char *key)
{
	for (uint32_t i = 0; i < c->config.strips; i++) {
		if (!strcmp(keep_text(&c->keep->strip[i].key), key))
			return (int)i;
	}
	return -1;
}

/* NULL when no rule names it */
static const struct console_rule *
rule_of(const struct console *c, const struct app *app)
{
	for (uint32_t i = 0; i < c->config.rules; i++) {
		const struct console_rule *r = &c->config.rule[i];

		if (!fnmatch(r->match, app->key, FNM_CASEFOLD) ||
			!fnmatch(r->match, app->name, FNM_CASEFOLD))
			return r;
	}
	return NULL;
}

static int
strip_of_rule(const struct console *c, const struct app *app)
{
	const struct console_rule *r = rule_of(c, app);

	return r ? (int)r->strip : -1;
}

/* How willingly an empty strip is given to an app it does not know; 0: not. */
static uint64_t
strip_rank(const struct console *c, uint32_t strip)
{
	const struct keep_strip *s = &c->keep->strip[strip];
	bool used = keep_text(&s->key)[0];
	/* relaxed: only this thread stores */
	uint64_t left = atomic_load_explicit(&s->left, memory_order_relaxed);

	if (c->held[strip] || c->reserved[strip])
		return 0;
	/* never used; its app is gone, the longest first; then what somebody
	 * has given a name to, in the same order */
	return (keep_text_by_user(&s->name) ? UINT64_MAX / 4 : UINT64_MAX / 2) -
	       (used ? 1 + left : 0);
}

static int
strip_free(const struct console *c)
{
	uint64_t best = 0;
	int strip = -1;

	for (uint32_t i = 0; i < c->config.strips; i++) {
		uint64_t rank = strip_rank(c, i);

		if (rank > best) {
			best = rank;
			strip = (int)i;
		}
	}
	return strip;
}

/* ---- on and off ---- */

/* A strip that another app has left sounds like a new one. What its user has
 * named stays as it was. */
static void
strip_reset(struct console *c, uint32_t strip)
{
	static const enum row_name rows[] = {ROW_STRIP_GAIN, ROW_STRIP_MUTE,
		ROW_STRIP_TRIM, ROW_STRIP_ROUTE, ROW_STRIP_TAP};
	struct param_change changes[sizeof(rows) / sizeof(rows[0])];
	uint32_t n = sizeof(rows) / sizeof(rows[0]);

	if (!keep_text(&c->keep->strip[strip].key)[0] ||
		keep_text_by_user(&c->keep->strip[strip].name))
		return;
	for (uint32_t i = 0; i < n; i++) {
		struct param_info info;

		changes[i].id =
			params_id(&c->params, rows[i], strip_place(strip));
		param_info(&c->params, changes[i].id, &info);
		changes[i].value = info.initial;
	}
	params_set(&c->params, changes, n, 0, PARAM_SOURCE_NONE, false);
}

static void
strip_put(struct console *c, uint32_t i, int strip)
{
	struct keep_strip *s = &c->keep->strip[strip];
	const struct app *app = &c->app[i].app;

	if (!c->held[strip]) {
		if (keep_text(&s->key)[0] &&
			strcmp(keep_text(&s->key), app->key) != 0)
			keep_put_word(&s->tap_by_hand, 0);
		keep_put_text(&s->key, app->key, false);
		/* relaxed: one value, nothing goes with it */
		atomic_store_explicit(&s->left, 0, memory_order_relaxed);
		if (!keep_text_by_user(&s->name))
			console_name_strip(
				c, (uint32_t)strip, app->name, false);
	}
	c->app[i].strip = strip;
	c->held[strip]++;
	c->params.names++;
	params_note(c, ROW_STRIP_APP, strip_place((uint32_t)strip));
}

/* Finds a strip for an app that has none. */
static void
app_place(struct console *c, uint32_t i)
{
	const struct app *app = &c->app[i].app;
	int strip = strip_of_key(c, app->key);

	if (strip < 0)
		strip = strip_of_rule(c, app);
	if (strip < 0) {
		strip = strip_free(c);
		if (strip >= 0)
			strip_reset(c, (uint32_t)strip);
	}
	if (strip >= 0)
		strip_put(c, i, strip);
}

static void
strip_leave(struct console *c, uint32_t i)
{
	int strip = c->app[i].strip;

	if (strip < 0)
		return;
	c->app[i].strip = -1;
	c->params.names++;
	if (--c->held[strip] == 0)
		/* relaxed: one value, nothing goes with it */
		atomic_store_explicit(&c->keep->strip[strip].left, ++c->lefts,
			memory_order_relaxed);
	params_note(c, ROW_STRIP_APP, strip_place((uint32_t)strip));
}

/* A strip has become free. */
static void
apps_place_waiting(struct console *c)
{
	for (uint32_t i = 0; i < c->apps; i++) {
		if (c->app[i].strip < 0 && c->app[i].app.tappable)
			app_place(c, i);
	}
}

void
console_retap(struct console *c)
{
	uint32_t i = 0;

	/* The driver may tell of apps while it is asked: start over. */
	while (c->tap && i < c->apps) {
		struct app_slot *a = &c->app[i++];
		const struct console_rule *r = rule_of(c, &a->app);
		uint32_t pair = r ? r->pair : 0;
		enum tap_mode tap;

		if (a->strip < 0)
			continue;
		tap = (enum tap_mode)keep_word(&c->keep->strip[a->strip].tap);
		if (tap == TAP_TAKE &&
			keep_word(&c->keep->strip[a->strip].tap_by_hand))
			tap = TAP_TAKE_BY_HAND;
		if (a->asked_strip == a->strip && a->asked_tap == tap &&
			a->asked_pair == pair)
			continue;
		a->asked_strip = a->strip;
		a->asked_tap = tap;
		a->asked_pair = pair;
		c->tap(c->tap_data, a->app.id, a->strip, tap, pair);
		i = 0;
	}
}

void
console_set_tap(struct console *c, console_tap tap, void *data)
{
	c->tap = tap;
	c->tap_data = data;
	for (uint32_t i = 0; i < c->apps; i++)
		c->app[i].asked_strip = -1;
	console_retap(c);
}

/* ---- the driver's news ---- */

static int
app_find(const struct console *c, uint32_t id)
{
	for (uint32_t i = 0; i < c->apps; i++) {
		if (c->app[i].app.id == id)
			return (int)i;
	}
	return -1;
}

static int
app_add(struct console *c, const struct app *app)
{
	uint32_t cap = c->apps_cap ? 2 * c->apps_cap : 16;
	struct app_slot *grown;

	if (c->apps == c->apps_cap) {
		grown = realloc(c->app, cap * sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		c->app = grown;
		c->apps_cap = cap;
	}
	c->app[c->apps] =
		(struct app_slot){.app = *app, .strip = -1, .asked_strip = -1};
	return (int)c->apps++;
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
app_change(struct console *c, uint32_t i, const struct app *app)
{
	struct app_slot *a = &c->app[i];
	bool same_key = !strcmp(a->app.key, app->key);
	bool same_name = !strcmp(a->app.name, app->name);
	struct keep_strip *s;
	int strip;

	if (app->tappable && !a->app.tappable)
		a->asked_strip = -1; /* the driver had let it go */
	if (!app->tappable)
		strip_leave(c, i); /* it comes back to it by its key */
	a->app = *app;
	if (a->strip < 0 || (same_key && same_name))
		return;
	strip = same_key ? -1 : strip_of_key(c, app->key);
	if (strip < 0 && !same_key)
		strip = strip_of_rule(c, app);
	if (strip >= 0 && strip != a->strip) {
		strip_leave(c, i);
		strip_put(c, i, strip);
		return;
	}
	s = &c->keep->strip[a->strip];
	if (c->held[a->strip] == 1) {
		keep_put_text(&s->key, app->key, false);
		if (!keep_text_by_user(&s->name))
			console_name_strip(
				c, (uint32_t)a->strip, app->name, false);
	}
	params_note(c, ROW_STRIP_APP, strip_place((uint32_t)a->strip));
}

static int
app_seen(struct console *c, const struct app *from)
{
	struct app app;
	int i;

	app_clean(&app, from);
	i = app_find(c, app.id);
	if (i >= 0) {
		app_change(c, (uint32_t)i, &app);
	} else {
		i = app_add(c, &app);
		if (i < 0)
			return i;
	}
	if (c->app[i].strip < 0 && app.tappable)
		app_place(c, (uint32_t)i);
	return c->app[i].strip < 0 ? -ENOSPC : c->app[i].strip;
}

static void
apps_settled(struct console *c)
{
	apps_place_waiting(c);
	console_retap(c);
	params_tell(&c->params);
}

void
console_app(struct console *c, const struct app *app)
{
	app_seen(c, app);
	apps_settled(c);
}

void
console_app_gone(struct console *c, uint32_t app_id)
{
	int i = app_find(c, app_id);

	if (i < 0)
		return;
	strip_leave(c, (uint32_t)i);
	c->apps--;
	memmove(&c->app[i], &c->app[i + 1],
		(c->apps - (uint32_t)i) * sizeof(*c->app));
	apps_settled(c);
}

void
console_apps_gone(struct console *c)
{
	while (c->apps > 0)
		strip_leave(c, --c->apps);
	params_tell(&c->params);
}

int
console_assign(struct console *c, const char *key, const char *name)
{
	struct app app = {.tappable = true, .streams = 1, .strip = -1};
	int strip;

	if (!key[0])
		return -EINVAL;
	/* The driver's numbers count up from 0: ours count down. */
	app.id = UINT32_MAX - c->assigned++;
	snprintf(app.key, sizeof(app.key), "%s", key);
	snprintf(app.name, sizeof(app.name), "%s", name);
	strip = app_seen(c, &app);
	apps_settled(c);
	return strip;
}

/* ---- views ---- */

static int
view_order(const void *a, const void *b)
{
	const struct console_app_view *x = a, *y = b;
	/* As unsigned numbers: -1 comes last. */
	uint32_t xs = (uint32_t)x->app.strip, ys = (uint32_t)y->app.strip;

	if (xs != ys)
		return xs < ys ? -1 : 1;
	return x->app.id < y->app.id ? -1 : x->app.id > y->app.id;
}

uint32_t
console_apps(
	const struct console *c, struct console_app_view *out, uint32_t max)
{
	uint32_t n = c->apps < max ? c->apps : max;

	for (uint32_t i = 0; i < n; i++) {
		const struct app_slot *a = &c->app[i];

		out[i].app = a->app;
		out[i].app.strip = a->strip;
		out[i].slug[0] = '\0';
		if (a->strip >= 0)
			name_copy(out[i].slug, sizeof(out[i].slug),
				keep_text(&c->keep->strip[a->strip].slug));
		else if (a->app.tappable && !a->app.note[0])
			snprintf(out[i].app.note, sizeof(out[i].app.note),
				"no strip is free: all %u are taken",
				c->config.strips);
	}
	if (n > 1)
		qsort(out, n, sizeof(*out), view_order);
	return n;
}
