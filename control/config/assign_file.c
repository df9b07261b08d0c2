/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/config/assign_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "control/util/file_read.h"
#include "control/util/text.h"
#include "control/util/user_path.h"
#include "control/yaml/keys.h"
#include "control/yaml/tree_value.h"

#define BYTES_MAX ((size_t)64 * 1024)

struct entry_keys {
	const struct tree_node *key, *strip;
};

struct top_keys {
	const struct tree_node *assign;
};

/* clang-format off */
static const struct keys entry_table[] = {
	KEYS_TEXT(entry_keys, key),
	KEYS_TEXT(entry_keys, strip),
	KEYS_END};

static const struct keys top_table[] = {
	KEYS_MAPS(top_keys, assign, entry_table),
	KEYS_END};
/* clang-format on */

int
assign_path(char *path, size_t size_bytes)
{
	return user_path(USER_STATE, "tapdeck/assign.yaml", path, size_bytes);
}

static int
read_entry(const struct tree *t, const struct tree_node *entry, struct hands *h)
{
	struct hand hand = {.saved = 1};
	struct entry_keys y;
	uint32_t strip = 0;
	int rc;

	keys_find(entry, entry_table, &y, sizeof(y));
	if (!y.key || !y.strip)
		return tree_refuse(t, entry, "needs key and strip");
	rc = tree_text(t, y.key, hand.key, sizeof(hand.key));
	rc = rc < 0 ? rc : tree_whole(t, y.strip, 0, STRIPS_MAX, &strip);
	if (rc == 0 && !hands_put(h, hand.key, (int)strip - 1, true))
		rc = tree_refuse(
			t, entry, "is one too many; allowed: %d", HANDS_MAX);
	return rc;
}

static int
read_tree(const struct tree *t, struct hands *h)
{
	int rc = keys_check(t, top_table);
	struct top_keys y;

	if (rc < 0 || t->nodes == 0)
		return rc;
	keys_find(t->node, top_table, &y, sizeof(y));
	for (const struct tree_node *i = tree_first(y.assign); rc == 0 && i;
		i = tree_next(y.assign, i))
		rc = read_entry(t, i, h);
	return rc;
}

int
assign_load(struct hands *h, const char *path, char *why)
{
	struct hands next = *h;
	size_t size_bytes;
	struct tree t;
	char *text;
	int rc = file_read(
		&text, &size_bytes, path, BYTES_MAX, why, ASSIGN_WHY_MAX);

	if (rc < 0)
		return rc;
	rc = tree_read(&t, path, text, size_bytes, why);
	free(text);
	if (rc < 0)
		return rc;
	rc = read_tree(&t, &next);
	tree_done(&t);
	if (rc == 0)
		*h = next;
	return rc;
}

int
assign_text(char **text, size_t *size_bytes, const struct hands *h)
{
	FILE *to = open_memstream(text, size_bytes);
	bool none = true;

	if (!to)
		return -ENOMEM;
	fputs("# Written by `tapdeck assign --save`; strip 0 is none.\n"
	      "assign:",
		to);
	for (uint32_t i = 0; i < h->count; i++) {
		if (!h->hand[i].saved)
			continue;
		none = false;
		fputs("\n  - {key: ", to);
		text_yaml(to, h->hand[i].key);
		fprintf(to, ", strip: %d}", h->hand[i].strip + 1);
	}
	fputs(none ? " []\n" : "\n", to);
	if (fclose(to) == 0)
		return 0;
	free(*text);
	*text = NULL;
	return -ENOMEM;
}
