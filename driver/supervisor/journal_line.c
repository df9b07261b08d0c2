/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/supervisor/journal_line.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
line_byte(struct journal_line *l, char c)
{
	if (l->length + 2 > sizeof(l->text))
		l->full = true;
	else
		l->text[l->length++] = c;
}

/* Tabs, newlines and the like would end the field: they become %XX. */
static void
line_text(struct journal_line *l, const char *text)
{
	static const char hex[] = "0123456789ABCDEF";

	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c > 0x20 && c != '%' && c != 0x7f) {
			line_byte(l, *text);
			continue;
		}
		line_byte(l, '%');
		line_byte(l, hex[c >> 4]);
		line_byte(l, hex[c & 15]);
	}
}

static void
line_field(struct journal_line *l, const char *text)
{
	line_byte(l, '\t');
	line_text(l, text);
}

void
journal_line_number(struct journal_line *l, uint64_t x)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%" PRIu64, x);
	line_field(l, digits);
}

/* "-" is no value at all, "=" an empty one. */
static void
line_value(struct journal_line *l, const struct metadata_value *v)
{
	line_field(l, v->set ? "=" : "-");
	line_text(l, v->set ? v->type : "");
	line_field(l, v->set ? "=" : "-");
	line_text(l, v->set ? v->value : "");
}

void
journal_line_start(struct journal_line *l, const char *word)
{
	l->length = 0;
	l->full = false;
	line_text(l, word);
}

void
journal_line_end(struct journal_line *l)
{
	line_byte(l, '\n');
}

void
journal_line_park(struct journal_line *l, const struct journal_park *p)
{
	journal_line_start(l, "park");
	journal_line_number(l, p->daemon);
	journal_line_number(l, p->serial);
	journal_line_number(l, p->node_id);
	line_field(l, p->name);
	line_field(l, p->park);
	line_value(l, &p->object);
	line_value(l, &p->node);
	journal_line_number(l, p->paused);
	line_byte(l, '\n');
}

void
journal_line_default(struct journal_line *l, uint32_t daemon,
	const struct metadata_value *was)
{
	journal_line_start(l, "default");
	journal_line_number(l, daemon);
	line_value(l, was);
	line_byte(l, '\n');
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool
journal_field_text(const char *field, char *text, size_t size_bytes)
{
	size_t n = 0;

	for (; *field; field++) {
		int c = (unsigned char)*field;

		if (c == '%') {
			int high = hex_value(field[1]);
			int low = high < 0 ? -1 : hex_value(field[2]);

			if (low < 0 || (c = high << 4 | low) == 0)
				return false;
			field += 2;
		}
		if (n + 1 >= size_bytes)
			return false;
		text[n++] = (char)c;
	}
	text[n] = '\0';
	return true;
}

bool
journal_field_number(const char *field, uint64_t max, uint64_t *x)
{
	char *end;

	if (*field < '0' || *field > '9')
		return false;
	errno = 0;
	*x = strtoull(field, &end, 10);
	return errno == 0 && *end == '\0' && *x <= max;
}

bool
journal_field_value(char *const field[2], struct metadata_value *v)
{
	memset(v, 0, sizeof(*v));
	if (!strcmp(field[0], "-") && !strcmp(field[1], "-"))
		return true;
	v->set = true;
	return field[0][0] == '=' && field[1][0] == '=' &&
	       journal_field_text(field[0] + 1, v->type, sizeof(v->type)) &&
	       journal_field_text(field[1] + 1, v->value, sizeof(v->value));
}
