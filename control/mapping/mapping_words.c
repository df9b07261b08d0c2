/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ctype.h>
#include <errno.h>
#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/mapping/mapping_words.h"
#include "control/util/check.h"
#include "control/yaml/tree_value.h"

#define NUMBER_MAX 99999 /* of a list */

bool
mapping_is_number(const char *text, double *out)
{
	char ignored[CHECK_WHY_MAX];

	return check_number(text, -DBL_MAX, DBL_MAX, "", out, ignored) == 0;
}

int
mapping_number(const struct tree *t, const struct tree_node *node,
	const char *text, double min, double max, double *out)
{
	char why[CHECK_WHY_MAX];

	if (check_number(text, min, max, "", out, why) < 0)
		return tree_refuse_value(t, node, text, why);
	return 0;
}

int
mapping_whole(const struct tree *t, const struct tree_node *node,
	const char *text, uint32_t min, uint32_t max, uint32_t *out)
{
	char why[CHECK_WHY_MAX];

	if (check_whole(text, min, max, out, why) < 0)
		return tree_refuse_value(t, node, text, why);
	return 0;
}

int
mapping_text(const struct tree *t, const struct tree_node *node,
	const char *text, char *out, size_t size_bytes)
{
	char why[CHECK_WHY_MAX];

	if (!text[0])
		return tree_refuse(t, node, "must not be empty");
	if (check_text_copy(out, size_bytes, text, why) < 0)
		return tree_refuse_value(t, node, text, why);
	return 0;
}

/* ---- lists ---- */

/* Takes a number off the front. */
static bool
take_number(const char **text, unsigned base, uint32_t *out)
{
	char *end;
	unsigned long value = strtoul(*text, &end, (int)base);

	if (!isxdigit((unsigned char)**text) || end == *text ||
		value > NUMBER_MAX)
		return false;
	*text = end;
	*out = (uint32_t)value;
	return true;
}

static bool
take_sign(const char **text, char sign)
{
	if (**text != sign)
		return false;
	(*text)++;
	return true;
}

/* 1-8, 8-1, 0-56/8: how many; 0 when it is none. */
static uint32_t
range_of(const char *text, const char *end, unsigned base, uint32_t *first,
	int32_t *step)
{
	uint32_t last, by = 1;

	if (!take_number(&text, base, first) || !take_sign(&text, '-') ||
		!take_number(&text, base, &last))
		return 0;
	if (take_sign(&text, '/') && !take_number(&text, base, &by))
		return 0;
	if (text != end || by == 0)
		return 0;
	*step = last < *first ? -(int32_t)by : (int32_t)by;
	return (last < *first ? *first - last : last - *first) / by + 1;
}

int
mapping_list(const char *text, size_t length, unsigned base, uint32_t index,
	char *out, size_t size_bytes)
{
	const char *end = text + length;
	uint32_t count = 0;

	out[0] = '\0';
	for (;;) {
		const char *comma = memchr(text, ',', (size_t)(end - text));
		size_t n = (size_t)((comma ? comma : end) - text);
		uint32_t first = 0, numbers;
		int32_t step = 0;

		if (n == 0 || n >= size_bytes)
			return -EINVAL;
		numbers = range_of(text, text + n, base, &first, &step);
		if (numbers > MAPPING_ROW_MAX - count)
			return -E2BIG;
		if (numbers == 0 && index == count)
			snprintf(out, size_bytes, "%.*s", (int)n, text);
		else if (index >= count && index - count < numbers)
			snprintf(out, size_bytes, base == 16 ? "%x" : "%u",
				first + (index - count) * (uint32_t)step);
		count += numbers ? numbers : 1;
		if (count > MAPPING_ROW_MAX)
			return -E2BIG;
		if (!comma)
			return (int)count;
		text = comma + 1;
	}
}

/* One {list} of a text. */
static int
expand_list(const struct mapping_entry *e, const struct tree_node *node,
	const char *text, size_t length, char *out, size_t size_bytes)
{
	uint32_t count = e->y.on ? e->on.count : e->light.count;
	int n = mapping_list(text, length, 10, e->index, out, size_bytes);

	if (n == 1)
		n = mapping_list(text, length, 10, 0, out, size_bytes);
	else if (n > 0 && (uint32_t)n != count)
		return tree_refuse(e->t, node,
			"{%.*s} has %d elements, the control is a row of %u",
			(int)length, text, n, count);
	if (n < 0)
		return tree_refuse(e->t, node,
			"{%.40s: must be a list such as {1-8} or {1,3,both} "
			"of at most %d",
			text, MAPPING_ROW_MAX);
	return 0;
}

int
mapping_expand(const struct mapping_entry *e, const struct tree_node *node,
	char *out, size_t size_bytes)
{
	const char *text = node->text;
	size_t used = 0;

	while (*text) {
		char element[MAPPING_LINE_MAX];
		const char *close = strchr(text, '}');

		if (*text != '{') {
			element[0] = *text++;
			element[1] = '\0';
		} else if (!close) {
			return tree_refuse(e->t, node, "a { without its }");
		} else {
			if (expand_list(e, node, text + 1,
				    (size_t)(close - text - 1), element,
				    sizeof(element)) < 0)
				return -EINVAL;
			text = close + 1;
		}
		if (used + strlen(element) >= size_bytes)
			return tree_refuse(e->t, node,
				"\"%.40s\" is too long; at most %zu bytes",
				node->text, size_bytes - 1);
		memcpy(out + used, element, strlen(element) + 1);
		used += strlen(element);
	}
	out[used] = '\0';
	return 0;
}
