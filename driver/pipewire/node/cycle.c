/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/pipewire/node/cycle.h"

#include <string.h>

#include <pipewire/filter.h>
#include <spa/node/io.h>

#include "driver/clock.h"

/* Entered or left. Who looks at it waits for it to stand, so that its order
 * beside what the cycle does is of no matter. */
static void
cycle_turn(struct cycle *c)
{
	if (c->turns)
		cycle_count(c->turns);
}

/* The frames of a buffer; NULL when there are none. *frames is how many, or 0
 * when there are n. A source that has just run with a shorter block gives a
 * buffer of that one's length, and behind it is what the memory held before. */
static const float *
frames_of(const struct spa_data *d, uint32_t n, uint32_t *frames)
{
	uint32_t offset = SPA_MIN(d->chunk->offset, d->maxsize);
	uint32_t bytes = SPA_MIN(d->chunk->size, d->maxsize - offset);

	*frames = bytes / sizeof(float);
	if (!d->data || !*frames)
		return NULL;
	if (*frames >= n)
		*frames = 0;
	return SPA_PTROFF(d->data, offset, const float);
}

/* Every input is fetched on every cycle, whether it is used or not: before
 * PipeWire 1.6.5 a port that was passed over once stays dead. */
static void
fetch(void *port, uint32_t n, struct mixer_input *in, uint32_t ch,
	_Atomic uint32_t *empty)
{
	struct pw_buffer *b = pw_filter_dequeue_buffer(port);
	uint32_t count = 0;

	in->ch[ch] = NULL;
	in->frames[ch] = 0;
	if (b) {
		in->ch[ch] =
			frames_of(&b->buffer->datas[0], n, &in->frames[ch]);
		pw_filter_queue_buffer(port, b);
	} else {
		count = atomic_load_explicit(empty, memory_order_relaxed) + 1;
	}
	atomic_store_explicit(empty, count, memory_order_relaxed);
}

static uint32_t
fetch_inputs(struct cycle *c, uint32_t n)
{
	uint32_t inputs = 0;

	for (uint32_t s = 0; s < c->strips; s++) {
		struct mixer_input *in = &c->inputs[inputs++];

		for (uint32_t i = 0; i < 2; i++)
			fetch(c->in[s][i], n, in, i, &c->in_empty[s][i]);
	}
	for (uint32_t w = 0; w < WIDES; w++) {
		struct mixer_input *in = &c->inputs[inputs];
		uint64_t use = atomic_load_explicit(
			&c->wide_use[w], memory_order_relaxed);

		for (uint32_t i = 0; i < CHANNELS_MAX; i++)
			fetch(c->wide[w][i], n, in, i, &c->wide_empty[w][i]);
		if (!use)
			continue;
		in->strip = (uint32_t)use & 0xff;
		in->layout = (uint32_t)(use >> 32);
		inputs++;
	}
	return inputs;
}

static void
watch_clock(struct cycle *c, struct mixer *m, const struct spa_io_clock *clock)
{
	/* Another driver counts from another zero, and a driver that starts
	 * may say its first position twice: only frames that were jumped over
	 * are an xrun. */
	if (c->clock_id == clock->id && c->next_position &&
		clock->position > c->next_position) {
		cycle_count(&c->xruns);
		if (m)
			mixer_count_xrun(m);
	}
	c->clock_id = clock->id;
	c->next_position = clock->position + clock->duration;
	atomic_store_explicit(
		&c->rate_seen_hz, clock->rate.denom, memory_order_relaxed);
	atomic_store_explicit(&c->block_seen, (uint32_t)clock->duration,
		memory_order_relaxed);
}

static void
watch_load(struct cycle *c, uint64_t took_ns, uint32_t n)
{
	float load = (float)took_ns * (float)c->rate_hz / ((float)n * 1e9f);
	float old = atomic_load_explicit(&c->load, memory_order_relaxed);

	atomic_store_explicit(
		&c->load, old + (load - old) * 0.05f, memory_order_relaxed);
	if (load > atomic_load_explicit(&c->load_max, memory_order_relaxed))
		atomic_store_explicit(&c->load_max, load, memory_order_relaxed);
}

static void
silence(float *(*out)[2], uint32_t buses, uint32_t n)
{
	for (uint32_t b = 0; b < buses; b++)
		for (uint32_t i = 0; i < 2; i++)
			if (out[b][i])
				memset(out[b][i], 0, n * sizeof(float));
}

/* The mixer of this cycle; NULL: control changes it, or is about to, since the
 * rate is another one. */
static struct mixer *
enter(struct cycle *c, uint32_t rate_hz)
{
	/* seq_cst: control stores `paused` and then looks at `inside`; one of
	 * the two sees the other's */
	atomic_store_explicit(&c->inside, 1, memory_order_seq_cst);
	if (atomic_load_explicit(&c->paused, memory_order_seq_cst))
		return NULL;
	if (c->changes_seen != c->changes) {
		c->changes_seen = c->changes;
		cycle_midi_restart(&c->midi);
	}
	return rate_hz == c->rate_hz ? c->mixer : NULL;
}

static void
leave(struct cycle *c)
{
	/* release: what was read is not read any more */
	atomic_store_explicit(&c->inside, 0, memory_order_release);
}

RT void
cycle_run(void *data, struct spa_io_position *position)
{
	struct cycle *c = data;
	uint64_t start_ns = clock_now_ns();
	struct mixer *m;
	uint32_t n = (uint32_t)position->clock.duration;
	float *out[BUSES_MAX][2] = {{NULL, NULL}};
	uint32_t inputs;

	cycle_turn(c);
	atomic_store_explicit(&c->cycle_ns, start_ns, memory_order_relaxed);
	m = enter(c, position->clock.rate.denom);
	if (!atomic_load_explicit(&c->thread_known, memory_order_relaxed)) {
		atomic_store_explicit(
			&c->thread, pthread_self(), memory_order_relaxed);
		/* release: pairs with the acquire of who asks for thread */
		atomic_store_explicit(
			&c->thread_known, 1, memory_order_release);
	}
	watch_clock(c, m, &position->clock);
	inputs = fetch_inputs(c, n);
	for (uint32_t b = 0; b < c->buses; b++)
		for (uint32_t i = 0; i < 2; i++)
			out[b][i] = pw_filter_get_dsp_buffer(c->out[b][i], n);
	cycle_midi_run(&c->midi, m, m ? mixer_frame(m) : 0, n);
	if (m) {
		mixer_set_freewheel(
			m, position->clock.flags & SPA_IO_CLOCK_FLAG_FREEWHEEL);
		mixer_set_clock(m, position->clock.nsec);
		mixer_run(m, c->inputs, inputs, (float *const(*)[2])out, n);
		for (uint32_t b = 0; b < c->buses; b++)
			fold_run(&c->fold[b], out[b], n);
	} else {
		silence(out, c->buses, n);
	}
	cycle_midi_tell(&c->midi);
	cycle_count(&c->cycles);
	if (m && n)
		watch_load(c, clock_now_ns() - start_ns, n);
	leave(c);
	cycle_turn(c);
}
