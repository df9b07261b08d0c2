/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/pipewire/sinks/sound_device.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <spa/param/audio/format-utils.h>
#include <spa/param/param.h>
#include <spa/pod/builder.h>

#include "driver/pipewire/compat.h"
#include "driver/pipewire/graph/wireplumber.h"

#define OWN_NAMES "tapdeck."

/* Below the cable's: where there is no other sink that one is the default, and
 * never the silent one. */
#define PARK_PRIORITY "-1"

void
sound_device_loop_name(uint32_t number, char *name, size_t size_bytes)
{
	char bus[BUS_NAME_MAX];

	bus_name_of_loop(number, bus);
	snprintf(name, size_bytes, OWN_NAMES "%s", bus);
}

uint32_t
sound_device_loop_number(const char *node_name)
{
	int n = 0;

	if (node_name && !strncmp(node_name, OWN_NAMES, strlen(OWN_NAMES)))
		n = bus_name_loop(node_name + strlen(OWN_NAMES));
	return n > 0 ? (uint32_t)n : 0;
}

/* Lowest of all: no program is to be sent here because nothing else is there,
 * and no graph is to be driven by it while a sound card could. */
static struct pw_properties *
null_sink(const char *name, const char *media_class, const char *description)
{
	return pw_properties_new(PW_KEY_FACTORY_NAME, "support.null-audio-sink",
		PW_KEY_NODE_NAME, name, PW_KEY_MEDIA_CLASS, media_class,
		"audio.position", "[ FL FR ]", PW_KEY_NODE_VIRTUAL, "true",
		PW_KEY_PRIORITY_SESSION, "0", PW_KEY_PRIORITY_DRIVER, "0",
		"device.routes", "1", "monitor.channel-volumes", "false",
		"monitor.passthrough", "true", PW_KEY_NODE_DESCRIPTION,
		description, PW_KEY_OBJECT_LINGER, "false", NULL);
}

struct pw_properties *
sound_device_loop_properties(uint32_t number)
{
	char name[SOUND_DEVICE_NAME_MAX];
	struct pw_properties *p;

	sound_device_loop_name(number, name, sizeof(name));
	p = null_sink(name, "Audio/Source/Virtual", "Tapdeck Loopback");
	if (!p)
		return NULL;
	if (number > 1)
		pw_properties_setf(p, PW_KEY_NODE_DESCRIPTION,
			"Tapdeck Loopback %u", number);
	/* A recorder keeps it open over tapdeck's restarts. */
	pw_properties_set(p, PW_KEY_OBJECT_LINGER, "true");
	pw_properties_set(p, PW_KEY_NODE_PAUSE_ON_IDLE, "false");
	pw_properties_set(p, "session.suspend-timeout-seconds", "0");
	pw_properties_set(p, PW_KEY_NODE_ALWAYS_PROCESS, "true");
	return p;
}

static struct pw_proxy *
node_new(struct pw_core *core, struct pw_properties *p)
{
	struct pw_proxy *proxy;

	if (!p) {
		errno = ENOMEM;
		return NULL;
	}
	proxy = pw_core_create_object(core, "adapter", PW_TYPE_INTERFACE_Node,
		PW_VERSION_NODE, &p->dict, 0);
	pw_properties_free(p);
	return proxy;
}

struct pw_proxy *
sound_device_loop_create(struct pw_core *core, uint32_t number, bool for_run)
{
	struct pw_properties *p = sound_device_loop_properties(number);

	if (p && for_run)
		pw_properties_set(p, SOUND_DEVICE_FOR_RUN, "true");
	return node_new(core, p);
}

struct pw_proxy *
sound_device_park_new(struct pw_core *core, const char *name)
{
	struct pw_properties *p =
		null_sink(name, "Audio/Sink", "Tapdeck strips (silent)");

	if (p) {
		pw_properties_set(p, PW_KEY_PRIORITY_SESSION, PARK_PRIORITY);
		pw_properties_set(p, PW_KEY_NODE_GROUP, compat_group());
	}
	return node_new(core, p);
}

struct pw_proxy *
sound_device_cable_new(struct pw_core *core, bool grab)
{
	struct pw_properties *p =
		null_sink(SOUND_DEVICE_CABLE_NAME, "Audio/Sink", "Tapdeck");

	if (p)
		pw_properties_set(p, PW_KEY_NODE_GROUP, compat_group());
	if (p && grab)
		pw_properties_set(
			p, PW_KEY_PRIORITY_SESSION, WIREPLUMBER_PRIORITY_MAX);
	return node_new(core, p);
}

struct pw_proxy *
sound_device_news_new(struct pw_core *core)
{
	return node_new(
		core, null_sink(SOUND_DEVICE_CABLE_NAME ".news",
			      "Audio/Sink/Internal", "Tapdeck, internal"));
}

static void
configure(struct pw_proxy *sink, enum spa_direction side,
	enum spa_param_port_config_mode mode, struct spa_audio_info_raw *audio)
{
	uint8_t memory[1024];
	struct spa_pod_builder b;
	struct spa_pod_frame frame;
	struct spa_pod *config;

	spa_pod_builder_init(&b, memory, sizeof(memory));
	spa_pod_builder_push_object(&b, &frame, SPA_TYPE_OBJECT_ParamPortConfig,
		SPA_PARAM_PortConfig);
	spa_pod_builder_add(&b, SPA_PARAM_PORT_CONFIG_direction,
		SPA_POD_Id(side), SPA_PARAM_PORT_CONFIG_mode, SPA_POD_Id(mode),
		SPA_PARAM_PORT_CONFIG_monitor, SPA_POD_Bool(false), 0);
	if (audio) {
		spa_pod_builder_prop(&b, SPA_PARAM_PORT_CONFIG_format, 0);
		spa_format_audio_raw_build(&b, SPA_PARAM_Format, audio);
	}
	config = spa_pod_builder_pop(&b, &frame);
	pw_node_set_param(
		(struct pw_node *)sink, SPA_PARAM_PortConfig, 0, config);
}

void
sound_device_monitor_remove(struct pw_proxy *sink)
{
	struct spa_audio_info_raw stereo = {
		.format = SPA_AUDIO_FORMAT_F32P,
		.rate = 48000, /* one must be given; the graph's counts */
		.channels = 2,
		.position = {SPA_AUDIO_CHANNEL_FL, SPA_AUDIO_CHANNEL_FR},
	};
	struct spa_audio_info_raw mono = {
		.format = SPA_AUDIO_FORMAT_F32P,
		.rate = 48000,
		.channels = 1,
		.position = {SPA_AUDIO_CHANNEL_MONO},
	};

	if (compat_counts_monitors()) {
		configure(sink, SPA_DIRECTION_OUTPUT,
			SPA_PARAM_PORT_CONFIG_MODE_dsp, &mono);
		configure(sink, SPA_DIRECTION_OUTPUT,
			SPA_PARAM_PORT_CONFIG_MODE_convert, NULL);
	}
	/* Not suspended before that: PipeWire 0.3.65 crashes when the ports of
	 * a linked node are made anew, and refuses it for one that runs. */
	configure(sink, SPA_DIRECTION_INPUT, SPA_PARAM_PORT_CONFIG_MODE_dsp,
		&stereo);
}

void
sound_device_command(struct pw_registry *registry, uint32_t node_id,
	enum spa_node_command what)
{
	struct pw_node *node = pw_registry_bind(
		registry, node_id, PW_TYPE_INTERFACE_Node, PW_VERSION_NODE, 0);

	if (!node)
		return;
	pw_node_send_command(node, &SPA_NODE_COMMAND_INIT(what));
	pw_proxy_destroy((struct pw_proxy *)node);
}

void
sound_device_start(const struct graph_object *sink)
{
	if (!spa_list_is_empty(&sink->links_in) ||
		!spa_list_is_empty(&sink->links_out))
		sound_device_command(sink->graph->registry, sink->id,
			SPA_NODE_COMMAND_Start);
}
