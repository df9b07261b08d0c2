/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is sent to the device, no faster than it can take. */
#include "control/surface/lights/surface_output.h"

#include <string.h>

#include "control/midi/midi_write.h"
#include "control/surface/surface_echo.h"
#include "control/surface/surface_input.h"

#define NS_PER_MS 1000000.0

void
surface_earn(struct surface *s, uint64_t now_ns)
{
	if (now_ns > s->credit_ns)
		s->credit += (double)(now_ns - s->credit_ns) / NS_PER_MS *
			     SURFACE_BYTES_PER_MS;
	s->credit_ns = now_ns;
	if (s->credit > SURFACE_BURST_BYTES)
		s->credit = SURFACE_BURST_BYTES;
}

/* Slow devices lose what comes with a sysex, but have no way to say so. */
uint64_t
surface_free_ns(const struct surface *s, enum midi_kind kind, uint64_t now_ns)
{
	uint64_t free_ns =
		s->credit < 0.0 ? now_ns + (uint64_t)NS_PER_MS : now_ns;

	return kind == MIDI_SYSEX && s->sysex_ns > free_ns ? s->sysex_ns
							   : free_ns;
}

void
surface_output(struct surface *s, const uint8_t *bytes, uint32_t n)
{
	s->credit -= n;
	if (bytes[0] == 0xf0)
		s->sysex_ns = s->credit_ns + SURFACE_SYSEX_NS;
	s->send(s->data, bytes, n);
}

static void
send_event(struct surface *s, const struct midi_event *e, enum echo_as as,
	uint64_t now_ns)
{
	uint8_t bytes[MIDI_WRITE_MAX];
	uint32_t n = (uint32_t)midi_write(e, bytes, sizeof(bytes));
	uint32_t message = n;

	if (n == 0)
		return;
	if (midi_is_entry(e->kind)) {
		struct midi_event half = *e; /* is told before the whole */

		message = 3; /* it is four of them */
		half.value &= 0x3f80;
		surface_echo_put(s, &half, ECHO_HALF, 0, now_ns);
	}
	surface_echo_put(s, e, as, n, now_ns);
	for (uint32_t at = 0; at < n; at += message)
		surface_output(s, bytes + at, message);
}

static void
send_sysex(struct surface *s, const struct mapping_message *m, int64_t value,
	const uint8_t *fill, uint64_t now_ns)
{
	uint8_t bytes[MAPPING_SYSEX_MAX + MAPPING_FILL_MAX];
	struct midi_event e = {.kind = MIDI_SYSEX, .sysex = bytes};
	uint32_t from = 0, n = 0;

	for (uint32_t i = 0; i < m->slots; i++) {
		uint32_t length = m->slot[i].length, at = m->slot[i].at;

		memcpy(bytes + n, m->sysex + from, at - from);
		n += at - from;
		from = length ? at : at + 1;
		if (!length)
			length = 1;
		if (fill)
			memcpy(bytes + n, fill, length);
		else
			memset(bytes + n,
				m->slot[i].length ? ' ' : (int)(value & 127),
				length);
		fill = fill ? fill + length : NULL;
		n += length;
	}
	memcpy(bytes + n, m->sysex + from, m->sysex_bytes - from);
	e.sysex_bytes = n + m->sysex_bytes - from;
	surface_echo_put(s, &e, ECHO_MESSAGE, e.sysex_bytes, now_ns);
	surface_output(s, bytes, e.sysex_bytes);
}

/* The one it heard last, when any will do. */
uint8_t
surface_lamp_channel(const struct surface *s, const struct mapping_message *m,
	int32_t control)
{
	const struct input *in = surface_input_of(s, control);

	if (m->channel != MAPPING_CHANNEL_ANY)
		return m->channel;
	return in ? in->channel : 0;
}

void
surface_lamp_send(struct surface *s, struct lamp *lamp, int32_t control,
	int64_t value, const uint8_t *fill, uint64_t now_ns)
{
	const struct mapping_message *m = &lamp->message;
	struct midi_event e = {.kind = m->kind,
		.channel = surface_lamp_channel(s, m, control),
		.number = m->number == MAPPING_NUMBER_ANY ? 0 : m->number,
		.value = (uint16_t)value};

	if (m->kind == MIDI_SYSEX) {
		send_sysex(s, m, value, fill, now_ns);
	} else if (m->fine) {
		struct midi_event low = e, whole = e;

		e.value = (uint16_t)(value >> 7);
		low.number = m->low;
		low.value = value & 0x7f;
		send_event(s, &e, ECHO_HALF, now_ns);
		send_event(s, &low, ECHO_HALF, now_ns);
		surface_echo_put(s, &whole, ECHO_PAIR, 0, now_ns);
	} else {
		if (!mapping_is_wide(m)) { /* a color of its own number */
			e.number = (uint16_t)(e.number + (value >> 7));
			e.value = value & 0x7f;
		}
		send_event(s, &e, ECHO_MESSAGE, now_ns);
	}
	lamp->sent = lamp->last = value;
	lamp->sent_ns = now_ns;
	lamp->ever = true;
}
