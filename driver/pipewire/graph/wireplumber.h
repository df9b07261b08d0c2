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

/* 0.4 forgets links that it is asked to replace while it still makes them: so
 * long after it was told to make them it is left alone. */
#define WIREPLUMBER_LINKS_NS UINT64_C(25000000)

#endif
