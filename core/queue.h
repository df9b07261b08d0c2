/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way of a message from the control thread to its frame.
 *
 * The queue is a ring between the two threads; neither waits for the other. A
 * batch becomes visible by one store, and its end is marked: the audio thread
 * may leave for the next block what it has no time for, but no part of a batch.
 * What is for later it keeps in `pending`, a heap: a sorted list would make a
 * burst of messages cost the square of its length. */
#ifndef QUEUE_H
#define QUEUE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/limits.h"
#include "core/message.h"
#include "core/rt.h"

_Static_assert((QUEUE_MESSAGES & (QUEUE_MESSAGES - 1)) == 0,
	"the queue's counters wrap at a power of two");

struct queue {
	_Alignas(64) _Atomic uint32_t put;   /* counts on; control stores */
	_Alignas(64) _Atomic uint32_t taken; /* counts on; audio stores */
	_Alignas(64) struct message slot[QUEUE_MESSAGES];
	bool last[QUEUE_MESSAGES]; /* of its batch */
};

/* Audio thread only. */
struct pending {
	uint32_t count;
	uint64_t order; /* of the next message: never wraps */
	uint64_t batch; /* to which that belongs: as well */
	struct pending_item {
		struct message msg;
		uint64_t order;
		uint64_t batch;
	} heap[PENDING_MESSAGES];
	struct {
		uint64_t frame, batch;
	} taken; /* the last one */
};

/* control, before audio starts */
void queue_init(struct queue *q);

/* control: all of msgs[count], or none and false when there is no room */
bool queue_post(struct queue *q, const struct message *msgs, uint32_t count);

/* audio: how many messages queue_at() can give; they stay until queue_drop() */
RT uint32_t queue_count(const struct queue *q);

/* control: how many were posted so far; wraps */
uint32_t queue_posted(const struct queue *q);

/* any: how many were dropped so far, or a little before; wraps */
RT uint32_t queue_taken(const struct queue *q);

/* audio: message i of queue_count() */
RT const struct message *queue_at(const struct queue *q, uint32_t i);

/* audio: message i ends its batch */
RT bool queue_is_last(const struct queue *q, uint32_t i);

/* audio: the first count messages have been dealt with */
RT void queue_drop(struct queue *q, uint32_t count);

/* any, before audio starts */
RT void pending_init(struct pending *p);

/* audio: there is room, of PENDING_MESSAGES */
RT void pending_put(struct pending *p, const struct message *msg);

/* audio: what is put from now on is of another batch */
RT void pending_end_batch(struct pending *p);

/* audio: the next message, or NULL; until the next call of the others */
RT const struct message *pending_first(const struct pending *p);

/* audio: takes the next message; there is one. By frame, then in the order in
 * which they were put. */
RT struct message pending_take(struct pending *p);

/* audio: the next message is of the same batch and frame as the last one that
 * was taken */
RT bool pending_goes_on(const struct pending *p);

#endif
