/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/util/pattern.h"

#include <assert.h>
#include <string.h>

#include "core/hash.h"

bool
piece_is(struct piece s, const char *text)
{
	return !strncmp(s.text, text, s.length) && text[s.length] == '\0';
}

uint32_t
piece_hash(struct piece s)
{
	return hash_bytes(HASH_START, s.text, s.length);
}

struct piece
piece_of(const char *text)
{
	return (struct piece){text, strlen(text)};
}

struct piece
piece_next(const char **address)
{
	struct piece part = {*address, strcspn(*address, "/")};

	*address += part.length;
	if (**address == '/')
		(*address)++;
	return part;
}

/* The places in text that hold c, as bits. */
static uint64_t
places_of(struct piece text, char c)
{
	uint64_t places = 0;

	for (size_t i = 0; i < text.length; i++)
		places |= (uint64_t)(text.text[i] == c) << i;
	return places;
}

/* pattern is behind a '['; the places that hold one of its characters. false:
 * there is no ']'. */
static bool
places_of_set(struct piece *pattern, struct piece text, uint64_t *out)
{
	const char *s = pattern->text, *end = s + pattern->length;
	bool other = s < end && *s == '!';
	uint64_t places = 0;

	for (s += other; s < end && *s != ']'; s++) {
		bool range = end - s > 2 && s[1] == '-' && s[2] != ']';
		char last = range ? s[2] : *s;

		for (size_t i = 0; i < text.length; i++) {
			char c = text.text[i];

			places |= (uint64_t)(c >= *s && c <= last) << i;
		}
		s += range ? 2 : 0;
	}
	if (s == end)
		return false;
	*out = other ? ~places & (((uint64_t)1 << text.length) - 1) : places;
	*pattern = (struct piece){s + 1, (size_t)(end - s - 1)};
	return true;
}

/* pattern is behind a '{'; where one of its words ends that starts at one of
 * the places. false: there is no '}'. */
static bool
places_after_words(
	struct piece *pattern, struct piece text, uint64_t from, uint64_t *out)
{
	const char *s = pattern->text, *end = s + pattern->length;
	uint64_t at = from;

	*out = 0;
	for (; s < end && *s != '}'; s++) {
		if (*s == ',') {
			*out |= at;
			at = from;
		} else {
			at = (at & places_of(text, *s)) << 1;
		}
	}
	*out |= at;
	if (s == end)
		return false;
	*pattern = (struct piece){s + 1, (size_t)(end - s - 1)};
	return true;
}

/* Follows every way through the pattern at once: bit i of `at` is set when some
 * way has come as far as text[i]. No pattern makes this slow. */
static bool
part_matches(struct piece pattern, struct piece text)
{
	uint64_t at = 1, places;

	assert(text.length < 64);
	while (pattern.length > 0 && at) {
		char c = *pattern.text++;

		pattern.length--;
		if (c == '*') {
			/* From the first place on, all of them. */
			at = ~((at & -at) - 1) &
			     (((uint64_t)2 << text.length) - 1);
		} else if (c == '{') {
			if (!places_after_words(&pattern, text, at, &at))
				return false;
		} else {
			places = c == '?' ? ((uint64_t)1 << text.length) - 1
					  : places_of(text, c);
			if (c == '[' && !places_of_set(&pattern, text, &places))
				return false;
			at = (at & places) << 1;
		}
	}
	return at >> text.length & 1;
}

bool
pattern_matches(struct piece pattern, const char *text)
{
	return text[0] && part_matches(pattern, piece_of(text));
}

bool
pattern_matches_tail(const char *pattern, const char *tail)
{
	while (*pattern && *tail) {
		bool more = strchr(pattern, '/'), tail_more = strchr(tail, '/');
		struct piece part = piece_next(&pattern);

		if (more != tail_more || !part_matches(part, piece_next(&tail)))
			return false;
	}
	return !*pattern && !*tail;
}
