/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text for people and for scripts: names that came from other programs made
 * safe for a terminal, columns that line up, JSON, YAML. Control thread only.
 */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define TEXT_COLUMNS_MAX 10

/* from as it may be shown: control characters and what is no text in the
 * user's encoding become '?', cut at size. Returns columns on the screen. */
uint32_t text_clean(char *out, size_t size, const char *from);

/* Like text_clean(), and cut or padded with blanks to exactly so many columns.
 */
void text_fit(char *out, size_t size, const char *from, uint32_t columns);

/* Appends to a text; what does not fit is cut. Any thread. */
void text_add(char *to, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* A quoted JSON string. What is no UTF-8 becomes U+FFFD. */
void text_json(FILE *to, const char *from);

/* A text of one line, quoted as YAML. Any thread. */
void text_yaml(FILE *to, const char *from);

/* A number as short as it can be and still be the same 32-bit float. */
void text_float(char *out, size_t size, double value);

/* May colors be printed? NO_COLOR forbids it, unless it is empty
 * (no-color.org). */
bool text_may_color(void);

/* Rows of cells. */
struct table;

/* One letter per column: l left, r right. The last column is never padded. */
struct table *table_new(const char *columns);
void table_free(struct table *t); /* NULL is fine */
void table_cell(struct table *t, const char *text);
/* Prints the rows, then forgets them; NULL prints nothing. */
void table_print(struct table *t, FILE *to);

#endif
