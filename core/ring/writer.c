/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/ring/ring.h"

#include <string.h>

#include "core/ring/copy.h"
#include "core/ring/layout.h"

/* Announces that n frames will be overwritten. */
static void
write_begin(struct ring_writer *w, uint64_t n)
{
	struct ring_shared *s = w->shared;

	if (n != w->block) {
		w->block = (uint32_t)n;
		/* relaxed: a hint, nothing else goes with it */
		atomic_store_explicit(
			&s->block_frames, w->block, memory_order_relaxed);
	}
	/* relaxed: the fence after it makes the order */
	atomic_store_explicit(&s->intent, w->tail + n, memory_order_relaxed);
	fence_release();
}

static void
write_end(struct ring_writer *w, uint64_t n)
{
	w->tail += n;
	/* release: the frames are in place before a reader sees tail */
	atomic_store_explicit(&w->shared->tail, w->tail, memory_order_release);
}

/* A write that meets the ring's end: two pieces. Of more than a ring only the
 * last frames stay. */
struct pieces {
	uint32_t skip;	/* frames of the source that are left out */
	uint32_t at;	/* frame in the ring where the first piece goes */
	uint32_t first; /* frames of it; the second goes to 0 */
	uint32_t second;
};

static struct pieces
write_pieces(struct ring_writer *w, uint32_t n)
{
	struct pieces p = {.skip = n > w->capacity ? n - w->capacity : 0};

	if (p.skip)
		/* relaxed: a count; only this thread stores it */
		atomic_store_explicit(&w->shared->overruns, ++w->overruns,
			memory_order_relaxed);
	p.at = (uint32_t)(w->tail + p.skip) & (w->capacity - 1);
	p.second = n - p.skip;
	p.first = w->capacity - p.at;
	if (p.first > p.second)
		p.first = p.second;
	p.second -= p.first;
	return p;
}

/* Apart, so that the usual write keeps few registers. */
static __attribute__((noinline)) void
write_wrapped(struct ring_writer *w, const float *src, uint32_t n)
{
	struct pieces p = write_pieces(w, n);
	size_t channels = w->channels;

	src += p.skip * channels;
	copy_in(w->data + p.at * channels, src, p.first * channels);
	copy_in(w->data, src + p.first * channels, p.second * channels);
}

RT void
ring_write(struct ring_writer *w, const float *src, uint32_t n)
{
	uint32_t at = (uint32_t)w->tail & (w->capacity - 1);
	size_t channels = w->channels;

	if (n == 0)
		return;
	write_begin(w, n);
	if (n <= w->capacity - at)
		copy_in(w->data + at * channels, src, n * channels);
	else
		write_wrapped(w, src, n);
	write_end(w, n);
}

static __attribute__((noinline)) void
write_wrapped_planar(struct ring_writer *w, const float *const *ch, uint32_t n)
{
	struct pieces p = write_pieces(w, n);
	uint32_t channels = w->channels;

	w->interleave(w->data + (size_t)p.at * channels, ch, channels, p.skip,
		p.first);
	w->interleave(w->data, ch, channels, p.skip + p.first, p.second);
}

RT void
ring_write_planar(struct ring_writer *w, const float *const *ch, uint32_t n)
{
	uint32_t at = (uint32_t)w->tail & (w->capacity - 1);
	uint32_t channels = w->channels;

	if (channels == 1) {
		ring_write(w, ch[0], n);
		return;
	}
	if (n == 0)
		return;
	write_begin(w, n);
	if (n <= w->capacity - at)
		w->interleave(
			w->data + (size_t)at * channels, ch, channels, 0, n);
	else
		write_wrapped_planar(w, ch, n);
	write_end(w, n);
}

RT uint64_t
ring_writer_frame(const struct ring_writer *w)
{
	return w->tail;
}

RT void
ring_set_clock(struct ring_writer *w, uint64_t frame, uint64_t time_ns)
{
	w->clock_version += 2;
	pair_store(&w->shared->clock, w->clock_version, frame, time_ns);
}

RT void
ring_count_xrun(struct ring_writer *w)
{
	/* relaxed: a count; only this thread stores it */
	atomic_store_explicit(
		&w->shared->xruns, ++w->xruns, memory_order_relaxed);
}

RT void
ring_set_freewheel(struct ring_writer *w, bool freewheel)
{
	/* relaxed: frames that are there stay good */
	atomic_store_explicit(&w->shared->state,
		freewheel ? RING_FREEWHEEL : RING_RUNNING,
		memory_order_relaxed);
}
