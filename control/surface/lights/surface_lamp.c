/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a lamp is to show. */
#include "control/surface/lights/surface_lamp.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "control/surface/surface_input.h"
#include "control/surface/surface_value.h"
#include "core/level.h"
#include "core/hash.h"

/* With nothing to show. Not `dark`, which may be a color that means something,
 * and the number is the lamp's own. */
#define LAMP_OFF   0
#define NEAR_STEPS 0.75 /* of its message */

void
surface_mark(struct surface *s, int32_t lamp)
{
	if (lamp < 0 || s->lamp[lamp].dirty)
		return;
	s->lamp[lamp].dirty = true;
	s->dirty++;
}

void
surface_mark_all(struct surface *s)
{
	for (uint32_t i = 0; i < s->lamps; i++)
		surface_mark(s, (int32_t)i);
}

void
surface_forget(struct surface *s, int32_t lamp)
{
	if (lamp < 0)
		return;
	s->lamp[lamp].sent = SURFACE_NOTHING;
	surface_mark(s, lamp);
}

int32_t
surface_lamp_find(const struct surface *s, const struct mapping_message *m)
{
	for (uint32_t i = 0; i < s->lamps; i++)
		if (surface_same_message(&s->lamp[i].message, m))
			return (int32_t)i;
	return -1;
}

int32_t
surface_lamp_control(const struct surface *s, const struct lamp *lamp)
{
	int32_t base = -1;

	for (uint32_t i = lamp->first; i; i = s->control[i - 1].next_of_lamp) {
		int32_t control = (int32_t)i - 1;
		uint32_t layer = s->mapping->control[control].layer;
		const struct input *in = surface_input_of(s, control);

		if (layer != 0 && layer != s->layer)
			continue;
		if (in && surface_in_force(s, in) != control)
			continue;
		if (layer == s->layer)
			return control;
		if (base < 0)
			base = control;
	}
	return base;
}

static bool
is_pressed(const struct surface *s, int32_t control)
{
	const struct input *in = surface_input_of(s, control);

	return in && in->pressed == control;
}

/* By turns what it is and what it waits to become. */
static void
value_shown(const struct surface *s, const struct binding *b,
	struct param_value *out)
{
	if (!s->shows_wait || !param_pending(s->params, b->id, out))
		param_get(s->params, b->id, out);
}

/* What this button has asked for is to come. */
static bool
is_waited_for(const struct surface *s, const struct binding *b)
{
	struct param_value v;

	return s->shows_wait && param_pending(s->params, b->id, &v) &&
	       surface_is_value(s, b, &v);
}

/* b: the target that it tells of, or NULL; v: its value. */
static bool
is_lit(const struct surface *s, int32_t control, const struct binding *b,
	const struct param_value *v)
{
	const struct mapping_control *c = &s->mapping->control[control];

	switch (c->as) {
	case MAPPING_SHIFT:
	case MAPPING_LAYER:
		return s->layer == c->to_layer;
	case MAPPING_BANK_LEFT:
		return s->bank > 0;
	case MAPPING_BANK_RIGHT:
		return s->bank + s->mapping->bank < s->strips;
	case MAPPING_SET:
		return is_pressed(s, control) || (b && is_waited_for(s, b));
	case MAPPING_UP:
	case MAPPING_DOWN:
	case MAPPING_STEP:
	case MAPPING_REPAINT:
		return is_pressed(s, control);
	case MAPPING_RADIO:
		return b && surface_is_value(s, b, v);
	case MAPPING_CYCLE:
		return b && surface_number_of(s, b, v) != b->low;
	case MAPPING_VALUE:
	case MAPPING_VELOCITY:
	case MAPPING_TOGGLE:
	case MAPPING_MOMENTARY:
	case MAPPING_LATCH:
	case MAPPING_SHOW:
		break;
	}
	return b && surface_is_on(b, surface_number_of(s, b, v));
}

/* Is the parameter at this value? As near as the control can put it there: the
 * middle of 7 bits is none of their values. */
static bool
is_color(const struct surface *s, const struct binding *b,
	const struct param_value *v, const struct mapping_color *color)
{
	const struct mapping_control *c = &s->mapping->control[b->control];

	if (v->type == PARAM_TEXT)
		return !strcmp(v->s, color->choice);
	if (color->choice[0])
		return false;
	if (v->type == PARAM_FLOAT && c->as == MAPPING_VALUE)
		return fabs(surface_way(s, b) -
			       surface_way_of(s, b, color->number)) *
			       mapping_last(&c->message) <
		       NEAR_STEPS;
	return (float)surface_number_of(s, b, v) == (float)color->number;
}

static int64_t
lamp_light(const struct surface *s, int32_t control, const struct binding *b)
{
	const struct mapping_control *c = &s->mapping->control[control];
	const struct mapping_feedback *f = &c->light;
	struct param_value v;

	if (c->targets > 0 && !b) /* no such strip */
		return LAMP_OFF;
	if (b)
		value_shown(s, b, &v);
	for (uint32_t i = 0; b && i < f->colors; i++)
		if (is_color(s, b, &v, &f->color[i]))
			return f->color[i].send;
	return is_lit(s, control, b, &v) ? f->lit : f->dark;
}

uint64_t
surface_blink(struct surface *s, uint64_t now_ns)
{
	bool waits = s->send && param_pendings(s->params) > 0;
	bool turn = waits && now_ns / SURFACE_BLINK_NS % 2 == 1;

	if (waits != s->blinks || turn != s->shows_wait)
		surface_mark_all(s);
	s->blinks = waits;
	s->shows_wait = turn;
	return waits ? SURFACE_BLINK_NS - now_ns % SURFACE_BLINK_NS
		     : SURFACE_IDLE;
}

int64_t
surface_ring(const struct mapping_feedback *f, double way)
{
	double last = f->ring == MAPPING_RING_SPREAD ? 5.0 : 10.0;

	return (int64_t)f->ring << 4 | (1 + llround(way * last));
}

/* ---- displays, and what shows several values ---- */

/* The target's value in ASCII, padded with blanks. */
static void
text_fill(const struct surface *s, const struct binding *b, uint32_t length,
	uint8_t *out)
{
	char value[2 * PARAM_TEXT_MAX];
	struct param_info info;
	struct param_value v;
	size_t n = 0;

	value[0] = '\0';
	if (b) {
		param_info(s->params, b->id, &info);
		param_get(s->params, b->id, &v);
		if (v.type == PARAM_TEXT)
			snprintf(value, sizeof(value), "%s", v.s);
		else if (v.type == PARAM_INT)
			snprintf(value, sizeof(value), "%lld", (long long)v.i);
		else if (!strcmp(info.unit, "dB") && v.f <= LEVEL_MIN_DB)
			snprintf(value, sizeof(value), "-inf dB");
		else
			snprintf(value, sizeof(value),
				!strcmp(info.unit, "dB") ? "%.1f" : "%.2f",
				v.f);
	}
	for (const char *from = value; *from && n < length; from++) {
		unsigned char c = (unsigned char)*from;

		if ((c & 0xc0) == 0x80) /* the rest of a character */
			continue;
		out[n++] = c >= 0x20 && c < 0x7f ? c : '?';
	}
	memset(out + n, ' ', length - n);
}

/* NULL: the target names nothing. */
static const struct binding *
binding_of_slot(const struct surface *s, int32_t control, uint32_t slot)
{
	const struct control *k = &s->control[control];
	uint32_t last = s->mapping->control[control].targets - 1u;

	if (s->mapping->control[control].targets == 0)
		return NULL;
	for (uint32_t i = k->first; i < k->first + k->count; i++)
		if (s->binding[i].target == (slot < last ? slot : last))
			return &s->binding[i];
	return NULL;
}

bool
surface_is_filled(const struct mapping_message *m)
{
	return m->slots > 1 || (m->slots == 1 && m->slot[0].length > 0);
}

static uint8_t
value_fill(const struct surface *s, int32_t control, const struct binding *b)
{
	if (s->mapping->control[control].light.kind == MAPPING_LIGHT_LAMP)
		return lamp_light(s, control, b) & 127;
	return b ? (uint8_t)llround(surface_way(s, b) * 127) : 0;
}

static int64_t
lamp_fill(const struct surface *s, const struct mapping_message *m,
	int32_t control, uint8_t fill[MAPPING_FILL_MAX])
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < m->slots; i++) {
		const struct binding *b = binding_of_slot(s, control, i);

		if (m->slot[i].length)
			text_fill(s, b, m->slot[i].length, fill + n);
		else
			fill[n] = value_fill(s, control, b);
		n += m->slot[i].length ? m->slot[i].length : 1;
	}
	return hash_bytes(HASH_START, fill, n);
}

/* ---- all of them ---- */

int64_t
surface_lamp_dark(const struct surface *s, const struct lamp *lamp)
{
	const struct mapping_feedback *f =
		&s->mapping->control[lamp->first - 1].light;

	return f->kind == MAPPING_LIGHT_LAMP || f->kind == MAPPING_LIGHT_RING
		       ? LAMP_OFF
		       : SURFACE_NOTHING;
}

int64_t
surface_lamp_value(const struct surface *s, const struct lamp *lamp,
	int32_t control, uint8_t fill[MAPPING_FILL_MAX])
{
	const struct mapping_control *c;
	const struct binding *b;
	double way;

	if (control < 0)
		return surface_lamp_dark(s, lamp);
	c = &s->mapping->control[control];
	if (surface_is_filled(&lamp->message))
		return lamp_fill(s, &lamp->message, control, fill);
	b = s->control[control].count > 0
		    ? &s->binding[s->control[control].first]
		    : NULL;
	if (c->light.kind == MAPPING_LIGHT_LAMP)
		return lamp_light(s, control, b);
	/* No such strip: a ring is dark, a fader goes down. */
	if (!b)
		return 0;
	way = surface_way(s, b);
	if (c->light.kind == MAPPING_LIGHT_RING)
		return surface_ring(&c->light, way);
	return llround(way * mapping_last(&lamp->message));
}
