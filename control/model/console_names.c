/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What strips are called by what they hold, and by which slug they are
 * addressed. */
#include <stdio.h>
#include <string.h>

#include "control/model/console_state.h"

static struct place
strip_place(uint32_t strip)
{
	return (struct place){.strip = (uint8_t)strip};
}

static int
slug_holder(const struct console *c, uint32_t strip, const char *slug)
{
	int other = params_slug_strip(&c->params, slug);

	return other == (int)strip ? -1 : other;
}

/* The first of deck-2, deck-3, ... that no other strip has. */
static void
slug_number(const struct console *c, uint32_t strip, const char *slug,
	char out[PARAM_TEXT_MAX])
{
	for (uint32_t n = 2; n < 2 + STRIPS_MAX; n++) {
		snprintf(out, PARAM_TEXT_MAX, "%s-%u", slug, n);
		if (slug_holder(c, strip, out) < 0)
			return;
	}
}

/* What a program is called that has to leave its name's slug to another. */
static void
slug_of_key(const struct console *c, uint32_t strip, const char *slug,
	char out[PARAM_TEXT_MAX])
{
	char own[SLUG_MAX];

	name_slug(own, keep_text(&c->keep->strip[strip].key));
	if (own[0] && strcmp(own, slug) != 0 && slug_holder(c, strip, own) < 0)
		snprintf(out, PARAM_TEXT_MAX, "%s", own);
	else
		slug_number(c, strip, slug, out);
}

/* Whether program a rather than b is called so when both are: it is its key as
 * well, else the key says. Not who came first: that is another one tomorrow. */
static bool
goes_before(const char *a, const char *b, const char *slug)
{
	char x[SLUG_MAX], y[SLUG_MAX];
	bool is_a, is_b;

	name_slug(x, a);
	name_slug(y, b);
	is_a = !strcmp(x, slug);
	is_b = !strcmp(y, slug);
	return is_a != is_b ? is_a : strcmp(a, b) < 0;
}

/* Both are named by their programs, and not by a hand. A key is on one strip
 * alone, so that it tells them apart. */
static bool
programs_differ(const struct keep_strip *a, const struct keep_strip *b)
{
	return keep_text(&a->key)[0] && keep_text(&b->key)[0] &&
	       !keep_text_by_user(&a->name) && !keep_text_by_user(&b->name);
}

static void
slug_put(struct console *c, uint32_t strip, const char *slug)
{
	keep_put_text(&c->keep->strip[strip].slug, slug, false);
	params_slugs(&c->params);
}

/* Gives the strip a slug that no other has. */
static void
slug_choose(struct console *c, uint32_t strip)
{
	struct keep_strip *s = &c->keep->strip[strip], *other;
	char slug[SLUG_MAX], out[PARAM_TEXT_MAX];
	int holder;

	name_slug_any(slug, keep_text(&s->name), keep_text(&s->key));
	snprintf(out, sizeof(out), "%s", slug);
	holder = slug[0] ? slug_holder(c, strip, slug) : -1;
	if (holder < 0) {
		slug_put(c, strip, out);
		return;
	}
	other = &c->keep->strip[holder];
	if (!programs_differ(s, other)) {
		slug_number(c, strip, slug, out);
	} else if (!goes_before(
			   keep_text(&s->key), keep_text(&other->key), slug)) {
		slug_of_key(c, strip, slug, out);
	} else {
		slug_of_key(c, (uint32_t)holder, slug, out);
		slug_put(c, (uint32_t)holder, out);
		params_note(c, ROW_STRIP_NAME, strip_place((uint32_t)holder));
		snprintf(out, sizeof(out), "%s", slug);
	}
	slug_put(c, strip, out);
}

/* It may be the slug of what the strip holds. */
static bool
slug_fits(const struct console *c, uint32_t strip)
{
	const struct keep_strip *s = &c->keep->strip[strip];
	const char *slug = keep_text(&s->slug);
	char plain[SLUG_MAX], own[SLUG_MAX];

	name_slug_any(plain, keep_text(&s->name), keep_text(&s->key));
	name_slug(own, keep_text(&s->key));
	return params_slug_strip(&c->params, slug) == (int)strip &&
	       (!strncmp(slug, plain, strlen(plain)) || !strcmp(slug, own));
}

void
console_name_strip(
	struct console *c, uint32_t strip, const char *name, bool by_user)
{
	struct keep_strip *s = &c->keep->strip[strip];
	bool same = !strcmp(keep_text(&s->name), name);

	if (!same || keep_text_by_user(&s->name) != by_user)
		keep_put_text(&s->name, name, by_user);
	/* Another program of the same name may have had the strip. */
	if (same && (!name[0] || slug_fits(c, strip)))
		return;
	slug_choose(c, strip);
	params_note(c, ROW_STRIP_NAME, strip_place(strip));
}

void
console_take_over(struct console *c)
{
	uint64_t left;

	for (uint32_t i = 0; i < c->config.strips; i++) {
		struct keep_strip *s = &c->keep->strip[i];

		/* Two strips may hold the same slug only in damaged memory; a
		 * kill may have come between a name and its slug. */
		if (!slug_fits(c, i)) {
			slug_put(c, i, "");
			slug_choose(c, i);
		}
		/* relaxed: only this thread stores */
		left = atomic_load_explicit(&s->left, memory_order_relaxed);
		if (left > c->lefts && left < UINT64_MAX / 2)
			c->lefts = left;
	}
	/* An app that was here when the process died left last of all. */
	for (uint32_t i = 0; i < c->config.strips; i++) {
		struct keep_strip *s = &c->keep->strip[i];

		/* relaxed: only this thread stores */
		left = atomic_load_explicit(&s->left, memory_order_relaxed);
		if (keep_text(&s->key)[0] && (left == 0 || left > c->lefts))
			atomic_store_explicit(
				&s->left, ++c->lefts, memory_order_relaxed);
	}
}

void
console_strip_app(
	const struct console *c, uint32_t strip, char out[PARAM_TEXT_MAX])
{
	char names[PARAM_TEXT_MAX + APP_NAME_MAX + 4] = "";

	for (uint32_t i = 0; i < c->apps; i++) {
		size_t used = strlen(names);

		if (c->app[i].strip != (int)strip || used >= PARAM_TEXT_MAX)
			continue;
		snprintf(names + used, sizeof(names) - used, "%s%s",
			used ? ", " : "", c->app[i].app.name);
	}
	name_copy(out, PARAM_TEXT_MAX, names);
}
