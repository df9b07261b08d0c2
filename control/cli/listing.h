/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a command prints of many answers: a table for people, JSON for scripts.
 * Control thread only. */
#ifndef LISTING_H
#define LISTING_H

#include <stdbool.h>
#include <stdint.h>

#include "control/cli/client.h"
#include "control/util/text.h"

/* An argument of each answer. */
struct listing_column {
	const char *key;   /* in JSON */
	const char *head;  /* above it in the table */
	bool truth;	   /* a number that JSON has as true or false */
	double least;	   /* a number below this one is, in the table, ... */
	const char *below; /* ... this; NULL: all are as they are */
};

struct listing {
	bool json;
	char close; /* what ends the JSON */
	struct table *table;
	uint32_t rows;
};

/* brackets: "[]" for rows, "{}" for pairs; columns as table_new() has them */
void listing_begin(struct listing *l, bool json, const char *brackets,
	const char *columns);
/* none: what is said, not in JSON, when there was no row; NULL: nothing. */
void listing_end(struct listing *l, const char *none);

/* A row: count arguments of a message, from this one on. */
void listing_row(struct listing *l, const struct client_message *m, int from,
	const struct listing_column *column, int count);
/* A pair: a name and an argument */
void listing_pair(struct listing *l, const char *name,
	const struct client_message *m, int arg);

/* For what has rows of its own, in JSON: what stands before each; the same and
 * the name of a pair; and a row's keys and values, without its braces. */
void listing_next(struct listing *l);
void listing_name(struct listing *l, const char *name);
void listing_fields(const struct client_message *m, int from,
	const struct listing_column *column, int count);

#endif
