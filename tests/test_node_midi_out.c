/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes out by the MIDI ports, also when it comes back; and both ways at
 * once, with a thread on each side. */
#include "tests/node_midi_rig.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>

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

/* It would stand before all others for good. */
static void
what_fits_no_buffer_is_left_out(void **state)
{
	uint8_t bytes[200] = {0xf0};
	const uint8_t small[] = {0xb0, 1, 2};
	struct machine *m = *state;
	uint8_t last = 0;

	m->out.data.maxsize = 128;
	assert_int_equal(driver_midi_write(&m->d, bytes, sizeof(bytes)), 0);
	assert_int_equal(driver_midi_write(&m->d, small, 3), 0);
	cycle(m);
	assert_int_equal(count_out(m, &last), 1);
	assert_int_equal(last, 2);
}

/* ---- beside a clock ---- */

static void
tick_each(struct machine *m, uint32_t frames)
{
	driver_clock(&m->d, &(struct clock_line){.runs = true,
				    .zero = (double)mixer_frame(m->cycle.mixer),
				    .tick = frames});
}

/* What the last block had for whoever is linked. */
static void
count_block(struct machine *m, uint32_t *ticks, uint32_t *messages)
{
	const struct spa_pod_sequence *s = (const void *)m->out.bytes;
	const struct spa_pod_control *c;
	uint32_t last = 0;

	assert_true(m->out.chunk.size <= m->out.data.maxsize);
	*ticks = *messages = 0;
	SPA_POD_SEQUENCE_FOREACH(s, c)
	{
		uint8_t byte = *(const uint8_t *)SPA_POD_BODY(&c->value);

		assert_true(c->offset >= last && c->offset < BLOCK);
		last = c->offset;
		*ticks += byte == 0xf8;
		*messages += byte != 0xf8 && byte != 0xfa;
	}
}

/* What has room without ticks is not lost for them, and none of them is: they
 * are late. */
static void
a_long_message_goes_before_ticks(void **state)
{
	uint8_t dump[1000] = {0xf0};
	struct machine *m = *state;
	uint32_t ticks, messages, all_ticks = 0;

	m->out.data.maxsize = 1200;
	tick_each(m, BLOCK / 16);
	cycle(m);
	count_block(m, &ticks, &messages);
	assert_int_equal(ticks, 16);
	assert_int_equal(driver_midi_write(&m->d, dump, sizeof(dump)), 0);
	cycle(m);
	count_block(m, &ticks, &messages);
	assert_int_equal(messages, 1);
	assert_in_range(ticks, 1, 15);
	all_ticks += ticks;
	for (int i = 0; i < 3; i++) {
		cycle(m);
		count_block(m, &ticks, &messages);
		assert_int_equal(messages, 0);
		all_ticks += ticks;
	}
	assert_int_equal(all_ticks, 4 * 16);
	assert_int_equal(ticks, 16);
}

static void
short_messages_wait_for_ticks(void **state)
{
	const uint8_t note[] = {0x90, 5, 0x7f};
	struct machine *m = *state;
	uint32_t ticks, messages, all_messages = 0;

	m->out.data.maxsize = 256;
	tick_each(m, BLOCK / 8);
	cycle(m);
	for (int i = 0; i < 12; i++)
		assert_int_equal(driver_midi_write(&m->d, note, 3), 0);
	for (int i = 0; i < 12; i++) {
		cycle(m);
		count_block(m, &ticks, &messages);
		assert_int_equal(ticks, 8);
		all_messages += messages;
	}
	assert_int_equal(all_messages, 12);
}

/* Its block is over, also where it found no room at all. */
static void
a_late_tick_is_first_in_its_block(void **state)
{
	struct machine *m = *state;
	uint32_t ticks, messages;

	tick_each(m, BLOCK / 4);
	m->out.spa.n_datas = 0;
	cycle(m);
	m->out.spa.n_datas = 1;
	cycle(m);
	count_block(m, &ticks, &messages);
	assert_int_equal(ticks, 2 * 4);
}

static void
nobody_is_told_late_ticks(void **state)
{
	uint8_t dump[1000] = {0xf0};
	struct machine *m = *state;
	uint32_t ticks, messages;

	m->out.data.maxsize = 1100;
	tick_each(m, BLOCK / 16);
	assert_int_equal(driver_midi_write(&m->d, dump, sizeof(dump)), 0);
	cycle(m);
	m->out.linked = false;
	cycle(m);
	m->out.linked = true;
	cycle(m);
	count_block(m, &ticks, &messages);
	assert_int_equal(ticks, 16);
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
	const struct CMUnitTest tests[] = {
		T(what_is_said_is_in_the_next_block),
		T(much_is_said_in_several_blocks),
		T(what_was_said_is_not_done_when_it_comes_back),
		T(what_fits_no_buffer_is_left_out),
		T(a_long_message_goes_before_ticks),
		T(short_messages_wait_for_ticks),
		T(a_late_tick_is_first_in_its_block),
		T(nobody_is_told_late_ticks),
		T(nobody_is_told_what_was_said_before),
		T(what_cannot_be_said_is_refused),
		T(two_threads_lose_and_tear_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
