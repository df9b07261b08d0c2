/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cable.
 *
 * The cable is there only while an engine runs: when it goes, WirePlumber sends
 * who plays into it to the default sink by itself, the same way as when a USB
 * headset is pulled out, and no program is left playing into nothing. Programs
 * whose user chose the cable are pointed to the next one.
 *
 * With grab, its priority makes it the default sink as long as it is there.
 * Nothing is written for that, so nothing can be left behind, and what the
 * user has configured stays the user's. Where that is not enough, see
 * driver/supervisor/park/default_sink.h. */
#include "driver/supervisor/park/park.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "driver/pipewire/sinks/sound_device.h"
#include "driver/timer.h"

/* Who was sent to the cable before this one, by its user, is sent here. */
static void
follow(struct park *p, struct park_node *n, const struct park_node *cable)
{
	struct metadata_value node = n->node, object = n->object;
	char old[32];

	snprintf(old, sizeof(old), "%" PRIu32, p->old_cable_id);
	if (node.set && !strcmp(node.value, old))
		snprintf(node.value, sizeof(node.value), "%" PRIu32, cable->id);
	snprintf(old, sizeof(old), "%" PRIu64, p->old_cable_serial);
	if (object.set && !strcmp(object.value, old))
		snprintf(object.value, sizeof(object.value), "%" PRIu64,
			cable->serial);
	if (metadata_value_same(&node, &n->node) &&
		metadata_value_same(&object, &n->object))
		return;
	if (n->state != PARK_FREE) {
		n->node = node;
		n->object = object;
		park_user_changed(p, n);
		return;
	}
	park_graph_write(&p->graph, n->id, KEY_NODE, &node);
	park_graph_write(&p->graph, n->id, KEY_OBJECT, &object);
}

static void
cable_here(struct park *p)
{
	struct park_node *cable = park_graph_by_id(&p->graph, p->cable_id);
	struct park_node *n;

	if (!p->cable_id || !cable)
		return;
	spa_list_for_each(n, &p->graph.nodes, link)
	{
		if (p->old_cable_serial && p->graph.is_ready)
			follow(p, n, cable);
	}
	p->old_cable_id = cable->id;
	p->old_cable_serial = cable->serial;
	default_want(p);
}

static void
on_bound(void *data, uint32_t global_id)
{
	struct park *p = data;

	p->cable_id = global_id;
	cable_here(p);
}

static void
on_removed(void *data)
{
	struct park *p = data;

	/* somebody has destroyed it (pw-cli destroy): it stays away */
	p->cable_id = 0;
	default_leave(p);
}

/* Its monitor could not be taken off, because something records it already. */
static void
on_spoilt(void *data, uint64_t count)
{
	struct park *p = data;

	(void)count;
	if (!p->cable_proxy)
		return;
	if (contest_lost(&p->spoilt)) {
		p->grab = false;
		park_say(p, "Tapdeck is not made the default sink: it "
			    "would become the default source too");
	}
	cable_drop(p);
	cable_make(p);
}

static void
on_error(void *data, int seq, int res, const char *message)
{
	struct park *p = data;

	(void)seq;
	if (p->cable_id && p->grab)
		pw_loop_signal_event(p->loop, p->cable_spoilt);
	else
		park_say(p, "no cable: %s (%s)", message, strerror(-res));
}

static void
start_drop(struct park *p)
{
	if (p->cable_start)
		pw_proxy_destroy(p->cable_start);
	p->cable_start = NULL;
}

/* From PipeWire 1.x on a sink tells nobody of the volume that is set on it
 * until it has run, and what plays into the cable is moved away at once. So
 * silence is played into it, for a moment. */
static void
start(struct park *p, uint32_t silent_id)
{
	struct pw_properties *props;

	if (p->cable_ran || p->cable_start || !p->cable_id)
		return;
	props = pw_properties_new(PW_KEY_OBJECT_LINGER, "false", NULL);
	if (!props)
		return;
	pw_properties_setf(props, PW_KEY_LINK_OUTPUT_NODE, "%u", silent_id);
	pw_properties_setf(props, PW_KEY_LINK_INPUT_NODE, "%u", p->cable_id);
	p->cable_start = pw_core_create_object(p->graph.core, "link-factory",
		PW_TYPE_INTERFACE_Link, PW_VERSION_LINK, &props->dict, 0);
	pw_properties_free(props);
}

static void
on_news_info(void *data, const struct pw_node_info *info)
{
	if (info->n_output_ports > 0)
		start(data, info->id);
}

static const struct pw_node_events news_node_events = {
	PW_VERSION_NODE_EVENTS,
	.info = on_news_info,
};

static void
news_drop(struct park *p)
{
	start_drop(p);
	if (!p->cable_news)
		return;
	spa_hook_remove(&p->cable_news_hook);
	pw_proxy_destroy(p->cable_news);
	p->cable_news = NULL;
}

static void
news_make(struct park *p)
{
	news_drop(p);
	p->cable_news = sound_device_news_new(p->graph.core);
	if (p->cable_news)
		pw_proxy_add_object_listener(p->cable_news, &p->cable_news_hook,
			&news_node_events, p);
}

/* So important a sink would make its monitor the default source as well, in the
 * place of the user's microphone: WirePlumber asks each sink for a monitor and
 * counts it as a source. 0.5 may have chosen it before it is gone, and does not
 * look again by itself. */
static void
on_info(void *data, const struct pw_node_info *info)
{
	struct park *p = data;
	bool monitor = info->n_output_ports > 0;

	if (info->state == PW_NODE_STATE_RUNNING) {
		p->cable_ran = true;
		start_drop(p);
	}
	if (!p->grab) {
		if (monitor && !p->cable_monitor)
			news_make(p);
	} else if (monitor) {
		if (info->change_mask & PW_NODE_CHANGE_MASK_OUTPUT_PORTS)
			sound_device_monitor_remove(p->cable_proxy);
	} else if (p->cable_monitor) { /* they may go without that mask */
		news_make(p);
	}
	p->cable_monitor = monitor;
}

static const struct pw_node_events cable_node_events = {
	PW_VERSION_NODE_EVENTS,
	.info = on_info,
};

static const struct pw_proxy_events cable_events = {
	PW_VERSION_PROXY_EVENTS,
	.bound = on_bound,
	.removed = on_removed,
	.error = on_error,
};

void
cable_make(struct park *p)
{
	if (!p->cable || p->cable_proxy || !p->engine_lives || !p->graph.core)
		return;
	p->cable_proxy = sound_device_cable_new(p->graph.core, p->grab);
	if (!p->cable_proxy) {
		park_say(p, "no cable: %s", strerror(errno));
		return;
	}
	pw_proxy_add_listener(p->cable_proxy, &p->cable_hook, &cable_events, p);
	pw_proxy_add_object_listener(
		p->cable_proxy, &p->cable_node_hook, &cable_node_events, p);
}

void
cable_drop(struct park *p)
{
	/* First, so that nobody is linked to what is about to go. */
	default_leave(p);
	if (p->cable_proxy) {
		spa_hook_remove(&p->cable_node_hook);
		spa_hook_remove(&p->cable_hook);
		pw_proxy_destroy(p->cable_proxy);
	}
	p->cable_proxy = NULL;
	p->cable_id = 0;
	p->cable_monitor = false;
	p->cable_ran = false;
	news_drop(p);
}

int
cable_open(struct park *p)
{
	p->cable_spoilt = pw_loop_add_event(p->loop, on_spoilt, p);
	return p->cable_spoilt ? default_open(p) : -ENOMEM;
}

void
cable_close(struct park *p)
{
	cable_lost(p);
	source_end(p->loop, &p->cable_spoilt);
	default_close(p);
}

void
cable_lost(struct park *p)
{
	cable_drop(p);
	default_lost(p);
	p->old_cable_id = 0;
	p->old_cable_serial = 0;
}

void
cable_ready(struct park *p)
{
	default_recover(p);
	cable_here(p);
}

void
cable_node_new(struct park *p, struct park_node *n)
{
	if (p->cable_id && n->id == p->cable_id)
		cable_here(p);
}
