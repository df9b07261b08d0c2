/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names: is it text, and what is it called in an address. Pure functions. */
#ifndef NAME_H
#define NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SLUG_MAX 48 /* bytes with the NUL; leaves room for a "-64" */

/* The character at s and its bytes; 0 bytes: not UTF-8, or the end. */
size_t name_utf8_next(const char *s, uint32_t *out);

/* Well-formed UTF-8: no surrogates, nothing longer than it has to be. */
bool name_is_utf8(const char *s);

/* No control characters (C0, DEL, C1, line and paragraph separators). s is
 * UTF-8. */
bool name_is_printable(const char *s);

/* Copies as much of UTF-8 text as fits, cut between characters. */
void name_copy(char *to, size_t size_bytes, const char *from);

/* Like name_copy() with everything that is not printable UTF-8 as '?'. */
void name_clean(char *to, size_t size_bytes, const char *from);

/* A name as a part of an address: lower-case ASCII letters, digits and '-';
 * Latin letters lose their accents, Greek and Cyrillic ones are written in
 * Latin, others are left out. "" when nothing remains. One of digits only gets
 * "app-" in front, so that it is not taken for a strip's number. */
void name_slug(char slug[SLUG_MAX], const char *name);

/* The slug of name; where nothing of it remains, of key; where nothing of that
 * remains either, "app-" and a number that the name always has. "" when there
 * is no name. */
void name_slug_any(char slug[SLUG_MAX], const char *name, const char *key);

#endif
