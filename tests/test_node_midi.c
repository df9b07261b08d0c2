/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes in by the MIDI ports: messages at their frames, and what nobody
 * should write. */
#include "tests/node_midi_rig.h"

#include <stdatomic.h>

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

/* Once for all that came in a block, and not for an empty one: nobody has to
 * ask. */
static void
the_bell_rings_when_something_has_come(void **state)
{
	const struct event events[] = {{0, SPA_CONTROL_Midi, "\xb0\x07\x40", 3},
		{9, SPA_CONTROL_Midi, "\xb0\x07\x41", 3}};
	struct machine *m = *state;
	eventfd_t rung;

	cycle(m);
	assert_int_equal(eventfd_read(m->cycle.midi.bell, &rung), -1);
	lay(m, events, 2);
	cycle(m);
	assert_int_equal(eventfd_read(m->cycle.midi.bell, &rung), 0);
	assert_int_equal(rung, 1);
	driver_midi_read(&m->d, on_heard, m);
	assert_int_equal(m->heards, 2);
	cycle(m);
	assert_int_equal(eventfd_read(m->cycle.midi.bell, &rung), -1);
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(messages_come_with_their_frames),
		T(the_bell_rings_when_something_has_come),
		T(offsets_are_kept_in_order_and_in_the_block),
		T(a_long_message_comes_in_pieces),
		T(sizes_that_lie_are_not_followed),
		T(garbage_is_survived),
		T(a_port_without_memory_is_no_port),
		T(a_full_ring_loses_whole_messages),
		T(a_flood_is_read_in_turns),
		T(what_was_done_is_told),
		T(a_block_that_is_none_moves_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
