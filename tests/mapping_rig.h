/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests of mappings: a text is a mapping. */
#ifndef MAPPING_RIG_H
#define MAPPING_RIG_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/mapping/mapping.h"

#define RIG_TEXT_MAX 8192

struct rig {
	struct mapping *m;
	char why[MAPPING_WHY_MAX];
	const struct params *params; /* NULL: a model's without a file */
};

static inline int
set_up(void **state)
{
	*state = calloc(1, sizeof(struct rig));
	return *state ? 0 : -1;
}

static inline int
tear_down(void **state)
{
	struct rig *r = *state;

	mapping_free(r->m);
	free(r);
	return 0;
}

/* Of the control's range, at a position of it. */
static inline double
share_at(const struct mapping_control *c, double way)
{
	struct curve curve;

	mapping_curve(c, &curve);
	return curve_share(&curve, way);
}

/* @ at the start stands for two lines that every mapping needs, # for those
 * and the one in front of the controls. */
static inline int
try_text(struct rig *r, const char *text)
{
	char whole[RIG_TEXT_MAX];
	int n = snprintf(whole, sizeof(whole), "%s%s%s",
		*text == '@' || *text == '#' ? "name: T\ndevice: T\n" : "",
		*text == '#' ? "controls:\n" : "",
		text + (*text == '@' || *text == '#'));

	assert_true(n >= 0 && (size_t)n < sizeof(whole));
	mapping_free(r->m);
	return mapping_parse(
		&r->m, whole, (size_t)n, "x.yaml", r->params, r->why);
}

static inline void
parse(struct rig *r, const char *text)
{
	int rc = try_text(r, text);

	assert_string_equal(r->why, "");
	assert_int_equal(rc, 0);
	assert_non_null(r->m);
}

static inline void
assert_refused(struct rig *r, const char *text, const char *want)
{
	char line[MAPPING_WHY_MAX];

	assert_int_equal(try_text(r, text), -EINVAL);
	assert_null(r->m);
	snprintf(line, sizeof(line), "x.yaml%s", want);
	assert_string_equal(r->why, line);
}

#endif
