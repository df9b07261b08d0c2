/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/util/text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "control/util/name.h"

/* One character from *from into out[at..]: its columns, or -1 when it does not
 * fit into size (NUL included). */
static int
take_char(char *out, size_t size, size_t *at, const char **from)
{
	wchar_t wide;
	mbstate_t state = {0};
	size_t n = mbrtowc(&wide, *from, strlen(*from), &state);
	int columns = n < (size_t)-2 && n > 0 ? wcwidth(wide) : -1;

	if (columns < 0) {
		if (*at + 1 >= size)
			return -1;
		out[(*at)++] = '?';
		*from += n < (size_t)-2 && n > 0 ? n : 1;
		return 1;
	}
	if (*at + n >= size)
		return -1;
	memcpy(out + *at, *from, n);
	*at += n;
	*from += n;
	return columns;
}

/* In at most so many columns: how many they are. */
static uint32_t
take(char *out, size_t size, const char *from, uint32_t columns)
{
	uint32_t have = 0;
	size_t at = 0;

	while (*from) {
		size_t before = at;
		int n = take_char(out, size, &at, &from);

		if (n < 0 || (uint32_t)n > columns - have) {
			at = before;
			break;
		}
		have += (uint32_t)n;
	}
	out[at] = '\0';
	return have;
}

uint32_t
text_clean(char *out, size_t size, const char *from)
{
	return take(out, size, from, UINT32_MAX);
}

void
text_fit(char *out, size_t size, const char *from, uint32_t columns)
{
	uint32_t have = take(out, size, from, columns);

	text_add(out, size, "%*s", (int)(columns - have), "");
}

void
text_add(char *to, size_t size, const char *format, ...)
{
	size_t used = strlen(to);
	va_list args;

	va_start(args, format);
	/* clang-tidy 14 does not see va_start().
	 * NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized) */
	vsnprintf(to + used, size - used, format, args);
	va_end(args);
}

void
text_yaml(FILE *to, const char *from)
{
	fputc('\'', to);
	for (; *from; from++) {
		if (*from == '\'')
			fputc('\'', to);
		fputc(*from, to);
	}
	fputc('\'', to);
}

void
text_json(FILE *to, const char *from)
{
	fputc('"', to);
	while (*from) {
		uint32_t c;
		size_t n = name_utf8_next(from, &c);

		if (n == 0)
			fputs("\\ufffd", to);
		else if (c == '"' || c == '\\')
			fprintf(to, "\\%c", (char)c);
		else if (c < 0x20 || c == 0x7f)
			fprintf(to, "\\u%04x", c);
		else
			fwrite(from, 1, n, to);
		from += n ? n : 1;
	}
	fputc('"', to);
}

void
text_float(char *out, size_t size, double value)
{
	for (int digits = 1; digits <= 9; digits++) {
		snprintf(out, size, "%.*g", digits, value);
		if (strtof(out, NULL) == (float)value)
			break;
	}
	if (strchr(out, 'e')) /* 1e+02: people write 100 */
		snprintf(out, size, "%.9g", (double)(float)value);
}

bool
text_may_color(void)
{
	const char *no_color = getenv("NO_COLOR");

	return !no_color || !*no_color;
}

struct table {
	char columns[TEXT_COLUMNS_MAX + 1];
	uint32_t width[TEXT_COLUMNS_MAX];
	uint32_t cells, room;
	struct cell {
		char *text;
		uint32_t columns;
	} * cell;
};

struct table *
table_new(const char *columns)
{
	struct table *t = calloc(1, sizeof(*t));

	if (t)
		snprintf(t->columns, sizeof(t->columns), "%s", columns);
	return t;
}

static void
table_clear(struct table *t)
{
	for (uint32_t i = 0; i < t->cells; i++)
		free(t->cell[i].text);
	t->cells = 0;
	memset(t->width, 0, sizeof(t->width));
}

void
table_free(struct table *t)
{
	if (!t)
		return;
	table_clear(t);
	free(t->cell);
	free(t);
}

void
table_cell(struct table *t, const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = malloc(size);
	uint32_t columns, column;

	if (t && t->cells == t->room) {
		uint32_t room = t->room ? 2 * t->room : 64;
		struct cell *more = realloc(t->cell, room * sizeof(*more));

		if (more) {
			t->cell = more;
			t->room = room;
		}
	}
	if (!t || !copy || t->cells == t->room) {
		free(copy);
		return;
	}
	columns = text_clean(copy, size, text);
	column = t->cells % (uint32_t)strlen(t->columns);
	if (columns > t->width[column])
		t->width[column] = columns;
	t->cell[t->cells++] = (struct cell){copy, columns};
}

void
table_print(struct table *t, FILE *to)
{
	uint32_t columns;

	if (!t)
		return;
	columns = (uint32_t)strlen(t->columns);
	for (uint32_t i = 0; i < t->cells; i++) {
		uint32_t column = i % columns;
		bool last = column + 1 == columns;
		const struct cell *cell = &t->cell[i];
		int pad = (int)(t->width[column] - cell->columns);

		if (t->columns[column] == 'r')
			fprintf(to, "%*s%s", pad, "", cell->text);
		else
			fprintf(to, "%s%*s", cell->text, last ? 0 : pad, "");
		fputs(last ? "\n" : "  ", to);
	}
	table_clear(t);
}
