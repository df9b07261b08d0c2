/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the state share: its text, read and written. Control thread
 * only. */
#ifndef STATE_OWN_H
#define STATE_OWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/model/keep/keep.h"
#include "control/yaml/tree.h"

#define STATE_VERSION	1
#define STATE_BYTES_MAX ((size_t)4 * 1024 * 1024)
#define STATE_SUM	"sum: " /* the last line, and 8 hexadecimal digits */

/* A file as it was read. */
struct state_text {
	struct tree tree; /* nodes 0: there was none */
	char why[TREE_WHY_MAX];
	/* The entry of each place, by its scope and index; NULL: none */
	const struct tree_node *entry[KEEP_STRIP + 1][STRIPS_MAX];
};

/* 0; or -EINVAL, -ENOMEM and one line in t->why, and it is empty. text is not
 * kept, file is. */
int state_text_read(struct state_text *t, const char *file, const char *text,
	size_t size_bytes);
void state_text_done(struct state_text *t);

/* The value of a key in a map, or NULL; its text, or "". */
const struct tree_node *state_entry(
	const struct tree_node *map, const char *key);
const char *state_word(const struct tree_node *map, const char *key);

/* Which entry is of which place of this model. */
void state_text_place(struct state_text *t, const struct model *c);
/* Puts their values into a model that is being made. */
void state_text_restore(const struct state_text *t, struct model *c);
/* What is to be written: the model's values, and what of t is nobody's. 0 and
 * *text is the caller's to free(), or -ENOMEM. */
int state_text_write(const struct state_text *t, const struct model *c,
	char **text, size_t *size_bytes);

#endif
