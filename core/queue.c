/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/queue.h"

#include <string.h>

void
queue_init(struct queue *q)
{
	atomic_init(&q->put, 0);
	atomic_init(&q->taken, 0);
}

static uint32_t
slot_of(uint32_t counted)
{
	return counted & (QUEUE_MESSAGES - 1);
}

bool
queue_post(struct queue *q, const struct message *msgs, uint32_t count)
{
	/* relaxed: only this thread stores put */
	uint32_t put = atomic_load_explicit(&q->put, memory_order_relaxed);
	/* acquire: pairs with the release in queue_drop(); the audio thread has
	 * read every slot before taken, so they may be overwritten */
	uint32_t taken = atomic_load_explicit(&q->taken, memory_order_acquire);
	uint32_t at = slot_of(put);
	uint32_t first = QUEUE_MESSAGES - at;

	if (count > QUEUE_MESSAGES - (put - taken))
		return false;
	if (count == 0)
		return true;
	if (first > count)
		first = count;
	memcpy(&q->slot[at], msgs, first * sizeof(*msgs));
	memcpy(q->slot, msgs + first, (count - first) * sizeof(*msgs));
	for (uint32_t i = 0; i < count; i++)
		q->last[slot_of(put + i)] = i + 1 == count;
	/* release: the whole batch is in place before any of it can be seen */
	atomic_store_explicit(&q->put, put + count, memory_order_release);
	return true;
}

uint32_t
queue_posted(const struct queue *q)
{
	/* relaxed: only this thread stores put */
	return atomic_load_explicit(&q->put, memory_order_relaxed);
}

RT uint32_t
queue_taken(const struct queue *q)
{
	/* relaxed: a number alone */
	return atomic_load_explicit(&q->taken, memory_order_relaxed);
}

RT uint32_t
queue_count(const struct queue *q)
{
	/* acquire: pairs with the release in queue_post() */
	uint32_t put = atomic_load_explicit(&q->put, memory_order_acquire);

	/* relaxed: only this thread stores taken */
	return put - atomic_load_explicit(&q->taken, memory_order_relaxed);
}

RT const struct message *
queue_at(const struct queue *q, uint32_t i)
{
	/* relaxed: only this thread stores taken */
	uint32_t taken = atomic_load_explicit(&q->taken, memory_order_relaxed);

	return &q->slot[slot_of(taken + i)];
}

RT bool
queue_is_last(const struct queue *q, uint32_t i)
{
	/* relaxed: only this thread stores taken */
	uint32_t taken = atomic_load_explicit(&q->taken, memory_order_relaxed);

	return q->last[slot_of(taken + i)];
}

RT void
queue_drop(struct queue *q, uint32_t count)
{
	/* relaxed: only this thread stores taken */
	uint32_t taken = atomic_load_explicit(&q->taken, memory_order_relaxed);

	/* release: the slots have been read before they may be reused */
	atomic_store_explicit(&q->taken, taken + count, memory_order_release);
}

RT void
pending_init(struct pending *p)
{
	p->count = 0;
	p->order = 0;
	p->batch = 1;
	p->taken.frame = p->taken.batch = 0; /* of none */
}

static bool
is_before(const struct pending_item *a, const struct pending_item *b)
{
	if (a->msg.frame != b->msg.frame)
		return a->msg.frame < b->msg.frame;
	return a->order < b->order;
}

RT void
pending_put(struct pending *p, const struct message *msg)
{
	const struct pending_item item = {
		.msg = *msg, .order = p->order, .batch = p->batch};
	uint32_t at = p->count++;

	p->order++;
	while (at > 0) {
		uint32_t parent = (at - 1) / 2;

		if (!is_before(&item, &p->heap[parent]))
			break;
		p->heap[at] = p->heap[parent];
		at = parent;
	}
	p->heap[at] = item;
}

RT void
pending_end_batch(struct pending *p)
{
	p->batch++;
}

RT const struct message *
pending_first(const struct pending *p)
{
	return p->count ? &p->heap[0].msg : NULL;
}

RT struct message
pending_take(struct pending *p)
{
	const struct message first = p->heap[0].msg;
	const struct pending_item last = p->heap[--p->count];
	uint32_t at = 0;

	p->taken.frame = first.frame;
	p->taken.batch = p->heap[0].batch;
	for (uint32_t child = 1; child < p->count; child = 2 * at + 1) {
		if (child + 1 < p->count &&
			is_before(&p->heap[child + 1], &p->heap[child]))
			child++;
		if (!is_before(&p->heap[child], &last))
			break;
		p->heap[at] = p->heap[child];
		at = child;
	}
	p->heap[at] = last;
	return first;
}

RT bool
pending_goes_on(const struct pending *p)
{
	return p->count && p->heap[0].batch == p->taken.batch &&
	       p->heap[0].msg.frame == p->taken.frame;
}
