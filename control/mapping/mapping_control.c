/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One entry of `controls:` becomes a row of controls. */
#include <inttypes.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/mapping/mapping_as.h"
#include "control/mapping/mapping_control.h"
#include "control/mapping/mapping_light.h"
#include "control/mapping/mapping_message.h"
#include "control/mapping/mapping_meter.h"
#include "control/mapping/mapping_move.h"
#include "control/mapping/mapping_target.h"
#include "control/mapping/mapping_words.h"
#include "control/yaml/tree_value.h"

/* ---- an entry ---- */

static int
read_layer(const struct mapping_entry *e, struct mapping_control *c)
{
	const struct tree_node *layer = e->y.layer;

	return layer ? mapping_layer_name(e, layer, layer->text, &c->layer) : 0;
}

static int
read_to(const struct mapping_entry *e, struct mapping_control *c)
{
	bool none = mapping_takes(c->as, TAKES_LAYER | TAKES_BANK) ||
		    c->as == MAPPING_REPAINT;
	const struct tree_node *to = e->y.meter ? e->y.meter : e->y.to;
	int rc;

	if (none && to)
		return tree_refuse(e->t, to, "\"as: %s\" has no target",
			mapping_as_words[c->as]);
	if (!none && !to)
		return tree_refuse(e->t, e->node,
			"needs to: an address such as /strip/1/fader");
	rc = mapping_targets(e, c);
	return rc == 0 && e->y.meter ? mapping_meter_target(e, c) : rc;
}

static int
read_value(const struct mapping_entry *e, struct mapping_control *c)
{
	char text[MAPPING_LINE_MAX];
	const struct tree_node *value = e->y.value;
	int rc;

	if (c->value.type == PARAM_TEXT) /* of a scene, by its address */
		return 0;
	if (!mapping_takes(c->as, TAKES_VALUE))
		return mapping_only(e, value, false, "as: set and radio");
	if (!value)
		return tree_refuse(e->t, e->node,
			"\"as: %s\" needs a value:", mapping_as_words[c->as]);
	rc = mapping_expand(e, value, text, sizeof(text));
	return rc < 0 ? rc : mapping_value(e, value, text, c, &c->value);
}

static int
read_touch(const struct mapping_entry *e, struct mapping_control *c)
{
	if (!e->y.touch)
		return 0;
	if (c->as != MAPPING_VALUE)
		return mapping_only(e, e->y.touch, false, "a value");
	c->touch = *mapping_row_at(&e->touch, e->index);
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
check_message(const struct mapping_entry *e, const struct tree_node *key,
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
check_twice(const struct mapping_entry *e, struct mapping_control *c)
{
	int rc = 0;

	if (c->has_message)
		rc = check_message(e, e->y.on, c, &c->message);
	if (rc == 0 && c->has_touch)
		rc = check_message(e, e->y.touch, c, &c->touch);
	return rc;
}

static int
read_one(const struct mapping_entry *e, struct mapping_control *c)
{
	static int (*const steps[])(const struct mapping_entry *e,
		struct mapping_control *c) = {mapping_as, mapping_move,
		read_layer, read_to, read_value, mapping_targets_fit,
		mapping_light, read_touch, check_twice};
	int rc = 0;

	memset(c, 0, sizeof(*c));
	c->line = e->node->at.line;
	c->has_message = e->y.on;
	c->meter = e->y.meter;
	if (c->has_message)
		c->message = e->on.message[e->index];
	for (size_t i = 0; rc == 0 && i < sizeof(steps) / sizeof(*steps); i++)
		rc = steps[i](e, c);
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
	for (e->index = 0; rc == 0 && e->index < count; e->index++) {
		rc = read_one(e, &to->control[to->controls]);
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
