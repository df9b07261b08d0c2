/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/util/check.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/util/name.h"
#include "control/util/text.h"

int
check_refuse(char *why, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	/* clang-tidy 14 does not see va_start().
	 * NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized) */
	vsnprintf(why, CHECK_WHY_MAX, format, args);
	va_end(args);
	return -EINVAL;
}

int
check_range(uint32_t value, uint32_t min, uint32_t max, char *why)
{
	if (value < min || value > max)
		return check_refuse(why, "must be %u..%u", min, max);
	return 0;
}

int
check_whole(
	const char *text, uint32_t min, uint32_t max, uint32_t *out, char *why)
{
	size_t digits = strspn(text, "0123456789");
	/* at its most when too large */
	unsigned long long value = strtoull(text, NULL, 10);

	if (!digits || text[digits] || value < min || value > max)
		return check_refuse(why, "must be %u..%u", min, max);
	*out = (uint32_t)value;
	return 0;
}

int
check_number(const char *text, double min, double max, const char *unit,
	double *out, char *why)
{
	char *end = NULL;
	double value = 0.0;

	/* strtod() also takes hexadecimals, blanks and words. */
	if (text[0] && strspn(text, "+-.0123456789eE") == strlen(text))
		value = strtod(text, &end);
	if (!end || *end || !isfinite(value) || value < min || value > max)
		return check_refuse(
			why, "must be %.12g..%.12g%s", min, max, unit);
	*out = value;
	return 0;
}

int
check_word(const char *text, const char *const *words, uint32_t *out, char *why)
{
	char allowed[CHECK_WHY_MAX] = "";

	for (uint32_t i = 0; words[i]; i++) {
		if (!strcmp(words[i], text)) {
			*out = i;
			return 0;
		}
		text_add(allowed, sizeof(allowed), "%s%s",
			i == 0	       ? ""
			: words[i + 1] ? ", "
				       : " or ",
			words[i]);
	}
	return check_refuse(why, "must be %s", allowed);
}

int
check_truth(const char *text, bool *out, char *why)
{
	static const char *const words[] = {
		"no", "yes", "off", "on", "false", "true", NULL};
	uint32_t word;
	int rc = check_word(text, words, &word, why);

	if (rc == 0)
		*out = word & 1;
	return rc;
}

int
check_text(const char *text, size_t size_bytes, char *why)
{
	if (!name_is_printable(text))
		return check_refuse(
			why, "must be UTF-8 text without control characters");
	if (strlen(text) >= size_bytes)
		return check_refuse(
			why, "is too long; at most %zu bytes", size_bytes - 1);
	return 0;
}

int
check_text_copy(char *to, size_t size_bytes, const char *text, char *why)
{
	int rc = check_text(text, size_bytes, why);

	/* It fits; the rest is 0, since memory of such is compared. */
	if (rc == 0)
		strncpy(to, text, size_bytes);
	return rc;
}

int
check_room(uint32_t used, uint32_t max, const char *things, char *why)
{
	if (used >= max)
		return check_refuse(
			why, "is one too many; at most %u %s", max, things);
	return 0;
}
