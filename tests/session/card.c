/* SPDX-License-Identifier: GPL-3.0-or-later */
/* card NAME: a sound card as PipeWire shows one, without hardware: a device
 * with one active route, and the sink NAME that is its output. The volume is
 * the route's, in steps of a hundredth, as a card's mixer has them; the sink's
 * own is left alone. What is set is told LATE_NS later, as it was then, since
 * another process serves a card. One line on stdout for each change: the
 * channels' volumes, linear, "mute" or "on", and "save" where the session
 * manager is to keep it.
 */
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pipewire/pipewire.h>

#include <spa/monitor/device.h>
#include <spa/monitor/utils.h>
#include <spa/param/param.h>
#include <spa/param/props.h>
#include <spa/pod/builder.h>
#include <spa/pod/iter.h>
#include <spa/pod/parser.h>

#define LATE_NS 100000000

#define ROUTE  3
#define OUTPUT 7

struct state {
	float volume[2];
	bool mute;
};

struct card {
	struct pw_main_loop *loop;
	struct pw_core *core;
	struct pw_proxy *proxy, *sink;
	struct spa_hook proxy_hook;
	struct spa_device device;
	struct spa_hook_list hooks;
	struct spa_param_info param;
	const char *name;
	struct spa_source *late;
	struct state is, next, told;
	bool waits; /* next is about to be told */
};

static bool
is_told(const struct card *c)
{
	return c->is.mute == c->told.mute &&
	       !memcmp(c->is.volume, c->told.volume, sizeof(c->is.volume));
}

static void
tell(struct card *c, bool all)
{
	struct spa_device_info info = SPA_DEVICE_INFO_INIT();

	info.change_mask = SPA_DEVICE_CHANGE_MASK_PARAMS;
	info.params = &c->param;
	info.n_params = 1;
	if (!all)
		c->param.flags ^= SPA_PARAM_INFO_SERIAL;
	spa_device_emit_info(&c->hooks, &info);
}

static void
tell_later(struct card *c)
{
	struct timespec at = {0, LATE_NS};

	if (c->waits || is_told(c))
		return;
	c->waits = true;
	c->next = c->is;
	pw_loop_update_timer(
		pw_main_loop_get_loop(c->loop), c->late, &at, NULL, false);
}

static void
on_late(void *data, uint64_t expirations)
{
	struct card *c = data;

	(void)expirations;
	c->waits = false;
	c->told = c->next;
	tell(c, false);
	tell_later(c);
}

static int
on_add_listener(void *object, struct spa_hook *listener,
	const struct spa_device_events *events, void *data)
{
	struct card *c = object;
	struct spa_hook_list save;

	spa_hook_list_isolate(&c->hooks, &save, listener, events, data);
	tell(c, true);
	spa_hook_list_join(&c->hooks, &save);
	return 0;
}

static int
on_sync(void *object, int seq)
{
	struct card *c = object;

	spa_device_emit_result(&c->hooks, seq, 0, 0, NULL);
	return 0;
}

static int
on_enum_params(void *object, int seq, uint32_t id, uint32_t start, uint32_t max,
	const struct spa_pod *filter)
{
	struct card *c = object;
	struct spa_result_device_params result = {.id = id, .next = 1};
	uint8_t memory[1024];
	struct spa_pod_builder b = SPA_POD_BUILDER_INIT(memory, sizeof(memory));
	struct spa_pod *props;

	(void)max, (void)filter;
	if (id != SPA_PARAM_Route)
		return -ENOENT;
	if (start > 0)
		return 0;
	props = spa_pod_builder_add_object(&b, SPA_TYPE_OBJECT_Props,
		SPA_PARAM_Route, SPA_PROP_mute, SPA_POD_Bool(c->told.mute),
		SPA_PROP_channelVolumes,
		SPA_POD_Array(
			sizeof(float), SPA_TYPE_Float, 2, c->told.volume));
	result.param = spa_pod_builder_add_object(&b,
		SPA_TYPE_OBJECT_ParamRoute, SPA_PARAM_Route,
		SPA_PARAM_ROUTE_index, SPA_POD_Int(ROUTE),
		SPA_PARAM_ROUTE_direction, SPA_POD_Id(SPA_DIRECTION_OUTPUT),
		SPA_PARAM_ROUTE_device, SPA_POD_Int(OUTPUT),
		SPA_PARAM_ROUTE_name, SPA_POD_String("speaker"),
		SPA_PARAM_ROUTE_props, SPA_POD_Pod(props));
	spa_device_emit_result(
		&c->hooks, seq, 0, SPA_RESULT_TYPE_DEVICE_PARAMS, &result);
	return 0;
}

static void
props_read(struct card *c, const struct spa_pod *props)
{
	struct spa_pod *volumes = NULL;

	spa_pod_parse_object(props, SPA_TYPE_OBJECT_Props, NULL, SPA_PROP_mute,
		SPA_POD_OPT_Bool(&c->is.mute), SPA_PROP_channelVolumes,
		SPA_POD_OPT_Pod(&volumes));
	if (volumes)
		spa_pod_copy_array(volumes, SPA_TYPE_Float, c->is.volume, 2);
	for (int i = 0; i < 2; i++) {
		float step = roundf(cbrtf(c->is.volume[i]) * 100.0f) / 100.0f;

		c->is.volume[i] = step * step * step;
	}
}

static int
on_set_param(
	void *object, uint32_t id, uint32_t flags, const struct spa_pod *param)
{
	struct card *c = object;
	struct spa_pod *props = NULL;
	int32_t route, device;
	bool save = false;

	(void)flags;
	if (id != SPA_PARAM_Route || !param)
		return -ENOENT;
	if (spa_pod_parse_object(param, SPA_TYPE_OBJECT_ParamRoute, NULL,
		    SPA_PARAM_ROUTE_index, SPA_POD_Int(&route),
		    SPA_PARAM_ROUTE_device, SPA_POD_Int(&device),
		    SPA_PARAM_ROUTE_props, SPA_POD_OPT_Pod(&props),
		    SPA_PARAM_ROUTE_save, SPA_POD_OPT_Bool(&save)) < 0 ||
		route != ROUTE || device != OUTPUT)
		return -EINVAL;
	if (props)
		props_read(c, props);
	printf("%.2f %.2f %s%s\n", cbrtf(c->is.volume[0]),
		cbrtf(c->is.volume[1]), c->is.mute ? "mute" : "on",
		save ? " save" : "");
	tell_later(c);
	return 0;
}

static const struct spa_device_methods methods = {
	SPA_VERSION_DEVICE_METHODS,
	.add_listener = on_add_listener,
	.sync = on_sync,
	.enum_params = on_enum_params,
	.set_param = on_set_param,
};

static void
on_bound(void *data, uint32_t id)
{
	struct card *c = data;
	struct pw_properties *p = pw_properties_new(PW_KEY_FACTORY_NAME,
		"support.null-audio-sink", PW_KEY_NODE_NAME, c->name,
		PW_KEY_MEDIA_CLASS, "Audio/Sink", "audio.position", "[ FL FR ]",
		"monitor.channel-volumes", "false", PW_KEY_PRIORITY_SESSION,
		"500", NULL);

	pw_properties_setf(p, PW_KEY_DEVICE_ID, "%u", id);
	pw_properties_setf(p, "card.profile.device", "%d", OUTPUT);
	c->sink = pw_core_create_object(c->core, "adapter",
		PW_TYPE_INTERFACE_Node, PW_VERSION_NODE, &p->dict, 0);
	pw_properties_free(p);
}

static const struct pw_proxy_events proxy_events = {
	PW_VERSION_PROXY_EVENTS,
	.bound = on_bound,
};

static void
on_signal(void *data, int signal_number)
{
	struct card *c = data;

	(void)signal_number;
	pw_main_loop_quit(c->loop);
}

int
main(int argc, char **argv)
{
	struct card c = {.is = {.volume = {0.512f, 0.512f}}};
	struct spa_dict_item items[] = {{PW_KEY_MEDIA_CLASS, "Audio/Device"},
		{PW_KEY_DEVICE_NAME, "card"}};
	struct pw_context *context;

	if (argc != 2) {
		fprintf(stderr, "usage: card NAME\n");
		return 64;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	c.name = argv[1];
	c.param = SPA_PARAM_INFO(SPA_PARAM_Route, SPA_PARAM_INFO_READWRITE);
	spa_hook_list_init(&c.hooks);
	c.device.iface = SPA_INTERFACE_INIT(
		SPA_TYPE_INTERFACE_Device, SPA_VERSION_DEVICE, &methods, &c);
	pw_init(NULL, NULL);
	c.loop = pw_main_loop_new(NULL);
	c.told = c.is;
	c.late = pw_loop_add_timer(pw_main_loop_get_loop(c.loop), on_late, &c);
	pw_loop_add_signal(
		pw_main_loop_get_loop(c.loop), SIGTERM, on_signal, &c);
	context = pw_context_new(pw_main_loop_get_loop(c.loop), NULL, 0);
	c.core = pw_context_connect(context, NULL, 0);
	if (!c.core) {
		perror("card");
		return 69;
	}
	c.proxy = pw_core_export(c.core, SPA_TYPE_INTERFACE_Device,
		&SPA_DICT_INIT_ARRAY(items), &c.device, 0);
	pw_proxy_add_listener(c.proxy, &c.proxy_hook, &proxy_events, &c);
	pw_main_loop_run(c.loop);
	pw_core_disconnect(c.core);
	pw_context_destroy(context);
	pw_main_loop_destroy(c.loop);
	pw_deinit();
	return 0;
}
