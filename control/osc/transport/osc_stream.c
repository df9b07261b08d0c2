/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/osc/transport/osc_stream.h"

#include <errno.h>
#include <string.h>

#include "control/osc/transport/osc_packet.h"

#define SLIP_END     0xC0
#define SLIP_ESC     0xDB
#define SLIP_ESC_END 0xDC
#define SLIP_ESC_ESC 0xDD

void
osc_stream_init(struct osc_stream *s)
{
	memset(s, 0, sizeof(*s));
}

void
osc_stream_done(struct osc_stream *s)
{
	osc_buffer_done(&s->packet);
	osc_stream_init(s);
}

/* Grows with what has come, not with what a length promises. */
static int
append(struct osc_stream *s, const uint8_t *data, size_t size)
{
	uint8_t *to;

	if (size == 0)
		return 0;
	to = osc_buffer_reserve(&s->packet, size, OSC_PACKET_MAX);
	if (!to)
		return -ENOMEM;
	memcpy(to, data, size);
	s->packet.end_bytes += size;
	return 0;
}

static int
take_length(struct osc_stream *s, const uint8_t *data, size_t size)
{
	size_t used = 0, rest;

	while (s->head_bytes < sizeof(s->head)) {
		if (used == size)
			return (int)used;
		s->head[s->head_bytes++] = data[used++];
		s->want_bytes = s->want_bytes << 8 | data[used - 1];
	}
	if (s->want_bytes > OSC_PACKET_MAX)
		return -EPROTO;
	rest = s->want_bytes - s->packet.end_bytes;
	if (rest > size - used)
		rest = size - used;
	if (append(s, data + used, rest) < 0)
		return -ENOMEM;
	if (s->packet.end_bytes == s->want_bytes)
		s->given = true;
	return (int)(used + rest);
}

/* One byte inside a SLIP packet, not END. */
static int
slip_byte(struct osc_stream *s, uint8_t byte)
{
	if (s->broken)
		return 0;
	if (s->escaped) {
		s->escaped = false;
		if (byte == SLIP_ESC_END)
			byte = SLIP_END;
		else if (byte == SLIP_ESC_ESC)
			byte = SLIP_ESC;
		else
			s->broken = true;
	} else if (byte == SLIP_ESC) {
		s->escaped = true;
		return 0;
	}
	if (s->packet.end_bytes == OSC_PACKET_MAX)
		s->broken = true;
	return s->broken ? 0 : append(s, &byte, 1);
}

static int
take_slip(struct osc_stream *s, const uint8_t *data, size_t size,
	uint64_t *broken)
{
	for (size_t i = 0; i < size; i++) {
		if (data[i] != SLIP_END) {
			if (slip_byte(s, data[i]) < 0)
				return -ENOMEM;
			continue;
		}
		if (s->broken || s->escaped) {
			(*broken)++;
			s->packet.end_bytes = 0;
		}
		s->broken = s->escaped = false;
		if (s->packet.end_bytes > 0) {
			s->given = true;
			return (int)i + 1;
		}
	}
	return (int)size;
}

/* By the first byte of the stream. liblo's SLIP has an END behind a packet and
 * none before it; no length that is allowed starts with these bytes. */
static enum osc_framing
framing_of(uint8_t first)
{
	switch (first) {
	case 0:
		return OSC_FRAMING_LENGTH;
	case SLIP_END:
	case '/':
	case '#':
		return OSC_FRAMING_SLIP;
	default:
		return OSC_FRAMING_OPEN;
	}
}

int
osc_stream_take(struct osc_stream *s, const uint8_t *data, size_t size,
	void **packet, size_t *packet_bytes, uint64_t *broken)
{
	int used;

	*packet = NULL;
	*packet_bytes = 0;
	if (size == 0)
		return 0;
	if (s->given) {
		s->packet.end_bytes = s->head_bytes = s->want_bytes = 0;
		s->given = false;
	}
	if (s->framing == OSC_FRAMING_OPEN)
		s->framing = framing_of(data[0]);
	if (s->framing == OSC_FRAMING_OPEN)
		return -EPROTO;
	used = s->framing == OSC_FRAMING_SLIP ? take_slip(s, data, size, broken)
					      : take_length(s, data, size);
	if (used >= 0 && s->given) {
		*packet = s->packet.bytes;
		*packet_bytes = s->packet.end_bytes;
	}
	return used;
}

bool
osc_stream_is_inside(const struct osc_stream *s)
{
	return !s->given && (s->packet.end_bytes > 0 || s->head_bytes > 0 ||
				    s->broken || s->escaped);
}

size_t
osc_stream_bound(const struct osc_stream *s, size_t packet_bytes)
{
	return s->framing == OSC_FRAMING_SLIP ? 2 * packet_bytes + 2
					      : packet_bytes + 4;
}

static size_t
frame_slip(const uint8_t *in, size_t size, uint8_t *out)
{
	uint8_t *o = out;

	*o++ = SLIP_END;
	for (size_t i = 0; i < size; i++) {
		if (in[i] == SLIP_END) {
			*o++ = SLIP_ESC;
			*o++ = SLIP_ESC_END;
		} else if (in[i] == SLIP_ESC) {
			*o++ = SLIP_ESC;
			*o++ = SLIP_ESC_ESC;
		} else {
			*o++ = in[i];
		}
	}
	*o++ = SLIP_END;
	return (size_t)(o - out);
}

size_t
osc_stream_frame(const struct osc_stream *s, const void *packet,
	size_t packet_bytes, uint8_t *out)
{
	if (s->framing == OSC_FRAMING_SLIP)
		return frame_slip(packet, packet_bytes, out);
	return (size_t)(osc_packet_put(out, packet, packet_bytes) - out);
}
