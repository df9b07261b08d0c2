/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "control/midi/midi_file.h"
#include "tests/midi_file_rig.h"
#include "tests/midi_log.h"

#define RATE_HZ 48000

static struct rig_file rig;
static struct midi_log got;
static struct midi_file *file;
static char why[MIDI_FILE_WHY_MAX];

static int
teardown(void **state)
{
	(void)state;
	midi_file_free(file);
	file = NULL;
	return 0;
}

/* From a place of its own size: what reads beyond it is seen by ASan. */
static int
parse(const uint8_t *bytes, size_t n)
{
	uint8_t *copy = malloc(n + 1);
	int e;

	memcpy(copy, bytes, n);
	midi_file_free(file);
	why[0] = '\0';
	e = midi_file_parse(&file, copy, n, "x.mid", RATE_HZ, why);
	free(copy);
	return e;
}

static const char *
events_until(uint64_t frame)
{
	got.n = 0;
	got.text[0] = '\0';
	midi_file_play(file, frame, midi_log_add, &got);
	return got.text;
}

static void
next_is(uint64_t want)
{
	uint64_t frame;

	assert_true(midi_file_next(file, &frame));
	assert_int_equal(frame, want);
}

static void
times_follow_the_tempo_map(void **state)
{
	uint64_t frame;

	(void)state;
	rig_begin(&rig, 1, 2, 480);
	rig_track(&rig);
	rig_tempo(&rig, 240, 250000); /* until then 120 per minute */
	rig_tempo(&rig, 480, 1000000);
	rig_track_end(&rig);
	rig_track(&rig);
	rig_delta(&rig, 120);
	RIG_BYTES(&rig, 0xB0, 7, 1);
	rig_delta(&rig, 120 + 96);
	RIG_BYTES(&rig, 7, 2); /* running status */
	rig_delta(&rig, 480 - 96);
	RIG_BYTES(&rig, 7, 3);
	rig_delta(&rig, 1);
	RIG_BYTES(&rig, 0xE3, 0, 64);
	rig_track_end(&rig);
	assert_int_equal(parse(rig.bytes, rig.n), 0);
	next_is(6000);
	assert_string_equal(events_until(5999), "");
	assert_string_equal(events_until(6000), "cc 0 7 1\n");
	next_is(12000 + 2400);
	assert_string_equal(events_until(14400), "cc 0 7 2\n");
	next_is(24000);
	assert_string_equal(events_until(24000), "cc 0 7 3\n");
	next_is(24100); /* 1 s / 480 */
	assert_string_equal(events_until(UINT64_MAX), "bend 3 0 8192\n");
	assert_false(midi_file_next(file, &frame));
}

static void
tracks_are_one_stream_in_order_of_time(void **state)
{
	(void)state;
	rig_begin(&rig, 1, 3, 96);
	for (uint8_t t = 0; t < 3; t++) {
		rig_track(&rig);
		rig_delta(&rig, 96 * (3 - t));
		RIG_BYTES(&rig, 0xC0 | t, t);
		rig_delta(&rig, 96 * t);
		RIG_BYTES(&rig, 0xD0 | t, t);
		rig_track_end(&rig);
	}
	assert_int_equal(parse(rig.bytes, rig.n), 0);
	assert_string_equal(events_until(UINT64_MAX),
		"program 2 0 2\nprogram 1 0 1\n"
		"program 0 0 0\npressure 0 0 0\n"
		"pressure 1 0 1\npressure 2 0 2\n");
}

static void
texts_and_escapes_are_passed_over_and_their_time_is_kept(void **state)
{
	(void)state;
	rig_begin(&rig, 0, 1, 480);
	rig_track(&rig);
	rig_delta(&rig, 100);
	RIG_BYTES(&rig, 0xFF, 1, 0x81, 0x48); /* 200 bytes */
	for (int i = 0; i < 200; i++)
		RIG_BYTES(&rig, 0xB0);
	rig_delta(&rig, 100);
	RIG_BYTES(&rig, 0xF7, 2, 0xF3, 1);
	rig_delta(&rig, 40);
	RIG_BYTES(&rig, 0xF0, 4, 0x7E, 1, 2, 0xF7);
	rig_delta(&rig, 0);
	RIG_BYTES(&rig, 0xB0, 7, 1);
	rig_track_end(&rig);
	assert_int_equal(parse(rig.bytes, rig.n), 0);
	next_is(12000);
	assert_string_equal(
		events_until(12000), "sysex 0 0 0 F0 7E 01 02 F7\ncc 0 7 1\n");
}

static void
a_broken_file_is_refused_with_its_place(void **state)
{
	static const struct {
		size_t n;
		const char *bytes, *why;
	} rows[] = {
#define ROW(bytes, text) {sizeof(bytes) - 1, bytes, "x.mid: " text}
#define HEAD		 "MThd\0\0\0\6\0\0\0\1\0\x60"
#define END		 "\0\xFF\x2F\0"
#define T(n)		 HEAD "MTrk\0\0\0" n
		ROW("", "byte 0: this is no Standard MIDI File"),
		ROW("RIFF\0\0\0\6\0\0\0\1\0\x60",
			"byte 0: this is no Standard MIDI File"),
		ROW("MThd\0\0\0\5\0\0\0\1\0\x60",
			"byte 4: the header must be 6 bytes long or more"),
		ROW("MThd\0\0\0\7\0\0\0\1\0\x60",
			"byte 4: the header is longer than the file"),
		ROW("RIFF\x16\0\0\0RMIDdata\xE\0\0\0MThd\0\0\0\6\0\2\0\1"
		    "\0\x60",
			"byte 28: the format must be 0 or 1"),
		/* what stands behind the file within RIFF is none of it */
		ROW("RIFF\x2A\0\0\0RMIDdata\x1D\0\0\0MThd\0\0\0\6\0\0\0\1"
		    "\0\x60MTrk\0\0\0\x8\0\xB0\7\1" END,
			"byte 34: the track is longer than the file"),
		ROW("MThd\0\0\0\6\0\2\0\1\0\x60",
			"byte 8: the format must be 0 or 1"),
		ROW("MThd\0\0\0\6\0\1\0\0\0\x60",
			"byte 10: there must be 1 to 256 tracks"),
		ROW("MThd\0\0\0\6\0\0\0\2\0\x60",
			"byte 10: a file of format 0 has one track"),
		ROW("MThd\0\0\0\6\0\0\0\1\xE7\x28",
			"byte 12: times are in film frames; save it with ticks "
			"per quarter note"),
		ROW("MThd\0\0\0\6\0\0\0\1\0\0",
			"byte 12: a quarter note has no ticks"),
		ROW(HEAD, "byte 14: the file ends before its last track"),
		ROW(HEAD "MTrx\0\0\0\4" END,
			"byte 26: the file ends before its last track"),
		ROW(HEAD "MTrx\0\0\0\5" END,
			"byte 14: the file ends before its last track"),
		ROW(T("\5") END, "byte 14: the track is longer than the file"),
		ROW(T("\0"), "byte 22: the track has no end of track"),
		ROW(T("\1") "\x80", "byte 22: a number has no end"),
		ROW(T("\5") "\x80\x80\x80\x80\x80",
			"byte 22: a number has no end"),
		ROW(T("\1") "\0", "byte 22: the track ends within a message"),
		ROW(T("\3") "\0\xB0\7",
			"byte 24: the track ends within a message"),
		ROW(T("\6") "\0\7" END, "byte 23: a message without a status "
					"byte"),
		ROW(T("\x8") "\0\xB0\7\xB0" END,
			"byte 25: a message is broken off by another"),
		ROW(T("\6") "\0\xF8" END,
			"byte 23: a message that is not for files"),
		ROW(T("\x8") "\0\xF0\7\1" END,
			"byte 24: this is longer than its track"),
		ROW(T("\xA") "\0\xFF\x51\3\0\0\0" END,
			"byte 24: a tempo must be three bytes and not 0"),
		ROW(T("\x8") "\0\xFF\x51\0" END,
			"byte 24: a tempo must be three bytes and not 0"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(
			parse((const uint8_t *)rows[i].bytes, rows[i].n),
			-EINVAL);
		assert_null(file);
		assert_string_equal(why, rows[i].why);
	}
}

/* Files as there are. */
static void
what_others_have_written_is_read(void **state)
{
	static const struct {
		size_t n;
		const char *bytes, *events;
	} rows[] = {
#define GOOD(bytes, events)                                                    \
	{                                                                      \
		sizeof(bytes) - 1, bytes, events                               \
	}
#define ON "\0\xB0\7\1"
		/* running status goes on behind a text, a tempo, a sysex and
		 * an escape */
		GOOD(T("\x23") ON "\0\xFF\1\2hi"
				  "\0\7\2"
				  "\0\xFF\x51\3\7\xA1\x20"
				  "\0\7\3"
				  "\0\xF0\2\1\xF7"
				  "\0\7\4" END,
			"cc 0 7 1\ncc 0 7 2\ncc 0 7 3\n"
			"sysex 0 0 0 F0 01 F7\ncc 0 7 4\n"),
		GOOD(T("\xF") ON "\0\xF7\1\xF3"
				 "\0\7\2" END,
			"cc 0 7 1\ncc 0 7 2\n"),
		/* chunks that nobody knows, before, between and behind tracks
		 */
		GOOD("MThd\0\0\0\6\0\1\0\2\0\x60"
		     "XFIH\0\0\0\3abc"
		     "MTrk\0\0\0\x8" ON END "XFKM\0\0\0\0"
		     "MTrk\0\0\0\x8"
		     "\0\xB1\7\1" END "CASM\0\0\0\x9",
			"cc 0 7 1\ncc 1 7 1\n"),
		/* a header of more bytes than six */
		GOOD("MThd\0\0\0\xA\0\0\0\1\0\x60wxyz"
		     "MTrk\0\0\0\x8" ON END,
			"cc 0 7 1\n"),
		/* within RIFF, behind another chunk of an odd length */
		GOOD("RIFF\x32\0\0\0RMID"
		     "DISP\3\0\0\0abc\0"
		     "data\x1E\0\0\0MThd\0\0\0\6\0\0\0\1\0\x60"
		     "MTrk\0\0\0\x8" ON END "LIST\0\0\0\0",
			"cc 0 7 1\n"),
		/* bytes behind the end of a track, and of the last one */
		GOOD("MThd\0\0\0\6\0\1\0\2\0\x60"
		     "MTrk\0\0\0\xB" ON END "\0\0\xB0"
		     "MTrk\0\0\0\x8"
		     "\0\xB1\7\1" END "\0\x1A\x1A",
			"cc 0 7 1\ncc 1 7 1\n"),
		/* a third track where two are told of */
		GOOD("MThd\0\0\0\6\0\1\0\1\0\x60"
		     "MTrk\0\0\0\x8" ON END "MTrk\0\0\0\x8"
		     "\0\xB1\7\1" END,
			"cc 0 7 1\n"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (parse((const uint8_t *)rows[i].bytes, rows[i].n) < 0)
			fail_msg("row %zu: %s", i, why);
		assert_string_equal(events_until(UINT64_MAX), rows[i].events);
	}
}

/* A good one, cut anywhere and with each byte changed, does no harm. */
static void
no_file_does_harm(void **state)
{
	unsigned seed = 1, good = 0;

	texts_and_escapes_are_passed_over_and_their_time_is_kept(state);
	for (size_t n = 0; n < rig.n; n++)
		assert_int_equal(parse(rig.bytes, n), -EINVAL);
	for (int run = 0; run < 20000; run++) {
		uint8_t *byte, was;

		seed = seed * 1664525u + 1013904223u;
		byte = &rig.bytes[(seed >> 8) % rig.n];
		was = *byte;
		*byte = (uint8_t)(seed >> 24);
		if (parse(rig.bytes, rig.n) == 0) {
			good++;
			events_until(UINT64_MAX);
		}
		*byte = was;
	}
	assert_true(good > 100);
}

static void
a_file_that_is_not_there_is_told(void **state)
{
	(void)state;
	assert_int_equal(
		midi_file_load(&file, "/tmp/no-such-file.mid", RATE_HZ, why),
		-ENOENT);
	assert_null(file);
	assert_non_null(strstr(why, "no-such-file.mid"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(times_follow_the_tempo_map, teardown),
		cmocka_unit_test_teardown(
			tracks_are_one_stream_in_order_of_time, teardown),
		cmocka_unit_test_teardown(
			texts_and_escapes_are_passed_over_and_their_time_is_kept,
			teardown),
		cmocka_unit_test_teardown(
			a_broken_file_is_refused_with_its_place, teardown),
		cmocka_unit_test_teardown(
			what_others_have_written_is_read, teardown),
		cmocka_unit_test_teardown(no_file_does_harm, teardown),
		cmocka_unit_test_teardown(
			a_file_that_is_not_there_is_told, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
