/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One pattern and the texts that it fits: a shell pattern of the whole text,
 * or, between slashes, a regular expression of Perl's kind (PCRE2) that is in
 * it. Upper or lower case. Control thread only. */
#ifndef MATCH_H
#define MATCH_H

#include <stdbool.h>
#include <stdint.h>

struct match;

/* 0 and *out is the caller's; or *out is NULL and why[CHECK_WHY_MAX] in the
 * words of check.h: -ENOMEM, or -EINVAL and the byte of the pattern at which it
 * is wrong. */
int match_new(struct match **out, const char *pattern, uint32_t *at, char *why);
void match_free(struct match *m); /* NULL is fine */

/* A regular expression that takes too long on a text does not fit it. */
bool match_fits(const struct match *m, const char *text);

#endif
