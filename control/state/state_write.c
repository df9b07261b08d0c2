/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/state/state_own.h"
#include "control/util/name.h"
#include "core/hash.h"

static const char head[] =
	"# What tapdeck kept when it ran last; it writes this file itself.\n"
	"# After a change by hand its sum does not fit, and it is set aside.\n";

/* ---- words ---- */

/* Needs no quotes: letters, digits, blanks in the middle, a few signs. */
static bool
is_plain(const char *word)
{
	size_t n = strlen(word);

	if (n == 0 || !(isalnum((unsigned char)word[0]) || word[0] == '-') ||
		(word[0] == '-' && !isdigit((unsigned char)word[1])) ||
		word[n - 1] == ' ')
		return false;
	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)word[i]) &&
			!strchr(" ._/+-", word[i]))
			return false;
	return true;
}

/* Whether YAML has it only as its number. */
static bool
is_rare(uint32_t letter)
{
	return letter < 0x20 || letter == 0x7f || letter == 0x85 ||
	       letter == 0x2028 || letter == 0x2029 || letter == 0xfeff ||
	       letter == 0xfffe || letter == 0xffff;
}

static void
word_put(FILE *to, const char *word)
{
	uint32_t letter;
	size_t n;

	if (is_plain(word)) {
		fputs(word, to);
		return;
	}
	fputc('"', to);
	for (; (n = name_utf8_next(word, &letter)) > 0; word += n) {
		if (is_rare(letter))
			fprintf(to, "\\u%04" PRIX32, letter);
		else
			fprintf(to, "%s%.*s",
				letter == '"' || letter == '\\' ? "\\" : "",
				(int)n, word);
	}
	fputc('"', to);
}

static void
pair_put(FILE *to, const char *before, const char *key, const char *word)
{
	fputs(before, to);
	word_put(to, key);
	fputs(": ", to);
	word_put(to, word);
	fputc('\n', to);
}

/* ---- entries ---- */

static bool
is_placed(const struct state_text *t, enum keep_scope scope,
	const struct tree_node *entry)
{
	for (uint32_t i = 0; i < STRIPS_MAX; i++)
		if (t->entry[scope][i] == entry)
			return true;
	return false;
}

/* One of a list, or the mixer's. */
struct entry {
	FILE *to;
	const char **heading;	 /* NULL in it: it is there */
	const char *key, *value; /* by what it is known; NULL: not needed */
	const char *configured;
	bool begun;
};

/* One without any value is left out, and so is a list of none: YAML has them as
 * something else. */
static void
entry_begin(struct entry *e)
{
	if (*e->heading)
		fprintf(e->to, "%s:\n", *e->heading);
	*e->heading = NULL;
	if (e->begun)
		return;
	e->begun = true;
	if (e->key)
		pair_put(e->to, "- ", e->key, e->value);
	if (e->key && e->configured[0])
		pair_put(e->to, "  ", "configured", e->configured);
}

static void
on_value(void *data, const char *row, const char *word)
{
	struct entry *e = data;

	entry_begin(e);
	pair_put(e->to, "  ", row, word);
}

static bool
is_identity(const char *key)
{
	return !strcmp(key, "strip") || !strcmp(key, "configured") ||
	       !strcmp(key, "bus");
}

static void
known_put(struct entry *e, const struct model *c, struct keep_at at,
	const struct tree_node *read)
{
	const struct tree_node *i = tree_first(read);

	keep_each(c, at, on_value, e);
	for (; i; i = tree_next(read, i))
		if (!is_identity(i->key) && !keep_knows(at.scope, i->key))
			on_value(e, i->key, i->text);
}

static void
other_put(struct entry *e, const struct tree_node *read)
{
	const struct tree_node *i = tree_first(read);

	for (; i; i = tree_next(read, i))
		if (strcmp(i->key, e->key) != 0)
			on_value(e, i->key, i->text);
}

/* ---- all of them ---- */

/* Its app has another strip now. */
static bool
is_elsewhere(const struct model *c, const struct tree_node *entry)
{
	const char *key = state_word(entry, "key");

	for (uint32_t s = 0; key[0] && s < keep_count(c, KEEP_STRIP); s++)
		if (!strcmp(keep_key(c, s), key))
			return true;
	return false;
}

static void
list_put(FILE *to, const struct state_text *t, const struct model *c,
	enum keep_scope scope, const char *heading, const char *key)
{
	const struct tree_node *list = state_entry(t->tree.node, heading);
	const struct tree_node *i = tree_first(list);
	struct entry e = {to, &heading, key, "", "", false};
	char number[16];

	for (uint32_t k = 0; k < keep_count(c, scope); k++) {
		snprintf(number, sizeof(number), "%u", k + 1);
		e.begun = false;
		e.value = scope == KEEP_BUS ? keep_bus(c, k) : number;
		e.configured = scope == KEEP_BUS ? "" : keep_configured(c, k);
		known_put(
			&e, c, (struct keep_at){scope, k}, t->entry[scope][k]);
	}
	for (; i; i = tree_next(list, i)) {
		e.begun = false;
		e.value = state_word(i, key);
		e.configured = ""; /* it is one of its values */
		if (!is_placed(t, scope, i) &&
			(scope == KEEP_BUS || !is_elsewhere(c, i)))
			other_put(&e, i);
	}
}

static void
all_put(FILE *to, const struct state_text *t, const struct model *c)
{
	const char *heading = "mixer";
	struct entry mixer = {to, &heading, NULL, "", "", false};

	fprintf(to, "%sversion: %d\nconfiguration: %08" PRIx32 "\n", head,
		STATE_VERSION, keep_configuration(c));
	known_put(&mixer, c, (struct keep_at){KEEP_MIXER, 0},
		t->entry[KEEP_MIXER][0]);
	list_put(to, t, c, KEEP_BUS, "buses", "bus");
	list_put(to, t, c, KEEP_STRIP, "strips", "strip");
}

int
state_text_write(const struct state_text *t, const struct model *c, char **text,
	size_t *size_bytes)
{
	FILE *to;
	bool good;

	*text = NULL;
	to = open_memstream(text, size_bytes);
	if (!to)
		return -ENOMEM;
	all_put(to, t, c);
	good = fflush(to) == 0;
	if (good)
		fprintf(to, STATE_SUM "%08x\n",
			hash_bytes(HASH_START, *text, *size_bytes));
	if (fclose(to) == 0 && good)
		return 0;
	free(*text);
	*text = NULL;
	return -ENOMEM;
}
