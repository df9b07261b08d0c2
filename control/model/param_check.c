/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes from outside, made a value of a parameter or refused in words. */
#include "control/model/param.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "control/util/name.h"
#include "control/util/text.h"
#include "control/model/params.h"

#define SHOWN_MAX 40 /* bytes of a bad value that are repeated */

struct check {
	const struct params *params;
	uint32_t id;
	const struct row *row;
	const struct param_value *from;
	struct param_value *out;
	char *why; /* [PARAM_WHY_MAX] */
};

/* The value as it came, for people. */
static void
value_show(const struct param_value *v, char out[SHOWN_MAX + 3])
{
	char text[PARAM_TEXT_MAX + 1], clean[SHOWN_MAX];

	if (v->type == PARAM_INT) {
		snprintf(out, SHOWN_MAX, "%lld", (long long)v->i);
	} else if (v->type == PARAM_FLOAT) {
		snprintf(out, SHOWN_MAX, "%.9g", v->f);
	} else {
		memcpy(text, v->s, PARAM_TEXT_MAX);
		text[PARAM_TEXT_MAX] = '\0';
		name_clean(clean, sizeof(clean), text);
		snprintf(out, SHOWN_MAX + 3, "\"%s\"", clean);
	}
}

/* What is allowed. */
static void
allowed_show(const struct param_info *info, char out[PARAM_WHY_MAX])
{
	if (info->read_only) {
		snprintf(out, PARAM_WHY_MAX, "it tells %s", info->help);
	} else if (info->choices > 0) {
		out[0] = '\0';
		for (uint32_t i = 0; i < info->choices; i++)
			text_add(out, PARAM_WHY_MAX, "%s %s",
				i ? "," : "one of", info->choice[i]);
	} else if (info->type == PARAM_TEXT) {
		snprintf(out, PARAM_WHY_MAX,
			"UTF-8 text without control characters, at most %d "
			"bytes",
			PARAM_TEXT_MAX - 1);
	} else if (info->type == PARAM_INT && info->max - info->min == 1.0) {
		snprintf(out, PARAM_WHY_MAX, "%g or %g", info->min, info->max);
	} else {
		snprintf(out, PARAM_WHY_MAX, "a number from %g to %g%s%s",
			info->min, info->max, info->unit[0] ? " " : "",
			info->unit);
	}
}

/* ADDRESS: BEFORE VALUE AFTER; what is allowed */
static int
refuse(const struct check *k, int error, const char *before, const char *after)
{
	char shown[SHOWN_MAX + 3], allowed[PARAM_WHY_MAX];
	char line[2 * PARAM_WHY_MAX + PARAM_ADDRESS_MAX];
	struct param_info info;

	param_info(k->params, k->id, &info);
	value_show(k->from, shown);
	allowed_show(&info, allowed);
	snprintf(line, sizeof(line), "%s: %s%s%s; %s", info.address, before,
		shown, after, allowed);
	name_copy(k->why, PARAM_WHY_MAX, line);
	return error;
}

bool
param_number(const struct param_value *v, double *out)
{
	char text[PARAM_TEXT_MAX + 1] = "", *end;

	if (v->type != PARAM_TEXT) {
		*out = v->type == PARAM_INT ? (double)v->i : v->f;
		return !isnan(*out);
	}
	memcpy(text, v->s, strnlen(v->s, PARAM_TEXT_MAX));
	if (!strcasecmp(text, "true") || !strcasecmp(text, "false")) {
		*out = tolower((unsigned char)text[0]) == 't';
		return true;
	}
	*out = strtod(text, &end);
	return end != text && !*end && isfinite(*out);
}

static int
check_number(const struct check *k)
{
	const struct span span = params_span(k->params, k->id);
	double value;

	if (!param_number(k->from, &value))
		return refuse(k, -EINVAL, "", " is not a number");
	if (value < span.min)
		value = span.min;
	if (value > span.max)
		value = span.max;
	k->out->type = span.type;
	if (span.type == PARAM_INT)
		k->out->i = (int64_t)llround(value);
	else
		k->out->f = (float)value;
	return 0;
}

/* By name, or by index as a controller sends it: also 1.0. -1: no such one */
static int
choice_find(const char *const *choice, uint32_t choices,
	const struct param_value *from)
{
	double index;

	for (uint32_t i = 0; from->type == PARAM_TEXT && i < choices; i++) {
		if (!strncmp(choice[i], from->s, PARAM_TEXT_MAX))
			return (int)i;
	}
	if (!param_number(from, &index))
		return -1;
	index = round(index);
	return index >= 0.0 && index < choices ? (int)index : -1;
}

static int
check_choice(const struct check *k)
{
	const char *choice[PARAM_CHOICES_MAX];
	uint32_t choices = row_choices(k->params->model, k->row, choice);
	int i = choice_find(choice, choices, k->from);
	char no[PARAM_ADDRESS_MAX];
	const char *name;

	if (i < 0) {
		name = k->row->name;
		if (k->row->scope == ROW_OF_ALL && strchr(name, '/'))
			name = strchr(name, '/') + 1;
		snprintf(no, sizeof(no), "no %.*s ", (int)strcspn(name, "/"),
			name);
		return refuse(k, -EINVAL, no, "");
	}
	k->out->type = k->row->type;
	if (k->row->type == PARAM_INT)
		k->out->i = i;
	else
		name_copy(k->out->s, sizeof(k->out->s), choice[i]);
	return 0;
}

static int
check_text(const struct check *k)
{
	const char *s = k->from->s;

	if (k->from->type != PARAM_TEXT)
		return refuse(k, -EINVAL, "", " is not text");
	if (!memchr(s, '\0', PARAM_TEXT_MAX))
		return refuse(k, -ERANGE, "", " is too long");
	if (!name_is_utf8(s))
		return refuse(k, -EINVAL, "", " is not UTF-8");
	if (!name_is_printable(s))
		return refuse(k, -EINVAL, "", " has control characters");
	k->out->type = PARAM_TEXT;
	memmove(k->out->s, s, strlen(s) + 1);
	return 0;
}

int
param_check(const struct params *p, uint32_t id, const struct param_value *from,
	struct param_value *out, char *why)
{
	const struct row *row = params_row(p, id, NULL);
	struct check k = {p, id, row, from, out, why};

	why[0] = '\0';
	if (param_is_action(p, id))
		return check_number(&k);
	if (row->read_only)
		return refuse(&k, -EPERM, "read-only, ", " is not taken");
	if (row_has_choices(row))
		return check_choice(&k);
	return row->type == PARAM_TEXT ? check_text(&k) : check_number(&k);
}
