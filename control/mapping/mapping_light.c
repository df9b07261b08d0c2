/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "control/mapping/mapping_light.h"
#include "control/mapping/mapping_meter.h"
#include "control/mapping/mapping_target.h"
#include "control/mapping/mapping_words.h"
#include "control/yaml/tree_value.h"

#define BYTE_MAX 127

static bool
is_button(enum mapping_as as)
{
	return as != MAPPING_VALUE && as != MAPPING_SHOW;
}

static enum mapping_light
kind_of(const struct mapping_control_keys *y, const struct mapping_control *c)
{
	for (uint32_t i = 0; i < c->light.message.slots; i++)
		if (c->light.message.slot[i].length)
			return MAPPING_LIGHT_TEXT;
	if (c->light.message.meter)
		return MAPPING_LIGHT_METER;
	if (y->ring)
		return MAPPING_LIGHT_RING;
	if (is_button(c->as) || y->above || y->lit || y->dark ||
		tree_first(y->colors))
		return MAPPING_LIGHT_LAMP;
	return MAPPING_LIGHT_WAY;
}

static int
check_kind(const struct mapping_entry *e, const struct mapping_control *c)
{
	const struct tree_node *light = e->y.light;
	const struct mapping_message *m = &c->light.message;

	switch (m->kind) {
	case MIDI_SYSEX:
		if (m->slots)
			break;
		return tree_refuse(e->t, light,
			"needs vv where the value goes, or t7 for a text of 7");
	case MIDI_BEND:
		if (c->light.kind == MAPPING_LIGHT_WAY)
			break;
		return tree_refuse(e->t, light, "bend cannot be a lamp");
	case MIDI_NOTE:
	case MIDI_POLY_PRESSURE:
	case MIDI_CC:
	case MIDI_CHANNEL_PRESSURE:
	case MIDI_RPN:
	case MIDI_NRPN:
		break;
	default:
		return tree_refuse(e->t, light,
			"must be note, cc, cc14, bend, nrpn, rpn, pressure, "
			"poly or sysex");
	}
	if (m->fine && c->light.kind != MAPPING_LIGHT_WAY)
		return tree_refuse(e->t, light, "cc14 cannot be a lamp");
	if (c->light.kind == MAPPING_LIGHT_RING && m->kind != MIDI_CC)
		return tree_refuse(e->t, light, "a ring is a cc");
	if (c->light.kind == MAPPING_LIGHT_TEXT && is_button(c->as))
		return tree_refuse(e->t, light, "a button cannot be a text");
	return 0;
}

/* "5"; "+36": 127, to the message of the number that is so much higher. */
static int
read_sent(const struct tree *t, const struct tree_node *node, const char *text,
	const struct mapping_message *m, uint16_t *out)
{
	bool add = *text == '+';
	uint32_t value = 0, most = mapping_last(m);
	int rc;

	if (add && (m->fine || (m->kind != MIDI_NOTE && m->kind != MIDI_CC)))
		return tree_refuse(
			t, node, "\"%.40s\" is for a note or a cc", text);
	if (add)
		most -= m->number;
	rc = mapping_whole(t, node, text + add, 0, most, &value);
	*out = (uint16_t)(add ? value << 7 | BYTE_MAX : value);
	return rc;
}

/* "main 21", "1 5": the parameter's value, then what is sent. */
static int
read_color(const struct mapping_entry *e, const struct tree_node *node,
	struct mapping_control *c)
{
	struct mapping_color *color = &c->light.color[c->light.colors];
	const char *text = node->text, *space = strrchr(text, ' ');
	struct param_value value;
	char word[PARAM_TEXT_MAX];
	int rc;

	if (c->light.colors == MAPPING_COLORS_MAX)
		return tree_refuse(
			e->t, node, "more than %d colors", MAPPING_COLORS_MAX);
	if (!space || space == text ||
		(size_t)(space - text) >= sizeof(color->choice))
		return tree_refuse(e->t, node,
			"\"%.40s\" must be a value of the parameter, a blank "
			"and a number from 0 to %u",
			text, mapping_last(&c->light.message));
	snprintf(word, sizeof(word), "%.*s", (int)(space - text), text);
	rc = mapping_value(e, node, word, c, &value);
	if (rc == 0)
		rc = read_sent(
			e->t, node, space + 1, &c->light.message, &color->send);
	if (rc < 0)
		return rc;
	if (value.type == PARAM_TEXT)
		snprintf(color->choice, sizeof(color->choice), "%.31s", word);
	else
		color->number = value.f;
	c->light.colors++;
	return 0;
}

static int
read_colors(const struct mapping_entry *e, struct mapping_control *c)
{
	const struct tree_node *list = e->y.colors, *i = tree_first(list);
	int rc = 0;

	if (c->meter) /* it has levels */
		return 0;
	if (i && c->targets == 0)
		return tree_refuse(e->t, list, "for a control with a target");
	for (; rc == 0 && i; i = tree_next(list, i))
		rc = read_color(e, i, c);
	return rc;
}

static int
read_ring(const struct mapping_entry *e, struct mapping_control *c)
{
	static const char *const rings[] = {
		"single", "boost", "wrap", "spread", NULL};
	const struct mapping_control_keys *y = &e->y;
	uint32_t ring = 0;
	int rc = tree_word(e->t, y->ring, rings, &ring);

	c->light.ring = (enum mapping_ring)ring;
	if (rc == 0 && y->ring && is_button(c->as))
		return tree_refuse(e->t, y->ring, "a button has no ring");
	if (rc == 0 && y->ring && (y->lit || y->dark || tree_first(y->colors)))
		return tree_refuse(
			e->t, y->ring, "either ring, or lit, dark and colors");
	return rc;
}

/* Where nothing is shown. */
static int
check_dark(const struct mapping_entry *e)
{
	const struct tree_node *key = mapping_light_key(&e->y);

	return key ? tree_refuse(e->t, key, "needs light: a message, or same")
		   : 0;
}

int
mapping_light(const struct mapping_entry *e, struct mapping_control *c)
{
	const struct mapping_control_keys *y = &e->y;
	const struct mapping_row *row = &e->light;
	const struct mapping_message *m = &c->light.message;
	int rc;

	if (!y->light || !strcmp(y->light->text, "off"))
		return check_dark(e);
	c->light.message = !strcmp(y->light->text, "same")
				   ? c->message
				   : *mapping_row_at(row, e->index);
	c->light.kind = kind_of(y, c);
	rc = check_kind(e, c);
	if (rc == 0)
		rc = mapping_meter_light(e, c);
	if (rc == 0)
		rc = read_ring(e, c);
	c->light.lit = mapping_last(m);
	if (rc == 0 && y->lit)
		rc = read_sent(e->t, y->lit, y->lit->text, m, &c->light.lit);
	if (rc == 0 && y->dark)
		rc = read_sent(e->t, y->dark, y->dark->text, m, &c->light.dark);
	return rc < 0 ? rc : read_colors(e, c);
}
