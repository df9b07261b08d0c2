/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A hand at a device that learns, and a clock that is turned by hand. */
#ifndef MIDI_LEARN_RIG_H
#define MIDI_LEARN_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "control/devices/midi_learn.h"
#include "control/midi/midi_parse.h"

#define MS UINT64_C(1000000)

struct hand {
	struct learn learn;
	struct midi_parser parser; /* of entry() */
	uint64_t now_ns;
};

static inline void
on_heard(void *data, const struct midi_event *e, uint64_t time)
{
	struct hand *h = data;

	(void)time;
	learn_event(&h->learn, e, h->now_ns);
}

static inline int
hand_up(void **state)
{
	static struct hand hand;

	hand.now_ns = 5000 * MS;
	learn_start(&hand.learn, hand.now_ns);
	midi_parser_init(&hand.parser, on_heard, &hand);
	*state = &hand;
	return 0;
}

static inline void
wait_ms(struct hand *h, uint64_t ms)
{
	for (uint64_t i = 0; i < ms; i++) {
		h->now_ns += MS;
		learn_run(&h->learn, h->now_ns);
	}
}

static inline void
say(struct hand *h, enum midi_kind kind, uint8_t channel, uint16_t number,
	uint16_t value)
{
	const struct midi_event e = {.kind = kind,
		.channel = channel,
		.number = number,
		.value = value};

	learn_event(&h->learn, &e, h->now_ns);
	wait_ms(h, 15);
}

static inline void
say_times(struct hand *h, uint16_t number, uint16_t value, int times)
{
	for (int i = 0; i < times; i++)
		say(h, MIDI_CC, 0, number, value);
}

static inline void
assert_found(const struct hand *h, enum midi_kind kind, uint8_t channel,
	uint16_t number, enum mapping_as as, enum encoding coding)
{
	const struct learn *l = &h->learn;

	assert_int_equal(l->state, LEARN_DONE);
	assert_int_equal(l->message.kind, kind);
	assert_int_equal(l->message.channel, channel);
	assert_int_equal(l->message.number, number);
	assert_int_equal(l->as, as);
	assert_int_equal(l->coding, coding);
}

/* Data entry on channel 1, with its number unless that is 0. */
static inline void
entry(struct hand *h, uint16_t number, uint8_t cc, uint8_t value)
{
	const uint8_t bytes[] = {0xb0, 99, (uint8_t)(number >> 7), 0xb0, 98,
		number & 127, 0xb0, cc, value};
	size_t from = number ? 0 : 6;

	midi_parse_bytes(
		&h->parser, bytes + from, sizeof(bytes) - from, h->now_ns);
	wait_ms(h, 1);
}

#endif
