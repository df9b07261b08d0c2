/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is peculiar to a version of WirePlumber, decided by the one that runs.
 * Where what it does shows which it is, as its filters do, that is looked at
 * instead: a distribution may carry a change back. One thread: the loop's. */
#ifndef WIREPLUMBER_H
#define WIREPLUMBER_H

#include "driver/pipewire/graph/graph.h"

enum wireplumber {
	WIREPLUMBER_NONE, /* it does not run (yet), or another one does */
	WIREPLUMBER_0_4,
	WIREPLUMBER_0_5, /* and later */
};

enum wireplumber wireplumber_version(const struct graph *g);

/* The file that has the sink of each program, in its folder of state: the first
 * of these that there is; NULL: there are no more */
const char *wireplumber_streams_file(enum wireplumber version, unsigned n);
/* Of such a file's text. False: there is nothing by that key; "" is for a name
 * that does not fit. */
bool wireplumber_streams_sink(
	const char *text, const char *key, char *sink, size_t size_bytes);

/* A stream is remembered by the first of these properties that it has; NULL:
 * there are no more. From 0.5.15 on the first of them, its role, is none but
 * for notifications. */
const char *wireplumber_stream_key(unsigned n);
#define WIREPLUMBER_FIRST_KEYS 2

/* Who plays into a sink is brought through its user's filters: from 0.5 on. */
bool wireplumber_has_filters(const struct graph *g);

/* The node that a word about a stream names: target.object has its serial,
 * target.node its id, either may have its name. NULL: there is none, and "-1"
 * is where everything goes. */
const struct graph_object *wireplumber_target(
	const struct graph *g, const char *word, bool is_serial);
/* It remembers what this word names. It forgets what it has remembered when
 * the word is a name: it takes numbers alone. */
bool wireplumber_remembers(const char *word);
/* Of a word that is said twice, first with this type, which nobody looks at:
 * either is a change to it, so that it remembers the word again, and neither
 * is a new route. */
#define WIREPLUMBER_AGAIN_TYPE "tapdeck:again"

/* A text out of an object of JSON, as it writes the default sink and what it
 * remembers. False, and "": it is not there, or does not fit. */
bool wireplumber_text(
	const char *json, const char *key, char *text, size_t size_bytes);

/* It links programs: it waits for no device any more. */
bool wireplumber_links(const struct graph *g);
/* This node has a link of its own making. */
bool wireplumber_has_linked(const struct graph_object *node);
/* It is younger than this node, and has found it when it began. */
bool wireplumber_has_found(const struct graph_object *node);

/* More important than a sink that its user has configured, to which it adds
 * less than this. From 0.5.11 on it looks at no priority once there is one: see
 * default_sink.h. */
#define WIREPLUMBER_PRIORITY_MAX "1000000"

/* ---- what it takes its time for ---- */

/* 0.4 forgets links that it is asked to replace while it still makes them: so
 * long after it was told to make them it is left alone. */
#define WIREPLUMBER_LINKS_NS UINT64_C(25000000)
/* It has restored what it remembers of a new stream. */
#define WIREPLUMBER_RESTORE_NS UINT64_C(100000000)
/* It has found the default sink. */
#define WIREPLUMBER_DEFAULT_NS UINT64_C(1000000000)
/* It has put all streams back that were moved. */
#define WIREPLUMBER_SETTLE_NS UINT64_C(1000000000)
/* Its metadata is there: it knows every node. Until then it forgets a choice
 * whose sink it does not know. */
#define WIREPLUMBER_START_NS UINT64_C(2000000000)
/* A file that was written so long after a word has it. */
#define WIREPLUMBER_WRITE_NS UINT64_C(2000000000)

#endif
