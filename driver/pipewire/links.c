/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/pipewire/links.h"

#include <stdlib.h>
#include <string.h>

#include <pipewire/link.h>

/* A link that the daemon refuses is tried again when the graph has changed,
 * this many times; then after a pause, that doubles each time. */
#define TRIES_MAX   8
#define PAUSE_NS    (1000 * 1000 * 1000ull)
#define DOUBLED_MAX 6 /* 64 s */

/* Two links that start together run within one cycle of each other. */
#define STUCK_NS (50 * 1000 * 1000ull)

struct own_link {
	struct spa_list link;	   /* in links.list */
	struct spa_list in_bucket; /* in links.bucket[] */
	struct links *links;
	struct pw_proxy *proxy; /* NULL: refused, or removed by the daemon */
	struct spa_hook listener;
	struct spa_hook proxy_listener;
	uint32_t out_node, out_port, in_node, in_port;
	uint64_t out_serial, in_serial; /* ids are used again */
	enum pw_link_state state;
	uint32_t tries;
	uint64_t next_ns; /* after so many: not before */
	int error;	  /* -errno, of the last one */
	bool told;	  /* that it is refused */
	bool wanted;
	uint32_t revived;  /* times, since it ran */
	uint64_t stuck_ns; /* links_revive() has seen it so since; or 0 */
};

static void
unbind(struct own_link *o)
{
	if (!o->proxy)
		return;
	spa_hook_remove(&o->listener);
	spa_hook_remove(&o->proxy_listener);
	pw_proxy_destroy(o->proxy);
	o->proxy = NULL;
	o->state = PW_LINK_STATE_INIT;
	o->stuck_ns = 0;
}

static void
on_info(void *data, const struct pw_link_info *info)
{
	struct own_link *o = data;

	if (info->change_mask & PW_LINK_CHANGE_MASK_STATE) {
		o->state = info->state;
		if (info->state >= PW_LINK_STATE_PAUSED) {
			o->tries = 0;
			o->told = false;
		}
		if (info->state == PW_LINK_STATE_ACTIVE)
			o->revived = 0;
		o->links->graph->changed = true;
	}
}

static const struct pw_link_events link_events = {
	PW_VERSION_LINK_EVENTS,
	.info = on_info,
};

static void
on_removed(void *data)
{
	struct own_link *o = data;

	unbind(o);
	o->links->graph->changed = true;
}

static void
on_error(void *data, int seq, int res, const char *message)
{
	struct own_link *o = data;

	(void)seq;
	(void)message;
	o->error = res;
	on_removed(data);
}

static const struct pw_proxy_events proxy_events = {
	PW_VERSION_PROXY_EVENTS,
	.removed = on_removed,
	.error = on_error,
};

static struct spa_list *
bucket_of(const struct links *l, uint32_t out_node)
{
	return (struct spa_list *)&l->bucket[out_node & (LINKS_BUCKETS - 1)];
}

void
links_init(struct links *l, struct pw_core *core, struct graph *g,
	links_refused refused, void *data)
{
	l->core = core;
	l->graph = g;
	l->refused = refused;
	l->data = data;
	spa_list_init(&l->list);
	for (int i = 0; i < LINKS_BUCKETS; i++)
		spa_list_init(&l->bucket[i]);
}

static void
own_free(struct own_link *o)
{
	unbind(o);
	spa_list_remove(&o->link);
	spa_list_remove(&o->in_bucket);
	free(o);
}

void
links_done(struct links *l)
{
	struct own_link *o, *next;

	if (!l->core)
		return;
	spa_list_for_each_safe(o, next, &l->list, link) own_free(o);
	l->core = NULL;
}

void
links_begin(struct links *l)
{
	struct own_link *o;

	spa_list_for_each(o, &l->list, link) o->wanted = false;
}

void
links_want(struct links *l, const struct graph_object *out_port,
	const struct graph_object *in_port)
{
	struct spa_list *bucket;
	struct own_link *o;

	if (!out_port || !in_port)
		return;
	bucket = bucket_of(l, out_port->node_id);
	spa_list_for_each(o, bucket, in_bucket)
	{
		if (o->out_serial == out_port->serial &&
			o->in_serial == in_port->serial) {
			o->wanted = true;
			return;
		}
	}
	o = calloc(1, sizeof(*o));
	if (!o)
		return;
	o->links = l;
	o->out_node = out_port->node_id;
	o->out_port = out_port->id;
	o->out_serial = out_port->serial;
	o->in_node = in_port->node_id;
	o->in_port = in_port->id;
	o->in_serial = in_port->serial;
	o->wanted = true;
	spa_list_append(&l->list, &o->link);
	spa_list_append(bucket, &o->in_bucket);
}

static struct pw_proxy *
ask(struct pw_core *core, const struct graph_object *out_port,
	const struct graph_object *in_port, bool users)
{
	struct pw_properties *props = pw_properties_new(
		PW_KEY_OBJECT_LINGER, users ? "true" : "false", NULL);
	struct pw_proxy *proxy;

	if (!props)
		return NULL;
	pw_properties_setf(
		props, PW_KEY_LINK_OUTPUT_NODE, "%u", out_port->node_id);
	pw_properties_setf(props, PW_KEY_LINK_OUTPUT_PORT, "%u", out_port->id);
	pw_properties_setf(
		props, PW_KEY_LINK_INPUT_NODE, "%u", in_port->node_id);
	pw_properties_setf(props, PW_KEY_LINK_INPUT_PORT, "%u", in_port->id);
	proxy = pw_core_create_object(core, "link-factory",
		PW_TYPE_INTERFACE_Link, PW_VERSION_LINK, &props->dict, 0);
	pw_properties_free(props);
	return proxy;
}

bool
links_make_users(struct pw_core *core, const struct graph_object *out_port,
	const struct graph_object *in_port)
{
	struct pw_proxy *proxy = ask(core, out_port, in_port, true);

	if (proxy)
		pw_proxy_destroy(proxy);
	return proxy != NULL;
}

/* One that lingers is nobody's: PipeWire gives it no client. */
bool
links_is_users(const struct graph_object *own, const struct graph_object *link)
{
	return strcmp(graph_prop(link, PW_KEY_CLIENT_ID),
		       graph_prop(own, PW_KEY_CLIENT_ID)) != 0;
}

static void
make(struct own_link *o)
{
	const struct graph *g = o->links->graph;
	const struct graph_object *out = graph_find(g, GRAPH_PORT, o->out_port);
	const struct graph_object *in = graph_find(g, GRAPH_PORT, o->in_port);

	if (!out || !in) /* wanted just now: it cannot be */
		return;
	o->tries++;
	o->proxy = ask(o->links->core, out, in, false);
	if (!o->proxy)
		return;
	pw_proxy_add_object_listener(o->proxy, &o->listener, &link_events, o);
	pw_proxy_add_listener(o->proxy, &o->proxy_listener, &proxy_events, o);
}

static void
refused_tell(struct own_link *o)
{
	const struct graph *g = o->links->graph;
	const struct graph_object *out = graph_find(g, GRAPH_PORT, o->out_port);
	const struct graph_object *in = graph_find(g, GRAPH_PORT, o->in_port);

	o->told = true;
	if (o->links->refused && out && in)
		o->links->refused(o->links->data, out, in,
			o->error < 0 ? strerror(-o->error) : "no reason given");
}

/* When it may be made, in ns from now */
static uint64_t
due_in(const struct own_link *o, uint64_t now_ns)
{
	return o->tries < TRIES_MAX || now_ns >= o->next_ns
		       ? 0
		       : o->next_ns - now_ns;
}

static void
try(struct own_link *o, uint64_t now_ns)
{
	uint32_t doubled;

	make(o);
	if (o->tries < TRIES_MAX)
		return;
	doubled = o->tries - TRIES_MAX;
	o->next_ns =
		now_ns +
		(PAUSE_NS << (doubled < DOUBLED_MAX ? doubled : DOUBLED_MAX));
}

uint64_t
links_end(struct links *l, uint64_t now_ns)
{
	struct own_link *o, *next;
	uint64_t due_ns, first_ns = UINT64_MAX;

	spa_list_for_each_safe(o, next, &l->list, link)
	{
		if (!o->wanted) {
			own_free(o);
			continue;
		}
		if (!o->proxy && due_in(o, now_ns) == 0)
			try(o, now_ns);
		else if (!o->proxy && !o->told)
			refused_tell(o);
		if (o->proxy)
			continue;
		due_ns = due_in(o, now_ns);
		if (due_ns < first_ns)
			first_ns = due_ns;
	}
	return first_ns;
}

/* in_node SPA_ID_INVALID: whatever it is */
static bool
is_between(const struct own_link *o, uint32_t out_node, uint32_t in_node)
{
	return o->out_node == out_node &&
	       (in_node == SPA_ID_INVALID || o->in_node == in_node);
}

static bool
all_are(const struct links *l, uint32_t out_node, uint32_t in_node,
	enum pw_link_state least)
{
	const struct own_link *o;
	bool any = false;

	spa_list_for_each(o, bucket_of(l, out_node), in_bucket)
	{
		if (!is_between(o, out_node, in_node))
			continue;
		if (o->state < least)
			return false;
		any = true;
	}
	return any;
}

bool
links_active(const struct links *l, uint32_t out_node)
{
	return all_are(l, out_node, SPA_ID_INVALID, PW_LINK_STATE_PAUSED);
}

bool
links_active_to(const struct links *l, uint32_t out_node, uint32_t in_node)
{
	return all_are(l, out_node, in_node, PW_LINK_STATE_ACTIVE);
}

bool
links_keep(struct links *l, uint32_t out_node, uint32_t in_node)
{
	struct own_link *o;
	bool any = false;

	spa_list_for_each(o, bucket_of(l, out_node), in_bucket)
	{
		if (!is_between(o, out_node, in_node))
			continue;
		o->wanted = true;
		any = true;
	}
	return any;
}

void
links_cut(struct links *l, uint32_t in_port)
{
	struct own_link *o;

	spa_list_for_each(o, &l->list, link)
	{
		if (o->in_port == in_port)
			unbind(o);
	}
}

static bool
is_stuck(const struct links *l, const struct own_link *o)
{
	const struct own_link *other;

	if (o->state != PW_LINK_STATE_PAUSED || o->revived >= TRIES_MAX)
		return false;
	spa_list_for_each(other, bucket_of(l, o->out_node), in_bucket)
	{
		if (is_between(other, o->out_node, o->in_node) &&
			other->state == PW_LINK_STATE_ACTIVE)
			return true;
	}
	return false;
}

bool
links_revive(struct links *l, uint32_t out_node, uint64_t now_ns)
{
	struct own_link *o;
	bool waits = false;

	spa_list_for_each(o, bucket_of(l, out_node), in_bucket)
	{
		if (o->out_node != out_node || !is_stuck(l, o)) {
			o->stuck_ns = 0;
			continue;
		}
		if (!o->stuck_ns)
			o->stuck_ns = now_ns;
		if (now_ns - o->stuck_ns < STUCK_NS) {
			waits = true;
			continue;
		}
		o->revived++;
		unbind(o);
	}
	return waits;
}

uint32_t
links_count(const struct links *l)
{
	const struct own_link *o;
	uint32_t n = 0;

	spa_list_for_each(o, &l->list, link) n += o->proxy != NULL;
	return n;
}
