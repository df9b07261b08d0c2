/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/model/model_config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "control/util/check.h"
#include "control/util/name.h"
#include "core/dsp/eq.h"
#include "core/hash.h"
#include "driver/bus_name.h"

void
model_config_init(struct model_config *config)
{
	memset(config, 0, sizeof(*config));
	config->strips = STRIPS_AT_FIRST;
	config->buses = 2;
	strcpy(config->bus_name[0], BUS_NAME_MAIN);
	strcpy(config->bus_name[1], "loop");
	config->tap = TAP_TAKE;
	config->eq_hz[0] = EQ_LOW_HZ;
	config->eq_hz[1] = EQ_HIGH_HZ;
	model_config_routes(config);
}

void
model_config_no_buses(struct model_config *config)
{
	memset(config->bus_name, 0, sizeof(config->bus_name));
	memset(config->route, 0, sizeof(config->route));
	config->buses = config->routes = 0;
	config->cue_split = false;
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
	int room = model_config_bus_find(config, BUS_NAME_MAIN);
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

/* A part of addresses that is called like nothing else there. */
static int
check_slug(const char *name, char *why)
{
	if (!name[0])
		return check_refuse(why, "needs a name");
	if (!bus_name_is_slug(name))
		return check_refuse(
			why, "cannot be a name; %s", BUS_NAME_SHAPE);
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

	if (rc == 0 && bus_name_loop(name) < 0)
		rc = check_refuse(why,
			"cannot be a bus; what begins with loop is %s, each "
			"for the device of its number",
			BUS_NAME_LOOPS);
	if (rc == 0 && is_route_name(name))
		rc = check_refuse(why, "is the name of a route");
	if (rc == 0 && model_config_bus_find(c, name) >= 0)
		rc = check_refuse(why, "is there twice");
	if (rc == 0)
		rc = check_room(c->buses, BUSES_MAX, "buses", why);
	if (rc == 0)
		name_copy(c->bus_name[c->buses++], BUS_NAME_MAX, name);
	return rc;
}

int
model_config_route(
	struct model_config *c, const char *name, uint32_t mask, char *why)
{
	int rc = check_slug(name, why);

	if (rc == 0 && !strcmp(name, "custom"))
		rc = check_refuse(why, "means sends that are no route");
	if (rc == 0 && model_config_route_find(c, name) >= 0)
		rc = check_refuse(why, "is there twice");
	if (rc == 0)
		rc = check_room(c->routes, ROUTES_MAX, "routes", why);
	if (rc == 0)
		route_add(c, name, mask);
	return rc;
}

int
model_config_send(const struct model_config *c, const char *bus, uint32_t *mask,
	char *why)
{
	const char *name[BUSES_MAX + 1] = {NULL};
	uint32_t index;

	for (uint32_t i = 0; i < c->buses; i++)
		name[i] = c->bus_name[i];
	if (check_word(bus, name, &index, why) < 0)
		return -EINVAL;
	*mask |= 1u << index;
	return 0;
}

int
model_config_strips(struct model_config *c, const char *text, char *why)
{
	return check_whole(text, 1, STRIPS_MAX, &c->strips, why);
}

int
model_config_strip(const struct model_config *c, const char *text,
	uint32_t *strip, char *why)
{
	uint32_t number;

	if (check_whole(text, 1, c->strips, &number, why) < 0)
		return -EINVAL;
	*strip = number - 1;
	return 0;
}

int
model_config_pair(const char *text, uint32_t *pair, char *why)
{
	return check_whole(text, 1, PAIRS_MAX, pair, why);
}

int
model_config_rule(
	struct model_config *c, const struct model_rule *rule, char *why)
{
	int rc = check_room(c->rules, RULES_MAX, "rules", why);

	if (rc == 0 && rule->conditions == 0)
		rc = check_refuse(why, "needs a pattern");
	if (rc == 0)
		c->rule[c->rules++] = *rule;
	return rc;
}

int
model_config_match(struct model_config *c, const char *match, uint32_t strip,
	uint32_t pair, char *why)
{
	struct model_rule rule = {.strip = strip, .pair = pair};
	uint32_t at;
	int rc = rule_condition(&rule, "", match, &at, why);

	return rc < 0 ? rc : model_config_rule(c, &rule, why);
}

int
model_config_unlisted(struct model_config *c, const char *text, char *why)
{
	static const char *const words[] = {"auto", "ignore", NULL};
	uint32_t ignore = c->unlisted_ignore;
	int rc = check_word(text, words, &ignore, why);

	c->unlisted_ignore = ignore;
	return rc;
}

const char *const tempo_source_words[] = {
	[TEMPO_AUTO] = "auto",
	[TEMPO_MIDI] = "midi",
	[TEMPO_OWN] = "own",
	[TEMPO_OFF] = "off",
	[TEMPO_SOURCES] = NULL,
};

const char *const model_config_taps[] = {"take", "copy", "off", NULL};
_Static_assert(TAP_TAKE == 2 && TAP_COPY == 1 && TAP_OFF == 0,
	"a tap is kept as its mode, and told in the other order");

int
model_config_tap(struct model_config *c, const char *text, char *why)
{
	uint32_t tap;

	if (check_word(text, model_config_taps, &tap, why) < 0)
		return -EINVAL;
	c->tap = (enum tap_mode)(TAP_TAKE - tap);
	return 0;
}

/* ---- the whole ---- */

/* Made again of its parts, it is the same. A text that has no end is none. */

static int
check_buses(const struct model_config *config, char *why)
{
	struct model_config again = {.buses = 0};
	char part[CHECK_WHY_MAX];

	if (check_range(config->buses, 1, BUSES_MAX, part) < 0)
		return check_refuse(why, "the number of buses %s", part);
	for (uint32_t i = 0; i < config->buses; i++) {
		const char *name = config->bus_name[i];

		if (!memchr(name, '\0', BUS_NAME_MAX))
			return check_refuse(
				why, "the name of bus %u has no end", i + 1);
		if (model_config_bus(&again, name, part) < 0)
			return check_refuse(why, "bus \"%s\" %s", name, part);
	}
	return 0;
}

static int
check_routes(const struct model_config *config, char *why)
{
	struct model_config again = {.routes = 0};
	char part[CHECK_WHY_MAX];

	if (check_range(config->routes, 0, ROUTES_MAX, part) < 0)
		return check_refuse(why, "the number of routes %s", part);
	for (uint32_t i = 0; i < config->routes; i++) {
		const struct model_route *r = &config->route[i];

		if (!memchr(r->name, '\0', sizeof(r->name)))
			return check_refuse(
				why, "the name of route %u has no end", i + 1);
		if (model_config_route(&again, r->name, r->mask, part) < 0)
			return check_refuse(
				why, "route \"%s\" %s", r->name, part);
		if (r->mask >= 1u << config->buses)
			return check_refuse(why,
				"route \"%s\" has a bus that is not there",
				r->name);
	}
	return 0;
}

static int
check_strips(const struct model_config *config, char *why)
{
	char part[CHECK_WHY_MAX];

	if (check_range(config->strips, 1, STRIPS_MAX, part) < 0)
		return check_refuse(why, "the number of strips %s", part);
	for (uint32_t i = 0; i < config->strips; i++) {
		const char *name = config->strip_name[i];

		if (!memchr(name, '\0', PARAM_TEXT_MAX))
			return check_refuse(
				why, "the name of strip %u has no end", i + 1);
		if (check_text(name, PARAM_TEXT_MAX, part) < 0)
			return check_refuse(
				why, "the name of strip %u %s", i + 1, part);
	}
	return 0;
}

/* Its number, which is no word of it, where it is none. */
int
model_config_eq(struct model_config *config, const char *low, const char *high,
	char *why)
{
	double hz[2] = {config->eq_hz[0], config->eq_hz[1]};
	int rc = 0;

	if (low)
		rc = check_number(
			low, EQ_LOW_HZ_MIN, EQ_LOW_HZ_MAX, " Hz", &hz[0], why);
	if (rc == 0 && high)
		rc = check_number(high, EQ_HIGH_HZ_MIN, EQ_HIGH_HZ_MAX, " Hz",
			&hz[1], why);
	if (rc == 0 && hz[0] >= hz[1])
		rc = low ? check_refuse(why,
				   "must be below the upper one, %g Hz", hz[1])
			 : check_refuse(why,
				   "must be above the lower one, %g Hz", hz[0]);
	if (rc < 0)
		return rc;
	memcpy(config->eq_hz, hz, sizeof(hz));
	return 0;
}

static int
check_tap(const struct model_config *config, char *why)
{
	struct model_config again;
	char number[16], part[CHECK_WHY_MAX];

	if (config->tap <= TAP_TAKE)
		return 0;
	snprintf(number, sizeof(number), "%u", (unsigned)config->tap);
	model_config_tap(&again, number, part);
	return check_refuse(why, "tap \"%s\" %s", number, part);
}

static int
check_rules(const struct model_config *config, char *why)
{
	char part[CHECK_WHY_MAX];
	int rc = 0;

	if (check_range(config->rules, 0, RULES_MAX, part) < 0)
		return check_refuse(why, "the number of rules %s", part);
	for (uint32_t i = 0; rc == 0 && i < config->rules; i++)
		rc = rule_check(&config->rule[i], config->strips, why);
	return rc;
}

int
model_config_check(const struct model_config *config, char *why)
{
	int rc = check_strips(config, why);

	rc = rc < 0 ? rc : check_tap(config, why);
	rc = rc < 0 ? rc : check_buses(config, why);
	rc = rc < 0 ? rc : check_routes(config, why);
	return rc < 0 ? rc : check_rules(config, why);
}

/* ---- which one it is ---- */

static uint32_t
hash_text(uint32_t hash, const char *s)
{
	return hash_bytes(hash, s, strlen(s) + 1);
}

uint64_t
model_config_hash(const struct model_config *c)
{
	uint32_t h = hash_number(HASH_START, c->strips);

	h = hash_number(h, c->buses);
	h = hash_number(h, c->routes);
	for (uint32_t i = 0; i < c->buses; i++)
		h = hash_text(h, c->bus_name[i]);
	for (uint32_t i = 0; i < c->routes; i++) {
		h = hash_text(h, c->route[i].name);
		h = hash_number(h, c->route[i].mask);
	}
	return h;
}
