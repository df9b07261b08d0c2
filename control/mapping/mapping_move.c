/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the way of a control becomes the value of a parameter: relative,
 * takeover, range, curve. */
#include <stdio.h>

#include "control/mapping/mapping_own.h"

#define STEP_MIN	 0.0001
#define ACCELERATION_MAX 32.0

const char *
mapping_key(struct mapping_entry *e, const char *key)
{
	snprintf(e->key, sizeof(e->key), "%.40s.%s", e->path, key);
	return e->key;
}

int
mapping_only(struct mapping_entry *e, const char *key, const char *text,
	bool fits, const char *what)
{
	return text && !fits ? yaml_refuse(&e->r->in, mapping_key(e, key),
				       "only for %s", what)
			     : 0;
}

static const char has_steps_what[] =
	"a relative control, an nrpn or rpn, up and down";

static bool
has_steps(const struct mapping_control *c)
{
	return c->coding != MAPPING_ABSOLUTE || c->as == MAPPING_UP ||
	       c->as == MAPPING_DOWN ||
	       (c->as == MAPPING_VALUE && mapping_is_numbered(&c->message));
}

static int
check_coding(struct mapping_entry *e, const struct mapping_control *c)
{
	const struct mapping_message *m = &c->message;
	const char *text = e->y->relative;

	switch (c->coding) {
	case MAPPING_ABSOLUTE:
		return 0;
	case MAPPING_CLICKS:
		return mapping_only(e, "relative", text,
			c->as == MAPPING_VALUE && mapping_is_numbered(m),
			"an nrpn or rpn that is a value");
	case MAPPING_ON_OFF:
		if (c->as == MAPPING_VALUE && m->kind == MIDI_NOTE)
			return 0;
		break;
	default:
		break;
	}
	return mapping_only(e, "relative", text,
		c->as == MAPPING_VALUE && !m->fine &&
			(m->kind == MIDI_CC || mapping_is_numbered(m)),
		c->coding == MAPPING_ON_OFF
			? "a note, cc, nrpn or rpn that is a value"
			: "a cc, nrpn or rpn that is a value");
}

static int
read_relative(struct mapping_entry *e, struct mapping_control *c)
{
	static const char *const words[] = {[MAPPING_ABSOLUTE] = "off",
		[MAPPING_TWOS] = "twos",
		[MAPPING_OFFSET] = "offset",
		[MAPPING_SIGN] = "sign",
		[MAPPING_SIGN_UP] = "sign-up",
		[MAPPING_OFFSET_16] = "offset16",
		[MAPPING_ON_OFF] = "on-off",
		[MAPPING_CLICKS] = "clicks",
		NULL};
	uint32_t word = 0;
	int rc = 0;

	c->step = 1.0 / 127.0;
	c->acceleration = 1.0;
	if (e->y->relative)
		rc = yaml_word(&e->r->in, mapping_key(e, "relative"),
			e->y->relative, words, &word);
	c->coding = (enum mapping_coding)word;
	if (rc == 0)
		rc = check_coding(e, c);
	if (rc == 0)
		rc = mapping_only(
			e, "step", e->y->step, has_steps(c), has_steps_what);
	if (rc == 0)
		rc = mapping_only(e, "acceleration", e->y->acceleration,
			has_steps(c), has_steps_what);
	if (rc == 0 && e->y->step)
		rc = mapping_number(e->r, mapping_key(e, "step"), e->y->step,
			STEP_MIN, 1.0, &c->step);
	if (rc == 0 && e->y->acceleration)
		rc = mapping_number(e->r, mapping_key(e, "acceleration"),
			e->y->acceleration, 1.0, ACCELERATION_MAX,
			&c->acceleration);
	return rc;
}

static const char *const takeover_words[] = {[MAPPING_JUMP] = "jump",
	[MAPPING_PICKUP] = "pickup",
	[MAPPING_SCALE] = "scale",
	NULL};

static int
read_takeover(struct mapping_entry *e, struct mapping_control *c)
{
	uint32_t word = MAPPING_JUMP;
	bool fits = c->as == MAPPING_VALUE && c->coding == MAPPING_ABSOLUTE;
	int rc = mapping_only(e, "takeover", e->y->takeover, fits,
		"an absolute control that is a value");

	if (rc == 0 && fits)
		word = e->r->takeover;
	if (rc == 0 && e->y->takeover)
		rc = yaml_word(&e->r->in, mapping_key(e, "takeover"),
			e->y->takeover, takeover_words, &word);
	c->takeover = (enum mapping_takeover)word;
	return rc;
}

static bool
moves(const struct mapping_control *c)
{
	return c->as == MAPPING_VALUE || c->as == MAPPING_SHOW ||
	       c->as == MAPPING_TOGGLE || c->as == MAPPING_MOMENTARY ||
	       c->as == MAPPING_LATCH || c->as == MAPPING_UP ||
	       c->as == MAPPING_DOWN;
}

/* A toggle has no two ends, and a program's number is the value itself. */
static bool
has_ends(const struct mapping_control *c)
{
	return moves(c) && c->as != MAPPING_TOGGLE && c->as != MAPPING_UP &&
	       c->as != MAPPING_DOWN &&
	       (c->as != MAPPING_VALUE || c->message.kind != MIDI_PROGRAM);
}

static int
read_range(struct mapping_entry *e, struct mapping_control *c)
{
	const struct yaml_control *y = e->y;
	const char *path = mapping_key(e, "range");
	const char *range = marks_find(&e->r->marks, path) ? path : NULL;

	c->range[1] = 1.0;
	if (!range)
		return 0;
	if (!moves(c))
		return mapping_only(e, "range", range, false,
			"value, toggle, momentary, latch, up and down");
	if (y->range_count != 2 || !y->range[0] || !y->range[1] ||
		!mapping_is_number(y->range[0], &c->range[0]) ||
		!mapping_is_number(y->range[1], &c->range[1]) ||
		c->range[0] >= c->range[1])
		return yaml_refuse(&e->r->in, mapping_key(e, "range"),
			"must be two numbers that rise, such as [-60, 0]; "
			"invert: yes turns it round");
	c->has_range = true;
	return 0;
}

/* "0.5, 0.2" */
static bool
read_point(const char *text, double point[2])
{
	char number[2][32];
	int end = 0;

	return sscanf(text, " %31[^, ] , %31[^, ] %n", number[0], number[1],
		       &end) == 2 &&
	       end > 0 && !text[end] &&
	       mapping_is_number(number[0], &point[0]) &&
	       mapping_is_number(number[1], &point[1]);
}

static int
read_points(struct mapping_entry *e, struct mapping_control *c)
{
	const struct yaml_control *y = e->y;
	char path[MARK_PATH_MAX];

	if (y->points_count < 2 || y->points_count > MAPPING_POINTS_MAX)
		return yaml_refuse(&e->r->in, mapping_key(e, "curve"),
			"needs 2 to %d points", MAPPING_POINTS_MAX);
	for (uint32_t i = 0; i < y->points_count; i++) {
		double *p = c->point[i];
		bool last = i + 1 == y->points_count;

		snprintf(path, sizeof(path), "%.40s.curve[%u]", e->path, i);
		if (!read_point(y->points[i], p) ||
			(i == 0 && (p[0] != 0.0 || p[1] != 0.0)) ||
			(last && (p[0] != 1.0 || p[1] != 1.0)) ||
			(i > 0 && (p[0] <= p[-2] || p[1] < p[-1])))
			return yaml_refuse(&e->r->in, path,
				"must be a point such as [0.5, 0.2]; points "
				"rise from [0, 0] to [1, 1]");
	}
	c->points = (uint8_t)y->points_count;
	c->curve = MAPPING_POINTS;
	return 0;
}

static int
read_curve(struct mapping_entry *e, struct mapping_control *c)
{
	static const char *const words[] = {
		[MAPPING_LINEAR] = "linear", [MAPPING_AUDIO] = "audio", NULL};
	const struct yaml_control *y = e->y;
	bool fits = c->as == MAPPING_VALUE || c->as == MAPPING_SHOW;
	uint32_t word = MAPPING_LINEAR;
	int rc = mapping_only(e, "curve", y->curve, fits, "a value");

	if (rc == 0 && y->points_count && !fits)
		rc = mapping_only(e, "curve", "", fits, "a value");
	if (rc == 0 && y->curve)
		rc = yaml_word(&e->r->in, mapping_key(e, "curve"), y->curve,
			words, &word);
	c->curve = (enum mapping_curve)word;
	if (rc == 0 && y->points_count)
		rc = read_points(e, c);
	if (rc == 0)
		rc = mapping_only(e, "invert", y->invert, has_ends(c),
			"momentary and latch, and for a value that is no "
			"program");
	if (rc == 0 && y->invert)
		rc = mapping_truth(
			e->r, mapping_key(e, "invert"), y->invert, &c->invert);
	return rc;
}

int
mapping_move(struct mapping_entry *e, struct mapping_control *c)
{
	int rc = read_relative(e, c);

	if (rc == 0)
		rc = read_takeover(e, c);
	if (rc == 0)
		rc = read_range(e, c);
	return rc < 0 ? rc : read_curve(e, c);
}
