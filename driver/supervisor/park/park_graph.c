/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/supervisor/park/park_graph.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <spa/utils/result.h>

#include "driver/pipewire/graph/wireplumber.h"
#include "driver/timer.h"

#define RETRY_FIRST_NS UINT64_C(100000000)
#define RETRY_LAST_NS  UINT64_C(1000000000)

static int connect_now(struct park_graph *g);

bool
metadata_value_same(
	const struct metadata_value *a, const struct metadata_value *b)
{
	if (!a->set || !b->set)
		return a->set == b->set;
	return !strcmp(a->type, b->type) && !strcmp(a->value, b->value);
}

bool
metadata_value_make(
	struct metadata_value *v, const char *type, const char *value)
{
	memset(v, 0, sizeof(*v));
	if (!value)
		return true;
	if (!type)
		type = "";
	if (strlen(type) >= sizeof(v->type) ||
		strlen(value) >= sizeof(v->value))
		return false;
	v->set = true;
	memcpy(v->type, type, strlen(type) + 1);
	memcpy(v->value, value, strlen(value) + 1);
	return true;
}

struct park_node *
park_graph_by_id(struct park_graph *g, uint32_t id)
{
	struct graph_object *o = graph_node(&g->mirror, id);

	return o ? o->follower : NULL;
}

struct park_node *
park_graph_by_serial(struct park_graph *g, uint64_t serial)
{
	struct graph_object *o = graph_node_by_serial(&g->mirror, serial);

	return o ? o->follower : NULL;
}

void
park_graph_write(struct park_graph *g, uint32_t id, const char *key,
	const struct metadata_value *value)
{
	struct park_node *n = park_graph_by_id(g, id);

	if (n)
		n->written = g->epoch;
	metadata_say(&g->metadata, id, key, value->set ? value->type : NULL,
		value->set ? value->value : NULL);
}

void
park_graph_fence(struct park_graph *g)
{
	if (g->core)
		g->fence_seq = pw_core_sync(g->core, PW_ID_CORE, 0);
}

/* ---- metadata ---- */

static void
on_check(void *data, uint64_t expirations)
{
	struct park_graph *g = data;

	(void)expirations;
	g->check_due = false;
	park_graph_read_again(g);
}

void
park_graph_check(struct park_graph *g)
{
	if (g->check_due)
		return;
	g->check_due = true;
	timer_after(g->loop, g->check, WIREPLUMBER_RESTORE_NS);
}

static void
on_stray(void *data, uint32_t id, const char *key, const char *type,
	const char *value)
{
	struct park_graph *g = data;
	struct metadata_value v;

	/* What does not fit is no target of anything; a deletion is the
	 * nearest that we can tell. */
	metadata_value_make(&v, type, value);
	g->events->stray(g->data, id, key, &v);
}

static void
on_word(void *data, uint64_t serial, const char *key, const char *type,
	const char *value)
{
	struct park_graph *g = data;
	struct park_node *n;
	struct metadata_value v;

	if (!serial) {
		if (key)
			on_stray(g, PW_ID_CORE, key, type, value);
		return;
	}
	n = park_graph_by_serial(g, serial);
	if (!n) /* node_add() asks for it */
		return;
	if (g->is_ready && metadata_wait(&g->metadata) &&
		n->written == g->epoch)
		return; /* it may be from before what we have written */
	metadata_value_make(&v, type, value);
	g->events->property(g->data, n, key, &v);
}

unsigned
park_graph_read_again(struct park_graph *g)
{
	if (!g->is_ready)
		return 0; /* it is about to be read */
	if (metadata_again(&g->metadata))
		return ++g->epoch;
	g->again_wanted = true;
	return g->epoch + 1;
}

static void
unsaid(struct park_graph *g, struct park_node *n, const char *key)
{
	static const struct metadata_value none;

	if (!metadata_find(&g->metadata, n->serial, key))
		g->events->property(g->data, n, key, &none);
}

/* The first time, the nodes of which words may speak have to be told, too. */
static void
on_told(void *data)
{
	struct park_graph *g = data;
	struct park_node *n;

	if (!g->is_ready) {
		g->ready_seq = pw_core_sync(g->core, PW_ID_CORE, 0);
		return;
	}
	spa_list_for_each(n, &g->nodes, link)
	{
		if (n->written == g->epoch)
			continue;
		unsaid(g, n, KEY_OBJECT);
		unsaid(g, n, KEY_NODE);
	}
	g->events->read(g->data);
	if (g->again_wanted) {
		g->again_wanted = false;
		park_graph_read_again(g);
	}
}

static void
retry_later(struct park_graph *g)
{
	uint64_t ns = RETRY_FIRST_NS << SPA_MIN(g->retries, 4u);

	g->retries++;
	timer_after(g->loop, g->retry, SPA_MIN(ns, RETRY_LAST_NS));
}

static void
reconnect(void *data)
{
	struct park_graph *g = data;

	timer_after(g->loop, g->retry, 0);
}

static const struct metadata_events metadata_events = {
	.word = on_word,
	.stray = on_stray,
	.told = on_told,
	.lost = reconnect,
};

/* The nodes keep their users' words: a WirePlumber that starts again does not
 * always know them, and they are true until it says otherwise. */
static void
metadata_drop(struct park_graph *g)
{
	metadata_close(&g->metadata);
	g->is_ready = false;
	g->again_wanted = false;
	g->ready_seq = 0;
}

/* ---- registry ---- */

/* By the first of what the registry tells: it keeps application.id back, and
 * media.name; two programs of one name have the same. */
static void
target_key_make(struct park_node *n, const struct graph_object *o)
{
	const char *key, *value;

	for (unsigned i = 0; (key = wireplumber_stream_key(i)); i++)
		if ((value = pw_properties_get(o->props, key))) {
			snprintf(n->target_key, sizeof(n->target_key), "%u%s",
				i, value);
			return;
		}
}

static void
node_add(struct park_graph *g, struct graph_object *o)
{
	struct park_node *n = calloc(1, sizeof(*n));
	const char *class = graph_prop(o, PW_KEY_MEDIA_CLASS);

	if (!n)
		return;
	o->follower = n;
	n->id = o->id;
	n->is_new = g->is_ready;
	n->serial = o->serial;
	if (!strcmp(class, "Stream/Output/Audio"))
		target_key_make(n, o);
	n->is_sink =
		!strcmp(class, "Audio/Sink") || !strcmp(class, "Audio/Duplex");
	/* A longer name can be no target of ours: left nameless. */
	if (strlen(o->name) < sizeof(n->name))
		memcpy(n->name, o->name, strlen(o->name) + 1);
	spa_list_append(&g->nodes, &n->link);
	/* Who parks it has to know them: one that is told later would be its
	 * user's next move. */
	metadata_repeat(&g->metadata, n->serial);
	g->events->node_new(g->data, n);
}

static void
node_remove(struct park_graph *g, struct park_node *n)
{
	spa_list_remove(&n->link);
	if (!g->closing)
		g->events->node_gone(g->data, n);
	free(n);
}

static void
default_add(struct park_graph *g, uint32_t id)
{
	if (g->metadata.core) {
		/* a new WirePlumber before the old one is quite gone */
		metadata_drop(g);
		g->events->unready(g->data);
	}
	if (metadata_open(&g->metadata, g->context, id, &metadata_events, g) <
		0)
		retry_later(g);
}

static void
on_added(void *data, struct graph_object *o)
{
	struct park_graph *g = data;

	if (o->type == GRAPH_NODE)
		node_add(g, o);
	else if (graph_is_default(o))
		default_add(g, o->id);
	if (g->events->seen)
		g->events->seen(g->data, o);
}

static void
on_removed(void *data, struct graph_object *o)
{
	struct park_graph *g = data;
	struct park_node *n = o->follower;

	o->follower = NULL;
	if (n) {
		node_remove(g, n);
	} else if (graph_is_default(o) && g->metadata.core &&
		   o->id == g->metadata.id && !g->closing) {
		metadata_drop(g);
		g->events->unready(g->data);
	}
}

static const struct graph_events mirror_events = {
	.added = on_added,
	.removed = on_removed,
};

/* ---- the connection ---- */

static void
on_info(void *data, const struct pw_core_info *info)
{
	struct park_graph *g = data;

	g->daemon = info->cookie;
}

static void
on_done(void *data, uint32_t id, int seq)
{
	struct park_graph *g = data;

	if (id != PW_ID_CORE)
		return;
	if (g->ready_seq && seq == g->ready_seq) {
		g->ready_seq = 0;
		g->is_ready = true;
		g->retries = 0;
		g->events->ready(g->data);
	}
	if (seq == g->fence_seq)
		g->events->fenced(g->data);
}

static void
disconnect(struct park_graph *g)
{
	metadata_drop(g);
	g->closing = true;
	graph_done(&g->mirror);
	g->closing = false;
	if (g->core) {
		spa_hook_remove(&g->core_hook);
		pw_core_disconnect(g->core);
		g->core = NULL;
	}
}

/* Not in the event that told of it: libpipewire still holds the core. */
static void
on_retry(void *data, uint64_t expirations)
{
	struct park_graph *g = data;

	(void)expirations;
	if (g->core) {
		/* first, while the owner's proxies are still there */
		g->events->lost(g->data);
		disconnect(g);
	}
	if (connect_now(g) < 0)
		retry_later(g);
}

static void
on_error(void *data, uint32_t id, int seq, int res, const char *message)
{
	(void)seq;
	(void)message;
	if (id == PW_ID_CORE && res == -EPIPE)
		reconnect(data);
}

static const struct pw_core_events core_events = {
	PW_VERSION_CORE_EVENTS,
	.info = on_info,
	.done = on_done,
	.error = on_error,
};

static int
connect_now(struct park_graph *g)
{
	g->core = pw_context_connect(g->context, NULL, 0);
	if (!g->core)
		return -EHOSTDOWN;
	pw_core_add_listener(g->core, &g->core_hook, &core_events, g);
	if (graph_listen(&g->mirror, g->core, &mirror_events, g) < 0) {
		disconnect(g);
		return -ENOMEM;
	}
	g->events->connected(g->data);
	return 0;
}

int
park_graph_open(struct park_graph *g, struct pw_loop *loop,
	const struct park_graph_events *events, void *data)
{
	int res;

	memset(g, 0, sizeof(*g));
	g->loop = loop;
	g->events = events;
	g->data = data;
	g->epoch = 1; /* no node was written in 0 */
	spa_list_init(&g->nodes);
	graph_init(&g->mirror);
	g->context = pw_context_new(loop, NULL, 0);
	g->retry = pw_loop_add_timer(loop, on_retry, g);
	g->check = pw_loop_add_timer(loop, on_check, g);
	res = g->context && g->retry && g->check ? connect_now(g) : -ENOMEM;
	if (res < 0)
		park_graph_close(g);
	return res;
}

void
park_graph_close(struct park_graph *g)
{
	if (!g->loop)
		return;
	disconnect(g);
	source_end(g->loop, &g->retry);
	source_end(g->loop, &g->check);
	if (g->context)
		pw_context_destroy(g->context);
	memset(g, 0, sizeof(*g));
}
