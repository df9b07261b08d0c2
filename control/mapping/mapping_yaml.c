/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Some keys take one text or a list. A schema of libcyaml gives a key one type,
 * so the key of a list is put in capitals before libcyaml sees it; being as
 * long as before, it leaves every place in the text as it was. Likewise the
 * brackets of a point become quotes: libcyaml 1.3 frees lists in lists twice.
 */
#include "control/mapping/mapping_yaml.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "control/yaml/yaml_text.h"

#define TEXT(key, type, member)                                                \
	CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_OPTIONAL, struct type, member,  \
		0, CYAML_UNLIMITED)
#define LIST(key, type, member, schema)                                        \
	CYAML_FIELD_SEQUENCE(key, CYAML_FLAG_OPTIONAL | CYAML_FLAG_POINTER,    \
		struct type, member, schema, 0, CYAML_UNLIMITED)

static const cyaml_schema_value_t text_schema = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 0, CYAML_UNLIMITED)};

static const cyaml_schema_field_t control_fields[] = {
	TEXT("on", yaml_control, on), TEXT("to", yaml_control, to.one),
	LIST("TO", yaml_control, to.list, &text_schema),
	TEXT("meter", yaml_control, meter), TEXT("as", yaml_control, as),
	TEXT("value", yaml_control, value), TEXT("layer", yaml_control, layer),
	TEXT("fixed", yaml_control, fixed),
	TEXT("relative", yaml_control, relative),
	TEXT("step", yaml_control, step),
	TEXT("acceleration", yaml_control, acceleration),
	TEXT("takeover", yaml_control, takeover),
	LIST("range", yaml_control, range, &text_schema),
	TEXT("invert", yaml_control, invert),
	TEXT("curve", yaml_control, curve),
	LIST("CURVE", yaml_control, points, &text_schema),
	TEXT("light", yaml_control, light), TEXT("ring", yaml_control, ring),
	TEXT("above", yaml_control, above), TEXT("lit", yaml_control, lit),
	TEXT("dark", yaml_control, dark),
	LIST("colors", yaml_control, colors, &text_schema),
	TEXT("touch", yaml_control, touch), CYAML_FIELD_END};
static const cyaml_schema_value_t control_schema = {CYAML_VALUE_MAPPING(
	CYAML_FLAG_DEFAULT, struct yaml_control, control_fields)};

static const cyaml_schema_field_t top_fields[] = {
	TEXT("name", yaml_mapping, name),
	TEXT("device", yaml_mapping, device.one),
	LIST("DEVICE", yaml_mapping, device.list, &text_schema),
	TEXT("which", yaml_mapping, which),
	TEXT("socket", yaml_mapping, socket), TEXT("port", yaml_mapping, port),
	TEXT("bank", yaml_mapping, bank),
	TEXT("channel", yaml_mapping, channel),
	TEXT("takeover", yaml_mapping, takeover),
	LIST("start", yaml_mapping, start, &text_schema),
	LIST("repeat", yaml_mapping, repeat, &text_schema),
	TEXT("every", yaml_mapping, every),
	LIST("controls", yaml_mapping, controls, &control_schema),
	CYAML_FIELD_END};
static const cyaml_schema_value_t top_schema = {CYAML_VALUE_MAPPING(
	CYAML_FLAG_POINTER, struct yaml_mapping, top_fields)};

static const struct yaml_level levels[] = {
	{"controls[", control_fields}, {NULL, NULL}};
static const struct yaml_shape shape = {&top_schema, top_fields, levels};

static const char *const either[] = {"to", "device", "curve"};
#define EITHER (sizeof(either) / sizeof(either[0]))

/* The byte of a place; places count characters. NULL: behind the end. */
static char *
text_at(char *text, size_t size_bytes, struct place_in_text at)
{
	uint32_t line = 1, column = 1;

	for (size_t i = 0; i < size_bytes; i++) {
		unsigned char c = (unsigned char)text[i];

		if ((c & 0xc0) == 0x80) /* goes on a character */
			continue;
		if (line == at.line && column == at.column)
			return text + i;
		if (c == '\n' || (c == '\r' && (i + 1 == size_bytes ||
						       text[i + 1] != '\n'))) {
			line++;
			column = 1;
		} else {
			column++;
		}
	}
	return NULL;
}

static void
capitals(char *text, size_t size_bytes, const struct mark *mark,
	const char *word)
{
	char *key = text_at(text, size_bytes, mark->key);

	if (!key)
		return;
	key += *key == '"' || *key == '\'';
	if ((size_t)(text + size_bytes - key) < strlen(word) ||
		strncmp(key, word, strlen(word)) != 0)
		return;
	for (size_t i = 0; i < strlen(word); i++)
		key[i] = (char)toupper((unsigned char)key[i]);
}

/* [0.5, 0.2] becomes "0.5, 0.2" */
static void
quote(char *text, size_t size_bytes, const struct mark *mark)
{
	static const char inside[] = "0123456789+-.eE, ";
	char *open = text_at(text, size_bytes, mark->value);
	char *end = text + size_bytes, *close = open ? open + 1 : end;

	while (close < end && *close && strchr(inside, *close))
		close++;
	if (close == end || *open != '[' || *close != ']')
		return;
	*open = *close = '"';
}

static bool
is_empty(const struct marks *marks, uint32_t i)
{
	const char *path = marks->mark[i].path;
	size_t length = strlen(path);

	return i + 1 == marks->count ||
	       strncmp(marks->mark[i + 1].path, path, length) != 0 ||
	       strcmp(marks->mark[i + 1].path + length, "[0]") != 0;
}

/* A key that takes one text or a list. */
static int
prepare_either(char *text, size_t size_bytes, const struct marks *marks,
	uint32_t i, const char *word, struct place_in_text *at, char *why)
{
	const struct mark *mark = &marks->mark[i];

	if (mark->list && is_empty(marks, i)) {
		*at = mark->value;
		snprintf(
			why, MARK_WHY_MAX, "%s: the list is empty", mark->path);
		return -EINVAL;
	}
	if (mark->list)
		capitals(text, size_bytes, mark, word);
	return 0;
}

static int
prepare(char *text, size_t size_bytes, const struct marks *marks,
	struct place_in_text *at, char *why)
{
	int rc = 0;

	for (uint32_t i = 0; rc == 0 && i < marks->count; i++) {
		const struct mark *mark = &marks->mark[i];
		const char *dot = strrchr(mark->path, '.');
		const char *key = dot ? dot + 1 : mark->path;

		if (!strncmp(key, "curve[", 6) && mark->list)
			quote(text, size_bytes, mark);
		for (size_t k = 0; rc == 0 && k < EITHER; k++) {
			if (strcasecmp(key, either[k]) != 0)
				continue;
			if (!strcmp(key, either[k])) {
				rc = prepare_either(text, size_bytes, marks, i,
					either[k], at, why);
				continue;
			}
			*at = mark->key;
			snprintf(why, MARK_WHY_MAX,
				"no key \"%s\" here; did you mean %s?", key,
				either[k]);
			return -EINVAL;
		}
	}
	return rc;
}

int
mapping_yaml_load(struct yaml_mapping **out, char *text, size_t size_bytes,
	const struct marks *marks, struct place_in_text *at, char *why)
{
	void *data = NULL;
	int rc = prepare(text, size_bytes, marks, at, why);

	if (rc == 0)
		rc = yaml_text_read(
			&data, &shape, text, size_bytes, marks, at, why);
	*out = data;
	return rc;
}

void
mapping_yaml_free(struct yaml_mapping *y)
{
	yaml_text_free(y, &shape);
}
