/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a TCP client's stream: where it is cut changes nothing, what is
 * taken out keeps its bound, and comes back as it was when it is framed. */
#include <stdlib.h>
#include <string.h>

#include "control/osc/transport/osc_packet.h"
#include "control/osc/transport/osc_stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

#define REQUIRE(truth)                                                         \
	do {                                                                   \
		if (!(truth))                                                  \
			abort();                                               \
	} while (0)

struct seen {
	uint64_t sum; /* of all packets, in order */
	uint64_t packets, broken;
	int error;
};

static void
round_trip(enum osc_framing framing, const void *packet, size_t size)
{
	struct osc_stream s;
	uint64_t broken = 0;
	size_t length, back_bytes = 0, at = 0;
	void *back = NULL;
	uint8_t *framed;

	osc_stream_init(&s);
	s.framing = framing;
	framed = malloc(osc_stream_bound(&s, size));
	REQUIRE(framed);
	length = osc_stream_frame(&s, packet, size, framed);
	REQUIRE(length <= osc_stream_bound(&s, size));
	while (at < length && !back) {
		int used = osc_stream_take(&s, framed + at, length - at, &back,
			&back_bytes, &broken);

		REQUIRE(used > 0);
		at += (size_t)used;
	}
	REQUIRE(back && broken == 0 && back_bytes == size);
	REQUIRE(memcmp(back, packet, size) == 0);
	osc_stream_done(&s);
	free(framed);
}

static void
take_piece(
	struct osc_stream *s, const uint8_t *piece, size_t n, struct seen *seen)
{
	while (n > 0 && seen->error == 0) {
		void *packet = NULL;
		size_t size = 0;
		int used = osc_stream_take(
			s, piece, n, &packet, &size, &seen->broken);

		if (used < 0) {
			seen->error = used;
			return;
		}
		REQUIRE(used > 0 && (size_t)used <= n);
		piece += used;
		n -= (size_t)used;
		if (!packet)
			continue;
		REQUIRE(size <= OSC_PACKET_MAX);
		REQUIRE((uintptr_t)packet % sizeof(void *) == 0);
		(void)osc_packet_check(packet, size);
		for (size_t i = 0; i < size; i++)
			seen->sum = seen->sum * 31 + ((uint8_t *)packet)[i] + 1;
		seen->packets++;
		if (size > 0)
			round_trip(s->framing, packet, size);
	}
}

/* In pieces of 1, 2, .. `most` bytes, each in memory of its own. */
static struct seen
take_all(const uint8_t *bytes, size_t n, size_t most)
{
	struct osc_stream s;
	struct seen seen = {0};
	size_t length = most;

	osc_stream_init(&s);
	while (n > 0) {
		uint8_t *piece;

		length = most == SIZE_MAX ? n : length % most + 1;
		length = length < n ? length : n;
		piece = malloc(length);
		REQUIRE(piece);
		memcpy(piece, bytes, length);
		take_piece(&s, piece, length, &seen);
		free(piece);
		bytes += length;
		n -= length;
	}
	osc_stream_done(&s);
	return seen;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct seen whole = take_all(bytes, n, SIZE_MAX);
	struct seen cut = take_all(bytes, n, 7);

	REQUIRE(whole.error == cut.error && whole.packets == cut.packets);
	REQUIRE(whole.sum == cut.sum && whole.broken == cut.broken);
	return 0;
}
