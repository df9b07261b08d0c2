/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/pipewire/sinks/node_level.h"

#include <string.h>

#include <spa/param/param.h>
#include <spa/param/props.h>
#include <spa/pod/builder.h>
#include <spa/pod/iter.h>
#include <spa/pod/parser.h>

#define CARD_PROFILE_DEVICE "card.profile.device"

/* ---- what is told ---- */

static bool
level_read(struct level *level, const struct spa_pod *props)
{
	struct level read = {.channels = 0};
	struct spa_pod *volumes = NULL;

	if (spa_pod_parse_object(props, SPA_TYPE_OBJECT_Props, NULL,
		    SPA_PROP_mute, SPA_POD_OPT_Bool(&read.mute),
		    SPA_PROP_channelVolumes, SPA_POD_OPT_Pod(&volumes)) < 0 ||
		!volumes)
		return false;
	read.channels = spa_pod_copy_array(
		volumes, SPA_TYPE_Float, read.channel, LEVEL_CHANNELS_MAX);
	for (uint32_t i = 0; i < read.channels; i++)
		if (!(read.channel[i] >= 0.0f)) /* NaN too */
			return false;
	if (read.channels == 0)
		return false;
	*level = read;
	return true;
}

static void
told(struct sink_level *s)
{
	s->heard++;
	s->changed(s->data);
}

static void
on_node_param(void *data, int seq, uint32_t id, uint32_t index, uint32_t next,
	const struct spa_pod *param)
{
	struct sink_level *s = data;

	(void)seq, (void)index, (void)next;
	if (id == SPA_PARAM_Props && level_read(&s->own, param))
		told(s);
}

static void
on_card_param(void *data, int seq, uint32_t id, uint32_t index, uint32_t next,
	const struct spa_pod *param)
{
	struct sink_level *s = data;
	struct spa_pod *props = NULL;
	int32_t route, device;

	(void)seq, (void)index, (void)next;
	if (id != SPA_PARAM_Route ||
		spa_pod_parse_object(param, SPA_TYPE_OBJECT_ParamRoute, NULL,
			SPA_PARAM_ROUTE_index, SPA_POD_Int(&route),
			SPA_PARAM_ROUTE_device, SPA_POD_Int(&device),
			SPA_PARAM_ROUTE_props, SPA_POD_OPT_Pod(&props)) < 0 ||
		device != s->route_device || !props ||
		!level_read(&s->route, props))
		return;
	s->route_index = route;
	told(s);
}

/* A card's device often lives in the session manager, and the daemon tells of
 * a change of its params but not what they are, whoever subscribes to them. */
static void
on_card_info(void *data, const struct pw_device_info *info)
{
	struct sink_level *s = data;

	if (!(info->change_mask & PW_DEVICE_CHANGE_MASK_PARAMS))
		return;
	for (uint32_t i = 0; i < info->n_params; i++) {
		if (info->params[i].id != SPA_PARAM_Route ||
			info->params[i].flags == s->route_flags)
			continue;
		s->route_flags = info->params[i].flags;
		pw_device_enum_params((struct pw_device *)s->card, 0,
			SPA_PARAM_Route, 0, UINT32_MAX, NULL);
	}
}

static const struct pw_node_events node_events = {
	PW_VERSION_NODE_EVENTS,
	.param = on_node_param,
};

static const struct pw_device_events card_events = {
	PW_VERSION_DEVICE_EVENTS,
	.info = on_card_info,
	.param = on_card_param,
};

const struct level *
level_now(const struct sink_level *s)
{
	if (s->route.channels)
		return &s->route;
	return s->own.channels ? &s->own : NULL;
}

/* ---- what is told of ---- */

static void
card_unbind(void *data)
{
	struct sink_level *s = data;

	if (s->card) {
		spa_hook_remove(&s->card_hook);
		spa_hook_remove(&s->card_proxy_hook);
		pw_proxy_destroy(s->card);
	}
	s->card = NULL;
	s->route.channels = 0;
	s->route_flags = 0;
}

void
level_unbind(struct sink_level *s)
{
	card_unbind(s);
	if (s->node) {
		spa_hook_remove(&s->node_hook);
		spa_hook_remove(&s->node_proxy_hook);
		pw_proxy_destroy(s->node);
	}
	memset(s, 0, sizeof(*s));
}

static void
on_node_removed(void *data)
{
	level_unbind(data);
}

static const struct pw_proxy_events card_proxy_events = {
	PW_VERSION_PROXY_EVENTS,
	.removed = card_unbind,
};

static const struct pw_proxy_events node_proxy_events = {
	PW_VERSION_PROXY_EVENTS,
	.removed = on_node_removed,
};

static void
card_bind(struct sink_level *s, const struct graph *g,
	const struct graph_object *sink)
{
	uint32_t id = pw_properties_get_uint32(
		sink->props, PW_KEY_DEVICE_ID, SPA_ID_INVALID);

	s->route_device =
		pw_properties_get_int32(sink->props, CARD_PROFILE_DEVICE, -1);
	if (id == SPA_ID_INVALID || s->route_device < 0)
		return;
	s->card = pw_registry_bind(g->registry, id, PW_TYPE_INTERFACE_Device,
		PW_VERSION_DEVICE, 0);
	if (!s->card)
		return;
	pw_proxy_add_object_listener(s->card, &s->card_hook, &card_events, s);
	pw_proxy_add_listener(
		s->card, &s->card_proxy_hook, &card_proxy_events, s);
}

void
level_bind(struct sink_level *s, const struct graph *g,
	const struct graph_object *sink, void (*changed)(void *data),
	void *data)
{
	uint32_t params[] = {SPA_PARAM_Props};

	level_unbind(s);
	s->changed = changed;
	s->data = data;
	if (!sink)
		return;
	s->node = pw_registry_bind(g->registry, sink->id,
		PW_TYPE_INTERFACE_Node, PW_VERSION_NODE, 0);
	if (!s->node)
		return;
	s->serial = sink->serial;
	pw_proxy_add_object_listener(s->node, &s->node_hook, &node_events, s);
	pw_proxy_add_listener(
		s->node, &s->node_proxy_hook, &node_proxy_events, s);
	card_bind(s, g, sink);
	pw_node_subscribe_params(
		(struct pw_node *)s->node, params, SPA_N_ELEMENTS(params));
}

/* ---- what is asked ---- */

static struct spa_pod *
level_build(struct spa_pod_builder *b, const struct level *level)
{
	return spa_pod_builder_add_object(b, SPA_TYPE_OBJECT_Props,
		SPA_PARAM_Props, SPA_PROP_mute, SPA_POD_Bool(level->mute),
		SPA_PROP_channelVolumes,
		SPA_POD_Array(sizeof(float), SPA_TYPE_Float, level->channels,
			level->channel));
}

void
level_set(struct sink_level *s, const struct level *level)
{
	uint8_t memory[1024];
	struct spa_pod_builder b = SPA_POD_BUILDER_INIT(memory, sizeof(memory));
	struct spa_pod *props, *route;

	if (!s->node)
		return;
	props = level_build(&b, level);
	if (!s->route.channels) {
		pw_node_set_param(
			(struct pw_node *)s->node, SPA_PARAM_Props, 0, props);
		return;
	}
	/* save: the session manager remembers it, as when a key did it */
	route = spa_pod_builder_add_object(&b, SPA_TYPE_OBJECT_ParamRoute,
		SPA_PARAM_Route, SPA_PARAM_ROUTE_index,
		SPA_POD_Int(s->route_index), SPA_PARAM_ROUTE_device,
		SPA_POD_Int(s->route_device), SPA_PARAM_ROUTE_props,
		SPA_POD_Pod(props), SPA_PARAM_ROUTE_save, SPA_POD_Bool(true));
	pw_device_set_param(
		(struct pw_device *)s->card, SPA_PARAM_Route, 0, route);
}
