/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/model/names.h"

#include <stdio.h>
#include <string.h>

#include "control/model/model_state.h"
#include "control/util/name.h"

const char *
names_of(const struct model *c, uint32_t strip)
{
	return values_text(kept_text(&c->kept, ROW_STRIP_NAME, strip));
}

bool
names_by_user(const struct model *c, uint32_t strip)
{
	return values_text_by_user(kept_text(&c->kept, ROW_STRIP_NAME, strip));
}

const char *
names_slug(const struct model *c, uint32_t strip)
{
	return values_text(kept_text(&c->kept, ROW_STRIP_SLUG, strip));
}

const char *
names_key(const struct model *c, uint32_t strip)
{
	return values_text(kept_text(&c->kept, ROW_STRIP_KEY, strip));
}

/* ---- by slug ---- */

static void
slugs_hash(struct model *c)
{
	memset(c->slugs, 0, sizeof(c->slugs));
	c->names++;
	for (uint32_t i = 0; i < c->config.strips; i++) {
		uint32_t at = piece_hash(piece_of(names_slug(c, i)));

		if (!names_slug(c, i)[0])
			continue;
		while (c->slugs[at % SLUG_HASH])
			at++;
		c->slugs[at % SLUG_HASH] = (uint8_t)(i + 1);
	}
}

int
names_find(const struct model *c, struct piece slug)
{
	uint32_t at = piece_hash(slug);
	uint8_t found;

	while (slug.length > 0 && (found = c->slugs[at % SLUG_HASH])) {
		if (piece_is(slug, names_slug(c, found - 1u)))
			return found - 1;
		at++;
	}
	return -1;
}

/* ---- a slug of its own ---- */

static int
slug_holder(const struct model *c, uint32_t strip, const char *slug)
{
	int other = names_find(c, piece_of(slug));

	return other == (int)strip ? -1 : other;
}

/* The first of deck-2, deck-3, ... that no other strip has. */
static void
slug_number(const struct model *c, uint32_t strip, const char *slug,
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
slug_from_key(const struct model *c, uint32_t strip, const char *slug,
	char out[PARAM_TEXT_MAX])
{
	char own[SLUG_MAX];

	name_slug(own, names_key(c, strip));
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
programs_differ(const struct model *c, uint32_t a, uint32_t b)
{
	return names_key(c, a)[0] && names_key(c, b)[0] &&
	       !names_by_user(c, a) && !names_by_user(c, b);
}

static void
slug_put(struct model *c, uint32_t strip, const char *slug)
{
	values_put_text(
		kept_text(&c->kept, ROW_STRIP_SLUG, strip), slug, false);
	slugs_hash(c);
}

/* Gives the strip a slug that no other has. */
static void
slug_choose(struct model *c, uint32_t strip, struct changed *changed)
{
	char slug[SLUG_MAX], out[PARAM_TEXT_MAX];
	int holder;
	uint32_t other;

	name_slug_any(slug, names_of(c, strip), names_key(c, strip));
	snprintf(out, sizeof(out), "%s", slug);
	holder = slug_holder(c, strip, slug);
	other = holder < 0 ? strip : (uint32_t)holder;
	if (other == strip) {
		slug_put(c, strip, out);
		return;
	}
	if (!programs_differ(c, strip, other)) {
		slug_number(c, strip, slug, out);
	} else if (!goes_before(
			   names_key(c, strip), names_key(c, other), slug)) {
		slug_from_key(c, strip, slug, out);
	} else {
		slug_from_key(c, other, slug, out);
		slug_put(c, other, out);
		changed_add(changed, ROW_STRIP_NAME, strip_place(other));
		snprintf(out, sizeof(out), "%s", slug);
	}
	slug_put(c, strip, out);
}

/* It may be the slug of what the strip holds. */
static bool
slug_fits(const struct model *c, uint32_t strip)
{
	const char *slug = names_slug(c, strip);
	char plain[SLUG_MAX], own[SLUG_MAX];

	name_slug_any(plain, names_of(c, strip), names_key(c, strip));
	name_slug(own, names_key(c, strip));
	return names_find(c, piece_of(slug)) == (int)strip &&
	       (!strncmp(slug, plain, strlen(plain)) || !strcmp(slug, own));
}

void
names_set(struct model *c, uint32_t strip, const char *name, bool by_user,
	struct changed *out)
{
	struct values_text *t = kept_text(&c->kept, ROW_STRIP_NAME, strip);
	bool same = !strcmp(values_text(t), name);

	if (!same || values_text_by_user(t) != by_user)
		values_put_text(t, name, by_user);
	/* Another program of the same name may have had the strip. */
	if (same && (!name[0] || slug_fits(c, strip)))
		return;
	slug_choose(c, strip, out);
	changed_add(out, ROW_STRIP_NAME, strip_place(strip));
}

void
names_open(struct model *c)
{
	struct changed nobody = {.count = 0};

	slugs_hash(c);
	for (uint32_t i = 0; i < c->config.strips; i++) {
		/* Two strips may hold the same slug only in damaged memory; a
		 * kill may have come between a name and its slug. */
		if (slug_fits(c, i))
			continue;
		slug_put(c, i, "");
		slug_choose(c, i, &nobody);
	}
}
