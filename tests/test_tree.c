/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "control/yaml/keys.h"

struct inner {
	const struct tree_node *name, *notes;
};

struct outer {
	const struct tree_node *text, *both, *pairs, *list, *map;
};

static const struct keys inner_table[] = {
	KEYS_TEXT(inner, name), KEYS_TEXTS(inner, notes), KEYS_END};
static const struct keys outer_table[] = {KEYS_TEXT(outer, text),
	KEYS_TEXT_OR_TEXTS(outer, both), KEYS_TEXT_OR_LISTS(outer, pairs),
	KEYS_MAPS(outer, list, inner_table), KEYS_MAP(outer, map, inner_table),
	KEYS_END};

static char why[TREE_WHY_MAX];

static void
refused_bytes(const void *text, size_t size_bytes, const char *want)
{
	struct tree t;
	int rc = tree_read(&t, "x", text, size_bytes, why);

	if (rc == 0) {
		rc = keys_check(&t, outer_table);
		tree_done(&t);
	}
	assert_string_equal(why, want);
	assert_int_equal(rc, -EINVAL);
	assert_null(t.node);
}

static void
refused(const char *text, const char *want)
{
	refused_bytes(text, strlen(text), want);
}

static void
read_good(struct tree *t, const char *text)
{
	why[0] = '\0';
	assert_int_equal(tree_read(t, "x", text, strlen(text), why), 0);
	assert_int_equal(keys_check(t, outer_table), 0);
	assert_string_equal(why, "");
}

static void
assert_node(const struct tree_node *n, enum tree_kind kind, const char *path,
	uint32_t line, uint32_t column)
{
	assert_non_null(n);
	assert_int_equal(n->kind, kind);
	assert_string_equal(n->path, path);
	assert_int_equal(n->at.line, line);
	assert_int_equal(n->at.column, column);
}

static void
nodes_know_their_places(void **state)
{
	const struct tree_node *i;
	struct outer o;
	struct inner in;
	struct tree t;

	(void)state;
	read_good(&t, "# first\n"
		      "text: 'a b'\n"
		      "list:\n"
		      "  - {name: \"\xc3\xa9\", notes: [x, y]}\n"
		      "  - name:\n"
		      "pairs: [[1, 2], 3]\n"
		      "both: [q]\n");
	keys_find(t.node, outer_table, &o, sizeof(o));
	assert_node(t.node, TREE_MAP, "", 2, 1);
	assert_node(o.text, TREE_TEXT, "text", 2, 7);
	assert_string_equal(o.text->text, "a b");
	assert_int_equal(o.text->key_at.column, 1);
	assert_int_equal(tree_count(o.list), 2);
	i = tree_first(o.list);
	assert_node(i, TREE_MAP, "list[0]", 4, 5);
	keys_find(i, inner_table, &in, sizeof(in));
	assert_string_equal(in.name->text, "\xc3\xa9");
	assert_node(in.notes, TREE_LIST, "list[0].notes", 4, 24);
	assert_node(tree_first(in.notes)->end, TREE_TEXT, "list[0].notes[1]", 4,
		28);
	i = tree_next(o.list, i);
	assert_node(i, TREE_MAP, "list[1]", 5, 5);
	keys_find(i, inner_table, &in, sizeof(in));
	assert_string_equal(in.name->text, "");
	assert_null(in.notes);
	assert_null(tree_next(o.list, i));
	i = tree_first(tree_first(o.pairs));
	assert_node(i, TREE_TEXT, "pairs[0][0]", 6, 10);
	assert_node(tree_first(o.both), TREE_TEXT, "both[0]", 7, 8);
	assert_null(o.map);
	assert_null(tree_first(o.map));
	assert_int_equal(tree_count(o.text), 0);
	tree_done(&t);
}

static void
any_encoding_and_line_end_is_read(void **state)
{
	static const char utf16[] = "\xff\xfet\0e\0x\0t\0:\0 \0\xe9\0\n";
	struct outer o;
	struct tree t;

	(void)state;
	assert_int_equal(tree_read(&t, "x", utf16, sizeof(utf16), why), 0);
	keys_find(t.node, outer_table, &o, sizeof(o));
	assert_string_equal(o.text->text, "\xc3\xa9");
	tree_done(&t);
	read_good(&t, "\xef\xbb\xbftext: a\r\nboth: b\rmap: {}\r\n");
	keys_find(t.node, outer_table, &o, sizeof(o));
	assert_node(o.both, TREE_TEXT, "both", 2, 7);
	assert_node(o.map, TREE_MAP, "map", 3, 6);
	tree_done(&t);
	read_good(&t, "# nothing\n\n");
	assert_int_equal(t.nodes, 0);
	assert_int_equal(tree_refuse(&t, NULL, "says %s", "nothing"), -EINVAL);
	assert_string_equal(why, "x:3:1: says nothing");
	tree_done(&t);
}

static void
what_is_not_plain_is_refused(void **state)
{
	char key[TREE_PATH_MAX + 8], want[TREE_WHY_MAX];

	(void)state;
	refused("text: &a b\n", "x:1:7: anchors and aliases are not allowed");
	refused("list: *a\n", "x:1:7: anchors and aliases are not allowed");
	refused("map: !!map {}\n", "x:1:6: tags are not allowed");
	refused("text: \"\\0\"\n", "x:1:7: a NUL character");
	refused("text: a\n---\ntext: b\n", "x:2:1: a second document");
	refused("[a]: b\n", "x:1:1: a key must be a word");
	refused("text: a\ntext: b\n", "x:2:1: this key is there twice");
	refused("list: [{name: a, name: b}]\n",
		"x:1:18: this key is there twice");
	refused("text: a\n b: c\n",
		"x:2:3: not YAML: mapping values are not allowed in this "
		"context");
	refused("[[[[[[[[[[[[[[[[[", "x:1:17: more than 16 levels deep");
	memset(key, 'k', sizeof(key));
	memcpy(key + TREE_PATH_MAX - 1, ": 1", 4);
	snprintf(want, sizeof(want),
		"x:1:1: no key \"%.60s\" here; one of text, both, pairs, "
		"list, map",
		key);
	refused(key, want);
	memcpy(key + TREE_PATH_MAX, ": 1", 4);
	key[TREE_PATH_MAX - 1] = 'k';
	refused(key, "x:1:1: a key that is too long");
}

static void
keys_are_those_of_their_map(void **state)
{
	(void)state;
	refused("name: a\n", "x:1:1: no key \"name\" here; one of text, both, "
			     "pairs, list, map");
	refused("map:\n  text: a\n",
		"x:2:3: no key \"text\" here; one of name, notes");
	refused("list: [{}, {Notes: [a]}]\n",
		"x:1:13: no key \"Notes\" here; did you mean notes?");
	/* odd ones at their own place, and none for another */
	refused("map.name: a\n",
		"x:1:1: no key \"map.name\" here; one of text, both, pairs, "
		"list, map");
	refused("map: {name: a, \"\": b}\n",
		"x:1:16: no key \"\" here; one of name, notes");
	refused("map: {\"a\\nb\": b}\n",
		"x:1:7: no key \"a?b\" here; one of name, notes");
}

static void
each_is_of_its_kind(void **state)
{
	(void)state;
	refused("just words\n", "x:1:1: must be keys and values");
	refused("- a\n", "x:1:1: must be keys and values");
	refused("text: [a]\n", "x:1:7: text must be one value");
	refused("both: {a: b}\n", "x:1:7: both must be one value");
	refused("both: [[a]]\n", "x:1:8: both[0] must be one value");
	refused("both: []\n", "x:1:7: both: the list is empty");
	refused("pairs: [[a, [b]]]\n", "x:1:13: pairs[0][1] must be one value");
	refused("list: a\n", "x:1:7: list must be a list");
	refused("list: [a]\n", "x:1:8: list[0] must be keys and values");
	refused("map: [a]\n", "x:1:6: map must be keys and values");
	refused("map: {notes: a}\n", "x:1:14: map.notes must be a list");
}

/* As many values as there may be, and one more. */
static void
the_number_of_values_is_bounded(void **state)
{
	char *text = malloc(3 * TREE_NODES_MAX + 16);
	size_t used = (size_t)sprintf(text, "both: [a");
	struct tree t;

	(void)state;
	for (uint32_t i = 3; i < TREE_NODES_MAX; i++)
		used += (size_t)sprintf(text + used, ",a");
	sprintf(text + used, "]");
	read_good(&t, text);
	assert_int_equal(t.nodes, TREE_NODES_MAX);
	tree_done(&t);
	used += (size_t)sprintf(text + used, ",a");
	sprintf(text + used, "]");
	refused(text, "x:1:16388: more than 8192 values");
	/* a key when there is no room for its value */
	used -= 2;
	sprintf(text + used, "]\ntext: a\n");
	refused(text, "x:2:7: more than 8192 values");
	free(text);
}

/* Two bytes that become three, as many as there can be. */
static void
text_that_grows_has_room(void **state)
{
	enum { TIMES = 10000 };
	char escapes[2 * TIMES + 3] = "\"", utf16[2 * TIMES + 2] = "\xfe\xff";
	struct tree t;

	(void)state;
	for (size_t i = 0; i < TIMES; i++) {
		memcpy(escapes + 1 + 2 * i, "\\L", 2);
		memcpy(utf16 + 2 + 2 * i, "\x4e\x01", 2);
	}
	escapes[2 * TIMES + 1] = '"';
	assert_int_equal(tree_read(&t, "x", escapes, 2 * TIMES + 2, why), 0);
	assert_int_equal(strlen(t.node->text), 3 * TIMES);
	tree_done(&t);
	assert_int_equal(tree_read(&t, "x", utf16, sizeof(utf16), why), 0);
	assert_int_equal(strlen(t.node->text), 3 * TIMES);
	tree_done(&t);
}

static void
cut_anywhere_it_does_no_harm(void **state)
{
	static const char text[] =
		"text: \"a\\tb\"\nlist:\n  - {name: x, notes: [a, 'b']}\n"
		"pairs: [[1, 2], [3, 4]]\nmap:\n  ? name\n  : |\n    c\n";
	char copy[sizeof(text)];
	struct tree t;

	(void)state;
	for (size_t n = 0; n < sizeof(text); n++) {
		for (int c = 0; c < 256; c++) {
			memcpy(copy, text, sizeof(text));
			copy[n] = (char)c;
			if (tree_read(&t, "x", copy, sizeof(text) - 1, why) < 0)
				continue;
			keys_check(&t, outer_table);
			tree_done(&t);
		}
		if (tree_read(&t, "x", text, n, why) == 0)
			tree_done(&t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nodes_know_their_places),
		cmocka_unit_test(any_encoding_and_line_end_is_read),
		cmocka_unit_test(what_is_not_plain_is_refused),
		cmocka_unit_test(keys_are_those_of_their_map),
		cmocka_unit_test(each_is_of_its_kind),
		cmocka_unit_test(the_number_of_values_is_bounded),
		cmocka_unit_test(text_that_grows_has_room),
		cmocka_unit_test(cut_anywhere_it_does_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
