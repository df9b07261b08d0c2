/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/osc/transport/osc_packet.h"

#include <stdbool.h>
#include <string.h>

#define BUNDLE_TAG    "#bundle"
#define OSC_TYPES     "ifsbhtdScmTFNI"
#define NTP_TO_UNIX_S 2208988800u
#define NTP_ERA_S     (UINT64_C(1) << 32)

static uint32_t
read_u32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

static void
write_u32(uint8_t *p, uint32_t x)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(x >> (24 - 8 * i));
}

static size_t
padded(size_t size)
{
	return (size + 3) & ~(size_t)3;
}

/* The bytes that a string with its NULs takes at the start of p[size], or 0
 * when it does not end there or is padded with something else. */
static size_t
string_bytes(const uint8_t *p, size_t size)
{
	const uint8_t *nul = memchr(p, 0, size);
	size_t len, end;

	if (!nul)
		return 0;
	len = (size_t)(nul - p);
	end = padded(len + 1);
	if (end > size)
		return 0;
	for (size_t i = len; i < end; i++)
		if (p[i] != 0)
			return 0;
	return end;
}

static const char *
blob_check(const uint8_t *p, size_t size, size_t *used)
{
	uint32_t len;

	if (size < 4)
		return "a blob without its size";
	len = read_u32(p);
	if (len > size - 4 || padded(len) > size - 4)
		return "a blob that is longer than the message";
	for (size_t i = len; i < padded(len); i++)
		if (p[4 + i] != 0)
			return "a blob that is not padded with zeros";
	*used = 4 + padded(len);
	return NULL;
}

/* One argument of this type at the start of p[size]. */
static const char *
argument_check(char type, const uint8_t *p, size_t size, size_t *used)
{
	switch (type) {
	case 'T':
	case 'F':
	case 'N':
	case 'I':
		*used = 0;
		return NULL;
	case 'i':
	case 'f':
	case 'c':
	case 'm':
		*used = 4;
		return size < 4 ? "an argument that is cut off" : NULL;
	case 'h':
	case 'd':
	case 't':
		*used = 8;
		return size < 8 ? "an argument that is cut off" : NULL;
	case 's':
	case 'S':
		*used = string_bytes(p, size);
		return *used == 0 ? "a string without its NULs" : NULL;
	case 'b':
		return blob_check(p, size, used);
	default:
		return "an unknown type tag (known: " OSC_TYPES ")";
	}
}

static const char *
arguments_check(const uint8_t *p, size_t size)
{
	size_t at = string_bytes(p, size);

	if (p[0] != ',')
		return "no type tags where they should be";
	if (at == 0)
		return "type tags without their NULs";
	for (const uint8_t *type = p + 1; *type; type++) {
		const char *why;
		size_t used = 0;

		if (type - p > OSC_ARGS_MAX)
			return "more than 1024 arguments";
		why = argument_check((char)*type, p + at, size - at, &used);
		if (why)
			return why;
		at += used;
	}
	return at == size ? NULL : "bytes after the last argument";
}

static bool
is_printable(const uint8_t *text)
{
	while (*text > ' ' && *text <= '~')
		text++;
	return *text == '\0';
}

static const char *
message_check(const uint8_t *p, size_t size)
{
	size_t at = string_bytes(p, size);

	if (at == 0)
		return "an address without its NULs";
	if (!is_printable(p))
		return "an address that is not printable ASCII "
		       "without blanks";
	return at == size ? NULL : arguments_check(p + at, size - at);
}

_Bool
osc_packet_is_bundle(const void *packet, size_t size_bytes)
{
	return size_bytes >= sizeof(BUNDLE_TAG) &&
	       memcmp(packet, BUNDLE_TAG, sizeof(BUNDLE_TAG)) == 0;
}

struct check {
	bool frame;	   /* bundles only, not the messages in them */
	uint32_t elements; /* how many there may still be */
};

static const char *
element_check(struct check *c, const uint8_t *p, size_t size, uint32_t depth)
{
	if (size % 4 != 0)
		return "a size that is not a multiple of 4";
	if (c->frame && !osc_packet_is_bundle(p, size))
		return NULL;
	if (size == 0)
		return "a size that is not a multiple of 4";
	if (p[0] == '/')
		return message_check(p, size);
	if (!osc_packet_is_bundle(p, size))
		return "neither a message nor a bundle";
	if (size < OSC_BUNDLE_HEAD_BYTES)
		return "a bundle without its timetag";
	if (depth == 0)
		return "bundles nested more than 8 deep";
	for (size_t at = OSC_BUNDLE_HEAD_BYTES; at < size;) {
		const char *why;
		uint32_t len;

		if (size - at < 4)
			return "an element without its size";
		len = read_u32(p + at);
		at += 4;
		if (len > size - at)
			return "an element that is longer than its bundle";
		if (c->elements-- == 0)
			return "more than 8192 elements";
		why = element_check(c, p + at, len, depth - 1);
		if (why)
			return why;
		at += len;
	}
	return NULL;
}

static const char *
check(const void *packet, size_t size_bytes, bool frame)
{
	struct check c = {frame, OSC_ELEMENTS_MAX};

	if (size_bytes > OSC_PACKET_MAX)
		return "more than 65536 bytes";
	return element_check(&c, packet, size_bytes, OSC_DEPTH_MAX);
}

const char *
osc_packet_check(const void *packet, size_t size_bytes)
{
	return check(packet, size_bytes, false);
}

const char *
osc_packet_frame_check(const void *packet, size_t size_bytes)
{
	return check(packet, size_bytes, true);
}

_Bool
osc_packet_is_strange(const void *packet, size_t size_bytes)
{
	const uint8_t *p = packet;
	size_t at = string_bytes(p, size_bytes);

	if (size_bytes % 4 != 0 || at == 0 || p[0] != '/')
		return false;
	if (at == size_bytes)
		return !is_printable(p);
	if (p[at] != ',' || string_bytes(p + at, size_bytes - at) == 0)
		return false;
	return !is_printable(p) ||
	       ((const char *)p)[at + 1 +
				 strspn((const char *)p + at + 1, OSC_TYPES)] !=
		       '\0';
}

uint64_t
osc_packet_timetag(const void *bundle)
{
	const uint8_t *p = bundle;

	return (uint64_t)read_u32(p + 8) << 32 | read_u32(p + 12);
}

const void *
osc_packet_next(const void *bundle, size_t bundle_bytes, size_t *at,
	size_t *element_bytes)
{
	const uint8_t *p = bundle;

	if (*at == 0)
		*at = OSC_BUNDLE_HEAD_BYTES;
	if (*at >= bundle_bytes)
		return NULL;
	*element_bytes = read_u32(p + *at);
	p += *at + 4;
	*at += 4 + *element_bytes;
	return p;
}

uint8_t *
osc_packet_begin(uint8_t *out)
{
	static const uint8_t head[OSC_BUNDLE_HEAD_BYTES] = {
		'#', 'b', 'u', 'n', 'd', 'l', 'e', [15] = 1};

	memcpy(out, head, sizeof(head));
	return out + sizeof(head);
}

uint8_t *
osc_packet_put(uint8_t *out, const void *packet, size_t size_bytes)
{
	write_u32(out, (uint32_t)size_bytes);
	memcpy(out + 4, packet, size_bytes);
	return out + 4 + size_bytes;
}

const char *
osc_packet_types(const void *message, size_t size_bytes)
{
	const char *p = message;
	size_t at = padded(strlen(p) + 1);

	return at == size_bytes ? "" : p + at + 1;
}

uint64_t
osc_timetag_realtime_ns(uint64_t timetag)
{
	uint64_t sec = timetag >> 32;
	uint64_t frac = timetag & UINT32_MAX;

	if (sec == 0)
		return 0; /* 0x1 by the standard; some send 0 */
	if (sec < NTP_ERA_S / 2)
		sec += NTP_ERA_S;
	if (sec < NTP_TO_UNIX_S)
		return 0;
	return (sec - NTP_TO_UNIX_S) * 1000000000u +
	       ((frac * 1000000000u + (UINT64_C(1) << 31)) >> 32);
}
