/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/model/rules/match.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "control/util/check.h"

/* Titles come from anywhere, and the control thread has a heart to beat: some
 * ten milliseconds. */
#define STEPS_MAX 100000u
#define HEAP_KIB  256u

struct match {
	char *glob;	  /* or: */
	pcre2_code *code; /* NULL: a shell pattern */
	pcre2_match_data *data;
	pcre2_match_context *limits;
};

static bool
is_regex(const char *pattern)
{
	size_t n = strlen(pattern);

	return n > 1 && pattern[0] == '/' && pattern[n - 1] == '/';
}

static int
compile(struct match *m, const char *pattern, uint32_t *at, char *why)
{
	size_t n = strlen(pattern) - 2;
	PCRE2_UCHAR text[120];
	PCRE2_SIZE offset;
	int error;

	m->code = pcre2_compile((PCRE2_SPTR)pattern + 1, n,
		PCRE2_CASELESS | PCRE2_UTF | PCRE2_MATCH_INVALID_UTF, &error,
		&offset, NULL);
	if (!m->code) {
		pcre2_get_error_message(error, text, sizeof(text));
		*at = 1 + (uint32_t)offset;
		return check_refuse(why, "is no regular expression: %s",
			(const char *)text);
	}
	m->data = pcre2_match_data_create_from_pattern(m->code, NULL);
	m->limits = pcre2_match_context_create(NULL);
	if (!m->data || !m->limits)
		return -ENOMEM;
	pcre2_set_match_limit(m->limits, STEPS_MAX);
	pcre2_set_heap_limit(m->limits, HEAP_KIB);
	return 0;
}

int
match_new(struct match **out, const char *pattern, uint32_t *at, char *why)
{
	struct match *m = calloc(1, sizeof(*m));
	int rc = 0;

	*out = NULL;
	*at = 0;
	check_refuse(why, "%s", strerror(ENOMEM));
	if (!m)
		return -ENOMEM;
	if (!pattern[0])
		rc = check_refuse(why, "needs a pattern");
	else if (is_regex(pattern))
		rc = compile(m, pattern, at, why);
	else if (!(m->glob = strdup(pattern)))
		rc = -ENOMEM;
	if (rc < 0)
		match_free(m);
	else
		*out = m;
	return rc;
}

void
match_free(struct match *m)
{
	if (!m)
		return;
	free(m->glob);
	pcre2_match_data_free(m->data);
	pcre2_match_context_free(m->limits);
	pcre2_code_free(m->code);
	free(m);
}

bool
match_fits(const struct match *m, const char *text)
{
	if (m->glob)
		return !fnmatch(m->glob, text, FNM_CASEFOLD);
	return pcre2_match(m->code, (PCRE2_SPTR)text, strlen(text), 0, 0,
		       m->data, m->limits) >= 0;
}
