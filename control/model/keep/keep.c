/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/model/keep/keep.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/model/model_state.h"
#include "control/model/names.h"
#include "control/util/name.h"
#include "control/util/text.h"

#define BY_HAND " by hand" /* behind the name of a text */
#define NO_BUS	"none"	   /* no bus is called so */

/* ---- places ---- */

static struct place
place_of(struct keep_at at)
{
	return at.scope == KEEP_STRIP
		       ? strip_place(at.index)
		       : (struct place){PLACE_BUS, (uint8_t)at.index};
}

/* A word of it is kept. */
static bool
is_there(const struct row *row, enum keep_scope scope)
{
	static const enum row_scope of[] = {
		[KEEP_MIXER] = ROW_OF_ALL,
		[KEEP_BUS] = ROW_OF_BUS,
		[KEEP_STRIP] = ROW_OF_STRIP,
	};

	return row->scope == of[scope] && !row->fleeting &&
	       (row_keeps_text(row) || row_keeps_number(row));
}

static bool
is_route(const struct row *row)
{
	return row_name_of(row) == ROW_STRIP_ROUTE;
}

/* ---- from values to words ---- */

static void
route_word(const struct model *c, double mask, char word[KEEP_WORD_MAX])
{
	word[0] = '\0';
	for (uint32_t b = 0; b < c->config.buses; b++)
		if ((uint32_t)mask >> b & 1)
			text_add(word, KEEP_WORD_MAX, "%s%s",
				word[0] ? "+" : "", c->config.bus_name[b]);
	if (!word[0])
		snprintf(word, KEEP_WORD_MAX, NO_BUS);
}

_Static_assert(BUSES_MAX *BUS_NAME_MAX <= KEEP_WORD_MAX,
	"the names of all buses are a word");
_Static_assert(ROWS_MAX + VALUES_TEXTS <= KEEP_ROWS_MAX,
	"a word for each row, and whose it is for each text");

/* As short as it can be and still be the same. */
static void
number_word(double v, char word[KEEP_WORD_MAX])
{
	for (int digits = 6; digits <= 17; digits++) {
		snprintf(word, KEEP_WORD_MAX, "%.*g", digits, v);
		if (strtod(word, NULL) == v)
			return;
	}
}

static void
word_of(const struct model *c, const struct row *row, struct place at,
	double kept, char word[KEEP_WORD_MAX])
{
	const char *choice[PARAM_CHOICES_MAX];

	if (is_route(row)) {
		route_word(c, kept, word);
		return;
	}
	if (!row_has_choices(row)) {
		number_word(kept, word);
		return;
	}
	row_choices(c, row, choice);
	name_copy(word, KEEP_WORD_MAX,
		choice[(uint32_t)row_shown(c, row, at, kept)]);
}

static void
number_visit(const struct model *c, const struct row *row, struct place at,
	keep_visit visit, void *data)
{
	double kept = kept_number(&c->kept, row_name_of(row), at);
	char word[KEEP_WORD_MAX];

	if (kept == row_first(c, row))
		return;
	word_of(c, row, at, kept, word);
	visit(data, row->name, word);
}

static void
text_visit(const struct model *c, const struct row *row, struct place at,
	keep_visit visit, void *data)
{
	const struct values_text *t =
		kept_text(&c->kept, row_name_of(row), at.strip);
	const char *first = row->start_text ? row->start_text(c, at) : "";
	char name[VALUES_NAME_MAX];

	if (!strcmp(values_text(t), first) &&
		values_text_by_user(t) == (first[0] != '\0'))
		return;
	visit(data, row->name, values_text(t));
	snprintf(name, sizeof(name), "%s" BY_HAND, row->name);
	if (values_text_by_user(t))
		visit(data, name, "1");
}

void
keep_each(
	const struct model *c, struct keep_at at, keep_visit visit, void *data)
{
	for (uint32_t i = 0; i < rows_count; i++) {
		if (!is_there(&rows[i], at.scope))
			continue;
		if (row_keeps_text(&rows[i]))
			text_visit(c, &rows[i], place_of(at), visit, data);
		else
			number_visit(c, &rows[i], place_of(at), visit, data);
	}
}

/* ---- from words to values ---- */

static bool
route_of(const struct model *c, const char *word, double *kept)
{
	char name[KEEP_WORD_MAX];
	uint32_t mask = 0;

	for (size_t n; strcmp(word, NO_BUS) != 0; word += n + 1) {
		int bus;

		n = strcspn(word, "+");
		snprintf(name, sizeof(name), "%.*s", (int)n, word);
		bus = model_config_bus_find(&c->config, name);
		if (bus >= 0)
			mask |= 1u << bus;
		if (!word[n])
			break;
	}
	*kept = mask;
	return true;
}

static bool
choice_of(const struct model *c, const struct row *row, struct place at,
	const char *word, double *kept)
{
	const char *choice[PARAM_CHOICES_MAX];
	uint32_t n = row_choices(c, row, choice);

	for (uint32_t i = 0; i < n; i++) {
		if (strcmp(choice[i], word) != 0)
			continue;
		*kept = row_kept(c, row, at, *kept, i);
		return true;
	}
	return false;
}

static bool
number_of(const char *word, double *kept)
{
	char *end;
	double v = strtod(word, &end);

	if (end == word || *end || isnan(v))
		return false;
	*kept = v;
	return true;
}

static bool
number_put(struct model *c, const struct row *row, struct place at,
	const char *word)
{
	_Atomic double *to = kept_at(&c->kept, row_name_of(row), at);
	double kept = values_number(to);
	bool good = is_route(row)	   ? route_of(c, word, &kept)
		    : row_has_choices(row) ? choice_of(c, row, at, word, &kept)
					   : number_of(word, &kept);

	if (!good)
		return false;
	values_put(to, kept);
	row_check(c, row, at);
	return true;
}

static void
text_put(struct model *c, const struct row *row, struct place at,
	const char *word)
{
	struct values_text *t = kept_text(&c->kept, row_name_of(row), at.strip);

	values_put_text(t, word, false);
	row_check(c, row, at);
}

/* "name by hand" of the text "name" */
static bool
is_by_hand(const struct row *row, const char *word)
{
	size_t n = strlen(row->name);

	return row_keeps_text(row) && !strncmp(word, row->name, n) &&
	       !strcmp(word + n, BY_HAND);
}

static void
by_hand_put(struct model *c, const struct row *row, struct place at)
{
	struct values_text *t = kept_text(&c->kept, row_name_of(row), at.strip);
	char text[VALUES_TEXT_MAX];

	name_copy(text, sizeof(text), values_text(t));
	values_put_text(t, text, true);
}

/* NULL: none keeps what is called so. */
static const struct row *
row_of(enum keep_scope scope, const char *name)
{
	for (uint32_t i = 0; i < rows_count; i++) {
		const struct row *row = &rows[i];

		if (is_there(row, scope) &&
			(!strcmp(row->name, name) || is_by_hand(row, name)))
			return row;
	}
	return NULL;
}

bool
keep_knows(enum keep_scope scope, const char *name)
{
	return row_of(scope, name) != NULL;
}

bool
keep_put(struct model *c, struct keep_at at, const char *name, const char *word)
{
	const struct row *row = row_of(at.scope, name);

	if (!row)
		return false;
	if (is_by_hand(row, name))
		by_hand_put(c, row, place_of(at));
	else if (row_keeps_text(row))
		text_put(c, row, place_of(at), word);
	else
		return number_put(c, row, place_of(at), word);
	return true;
}

/* ---- the whole ---- */

uint32_t
keep_count(const struct model *c, enum keep_scope scope)
{
	if (scope == KEEP_MIXER)
		return 1;
	return scope == KEEP_BUS ? c->config.buses : c->config.strips;
}

const char *
keep_bus(const struct model *c, uint32_t bus)
{
	return c->config.bus_name[bus];
}

const char *
keep_key(const struct model *c, uint32_t strip)
{
	return names_key(c, strip);
}

const char *
keep_configured(const struct model *c, uint32_t strip)
{
	return c->config.strip_name[strip];
}

const void *
keep_bytes(const struct model *c)
{
	return c->kept.values;
}

size_t
keep_size_bytes(void)
{
	return sizeof(struct values);
}
