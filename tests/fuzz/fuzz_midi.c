/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a MIDI stream: events are in range, a cut changes nothing, what
 * is written of an event is read back as that event. */
#include <stdlib.h>

#include "control/midi/encoding.h"
#include "control/midi/midi_parse.h"
#include "control/midi/midi_write.h"

#define CHECK(is_true)                                                         \
	do {                                                                   \
		if (!(is_true))                                                \
			abort();                                               \
	} while (0)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

struct seen {
	struct pair pair;
	uint64_t events;
	uint64_t sum; /* of all that was told, in order */
};

struct back {
	struct midi_event last;
	unsigned events;
};

static void
last_keep(void *data, const struct midi_event *e, uint64_t time)
{
	struct back *back = data;

	(void)time;
	back->last = *e;
	back->events++;
}

static void
round_trip(const struct midi_event *e)
{
	uint8_t bytes[MIDI_SYSEX_MAX];
	size_t n = midi_write(e, bytes, sizeof(bytes));
	bool is_entry = e->kind == MIDI_RPN || e->kind == MIDI_NRPN;
	struct back back = {.events = 0};
	struct midi_parser p;

	CHECK(n > 0);
	midi_parser_init(&p, last_keep, &back);
	midi_parse_bytes(&p, bytes, n, 0);
	/* data entry: four CCs, and an event for each half */
	CHECK(back.events == (is_entry ? 6u : 1u));
	CHECK(back.last.kind == e->kind && back.last.channel == e->channel &&
		back.last.number == e->number && back.last.value == e->value &&
		back.last.sysex_bytes == e->sysex_bytes);
}

static void
event_check(void *data, const struct midi_event *e, uint64_t time)
{
	struct seen *s = data;
	uint16_t value = 0;

	CHECK(e->channel < 16 && e->number < 16384 && e->value < 16384);
	if (e->kind == MIDI_SYSEX) {
		CHECK(e->sysex_bytes >= 2 && e->sysex_bytes <= MIDI_SYSEX_MAX);
		CHECK(e->sysex[0] == 0xF0 &&
			e->sysex[e->sysex_bytes - 1] == 0xF7);
	}
	if (e->kind == MIDI_CC)
		(void)(e->number < 32 ? pair_msb(&s->pair, (uint8_t)e->value,
						time, &value)
				      : pair_lsb(&s->pair, (uint8_t)e->value,
						time, &value));
	else if (e->part == MIDI_MSB)
		pair_msb(&s->pair, (uint8_t)(e->value >> 7), time, &value);
	else if (e->part == MIDI_LSB)
		pair_lsb(&s->pair, e->value & 127, time, &value);
	if (e->begins)
		pair_begins(&s->pair, e->part == MIDI_MSB);
	CHECK(!e->begins || e->part == MIDI_MSB || e->part == MIDI_LSB);
	CHECK(value < 16384);
	round_trip(e);
	s->events++;
	s->sum = s->sum * 31 + (uint64_t)e->kind * 7 + e->channel +
		 ((uint64_t)e->number << 8) + ((uint64_t)e->value << 24) +
		 e->sysex_bytes + ((uint64_t)e->part << 40);
}

static void
cut_parse(struct seen *s, const uint8_t *bytes, size_t n, size_t cut)
{
	struct midi_parser p;

	*s = (struct seen){0};
	midi_parser_init(&p, event_check, s);
	midi_parse_bytes(&p, bytes, cut, 1);
	midi_parse_bytes(&p, bytes + cut, n - cut, 2);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct seen whole, cut;

	cut_parse(&whole, bytes, n, 0);
	cut_parse(&cut, bytes, n, n ? bytes[0] % n : 0);
	CHECK(whole.events == cut.events && whole.sum == cut.sum);
	return 0;
}
