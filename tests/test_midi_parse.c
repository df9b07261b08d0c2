/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "control/midi/midi_parse.h"
#include "control/midi/midi_write.h"
#include "tests/midi_log.h"

#define STREAM_MAX   4096
#define GARBAGE_RUNS 400

static struct midi_log got, want;

static size_t
hex_read(uint8_t *bytes, const char *hex)
{
	size_t n = 0;
	char *end;

	for (;; hex = end) {
		unsigned long byte = strtoul(hex, &end, 16);

		if (end == hex)
			return n;
		assert_true(byte < 256 && n < STREAM_MAX);
		bytes[n++] = (uint8_t)byte;
	}
}

static void
log_clear(struct midi_log *l)
{
	l->n = 0;
	l->text[0] = '\0';
}

static void
parse_hex(const char *hex)
{
	uint8_t bytes[STREAM_MAX];
	struct midi_parser p;

	log_clear(&got);
	midi_parser_init(&p, midi_log_add, &got);
	midi_parse_bytes(&p, bytes, hex_read(bytes, hex), 0);
}

static const struct {
	const char *what, *hex, *events;
} table[] = {
	{"a note", "90 3C 40", "note 0 60 64\n"},
	{"velocity 0 is off", "91 3C 00", "note 1 60 0\n"},
	{"note off has no velocity", "8F 3C 40", "note 15 60 0\n"},
	{"running status", "B0 07 01 07 02 08 03",
		"cc 0 7 1\ncc 0 7 2\ncc 0 8 3\n"},
	{"running status of one data byte", "C2 05 06 D3 07 08",
		"program 2 0 5\nprogram 2 0 6\n"
		"pressure 3 0 7\npressure 3 0 8\n"},
	{"pressure of a key", "A4 01 02", "poly 4 1 2\n"},
	{"bend: the LSB is first", "E0 00 40 01 00 7F 7F",
		"bend 0 0 8192\nbend 0 0 1\nbend 0 0 16383\n"},
	{"position", "F2 01 02", "position 0 0 257\n"},
	{"real time between messages", "FA B0 07 01 F8 07 02 FC FB",
		"start 0 0 0\ncc 0 7 1\nclock 0 0 0\ncc 0 7 2\n"
		"stop 0 0 0\ncontinue 0 0 0\n"},
	{"real time in a message", "B0 F8 07 F8 01",
		"clock 0 0 0\nclock 0 0 0\ncc 0 7 1\n"},
	{"active sensing, reset and undefined ones are nothing",
		"B0 FE 07 FF F9 FD 01", "cc 0 7 1\n"},
	{"sysex", "F0 7E 01 F7", "sysex 0 0 0 F0 7E 01 F7\n"},
	{"an empty sysex", "F0 F7", "sysex 0 0 0 F0 F7\n"},
	{"real time in a sysex", "F0 7E F8 FE 01 F7",
		"clock 0 0 0\nsysex 0 0 0 F0 7E 01 F7\n"},
	{"a status breaks a sysex off", "F0 7E 01 B0 07 01 F7", "cc 0 7 1\n"},
	{"a sysex breaks a sysex off", "F0 01 F0 02 F7",
		"sysex 0 0 0 F0 02 F7\n"},
	{"the song position breaks a sysex off", "F0 01 F2 00 01 02 F7",
		"position 0 0 128\n"},
	{"an end without a sysex", "F7 01 02", ""},
	{"sysex cancels running status", "B0 07 01 F0 F7 07 02",
		"cc 0 7 1\nsysex 0 0 0 F0 F7\n"},
	{"so does each system common", "B0 07 01 F1 02 07 02", "cc 0 7 1\n"},
	{"song select", "B0 07 01 F3 02 07 02", "cc 0 7 1\n"},
	{"song position", "B0 07 01 F2 02 03 07 02",
		"cc 0 7 1\nposition 0 0 386\n"},
	{"tune request", "B0 07 01 F6 07 02", "cc 0 7 1\n"},
	{"undefined, too", "B0 07 01 F4 07 02 F5 07 02", "cc 0 7 1\n"},
	{"data without status", "07 01 7F", ""},
	{"a message broken off by another", "B0 07 90 3C 40", "note 0 60 64\n"},
	{"one broken off leaves no half behind", "B0 07 B0 08 01",
		"cc 0 8 1\n"},
	{"nrpn", "B0 63 01 62 02 06 03 26 04",
		"cc 0 99 1\ncc 0 98 2\ncc 0 6 3\nnrpn 0 130 384\n"
		"cc 0 38 4\nnrpn 0 130 388\n"},
	{"rpn, LSB first", "B1 64 01 65 00 06 40",
		"cc 1 100 1\ncc 1 101 0\ncc 1 6 64\nrpn 1 1 8192\n"},
	{"a new MSB sets the LSB to 0", "B0 63 00 62 00 06 01 26 05 06 02",
		"cc 0 99 0\ncc 0 98 0\ncc 0 6 1\nnrpn 0 0 128\n"
		"cc 0 38 5\nnrpn 0 0 133\ncc 0 6 2\nnrpn 0 0 256\n"},
	{"only the LSB", "B0 63 00 62 00 26 05",
		"cc 0 99 0\ncc 0 98 0\ncc 0 38 5\nnrpn 0 0 5\n"},
	{"half a selection is none", "B0 63 01 06 03", "cc 0 99 1\ncc 0 6 3\n"},
	{"halves of two kinds are none", "B0 63 01 64 02 06 03",
		"cc 0 99 1\ncc 0 100 2\ncc 0 6 3\n"},
	{"null", "B0 63 01 62 02 65 7F 64 7F 06 03 60 00",
		"cc 0 99 1\ncc 0 98 2\ncc 0 101 127\ncc 0 100 127\n"
		"cc 0 6 3\ncc 0 96 0\n"},
	{"after null a half is none", "B0 63 7F 62 7F 62 01 06 03",
		"cc 0 99 127\ncc 0 98 127\ncc 0 98 1\ncc 0 6 3\n"},
	{"reset of all controllers is null", "B0 65 00 64 00 79 00 06 01",
		"cc 0 101 0\ncc 0 100 0\ncc 0 121 0\ncc 0 6 1\n"},
	{"increment and decrement", "B0 65 00 64 00 06 01 60 00 61 00 61 7F",
		"cc 0 101 0\ncc 0 100 0\ncc 0 6 1\nrpn 0 0 128\n"
		"cc 0 96 0\nrpn 0 0 129 up\ncc 0 97 0\nrpn 0 0 128 down\n"
		"cc 0 97 127\nrpn 0 0 127 down\n"},
	{"they stop at the ends",
		"B0 65 00 64 00 26 00 61 00 06 7F 26 7F 60 00",
		"cc 0 101 0\ncc 0 100 0\ncc 0 38 0\nrpn 0 0 0\n"
		"cc 0 97 0\nrpn 0 0 0 down\ncc 0 6 127\nrpn 0 0 16256\n"
		"cc 0 38 127\nrpn 0 0 16383\n"
		"cc 0 96 0\nrpn 0 0 16383 up\n"},
	{"they are steps before there was a value",
		"B0 65 00 64 00 60 00 61 00 61 00",
		"cc 0 101 0\ncc 0 100 0\ncc 0 96 0\nrpn 0 0 1 up\n"
		"cc 0 97 0\nrpn 0 0 0 down\ncc 0 97 0\nrpn 0 0 0 down\n"},
	{"and nothing without a number", "B0 60 00 61 00",
		"cc 0 96 0\ncc 0 97 0\n"},
	{"an LSB that comes first stays",
		"B0 63 00 62 00 26 05 06 01 26 06 06 02",
		"cc 0 99 0\ncc 0 98 0\ncc 0 38 5\nnrpn 0 0 5\n"
		"cc 0 6 1\nnrpn 0 0 133\ncc 0 38 6\nnrpn 0 0 134\n"
		"cc 0 6 2\nnrpn 0 0 262\n"},
	{"a number selected again keeps its value",
		"B0 63 01 62 02 06 03 63 01 62 02 60 00",
		"cc 0 99 1\ncc 0 98 2\ncc 0 6 3\nnrpn 0 130 384\n"
		"cc 0 99 1\ncc 0 98 2\ncc 0 96 0\nnrpn 0 130 385 up\n"},
	{"another number does not inherit it",
		"B0 63 01 62 02 06 03 62 03 60 00 26 02",
		"cc 0 99 1\ncc 0 98 2\ncc 0 6 3\nnrpn 0 130 384\n"
		"cc 0 98 3\ncc 0 96 0\nnrpn 0 131 1 up\n"
		"cc 0 38 2\nnrpn 0 131 2\n"},
	{"channels do not mix", "B0 63 01 62 02 B1 06 03",
		"cc 0 99 1\ncc 0 98 2\ncc 1 6 3\n"},
};

static void
every_message_is_read_as_the_table_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		parse_hex(table[i].hex);
		if (strcmp(got.text, table[i].events) != 0)
			fail_msg("%s: %s:\n%swanted:\n%s", table[i].what,
				table[i].hex, got.text, table[i].events);
	}
}

/* The whole table in one stream; what one row leaves is ended by F6. */
static size_t
stream_make(uint8_t *bytes)
{
	size_t n = 0;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		n += hex_read(bytes + n, table[i].hex);
		bytes[n++] = 0xF6;
	}
	return n;
}

static void
every_split_gives_the_same_events(void **state)
{
	uint8_t bytes[STREAM_MAX];
	size_t n = stream_make(bytes);
	struct midi_parser p;

	(void)state;
	log_clear(&want);
	midi_parser_init(&p, midi_log_add, &want);
	midi_parse_bytes(&p, bytes, n, 0);
	assert_true(want.n > 1000);
	for (size_t cut = 0; cut <= n; cut++) {
		log_clear(&got);
		midi_parser_init(&p, midi_log_add, &got);
		midi_parse_bytes(&p, bytes, cut, 1);
		/* From a place of its own: no byte is read twice. */
		uint8_t *rest = malloc(n - cut + 1);

		memcpy(rest, bytes + cut, n - cut);
		midi_parse_bytes(&p, rest, n - cut, 2);
		free(rest);
		assert_string_equal(got.text, want.text);
	}
	log_clear(&got);
	midi_parser_init(&p, midi_log_add, &got);
	for (size_t i = 0; i < n; i++)
		midi_parse(&p, bytes[i], i);
	assert_string_equal(got.text, want.text);
}

/* Real time in front of each byte changes nothing but its own events. */
static void
real_time_anywhere_disturbs_nothing(void **state)
{
	static const uint8_t silent[] = {0xFE, 0xFF, 0xF9, 0xFD};
	uint8_t bytes[STREAM_MAX];
	size_t n = stream_make(bytes);
	struct midi_parser p;

	(void)state;
	log_clear(&want);
	midi_parser_init(&p, midi_log_add, &want);
	midi_parse_bytes(&p, bytes, n, 0);
	log_clear(&got);
	midi_parser_init(&p, midi_log_add, &got);
	for (size_t i = 0; i < n; i++) {
		midi_parse(&p, silent[i % sizeof(silent)], 0);
		midi_parse(&p, bytes[i], 0);
	}
	assert_string_equal(got.text, want.text);
}

static uint64_t last_time;

static void
time_keep(void *data, const struct midi_event *e, uint64_t time)
{
	(void)data, (void)e;
	last_time = time;
}

static void
the_time_is_that_of_the_last_byte(void **state)
{
	static const uint8_t message[] = {0xB0, 7, 1};
	struct midi_parser p;

	(void)state;
	midi_parser_init(&p, time_keep, NULL);
	for (uint64_t i = 0; i < sizeof(message); i++)
		midi_parse(&p, message[i], 100 + i);
	assert_int_equal(last_time, 102);
}

static void
a_sysex_is_kept_up_to_its_limit(void **state)
{
	uint8_t bytes[MIDI_SYSEX_MAX + 1];
	struct midi_parser p;

	(void)state;
	for (size_t size = MIDI_SYSEX_MAX - 1; size <= MIDI_SYSEX_MAX + 1;
		size++) {
		memset(bytes, 0x11, sizeof(bytes));
		bytes[0] = 0xF0;
		bytes[size - 1] = 0xF7;
		log_clear(&got);
		midi_parser_init(&p, midi_log_add, &got);
		midi_parse_bytes(&p, bytes, size, 0);
		assert_int_equal(
			got.n, size <= MIDI_SYSEX_MAX
				       ? strlen("sysex 0 0 0\n") + 3 * size
				       : 0);
		/* and the parser is well after it */
		log_clear(&got);
		midi_parse_bytes(&p, (const uint8_t *)"\xB0\x07\x01", 3, 0);
		assert_string_equal(got.text, "cc 0 7 1\n");
	}
}

struct garbage {
	const uint8_t *bytes;
	size_t at;    /* of the byte that is being parsed */
	size_t cc_at; /* of the last CC that is data entry */
	unsigned events;
};

/* Every event comes with the byte that completes it, and carries it; data entry
 * comes with its CC. */
static void
garbage_check(void *data, const struct midi_event *e, uint64_t time)
{
	struct garbage *g = data;
	uint8_t last = g->bytes[g->at];

	assert_int_equal(time, g->at);
	g->events++;
	assert_true(e->channel < 16 && e->number < 16384 && e->value < 16384);
	switch (e->kind) {
	case MIDI_CLOCK:
	case MIDI_START:
	case MIDI_CONTINUE:
	case MIDI_STOP:
		assert_true(last >= 0xF8);
		return;
	case MIDI_SYSEX:
		assert_int_equal(last, 0xF7);
		assert_true(e->sysex_bytes >= 2 &&
			    e->sysex_bytes <= MIDI_SYSEX_MAX);
		assert_int_equal(e->sysex[0], 0xF0);
		return;
	case MIDI_BEND:
	case MIDI_POSITION:
		assert_int_equal(e->value >> 7, last);
		return;
	case MIDI_RPN:
	case MIDI_NRPN:
		assert_int_equal(g->cc_at, g->at);
		return;
	case MIDI_NOTE:
		assert_true(e->value == last || e->value == 0);
		assert_true(e->number < 128);
		return;
	default:
		assert_int_equal(e->value, last);
		assert_true(e->number < 128);
		if (e->kind == MIDI_CC &&
			(e->number == 6 || e->number == 38 || e->number == 96 ||
				e->number == 97))
			g->cc_at = g->at;
		return;
	}
}

static void
garbage_says_nothing_that_was_not_sent(void **state)
{
	uint8_t bytes[STREAM_MAX];
	unsigned seed = 1, events = 0;

	(void)state;
	for (unsigned run = 0; run < GARBAGE_RUNS; run++) {
		struct garbage g = {.bytes = bytes};
		struct midi_parser p;

		midi_parser_init(&p, garbage_check, &g);
		for (size_t i = 0; i < STREAM_MAX; i++) {
			seed = seed * 1664525u + 1013904223u;
			bytes[i] = (uint8_t)(seed >> 24);
			/* more data than statuses, as in a real stream */
			if (seed & 0x10000)
				bytes[i] &= 0x7F;
		}
		for (g.at = 0; g.at < STREAM_MAX; g.at++)
			midi_parse(&p, bytes[g.at], g.at);
		events += g.events;
	}
	assert_true(events > 10000);
}

static void
what_is_written_is_read_back(void **state)
{
	static const struct {
		struct midi_event event;
		const char *hex; /* "": refused */
	} rows[] = {
		{{.kind = MIDI_NOTE, .channel = 1, .number = 2, .value = 3},
			"91 02 03"},
		{{.kind = MIDI_NOTE, .number = 2}, "90 02 00"},
		{{.kind = MIDI_POLY_PRESSURE, .number = 2, .value = 3},
			"A0 02 03"},
		{{.kind = MIDI_CC, .channel = 15, .number = 127, .value = 127},
			"BF 7F 7F"},
		{{.kind = MIDI_PROGRAM, .channel = 2, .value = 9}, "C2 09"},
		{{.kind = MIDI_CHANNEL_PRESSURE, .value = 9}, "D0 09"},
		{{.kind = MIDI_BEND, .channel = 8, .value = 8193}, "E8 01 40"},
		{{.kind = MIDI_RPN, .number = 129, .value = 16383},
			"B0 65 01 B0 64 01 B0 06 7F B0 26 7F"},
		{{.kind = MIDI_NRPN, .channel = 3, .number = 2, .value = 1},
			"B3 63 00 B3 62 02 B3 06 00 B3 26 01"},
		{{.kind = MIDI_CLOCK}, "F8"},
		{{.kind = MIDI_START}, "FA"},
		{{.kind = MIDI_CONTINUE}, "FB"},
		{{.kind = MIDI_STOP}, "FC"},
		{{.kind = MIDI_POSITION, .value = 300}, "F2 2C 02"},
		{{.kind = MIDI_SYSEX,
			 .sysex = (const uint8_t *)"\xF0\x01\xF7",
			 .sysex_bytes = 3},
			"F0 01 F7"},
		{{.kind = MIDI_SYSEX,
			 .sysex = (const uint8_t *)"\xF0\x80\xF7",
			 .sysex_bytes = 3},
			""},
		{{.kind = MIDI_SYSEX,
			 .sysex = (const uint8_t *)"\xF0",
			 .sysex_bytes = 1},
			""},
		{{.kind = MIDI_CC, .number = 128}, ""},
		{{.kind = MIDI_CC, .value = 128}, ""},
		{{.kind = MIDI_CC, .channel = 16}, ""},
		{{.kind = MIDI_BEND, .value = 16384}, ""},
		{{.kind = MIDI_RPN, .number = 16384}, ""},
	};
	uint8_t bytes[MIDI_WRITE_MAX], hex[STREAM_MAX];
	struct midi_parser p;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t n = hex_read(hex, rows[i].hex);
		const char *last;

		assert_int_equal(
			midi_write(&rows[i].event, bytes, sizeof(bytes)), n);
		if (n == 0)
			continue;
		assert_memory_equal(bytes, hex, n);
		assert_int_equal(midi_write(&rows[i].event, bytes, n - 1), 0);
		log_clear(&want);
		midi_log_add(&want, &rows[i].event, 0);
		log_clear(&got);
		midi_parser_init(&p, midi_log_add, &got);
		midi_parse_bytes(&p, hex, n, 0);
		assert_true(got.n >= want.n);
		last = got.text + got.n - want.n;
		assert_string_equal(last, want.text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_message_is_read_as_the_table_says),
		cmocka_unit_test(every_split_gives_the_same_events),
		cmocka_unit_test(real_time_anywhere_disturbs_nothing),
		cmocka_unit_test(the_time_is_that_of_the_last_byte),
		cmocka_unit_test(a_sysex_is_kept_up_to_its_limit),
		cmocka_unit_test(garbage_says_nothing_that_was_not_sent),
		cmocka_unit_test(what_is_written_is_read_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
