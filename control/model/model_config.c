/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/model/model_config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "control/util/name.h"
#include "driver/bus_name.h"

void
model_config_init(struct model_config *config)
{
	memset(config, 0, sizeof(*config));
	config->strips = 16;
	config->buses = 2;
	strcpy(config->bus_name[0], "main");
	strcpy(config->bus_name[1], "loop");
	config->tap = TAP_TAKE;
	model_config_routes(config);
}

void
model_config_no_buses(struct model_config *config)
{
	memset(config->bus_name, 0, sizeof(config->bus_name));
	memset(config->route, 0, sizeof(config->route));
	config->buses = config->routes = 0;
}

static void
route_add(struct model_config *config, const char *name, uint32_t mask)
{
	struct model_route *r = &config->route[config->routes++];

	name_copy(r->name, sizeof(r->name), name);
	r->mask = mask;
}

static int
first_loop(const struct model_config *config)
{
	for (uint32_t i = 0; i < config->buses; i++) {
		if (bus_name_loop(config->bus_name[i]) > 0)
			return (int)i;
	}
	return -1;
}

/* both: heard and recorded, as an app sounds without a mixer. */
void
model_config_routes(struct model_config *config)
{
	int room = model_config_bus_find(config, "main");
	int loop = first_loop(config);

	if (config->routes > 0)
		return;
	memset(config->route, 0, sizeof(config->route));
	if (room >= 0 && loop >= 0)
		route_add(config, "both", 1u << room | 1u << loop);
	for (uint32_t i = 0; i < config->buses; i++)
		route_add(config, config->bus_name[i], 1u << i);
	if (config->buses > 2)
		route_add(config, "all", (1u << config->buses) - 1);
	route_add(config, "none", 0);
}

int
model_config_bus_find(const struct model_config *config, const char *name)
{
	for (uint32_t i = 0; i < config->buses; i++) {
		if (!strcmp(config->bus_name[i], name))
			return (int)i;
	}
	return -1;
}

int
model_config_route_find(const struct model_config *config, const char *name)
{
	for (uint32_t i = 0; i < config->routes; i++) {
		if (!strcmp(config->route[i].name, name))
			return (int)i;
	}
	return -1;
}

/* ---- one more ---- */

static __attribute__((format(printf, 2, 3))) int
refuse(char *why, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	/* clang-tidy 14 does not see va_start().
	 * NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized) */
	vsnprintf(why, MODEL_CONFIG_WHY, format, args);
	va_end(args);
	return -EINVAL;
}

/* A part of addresses that is called like nothing else there. */
static int
check_slug(const char *name, char *why)
{
	if (!name[0])
		return refuse(why, "needs a name");
	if (!bus_name_is_slug(name))
		return refuse(why, "\"%.40s\" cannot be a name; %s", name,
			BUS_NAME_SHAPE);
	return 0;
}

/* Names that routes have without being configured, or that stand for none of
 * them. */
static bool
is_route_name(const char *name)
{
	static const char *const names[] = {"both", "none", "all", "custom"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

int
model_config_bus(struct model_config *c, const char *name, char *why)
{
	int rc = check_slug(name, why);

	if (rc < 0)
		return rc;
	if (bus_name_loop(name) < 0)
		return refuse(why,
			"\"%s\" cannot be a bus; what begins with loop is "
			"%s, each for the device of its number",
			name, BUS_NAME_LOOPS);
	if (is_route_name(name))
		return refuse(why, "\"%s\" is the name of a route", name);
	if (model_config_bus_find(c, name) >= 0)
		return refuse(why, "bus %s is there twice", name);
	if (c->buses == BUSES_MAX)
		return refuse(why, "at most %d buses", BUSES_MAX);
	snprintf(c->bus_name[c->buses++], sizeof(c->bus_name[0]), "%s", name);
	return 0;
}

int
model_config_route(
	struct model_config *c, const char *name, uint32_t mask, char *why)
{
	int rc = check_slug(name, why);

	if (rc < 0)
		return rc;
	if (!strcmp(name, "custom"))
		return refuse(why, "\"custom\" means sends that are no route");
	if (model_config_route_find(c, name) >= 0)
		return refuse(why, "route %s is there twice", name);
	if (c->routes == ROUTES_MAX)
		return refuse(why, "at most %d routes", ROUTES_MAX);
	route_add(c, name, mask);
	return 0;
}

int
model_config_rule(struct model_config *c, const char *match, uint32_t strip,
	uint32_t pair, char *why)
{
	struct model_rule *rule = &c->rule[c->rules];
	size_t length = strlen(match);

	if (c->rules == RULES_MAX)
		return refuse(why, "more than %d rules", RULES_MAX);
	if (!match[0])
		return refuse(why, "needs a pattern");
	if (!name_is_printable(match))
		return refuse(
			why, "must be UTF-8 text without control characters");
	if (length >= sizeof(rule->match))
		return refuse(why, "\"%.40s\" is too long; at most %zu bytes",
			match, sizeof(rule->match) - 1);
	if (strip >= c->strips)
		return refuse(why, "the strip must be 1..%u", c->strips);
	if (pair > PAIRS_MAX)
		return refuse(why, "the pair must be 1..%d", PAIRS_MAX);
	memset(rule, 0, sizeof(*rule));
	memcpy(rule->match, match, length + 1);
	rule->strip = strip;
	rule->pair = pair;
	c->rules++;
	return 0;
}

/* ---- the whole ---- */

/* Made again of its parts, it is the same. */
static int
check_buses(const struct model_config *config, char *why)
{
	struct model_config again = {.buses = 0};
	int rc = 0;

	if (config->buses < 1 || config->buses > BUSES_MAX)
		return refuse(why, "%u buses; from 1 to %d", config->buses,
			BUSES_MAX);
	for (uint32_t i = 0; rc == 0 && i < config->buses; i++) {
		if (!memchr(config->bus_name[i], '\0', BUS_NAME_MAX))
			return refuse(why, "the name of bus %u has no end", i);
		rc = model_config_bus(&again, config->bus_name[i], why);
	}
	return rc;
}

static int
check_routes(const struct model_config *config, char *why)
{
	struct model_config again = {.routes = 0};
	int rc = 0;

	if (config->routes > ROUTES_MAX)
		return refuse(why, "at most %d routes", ROUTES_MAX);
	for (uint32_t i = 0; rc == 0 && i < config->routes; i++) {
		const struct model_route *r = &config->route[i];

		if (!memchr(r->name, '\0', sizeof(r->name)))
			return refuse(
				why, "the name of route %u has no end", i);
		rc = model_config_route(&again, r->name, r->mask, why);
		if (rc == 0 && r->mask >= 1u << config->buses)
			rc = refuse(why, "route %s has a bus that is not there",
				r->name);
	}
	return rc;
}

static int
check_rules(const struct model_config *config, char *why)
{
	struct model_config again = {.strips = config->strips};
	char part[MODEL_CONFIG_WHY];

	if (config->rules > RULES_MAX)
		return refuse(why, "more than %d rules", RULES_MAX);
	for (uint32_t i = 0; i < config->rules; i++) {
		const struct model_rule *r = &config->rule[i];

		if (!memchr(r->match, '\0', sizeof(r->match)))
			return refuse(
				why, "the pattern of rule %u has no end", i);
		if (model_config_rule(
			    &again, r->match, r->strip, r->pair, part) < 0)
			return refuse(why,
				"the rule \"%.40s\" for strip %u: %s", r->match,
				r->strip + 1, part);
	}
	return 0;
}

static int
check_strips(const struct model_config *config, char *why)
{
	if (config->strips < 1 || config->strips > STRIPS_MAX)
		return refuse(why, "%u strips; from 1 to %d", config->strips,
			STRIPS_MAX);
	if (config->tap > TAP_TAKE)
		return refuse(why, "tap is none of take, copy and off");
	for (uint32_t i = 0; i < config->strips; i++) {
		if (!memchr(config->strip_name[i], '\0', PARAM_TEXT_MAX) ||
			!name_is_printable(config->strip_name[i]))
			return refuse(
				why, "the name of strip %u is no text", i + 1);
	}
	return 0;
}

int
model_config_check(const struct model_config *config, char *why)
{
	int rc = check_strips(config, why);

	rc = rc < 0 ? rc : check_buses(config, why);
	rc = rc < 0 ? rc : check_routes(config, why);
	return rc < 0 ? rc : check_rules(config, why);
}

/* ---- which one it is ---- */

/* FNV-1a */
static uint64_t
hash_byte(uint64_t hash, unsigned char byte)
{
	return (hash ^ byte) * 0x100000001b3u;
}

static uint64_t
hash_word(uint64_t hash, uint32_t word)
{
	for (int shift = 0; shift < 32; shift += 8)
		hash = hash_byte(hash, (unsigned char)(word >> shift));
	return hash;
}

static uint64_t
hash_text(uint64_t hash, const char *s)
{
	for (; *s; s++)
		hash = hash_byte(hash, (unsigned char)*s);
	return hash_byte(hash, 0);
}

uint64_t
model_config_hash(const struct model_config *config)
{
	uint64_t h = hash_word(0xcbf29ce484222325u, config->strips);

	h = hash_word(h, config->buses);
	h = hash_word(h, config->routes);
	h = hash_word(h, config->rules);
	h = hash_word(h, config->tap);
	for (uint32_t i = 0; i < config->buses; i++)
		h = hash_text(h, config->bus_name[i]);
	for (uint32_t i = 0; i < config->strips; i++)
		h = hash_text(h, config->strip_name[i]);
	for (uint32_t i = 0; i < config->routes; i++) {
		h = hash_text(h, config->route[i].name);
		h = hash_word(h, config->route[i].mask);
	}
	for (uint32_t i = 0; i < config->rules; i++) {
		h = hash_text(h, config->rule[i].match);
		h = hash_word(h, config->rule[i].strip);
	}
	return h;
}
