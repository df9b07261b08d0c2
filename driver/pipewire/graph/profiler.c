/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/pipewire/graph/profiler.h"

#include <string.h>

#include <pipewire/extensions/profiler.h>
#include <pipewire/impl.h>
#include <spa/param/profiler.h>
#include <spa/pod/iter.h>
#include <spa/pod/parser.h>

/* The driver's and a follower's begin alike; later versions append. */
static bool
turn_read(struct turn *t, const struct spa_pod *value)
{
	struct spa_pod_parser parser;
	const char *name;
	int64_t before, signal, awake, finish = 0;
	int32_t id = 0, status = 0;

	spa_pod_parser_pod(&parser, value);
	if (spa_pod_parser_get_struct(&parser, SPA_POD_Int(&id),
		    SPA_POD_String(&name), SPA_POD_Long(&before),
		    SPA_POD_Long(&signal), SPA_POD_Long(&awake),
		    SPA_POD_Long(&finish), SPA_POD_Int(&status)) < 0)
		return false;
	t->node_id = (uint32_t)id;
	t->status = (uint32_t)status;
	t->finish_ns = (uint64_t)finish;
	t->signal_ns = (uint64_t)signal;
	t->due_ns = 0;
	return true;
}

/* When the cycle began by its driver's clock; 0: it is not told */
static uint64_t
due_read(const struct spa_pod *value)
{
	struct spa_pod_parser parser;
	const char *name;
	int32_t flags, id;
	int64_t ns = 0;

	spa_pod_parser_pod(&parser, value);
	if (spa_pod_parser_get_struct(&parser, SPA_POD_Int(&flags),
		    SPA_POD_Int(&id), SPA_POD_String(&name),
		    SPA_POD_Long(&ns)) < 0)
		return 0;
	return (uint64_t)ns;
}

static void
cycle_read(struct profiler *p, const struct spa_pod *object)
{
	struct spa_pod_prop *prop;
	uint64_t due_ns = 0;
	uint32_t n = 0;

	SPA_POD_OBJECT_FOREACH((struct spa_pod_object *)object, prop)
	{
		if (prop->key == SPA_PROFILER_clock)
			due_ns = due_read(&prop->value);
		if ((prop->key == SPA_PROFILER_driverBlock ||
			    prop->key == SPA_PROFILER_followerBlock) &&
			n < TURNS_MAX && turn_read(&p->turns[n], &prop->value))
			n++;
	}
	p->turns[0].due_ns = due_ns;
	if (n > 0)
		p->heard(p->data, p->turns, n);
}

static void
on_profile(void *data, const struct spa_pod *pod)
{
	struct profiler *p = data;
	struct spa_pod *object;

	if (!spa_pod_is_struct(pod))
		return;
	SPA_POD_STRUCT_FOREACH(pod, object)
	{
		if (spa_pod_is_object_type(object, SPA_TYPE_OBJECT_Profiler))
			cycle_read(p, object);
	}
}

static const struct pw_profiler_events events = {
	PW_VERSION_PROFILER_EVENTS,
	.profile = on_profile,
};

void
profiler_stop(struct profiler *p)
{
	if (!p->proxy)
		return;
	spa_hook_remove(&p->listener);
	spa_hook_remove(&p->proxy_listener);
	pw_proxy_destroy(p->proxy);
	p->proxy = NULL;
}

static void
on_gone(void *data)
{
	profiler_stop(data);
}

static void
on_error(void *data, int seq, int res, const char *message)
{
	(void)seq;
	(void)res;
	(void)message;
	profiler_stop(data);
}

static const struct pw_proxy_events proxy_events = {
	PW_VERSION_PROXY_EVENTS,
	.removed = on_gone,
	.error = on_error,
};

void
profiler_start(struct profiler *p)
{
	const struct spa_list *there =
		p->graph ? &p->graph->objects[GRAPH_PROFILER] : NULL;

	if (p->proxy || !there || spa_list_is_empty(there))
		return;
	p->proxy = pw_registry_bind(p->graph->registry,
		spa_list_first(there, struct graph_object, link)->id,
		PW_TYPE_INTERFACE_Profiler, PW_VERSION_PROFILER, 0);
	if (!p->proxy)
		return;
	pw_proxy_add_object_listener(p->proxy, &p->listener, &events, p);
	pw_proxy_add_listener(p->proxy, &p->proxy_listener, &proxy_events, p);
}

void
profiler_init(struct profiler *p, struct pw_context *context,
	const struct graph *g, profiler_heard heard, void *data)
{
	memset(p, 0, sizeof(*p));
	p->heard = heard;
	p->data = data;
	/* It reads what the daemon's half writes. Without it there is no
	 * profiler to bind. */
	if (pw_context_load_module(
		    context, PW_EXTENSION_MODULE_PROFILER, NULL, NULL))
		p->graph = g;
}
