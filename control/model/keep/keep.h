/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a model keeps, by names that last: each row's value as a word that does
 * not hang on the order of buses, routes or choices. The state file is a view
 * of it, so a new row is saved without being mentioned anywhere: one of rows.c
 * that is `inner` is kept and saved, and has no address. Control thread only.
 */
#ifndef KEEP_H
#define KEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/limits.h"
#include "driver/driver.h"

struct model;

#define KEEP_WORD_MAX 256 /* bytes with the NUL */
#define KEEP_ROWS_MAX 96  /* words of one place */

enum keep_scope {
	KEEP_MIXER, /* of all */
	KEEP_BUS,
	KEEP_STRIP,
};

struct keep_at {
	enum keep_scope scope;
	uint32_t index; /* of a bus or strip, from 0 */
};

/* The values of one place that are not what they are at first; "gain" "-12.25",
 * "route" "main+loop". */
typedef void (*keep_visit)(void *data, const char *row, const char *word);
void keep_each(
	const struct model *c, struct keep_at at, keep_visit visit, void *data);

/* Puts one back; what is out of range is put into it. Only in a restore(); see
 * model_new_kept(). false: there is no such row, or no such word of it. */
bool keep_put(
	struct model *c, struct keep_at at, const char *row, const char *word);

/* Is there such a row? */
bool keep_knows(enum keep_scope scope, const char *row);

/* Of what the configuration says of strips and of apps: each strip is what it
 * was under the same one. */
uint32_t keep_configuration(const struct model *c);

/* By what an entry is known again under another one; "": by nothing. */
struct keep_who {
	const char *configured; /* what the configuration called its strip */
	const char *key, *name; /* of its app */
	uint32_t strip;		/* where it was, from 0 */
};

/* The strips for who[n], -1 for none: each at most once. A strip goes by the
 * name that its user has configured, an app by a rule for it, and then all stay
 * where they were; where that is not theirs any more, on a strip that is free.
 */
void keep_place(const struct model *c, const struct keep_who *who, uint32_t n,
	int *strip);

/* The key of the app that has the strip, or ""; and its configured name. */
const char *keep_key(const struct model *c, uint32_t strip);
const char *keep_configured(const struct model *c, uint32_t strip);
uint32_t keep_count(const struct model *c, enum keep_scope scope);
const char *keep_bus(const struct model *c, uint32_t bus);

/* All that is kept, as bytes: others when something has become another. */
const void *keep_bytes(const struct model *c);
size_t keep_size_bytes(void);

#endif
