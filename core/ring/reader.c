/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/ring/ring.h"

#include <string.h>

#include "core/ring/copy.h"
#include "core/ring/layout.h"

#define WAIT_MIN_NS 50000u
#define CLOCK_TRIES 8

/* Tail, or the reader's own place when it is nonsense: a writer that goes back
 * is no writer of frames that this reader can put in order. */
static uint64_t
tail_load(const struct ring_reader *r)
{
	/* acquire: pairs with the release in write_end() */
	uint64_t tail =
		atomic_load_explicit(&r->shared->tail, memory_order_acquire);

	return tail < r->frame ? r->frame : tail;
}

RT uint64_t
ring_available(const struct ring_reader *r)
{
	uint64_t n = tail_load(r) - r->frame;

	return n < r->config.capacity_frames ? n : r->config.capacity_frames;
}

/* The first frame that has not begun to be overwritten. */
static uint64_t
oldest_load(const struct ring_reader *r, uint64_t tail)
{
	uint64_t capacity = r->config.capacity_frames;
	/* relaxed: fence_acquire() or the acquire of tail made the order */
	uint64_t intent =
		atomic_load_explicit(&r->shared->intent, memory_order_relaxed);

	if (intent < tail) /* cannot be, unless the writer lies */
		intent = tail;
	return intent > capacity ? intent - capacity : 0;
}

/* True if what the reader stands on may have begun to be overwritten. Then it
 * goes on half a ring behind the frames that the writer is at, but not ahead of
 * tail, and *gap grows by what it passes over. */
static bool
read_lapped(struct ring_reader *r, uint64_t tail, uint64_t *gap)
{
	uint64_t oldest = oldest_load(r, tail);
	uint64_t to = oldest + r->config.capacity_frames / 2;

	if (r->frame >= oldest)
		return false;
	if (to > tail)
		to = tail;
	*gap += to - r->frame;
	r->lost += to - r->frame;
	r->frame = to;
	return true;
}

/* Frames first..first + n, at most a ring of them. */
static void
read_copy(const struct ring_reader *r, uint64_t first, float *dst, uint32_t n)
{
	size_t channels = r->config.channels;
	uint32_t capacity = r->config.capacity_frames;
	uint32_t at = (uint32_t)first & (capacity - 1);
	uint32_t to_end = capacity - at;

	if (to_end > n)
		to_end = n;
	copy_out(dst, r->data + at * channels, to_end * channels);
	if (to_end < n)
		copy_out(dst + to_end * channels, r->data,
			(n - to_end) * channels);
}

RT uint32_t
ring_read(struct ring_reader *r, float *dst, uint32_t n, uint64_t *gap)
{
	uint64_t tail = tail_load(r);
	uint64_t missing = 0;

	/* spares a copy that cannot be good; after it, tail is not ahead by
	 * more than the capacity, whatever the memory says */
	read_lapped(r, tail, &missing);
	if (n > tail - r->frame)
		n = (uint32_t)(tail - r->frame);
	read_copy(r, r->frame, dst, n);
	fence_acquire();
	if (read_lapped(r, tail, &missing))
		n = 0; /* all of it: the reader has gone on beyond it */
	r->frame += n;
	if (gap)
		*gap = missing;
	return n;
}

/* How many of the n frames from first on are gone. */
static uint32_t
frames_gone(
	const struct ring_reader *r, uint64_t tail, uint64_t first, uint32_t n)
{
	uint64_t oldest = oldest_load(r, tail);

	if (oldest <= first)
		return 0;
	return oldest - first < n ? (uint32_t)(oldest - first) : n;
}

RT uint32_t
ring_read_at(const struct ring_reader *r, uint64_t first, float *dst,
	uint32_t n, uint32_t *lost)
{
	size_t channels = r->config.channels;
	uint64_t tail = tail_load(r);
	uint32_t gone, gone_now;

	if (first >= tail)
		n = 0;
	else if (n > tail - first)
		n = (uint32_t)(tail - first);
	gone = frames_gone(r, tail, first, n);
	read_copy(r, first + gone, dst + gone * channels, n - gone);
	fence_acquire();
	gone_now = frames_gone(r, tail, first, n);
	if (gone < gone_now) /* it does not shrink, unless the writer lies */
		gone = gone_now;
	memset(dst, 0, gone * channels * sizeof(*dst));
	if (lost)
		*lost = gone;
	return n;
}

RT uint64_t
ring_seek_behind(struct ring_reader *r, uint64_t behind)
{
	uint64_t tail = tail_load(r);
	uint64_t capacity = r->config.capacity_frames;
	uint64_t block = ring_block_frames(r);
	uint64_t reach =
		capacity - (block > capacity / 8 ? block : capacity / 8);

	if (behind > reach)
		behind = reach;
	if (behind > tail)
		behind = tail;
	r->frame = tail - behind;
	return behind;
}

RT enum ring_state
ring_reader_state(const struct ring_reader *r)
{
	const struct ring_shared *s = r->shared;
	/* acquire: a closed ring's last frames are seen after this */
	uint32_t state = atomic_load_explicit(&s->state, memory_order_acquire);

	/* relaxed: each alone tells enough */
	if (atomic_load_explicit(&s->epoch, memory_order_relaxed) != r->epoch)
		return RING_CLOSED;
	if (atomic_load_explicit(&s->tail, memory_order_relaxed) < r->frame)
		return RING_CLOSED;
	if (state != RING_RUNNING && state != RING_FREEWHEEL)
		return RING_CLOSED;
	return (enum ring_state)state;
}

RT bool
ring_clock(struct ring_reader *r, uint64_t *frame, uint64_t *time_ns)
{
	uint64_t version = 1, now, now_ns;

	for (int i = 0; i < CLOCK_TRIES && version % 2; i++)
		version = pair_load(&r->shared->clock, &now, &now_ns);
	if (version && version % 2 == 0) {
		r->clock_frame = now;
		r->clock_ns = now_ns;
	}
	if (r->clock_ns == 0)
		return false;
	*frame = r->clock_frame;
	*time_ns = r->clock_ns;
	return true;
}

RT uint32_t
ring_block_frames(const struct ring_reader *r)
{
	/* relaxed: a hint */
	uint32_t n = atomic_load_explicit(
		&r->shared->block_frames, memory_order_relaxed);

	if (n < 1)
		return 1;
	return n < r->config.capacity_frames ? n : r->config.capacity_frames;
}

static uint64_t
frames_to_ns(const struct ring_reader *r, uint64_t frames)
{
	return frames * 1000000000u / r->config.rate_hz;
}

/* From now until the block with the frame before `end` is due; without a clock
 * that makes sense, the time that the missing frames take. */
static uint64_t
due_in_ns(
	struct ring_reader *r, uint64_t end, uint64_t missing, uint64_t now_ns)
{
	const uint64_t far = 4 * (uint64_t)RING_CAPACITY_MAX;
	uint64_t block = ring_block_frames(r);
	uint64_t frame, time_ns, due_ns;

	/* differences wrap, and one of the two is near when both are sane */
	if (!ring_clock(r, &frame, &time_ns) ||
		(end - frame > far && frame - end > far))
		return frames_to_ns(r, missing);
	due_ns = time_ns;
	if (end - frame > block && end - frame <= far)
		due_ns += frames_to_ns(r, (end - frame - 1) / block * block);
	if (due_ns - now_ns <= 4 * (uint64_t)RING_WAIT_MAX_NS)
		return due_ns - now_ns;
	if (now_ns - due_ns <= frames_to_ns(r, 2 * block))
		return frames_to_ns(r, block) / 8; /* late: any moment now */
	return frames_to_ns(r, missing < block ? missing : block);
}

RT uint64_t
ring_wait_ns(struct ring_reader *r, uint32_t n, uint64_t now_ns)
{
	uint64_t ready = ring_available(r);
	uint64_t wait_ns;

	if (n > r->config.capacity_frames)
		n = r->config.capacity_frames;
	if (ready >= n)
		return 0;
	wait_ns = due_in_ns(r, r->frame + n, n - ready, now_ns);
	if (wait_ns < WAIT_MIN_NS)
		return WAIT_MIN_NS;
	return wait_ns < RING_WAIT_MAX_NS ? wait_ns : RING_WAIT_MAX_NS;
}

RT void
ring_counters(const struct ring_reader *r, struct ring_counters *out)
{
	/* relaxed: counts, each alone */
	out->written =
		atomic_load_explicit(&r->shared->tail, memory_order_relaxed);
	out->xruns =
		atomic_load_explicit(&r->shared->xruns, memory_order_relaxed);
	out->overruns = atomic_load_explicit(
		&r->shared->overruns, memory_order_relaxed);
}
