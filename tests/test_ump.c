/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/ump.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

struct one {
	uint32_t word[2];
	uint32_t bytes;
	uint8_t want[UMP_BYTES_MAX];
};

static void
each_is(const struct one *ones, size_t n)
{
	uint8_t out[UMP_BYTES_MAX];

	for (size_t i = 0; i < n; i++) {
		assert_int_equal(ump_bytes(ones[i].word, out), ones[i].bytes);
		assert_memory_equal(out, ones[i].want, ones[i].bytes);
	}
}

static void
messages_of_midi_1_are_their_bytes(void **state)
{
	static const struct one ones[] = {
		{{0x20903c64, 0}, 3, {0x90, 0x3c, 0x64}},
		{{0x22823c00, 0}, 3, {0x82, 0x3c, 0x00}},
		{{0x20c30500, 0}, 2, {0xc3, 0x05}},
		{{0x20d14000, 0}, 2, {0xd1, 0x40}},
		{{0x20ef0040, 0}, 3, {0xef, 0x00, 0x40}},
		{{0x10f80000, 0}, 1, {0xf8}},
		{{0x10f21234, 0}, 3, {0xf2, 0x12, 0x34}},
		{{0x10f11200, 0}, 2, {0xf1, 0x12}},
	};

	(void)state;
	each_is(ones, sizeof(ones) / sizeof(ones[0]));
}

static void
messages_of_midi_2_lose_their_fine_bits(void **state)
{
	static const struct one ones[] = {
		{{0x40903c00, 0xc8000000}, 3, {0x90, 0x3c, 0x64}},
		{{0x40903c00, 0x00010000}, 3, {0x90, 0x3c, 0x01}},
		{{0x40803c00, 0x00000000}, 3, {0x80, 0x3c, 0x00}},
		{{0x40b00700, 0xffffffff}, 3, {0xb0, 0x07, 0x7f}},
		{{0x40b00700, 0x80000000}, 3, {0xb0, 0x07, 0x40}},
		{{0x40c30000, 0x05000000}, 2, {0xc3, 0x05}},
		{{0x40d10000, 0x80000000}, 2, {0xd1, 0x40}},
		{{0x40e00000, 0x80000000}, 3, {0xe0, 0x00, 0x40}},
		{{0x40e00000, 0xffffffff}, 3, {0xe0, 0x7f, 0x7f}},
	};

	(void)state;
	each_is(ones, sizeof(ones) / sizeof(ones[0]));
}

static void
a_long_message_follows_from_its_packets(void **state)
{
	static const struct one ones[] = {
		{{0x30030102, 0x03000000}, 5, {0xf0, 1, 2, 3, 0xf7}},
		{{0x30160102, 0x03040506}, 7, {0xf0, 1, 2, 3, 4, 5, 6}},
		{{0x30260708, 0x090a0b0c}, 6, {7, 8, 9, 10, 11, 12}},
		{{0x30310d00, 0x00000000}, 2, {13, 0xf7}},
		{{0x30300000, 0x00000000}, 1, {0xf7}},
		{{0x30060102, 0x03040506}, 8, {0xf0, 1, 2, 3, 4, 5, 6, 0xf7}},
	};

	(void)state;
	each_is(ones, sizeof(ones) / sizeof(ones[0]));
}

static void
what_midi_has_no_bytes_for_is_nothing(void **state)
{
	static const struct one ones[] = {
		{{0x00000000, 0}, 0, {0}}, /* nothing happens */
		{{0x00200001, 0}, 0, {0}}, /* a time stamp */
		{{0x10f00000, 0}, 0, {0}}, /* in no packet of this kind */
		{{0x20703c64, 0}, 0, {0}}, /* no status */
		{{0x30090102, 0x03040506}, 0, {0}}, /* more than fits */
		{{0x30400000, 0}, 0, {0}},	    /* a part there is not */
		{{0x40203c00, 0}, 0, {0}}, /* a controller of MIDI 2.0 */
		{{0x50000000, 0}, 0, {0}},
		{{0xf0000000, 0}, 0, {0}},
	};

	(void)state;
	each_is(ones, sizeof(ones) / sizeof(ones[0]));
}

static void
a_packet_has_the_words_of_its_kind(void **state)
{
	(void)state;
	assert_int_equal(ump_words(0x20903c64), 1);
	assert_int_equal(ump_words(0x30030102), 2);
	assert_int_equal(ump_words(0x40903c00), 2);
	assert_int_equal(ump_words(0x50000000), 4);
	assert_int_equal(ump_words(0xffffffff), UMP_WORDS_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_of_midi_1_are_their_bytes),
		cmocka_unit_test(messages_of_midi_2_lose_their_fine_bits),
		cmocka_unit_test(a_long_message_follows_from_its_packets),
		cmocka_unit_test(what_midi_has_no_bytes_for_is_nothing),
		cmocka_unit_test(a_packet_has_the_words_of_its_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
