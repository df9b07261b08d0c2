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

#endif
