/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/cli/run_options.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "control/cli/options.h"
#include "control/util/check.h"

/* Names of buses may come after what refers to them: routes and rules are
 * kept as text until all is read. */
struct run_options {
	struct engine_config *config;
	bool buses_given, network, no_cable, fresh, quiet;
	uint32_t routes, rules;
	const char *route[ROUTES_MAX];
	const char *rule[RULES_MAX];
};

#define PAIR ",pair="

static int
set_strips(void *data, const char *value, char *why)
{
	struct run_options *o = data;

	return model_config_strips(&o->config->model, value, why);
}

static int
set_bus(void *data, const char *value, char *why)
{
	struct run_options *o = data;
	struct model_config *c = &o->config->model;
	size_t length = strcspn(value, "=");
	const char *sink = value[length] ? value + length + 1 : "";
	char name[64], part[CHECK_WHY_MAX];

	if (!o->buses_given) {
		o->buses_given = true;
		model_config_no_buses(c);
		memset(o->config->bus_sink, 0, sizeof(o->config->bus_sink));
	}
	snprintf(name, sizeof(name), "%.*s", (int)length, value);
	if (model_config_bus(c, name, part) < 0)
		return option_refuse_part(why, name, part);
	if (engine_config_sink(o->config, c->buses - 1, sink, part) < 0)
		return option_refuse_part(why, sink, part);
	return 0;
}

static int
set_route(void *data, const char *value, char *why)
{
	struct run_options *o = data;

	if (check_room(o->routes, ROUTES_MAX, "routes", why) < 0)
		return -EINVAL;
	o->route[o->routes++] = value;
	return 0;
}

static int
set_rule(void *data, const char *value, char *why)
{
	struct run_options *o = data;

	if (check_room(o->rules, RULES_MAX, "rules", why) < 0)
		return -EINVAL;
	o->rule[o->rules++] = value;
	return 0;
}

static int
set_tap(void *data, const char *value, char *why)
{
	struct run_options *o = data;

	return model_config_tap(&o->config->model, value, why);
}

static int
set_port(void *data, const char *value, char *why)
{
	struct run_options *o = data;

	return osc_config_port(&o->config->osc, value, why);
}

static int
set_bind(void *data, const char *value, char *why)
{
	struct run_options *o = data;

	return osc_config_bind(&o->config->osc, value, why);
}

static int
set_peer(void *data, const char *value, char *why)
{
	struct run_options *o = data;

	return osc_config_peer(&o->config->osc, value, why);
}

static int
set_push(void *data, const char *value, char *why)
{
	struct run_options *o = data;

	return osc_config_push(&o->config->osc, value, why);
}

static int
set_block(void *data, const char *value, char *why)
{
	struct run_options *o = data;

	return engine_config_block(o->config, value, why);
}

static int
set_rate(void *data, const char *value, char *why)
{
	struct run_options *o = data;

	return engine_config_rate(o->config, value, why);
}

static int
set_grab(void *data, const char *value, char *why)
{
	struct run_options *o = data;

	return engine_config_grab(o->config, value, why);
}

static const struct option_row rows[] = {
	OPTION("strips", "N", set_strips, "mixer strips, 1..64 (16)"),
	OPTION("bus", "NAME[=SINK]", set_bus,
		"a bus, and the sink it plays into; repeat for each. Instead "
		"of the usual two: main, which plays into the default sink, "
		"and loop, which is recorded"),
	OPTION("route", "NAME=BUS+BUS", set_route,
		"one more choice of buses for a strip's route; an existing "
		"name is redefined. The first, both, is what a new app gets"),
	OPTION("rule", "PATTERN=STRIP[,pair=N]", set_rule,
		"an app whose name or key matches goes to this strip: "
		"--rule '*spotify*=1'. Of one with more than two outputs, "
		"pair 1 is the first two, pair 2 the next two"),
	OPTION("tap", "take|copy|off", set_tap,
		"how new apps are tapped: taken (heard only through "
		"tapdeck), copied, or left alone (take)"),
	OPTION_FLAG("network", run_options, network,
		"for tablets: OSC on every network of this machine, heard from "
		"its private subnets, or from those of --osc-peer; says what "
		"to type into the tablet"),
	OPTION("osc-port", "N", set_port,
		"OSC over UDP and TCP (9000; 0: any free)"),
	OPTION("osc-bind", "ADDR", set_bind,
		"listen on this address (127.0.0.1)"),
	OPTION("osc-peer", "HOST", set_peer,
		"who may speak when listening on a network: an address, a "
		"subnet (192.168.1.0/24) or a name; repeatable"),
	OPTION("osc-push", "HOST:PORT", set_push,
		"send every change there, unasked: 192.168.1.20:9001 or "
		"tablet.local:9001; repeatable"),
	OPTION("block", "N", set_block,
		"ask PipeWire for this quantum, 16..8192 frames; 0: for none"),
	OPTION("rate", "keep|follow|match-daw", set_rate,
		"the graph's rate, of those that PipeWire's settings allow: as "
		"it is, of the program that begins when nothing else plays, or "
		"of the program that records Tapdeck Loopback (keep)"),
	OPTION("grab", "none|new", set_grab,
		"new: make Tapdeck the default output while it runs, so that "
		"new programs are taken from their first sample (none)"),
	OPTION_FLAG("no-cable", run_options, no_cable,
		"do not make the output Tapdeck"),
	OPTION_FLAG("fresh", run_options, fresh,
		"begin with first values: the last run's are neither read nor "
		"written over, and this run's are not kept"),
	OPTION_FLAG("quiet", run_options, quiet, "say errors only"),
	OPTION_END,
};

static const struct command command = {
	.name = "run",
	.operands = "",
	.about = "Taps every program that plays, gives each one a mixer strip, "
		 "and feeds the mix to the room and to the capture device "
		 "Tapdeck Loopback. Runs until Ctrl-C; then every program "
		 "plays again where it did before.",
	.options = rows,
	.after = "Examples:\n"
		 "  tapdeck run\n"
		 "  tapdeck run --strips 8 --rule '*spotify*=1' --tap copy\n"
		 "  tapdeck run --bus main --bus cue=alsa_output.usb-phones "
		 "--bus loop\n"
		 "\n"
		 "Exit codes: 0 stopped as asked, 64 bad option, 69 no "
		 "PipeWire, 75 port or session in use by another tapdeck, 78 "
		 "bad configuration file",
};

/* "BUS+BUS" */
static int
mask_parse(const struct model_config *c, const char *text, uint32_t *mask,
	char *why)
{
	char name[64], part[CHECK_WHY_MAX];

	*mask = 0;
	for (;;) {
		size_t n = strcspn(text, "+");

		snprintf(name, sizeof(name), "%.*s", (int)n, text);
		if (model_config_send(c, name, mask, part) < 0)
			return option_refuse_part(why, name, part);
		if (!text[n])
			return 0;
		text += n + 1;
	}
}

/* "NAME=BUS+BUS": a redefined route keeps its place, and so its index. */
static int
route_resolve(struct model_config *c, const char *text, char *why)
{
	size_t length = strcspn(text, "=");
	char name[64], part[CHECK_WHY_MAX];
	uint32_t mask;
	int r;

	if (!text[length])
		return check_refuse(why, "must be NAME=BUS+BUS");
	snprintf(name, sizeof(name), "%.*s", (int)length, text);
	if (mask_parse(c, text + length + 1, &mask, why) < 0)
		return -EINVAL;
	r = model_config_route_find(c, name);
	if (r >= 0)
		c->route[r].mask = mask;
	else if (model_config_route(c, name, mask, part) < 0)
		return option_refuse_part(why, name, part);
	return 0;
}

/* Of "PATTERN=STRIP", without the pair that may come behind it. */
static size_t
rule_length(const char *text)
{
	const char *end = text + strlen(text), *next = text;

	while ((next = strstr(next, PAIR)))
		end = next++;
	return (size_t)(end - text);
}

static int
rule_resolve(struct model_config *c, const char *text, char *why)
{
	size_t length = rule_length(text);
	char match[2 * APP_KEY_MAX], number[16], part[CHECK_WHY_MAX];
	const char *equals = memrchr(text, '=', length);
	uint32_t strip, pair = 0;

	if (!equals || equals == text)
		return check_refuse(why, "must be PATTERN=STRIP or "
					 "PATTERN=STRIP,pair=N");
	snprintf(number, sizeof(number), "%.*s",
		(int)(text + length - equals - 1), equals + 1);
	if (model_config_strip(c, number, &strip, part) < 0)
		return check_refuse(why, "the strip %s", part);
	if (text[length] && model_config_pair(text + length + strlen(PAIR),
				    &pair, part) < 0)
		return check_refuse(why, "the pair %s", part);
	snprintf(match, sizeof(match), "%.*s", (int)(equals - text), text);
	if (model_config_match(c, match, strip, pair, part) < 0)
		return option_refuse_part(why, match, part);
	return 0;
}

static bool
resolve_each(struct model_config *c, const char *option,
	const char *const *text, uint32_t count,
	int (*one)(struct model_config *c, const char *text, char *why))
{
	char why[CHECK_WHY_MAX];

	for (uint32_t i = 0; i < count; i++)
		if (one(c, text[i], why) < 0) {
			command_fail(
				"run", 0, "--%s %s: %s", option, text[i], why);
			return false;
		}
	return true;
}

static bool
resolve(struct run_options *o)
{
	struct model_config *c = &o->config->model;
	char why[CHECK_WHY_MAX];

	o->config->osc.network |= o->network;
	o->config->cable &= !o->no_cable;
	o->config->fresh |= o->fresh;
	o->config->quiet |= o->quiet;
	model_config_routes(c);
	if (!resolve_each(c, "route", o->route, o->routes, route_resolve) ||
		!resolve_each(c, "rule", o->rule, o->rules, rule_resolve))
		return false;
	if (engine_config_fits(o->config, why) < 0)
		command_fail("run", 0, "--grab new: %s", why);
	else if (engine_config_check(o->config, why) < 0)
		command_fail(
			"run", 0, "options and tapdeck.yaml together: %s", why);
	else
		return true;
	return false;
}

bool
run_options_parse(
	struct engine_config *config, int argc, char **argv, int *exit_code)
{
	struct run_options o = {.config = config};

	if (options_parse(&command, &o, argc, argv, exit_code) < 0)
		return false;
	*exit_code = EX_USAGE;
	return resolve(&o);
}
