/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/cli/listing.h"

#include <stdio.h>

#define CELL_MAX 1024

void
listing_begin(
	struct listing *l, bool json, const char *brackets, const char *columns)
{
	*l = (struct listing){
		.json = json,
		.close = brackets[1],
		.table = table_new(columns),
	};
	if (json)
		putchar(brackets[0]);
}

void
listing_end(struct listing *l, const char *none)
{
	if (l->json)
		printf("%s%c\n", l->rows ? "\n" : "", l->close);
	else if (l->rows == 0 && none)
		puts(none);
	table_print(l->table, stdout);
	table_free(l->table);
}

void
listing_next(struct listing *l)
{
	if (l->json)
		printf(l->rows ? ",\n  " : "\n  ");
	l->rows++;
}

void
listing_name(struct listing *l, const char *name)
{
	listing_next(l);
	text_json(stdout, name);
	fputs(": ", stdout);
}

void
listing_fields(const struct client_message *m, int from,
	const struct listing_column *column, int count)
{
	for (int i = 0; i < count; i++) {
		printf("%s\"%s\": ", i ? ", " : "", column[i].key);
		if (column[i].truth)
			fputs(client_number(m, from + i) > 0.0 ? "true"
							       : "false",
				stdout);
		else
			client_json(m, from + i, stdout);
	}
}

static void
cells(struct table *t, const struct client_message *m, int from,
	const struct listing_column *column, int count)
{
	for (int i = 0; i < count; i++) {
		char text[CELL_MAX];

		client_text(m, from + i, text, sizeof(text));
		if (column[i].below &&
			client_number(m, from + i) < column[i].least)
			table_cell(t, column[i].below);
		else
			table_cell(t, text);
	}
}

void
listing_row(struct listing *l, const struct client_message *m, int from,
	const struct listing_column *column, int count)
{
	listing_next(l);
	if (l->json) {
		putchar('{');
		listing_fields(m, from, column, count);
		putchar('}');
		return;
	}
	for (int i = 0; i < count && l->rows == 1; i++)
		table_cell(l->table, column[i].head);
	cells(l->table, m, from, column, count);
}

void
listing_pair(struct listing *l, const char *name,
	const struct client_message *m, int arg)
{
	char text[CELL_MAX];

	if (l->json) {
		listing_name(l, name);
		client_json(m, arg, stdout);
		return;
	}
	client_text(m, arg, text, sizeof(text));
	table_cell(l->table, name);
	table_cell(l->table, text);
}
