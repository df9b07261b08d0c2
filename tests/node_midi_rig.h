/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests: the MIDI ports without PipeWire; what lies in their buffers is
 * ours to write. */
#ifndef NODE_MIDI_RIG_H
#define NODE_MIDI_RIG_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <pipewire/filter.h>
#include <spa/control/control.h>
#include <spa/pod/builder.h>

#include "core/mixer/mixer.h"
#include "driver/pipewire/driver_own.h"

#define BUFFER_BYTES 4096
#define BLOCK	     256u
#define HEARD_MAX    4096

struct heard {
	uint64_t frame;
	uint32_t n;
	uint32_t count;
	bool lost;
	uint8_t bytes[MIDI_PIECE_MAX];
};

/* A port with one buffer. */
struct port {
	bool linked;
	struct pw_buffer buffer;
	struct spa_buffer spa;
	struct spa_data data;
	struct spa_chunk chunk;
	uint32_t queued;
	_Alignas(8) uint8_t bytes[BUFFER_BYTES];
};

struct machine {
	struct driver d;
	struct cycle cycle;
	struct port in, out;
	struct heard heard[HEARD_MAX];
	uint32_t heards;
	uint64_t random;
};

/* In the place of PipeWire's own. */
struct pw_buffer *
pw_filter_dequeue_buffer(void *port)
{
	struct port *p = port;

	return p->linked ? &p->buffer : NULL;
}

int
pw_filter_queue_buffer(void *port, struct pw_buffer *buffer)
{
	struct port *p = port;

	assert_ptr_equal(buffer, &p->buffer);
	p->queued++;
	return 0;
}

static inline void
port_init(struct port *p)
{
	p->linked = true;
	p->buffer.buffer = &p->spa;
	p->spa.n_datas = 1;
	p->spa.datas = &p->data;
	p->data.data = p->bytes;
	p->data.maxsize = BUFFER_BYTES;
	p->data.chunk = &p->chunk;
}

static inline int
machine_up(void **state)
{
	const struct mixer_config config = {
		.strips = 2, .buses = 1, .rate_hz = 48000, .block_max = BLOCK};
	struct machine *m = calloc(1, sizeof(*m));

	assert_int_equal(mixer_new(&m->cycle.mixer, &config), 0);
	assert_int_equal(reflex_new(&m->cycle.midi.reflex), 0);
	port_init(&m->in);
	port_init(&m->out);
	m->cycle.midi.bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	assert_true(m->cycle.midi.bell >= 0);
	m->cycle.midi.in = &m->in;
	m->cycle.midi.out = &m->out;
	m->d.node.cycle = &m->cycle;
	m->d.running = true;
	m->random = 1;
	*state = m;
	return 0;
}

static inline int
machine_down(void **state)
{
	struct machine *m = *state;

	mixer_free(m->cycle.mixer);
	reflex_free(m->cycle.midi.reflex);
	close(m->cycle.midi.bell);
	free(m);
	return 0;
}

static inline uint32_t
chance(struct machine *m, uint32_t of)
{
	m->random = m->random * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(m->random >> 33) % of;
}

static inline void
on_heard(void *data, const struct driver_midi *midi)
{
	struct machine *m = data;
	struct heard *h = &m->heard[m->heards++];

	assert_true(m->heards <= HEARD_MAX && midi->n <= MIDI_PIECE_MAX);
	h->frame = midi->frame;
	h->n = midi->n;
	h->count = midi->count;
	h->lost = midi->lost;
	memcpy(h->bytes, midi->bytes, midi->n);
}

static inline void
cycle(struct machine *m)
{
	cycle_midi_run(&m->cycle.midi, m->cycle.mixer,
		mixer_frame(m->cycle.mixer), BLOCK);
	mixer_run(m->cycle.mixer, NULL, 0, NULL, BLOCK);
	cycle_midi_tell(&m->cycle.midi);
	m->in.chunk.size = 0;
}

static inline void
cycle_and_read(struct machine *m)
{
	cycle(m);
	driver_midi_read(&m->d, on_heard, m);
}

static inline void
mute_by_note_5(struct machine *m)
{
	const struct reflex_entry entry = {.kind = REFLEX_MOVE};
	const struct curve curve = {
		.shape = CURVE_SWITCH, .full = 1, .high = 1.0};
	struct reflex_move move = {.id = 3, .parameter = MIX_MUTE};
	struct reflex *x = m->cycle.midi.reflex;
	struct reflex_table *t = reflex_begin(x);

	move.curve = (uint16_t)reflex_curve(t, &curve);
	t->at[REFLEX_NOTE][0][5] = (uint16_t)reflex_add(t, &entry, &move, 1);
	reflex_publish(x);
}

/* ---- what another program writes ---- */

struct event {
	uint32_t offset;
	uint32_t type;
	const void *bytes;
	uint32_t n;
};

static inline void
lay(struct machine *m, const struct event *events, uint32_t count)
{
	struct spa_pod_builder b =
		SPA_POD_BUILDER_INIT(m->in.bytes, BUFFER_BYTES);
	struct spa_pod_frame frame;

	spa_pod_builder_push_sequence(&b, &frame, 0);
	for (uint32_t i = 0; i < count; i++) {
		spa_pod_builder_control(&b, events[i].offset, events[i].type);
		spa_pod_builder_bytes(&b, events[i].bytes, events[i].n);
	}
	spa_pod_builder_pop(&b, &frame);
	m->in.chunk.offset = 0;
	m->in.chunk.size = b.state.offset;
}

#define T(name) cmocka_unit_test_setup_teardown(name, machine_up, machine_down)

#endif
