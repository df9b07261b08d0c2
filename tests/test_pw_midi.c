/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The MIDI ports without PipeWire: what lies in their buffers is ours to write,
 * also what nobody should. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <pipewire/filter.h>
#include <spa/control/control.h>
#include <spa/pod/builder.h>

#include "core/mixer.h"
#include "driver/pw_private.h"

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

static void
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

static int
machine_up(void **state)
{
	const struct mixer_config config = {2, 1, 48000, BLOCK};
	struct machine *m = calloc(1, sizeof(*m));

	assert_int_equal(mixer_new(&m->cycle.mixer, &config), 0);
	assert_int_equal(reflex_new(&m->cycle.midi.reflex), 0);
	port_init(&m->in);
	port_init(&m->out);
	m->cycle.midi.in = &m->in;
	m->cycle.midi.out = &m->out;
	m->d.node.cycle = &m->cycle;
	m->d.running = true;
	m->random = 1;
	*state = m;
	return 0;
}

static int
machine_down(void **state)
{
	struct machine *m = *state;

	mixer_free(m->cycle.mixer);
	reflex_free(m->cycle.midi.reflex);
	free(m);
	return 0;
}

static uint32_t
chance(struct machine *m, uint32_t of)
{
	m->random = m->random * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(m->random >> 33) % of;
}

static void
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

static void
cycle(struct machine *m)
{
	cycle_midi_run(&m->cycle.midi, m->cycle.mixer,
		mixer_frame(m->cycle.mixer), BLOCK);
	mixer_run(m->cycle.mixer, NULL, 0, NULL, BLOCK);
	cycle_midi_tell(&m->cycle.midi);
	m->in.chunk.size = 0;
}

static void
cycle_and_read(struct machine *m)
{
	cycle(m);
	driver_midi_read(&m->d, on_heard, m);
}

/* ---- what another program writes ---- */

struct event {
	uint32_t offset;
	uint32_t type;
	const void *bytes;
	uint32_t n;
};

static void
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

static void
messages_come_with_their_frames(void **state)
{
	const struct event events[] = {{0, SPA_CONTROL_Midi, "\xb0\x07\x40", 3},
		{0, SPA_CONTROL_Midi, "\xc0\x07", 2},
		{5, SPA_CONTROL_OSC, "/nothing", 8},
		{17, SPA_CONTROL_Midi, "\xf8", 1},
		{255, SPA_CONTROL_Midi, "\x90\x01\x02", 3}};
	struct machine *m = *state;

	cycle_and_read(m);
	assert_int_equal(m->heards, 0);
	lay(m, events, 5);
	cycle_and_read(m);
	assert_int_equal(m->heards, 4);
	assert_int_equal(m->heard[0].frame, BLOCK);
	assert_int_equal(m->heard[1].frame, BLOCK);
	assert_int_equal(m->heard[1].n, 2);
	assert_int_equal(m->heard[2].frame, BLOCK + 17);
	assert_int_equal(m->heard[3].frame, 2 * BLOCK - 1);
	assert_memory_equal(m->heard[3].bytes, "\x90\x01\x02", 3);
	assert_int_equal(m->in.queued, 2);
	cycle_and_read(m);
	assert_int_equal(m->heards, 4);
}

/* Out of the block, or back in time: moved to where it may be. */
static void
offsets_are_kept_in_order_and_in_the_block(void **state)
{
	const struct event events[] = {
		{100, SPA_CONTROL_Midi, "\xb0\x07\x40", 3},
		{50, SPA_CONTROL_Midi, "\xb0\x07\x41", 3},
		{4000000000u, SPA_CONTROL_Midi, "\xb0\x07\x42", 3},
		{200, SPA_CONTROL_Midi, "\xb0\x07\x43", 3}};
	static const uint32_t want[] = {100, 100, BLOCK - 1, BLOCK - 1};
	struct machine *m = *state;

	lay(m, events, 4);
	cycle_and_read(m);
	assert_int_equal(m->heards, 4);
	for (uint32_t i = 0; i < 4; i++)
		assert_int_equal(m->heard[i].frame, want[i]);
}

static void
a_long_message_comes_in_pieces(void **state)
{
	struct machine *m = *state;
	uint8_t sysex[3000];
	struct event event = {3, SPA_CONTROL_Midi, sysex, sizeof(sysex)};
	uint32_t at = 0;

	for (uint32_t i = 0; i < sizeof(sysex); i++)
		sysex[i] = (uint8_t)(i * 7 % 128);
	lay(m, &event, 1);
	cycle_and_read(m);
	for (uint32_t i = 0; i < m->heards; i++) {
		assert_memory_equal(
			m->heard[i].bytes, sysex + at, m->heard[i].n);
		at += m->heard[i].n;
	}
	assert_int_equal(at, sizeof(sysex));
}

static void
put_u32(struct machine *m, uint32_t at, uint32_t value)
{
	memcpy(m->in.bytes + at, &value, sizeof(value));
}

/* Sizes that are too large, wherever one stands. */
static void
sizes_that_lie_are_not_followed(void **state)
{
	static const uint32_t lies[] = {0, 1, 7, 8, 15, 24, 32, 0x7fffffff,
		0x80000000, 0xfffffff0, 0xfffffff8, 0xffffffff};
	const struct event events[] = {{1, SPA_CONTROL_Midi, "\xb0\x07\x40", 3},
		{2, SPA_CONTROL_Midi, "\xb0\x07\x41", 3}};
	struct machine *m = *state;

	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		for (uint32_t at = 0; at < 56; at += 4) {
			lay(m, events, 2);
			put_u32(m, at, lies[i]);
			cycle_and_read(m);
		}
		lay(m, events, 2);
		m->in.chunk.size = lies[i];
		cycle_and_read(m);
		lay(m, events, 2);
		m->in.chunk.offset = lies[i];
		cycle_and_read(m);
		m->heards = 0;
	}
	assert_true(atomic_load(&m->cycle.midi.bad) > 0);
}

/* Nothing but whole events is told of, and no more bytes than there are. */
static void
garbage_is_survived(void **state)
{
	struct machine *m = *state;

	for (int i = 0; i < 20000; i++) {
		uint32_t n = chance(m, 200);
		const struct event event = {
			chance(m, 300), SPA_CONTROL_Midi, m, n};

		lay(m, &event, 1);
		for (uint32_t k = chance(m, 12); k > 0; k--)
			m->in.bytes[chance(m, n + 40)] =
				(uint8_t)chance(m, 256);
		if (chance(m, 4) == 0)
			m->in.chunk.size = chance(m, BUFFER_BYTES + 100);
		cycle_and_read(m);
		for (uint32_t k = 0; k < m->heards; k++)
			assert_in_range(m->heard[k].n, 1, MIDI_PIECE_MAX);
		m->heards = 0;
	}
}

static void
a_port_without_memory_is_no_port(void **state)
{
	struct machine *m = *state;

	m->in.data.data = m->out.data.data = NULL;
	m->in.chunk.size = 100;
	cycle_and_read(m);
	m->in.spa.n_datas = m->out.spa.n_datas = 0;
	cycle_and_read(m);
	m->in.linked = m->out.linked = false;
	cycle_and_read(m);
	assert_int_equal(m->heards, 0);
}

/* Control may be late: what has no room is counted, the rest is whole. */
static void
a_full_ring_loses_whole_messages(void **state)
{
	struct machine *m = *state;
	uint32_t sent = 0;

	while (atomic_load(&m->cycle.midi.lost) == 0) {
		uint8_t bytes[] = {0xb0, sent / 128 % 128, sent % 128};
		const struct event event = {0, SPA_CONTROL_Midi, bytes, 3};

		lay(m, &event, 1);
		cycle(m);
		sent++;
	}
	driver_midi_read(&m->d, on_heard, m);
	assert_int_equal(m->heards, sent - 1);
	for (uint32_t i = 0; i < m->heards; i++) {
		assert_int_equal(m->heard[i].bytes[1], i / 128 % 128);
		assert_int_equal(m->heard[i].bytes[2], i % 128);
	}
	assert_false(driver_midi_read(&m->d, on_heard, m));
	/* What comes next says that something is missing, once. */
	assert_false(m->heard[sent - 2].lost);
	for (int i = 0; i < 2; i++) {
		const struct event event = {
			0, SPA_CONTROL_Midi, "\xb0\x01\x02", 3};

		lay(m, &event, 1);
		cycle_and_read(m);
		assert_int_equal(m->heard[m->heards - 1].lost, i == 0);
	}
}

/* Control has other things to do, however much comes. */
static void
on_heard_and_more_comes(void *data, const struct driver_midi *midi)
{
	const struct event event = {0, SPA_CONTROL_Midi, "\xb0\x07\x40", 3};
	struct machine *m = data;

	on_heard(data, midi);
	lay(m, &event, 1);
	cycle(m);
}

static void
a_flood_is_read_in_turns(void **state)
{
	const struct event events[] = {{0, SPA_CONTROL_Midi, "\xb0\x07\x40", 3},
		{1, SPA_CONTROL_Midi, "\xb0\x07\x41", 3}};
	struct machine *m = *state;

	lay(m, events, 2);
	cycle(m);
	assert_true(driver_midi_read(&m->d, on_heard_and_more_comes, m));
	assert_int_equal(m->heards, 2);
	assert_true(driver_midi_read(&m->d, on_heard, m));
	assert_int_equal(m->heards, 4);
}

/* ---- what the audio thread does with it ---- */

static void
mute_by_note_5(struct machine *m)
{
	const struct reflex_entry entry = {.kind = REFLEX_SWITCH, .on_from = 1};
	const struct reflex_move move = {
		.id = 3, .message = MESSAGE_STRIP_MUTE, .on = 1};
	struct reflex *x = m->cycle.midi.reflex;
	struct reflex_table *t = reflex_begin(x);

	t->at[REFLEX_NOTE][0][5] = (uint16_t)reflex_add(t, &entry, &move, 1);
	reflex_publish(x);
}

static void
what_was_done_is_told(void **state)
{
	const struct event event = {9, SPA_CONTROL_Midi, "\x90\x05\x7f", 3};
	struct machine *m = *state;

	mute_by_note_5(m);
	lay(m, &event, 1);
	cycle_and_read(m);
	assert_int_equal(m->heards, 1);
	assert_int_equal(m->heard[0].count, 1);
	/* While nothing is mixed nothing is done, but all is told, once the
	 * block is over. */
	lay(m, &event, 1);
	cycle_midi_run(&m->cycle.midi, NULL, 0, BLOCK);
	assert_false(driver_midi_read(&m->d, on_heard, m));
	cycle_midi_tell(&m->cycle.midi);
	driver_midi_read(&m->d, on_heard, m);
	assert_int_equal(m->heards, 2);
	assert_int_equal(m->heard[1].count, 0);
}

/* A cycle of no frames, or of more than there can be, is not mixed. */
static void
a_block_that_is_none_moves_nothing(void **state)
{
	const struct event event = {9, SPA_CONTROL_Midi, "\x90\x05\x7f", 3};
	static const uint32_t frames[] = {0, BLOCK_MAX + 1};
	struct machine *m = *state;
	uint64_t frame = mixer_frame(m->cycle.mixer);

	mute_by_note_5(m);
	for (uint32_t i = 0; i < 2; i++) {
		lay(m, &event, 1);
		cycle_midi_run(
			&m->cycle.midi, m->cycle.mixer, frame, frames[i]);
		cycle_midi_tell(&m->cycle.midi);
		driver_midi_read(&m->d, on_heard, m);
		assert_int_equal(m->heards, i + 1);
		assert_int_equal(m->heard[i].count, 0);
		assert_in_range(m->heard[i].frame, frame, frame + 9);
	}
}

/* ---- out ---- */

static uint32_t
count_out(struct machine *m, uint8_t *last)
{
	const struct spa_pod *pod = spa_pod_from_data(m->out.bytes,
		BUFFER_BYTES, m->out.chunk.offset, m->out.chunk.size);
	const struct spa_pod_sequence *s = (const void *)pod;
	const struct spa_pod_control *c;
	uint32_t n = 0;

	assert_non_null(pod);
	assert_true(spa_pod_is_sequence(pod));
	SPA_POD_SEQUENCE_FOREACH(s, c)
	{
		assert_int_equal(c->type, SPA_CONTROL_Midi);
		assert_int_equal(c->offset, 0);
		*last = ((const uint8_t *)SPA_POD_BODY(&c->value))[2];
		n++;
	}
	return n;
}

static void
what_is_said_is_in_the_next_block(void **state)
{
	const uint8_t bytes[] = {0xb0, 1, 2};
	struct machine *m = *state;
	uint8_t last = 0;

	cycle(m);
	assert_int_equal(count_out(m, &last), 0);
	assert_int_equal(driver_midi_write(&m->d, bytes, 3), 0);
	assert_int_equal(driver_midi_write(&m->d, bytes, 3), 0);
	cycle(m);
	assert_int_equal(count_out(m, &last), 2);
	assert_int_equal(last, 2);
	cycle(m);
	assert_int_equal(count_out(m, &last), 0);
}

/* More than a buffer holds: in order, in the blocks that follow. */
static void
much_is_said_in_several_blocks(void **state)
{
	struct machine *m = *state;
	uint32_t said = 0, seen = 0;
	uint8_t last = 0;

	for (; said < 100000; said++) {
		const uint8_t bytes[] = {0xb0, 1, said % 128};

		if (driver_midi_write(&m->d, bytes, 3) == -ENOSPC)
			break;
	}
	assert_in_range(said, 1000, 99999);
	for (int i = 0; i < 200 && seen < said; i++) {
		cycle(m);
		assert_true(m->out.chunk.size <= BUFFER_BYTES);
		seen += count_out(m, &last);
		assert_int_equal(last, (seen - 1) % 128);
	}
	assert_int_equal(seen, said);
}

/* midi_out may be linked to midi_in, or a device sends back what it gets: a
 * lamp's message must not be played as if a hand had sent it. */
static void
what_was_said_is_not_done_when_it_comes_back(void **state)
{
	const uint8_t lamp[] = {0x90, 5, 0x7f};
	const struct event back = {0, SPA_CONTROL_Midi, lamp, 3};
	const struct event hand = {0, SPA_CONTROL_Midi, "\x90\x05\x40", 3};
	struct machine *m = *state;

	mute_by_note_5(m);
	driver_midi_write(&m->d, lamp, 3);
	cycle(m);
	for (int i = 0; i < 2; i++) {
		lay(m, &back, 1);
		cycle_and_read(m);
		assert_int_equal(m->heards, 1);
		assert_int_equal(m->heard[0].count, 0);
		m->heards = 0;
	}
	lay(m, &hand, 1);
	cycle_and_read(m);
	assert_int_equal(m->heard[0].count, 1);
	for (uint32_t i = 0; i < MIDI_BACK_FRAMES / BLOCK; i++)
		cycle(m);
	m->heards = 0;
	lay(m, &back, 1);
	cycle_and_read(m);
	assert_int_equal(m->heard[0].count, 1);
}

static void
nobody_is_told_what_was_said_before(void **state)
{
	const uint8_t bytes[] = {0xb0, 1, 2};
	struct machine *m = *state;
	uint8_t last;

	m->out.linked = false;
	driver_midi_write(&m->d, bytes, 3);
	cycle(m);
	m->out.linked = true;
	cycle(m);
	assert_int_equal(count_out(m, &last), 0);
}

static void
what_cannot_be_said_is_refused(void **state)
{
	uint8_t bytes[MIDI_PIECE_MAX + 1] = {0xf0};
	struct machine *m = *state;

	assert_int_equal(driver_midi_write(&m->d, bytes, 0), -EMSGSIZE);
	assert_int_equal(
		driver_midi_write(&m->d, bytes, sizeof(bytes)), -EMSGSIZE);
	assert_int_equal(driver_midi_write(&m->d, bytes, MIDI_PIECE_MAX), 0);
	m->d.running = false;
	assert_int_equal(driver_midi_write(&m->d, bytes, 3), -ENOTCONN);
}

/* ---- two threads ---- */

#define NUMBERS 60000u
#define AHEAD	300u /* the rings hold more: nothing is lost */

struct both {
	struct machine *m;
	_Atomic uint32_t heard; /* of what came; control stores */
	_Atomic uint32_t got;	/* of what was said; audio stores */
};

/* Of any length, so that the ring's end falls anywhere in it. */
static uint32_t
numbered(uint32_t number, uint8_t *bytes)
{
	uint32_t n = 5 + number * 7 % 60;

	memset(bytes, (int)(number % 128), n);
	bytes[0] = 0xf0;
	for (uint32_t i = 0; i < 3; i++)
		bytes[1 + i] = number >> 7 * i & 127;
	return n;
}

static uint32_t
number_of(const uint8_t *bytes, uint32_t n)
{
	uint32_t number =
		bytes[1] | (uint32_t)bytes[2] << 7 | (uint32_t)bytes[3] << 14;
	uint8_t want[80];

	assert_int_equal(n, numbered(number, want));
	assert_memory_equal(bytes, want, n);
	return number;
}

static void
take_out(struct both *b)
{
	const struct spa_pod_sequence *s = (const void *)b->m->out.bytes;
	uint32_t got = atomic_load(&b->got);
	const struct spa_pod_control *c;

	SPA_POD_SEQUENCE_FOREACH(s, c)
	{
		assert_int_equal(number_of(SPA_POD_BODY(&c->value),
					 SPA_POD_BODY_SIZE(&c->value)),
			got++);
	}
	atomic_store(&b->got, got);
}

static void *
run_audio(void *data)
{
	struct both *b = data;
	uint32_t sent = 0;

	while (sent < NUMBERS || atomic_load(&b->got) < NUMBERS) {
		struct event events[16];
		uint8_t bytes[16][80];
		uint32_t count = 0;

		while (count < 16 && sent < NUMBERS &&
			sent - atomic_load(&b->heard) < AHEAD) {
			events[count] = (struct event){count, SPA_CONTROL_Midi,
				bytes[count], numbered(sent, bytes[count])};
			count++;
			sent++;
		}
		lay(b->m, events, count);
		cycle(b->m);
		take_out(b);
	}
	return NULL;
}

static void
on_number(void *data, const struct driver_midi *midi)
{
	struct both *b = data;
	uint32_t heard = atomic_load(&b->heard);

	assert_int_equal(number_of(midi->bytes, midi->n), heard);
	atomic_store(&b->heard, heard + 1);
}

static void
two_threads_lose_and_tear_nothing(void **state)
{
	struct both b = {.m = *state};
	uint8_t bytes[80];
	uint32_t said = 0;
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, run_audio, &b), 0);
	while (said < NUMBERS || atomic_load(&b.heard) < NUMBERS) {
		driver_midi_read(&b.m->d, on_number, &b);
		for (uint32_t i = 0; i < 20 && said < NUMBERS; i++)
			said += driver_midi_write(&b.m->d, bytes,
					numbered(said, bytes)) == 0;
	}
	pthread_join(thread, NULL);
	assert_int_equal(atomic_load(&b.got), NUMBERS);
	assert_int_equal(atomic_load(&b.m->cycle.midi.lost), 0);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, machine_up, machine_down)
	const struct CMUnitTest tests[] = {
		T(messages_come_with_their_frames),
		T(offsets_are_kept_in_order_and_in_the_block),
		T(a_long_message_comes_in_pieces),
		T(sizes_that_lie_are_not_followed),
		T(garbage_is_survived),
		T(a_port_without_memory_is_no_port),
		T(a_full_ring_loses_whole_messages),
		T(a_flood_is_read_in_turns),
		T(what_was_done_is_told),
		T(a_block_that_is_none_moves_nothing),
		T(what_is_said_is_in_the_next_block),
		T(much_is_said_in_several_blocks),
		T(what_was_said_is_not_done_when_it_comes_back),
		T(nobody_is_told_what_was_said_before),
		T(what_cannot_be_said_is_refused),
		T(two_threads_lose_and_tear_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
