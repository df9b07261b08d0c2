/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/pipewire/sinks/device_list.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pipewire/pipewire.h>

#include "driver/pipewire/graph/graph.h"
#include "driver/pipewire/sinks/sound_device.h"
#include "driver/timer.h"

#define ANSWER_NS UINT64_C(3000000000)

struct device_list {
	struct pw_main_loop *main_loop;
	struct pw_loop *loop;
	struct pw_context *context;
	struct pw_core *core;
	struct spa_hook core_hook;
	struct spa_source *timer;
	struct graph graph;
	struct device_info *devices;
	size_t count;
	int seq;
	int result; /* of the wait */
};

/* ---- waiting ---- */

static void
wake(struct device_list *l, int result)
{
	l->result = result;
	pw_main_loop_quit(l->main_loop);
}

static void
on_timeout(void *data, uint64_t expirations)
{
	(void)expirations;
	wake(data, -ETIMEDOUT);
}

static void
on_done(void *data, uint32_t id, int seq)
{
	struct device_list *l = data;

	if (id == PW_ID_CORE && seq == l->seq)
		wake(l, 0);
}

static void
on_error(void *data, uint32_t id, int seq, int res, const char *message)
{
	(void)seq;
	(void)message;
	if (id == PW_ID_CORE)
		wake(data, res);
}

static const struct pw_core_events core_events = {
	PW_VERSION_CORE_EVENTS,
	.done = on_done,
	.error = on_error,
};

/* Everything asked so far has been answered. */
static int
round_trip(struct device_list *l)
{
	timer_after(l->loop, l->timer, ANSWER_NS);
	l->seq = pw_core_sync(l->core, PW_ID_CORE, 0);
	pw_main_loop_run(l->main_loop);
	timer_after(l->loop, l->timer, UINT64_MAX);
	return l->result;
}

/* ---- the registry ---- */

/* A loop device is asked for its state. */
static void
on_added(void *data, struct graph_object *o)
{
	(void)data;
	if (o->type == GRAPH_NODE && sound_device_loop_number(o->name))
		graph_watch_node(o);
}

static const struct graph_events graph_events = {
	.types = 1u << GRAPH_NODE | 1u << GRAPH_LINK,
	.added = on_added,
};

/* A node, as people call it */
static void
text_of(char text[DEVICE_TEXT_MAX], const struct graph_object *node)
{
	static const char *const keys[] = {
		PW_KEY_NODE_DESCRIPTION, PW_KEY_APP_NAME, PW_KEY_NODE_NAME};

	text[0] = '\0';
	for (size_t i = 0; i < SPA_N_ELEMENTS(keys) && !text[0]; i++)
		snprintf(
			text, DEVICE_TEXT_MAX, "%s", graph_prop(node, keys[i]));
}

/* ---- the list ---- */

static bool
known(const struct device_info *d, const char *recorder)
{
	for (size_t i = 0; i < d->recorders; i++)
		if (!strcmp(d->recorder[i], recorder))
			return true;
	return false;
}

static void
recorders_fill(struct device_info *d, const struct graph_object *device)
{
	const struct graph_object *link, *by;
	char text[DEVICE_TEXT_MAX];

	spa_list_for_each(link, &device->links_out, of_out)
	{
		by = graph_node(device->graph, link->in_node);
		if (!by || d->recorders == DEVICE_RECORDERS_MAX)
			continue;
		text_of(text, by);
		if (!known(d, text)) /* one link a channel */
			memcpy(d->recorder[d->recorders++], text, sizeof(text));
	}
}

static void
device_fill(struct device_info *d, const struct graph_object *o)
{
	d->number = sound_device_loop_number(o->name);
	d->id = o->id;
	snprintf(d->name, sizeof(d->name), "%s", o->name);
	text_of(d->description, o);
	d->state = pw_node_state_as_string(o->state);
	d->for_run =
		pw_properties_get_bool(o->props, SOUND_DEVICE_FOR_RUN, false);
	recorders_fill(d, o);
}

static int
by_number(const void *a, const void *b)
{
	const struct device_info *x = a, *y = b;

	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

/* Two trips: the objects, then the states of what was bound of them. */
static int
refresh(struct device_list *l)
{
	const struct graph_object *o;
	size_t room = 0;
	int res;

	if ((res = round_trip(l)) < 0 || (res = round_trip(l)) < 0)
		return res;
	spa_list_for_each(o, &l->graph.objects[GRAPH_NODE], link)
	{
		room += sound_device_loop_number(o->name) != 0;
	}
	free(l->devices);
	l->count = 0;
	l->devices = calloc(room + 1, sizeof(*l->devices));
	if (!l->devices)
		return -ENOMEM;
	spa_list_for_each(o, &l->graph.objects[GRAPH_NODE], link)
	{
		if (sound_device_loop_number(o->name))
			device_fill(&l->devices[l->count++], o);
	}
	qsort(l->devices, l->count, sizeof(*l->devices), by_number);
	return 0;
}

static int
list_connect(struct device_list *l)
{
	l->main_loop = pw_main_loop_new(NULL);
	if (!l->main_loop)
		return -ENOMEM;
	l->loop = pw_main_loop_get_loop(l->main_loop);
	l->timer = pw_loop_add_timer(l->loop, on_timeout, l);
	l->context = pw_context_new(l->loop, NULL, 0);
	if (!l->timer || !l->context)
		return -ENOMEM;
	l->core = pw_context_connect(l->context, NULL, 0);
	if (!l->core)
		return -EHOSTDOWN;
	pw_core_add_listener(l->core, &l->core_hook, &core_events, l);
	if (graph_listen(&l->graph, l->core, &graph_events, l) < 0)
		return -ENOMEM;
	return refresh(l);
}

int
device_list_open(struct device_list **out)
{
	struct device_list *l = calloc(1, sizeof(*l));
	int res;

	*out = NULL;
	if (!l)
		return -ENOMEM;
	graph_init(&l->graph);
	pw_init(NULL, NULL);
	res = list_connect(l);
	if (res < 0)
		device_list_close(l);
	else
		*out = l;
	return res;
}

void
device_list_close(struct device_list *l)
{
	if (!l)
		return;
	graph_done(&l->graph);
	if (l->core) {
		spa_hook_remove(&l->core_hook);
		pw_core_disconnect(l->core);
	}
	source_end(l->loop, &l->timer);
	if (l->context)
		pw_context_destroy(l->context);
	if (l->main_loop)
		pw_main_loop_destroy(l->main_loop);
	free(l->devices);
	free(l);
	pw_deinit();
}

size_t
device_list_count(const struct device_list *l)
{
	return l->count;
}

const struct device_info *
device_list_at(const struct device_list *l, size_t i)
{
	return i < l->count ? &l->devices[i] : NULL;
}

static bool
there(const struct device_list *l, uint32_t number)
{
	for (size_t i = 0; i < l->count; i++)
		if (l->devices[i].number == number)
			return true;
	return false;
}

int
device_list_add(struct device_list *l, uint32_t number)
{
	struct pw_proxy *proxy;
	int res;

	if (there(l, number))
		return -EEXIST;
	proxy = sound_device_loop_create(l->core, number, false);
	if (!proxy)
		return -errno;
	res = refresh(l);
	/* The device outlives it. */
	pw_proxy_destroy(proxy);
	if (res < 0)
		return res;
	return there(l, number) ? 0 : -EIO;
}

int
device_list_remove(struct device_list *l, uint32_t number)
{
	int res;

	if (!there(l, number))
		return -ENOENT;
	for (size_t i = 0; i < l->count; i++)
		if (l->devices[i].number == number)
			pw_registry_destroy(
				l->graph.registry, l->devices[i].id);
	if ((res = refresh(l)) < 0)
		return res;
	return there(l, number) ? -EPERM : 0;
}
