/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/ring/ring.h"

#include <string.h>

#include "core/ring/layout.h"

#ifdef __has_feature
#if __has_feature(thread_sanitizer)
#define RING_WORDS 1
#endif
#endif
#if !defined(RING_WORDS) && defined(__SANITIZE_THREAD__)
#define RING_WORDS 1
#endif

#define WAIT_MIN_NS 50000u
#define CLOCK_TRIES 8

/* One memcpy() is never longer than this: glibc copies longer pieces (from
 * 16,448 bytes on, by its tunables) with non-temporal stores, which may become
 * visible before the intent that was stored ahead of them. */
#define PIECE_SAMPLES 4096u /* 16 KiB */

#ifdef RING_WORDS
/* The thread sanitizer knows neither fences nor what is done with a copy before
 * it is checked. Here the order is in the words themselves: a word read with
 * acquire that was stored with release brings the intent stored before it. */
static void
fence_release(void)
{
}

static void
fence_acquire(void)
{
}

static void
word_set(float *at, float value)
{
	uint32_t word;

	memcpy(&word, &value, sizeof(word));
	__atomic_store_n((uint32_t *)(void *)at, word, __ATOMIC_RELEASE);
}

static void
copy_in(float *dst, const float *src, size_t samples)
{
	for (size_t i = 0; i < samples; i++)
		word_set(&dst[i], src[i]);
}

static void
copy_out(float *dst, const float *src, size_t samples)
{
	for (size_t i = 0; i < samples; i++) {
		uint32_t word =
			__atomic_load_n((const uint32_t *)(const void *)&src[i],
				__ATOMIC_ACQUIRE);

		memcpy(&dst[i], &word, sizeof(word));
	}
}
#else
/* release: pairs with fence_acquire(). A store of intent alone, even with
 * release, would not keep the stores after it behind it. */
static void
fence_release(void)
{
	atomic_thread_fence(memory_order_release);
}

/* acquire: the loads of the copy are done before intent is loaded */
static void
fence_acquire(void)
{
	atomic_thread_fence(memory_order_acquire);
}

static void
word_set(float *at, float value)
{
	*at = value;
}

/* Plain copies race with the other process, on purpose: what was torn is thrown
 * away unread once intent is checked, the fences order whole copies, and any
 * bits make a float. Word-wise atomics would say so to the compiler, and would
 * keep it from vectorising: a third of the speed. */
static __attribute__((noinline)) void
copy_in_pieces(float *dst, const float *src, size_t samples)
{
	while (samples > PIECE_SAMPLES) {
		memcpy(dst, src, PIECE_SAMPLES * sizeof(float));
		dst += PIECE_SAMPLES;
		src += PIECE_SAMPLES;
		samples -= PIECE_SAMPLES;
	}
	memcpy(dst, src, samples * sizeof(float));
}

static void
copy_in(float *dst, const float *src, size_t samples)
{
	if (samples > PIECE_SAMPLES)
		copy_in_pieces(dst, src, samples);
	else
		memcpy(dst, src, samples * sizeof(float));
}

static void
copy_out(float *dst, const float *src, size_t samples)
{
	memcpy(dst, src, samples * sizeof(float));
}
#endif

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

/* dst[n][2] from two planes: most buses, and a loop that vectorises */
static void
interleave_stereo(float *restrict dst, const float *restrict left,
	const float *restrict right, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		word_set(&dst[2 * (size_t)i], left[i]);
		word_set(&dst[2 * (size_t)i + 1], right[i]);
	}
}

static void
interleave(float *dst, const float *const *ch, uint32_t channels,
	uint32_t offset, uint32_t n)
{
	if (channels == 2) {
		interleave_stereo(dst, ch[0] + offset, ch[1] + offset, n);
		return;
	}
	if (channels == 1) {
		copy_in(dst, ch[0] + offset, n);
		return;
	}
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t c = 0; c < channels; c++)
			word_set(&dst[(size_t)i * channels + c],
				ch[c][offset + i]);
}

static __attribute__((noinline)) void
write_wrapped_planar(struct ring_writer *w, const float *const *ch, uint32_t n)
{
	struct pieces p = write_pieces(w, n);
	uint32_t channels = w->channels;

	interleave(w->data + (size_t)p.at * channels, ch, channels, p.skip,
		p.first);
	interleave(w->data, ch, channels, p.skip + p.first, p.second);
}

RT void
ring_write_planar(struct ring_writer *w, const float *const *ch, uint32_t n)
{
	uint32_t at = (uint32_t)w->tail & (w->capacity - 1);
	uint32_t channels = w->channels;

	if (n == 0)
		return;
	write_begin(w, n);
	if (n <= w->capacity - at)
		interleave(w->data + (size_t)at * channels, ch, channels, 0, n);
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
	struct ring_shared *s = w->shared;

	w->clock_seq += 2;
	/* relaxed: the releases below keep it ahead of them */
	atomic_store_explicit(
		&s->clock_seq, w->clock_seq - 1, memory_order_relaxed);
	/* release: who loads a new half of the pair sees the odd number too */
	atomic_store_explicit(&s->clock_frame, frame, memory_order_release);
	atomic_store_explicit(&s->clock_ns, time_ns, memory_order_release);
	/* release: the pair is complete before the number is even again */
	atomic_store_explicit(
		&s->clock_seq, w->clock_seq, memory_order_release);
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

/* True if what the reader stands on may have begun to be overwritten. Then it
 * goes on half a ring behind the frames that the writer is at, but not ahead of
 * tail, and *gap grows by what it passes over. */
static bool
read_lapped(struct ring_reader *r, uint64_t tail, uint64_t *gap)
{
	uint64_t capacity = r->config.capacity_frames;
	/* relaxed: fence_acquire() or the acquire of tail made the order */
	uint64_t intent =
		atomic_load_explicit(&r->shared->intent, memory_order_relaxed);
	uint64_t to;

	if (intent < tail) /* cannot be, unless the writer lies */
		intent = tail;
	if (intent - r->frame <= capacity)
		return false;
	to = intent - capacity / 2;
	if (to > tail)
		to = tail;
	*gap += to - r->frame;
	r->lost += to - r->frame;
	r->frame = to;
	return true;
}

static void
read_copy(const struct ring_reader *r, float *dst, uint32_t n)
{
	size_t channels = r->config.channels;
	uint32_t capacity = r->config.capacity_frames;
	uint32_t at = (uint32_t)r->frame & (capacity - 1);
	uint32_t first = capacity - at;

	if (first > n)
		first = n;
	copy_out(dst, r->data + at * channels, first * channels);
	if (first < n)
		copy_out(dst + first * channels, r->data,
			(n - first) * channels);
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
	read_copy(r, dst, n);
	fence_acquire();
	if (read_lapped(r, tail, &missing))
		n = 0; /* all of it: which words are old cannot be known */
	r->frame += n;
	if (gap)
		*gap = missing;
	return n;
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
	const struct ring_shared *s = r->shared;

	for (int i = 0; i < CLOCK_TRIES; i++) {
		/* acquire, three times: pairs with ring_set_clock() */
		uint64_t seq = atomic_load_explicit(
			&s->clock_seq, memory_order_acquire);
		uint64_t f = atomic_load_explicit(
			&s->clock_frame, memory_order_acquire);
		uint64_t t = atomic_load_explicit(
			&s->clock_ns, memory_order_acquire);

		if (seq == 0)
			break;
		/* relaxed: the acquires above keep it behind them */
		if ((seq & 1) == 0 && atomic_load_explicit(&s->clock_seq,
					      memory_order_relaxed) == seq) {
			r->clock_frame = f;
			r->clock_ns = t;
			break;
		}
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
