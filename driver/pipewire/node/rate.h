/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which rate the graph should have.
 *
 * PipeWire changes its rate only while nothing runs, and our node always does.
 * So it asks for the rate itself, by node.force-rate of our own node: that ends
 * with the node, and nothing has to be put back (the settings' clock.force-rate
 * would stay when we are killed). Only what the user's settings allow is asked
 * for. Control thread only. */
#ifndef RATE_H
#define RATE_H

#include <stdbool.h>
#include <stdint.h>

struct driver;

struct rate {
	uint64_t holder; /* serial of whose rate it is; 0: nobody's */
	uint64_t newest; /* serial of the last program's stream */
	uint64_t newest_ns;
	bool noisy; /* somebody played at the last look */
	uint32_t before_hz;
	/* what our node asks for; 0: nothing */
	uint32_t asked_hz;
	uint64_t asked_ns;
};

/* The graph may change its rate while we run: the mixer goes along. */
void rate_follow_graph(struct driver *d);
/* Asks for the rate that is wanted. First in each look: whoever has just come
 * is not linked before the change is over, since PipeWire takes all ports of
 * the graph through it, and 0.3 loses those that are linked meanwhile. */
void rate_look(struct driver *d);
bool rate_settled(const struct driver *d);

#endif
