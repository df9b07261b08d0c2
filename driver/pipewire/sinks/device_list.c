/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/pipewire/sinks/device_list.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pipewire/pipewire.h>

#include "driver/pipewire/sinks/sound_device.h"

#define ANSWER_S 3

/* What the registry tells of; a loop device's node is bound for its state. */
struct object {
	struct spa_list link;
	struct device_list *list;
	uint32_t id;
	uint32_t number;	    /* a loop device's; 0: none */
	char text[DEVICE_TEXT_MAX]; /* a node, as people call it */
	char name[DEVICE_TEXT_MAX]; /* its node.name */
	uint32_t out_node, in_node; /* a link's */
	enum pw_node_state state;
	bool for_run; /* `tapdeck run` has made it for itself */
	struct pw_proxy *proxy;
	struct spa_hook hook;
};

struct device_list {
	struct pw_main_loop *main_loop;
	struct pw_loop *loop;
	struct pw_context *context;
	struct pw_core *core;
	struct pw_registry *registry;
	struct spa_hook core_hook, registry_hook;
	struct spa_source *timer;
	struct spa_list objects;
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
	struct timespec limit = {ANSWER_S, 0}, never = {0, 0};

	pw_loop_update_timer(l->loop, l->timer, &limit, NULL, false);
	l->seq = pw_core_sync(l->core, PW_ID_CORE, 0);
	pw_main_loop_run(l->main_loop);
	pw_loop_update_timer(l->loop, l->timer, &never, NULL, false);
	return l->result;
}

/* ---- the registry ---- */

static void
on_node_info(void *data, const struct pw_node_info *info)
{
	struct object *o = data;

	o->state = info->state;
	if (info->props)
		o->for_run = spa_atob(
			spa_dict_lookup(info->props, SOUND_DEVICE_FOR_RUN));
}

static const struct pw_node_events node_events = {
	PW_VERSION_NODE_EVENTS,
	.info = on_node_info,
};

static void
copy(char *to, const struct spa_dict *props, const char *const *keys)
{
	const char *text = NULL;

	for (; *keys && !text; keys++)
		text = spa_dict_lookup(props, *keys);
	snprintf(to, DEVICE_TEXT_MAX, "%s", text ? text : "");
}

static uint32_t
prop_id(const struct spa_dict *props, const char *key)
{
	const char *text = spa_dict_lookup(props, key);

	return text ? (uint32_t)strtoul(text, NULL, 10) : PW_ID_ANY;
}

static void
node_fill(struct object *o, const struct spa_dict *props)
{
	static const char *const text_keys[] = {PW_KEY_NODE_DESCRIPTION,
		PW_KEY_APP_NAME, PW_KEY_NODE_NAME, NULL};
	static const char *const name_keys[] = {PW_KEY_NODE_NAME, NULL};

	copy(o->text, props, text_keys);
	copy(o->name, props, name_keys);
	o->number = sound_device_loop_number(o->name);
	if (!o->number)
		return;
	o->proxy = pw_registry_bind(o->list->registry, o->id,
		PW_TYPE_INTERFACE_Node, PW_VERSION_NODE, 0);
	if (o->proxy)
		pw_proxy_add_object_listener(
			o->proxy, &o->hook, &node_events, o);
}

static void
on_global(void *data, uint32_t id, uint32_t permissions, const char *type,
	uint32_t version, const struct spa_dict *props)
{
	struct device_list *l = data;
	bool node = !strcmp(type, PW_TYPE_INTERFACE_Node);
	struct object *o;

	(void)permissions;
	(void)version;
	if (!props || (!node && strcmp(type, PW_TYPE_INTERFACE_Link) != 0))
		return;
	if (!(o = calloc(1, sizeof(*o))))
		return;
	o->list = l;
	o->id = id;
	o->out_node = o->in_node = PW_ID_ANY;
	if (node) {
		node_fill(o, props);
	} else {
		o->out_node = prop_id(props, PW_KEY_LINK_OUTPUT_NODE);
		o->in_node = prop_id(props, PW_KEY_LINK_INPUT_NODE);
	}
	spa_list_append(&l->objects, &o->link);
}

static void
object_free(struct object *o)
{
	if (o->proxy) {
		spa_hook_remove(&o->hook);
		pw_proxy_destroy(o->proxy);
	}
	spa_list_remove(&o->link);
	free(o);
}

static struct object *
object_find(const struct device_list *l, uint32_t id)
{
	struct object *o;

	spa_list_for_each(o, &l->objects, link)
	{
		if (o->id == id)
			return o;
	}
	return NULL;
}

static void
on_global_remove(void *data, uint32_t id)
{
	struct object *o = object_find(data, id);

	if (o)
		object_free(o);
}

static const struct pw_registry_events registry_events = {
	PW_VERSION_REGISTRY_EVENTS,
	.global = on_global,
	.global_remove = on_global_remove,
};

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
recorders_fill(const struct device_list *l, struct device_info *d)
{
	const struct object *o, *by;

	spa_list_for_each(o, &l->objects, link)
	{
		if (o->out_node != d->id || !(by = object_find(l, o->in_node)))
			continue;
		/* one link a channel */
		if (d->recorders < DEVICE_RECORDERS_MAX && !known(d, by->text))
			memcpy(d->recorder[d->recorders++], by->text,
				sizeof(by->text));
	}
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
	const struct object *o;
	size_t room = 0;
	int res;

	if ((res = round_trip(l)) < 0 || (res = round_trip(l)) < 0)
		return res;
	spa_list_for_each(o, &l->objects, link)
	{
		room += o->number != 0;
	}
	free(l->devices);
	l->count = 0;
	l->devices = calloc(room + 1, sizeof(*l->devices));
	if (!l->devices)
		return -ENOMEM;
	spa_list_for_each(o, &l->objects, link)
	{
		struct device_info *d = &l->devices[l->count];

		if (!o->number)
			continue;
		l->count++;
		d->number = o->number;
		d->id = o->id;
		memcpy(d->name, o->name, sizeof(d->name));
		memcpy(d->description, o->text, sizeof(d->description));
		d->state = pw_node_state_as_string(o->state);
		d->for_run = o->for_run;
		recorders_fill(l, d);
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
	l->registry = pw_core_get_registry(l->core, PW_VERSION_REGISTRY, 0);
	if (!l->registry)
		return -ENOMEM;
	pw_registry_add_listener(
		l->registry, &l->registry_hook, &registry_events, l);
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
	spa_list_init(&l->objects);
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
	struct object *o, *next;

	if (!l)
		return;
	spa_list_for_each_safe(o, next, &l->objects, link)
	{
		object_free(o);
	}
	if (l->registry) {
		spa_hook_remove(&l->registry_hook);
		pw_proxy_destroy((struct pw_proxy *)l->registry);
	}
	if (l->core) {
		spa_hook_remove(&l->core_hook);
		pw_core_disconnect(l->core);
	}
	if (l->timer)
		pw_loop_destroy_source(l->loop, l->timer);
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
			pw_registry_destroy(l->registry, l->devices[i].id);
	if ((res = refresh(l)) < 0)
		return res;
	return there(l, number) ? -EPERM : 0;
}
