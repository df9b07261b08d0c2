/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cable, and the default sink while the cable stands in its place.
 *
 * The cable is there only while an engine runs: when it goes, WirePlumber sends
 * who plays into it to the default sink by itself, the same way as when a USB
 * headset is pulled out, and no program is left playing into nothing. Programs
 * whose user chose the cable are pointed to the next one. */
#include "driver/ward_park.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <spa/utils/json.h>

#include "driver/pw_device.h"

#define KEY_CONFIGURED "default.configured.audio.sink"
#define KEY_EFFECTIVE  "default.audio.sink"
#define TYPE_JSON      "Spa:String:JSON"

/* {"name":"alsa_output.pci-0000"}; false when it is not that */
static bool
value_name(const struct ward_value *v, char *name, size_t size_bytes)
{
	struct spa_json it[2];
	char key[64];
	const char *at;

	name[0] = '\0';
	if (!v->set)
		return false;
	spa_json_init(&it[0], v->value, strlen(v->value));
	if (spa_json_enter_object(&it[0], &it[1]) <= 0)
		return false;
	while (spa_json_get_string(&it[1], key, sizeof(key)) > 0) {
		if (!strcmp(key, "name"))
			return spa_json_get_string(
				       &it[1], name, (int)size_bytes) > 0;
		if (spa_json_next(&it[1], &at) <= 0)
			break;
	}
	return false;
}

static bool
names_cable(const struct ward_value *v)
{
	char name[WARD_NAME_MAX];

	return value_name(v, name, sizeof(name)) &&
	       !strcmp(name, PW_DEVICE_CABLE_NAME);
}

/* ---- the real default sink ---- */

static const struct ward_node *
sink_named(struct ward_park *p, const char *name)
{
	const struct ward_node *n = ward_graph_by_name(&p->graph, name);

	return n && n->is_sink && strcmp(name, PW_DEVICE_CABLE_NAME) != 0
		       ? n
		       : NULL;
}

/* What WirePlumber would choose: the user's, the one before ours, the most
 * important one. */
static const struct ward_node *
real_sink(struct ward_park *p)
{
	char name[WARD_NAME_MAX];
	const struct ward_node *n, *best = NULL;

	if (value_name(&p->configured, name, sizeof(name)) &&
		(n = sink_named(p, name)))
		return n;
	if ((n = sink_named(p, p->effective)))
		return n;
	spa_list_for_each(n, &p->graph.nodes, link)
	{
		if (!n->is_sink || !strcmp(n->name, PW_DEVICE_CABLE_NAME))
			continue;
		if (!best || n->priority > best->priority)
			best = n;
	}
	return best;
}

static void
tell_main_sink(struct ward_park *p, bool again)
{
	const struct ward_node *n;

	if (!p->grabbed)
		return;
	n = real_sink(p);
	if (!again && !strcmp(p->main_sink, n ? n->name : ""))
		return;
	snprintf(p->main_sink, sizeof(p->main_sink), "%s", n ? n->name : "");
	p->events->main_sink(p->data, p->main_sink);
}

/* ---- the default ---- */

static void
write_cable(struct ward_park *p)
{
	struct ward_value v;

	ward_value_make(
		&v, TYPE_JSON, "{\"name\":\"" PW_DEVICE_CABLE_NAME "\"}");
	ward_graph_write(&p->graph, PW_ID_CORE, KEY_CONFIGURED, &v);
}

static int
note_default(struct ward_park *p)
{
	struct journal_default d = {.old = p->configured};
	int res;

	snprintf(d.sink, sizeof(d.sink), PW_DEVICE_CABLE_NAME);
	res = journal_default_put(p->journal, &d);
	if (res < 0)
		ward_park_say(p,
			"the default sink is left alone: the "
			"journal: %s",
			strerror(-res));
	return res;
}

static void
grab(struct ward_park *p)
{
	if (!p->grab || p->grabbed || !p->cable_id || !p->engine_lives ||
		!p->graph.is_ready || note_default(p) < 0)
		return;
	p->grabbed = true;
	p->default_leaving = false;
	write_cable(p);
	tell_main_sink(p, true);
}

static void
ungrab(struct ward_park *p)
{
	if (!p->grabbed)
		return;
	p->grabbed = false;
	ward_graph_write(&p->graph, PW_ID_CORE, KEY_CONFIGURED, &p->configured);
	/* The user may have chosen Tapdeck by hand: then nothing changes. */
	p->default_leaving = p->graph.is_ready && !names_cable(&p->configured);
	if (p->graph.is_ready && !p->default_leaving)
		journal_default_drop(p->journal);
}

static void
give_up(struct ward_park *p)
{
	ward_park_say(p, "another program sets the default sink as often as "
			 "we do; left alone");
	p->grabbed = false;
	p->grab = false;
	journal_default_drop(p->journal);
	p->events->main_sink(p->data, "");
}

static void
configured_changed(struct ward_park *p, const struct ward_value *v)
{
	p->ours_stands = names_cable(v);
	if (p->ours_stands) {
		/* Our word, unless the user has chosen Tapdeck by hand. */
		if (!journal_default_get(p->journal))
			p->configured = *v;
		return;
	}
	p->configured = *v;
	if (p->default_leaving) {
		p->default_leaving = false;
		journal_default_drop(p->journal);
	}
	if (!p->grabbed)
		return;
	/* The user chose another one: that is where main plays now. */
	if (ward_contest_lost(&p->contest)) {
		give_up(p);
		return;
	}
	if (note_default(p) == 0)
		write_cable(p);
	tell_main_sink(p, false);
}

void
cable_property(struct ward_park *p, const char *key, const struct ward_value *v)
{
	char name[WARD_NAME_MAX];

	if (!strcmp(key, KEY_CONFIGURED)) {
		configured_changed(p, v);
	} else if (!strcmp(key, KEY_EFFECTIVE)) {
		if (value_name(v, name, sizeof(name)) &&
			strcmp(name, PW_DEVICE_CABLE_NAME) != 0)
			memcpy(p->effective, name, sizeof(name));
	}
}

/* Puts back what the journal has, if the word is still ours. */
void
cable_recover(struct ward_park *p)
{
	const struct journal_default *d = journal_default_get(p->journal);

	if (!d || p->grabbed)
		return;
	if (!p->ours_stands) {
		journal_default_drop(p->journal);
		return;
	}
	p->configured = d->old;
	p->grabbed = true;
	ungrab(p);
}

/* ---- the cable ---- */

/* Who was sent to the cable before this one, by its user, is sent here. */
static void
follow(struct ward_park *p, struct ward_node *n, const struct ward_node *cable)
{
	struct ward_value node = n->node, object = n->object;
	char old[32];

	snprintf(old, sizeof(old), "%" PRIu32, p->old_cable_id);
	if (node.set && !strcmp(node.value, old))
		snprintf(node.value, sizeof(node.value), "%" PRIu32, cable->id);
	snprintf(old, sizeof(old), "%" PRIu64, p->old_cable_serial);
	if (object.set && !strcmp(object.value, old))
		snprintf(object.value, sizeof(object.value), "%" PRIu64,
			cable->serial);
	if (ward_value_same(&node, &n->node) &&
		ward_value_same(&object, &n->object))
		return;
	if (n->state != WARD_NODE_FREE) {
		n->node = node;
		n->object = object;
		ward_park_user_changed(p, n);
		return;
	}
	ward_graph_write(&p->graph, n->id, KEY_NODE, &node);
	ward_graph_write(&p->graph, n->id, KEY_OBJECT, &object);
}

static void
cable_here(struct ward_park *p)
{
	struct ward_node *cable = ward_graph_by_id(&p->graph, p->cable_id);
	struct ward_node *n;

	if (!p->cable_id || !cable)
		return;
	spa_list_for_each(n, &p->graph.nodes, link)
	{
		if (p->old_cable_serial && p->graph.is_ready)
			follow(p, n, cable);
	}
	p->old_cable_id = cable->id;
	p->old_cable_serial = cable->serial;
	grab(p);
}

static void
on_bound(void *data, uint32_t global_id)
{
	struct ward_park *p = data;

	p->cable_id = global_id;
	cable_here(p);
}

static void
on_removed(void *data)
{
	struct ward_park *p = data;

	/* somebody has destroyed it (pw-cli destroy): it stays away */
	ungrab(p);
	p->cable_id = 0;
}

static void
on_error(void *data, int seq, int res, const char *message)
{
	struct ward_park *p = data;

	(void)seq;
	ward_park_say(p, "no cable: %s (%s)", message, strerror(-res));
}

static const struct pw_proxy_events cable_events = {
	PW_VERSION_PROXY_EVENTS,
	.bound = on_bound,
	.removed = on_removed,
	.error = on_error,
};

static void
cable_make(struct ward_park *p)
{
	if (!p->cable || p->cable_proxy || !p->engine_lives || !p->graph.core)
		return;
	p->cable_proxy = pw_device_cable_new(p->graph.core);
	if (!p->cable_proxy) {
		ward_park_say(p, "no cable: %s", strerror(errno));
		return;
	}
	pw_proxy_add_listener(p->cable_proxy, &p->cable_hook, &cable_events, p);
}

static void
cable_drop(struct ward_park *p)
{
	if (p->cable_proxy) {
		spa_hook_remove(&p->cable_hook);
		pw_proxy_destroy(p->cable_proxy);
	}
	p->cable_proxy = NULL;
	p->cable_id = 0;
}

void
cable_connected(struct ward_park *p)
{
	cable_make(p);
}

void
cable_lost(struct ward_park *p)
{
	cable_drop(p);
	p->old_cable_id = 0;
	p->old_cable_serial = 0;
	cable_unready(p);
	p->effective[0] = '\0';
}

/* WirePlumber has kept our word over its restart or PipeWire's. */
void
cable_ready(struct ward_park *p)
{
	if (p->engine_lives)
		cable_here(p);
	else
		cable_recover(p);
}

/* The metadata is gone; WirePlumber has our word on disk, and the journal the
 * user's. */
void
cable_unready(struct ward_park *p)
{
	p->grabbed = false;
	p->default_leaving = false;
	p->ours_stands = false;
}

void
cable_node_new(struct ward_park *p, struct ward_node *n)
{
	if (p->cable_id && n->id == p->cable_id)
		cable_here(p);
	else if (n->is_sink)
		tell_main_sink(p, false);
}

void
cable_node_gone(struct ward_park *p, struct ward_node *n)
{
	if (n->is_sink)
		tell_main_sink(p, false);
}

void
cable_engine_lives(struct ward_park *p)
{
	cable_make(p);
	cable_here(p);
	tell_main_sink(p, true);
}

void
cable_engine_gone(struct ward_park *p)
{
	ungrab(p);
	cable_drop(p);
}
