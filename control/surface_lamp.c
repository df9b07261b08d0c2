/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a lamp is to show. */
#include "control/surface_own.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "control/level.h"

/* With nothing to show. Not `dark`, which may be a color that means something,
 * and the number is the lamp's own. */
#define LAMP_OFF 0

int32_t
surface_lamp_control(const struct surface *s, const struct lamp *lamp)
{
	int32_t base = -1;

	for (uint32_t i = lamp->first; i; i = s->control[i - 1].next_of_lamp) {
		const struct control *k = &s->control[i - 1];
		uint32_t layer = s->mapping->control[i - 1].layer;

		if (layer != 0 && layer != s->layer)
			continue;
		if (k->inlet >= 0 && surface_in_force(s, &s->inlet[k->inlet]) !=
					     (int32_t)i - 1)
			continue;
		if (layer == s->layer)
			return (int32_t)i - 1;
		if (base < 0)
			base = (int32_t)i - 1;
	}
	return base;
}

static bool
is_pressed(const struct surface *s, int32_t control)
{
	int32_t inlet = s->control[control].inlet;

	return inlet >= 0 && s->inlet[inlet].pressed == control;
}

static bool
is_lit(const struct surface *s, int32_t control)
{
	const struct mapping_control *c = &s->mapping->control[control];
	const struct control *k = &s->control[control];
	const struct bound *b = k->count > 0 ? &s->bound[k->first] : NULL;

	switch (c->as) {
	case MAPPING_SHIFT:
	case MAPPING_LAYER:
		return s->layer == c->to_layer;
	case MAPPING_BANK_LEFT:
		return s->bank > 0;
	case MAPPING_BANK_RIGHT:
		return s->bank + s->mapping->bank < s->strips;
	case MAPPING_UP:
	case MAPPING_DOWN:
	case MAPPING_SET:
	case MAPPING_REPAINT:
		return is_pressed(s, control);
	case MAPPING_RADIO:
		return b && surface_is_value(s, b);
	case MAPPING_VALUE:
	case MAPPING_TOGGLE:
	case MAPPING_MOMENTARY:
	case MAPPING_LATCH:
	case MAPPING_SHOW:
		break;
	}
	return b && surface_is_on(s, b);
}

static int64_t
lamp_light(const struct surface *s, int32_t control)
{
	const struct mapping_control *c = &s->mapping->control[control];
	const struct mapping_feedback *f = &c->light;
	const struct control *k = &s->control[control];
	struct param_value v;

	if (c->targets > 0 && k->count == 0) /* no such strip */
		return LAMP_OFF;
	if (k->count > 0 && f->colors > 0) {
		param_get(s->params, s->bound[k->first].id, &v);
		for (uint32_t i = 0; i < f->colors; i++) {
			const struct mapping_color *color = &f->color[i];

			if (v.type == PARAM_TEXT
					? !strcmp(v.s, color->choice)
					: color->choice[0] == '\0' &&
						  (float)surface_number(s,
							  &s->bound[k->first]) ==
							  (float)color->number)
				return color->send;
		}
	}
	return is_lit(s, control) ? f->lit : f->dark;
}

int64_t
surface_ring(const struct mapping_feedback *f, double way)
{
	double last = f->ring == MAPPING_RING_SPREAD ? 5.0 : 10.0;

	return (int64_t)f->ring << 4 | (1 + llround(way * last));
}

/* The first target's value in ASCII, padded with blanks. */
static void
lamp_text(const struct surface *s, int32_t control, uint32_t length,
	char text[MAPPING_TEXT_MAX + 1])
{
	const struct control *k = &s->control[control];
	char value[2 * PARAM_TEXT_MAX] = "";
	struct param_info info;
	struct param_value v;
	size_t n;

	if (length > MAPPING_TEXT_MAX)
		length = MAPPING_TEXT_MAX;
	if (k->count > 0) {
		param_info(s->params, s->bound[k->first].id, &info);
		param_get(s->params, s->bound[k->first].id, &v);
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
	n = 0;
	for (const char *from = value; *from && n < length; from++) {
		unsigned char c = (unsigned char)*from;

		if ((c & 0xc0) == 0x80) /* the rest of a character */
			continue;
		text[n++] = (char)(c >= 0x20 && c < 0x7f ? c : '?');
	}
	memset(text + n, ' ', length - n);
	text[length] = '\0';
}

static int64_t
hash_text(const char *text)
{
	uint32_t hash = 2166136261u;

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 16777619u; /* FNV */
	return hash;
}

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
	int32_t control, char text[MAPPING_TEXT_MAX + 1])
{
	const struct mapping_control *c;
	const struct control *k;
	double way;

	if (control < 0)
		return surface_lamp_dark(s, lamp);
	c = &s->mapping->control[control];
	k = &s->control[control];
	if (c->light.kind == MAPPING_LIGHT_LAMP)
		return lamp_light(s, control);
	if (c->light.kind == MAPPING_LIGHT_TEXT) {
		lamp_text(s, control, lamp->message.text_length, text);
		return hash_text(text);
	}
	/* No such strip: a ring is dark, a fader goes down. */
	if (k->count == 0)
		return 0;
	way = surface_way(s, &s->bound[k->first]);
	if (c->light.kind == MAPPING_LIGHT_RING)
		return surface_ring(&c->light, way);
	return llround(way * (surface_is_wide(&lamp->message) ? 16383 : 127));
}
