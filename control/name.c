/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/name.h"

#include <stdint.h>
#include <string.h>

#define LATIN_FIRST 0xc0u
#define LATIN_LAST  0x17fu

/* U+00C0..U+017F without their accents; '-' is no letter. */
static const char latin[LATIN_LAST - LATIN_FIRST + 2] =
	"aaaaaaaceeeeiiiidnooooo-ouuuuyts" /* Latin-1 capitals, sharp s */
	"aaaaaaaceeeeiiiidnooooo-ouuuuyty" /* Latin-1 small letters */
	"aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllll"
	"nnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

_Static_assert(sizeof(latin) == 193, "one letter for each of U+00C0..U+017F");

/* The character at s and its bytes; 0 bytes: not UTF-8, or the end. */
static size_t
utf8_next(const char *s, uint32_t *out)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *u = (const unsigned char *)s;
	uint32_t c = u[0];
	size_t bytes = c < 0x80		? 1
		       : c >> 5 == 0x6	? 2
		       : c >> 4 == 0xe	? 3
		       : c >> 3 == 0x1e ? 4
					: 0;

	if (!c || !bytes)
		return 0;
	if (bytes > 1)
		c &= 0x7fu >> bytes;
	for (size_t i = 1; i < bytes; i++) {
		if ((u[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (u[i] & 0x3fu);
	}
	if (c < least[bytes] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*out = c;
	return bytes;
}

static bool
is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 ||
	       c == 0x2029;
}

bool
name_is_utf8(const char *s)
{
	uint32_t c;
	size_t bytes;

	for (; (bytes = utf8_next(s, &c)); s += bytes)
		;
	return *s == '\0';
}

bool
name_is_printable(const char *s)
{
	uint32_t c;
	size_t bytes;

	for (; (bytes = utf8_next(s, &c)); s += bytes) {
		if (is_control(c))
			return false;
	}
	return *s == '\0';
}

void
name_copy(char *to, size_t size_bytes, const char *from)
{
	size_t used = 0, bytes;
	uint32_t c;

	while ((bytes = utf8_next(from, &c)) && used + bytes < size_bytes) {
		memcpy(to + used, from, bytes);
		used += bytes;
		from += bytes;
	}
	to[used] = '\0';
}

void
name_clean(char *to, size_t size_bytes, const char *from)
{
	size_t used = 0;

	while (*from) {
		uint32_t c;
		size_t bytes = utf8_next(from, &c);
		bool bad = !bytes || is_control(c);
		size_t put = bad ? 1 : bytes;

		if (used + put >= size_bytes)
			break;
		memcpy(to + used, bad ? "?" : from, put);
		used += put;
		from += bytes ? bytes : 1;
	}
	to[used] = '\0';
}

static char
second_letter(uint32_t c)
{
	switch (c) {
	case 0xc6: /* the letters AE and OE */
	case 0xe6:
	case 0x152:
	case 0x153:
		return 'e';
	case 0xde: /* thorn */
	case 0xfe:
		return 'h';
	case 0xdf: /* sharp s */
		return 's';
	case 0x132: /* the letter IJ */
	case 0x133:
		return 'j';
	default:
		return '\0';
	}
}

static char
first_letter(uint32_t c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
		return (char)c;
	if (c >= LATIN_FIRST && c <= LATIN_LAST)
		return latin[c - LATIN_FIRST];
	return c < 0x80 ? '-' : '\0';
}

/* The slug of name in at most size_bytes. */
static void
slug_make(char *slug, size_t size_bytes, const char *name)
{
	size_t used = 0, bytes;
	uint32_t c;

	for (; (bytes = utf8_next(name, &c)) && used + 3 < size_bytes;
		name += bytes) {
		char first = first_letter(c), second = second_letter(c);

		if (!first ||
			(first == '-' && (!used || slug[used - 1] == '-')))
			continue;
		slug[used++] = first;
		if (second)
			slug[used++] = second;
	}
	while (used && slug[used - 1] == '-')
		used--;
	slug[used] = '\0';
}

void
name_slug(char slug[SLUG_MAX], const char *name)
{
	static const char front[] = "app-";
	size_t at = sizeof(front) - 1;

	slug_make(slug + at, SLUG_MAX - at, name);
	if (slug[at] && slug[at + strspn(slug + at, "0123456789")] == '\0')
		memcpy(slug, front, at);
	else
		memmove(slug, slug + at, strlen(slug + at) + 1);
}
