/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where everything stands in a YAML text, so that a complaint can name the
 * line; and whether it is YAML of the plain kind that a configuration needs:
 * one document, no anchors, aliases or tags, not deep, no key twice. */
#ifndef CONFIG_MARK_H
#define CONFIG_MARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MARKS_MAX      4096
#define MARK_DEPTH_MAX 16
#define MARK_PATH_MAX  96  /* bytes with the NUL */
#define MARK_WHY_MAX   200 /* bytes with the NUL */

struct place_in_text {
	uint32_t line, column; /* from 1 */
};

struct mark {
	char path[MARK_PATH_MAX]; /* "buses[1].name"; the whole is "" */
	struct place_in_text key; /* the value's, where there is no key */
	struct place_in_text value;
	bool list; /* the value is one, perhaps an empty one */
};

struct marks {
	struct mark *mark; /* [count], in order of the text */
	uint32_t count;
};

/* 0, and marks_done() is due; or -ENOMEM, or -EINVAL with the place and
 * why[MARK_WHY_MAX]. */
int marks_init(struct marks *m, const void *text, size_t size_bytes,
	struct place_in_text *at, char *why);
void marks_done(struct marks *m);

/* NULL: nothing has this path */
const struct mark *marks_find(const struct marks *m, const char *path);

#endif
