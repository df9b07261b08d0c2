/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "control/mapping/mapping_own.h"

#define BYTE_MAX 127

static const char *
path_of(char path[MARK_PATH_MAX], const char *entry, const char *key)
{
	snprintf(path, MARK_PATH_MAX, "%.40s.%s", entry, key);
	return path;
}

uint16_t
mapping_light_top(const struct mapping_message *m)
{
	return mapping_is_numbered(m) ? 16383 : BYTE_MAX;
}

static bool
is_button(enum mapping_as as)
{
	return as != MAPPING_VALUE && as != MAPPING_SHOW;
}

static enum mapping_light
kind_of(const struct yaml_control *y, const struct mapping_control *c)
{
	for (uint32_t i = 0; i < c->light.message.slots; i++)
		if (c->light.message.slot[i].length)
			return MAPPING_LIGHT_TEXT;
	if (c->light.message.meter)
		return MAPPING_LIGHT_METER;
	if (y->ring)
		return MAPPING_LIGHT_RING;
	if (is_button(c->as) || y->above || y->lit || y->dark ||
		y->colors_count)
		return MAPPING_LIGHT_LAMP;
	return MAPPING_LIGHT_WAY;
}

static int
check_kind(const struct mapping_reading *r, const char *path,
	const struct mapping_control *c)
{
	const struct mapping_message *m = &c->light.message;

	switch (m->kind) {
	case MIDI_SYSEX:
		if (m->slots)
			break;
		return yaml_refuse(&r->in, path,
			"needs vv where the value goes, or t7 for a text of 7");
	case MIDI_BEND:
		if (c->light.kind == MAPPING_LIGHT_WAY)
			break;
		return yaml_refuse(&r->in, path, "bend cannot be a lamp");
	case MIDI_NOTE:
	case MIDI_POLY_PRESSURE:
	case MIDI_CC:
	case MIDI_CHANNEL_PRESSURE:
	case MIDI_RPN:
	case MIDI_NRPN:
		break;
	default:
		return yaml_refuse(&r->in, path,
			"must be note, cc, cc14, bend, nrpn, rpn, pressure, "
			"poly or sysex");
	}
	if (m->fine && c->light.kind != MAPPING_LIGHT_WAY)
		return yaml_refuse(&r->in, path, "cc14 cannot be a lamp");
	if (c->light.kind == MAPPING_LIGHT_RING && m->kind != MIDI_CC)
		return yaml_refuse(&r->in, path, "a ring is a cc");
	if (c->light.kind == MAPPING_LIGHT_TEXT && is_button(c->as))
		return yaml_refuse(&r->in, path, "a button cannot be a text");
	return 0;
}

/* "5"; "+36": 127, to the message of the number that is so much higher. */
static int
read_sent(const struct mapping_reading *r, const char *path, const char *text,
	const struct mapping_message *m, uint16_t *out)
{
	bool add = *text == '+';
	uint32_t value = 0, most = mapping_light_top(m);
	int rc;

	if (add && (m->fine || (m->kind != MIDI_NOTE && m->kind != MIDI_CC)))
		return yaml_refuse(
			&r->in, path, "\"%.40s\" is for a note or a cc", text);
	if (add)
		most -= m->number;
	rc = yaml_whole(&r->in, path, text + add, 0, most, &value);
	*out = (uint16_t)(add ? value << 7 | BYTE_MAX : value);
	return rc;
}

static int
read_key(const struct mapping_reading *r, const char *entry, const char *key,
	const char *text, const struct mapping_message *m, uint16_t *out)
{
	char path[MARK_PATH_MAX];

	return text ? read_sent(r, path_of(path, entry, key), text, m, out) : 0;
}

/* "main 21", "1 5": the parameter's value, then what is sent. */
static int
read_color(const struct mapping_reading *r, const char *path, const char *text,
	struct mapping_control *c)
{
	struct mapping_color *color = &c->light.color[c->light.colors];
	const char *space = strrchr(text, ' ');
	struct param_value value;
	char word[PARAM_TEXT_MAX];
	int rc;

	if (c->light.colors == MAPPING_COLORS_MAX)
		return yaml_refuse(&r->in, path, "more than %d colors",
			MAPPING_COLORS_MAX);
	if (!space || space == text ||
		(size_t)(space - text) >= sizeof(color->choice))
		return yaml_refuse(&r->in, path,
			"\"%.40s\" must be a value of the parameter, a blank "
			"and a number from 0 to %u",
			text, mapping_light_top(&c->light.message));
	snprintf(word, sizeof(word), "%.*s", (int)(space - text), text);
	rc = mapping_value(r, path, word, c, &value);
	if (rc == 0)
		rc = read_sent(
			r, path, space + 1, &c->light.message, &color->send);
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
read_colors(const struct mapping_reading *r, const struct yaml_control *y,
	const char *entry, struct mapping_control *c)
{
	char path[MARK_PATH_MAX];
	int rc = 0;

	if (c->meter) /* it has levels */
		return 0;
	if (y->colors_count && c->targets == 0)
		return yaml_refuse(&r->in, path_of(path, entry, "colors"),
			"for a control with a target");
	for (uint32_t i = 0; rc == 0 && i < y->colors_count; i++) {
		snprintf(path, sizeof(path), "%.40s.colors[%u]", entry, i);
		rc = read_color(r, path, y->colors[i], c);
	}
	return rc;
}

static int
read_ring(const struct mapping_reading *r, const struct yaml_control *y,
	const char *entry, struct mapping_control *c)
{
	static const char *const rings[] = {
		"single", "boost", "wrap", "spread", NULL};
	char path[MARK_PATH_MAX];
	uint32_t ring = 0;
	int rc;

	if (!y->ring)
		return 0;
	path_of(path, entry, "ring");
	rc = yaml_word(&r->in, path, y->ring, rings, &ring);
	c->light.ring = (enum mapping_ring)ring;
	if (rc == 0 && is_button(c->as))
		return yaml_refuse(&r->in, path, "a button has no ring");
	if (rc == 0 && (y->lit || y->dark || y->colors_count))
		return yaml_refuse(
			&r->in, path, "either ring, or lit, dark and colors");
	return rc;
}

/* Keys that say how, where nothing is shown. */
static int
check_dark(const struct mapping_reading *r, const struct yaml_control *y,
	const char *entry)
{
	const char *key = y->ring	    ? "ring"
			  : y->above	    ? "above"
			  : y->lit	    ? "lit"
			  : y->dark	    ? "dark"
			  : y->colors_count ? "colors"
					    : NULL;
	char path[MARK_PATH_MAX];

	if (!key)
		return 0;
	return yaml_refuse(&r->in, path_of(path, entry, key),
		"needs light: a message, or same");
}

int
mapping_light(const struct mapping_reading *r, const struct yaml_control *y,
	const char *entry, uint32_t index, struct mapping_control *c)
{
	const struct mapping_row *row = &r->light;
	char path[MARK_PATH_MAX];
	int rc;

	if (!y->light || !strcmp(y->light, "off"))
		return check_dark(r, y, entry);
	path_of(path, entry, "light");
	c->light.message = !strcmp(y->light, "same")
				   ? c->message
				   : row->message[row->count > 1 ? index : 0];
	c->light.kind = kind_of(y, c);
	rc = check_kind(r, path, c);
	if (rc == 0)
		rc = mapping_meter_light(r, y, entry, index, c);
	if (rc == 0)
		rc = read_ring(r, y, entry, c);
	c->light.lit = mapping_light_top(&c->light.message);
	if (rc == 0)
		rc = read_key(r, entry, "lit", y->lit, &c->light.message,
			&c->light.lit);
	if (rc == 0)
		rc = read_key(r, entry, "dark", y->dark, &c->light.message,
			&c->light.dark);
	return rc < 0 ? rc : read_colors(r, y, entry, c);
}
