/* SPDX-License-Identifier: GPL-3.0-or-later */
/* OSC packets in a stream of bytes: a length before each (OSC 1.0) or SLIP
 * (OSC 1.1). The first byte of the stream decides: 0 is a length; 0xC0, or the
 * '/' or '#' that a packet starts with, is SLIP.
 *
 * Holds one packet at a time; knows nothing of sockets. Control thread only. */
#ifndef OSC_STREAM_H
#define OSC_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/osc/transport/osc_buffer.h"

enum osc_framing {
	OSC_FRAMING_OPEN, /* not known yet */
	OSC_FRAMING_LENGTH,
	OSC_FRAMING_SLIP,
};

struct osc_stream {
	enum osc_framing framing;
	struct osc_buffer packet; /* its bytes so far */
	uint8_t head[4];	  /* the length; what of it has come */
	uint32_t head_bytes;
	uint32_t want_bytes; /* the length, when it has come */
	bool escaped;	     /* SLIP: the last byte was ESC */
	bool broken;	     /* SLIP: skip to the next END */
	bool given;	     /* the packet was returned and may be reused */
};

void osc_stream_init(struct osc_stream *s);
void osc_stream_done(struct osc_stream *s);

/* Takes bytes from data[size] until a packet is complete. Returns how many it
 * took, and the packet in *packet (valid until the next call, aligned for any
 * type) or NULL when it wants more. -EPROTO: not a framing that is known, or a
 * packet over OSC_PACKET_MAX by its length: the stream is of no more use.
 * -ENOMEM. A broken SLIP packet is skipped and counted in *broken. */
int osc_stream_take(struct osc_stream *s, const uint8_t *data, size_t size,
	void **packet, size_t *packet_bytes, uint64_t *broken);

/* A packet has begun and not ended. */
bool osc_stream_is_inside(const struct osc_stream *s);

/* The bytes that a packet takes in this framing at most. */
size_t osc_stream_bound(const struct osc_stream *s, size_t packet_bytes);

/* Frames a packet into out[osc_stream_bound()]; returns the bytes written. */
size_t osc_stream_frame(const struct osc_stream *s, const void *packet,
	size_t packet_bytes, uint8_t *out);

#endif
