/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One entry of `controls:` becomes a row of controls. */
#include <inttypes.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/mapping/mapping_control.h"
#include "control/mapping/mapping_light.h"
#include "control/mapping/mapping_message.h"
#include "control/mapping/mapping_meter.h"
#include "control/mapping/mapping_move.h"
#include "control/mapping/mapping_target.h"
#include "control/mapping/mapping_words.h"
#include "control/util/check.h"
#include "control/yaml/tree_value.h"

static const char *const as_words[] = {
	[MAPPING_VALUE] = "value",
	[MAPPING_TOGGLE] = "toggle",
	[MAPPING_MOMENTARY] = "momentary",
	[MAPPING_LATCH] = "latch",
	[MAPPING_UP] = "up",
	[MAPPING_DOWN] = "down",
	[MAPPING_SET] = "set",
	[MAPPING_RADIO] = "radio",
	[MAPPING_SHIFT] = "shift",
	[MAPPING_LAYER] = "layer",
	[MAPPING_BANK_LEFT] = "bank-left",
	[MAPPING_BANK_RIGHT] = "bank-right",
	[MAPPING_REPAINT] = "repaint",
	NULL,
};

static bool
takes_layer(enum mapping_as as)
{
	return as == MAPPING_SHIFT || as == MAPPING_LAYER;
}

static bool
takes_bank(enum mapping_as as)
{
	return as == MAPPING_BANK_LEFT || as == MAPPING_BANK_RIGHT;
}

static bool
takes_value(enum mapping_as as)
{
	return as == MAPPING_SET || as == MAPPING_RADIO;
}

/* ---- as ---- */

/* "shift fx": the word, and what stands behind it or NULL. */
static void
split_as(const char *text, char *word, size_t size_bytes, const char **rest)
{
	size_t length = strcspn(text, " ");

	if (length >= size_bytes)
		length = size_bytes - 1;
	memcpy(word, text, length);
	word[length] = '\0';
	*rest = text + length + strspn(text + length, " ");
	if (!**rest)
		*rest = NULL;
}

/* What it is when the file does not say. */
static enum mapping_as
as_otherwise(const struct mapping_entry *e, const struct mapping_message *m)
{
	if (!e->y.on)
		return MAPPING_SHOW;
	if (e->y.value)
		return MAPPING_SET;
	if (e->y.relative)
		return MAPPING_VALUE;
	switch (m->kind) {
	case MIDI_NOTE:
	case MIDI_START:
	case MIDI_CONTINUE:
	case MIDI_STOP:
	case MIDI_SYSEX:
		return MAPPING_TOGGLE;
	case MIDI_PROGRAM:
		return m->number == MAPPING_NUMBER_ANY ? MAPPING_VALUE
						       : MAPPING_TOGGLE;
	default:
		return MAPPING_VALUE;
	}
}

static int
read_layer_name(const struct mapping_entry *e, const struct tree_node *node,
	const char *name, uint8_t *out)
{
	const struct mapping *m = e->r->to;

	for (uint32_t i = 1; i < m->layers; i++) {
		if (!strcmp(m->layer[i], name)) {
			*out = (uint8_t)i;
			return 0;
		}
	}
	return tree_refuse(e->t, node,
		"no control is \"as: shift %.31s\" or \"as: layer %.31s\"",
		name, name);
}

static int
read_as(const struct mapping_entry *e, struct mapping_control *c)
{
	const struct tree_node *node = e->y.as;
	char word[MAPPING_WORD_MAX], why[CHECK_WHY_MAX];
	const char *rest = NULL;
	uint32_t as = 0, strips = e->r->to->bank;
	int rc = 0;

	c->as = as_otherwise(e, &c->message);
	if (!node)
		return 0;
	split_as(node->text, word, sizeof(word), &rest);
	if (check_word(word, as_words, &as, why) < 0)
		return tree_refuse_value(e->t, node, word, why);
	c->as = (enum mapping_as)as;
	if (!e->y.on)
		return tree_refuse(
			e->t, node, "needs on: without it, it is only shown");
	if (takes_layer(c->as))
		return rest ? read_layer_name(e, node, rest, &c->to_layer)
			    : tree_refuse(e->t, node,
				      "needs the layer's name: \"as: %s fx\"",
				      word);
	if (takes_bank(c->as) && !e->r->to->bank)
		return tree_refuse(e->t, node, "needs bank: at the top");
	if (takes_bank(c->as) && rest)
		rc = mapping_whole(e->t, node, rest, 1, 64, &strips);
	else if (rest)
		return tree_refuse(
			e->t, node, "nothing goes behind \"%s\"", word);
	c->strips = takes_bank(c->as) ? (uint8_t)strips : 0;
	return rc;
}

/* Which messages can do it. */
static int
check_as(const struct mapping_entry *e, const struct mapping_control *c)
{
	const struct mapping_message *m = &c->message;
	bool press = m->kind == MIDI_NOTE || (m->kind == MIDI_CC && !m->fine) ||
		     mapping_is_numbered(m);
	bool once =
		m->kind == MIDI_START || m->kind == MIDI_CONTINUE ||
		m->kind == MIDI_STOP || m->kind == MIDI_SYSEX ||
		(m->kind == MIDI_PROGRAM && m->number != MAPPING_NUMBER_ANY);
	const struct tree_node *node = e->y.as ? e->y.as : e->y.on;

	if (c->as == MAPPING_SHOW)
		return 0;
	if (m->slots || m->meter)
		return tree_refuse(e->t, e->y.on,
			m->meter ? "meter is for a light"
				 : "vv and t are for a light");
	if (c->as == MAPPING_VALUE &&
		(once || (m->kind == MIDI_NOTE && !e->y.relative)))
		return tree_refuse(
			e->t, node, "a button has no value; as: toggle");
	if ((c->as == MAPPING_MOMENTARY || c->as == MAPPING_LATCH ||
		    c->as == MAPPING_SHIFT) &&
		!press)
		return tree_refuse(e->t, node,
			"needs a button that tells its release: note, cc, nrpn "
			"or rpn");
	if (c->as != MAPPING_VALUE && !press && !once)
		return tree_refuse(e->t, node,
			"a button is note, cc, nrpn, rpn, program N, start, "
			"continue, stop or sysex");
	return 0;
}

/* ---- an entry ---- */

static int
read_what(const struct mapping_entry *e, struct mapping_control *c)
{
	int rc = read_as(e, c);

	if (rc == 0)
		rc = check_as(e, c);
	if (rc == 0)
		rc = mapping_move(e, c);
	if (rc == 0 && e->y.layer)
		rc = read_layer_name(
			e, e->y.layer, e->y.layer->text, &c->layer);
	return rc;
}

static int
read_to(const struct mapping_entry *e, uint32_t index,
	struct mapping_control *c)
{
	bool none = takes_layer(c->as) || takes_bank(c->as) ||
		    c->as == MAPPING_REPAINT;
	const struct tree_node *to = e->y.meter ? e->y.meter : e->y.to;
	int rc;

	if (none && to)
		return tree_refuse(
			e->t, to, "\"as: %s\" has no target", as_words[c->as]);
	if (!none && !to)
		return tree_refuse(e->t, e->node,
			"needs to: an address such as /strip/1/fader");
	rc = mapping_targets(e, index, c);
	return rc == 0 && e->y.meter ? mapping_meter_target(e, index, c) : rc;
}

static int
read_value(const struct mapping_entry *e, uint32_t index,
	struct mapping_control *c)
{
	char text[MAPPING_LINE_MAX];
	const struct tree_node *value = e->y.value;
	int rc;

	if (!takes_value(c->as))
		return mapping_only(e, value, false, "as: set and radio");
	if (!value)
		return tree_refuse(e->t, e->node,
			"\"as: %s\" needs a value:", as_words[c->as]);
	rc = mapping_expand(
		e->t, value, index, e->on.count, text, sizeof(text));
	return rc < 0 ? rc : mapping_value(e, value, text, c, &c->value);
}

static int
read_touch(const struct mapping_entry *e, uint32_t index,
	struct mapping_control *c)
{
	const struct mapping_row *row = &e->touch;

	if (!e->y.touch)
		return 0;
	if (c->as != MAPPING_VALUE)
		return mapping_only(e, e->y.touch, false, "a value");
	c->touch = row->message[row->count > 1 ? index : 0];
	c->has_touch = true;
	if (c->touch.kind != MIDI_NOTE)
		return tree_refuse(e->t, e->y.touch, "must be a note");
	return 0;
}

/* The controller that both have a half of. */
static uint32_t
shared_number(const struct mapping_message *m, const struct mapping_message *o)
{
	if (m->number == o->number || (o->fine && m->number == o->low))
		return m->number;
	return m->low;
}

/* Why two of different names are one, "" where that is plain. */
static const char *
reason(const struct mapping_message *m, const struct mapping_message *o,
	char *out, size_t size_bytes)
{
	bool same = m->number == o->number && m->fine == o->fine;

	out[0] = '\0';
	if (mapping_is_entry(m, o))
		return ": an rpn or nrpn is sent as cc 6, 38 and 96 to 101";
	if (same || (!m->fine && !o->fine))
		return out;
	if (m->fine && o->number == m->low && !o->fine)
		snprintf(out, size_bytes, ": cc %u is its lower half", m->low);
	else if (o->fine && m->number == o->low && !m->fine)
		snprintf(out, size_bytes,
			": cc %u is the lower half of cc14 %u", o->low,
			o->number);
	else
		snprintf(out, size_bytes, ": both have cc %" PRIu32,
			shared_number(m, o));
	return out;
}

/* What another control of the layer has already. Of an rpn and its controllers
 * each would be in force, whatever their layers. */
static int
check_twice(const struct mapping_entry *e, const struct tree_node *key,
	const struct mapping_control *c, const struct mapping_message *m)
{
	const struct mapping *to = e->r->to;
	char text[64], why[64];

	for (uint32_t i = 0; i < to->controls; i++) {
		const struct mapping_control *o = &to->control[i];
		bool entry = mapping_is_entry(m, &o->message);

		if (!o->has_message || (o->layer != c->layer && !entry))
			continue;
		if (!mapping_message_meets(m, &o->message) &&
			(!o->has_touch || !mapping_message_meets(m, &o->touch)))
			continue;
		mapping_message_text(m, text, sizeof(text));
		return tree_refuse(e->t, key,
			"%s has a control already, on line %u%s", text, o->line,
			reason(m, &o->message, why, sizeof(why)));
	}
	return 0;
}

static int
read_one(const struct mapping_entry *e, uint32_t index,
	struct mapping_control *c)
{
	int rc;

	c->line = e->node->at.line;
	c->has_message = e->y.on;
	c->meter = e->y.meter;
	c->message = e->on.message[index];
	if (!c->has_message)
		memset(&c->message, 0, sizeof(c->message));
	rc = read_what(e, c);
	if (rc == 0)
		rc = read_to(e, index, c);
	if (rc == 0)
		rc = read_value(e, index, c);
	if (rc == 0)
		rc = mapping_targets_fit(e, c);
	if (rc == 0)
		rc = mapping_light(e, index, c);
	if (rc == 0)
		rc = read_touch(e, index, c);
	if (rc == 0 && c->has_message)
		rc = check_twice(e, e->y.on, c, &c->message);
	if (rc == 0 && c->has_touch)
		rc = check_twice(e, e->y.touch, c, &c->touch);
	return rc;
}

/* The messages of `light` and `touch` go along with those of `on`. */
static int
check_row(const struct mapping_entry *e, const struct tree_node *key,
	const struct mapping_row *row)
{
	if (row->count == 1 || row->count == e->on.count)
		return 0;
	return tree_refuse(e->t, key,
		"a row of %u, and the control is a row of %u", row->count,
		e->on.count);
}

static int
read_rows(struct mapping_entry *e)
{
	const struct mapping_control_keys *y = &e->y;
	uint8_t channel = e->r->channel;
	bool light = y->light && strcmp(y->light->text, "same") != 0 &&
		     strcmp(y->light->text, "off") != 0;
	int rc = 0;

	e->on.count = e->light.count = e->touch.count = 1;
	if (y->meter && (y->on || y->to))
		return tree_refuse(e->t, y->meter,
			"is only shown; on and to do not go with it");
	if (y->meter && !light)
		return tree_refuse(e->t, e->node,
			"needs light: where it is shown, such as meter 0-7");
	if (!y->on && !light)
		return tree_refuse(e->t, e->node,
			"needs on: a message of the device, such as cc 0-7");
	if (y->on)
		rc = mapping_messages(e->t, y->on, channel, &e->on);
	if (rc == 0 && light)
		rc = mapping_messages(e->t, y->light, channel, &e->light);
	if (rc == 0 && y->touch)
		rc = mapping_messages(e->t, y->touch, channel, &e->touch);
	if (rc == 0 && y->on)
		rc = check_row(e, y->light, &e->light);
	return rc < 0 ? rc : check_row(e, y->touch, &e->touch);
}

static int
read_entry(struct mapping_entry *e)
{
	struct mapping *to = e->r->to;
	uint32_t count;
	int rc = read_rows(e);

	count = e->y.on ? e->on.count : e->light.count;
	if (rc == 0 && to->controls + count > MAPPING_CONTROLS_MAX)
		return tree_refuse(e->t, e->node, "more than %d controls",
			MAPPING_CONTROLS_MAX);
	for (uint32_t i = 0; rc == 0 && i < count; i++) {
		struct mapping_control *c = &to->control[to->controls];

		memset(c, 0, sizeof(*c));
		rc = read_one(e, i, c);
		to->controls++;
	}
	return rc;
}

int
mapping_controls(const struct mapping_reading *r)
{
	const struct tree_node *list = r->top.controls, *i = tree_first(list);
	struct mapping_entry *e;
	int rc = 0;

	if (!list)
		return tree_refuse(
			r->tree, r->tree->node, "controls: there must be some");
	if (!i)
		return tree_refuse(r->tree, list, "there must be some");
	e = malloc(sizeof(*e));
	if (!e)
		return -ENOMEM;
	for (; rc == 0 && i; i = tree_next(list, i)) {
		*e = (struct mapping_entry){.r = r, .t = r->tree, .node = i};
		keys_find(i, mapping_control_table, &e->y, sizeof(e->y));
		rc = read_entry(e);
	}
	free(e);
	return rc;
}

/* ---- layers ---- */

static int
add_layer(const struct tree *t, const struct tree_node *as, const char *name,
	struct mapping *m)
{
	for (uint32_t i = 1; i < m->layers; i++) {
		if (!strcmp(m->layer[i], name))
			return 0;
	}
	if (m->layers == MAPPING_LAYERS_MAX)
		return tree_refuse(
			t, as, "more than %d layers", MAPPING_LAYERS_MAX - 1);
	return mapping_text(
		t, as, name, m->layer[m->layers++], MAPPING_WORD_MAX);
}

/* Layers are those that a control switches to; found first, as a control may
 * name one that comes later. */
int
mapping_layers(const struct mapping_reading *r)
{
	const struct tree_node *list = r->top.controls, *i = tree_first(list);
	int rc = 0;

	r->to->layers = 1;
	for (; rc == 0 && i; i = tree_next(list, i)) {
		struct mapping_control_keys y;
		char word[MAPPING_WORD_MAX];
		const char *name;

		keys_find(i, mapping_control_table, &y, sizeof(y));
		if (!y.as)
			continue;
		split_as(y.as->text, word, sizeof(word), &name);
		if (name && (!strcmp(word, "shift") || !strcmp(word, "layer")))
			rc = add_layer(r->tree, y.as, name, r->to);
	}
	return rc;
}
