/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What somebody may have meant by an address that is none: part by part, so
 * that a strip is not taken for another one. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "control/model/names.h"
#include "control/model/params.h"
#include "control/util/nearest.h"

/* The parts of an address behind their '/'; the last one has all the rest. */
struct parts {
	char scope[16], which[PARAM_TEXT_MAX], tail[PARAM_ADDRESS_MAX / 2];
};

static bool
part_take(char *out, size_t size, const char **at, bool rest)
{
	size_t n = rest ? strlen(*at) : strcspn(*at, "/");

	if (n == 0 || n >= size)
		return false;
	memcpy(out, *at, n);
	out[n] = '\0';
	*at += n + ((*at)[n] == '/');
	return true;
}

static bool
parts_of(const char *address, struct parts *out)
{
	return *address++ == '/' &&
	       part_take(out->scope, sizeof(out->scope), &address, false) &&
	       part_take(out->which, sizeof(out->which), &address, false) &&
	       part_take(out->tail, sizeof(out->tail), &address, true);
}

static const char *
near_scope(const char *scope)
{
	struct nearest near;

	nearest_init(&near, scope);
	nearest_try(&near, "strip");
	nearest_try(&near, "bus");
	nearest_try(&near, "app");
	return near.best;
}

static const char *
near_which(const struct model *c, bool bus, const char *which)
{
	struct nearest near;

	if (!bus && isdigit((unsigned char)which[0]))
		return which;
	nearest_init(&near, which);
	for (uint32_t i = 0; bus && i < c->config.buses; i++)
		nearest_try(&near, c->config.bus_name[i]);
	for (uint32_t i = 0; !bus && i < c->config.strips; i++)
		nearest_try(&near, names_slug(c, i));
	return near.best;
}

static const char *
near_tail(const struct params *p, enum tail_scope scope, const char *tail)
{
	const struct tails *values = &p->value[scope];
	const struct tails *actions = &p->action[scope];
	struct nearest near;

	nearest_init(&near, tail);
	for (uint32_t i = 0; i < values->count; i++)
		nearest_try(&near, values->tail[i].text);
	for (uint32_t i = 0; i < actions->count; i++)
		nearest_try(&near, actions->tail[i].text);
	return near.best;
}

bool
param_nearest(const struct params *p, const char *address,
	char out[PARAM_ADDRESS_MAX])
{
	const char *scope, *which, *tail = NULL;
	struct parts parts;
	uint32_t id;
	bool bus;

	/* what is of no strip and no bus has one name */
	if (address[0] == '/')
		tail = near_tail(p, TAILS_OF_ALL, address + 1);
	if (tail) {
		snprintf(out, PARAM_ADDRESS_MAX, "/%s", tail);
		return true;
	}
	if (!parts_of(address, &parts) || !(scope = near_scope(parts.scope)))
		return false;
	bus = !strcmp(scope, "bus");
	which = near_which(p->model, bus, parts.which);
	tail = near_tail(p, bus ? TAILS_OF_BUS : TAILS_OF_STRIP, parts.tail);
	if (!which || !tail ||
		snprintf(out, PARAM_ADDRESS_MAX, "/%s/%s/%s", scope, which,
			tail) >= PARAM_ADDRESS_MAX)
		return false;
	return !strpbrk(out, "*?[]{}") && param_match_set(p, out, &id, 1) == 1;
}
