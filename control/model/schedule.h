/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changes with a time: two phases.
 *
 * A while before its moment a group is posted to the mixer, for its frame; at
 * its moment its values are set and listeners told. So the audio thread has a
 * change early enough to make it on its sample, and nobody reads a value that
 * is not heard yet.
 *
 * What is set in between by others must lose to what is later in time, and win
 * over what is earlier, whichever of them the mixer reaches first: each message
 * carries its moment as a token, by which the mixer leaves out the older one. A
 * group has that of its own, what is set meanwhile that up to which groups have
 * been made (feed.moment_ns), and a half. param_apply() first makes all whose
 * moment has come, so that what it sets is later than they are. */
#ifndef SCHEDULE_H
#define SCHEDULE_H

#include <stdint.h>

struct model;
struct schedule;

int schedule_new(struct schedule **out);
void schedule_free(struct schedule *s);
/* Makes the changes whose moment has come. now_ns 0: what time it is. */
void schedule_settle(struct model *c, uint64_t now_ns);
/* That, and posts what comes soon. Returns the ns until the next time. */
uint64_t schedule_run(struct model *c, uint64_t now_ns);
/* The mixer has forgotten what it was posted. */
void schedule_mixer_gone(struct schedule *s);

#endif
