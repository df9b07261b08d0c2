/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line of the journal, as bytes: a word, then fields, each after a tab.
 * In a field a blank, a tab, a newline, a % and the like are %XX; "-" is no
 * value at all and "=" begins one, which may be empty. Any thread. */
#ifndef JOURNAL_LINE_H
#define JOURNAL_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driver/supervisor/journal.h"

struct journal_line {
	char text[16 * 1024];
	size_t length;
	bool full; /* something did not fit: not to be written */
};

void journal_line_start(struct journal_line *l, const char *word);
void journal_line_end(struct journal_line *l);
void journal_line_number(struct journal_line *l, uint64_t x);

/* a whole line */
void journal_line_park(struct journal_line *l, const struct journal_park *p);
void journal_line_default(struct journal_line *l, uint32_t daemon,
	const struct metadata_value *was);

/* A field back into what it was; false when it is none, or does not fit. */
bool journal_field_text(const char *field, char *text, size_t size_bytes);
bool journal_field_number(const char *field, uint64_t max, uint64_t *x);
bool journal_field_value(char *const field[2], struct metadata_value *v);

#endif
