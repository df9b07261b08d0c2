/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a text to changes. */
#include "control/scene/scene.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/model/scene/fade.h"
#include "control/util/name.h"
#include "control/yaml/tree_value.h"

struct reading {
	const struct params *p;
	const struct tree *t;
	struct scene *to;
	bool taps; /* in this turn; or else all the others */
};

bool
scene_name_is_good(const char *name)
{
	size_t length = strlen(name);

	return length > 0 && length < SCENE_NAME_MAX &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == length;
}

static void
missing_add(struct scene *s, const char *kind, const char *name)
{
	size_t used = strlen(s->missing);

	snprintf(s->missing + used, sizeof(s->missing) - used, "%s%s%.60s",
		used ? ", " : "", kind, name);
}

/* ---- a value ---- */

static int
refuse_parameter(const struct reading *r, const struct tree_node *node,
	const char *address)
{
	char near[PARAM_ADDRESS_MAX];
	bool is_near = param_nearest(r->p, address, near);

	return tree_refuse_at(r->t, node->key_at, "%s: no parameter%s%s%s",
		node->path, is_near ? "; did you mean " : "",
		is_near ? strchr(near + 1, '/') ? strrchr(near, '/') + 1 : near
			: "",
		is_near ? "?" : "");
}

/* Numbers are not clamped: what a file says is what is meant. */
static int
check(const struct reading *r, const struct tree_node *node, uint32_t id,
	struct param_value *out)
{
	struct param_value from = {.type = PARAM_TEXT};
	struct param_info info;
	char why[PARAM_WHY_MAX];
	double number;

	if (node->kind != TREE_TEXT || strlen(node->text) >= PARAM_TEXT_MAX)
		return tree_refuse(r->t, node, "must be one value");
	memcpy(from.s, node->text, strlen(node->text) + 1);
	param_info(r->p, id, &info);
	if (info.type != PARAM_TEXT &&
		(!param_number(&from, &number) || number < info.min ||
			number > info.max))
		return tree_refuse(r->t, node,
			"\"%.40s\" is not a number from %g to %g%s%s",
			node->text, info.min, info.max, info.unit[0] ? " " : "",
			info.unit);
	if (param_check(r->p, id, &from, out, why) < 0)
		return tree_refuse(r->t, node, "%s", why);
	return 0;
}

static bool
is_tap(const char *address)
{
	return !strcmp(strrchr(address, '/'), "/tap");
}

static int
read_value(const struct reading *r, const struct tree_node *node,
	const char *group)
{
	char address[2 * PARAM_NAMED_MAX];
	struct scene *s = r->to;
	int id;

	snprintf(address, sizeof(address), "%s/%s", group, node->key);
	id = param_find(r->p, address);
	if (id < 0 || !param_in_scene(r->p, (uint32_t)id))
		return refuse_parameter(r, node, address);
	if (is_tap(address) != r->taps)
		return 0;
	s->change[s->count].id = (uint32_t)id;
	return check(r, node, (uint32_t)id, &s->change[s->count++].value);
}

static int
read_values(
	const struct reading *r, const struct tree_node *map, const char *group)
{
	const struct tree_node *i = tree_first(map);
	int rc = 0;

	if (map->kind != TREE_MAP)
		return tree_refuse(r->t, map, "must be a map: gain: -6");
	for (; rc == 0 && i; i = tree_next(map, i))
		rc = read_value(r, i, group);
	return rc;
}

/* ---- strips and buses ---- */

static bool
group_is(const struct reading *r, const char *scope, const char *name,
	char *group, size_t size_bytes)
{
	char address[2 * PARAM_NAMED_MAX];

	snprintf(group, size_bytes, "/%s/%s", scope, name);
	snprintf(address, sizeof(address), "%.150s/gain", group);
	return param_find(r->p, address) >= 0;
}

/* A strip may be written as it is called: Spotify. */
static int
read_group(
	const struct reading *r, const struct tree_node *map, const char *scope)
{
	bool strip = !strcmp(scope, "strip");
	char group[PARAM_NAMED_MAX], slug[SLUG_MAX];
	bool is = group_is(r, scope, map->key, group, sizeof(group));

	if (!is && strip) {
		name_slug(slug, map->key);
		is = slug[0] && group_is(r, scope, slug, group, sizeof(group));
	}
	if (is)
		return read_values(r, map, group);
	if (!r->taps)
		missing_add(r->to, strip ? "" : "bus ", map->key);
	return 0;
}

static int
read_groups(
	const struct reading *r, const struct tree_node *map, const char *scope)
{
	const struct tree_node *i = tree_first(map);
	int rc = 0;

	if (map->kind != TREE_MAP)
		return tree_refuse(r->t, map, "must be a map of %s%s", scope,
			scope[0] == 's' ? "s" : "es");
	for (; rc == 0 && i; i = tree_next(map, i))
		rc = read_group(r, i, scope);
	return rc;
}

/* ---- all of it ---- */

static int
read_part(const struct reading *r, const struct tree_node *node)
{
	if (!strcmp(node->key, "strips"))
		return read_groups(r, node, "strip");
	if (!strcmp(node->key, "buses"))
		return read_groups(r, node, "bus");
	if (!strcmp(node->key, "mixer"))
		return read_values(r, node, "");
	if (strcmp(node->key, "fade") != 0)
		return tree_refuse_at(r->t, node->key_at,
			"no such key \"%.40s\"; fade, strips, buses, mixer",
			node->key);
	if (node->kind != TREE_TEXT)
		return tree_refuse(r->t, node, "must be seconds");
	return tree_number(r->t, node, 0.0, FADE_MAX_S, &r->to->fade_s);
}

static int
read_all(struct reading *r, bool taps)
{
	const struct tree_node *i = tree_first(r->t->node);
	int rc = 0;

	r->taps = taps;
	for (; rc == 0 && i; i = tree_next(r->t->node, i))
		rc = read_part(r, i);
	return rc;
}

int
scene_parse(struct scene *s, const struct params *p, const char *file,
	const char *text, size_t size_bytes, char *why)
{
	struct tree t;
	struct reading r = {.p = p, .t = &t, .to = s};
	int rc;

	*s = (struct scene){.fade_s = (double)NAN};
	rc = tree_read(&t, file, text, size_bytes, why);
	if (rc < 0)
		return rc;
	s->change = calloc(t.nodes + 1, sizeof(*s->change));
	if (!s->change)
		rc = -ENOMEM;
	else if (t.nodes > 0 && t.node->kind != TREE_MAP)
		rc = tree_refuse(&t, t.node, "must be a map: strips: ...");
	else if (t.nodes > 0)
		rc = read_all(&r, true);
	if (rc == 0 && t.nodes > 0)
		rc = read_all(&r, false);
	if (rc == -ENOMEM)
		snprintf(why, SCENE_WHY_MAX, "%s: no memory", file);
	tree_done(&t);
	if (rc < 0)
		scene_done(s);
	return rc;
}

void
scene_done(struct scene *s)
{
	free(s->change);
	s->change = NULL;
}
