/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Patterns of OSC 1.0, part by part of an address. Plain logic, any thread. */
#ifndef PATTERN_H
#define PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PATTERN_MAX 1024 /* bytes; a longer one names nothing */

/* A piece of text that does not end in NUL. */
struct piece {
	const char *text;
	size_t length;
};

struct piece piece_of(const char *text);
bool piece_is(struct piece s, const char *text);
uint32_t piece_hash(struct piece s);

/* Takes the first part off an address or pattern behind its '/'. */
struct piece piece_next(const char **address);

/* One part and a text of less than 64 bytes; "" matches nothing. */
bool pattern_matches(struct piece pattern, const char *text);

/* Several parts: no wildcard goes across a '/'. */
bool pattern_matches_tail(const char *pattern, const char *tail);

#endif
