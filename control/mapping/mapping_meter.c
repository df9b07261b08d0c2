/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A meter is no parameter: it is told by a parameter that every strip and bus
 * has. So it follows banks and names as any other target does. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "control/mapping/mapping_meter.h"
#include "control/mapping/mapping_target.h"
#include "control/mapping/mapping_words.h"
#include "core/limits.h"

#define TAIL	      "/mute"
#define RANGE_LOW_DB  (-60.0)
#define RANGE_HIGH_DB 0.0
#define ABOVE_DB      (-60.0)

/* Behind "/strip/", "/app/" or "/bus/", if that is all of it; or NULL. */
static const char *
name_of(const char *address)
{
	static const char *const scopes[] = {"/strip/", "/app/", "/bus/"};

	for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++) {
		const char *name = address + strlen(scopes[i]);

		if (!strncmp(address, scopes[i], strlen(scopes[i])))
			return *name && !strpbrk(name, "/*?[") ? name : NULL;
	}
	return NULL;
}

static int
no_bus(const struct mapping_entry *e, const char *name)
{
	char allowed[MAPPING_WORDS_MAX] = "";
	uint32_t ids[BUSES_MAX];
	uint32_t count =
		param_match(e->r->params, "/bus/*" TAIL, ids, BUSES_MAX);

	for (uint32_t i = 0; i < count; i++) {
		struct param_info info;
		size_t used = strlen(allowed);
		const char *bus;

		param_info(e->r->params, ids[i], &info);
		bus = info.address + strlen("/bus/");
		snprintf(allowed + used, sizeof(allowed) - used, "%s%.*s",
			used ? ", " : "", (int)strcspn(bus, "/"), bus);
	}
	return tree_refuse(e->t, e->y.meter, "no bus \"%.40s\"; there are %s",
		name, allowed);
}

int
mapping_meter_target(const struct mapping_entry *e, struct mapping_control *c)
{
	const struct tree_node *meter = e->y.meter;
	char address[PARAM_ADDRESS_MAX - sizeof(TAIL)];
	char whole[PARAM_ADDRESS_MAX];
	const char *name;
	int rc = mapping_expand(e, meter, address, sizeof(address));

	if (rc < 0)
		return rc;
	name = name_of(address);
	if (!name)
		return tree_refuse(e->t, meter,
			"\"%.40s\" is no strip or bus such as /strip/1 or "
			"/bus/main",
			address);
	snprintf(whole, sizeof(whole), "%s" TAIL, address);
	if (!strncmp(address, "/bus/", 5) &&
		param_find(e->r->params, whole) < 0)
		return no_bus(e, name);
	return mapping_target(e, meter, whole, c);
}

/* ---- how it is shown ---- */

static int
read_above(const struct mapping_entry *e, struct mapping_control *c)
{
	const struct tree_node *above = e->y.above;
	char text[MAPPING_LINE_MAX];
	int rc;

	c->light.above_db = ABOVE_DB;
	if (!above)
		return 0;
	rc = mapping_expand(e, above, text, sizeof(text));
	return rc < 0 ? rc
		      : mapping_number(e->t, above, text, MAPPING_METER_MIN_DB,
				MAPPING_METER_MAX_DB, &c->light.above_db);
}

/* "-12 5": from -12 dB on, 5 is sent. */
static int
read_color(const struct tree *t, const struct tree_node *node,
	struct mapping_control *c)
{
	struct mapping_color *color = &c->light.color[c->light.colors];
	uint32_t send = 0, top = mapping_last(&c->light.message);
	const char *text = node->text, *space = strrchr(text, ' ');
	char level[MAPPING_WORD_MAX];
	int rc;

	if (c->light.colors == MAPPING_COLORS_MAX)
		return tree_refuse(
			t, node, "more than %d colors", MAPPING_COLORS_MAX);
	if (!space || (size_t)(space - text) >= sizeof(level))
		return tree_refuse(t, node,
			"\"%.40s\" must be a level in dB, a blank and a number "
			"from 0 to %u",
			text, top);
	snprintf(level, sizeof(level), "%.*s", (int)(space - text), text);
	rc = mapping_number(t, node, level, MAPPING_METER_MIN_DB,
		MAPPING_METER_MAX_DB, &color->number);
	if (rc == 0)
		rc = mapping_whole(t, node, space + 1, 0, top, &send);
	if (rc == 0 && c->light.colors > 0 &&
		!(color->number > color[-1].number))
		return tree_refuse(t, node, "levels must rise");
	color->send = (uint16_t)send;
	c->light.colors++;
	return rc;
}

static int
read_colors(const struct mapping_entry *e, struct mapping_control *c)
{
	const struct tree_node *list = e->y.colors, *i = tree_first(list);
	int rc = 0;

	if (i && (e->y.above || e->y.lit))
		return tree_refuse(
			e->t, list, "either colors, or above and lit");
	for (; rc == 0 && i; i = tree_next(list, i))
		rc = read_color(e->t, i, c);
	return rc;
}

/* Keys for another way of showing it. */
static int
check_keys(const struct mapping_entry *e, const struct mapping_control *c)
{
	const struct mapping_control_keys *y = &e->y;
	bool way = c->light.kind == MAPPING_LIGHT_WAY ||
		   c->light.kind == MAPPING_LIGHT_RING;
	const struct tree_node *key = c->has_range ? y->range
				      : y->curve   ? y->curve
						   : y->invert;

	if (key && !way)
		return tree_refuse(e->t, key,
			"only for a meter that is sent as a position");
	if (c->light.kind != MAPPING_LIGHT_METER)
		return 0;
	key = mapping_light_key(y);
	return key ? tree_refuse(e->t, key, "does not go with light: meter")
		   : 0;
}

static int
check_range(const struct mapping_entry *e, const struct mapping_control *c)
{
	if (c->range[0] >= MAPPING_METER_MIN_DB &&
		c->range[1] <= MAPPING_METER_MAX_DB)
		return 0;
	return tree_refuse(e->t, e->y.range,
		"%g to %g is beyond that of a meter, %g to %g dB", c->range[0],
		c->range[1], MAPPING_METER_MIN_DB, MAPPING_METER_MAX_DB);
}

int
mapping_meter_light(const struct mapping_entry *e, struct mapping_control *c)
{
	const struct mapping_control_keys *y = &e->y;
	int rc;

	if (!c->meter && c->light.kind == MAPPING_LIGHT_METER)
		return tree_refuse(e->t, y->light,
			"meter is for a meter: such as /strip/1");
	if (!c->meter && y->above)
		return tree_refuse(e->t, y->above, "only for a meter");
	if (!c->meter)
		return 0;
	if (c->light.kind == MAPPING_LIGHT_TEXT)
		return tree_refuse(e->t, y->light, "a meter cannot be a text");
	rc = check_keys(e, c);
	if (rc == 0 && c->has_range)
		rc = check_range(e, c);
	if (!c->has_range) {
		c->range[0] = RANGE_LOW_DB;
		c->range[1] = RANGE_HIGH_DB;
	}
	if (rc == 0)
		rc = read_above(e, c);
	return rc < 0 ? rc : read_colors(e, c);
}
