/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/console.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/console_state.h"
#include "core/mixer.h"
#include "driver/ward.h"

#define RETRY_NS 5000000u /* the mixer's queue had no room */

_Static_assert(sizeof(struct keep) <= (size_t)WARD_MEMORY_BYTES,
	"the values fit what the supervisor shares");
_Static_assert(ROUTES_MAX <= PARAM_CHOICES_MAX, "a route is a choice");
_Static_assert(STRIPS_MAX < SLUG_HASH / 2 && STRIPS_MAX < PLACE_BUS, "");

/* ---- configuration ---- */

void
console_config_init(struct console_config *config)
{
	memset(config, 0, sizeof(*config));
	config->strips = 16;
	config->buses = 2;
	strcpy(config->bus_name[0], "main");
	strcpy(config->bus_name[1], "loop");
	config->tap = TAP_TAKE;
	console_config_routes(config);
}

static void
route_add(struct console_config *config, const char *name, uint32_t mask)
{
	struct console_route *r = &config->route[config->routes++];

	name_copy(r->name, sizeof(r->name), name);
	r->mask = mask;
}

/* The bus of this name, or the first of another name. */
static int
bus_like(const struct console_config *config, const char *start)
{
	for (uint32_t i = 0; i < config->buses; i++) {
		if (!strncmp(config->bus_name[i], start, strlen(start)))
			return (int)i;
	}
	return -1;
}

/* both: heard and recorded, as an app sounds without a mixer. */
void
console_config_routes(struct console_config *config)
{
	int room = bus_like(config, "main"), loop = bus_like(config, "loop");

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

/* A part of an address: no '/', no blank, nothing that a pattern means. */
static bool
is_address_part(const char *name, size_t size_bytes)
{
	size_t length = strnlen(name, size_bytes);

	return length > 0 && length < size_bytes &&
	       strspn(name,
		       "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		       "0123456789_-.") == length;
}

static bool
buses_are_valid(const struct console_config *config)
{
	if (config->buses < 1 || config->buses > BUSES_MAX)
		return false;
	for (uint32_t i = 0; i < config->buses; i++) {
		if (!is_address_part(config->bus_name[i], BUS_NAME_MAX))
			return false;
		for (uint32_t k = 0; k < i; k++) {
			if (!strcmp(config->bus_name[i], config->bus_name[k]))
				return false;
		}
	}
	return true;
}

static bool
routes_are_valid(const struct console_config *config)
{
	if (config->routes < 1 || config->routes > ROUTES_MAX)
		return false;
	for (uint32_t i = 0; i < config->routes; i++) {
		const struct console_route *r = &config->route[i];

		if (!is_address_part(r->name, sizeof(r->name)) ||
			!strcmp(r->name, "custom") ||
			r->mask >= 1u << config->buses)
			return false;
		for (uint32_t k = 0; k < i; k++) {
			if (!strcmp(r->name, config->route[k].name))
				return false;
		}
	}
	return true;
}

static bool
strips_are_valid(const struct console_config *config)
{
	if (config->strips < 1 || config->strips > STRIPS_MAX ||
		config->rules > RULES_MAX || config->tap > TAP_TAKE)
		return false;
	for (uint32_t i = 0; i < config->strips; i++) {
		if (!memchr(config->strip_name[i], '\0', PARAM_TEXT_MAX) ||
			!name_is_printable(config->strip_name[i]))
			return false;
	}
	for (uint32_t i = 0; i < config->rules; i++) {
		if (config->rule[i].strip >= config->strips ||
			!memchr(config->rule[i].match, '\0', APP_KEY_MAX))
			return false;
	}
	return true;
}

/* ---- the console ---- */

size_t
console_memory_bytes(void)
{
	return sizeof(struct keep);
}

int
console_new(
	struct console **out, const struct console_config *config, void *memory)
{
	struct console *c;
	int rc;

	*out = NULL;
	if ((uintptr_t)memory % _Alignof(struct keep))
		return -EINVAL;
	c = calloc(1, sizeof(*c));
	if (!c)
		return -ENOMEM;
	c->config = *config;
	c->keep = memory;
	rc = -EINVAL;
	if (buses_are_valid(config)) {
		console_config_routes(&c->config);
		if (routes_are_valid(&c->config) && strips_are_valid(config))
			rc = 0;
	}
	if (rc == 0) {
		for (uint32_t i = 0; i < c->config.rules; i++)
			c->reserved[c->config.rule[i].strip] = true;
		keep_open(c->keep, &c->config);
		rc = schedule_new(&c->schedule);
	}
	if (rc == 0)
		rc = params_init(&c->params, c);
	if (rc < 0) {
		console_free(c);
		return rc;
	}
	console_take_over(c);
	*out = c;
	return 0;
}

void
console_free(struct console *c)
{
	if (!c)
		return;
	schedule_free(c->schedule);
	params_done(&c->params);
	free(c->app);
	free(c);
}

struct params *
console_params(struct console *c)
{
	return &c->params;
}

const struct console_config *
console_config(const struct console *c)
{
	return &c->config;
}

void
console_mixer_start(struct console *c, struct mixer *m, uint32_t rate_hz)
{
	c->mixer = m;
	c->rate_hz = rate_hz;
	c->last_frame = 0;
	memset(c->said, 0, sizeof(c->said));
	schedule_mixer_gone(c->schedule);
	params_dirty_all(&c->params);
	params_flush(&c->params);
	console_wake(c);
}

void
console_mixer_stop(struct console *c)
{
	c->mixer = NULL;
	schedule_mixer_gone(c->schedule);
}

void
console_set_wake(struct console *c, void (*wake)(void *data), void *data)
{
	c->wake = wake;
	c->wake_data = data;
}

void
console_wake(struct console *c)
{
	if (c->wake)
		c->wake(c->wake_data);
}

uint64_t
console_run(struct console *c, uint64_t now_ns)
{
	uint64_t next_ns = schedule_run(c, now_ns);

	if (!params_flush(&c->params) && next_ns > RETRY_NS)
		next_ns = RETRY_NS;
	return next_ns;
}
