/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/ump.h"

enum {
	UMP_SYSTEM = 1,
	UMP_MIDI1 = 2,
	UMP_SYSEX = 3,
	UMP_MIDI2 = 4,
};

enum {
	SYSEX_WHOLE,
	SYSEX_BEGIN,
	SYSEX_MORE,
	SYSEX_END,
};

#define SYSEX_MAX 6 /* bytes of one packet */

RT uint32_t
ump_words(uint32_t first)
{
	static const uint8_t words[16] = {
		1, 1, 1, 2, 2, 4, 1, 1, 2, 2, 2, 3, 3, 4, 4, 4};

	return words[first >> 28];
}

/* Of a message with this status; 0 for none */
static uint32_t
length_of(uint8_t status)
{
	static const uint8_t voice[7] = {3, 3, 3, 3, 2, 2, 3};
	static const uint8_t system[16] = {
		0, 2, 3, 2, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1};

	if (status < 0x80)
		return 0;
	return status < 0xf0 ? voice[(status >> 4) - 8] : system[status & 15];
}

static uint32_t
short_bytes(uint8_t status, uint8_t first, uint8_t second,
	uint8_t out[UMP_BYTES_MAX])
{
	out[0] = status;
	out[1] = first & 0x7f;
	out[2] = second & 0x7f;
	return length_of(status);
}

static uint32_t
sysex_bytes(const uint32_t *word, uint8_t out[UMP_BYTES_MAX])
{
	uint32_t part = word[0] >> 20 & 15, count = word[0] >> 16 & 15, n = 0;

	if (part > SYSEX_END || count > SYSEX_MAX)
		return 0;
	if (part == SYSEX_WHOLE || part == SYSEX_BEGIN)
		out[n++] = 0xf0;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t at = i + 2; /* two bytes of the first word are ours */

		out[n++] = word[at / 4] >> (24 - 8 * (at % 4)) & 0x7f;
	}
	if (part == SYSEX_WHOLE || part == SYSEX_END)
		out[n++] = 0xf7;
	return n;
}

static uint32_t
midi2_bytes(const uint32_t *word, uint8_t out[UMP_BYTES_MAX])
{
	uint8_t status = word[0] >> 16 & 0xff, first = word[0] >> 8 & 0x7f;
	uint8_t top = (uint8_t)(word[1] >> 25);

	switch (status >> 4) {
	case 9: /* a note on of 0 would be a note off */
		return short_bytes(status, first, top ? top : 1, out);
	case 8:
	case 0xa:
	case 0xb:
		return short_bytes(status, first, top, out);
	case 0xc:
		return short_bytes(status, word[1] >> 24 & 0x7f, 0, out);
	case 0xd:
		return short_bytes(status, top, 0, out);
	case 0xe:
		return short_bytes(status, word[1] >> 18 & 0x7f, top, out);
	default:
		return 0;
	}
}

RT uint32_t
ump_bytes(const uint32_t *word, uint8_t out[UMP_BYTES_MAX])
{
	switch (word[0] >> 28) {
	case UMP_SYSTEM:
	case UMP_MIDI1:
		return short_bytes(word[0] >> 16 & 0xff, word[0] >> 8 & 0xff,
			word[0] & 0xff, out);
	case UMP_SYSEX:
		return sysex_bytes(word, out);
	case UMP_MIDI2:
		return midi2_bytes(word, out);
	default:
		return 0;
	}
}
