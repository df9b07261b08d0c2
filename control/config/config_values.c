/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/config/config_values.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "control/util/name.h"
#include "control/osc/transport/osc_names.h"
#include "control/osc/transport/osc_peer.h"
#include "control/yaml/yaml_value.h"

_Static_assert(CONFIG_WHY_MAX == YAML_WHY_MAX, "one line for people");

struct reading {
	struct yaml_source in;
	const struct yaml_config *yaml;
	struct engine_config *to;
};

static int
read_text(const struct reading *r, const char *path, const char *text,
	size_t size_bytes, char *out)
{
	if (!name_is_printable(text))
		return yaml_refuse(&r->in, path,
			"must be UTF-8 text without control characters");
	if (strlen(text) >= size_bytes)
		return yaml_refuse(&r->in, path,
			"\"%.40s\" is too long; at most %zu "
			"bytes",
			text, size_bytes - 1);
	memset(out, 0, size_bytes);
	memcpy(out, text, strlen(text) + 1);
	return 0;
}

/* ---- strips ---- */

static int
read_match(const struct reading *r, const struct yaml_strip *y,
	const char *entry, uint32_t strip)
{
	char path[MARK_PATH_MAX], why[MODEL_CONFIG_WHY];
	uint32_t pair = 0;

	snprintf(path, sizeof(path), "%.40s.pair", entry);
	if (y->pair &&
		yaml_whole(&r->in, path, y->pair, 1, PAIRS_MAX, &pair) < 0)
		return -EINVAL;
	if (y->pair && y->match_count == 0)
		return yaml_refuse(
			&r->in, path, "needs match: whose outputs it chooses");
	for (uint32_t i = 0; i < y->match_count; i++) {
		snprintf(path, sizeof(path), "%.40s.match[%u]", entry, i);
		if (model_config_rule(
			    &r->to->model, y->match[i], strip, pair, why) < 0)
			return yaml_refuse(&r->in, path, "%s", why);
	}
	return 0;
}

static int
read_strip(const struct reading *r, const struct yaml_strip *y,
	const char *entry, bool *seen)
{
	struct model_config *c = &r->to->model;
	char path[MARK_PATH_MAX];
	uint32_t number = 1;
	int rc;

	snprintf(path, sizeof(path), "%.40s.number", entry);
	if (!y->number)
		return yaml_refuse(&r->in, entry,
			"needs a number, from 1 to %u", c->strips);
	rc = yaml_whole(&r->in, path, y->number, 1, c->strips, &number);
	if (rc < 0)
		return rc;
	if (seen[number - 1])
		return yaml_refuse(
			&r->in, path, "strip %u is there twice", number);
	seen[number - 1] = true;
	if (y->name) {
		snprintf(path, sizeof(path), "%.40s.name", entry);
		rc = read_text(r, path, y->name, PARAM_TEXT_MAX,
			c->strip_name[number - 1]);
	}
	return rc < 0 ? rc : read_match(r, y, entry, number - 1);
}

static int
read_strips(const struct reading *r)
{
	const struct yaml_config *y = r->yaml;
	bool seen[STRIPS_MAX] = {false};
	char path[MARK_PATH_MAX];
	int rc = 0;

	if (y->strips)
		rc = yaml_whole(&r->in, "strips", y->strips, 1, STRIPS_MAX,
			&r->to->model.strips);
	for (uint32_t i = 0; rc == 0 && i < y->strip_count; i++) {
		snprintf(path, sizeof(path), "strip[%u]", i);
		rc = read_strip(r, &y->strip[i], path, seen);
	}
	return rc;
}

/* ---- buses and routes ---- */

static int
read_bus(const struct reading *r, const struct yaml_bus *y, const char *entry)
{
	struct model_config *c = &r->to->model;
	char path[MARK_PATH_MAX], why[MODEL_CONFIG_WHY];

	snprintf(path, sizeof(path), "%.40s.name", entry);
	if (model_config_bus(c, y->name ? y->name : "", why) < 0)
		return yaml_refuse(&r->in, y->name ? path : entry, "%s", why);
	snprintf(path, sizeof(path), "%.40s.sink", entry);
	if (y->sink &&
		engine_config_sink(r->to, c->buses - 1, y->sink, why) < 0)
		return yaml_refuse(&r->in, path, "%s", why);
	return 0;
}

static int
read_buses(const struct reading *r)
{
	struct model_config *c = &r->to->model;
	char path[MARK_PATH_MAX];
	int rc = 0;

	if (!marks_find(r->in.marks, "buses"))
		return 0;
	if (r->yaml->buses_count < 1 || r->yaml->buses_count > BUSES_MAX)
		return yaml_refuse(&r->in, "buses", "%u of them; from 1 to %d",
			r->yaml->buses_count, BUSES_MAX);
	model_config_no_buses(c);
	memset(r->to->bus_sink, 0, sizeof(r->to->bus_sink));
	for (uint32_t i = 0; rc == 0 && i < r->yaml->buses_count; i++) {
		snprintf(path, sizeof(path), "buses[%u]", i);
		rc = read_bus(r, &r->yaml->buses[i], path);
	}
	return rc;
}

static int
read_route_buses(const struct reading *r, const struct yaml_route *y,
	const char *entry, uint32_t *mask)
{
	const struct model_config *c = &r->to->model;
	char path[MARK_PATH_MAX], allowed[BUSES_MAX * (BUS_NAME_MAX + 2)] = "";
	int bus;

	for (uint32_t i = 0; i < c->buses; i++) {
		size_t used = strlen(allowed);

		snprintf(allowed + used, sizeof(allowed) - used, "%s%s",
			i ? ", " : "", c->bus_name[i]);
	}
	snprintf(path, sizeof(path), "%.40s.buses", entry);
	if (!marks_find(r->in.marks, path))
		return yaml_refuse(&r->in, entry,
			"needs buses: a list of %s, or []", allowed);
	*mask = 0;
	for (uint32_t i = 0; i < y->buses_count; i++) {
		snprintf(path, sizeof(path), "%.40s.buses[%u]", entry, i);
		bus = model_config_bus_find(c, y->buses[i]);
		if (bus < 0)
			return yaml_refuse(&r->in, path,
				"no bus \"%.40s\"; one of %s", y->buses[i],
				allowed);
		*mask |= 1u << bus;
	}
	return 0;
}

static int
read_route(
	const struct reading *r, const struct yaml_route *y, const char *entry)
{
	struct model_config *c = &r->to->model;
	char path[MARK_PATH_MAX], why[MODEL_CONFIG_WHY];

	snprintf(path, sizeof(path), "%.40s.name", entry);
	if (model_config_route(c, y->name ? y->name : "", 0, why) < 0)
		return yaml_refuse(&r->in, y->name ? path : entry, "%s", why);
	return read_route_buses(r, y, entry, &c->route[c->routes - 1].mask);
}

static int
read_routes(const struct reading *r)
{
	struct model_config *c = &r->to->model;
	char path[MARK_PATH_MAX];
	int rc = 0;

	if (!marks_find(r->in.marks, "routes")) {
		model_config_routes(c);
		return 0;
	}
	if (r->yaml->routes_count < 1 || r->yaml->routes_count > ROUTES_MAX)
		return yaml_refuse(&r->in, "routes", "%u of them; from 1 to %d",
			r->yaml->routes_count, ROUTES_MAX);
	memset(c->route, 0, sizeof(c->route));
	c->routes = 0;
	for (uint32_t i = 0; rc == 0 && i < r->yaml->routes_count; i++) {
		snprintf(path, sizeof(path), "routes[%u]", i);
		rc = read_route(r, &r->yaml->routes[i], path);
	}
	return rc;
}

static const char *const switches[] = {
	"false", "true", "no", "yes", "off", "on", NULL};

/* ---- osc ---- */

static int
read_peers(const struct reading *r, const char *key, char *const *from,
	uint32_t count, char to[][64], bool port)
{
	char path[MARK_PATH_MAX];

	if (count > OSC_PEERS_MAX) {
		snprintf(path, sizeof(path), "osc.%s", key);
		return yaml_refuse(&r->in, path, "%u of them; at most %d",
			count, OSC_PEERS_MAX);
	}
	for (uint32_t i = 0; i < count; i++) {
		bool ok = port ? osc_name_is_push(from[i])
			       : osc_name_is_peer(from[i]);
		int rc;

		snprintf(path, sizeof(path), "osc.%s[%u]", key, i);
		if (!ok)
			return yaml_refuse(&r->in, path, "\"%.40s\" must be %s",
				from[i],
				port ? OSC_PUSH_WANTED : OSC_PEER_WANTED);
		rc = read_text(r, path, from[i], sizeof(to[i]), to[i]);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int
read_osc(const struct reading *r)
{
	const struct yaml_osc *y = r->yaml->osc;
	struct osc_config *osc = &r->to->osc;
	uint32_t port = osc->port, network;
	struct osc_peer peer;
	int rc = 0;

	if (!y)
		return 0;
	if (y->bind && osc_peer_parse(y->bind, 0, &peer) < 0)
		return yaml_refuse(&r->in, "osc.bind",
			"\"%.40s\" must be " OSC_BIND_WANTED, y->bind);
	if (y->bind)
		rc = read_text(
			r, "osc.bind", y->bind, sizeof(osc->bind), osc->bind);
	if (rc == 0 && y->port)
		rc = yaml_whole(&r->in, "osc.port", y->port, 0, 65535, &port);
	osc->port = (uint16_t)port;
	network = osc->network;
	if (rc == 0 && y->network)
		rc = yaml_word(
			&r->in, "osc.network", y->network, switches, &network);
	osc->network = network & 1;
	if (rc == 0 && marks_find(r->in.marks, "osc.peers")) {
		osc->peers = y->peers_count;
		rc = read_peers(
			r, "peers", y->peers, y->peers_count, osc->peer, false);
	}
	if (rc == 0 && marks_find(r->in.marks, "osc.push")) {
		osc->pushes = y->push_count;
		rc = read_peers(
			r, "push", y->push, y->push_count, osc->push, true);
	}
	return rc;
}

/* ---- the rest ---- */

static int
read_rest(const struct reading *r)
{
	static const char *const taps[] = {"off", "copy", "take", NULL};
	static const char *const rates[] = {
		"keep", "follow", "match-daw", NULL};
	static const char *const grabs[] = {"none", "new", NULL};
	const struct yaml_config *y = r->yaml;
	uint32_t tap = r->to->model.tap, grab = r->to->grab_new;
	uint32_t rate = r->to->rate;
	uint32_t cable = r->to->cable;
	int rc = 0;

	_Static_assert(RATE_FOLLOW == 1 && RATE_MATCH_DAW == 2, "rates");
	_Static_assert(TAP_OFF == 0 && TAP_COPY == 1 && TAP_TAKE == 2, "taps");
	if (y->tap)
		rc = yaml_word(&r->in, "tap", y->tap, taps, &tap);
	if (rc == 0 && y->rate)
		rc = yaml_word(&r->in, "rate", y->rate, rates, &rate);
	if (rc == 0 && y->grab)
		rc = yaml_word(&r->in, "grab", y->grab, grabs, &grab);
	if (rc == 0 && y->cable)
		rc = yaml_word(&r->in, "cable", y->cable, switches, &cable);
	if (rc == 0 && y->block && strcmp(y->block, "0") != 0)
		rc = yaml_whole(&r->in, "block", y->block, BLOCK_MIN, BLOCK_MAX,
			&r->to->block_frames);
	else if (y->block)
		r->to->block_frames = 0;
	if (rc < 0)
		return rc;
	r->to->model.tap = (enum tap_mode)tap;
	r->to->grab_new = grab;
	r->to->rate = (enum rate_mode)rate;
	r->to->cable = cable & 1;
	if (r->to->grab_new && !r->to->cable)
		return yaml_refuse(
			&r->in, "grab", "new needs the cable; cable: true");
	return 0;
}

int
config_values(struct engine_config *config, const struct yaml_config *yaml,
	const struct marks *marks, const char *file, char *why)
{
	struct reading r = {{file, marks, why}, yaml, config};
	int rc = read_strips(&r);

	rc = rc < 0 ? rc : read_buses(&r);
	rc = rc < 0 ? rc : read_routes(&r);
	rc = rc < 0 ? rc : read_osc(&r);
	return rc < 0 ? rc : read_rest(&r);
}
