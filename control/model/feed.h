/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the mixer was told, and what it was not. Nobody else talks to its queue.
 *
 * That is also what the audio thread did by itself: control makes something of
 * the same MIDI message a little later, and decides. Mostly it decides the
 * same: then the mixer has that value already, and saying it again would undo
 * what came since. Where it decides otherwise (a bank was moved just before, a
 * fader was not picked up any more, another surface spoke in between) the mixer
 * is told what holds. */
#ifndef FEED_H
#define FEED_H

#include "control/model/params.h"

/* 0 or -ENOMEM; then done() is fine as well */
int feed_init(struct model *c);
void feed_done(struct model *c);

/* It gets every value at once. */
void feed_start(struct model *c, struct mixer *m, uint32_t rate_hz);
void feed_stop(struct model *c);

/* The configuration has others: it gets them. */
void feed_crossovers(struct model *c);

/* Something waits for model_run(). */
void feed_wake(const struct model *c);

/* What the mixer is to hear of this parameter, with the value of now, for this
 * frame (0: the next block); false: nothing. */
bool feed_message(const struct model *c, uint32_t id, uint64_t frame,
	struct message *out);

/* Posts the present values of ids[n], which have messages, as one, or says them
 * later where there is no room, or the mixer is behind: the values of then, so
 * that no machine's flood makes another wait for all that was in it. What
 * was said here for a later frame does not come to pass then; what is scheduled
 * does. */
void feed_say(struct model *c, const uint32_t *ids, uint32_t n, uint64_t frame);
/* Sends it what it has not heard; true when nothing is left. */
bool feed_flush(struct model *c);

/* Posts messages that have their frames and tokens. False: there is no room. */
bool feed_post(struct model *c, const struct message *msgs, uint32_t n);
/* How many it was posted; wraps */
uint32_t feed_posted(const struct model *c);

/* What was done at this MIDI message. */
void feed_done_begin(
	struct model *c, const struct reflex_done *done, uint32_t n);
void feed_done_end(struct model *c, uint64_t frame, uint32_t taken);

#endif
