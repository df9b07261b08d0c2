/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A meter is no parameter: it is told by a parameter that every strip and bus
 * has. So it follows banks and names as any other target does. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "control/mapping/mapping_own.h"

#define TAIL	      "/mute"
#define RANGE_LOW_DB  (-60.0)
#define RANGE_HIGH_DB 0.0
#define ABOVE_DB      (-60.0)

static const char *
path_of(char path[MARK_PATH_MAX], const char *entry, const char *key)
{
	snprintf(path, MARK_PATH_MAX, "%.40s.%s", entry, key);
	return path;
}

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
no_bus(const struct mapping_reading *r, const char *path, const char *name)
{
	static const char bus[] = "/bus/";
	char allowed[MAPPING_WORDS_MAX] = "";
	uint32_t count = param_count(r->params);

	for (uint32_t id = 0; id < count; id++) {
		struct param_info info;
		size_t used = strlen(allowed);
		const char *tail;

		param_info(r->params, id, &info);
		tail = strrchr(info.address, '/');
		if (strncmp(info.address, bus, sizeof(bus) - 1) != 0 ||
			strcmp(tail, TAIL) != 0)
			continue;
		snprintf(allowed + used, sizeof(allowed) - used, "%s%.*s",
			used ? ", " : "",
			(int)(tail - info.address - (sizeof(bus) - 1)),
			info.address + sizeof(bus) - 1);
	}
	return yaml_refuse(
		&r->in, path, "no bus \"%.40s\"; there are %s", name, allowed);
}

int
mapping_meter_target(const struct mapping_reading *r,
	const struct yaml_control *y, const char *entry, uint32_t index,
	struct mapping_control *c)
{
	char path[MARK_PATH_MAX], address[PARAM_ADDRESS_MAX - sizeof(TAIL)];
	char whole[PARAM_ADDRESS_MAX];
	const char *name;
	int rc;

	path_of(path, entry, "meter");
	rc = mapping_expand(r, path, y->meter, index, r->light.count, address,
		sizeof(address));
	if (rc < 0)
		return rc;
	name = name_of(address);
	if (!name)
		return yaml_refuse(&r->in, path,
			"\"%.40s\" is no strip or bus such as /strip/1 or "
			"/bus/main",
			address);
	snprintf(whole, sizeof(whole), "%s" TAIL, address);
	if (!strncmp(address, "/bus/", 5) && param_find(r->params, whole) < 0)
		return no_bus(r, path, name);
	return mapping_target(r, path, whole, index, c);
}

/* ---- how it is shown ---- */

static int
read_above(const struct mapping_reading *r, const struct yaml_control *y,
	const char *entry, uint32_t index, struct mapping_control *c)
{
	char path[MARK_PATH_MAX], text[MAPPING_LINE_MAX];
	int rc;

	c->light.above_db = ABOVE_DB;
	if (!y->above)
		return 0;
	path_of(path, entry, "above");
	rc = mapping_expand(
		r, path, y->above, index, r->light.count, text, sizeof(text));
	return rc < 0 ? rc
		      : mapping_number(r, path, text, MAPPING_METER_MIN_DB,
				MAPPING_METER_MAX_DB, &c->light.above_db);
}

/* "-12 5": from -12 dB on, 5 is sent. */
static int
read_color(const struct mapping_reading *r, const char *path, const char *text,
	struct mapping_control *c)
{
	struct mapping_color *color = &c->light.color[c->light.colors];
	const char *space = strrchr(text, ' ');
	char level[MAPPING_WORD_MAX];
	uint32_t send = 0;
	int rc;

	if (c->light.colors == MAPPING_COLORS_MAX)
		return yaml_refuse(&r->in, path, "more than %d colors",
			MAPPING_COLORS_MAX);
	if (!space || (size_t)(space - text) >= sizeof(level))
		return yaml_refuse(&r->in, path,
			"\"%.40s\" must be a level in dB, a blank and a number "
			"from 0 to %u",
			text, mapping_light_top(&c->light.message));
	snprintf(level, sizeof(level), "%.*s", (int)(space - text), text);
	rc = mapping_number(r, path, level, MAPPING_METER_MIN_DB,
		MAPPING_METER_MAX_DB, &color->number);
	if (rc == 0)
		rc = yaml_whole(&r->in, path, space + 1, 0,
			mapping_light_top(&c->light.message), &send);
	if (rc == 0 && c->light.colors > 0 &&
		!(color->number > color[-1].number))
		return yaml_refuse(&r->in, path, "levels must rise");
	color->send = (uint16_t)send;
	c->light.colors++;
	return rc;
}

static int
read_colors(const struct mapping_reading *r, const struct yaml_control *y,
	const char *entry, struct mapping_control *c)
{
	char path[MARK_PATH_MAX];
	int rc = 0;

	if (y->colors_count && (y->above || y->lit))
		return yaml_refuse(&r->in, path_of(path, entry, "colors"),
			"either colors, or above and lit");
	for (uint32_t i = 0; rc == 0 && i < y->colors_count; i++) {
		snprintf(path, sizeof(path), "%.40s.colors[%u]", entry, i);
		rc = read_color(r, path, y->colors[i], c);
	}
	return rc;
}

/* Keys for another way of showing it. */
static int
check_keys(const struct mapping_reading *r, const struct yaml_control *y,
	const char *entry, const struct mapping_control *c)
{
	bool way = c->light.kind == MAPPING_LIGHT_WAY ||
		   c->light.kind == MAPPING_LIGHT_RING;
	const char *key = c->has_range			? "range"
			  : y->curve || y->points_count ? "curve"
			  : y->invert			? "invert"
							: NULL;
	char path[MARK_PATH_MAX];

	if (key && !way)
		return yaml_refuse(&r->in, path_of(path, entry, key),
			"only for a meter that is sent as a position");
	if (c->light.kind != MAPPING_LIGHT_METER)
		return 0;
	key = y->ring		? "ring"
	      : y->above	? "above"
	      : y->lit		? "lit"
	      : y->dark		? "dark"
	      : y->colors_count ? "colors"
				: NULL;
	return key ? yaml_refuse(&r->in, path_of(path, entry, key),
			     "does not go with light: meter")
		   : 0;
}

static int
check_range(const struct mapping_reading *r, const char *entry,
	const struct mapping_control *c)
{
	char path[MARK_PATH_MAX];

	if (c->range[0] >= MAPPING_METER_MIN_DB &&
		c->range[1] <= MAPPING_METER_MAX_DB)
		return 0;
	return yaml_refuse(&r->in, path_of(path, entry, "range"),
		"%g to %g is beyond that of a meter, %g to %g dB", c->range[0],
		c->range[1], MAPPING_METER_MIN_DB, MAPPING_METER_MAX_DB);
}

int
mapping_meter_light(const struct mapping_reading *r,
	const struct yaml_control *y, const char *entry, uint32_t index,
	struct mapping_control *c)
{
	char path[MARK_PATH_MAX];
	int rc;

	if (!c->meter && c->light.kind == MAPPING_LIGHT_METER)
		return yaml_refuse(&r->in, path_of(path, entry, "light"),
			"meter is for a meter: such as /strip/1");
	if (!c->meter && y->above)
		return yaml_refuse(&r->in, path_of(path, entry, "above"),
			"only for a meter");
	if (!c->meter)
		return 0;
	if (c->light.kind == MAPPING_LIGHT_TEXT)
		return yaml_refuse(&r->in, path_of(path, entry, "light"),
			"a meter cannot be a text");
	rc = check_keys(r, y, entry, c);
	if (rc == 0 && c->has_range)
		rc = check_range(r, entry, c);
	if (!c->has_range) {
		c->range[0] = RANGE_LOW_DB;
		c->range[1] = RANGE_HIGH_DB;
	}
	if (rc == 0)
		rc = read_above(r, y, entry, index, c);
	return rc < 0 ? rc : read_colors(r, y, entry, c);
}
