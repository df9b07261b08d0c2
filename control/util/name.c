/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/util/name.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "control/util/name_letters.h"
#include "core/hash.h"

size_t
name_utf8_next(const char *s, uint32_t *out)
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

	for (; (bytes = name_utf8_next(s, &c)); s += bytes)
		;
	return *s == '\0';
}

bool
name_is_printable(const char *s)
{
	uint32_t c;
	size_t bytes;

	for (; (bytes = name_utf8_next(s, &c)); s += bytes) {
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

	while ((bytes = name_utf8_next(from, &c)) &&
		used + bytes < size_bytes) {
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
		size_t bytes = name_utf8_next(from, &c);
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

/* The slug of name in at most size_bytes. */
static void
slug_make(char *slug, size_t size_bytes, const char *name)
{
	size_t used = 0, bytes, length;
	uint32_t c;

	for (; (bytes = name_utf8_next(name, &c)) &&
		used + LETTERS_MAX < size_bytes;
		name += bytes) {
		char letters[LETTERS_MAX];

		name_letters(c, letters);
		if (letters[0] == '-' && (!used || slug[used - 1] == '-'))
			continue;
		length = strlen(letters);
		memcpy(slug + used, letters, length);
		used += length;
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

void
name_slug_any(char slug[SLUG_MAX], const char *name, const char *key)
{
	name_slug(slug, name);
	if (!name[0] || slug[0])
		return;
	name_slug(slug, key);
	if (slug[0])
		return;
	snprintf(slug, SLUG_MAX, "app-%08x",
		hash_bytes(HASH_START, name, strlen(name)));
}
