/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/state/state_own.h"
#include "control/util/check.h"
#include "control/yaml/keys.h"
#include "control/yaml/tree_value.h"
#include "core/hash.h"

#define SUM_BYTES (sizeof(STATE_SUM) - 1 + 9) /* with its newline */

/* An entry has its name and number besides, and is in a list of the whole. */
_Static_assert(
	(STRIPS_MAX + BUSES_MAX + 1) * (KEEP_ROWS_MAX + 4) <= TREE_NODES_MAX,
	"what was written can be read");

const struct tree_node *
state_entry(const struct tree_node *map, const char *key)
{
	const struct tree_node *i = tree_first(map);

	while (i && strcmp(i->key, key) != 0)
		i = tree_next(map, i);
	return i;
}

const char *
state_word(const struct tree_node *map, const char *key)
{
	const struct tree_node *i = state_entry(map, key);

	return i && i->kind == TREE_TEXT ? i->text : "";
}

/* ---- is it whole? ---- */

static int
sum_check(struct state_text *t, const char *text, size_t size_bytes)
{
	char want[SUM_BYTES + 1];
	size_t before = size_bytes - SUM_BYTES;

	if (size_bytes >= SUM_BYTES) {
		snprintf(want, sizeof(want), STATE_SUM "%08x\n",
			hash_bytes(HASH_START, text, before));
		if (!memcmp(text + before, want, SUM_BYTES))
			return 0;
	}
	snprintf(t->why, sizeof(t->why),
		"%.300s: not whole, or changed by another program: its sum is "
		"another one",
		t->tree.file);
	return -EINVAL;
}

/* What a later version has for a sum, it knows. */
static int
version_check(const struct state_text *t)
{
	const struct tree_node *node = NULL;
	char why[CHECK_WHY_MAX];
	uint32_t version;

	if (t->tree.nodes > 0)
		node = state_entry(t->tree.node, "version");
	if (!node || node->kind != TREE_TEXT)
		return tree_refuse(&t->tree, NULL, "has no version");
	if (check_whole(node->text, 1, UINT32_MAX, &version, why) < 0)
		return tree_refuse_value(&t->tree, node, node->text, why);
	if (version > STATE_VERSION)
		return tree_refuse(&t->tree, node,
			"of a later tapdeck, which has %u where this one has "
			"%d",
			version, STATE_VERSION);
	return 0;
}

/* A map of texts. */
static int
entry_check(const struct state_text *t, const struct tree_node *entry)
{
	const struct tree_node *i = tree_first(entry);

	if (entry->kind != TREE_MAP)
		return tree_refuse(&t->tree, entry, "must be keys and values");
	for (; i; i = tree_next(entry, i))
		if (i->kind != TREE_TEXT)
			return tree_refuse(&t->tree, i, "must be one value");
	return 0;
}

static int
list_check(const struct state_text *t, const char *key)
{
	const struct tree_node *list = state_entry(t->tree.node, key);
	const struct tree_node *i = tree_first(list);
	int rc = 0;

	if (list && list->kind != TREE_LIST)
		return tree_refuse(&t->tree, list, "must be a list");
	for (; rc == 0 && i; i = tree_next(list, i))
		rc = entry_check(t, i);
	return rc;
}

static int
shape_check(const struct state_text *t)
{
	const struct tree_node *mixer = state_entry(t->tree.node, "mixer");
	int rc = mixer ? entry_check(t, mixer) : 0;

	rc = rc < 0 ? rc : list_check(t, "buses");
	return rc < 0 ? rc : list_check(t, "strips");
}

int
state_text_read(struct state_text *t, const char *file, const char *text,
	size_t size_bytes)
{
	int rc;

	memset(t, 0, sizeof(*t));
	rc = tree_read(&t->tree, file, text, size_bytes, t->why);
	rc = rc < 0 ? rc : version_check(t);
	rc = rc < 0 ? rc : sum_check(t, text, size_bytes);
	rc = rc < 0 ? rc : shape_check(t);
	if (rc < 0)
		state_text_done(t);
	return rc;
}

void
state_text_done(struct state_text *t)
{
	tree_done(&t->tree);
	memset(t->entry, 0, sizeof(t->entry));
}

/* ---- whose is it? ---- */

static void
buses_place(struct state_text *t, const struct model *c)
{
	const struct tree_node *list = state_entry(t->tree.node, "buses");
	const struct tree_node *i = tree_first(list);
	const struct tree_node **bus = t->entry[KEEP_BUS];

	for (; i; i = tree_next(list, i))
		for (uint32_t b = 0; b < keep_count(c, KEEP_BUS); b++)
			if (!bus[b] &&
				!strcmp(state_word(i, "bus"), keep_bus(c, b)))
				bus[b] = i;
}

static void
strips_place(struct state_text *t, const struct model *c,
	const struct tree_node *const *entry, const struct keep_who *who,
	uint32_t n)
{
	int strip[STRIPS_MAX];

	keep_place(c, who, n, strip);
	for (uint32_t i = 0; i < n; i++)
		if (strip[i] >= 0)
			t->entry[KEEP_STRIP][strip[i]] = entry[i];
}

/* Under the same configuration each is where it was. */
static bool
is_same(const struct state_text *t, const struct model *c)
{
	return strtoull(state_word(t->tree.node, "configuration"), NULL, 16) ==
	       keep_configuration(c);
}

static void
strips_collect(struct state_text *t, const struct model *c)
{
	const struct tree_node *list = state_entry(t->tree.node, "strips");
	const struct tree_node *i = tree_first(list), *entry[STRIPS_MAX];
	const struct tree_node **strip = t->entry[KEEP_STRIP];
	struct keep_who who[STRIPS_MAX];
	uint32_t n = 0, number;
	char why[CHECK_WHY_MAX];

	for (; i && n < STRIPS_MAX; i = tree_next(list, i)) {
		if (check_whole(state_word(i, "strip"), 1, STRIPS_MAX, &number,
			    why) < 0)
			continue;
		if (is_same(t, c)) {
			if (number <= keep_count(c, KEEP_STRIP) &&
				!strip[number - 1])
				strip[number - 1] = i;
			continue;
		}
		entry[n] = i;
		who[n++] = (struct keep_who){state_word(i, "configured"),
			state_word(i, "key"), state_word(i, "name"),
			number - 1};
	}
	strips_place(t, c, entry, who, n);
}

void
state_text_place(struct state_text *t, const struct model *c)
{
	if (t->tree.nodes == 0)
		return;
	t->entry[KEEP_MIXER][0] = state_entry(t->tree.node, "mixer");
	buses_place(t, c);
	strips_collect(t, c);
}

static void
entry_restore(struct model *c, struct keep_at at, const struct tree_node *entry)
{
	const struct tree_node *i = tree_first(entry);

	for (; i; i = tree_next(entry, i))
		keep_put(c, at, i->key, i->text);
}

void
state_text_restore(const struct state_text *t, struct model *c)
{
	for (enum keep_scope s = KEEP_MIXER; s <= KEEP_STRIP; s++)
		for (uint32_t i = 0; i < keep_count(c, s); i++)
			entry_restore(
				c, (struct keep_at){s, i}, t->entry[s][i]);
}
