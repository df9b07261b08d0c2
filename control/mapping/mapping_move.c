/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the way of a control becomes the value of a parameter: relative,
 * takeover, range, curve. */
#include <stdio.h>

#include "control/mapping/mapping_move.h"
#include "control/mapping/mapping_words.h"
#include "control/yaml/tree_value.h"

#define STEP_MIN	 0.0001
#define ACCELERATION_MAX 32.0

const char *const mapping_takeovers[] = {[MAPPING_JUMP] = "jump",
	[MAPPING_PICKUP] = "pickup",
	[MAPPING_SCALE] = "scale",
	NULL};

int
mapping_only(const struct mapping_entry *e, const struct tree_node *key,
	bool fits, const char *what)
{
	return key && !fits ? tree_refuse(e->t, key, "only for %s", what) : 0;
}

static const char has_steps_what[] =
	"a relative control, an nrpn or rpn, up and down";

static bool
has_steps(const struct mapping_control *c)
{
	return c->coding != ENCODING_ABSOLUTE || c->as == MAPPING_UP ||
	       c->as == MAPPING_DOWN ||
	       (c->as == MAPPING_VALUE && midi_is_entry(c->message.kind));
}

static int
check_coding(const struct mapping_entry *e, const struct mapping_control *c)
{
	const struct mapping_message *m = &c->message;
	const struct tree_node *key = e->y.relative;

	switch (c->coding) {
	case ENCODING_ABSOLUTE:
		return 0;
	case ENCODING_CLICKS:
		return mapping_only(e, key,
			c->as == MAPPING_VALUE && midi_is_entry(m->kind),
			"an nrpn or rpn that is a value");
	case ENCODING_ON_OFF:
		if (c->as == MAPPING_VALUE && m->kind == MIDI_NOTE)
			return 0;
		break;
	default:
		break;
	}
	return mapping_only(e, key,
		c->as == MAPPING_VALUE && !m->fine &&
			(m->kind == MIDI_CC || midi_is_entry(m->kind)),
		c->coding == ENCODING_ON_OFF
			? "a note, cc, nrpn or rpn that is a value"
			: "a cc, nrpn or rpn that is a value");
}

static int
read_relative(const struct mapping_entry *e, struct mapping_control *c)
{
	const struct mapping_control_keys *y = &e->y;
	uint32_t word = 0;
	int rc = tree_word(e->t, y->relative, encoding_words, &word);

	c->step = 1.0 / 127.0;
	c->acceleration = 1.0;
	c->coding = (enum encoding)word;
	if (rc == 0)
		rc = check_coding(e, c);
	if (rc == 0)
		rc = mapping_only(e, y->step, has_steps(c), has_steps_what);
	if (rc == 0)
		rc = mapping_only(
			e, y->acceleration, has_steps(c), has_steps_what);
	if (rc == 0)
		rc = tree_number(e->t, y->step, STEP_MIN, 1.0, &c->step);
	if (rc == 0)
		rc = tree_number(e->t, y->acceleration, 1.0, ACCELERATION_MAX,
			&c->acceleration);
	return rc;
}

static int
read_takeover(const struct mapping_entry *e, struct mapping_control *c)
{
	bool fits = c->as == MAPPING_VALUE && c->coding == ENCODING_ABSOLUTE;
	uint32_t word = fits ? e->r->takeover : MAPPING_JUMP;
	int rc = mapping_only(
		e, e->y.takeover, fits, "an absolute control that is a value");

	if (rc == 0)
		rc = tree_word(e->t, e->y.takeover, mapping_takeovers, &word);
	c->takeover = (enum mapping_takeover)word;
	return rc;
}

static int
read_quantise(const struct mapping_entry *e, struct mapping_control *c)
{
	uint32_t word = 0;
	int rc =
		mapping_only(e, e->y.quantise, mapping_takes(c->as, TAKES_WHEN),
			"toggle, latch, up, down, step, cycle, set, radio and "
			"velocity");

	if (rc == 0)
		rc = tree_word(e->t, e->y.quantise, param_when_words, &word);
	if (e->y.quantise)
		c->quantise = (enum param_when)(PARAM_AT_ONCE + word);
	return rc;
}

/* Along the whole of it. */
static bool
has_way(const struct mapping_control *c)
{
	return c->as == MAPPING_VALUE || c->as == MAPPING_VELOCITY ||
	       c->as == MAPPING_SHOW;
}

/* A program's number is the value itself. */
static bool
has_ends(const struct mapping_control *c)
{
	return c->as == MAPPING_MOMENTARY || c->as == MAPPING_LATCH ||
	       (has_way(c) && (c->as != MAPPING_VALUE ||
				      c->message.kind != MIDI_PROGRAM));
}

/* [0.5, 0.2] */
static bool
read_pair(const struct tree_node *list, double pair[2])
{
	const struct tree_node *i = tree_first(list);

	return tree_count(list) == 2 && mapping_is_number(i->text, &pair[0]) &&
	       mapping_is_number(i->end->text, &pair[1]);
}

/* A pair, or "0.5, 0.2" */
static bool
read_point(const struct tree_node *node, double point[2])
{
	char number[2][32];
	int end = 0;

	if (node->kind == TREE_LIST)
		return read_pair(node, point);
	return sscanf(node->text, " %31[^, ] , %31[^, ] %n", number[0],
		       number[1], &end) == 2 &&
	       end > 0 && !node->text[end] &&
	       mapping_is_number(number[0], &point[0]) &&
	       mapping_is_number(number[1], &point[1]);
}

static int
read_range(const struct mapping_entry *e, struct mapping_control *c)
{
	const struct tree_node *range = e->y.range;

	c->range[1] = 1.0;
	if (!range)
		return 0;
	if (!mapping_takes(c->as, TAKES_RANGE))
		return mapping_only(e, range, false,
			"value, velocity, toggle, momentary, latch, up, down, "
			"step and cycle");
	if (!read_pair(range, c->range) || c->range[0] >= c->range[1])
		return tree_refuse(e->t, range,
			"must be two numbers that rise, such as [-60, 0]; "
			"invert: yes turns it round");
	c->has_range = true;
	return 0;
}

static int
read_points(const struct mapping_entry *e, struct mapping_control *c)
{
	const struct tree_node *list = e->y.curve, *i = tree_first(list);
	uint32_t count = tree_count(list);

	if (count < 2 || count > CURVE_POINTS_MAX)
		return tree_refuse(
			e->t, list, "needs 2 to %d points", CURVE_POINTS_MAX);
	for (uint32_t n = 0; i; n++, i = tree_next(list, i)) {
		double *p = c->point[n];
		bool last = n + 1 == count;

		if (!read_point(i, p) ||
			(n == 0 && (p[0] != 0.0 || p[1] != 0.0)) ||
			(last && (p[0] != 1.0 || p[1] != 1.0)) ||
			(n > 0 && (p[0] <= p[-2] || p[1] < p[-1])))
			return tree_refuse(e->t, i,
				"must be a point such as [0.5, 0.2]; points "
				"rise from [0, 0] to [1, 1]");
	}
	c->points = (uint8_t)count;
	c->curve = CURVE_POINTS;
	return 0;
}

static int
read_curve(const struct mapping_entry *e, struct mapping_control *c)
{
	static const char *const words[] = {
		[CURVE_LINEAR] = "linear", [CURVE_AUDIO] = "audio", NULL};
	const struct tree_node *curve = e->y.curve;
	bool points = curve && curve->kind == TREE_LIST;
	uint32_t word = CURVE_LINEAR;
	int rc = mapping_only(e, curve, has_way(c), "a value and a velocity");

	if (rc == 0 && !points)
		rc = tree_word(e->t, curve, words, &word);
	c->curve = (enum curve_shape)word;
	if (rc == 0 && points)
		rc = read_points(e, c);
	if (rc == 0)
		rc = mapping_only(e, e->y.invert, has_ends(c),
			"momentary, latch and velocity, and for a value that "
			"is no program");
	return rc < 0 ? rc : tree_truth(e->t, e->y.invert, &c->invert);
}

int
mapping_move(const struct mapping_entry *e, struct mapping_control *c)
{
	int rc = read_relative(e, c);

	if (rc == 0)
		rc = read_takeover(e, c);
	if (rc == 0)
		rc = read_quantise(e, c);
	if (rc == 0)
		rc = read_range(e, c);
	return rc < 0 ? rc : read_curve(e, c);
}
