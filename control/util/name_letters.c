/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Three small tables instead of a library: iconv's way depends on the user's
 * locale, and a slug must not; ICU is larger than all else that is linked. */
#include "control/util/name_letters.h"

#include <string.h>

struct range {
	uint32_t first, last;
	const char *const *letters;
};

/* U+00C0..U+00FF */
static const char *const latin_1[] = {"a", "a", "a", "a", "a", "a", "ae", "c",
	"e", "e", "e", "e", "i", "i", "i", "i", "d", "n", "o", "o", "o", "o",
	"o", "-", "o", "u", "u", "u", "u", "y", "th", "ss", "a", "a", "a", "a",
	"a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i", "d", "n",
	"o", "o", "o", "o", "o", "-", "o", "u", "u", "u", "u", "y", "th", "y"};

/* U+0100..U+017F, one letter each */
static const char latin_a[] =
	"aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllll"
	"nnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

_Static_assert(sizeof(latin_a) == 129, "one letter for U+0100..U+017F");

/* U+0386..U+03CE */
static const char *const greek[] = {"a", "-", "e", "i", "i", "", "o", "", "y",
	"o", "i", "a", "v", "g", "d", "e", "z", "i", "th", "i", "k", "l", "m",
	"n", "x", "o", "p", "r", "", "s", "t", "y", "f", "ch", "ps", "o", "i",
	"y", "a", "e", "i", "i", "y", "a", "v", "g", "d", "e", "z", "i", "th",
	"i", "k", "l", "m", "n", "x", "o", "p", "r", "s", "s", "t", "y", "f",
	"ch", "ps", "o", "i", "y", "o", "y", "o"};

/* U+0430..U+045F; the capitals lie before them in two pieces */
static const char *const cyrillic[] = {"a", "b", "v", "g", "d", "e", "zh", "z",
	"i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "kh",
	"ts", "ch", "sh", "shch", "", "y", "", "e", "yu", "ya", "e", "yo", "dj",
	"gj", "ye", "dz", "i", "yi", "j", "lj", "nj", "c", "kj", "i", "u",
	"dz"};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
_Static_assert(COUNT(latin_1) == 0x100 - 0xc0, "U+00C0..U+00FF");
_Static_assert(COUNT(greek) == 0x3cf - 0x386, "U+0386..U+03CE");
_Static_assert(COUNT(cyrillic) == 0x460 - 0x430, "U+0430..U+045F");

static const struct range ranges[] = {
	{0xc0, 0xff, latin_1},
	{0x386, 0x3ce, greek},
	{0x400, 0x40f, cyrillic + 32},
	{0x410, 0x42f, cyrillic},
	{0x430, 0x45f, cyrillic},
};

static const char *
in_tables(uint32_t c)
{
	for (size_t i = 0; i < COUNT(ranges); i++)
		if (c >= ranges[i].first && c <= ranges[i].last)
			return ranges[i].letters[c - ranges[i].first];
	switch (c) {
	case 0x132: /* the letter IJ */
	case 0x133:
		return "ij";
	case 0x152: /* the letter OE */
	case 0x153:
		return "oe";
	case 0x490: /* g with upturn */
	case 0x491:
		return "g";
	default:
		return "";
	}
}

static char
one_letter(uint32_t c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
		return (char)c;
	if (c < 0x80)
		return '-';
	if (c >= 0x100 && c < 0x100 + sizeof(latin_a) - 1)
		return latin_a[c - 0x100];
	return '\0';
}

void
name_letters(uint32_t c, char out[LETTERS_MAX])
{
	const char *letters = in_tables(c);

	if (letters[0]) {
		memcpy(out, letters, strlen(letters) + 1);
		return;
	}
	out[0] = one_letter(c);
	out[1] = '\0';
}
