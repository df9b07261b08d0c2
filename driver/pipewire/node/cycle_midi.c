/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lies in a port's buffer is written by another program, which may be
 * wrong, or write while we read: it is copied once, and each size in the copy
 * is held against what is left of it. */
#include "driver/pipewire/node/cycle_midi.h"

#include <string.h>
#include <sys/eventfd.h>

#include <pipewire/filter.h>
#include <spa/control/control.h>
#include <spa/pod/builder.h>

#include "core/mixer/mixer.h"
#include "core/ump.h"
#include "core/hash.h"

/* SPA_CONTROL_UMP, which headers before 1.2 do not have */
#define CONTROL_UMP 4

/* ---- what was sent and comes back ---- */

/* Others may have the same: they are a block or two later then, that is all. */
static uint64_t *
back_until(struct cycle_midi *c, const uint8_t *bytes, uint32_t n)
{
	uint32_t hash = hash_bytes(HASH_START, bytes, n < 3 ? n : 3);

	return &c->back_until[(hash ^ hash >> 16) & (MIDI_BACK_SLOTS - 1)];
}

/* ---- in ---- */

static bool
has_room(struct cycle_midi *c, uint32_t size_bytes, uint32_t *at)
{
	int32_t used = spa_ringbuffer_get_write_index(&c->heard.ring, at);

	*at += c->untold;
	return used >= 0 &&
	       size_bytes <= MIDI_RING_BYTES - (uint32_t)used - c->untold;
}

/* Without a place to tell it, nothing is done: control would not know. */
static void
hear_piece(struct cycle_midi *c, struct mixer *m, uint64_t frame,
	const uint8_t *bytes, uint32_t n)
{
	struct reflex_done done[REFLEX_TARGETS_MAX];
	struct midi_record record = {.frame = frame, .bytes = (uint16_t)n};
	uint32_t at, start;

	if (!has_room(c, sizeof(record) + sizeof(done) + MIDI_ROUND(n), &at)) {
		cycle_count(&c->lost);
		c->losing = true;
		return;
	}
	record.lost = c->losing;
	c->losing = false;
	start = at;
	if (m) {
		record.taken = mixer_taken(m);
		if (frame >= *back_until(c, bytes, n))
			record.done = (uint8_t)reflex_run(
				c->reflex, m, bytes, n, frame, done);
	}
	at = midi_ring_put(&c->heard, at, &record, sizeof(record));
	at = midi_ring_put(
		&c->heard, at, done, record.done * (uint32_t)sizeof(done[0]));
	at = midi_ring_put(&c->heard, at, bytes, n);
	c->untold += at - start;
}

static void
hear(struct cycle_midi *c, struct mixer *m, uint64_t frame,
	const uint8_t *bytes, uint32_t n)
{
	while (n > 0) {
		uint32_t piece = n < MIDI_PIECE_MAX ? n : MIDI_PIECE_MAX;

		hear_piece(c, m, frame, bytes, piece);
		bytes += piece;
		n -= piece;
	}
}

/* Packets of words in this machine's order */
static void
hear_packets(struct cycle_midi *c, struct mixer *m, uint64_t frame,
	const uint8_t *data, uint32_t size_bytes)
{
	uint32_t word[UMP_WORDS_MAX], n;
	uint8_t bytes[UMP_BYTES_MAX];

	while (size_bytes >= sizeof(word[0])) {
		memcpy(word, data, sizeof(word[0]));
		n = ump_words(word[0]) * (uint32_t)sizeof(word[0]);
		if (n > size_bytes) {
			cycle_count(&c->bad);
			return;
		}
		memcpy(word, data, n);
		hear(c, m, frame, bytes, ump_bytes(word, bytes));
		data += n;
		size_bytes -= n;
	}
}

/* Our own copy of what is in the port's buffer; how many bytes. */
static uint32_t
fetch(struct cycle_midi *c)
{
	struct pw_buffer *b = pw_filter_dequeue_buffer(c->in);
	const struct spa_data *d;
	uint32_t offset, size = 0;

	if (!b)
		return 0;
	d = &b->buffer->datas[0];
	if (b->buffer->n_datas > 0 && d->data && d->chunk) {
		offset = d->chunk->offset;
		size = d->chunk->size;
		if (offset > d->maxsize || size > d->maxsize - offset)
			size = 0;
		if (size > MIDI_BUFFER_BYTES) {
			size = MIDI_BUFFER_BYTES;
			cycle_count(&c->lost);
		}
		memcpy(c->copy, (const uint8_t *)d->data + offset, size);
	}
	pw_filter_queue_buffer(c->in, b);
	return size;
}

/* Events of a sequence: offset, type, size and type of a value, the value up to
 * a multiple of 8 bytes. */
static void
hear_sequence(struct cycle_midi *c, struct mixer *m, uint64_t frame, uint32_t n,
	const uint8_t *body, uint32_t size)
{
	struct spa_pod_control event;
	uint32_t at = 0, last = 0;

	while (size - at >= sizeof(event)) {
		uint32_t bytes;

		memcpy(&event, body + at, sizeof(event));
		at += (uint32_t)sizeof(event);
		bytes = event.value.size;
		if (bytes > size - at) {
			cycle_count(&c->bad);
			return;
		}
		/* Frames do not go back, nor out of the block. */
		if (event.offset > last)
			last = event.offset < n ? event.offset : n - 1;
		if (event.value.type != SPA_TYPE_Bytes)
			; /* a property: not for us */
		else if (event.type == SPA_CONTROL_Midi)
			hear(c, m, frame + last, body + at, bytes);
		else if (event.type == CONTROL_UMP)
			hear_packets(c, m, frame + last, body + at, bytes);
		at += MIDI_ROUND(bytes) < size - at ? MIDI_ROUND(bytes)
						    : size - at;
	}
}

static void
run_in(struct cycle_midi *c, struct mixer *m, uint64_t frame, uint32_t n)
{
	struct spa_pod_sequence sequence;
	uint32_t size = fetch(c), body;

	if (size == 0)
		return;
	if (size < sizeof(sequence)) {
		cycle_count(&c->bad);
		return;
	}
	memcpy(&sequence, c->copy, sizeof(sequence));
	body = size - (uint32_t)sizeof(sequence.pod);
	if (sequence.pod.size < body)
		body = sequence.pod.size;
	if (sequence.pod.type != SPA_TYPE_Sequence ||
		body < sizeof(sequence.body)) {
		cycle_count(&c->bad);
		return;
	}
	hear_sequence(c, m, frame, n, c->copy + sizeof(sequence),
		body - (uint32_t)sizeof(sequence.body));
}

/* ---- out ---- */

/* The next message that control has for us; false: none. */
static bool
spoken_next(struct cycle_midi *c, uint32_t *at, uint32_t *n)
{
	struct midi_ring *r = &c->spoken;

	if (spa_ringbuffer_get_read_index(&r->ring, at) <= 0)
		return false;
	midi_ring_get(r, *at, n, sizeof(*n));
	return true;
}

static void
spoken_drop(struct cycle_midi *c, uint32_t at, uint32_t n)
{
	spa_ringbuffer_read_update(
		&c->spoken.ring, (int32_t)(at + 8 + MIDI_ROUND(n)));
}

#define TICK_BYTES ((uint32_t)sizeof(struct spa_pod_control) + MIDI_ROUND(1))

/* Those that have found no room go with the next block, as its first: whoever
 * follows a clock counts, and would be wrong for good without them. */
static void
ticks_are_late(struct midi_ticks *ticks)
{
	for (uint32_t i = 0; i < ticks->count; i++)
		ticks->event[i].offset = 0;
}

static void
add_ticks(struct spa_pod_builder *b, struct midi_ticks *ticks,
	uint32_t size_bytes)
{
	uint32_t i = 0, late = 0;

	for (; i < ticks->count && b->state.offset + TICK_BYTES <= size_bytes;
		i++) {
		spa_pod_builder_control(
			b, ticks->event[i].offset, SPA_CONTROL_Midi);
		spa_pod_builder_bytes(b, &ticks->event[i].byte, 1);
	}
	for (; i < ticks->count; i++)
		ticks->event[late++] = ticks->event[i];
	ticks->count = late;
}

/* back: until when it may come back. Ticks come behind all else, since they
 * have frames, and have their room before it: messages have none, and wait for
 * the next block. But the first one waits no longer, and ticks give way to it:
 * a long one might find no block without them. */
static uint32_t
speak(struct cycle_midi *c, uint64_t back, void *data, uint32_t size_bytes)
{
	struct spa_pod_builder b = SPA_POD_BUILDER_INIT(data, size_bytes);
	struct spa_pod_frame sequence;
	uint8_t bytes[MIDI_PIECE_MAX];
	uint32_t at, n, kept_bytes = 0;

	spa_pod_builder_push_sequence(&b, &sequence, 0);
	while (spoken_next(c, &at, &n)) {
		uint32_t wanted = (uint32_t)sizeof(struct spa_pod_control) +
				  MIDI_ROUND(n);

		if (sizeof(struct spa_pod_sequence) + wanted > size_bytes) {
			spoken_drop(c, at, n); /* in no block */
			continue;
		}
		if (b.state.offset + wanted + kept_bytes > size_bytes)
			break; /* in the next block */
		midi_ring_get(&c->spoken, at + 8, bytes, n);
		spa_pod_builder_control(&b, 0, SPA_CONTROL_Midi);
		spa_pod_builder_bytes(&b, bytes, n);
		*back_until(c, bytes, n) = back;
		spoken_drop(c, at, n);
		kept_bytes = c->ticks.count * TICK_BYTES;
	}
	add_ticks(&b, &c->ticks, size_bytes);
	spa_pod_builder_pop(&b, &sequence);
	return b.state.offset;
}

/* Nobody is linked: what was said is not kept for whoever comes. */
static void
hold_tongue(struct cycle_midi *c)
{
	uint32_t at, n;

	c->ticks.count = 0;
	while (spoken_next(c, &at, &n))
		spoken_drop(c, at, n);
}

static void
run_out(struct cycle_midi *c, uint64_t back)
{
	struct pw_buffer *b = pw_filter_dequeue_buffer(c->out);
	struct spa_data *d;

	if (!b) {
		hold_tongue(c);
		return;
	}
	d = &b->buffer->datas[0];
	if (b->buffer->n_datas > 0 && d->data && d->chunk &&
		d->maxsize >= sizeof(struct spa_pod_sequence)) {
		d->chunk->size = speak(c, back, d->data, d->maxsize);
		d->chunk->offset = 0;
		d->chunk->stride = 1;
		d->chunk->flags = 0;
	}
	pw_filter_queue_buffer(c->out, b);
}

RT void
cycle_midi_run(
	struct cycle_midi *c, struct mixer *m, uint64_t frame, uint32_t n)
{
	struct midi_ticks *t = &c->ticks;

	if (n == 0 || n > BLOCK_MAX) { /* mixer_run() will refuse it */
		m = NULL;
		n = 1;
	}
	if (m)
		reflex_look(c->reflex);
	run_in(c, m, frame, n);
	ticks_are_late(t);
	if (m)
		t->count += clock_out_run(&c->clock, frame, n,
			t->event + t->count, CLOCK_OUT_EVENTS - t->count);
	/* Two blocks are the shortest way back. */
	run_out(c, frame + 2 * n + MIDI_BACK_FRAMES);
}

RT void
cycle_midi_restart(struct cycle_midi *c)
{
	memset(c->back_until, 0, sizeof(c->back_until));
}

RT void
cycle_midi_tell(struct cycle_midi *c)
{
	uint32_t at;

	if (c->untold == 0)
		return;
	spa_ringbuffer_get_write_index(&c->heard.ring, &at);
	spa_ringbuffer_write_update(&c->heard.ring, (int32_t)(at + c->untold));
	c->untold = 0;
	/* The descriptor does not block, and its counter is never full. */
	eventfd_write(c->bell, 1);
}
