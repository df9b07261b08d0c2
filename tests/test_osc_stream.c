/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control/osc/transport/osc_packet.h"
#include "control/osc/transport/osc_stream.h"

static const struct {
	const char *bytes;
	size_t size;
} packets[] = {
	{"/a\0\0,i\0\0\0\0\0\1", 12},
	{"/b\0\0,i\0\0\300\333\334\335", 12}, /* all that SLIP escapes */
	{"/c\0\0", 4},
	{"/d\0\0,i\0\0\333\334\300\300", 12},
};
#define PACKETS (sizeof(packets) / sizeof(packets[0]))

/* Takes data[size] apart; the packets must be the ones above, in their order.
 * Returns how many came. */
static size_t
take_all(struct osc_stream *s, const uint8_t *data, size_t size, size_t next)
{
	uint64_t broken = 0;

	for (size_t at = 0; at < size;) {
		size_t bytes;
		void *packet;
		int used = osc_stream_take(
			s, data + at, size - at, &packet, &bytes, &broken);

		assert_true(used > 0);
		at += (size_t)used;
		if (!packet)
			continue;
		assert_true(next < PACKETS);
		assert_int_equal(bytes, packets[next].size);
		assert_memory_equal(packet, packets[next].bytes, bytes);
		next++;
	}
	assert_int_equal(broken, 0);
	return next;
}

static size_t
frame_all(enum osc_framing framing, uint8_t *out)
{
	struct osc_stream s = {.framing = framing};
	size_t size = 0;

	for (size_t i = 0; i < PACKETS; i++) {
		size_t n = osc_stream_frame(
			&s, packets[i].bytes, packets[i].size, out + size);

		assert_true(n <= osc_stream_bound(&s, packets[i].size));
		size += n;
	}
	return size;
}

static void
takes_what_it_framed_however_it_is_cut(void **state)
{
	uint8_t bytes[256];

	(void)state;
	for (int f = OSC_FRAMING_LENGTH; f <= OSC_FRAMING_SLIP; f++) {
		size_t size = frame_all((enum osc_framing)f, bytes);

		for (size_t a = 0; a <= size; a++) {
			for (size_t b = a; b <= size; b++) {
				struct osc_stream s;
				size_t n;

				osc_stream_init(&s);
				n = take_all(&s, bytes, a, 0);
				n = take_all(&s, bytes + a, b - a, n);
				n = take_all(&s, bytes + b, size - b, n);
				assert_int_equal(n, PACKETS);
				assert_int_equal(s.framing, f);
				osc_stream_done(&s);
			}
		}
	}
}

static void
takes_one_byte_at_a_time(void **state)
{
	uint8_t bytes[256];

	(void)state;
	for (int f = OSC_FRAMING_LENGTH; f <= OSC_FRAMING_SLIP; f++) {
		size_t size = frame_all((enum osc_framing)f, bytes), n = 0;
		struct osc_stream s;

		osc_stream_init(&s);
		for (size_t i = 0; i < size; i++)
			n = take_all(&s, bytes + i, 1, n);
		assert_int_equal(n, PACKETS);
		osc_stream_done(&s);
	}
}

static int
take(struct osc_stream *s, const void *data, size_t size, void **packet,
	uint64_t *broken)
{
	size_t bytes;

	return osc_stream_take(s, data, size, packet, &bytes, broken);
}

static void
refuses_what_it_cannot_frame(void **state)
{
	uint64_t broken = 0;
	struct osc_stream s;
	void *packet;

	(void)state;
	osc_stream_init(&s);
	assert_int_equal(take(&s, "GET / ", 6, &packet, &broken), -EPROTO);
	osc_stream_done(&s);
	osc_stream_init(&s); /* 65540 bytes */
	assert_int_equal(
		take(&s, "\0\1\0\4/a\0\0", 8, &packet, &broken), -EPROTO);
	osc_stream_done(&s);
}

static void
a_broken_slip_packet_costs_only_itself(void **state)
{
	static const char in[] = "\300/a\333x\300\300/c\0\0\300";
	uint64_t broken = 0;
	struct osc_stream s;
	void *packet = NULL;
	int at = 0;

	(void)state;
	osc_stream_init(&s);
	while (!packet) {
		int used = take(&s, in + at, sizeof(in) - 1 - (size_t)at,
			&packet, &broken);

		assert_true(used > 0);
		at += used;
	}
	assert_string_equal(packet, "/c");
	assert_int_equal(broken, 1);
	osc_stream_done(&s);
}

static void
an_endless_slip_packet_keeps_to_its_bound(void **state)
{
	uint8_t *in = malloc(4 * OSC_PACKET_MAX);
	uint64_t broken = 0;
	struct osc_stream s;
	void *packet;

	(void)state;
	assert_non_null(in);
	memset(in, '/', 4 * OSC_PACKET_MAX);
	in[0] = 0xC0;
	osc_stream_init(&s);
	assert_int_equal(take(&s, in, 4 * OSC_PACKET_MAX, &packet, &broken),
		4 * OSC_PACKET_MAX);
	assert_true(s.packet.cap_bytes <= OSC_PACKET_MAX);
	assert_int_equal(take(&s, "\300", 1, &packet, &broken), 1);
	assert_null(packet);
	assert_int_equal(broken, 1);
	osc_stream_done(&s);
	free(in);
}

static void
slip_needs_no_end_before_the_first_packet(void **state)
{
	static const char in[] = "/a\0\0,i\0\0\0\0\0\1\300";
	struct osc_stream s;

	(void)state;
	osc_stream_init(&s);
	assert_int_equal(
		take_all(&s, (const uint8_t *)in, sizeof(in) - 1, 0), 1);
	osc_stream_done(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_what_it_framed_however_it_is_cut),
		cmocka_unit_test(takes_one_byte_at_a_time),
		cmocka_unit_test(slip_needs_no_end_before_the_first_packet),
		cmocka_unit_test(refuses_what_it_cannot_frame),
		cmocka_unit_test(a_broken_slip_packet_costs_only_itself),
		cmocka_unit_test(an_endless_slip_packet_keeps_to_its_bound),
	};

	return cmocka_run_group_tests_name("osc stream", tests, NULL, NULL);
}
