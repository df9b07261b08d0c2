/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/pipewire/graph/metadata.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What has been told of a node: the follower of its object */
struct metadata_node {
	struct spa_list words;
};

/* ---- what has been told ---- */

static struct metadata_word *
word_of(const struct metadata_node *n, const char *key)
{
	struct metadata_word *word;

	spa_list_for_each(word, &n->words, link)
	{
		if (!strcmp(word->key, key))
			return word;
	}
	return NULL;
}

static void
word_free(struct metadata_word *word)
{
	spa_list_remove(&word->link);
	free(word->key);
	free(word->type);
	free(word->value);
	free(word);
}

/* Without memory it is as if it had not been told. */
static void
word_keep(struct metadata_node *n, const char *key, const char *type,
	const char *value)
{
	struct metadata_word *word = word_of(n, key);

	if (word)
		word_free(word);
	if (!value || !(word = calloc(1, sizeof(*word))))
		return;
	spa_list_append(&n->words, &word->link);
	word->key = strdup(key);
	word->type = strdup(type ? type : "");
	word->value = strdup(value);
	if (!word->key || !word->type || !word->value)
		word_free(word);
}

static void
metadata_forget(struct metadata_node *n)
{
	struct metadata_word *word, *next;

	spa_list_for_each_safe(word, next, &n->words, link)
	{
		word_free(word);
	}
}

static void
on_removed(void *data, struct graph_object *o)
{
	(void)data;
	if (o->follower)
		metadata_forget(o->follower);
	free(o->follower);
	o->follower = NULL;
}

static const struct metadata_node *
node_of(const struct metadata *w, uint64_t serial)
{
	const struct graph_object *o =
		w->core ? graph_node_by_serial(&w->nodes, serial) : NULL;

	return o ? o->follower : NULL;
}

const struct metadata_word *
metadata_find(const struct metadata *w, uint64_t serial, const char *key)
{
	const struct metadata_node *n = node_of(w, serial);

	return n ? word_of(n, key) : NULL;
}

void
metadata_repeat(const struct metadata *w, uint64_t serial)
{
	const struct metadata_node *n = node_of(w, serial);
	const struct metadata_word *word;

	if (!n)
		return;
	spa_list_for_each(word, &n->words, link)
	{
		w->events->word(
			w->data, serial, word->key, word->type, word->value);
	}
}

/* ---- metadata ---- */

static void
unsay_all(struct metadata *w, const struct graph_object *o)
{
	struct metadata_node *n = o->follower;
	struct metadata_word *word, *next;

	spa_list_for_each_safe(word, next, &n->words, link)
	{
		w->events->word(w->data, o->serial, word->key, NULL, NULL);
		word_free(word);
	}
}

static int
on_property(void *data, uint32_t subject, const char *key, const char *type,
	const char *value)
{
	struct metadata *w = data;
	struct graph_object *o = graph_node(&w->nodes, subject);

	if (subject == PW_ID_CORE) {
		w->events->word(w->data, 0, key, type, value);
	} else if (!o || !o->follower) {
		if (key && w->events->stray)
			w->events->stray(w->data, subject, key, type, value);
	} else if (!key) {
		unsay_all(w, o);
	} else {
		word_keep(o->follower, key, type, value);
		w->events->word(w->data, o->serial, key, type, value);
	}
	return 0;
}

static const struct pw_metadata_events metadata_events = {
	PW_VERSION_METADATA_EVENTS,
	.property = on_property,
};

static bool
metadata_bind(struct metadata *w)
{
	w->metadata = pw_registry_bind(w->nodes.registry, w->id,
		PW_TYPE_INTERFACE_Metadata, PW_VERSION_METADATA, 0);
	if (!w->metadata)
		return false;
	pw_metadata_add_listener(
		w->metadata, &w->metadata_hook, &metadata_events, w);
	/* no answer comes before all words have */
	w->seq = pw_core_sync(w->core, PW_ID_CORE, 0);
	return true;
}

static void
metadata_unbind(struct metadata *w)
{
	if (!w->metadata)
		return;
	spa_hook_remove(&w->metadata_hook);
	pw_proxy_destroy((struct pw_proxy *)w->metadata);
	w->metadata = NULL;
}

bool
metadata_wait(const struct metadata *w)
{
	return w->core && w->seq;
}

bool
metadata_again(struct metadata *w)
{
	struct graph_object *o;

	if (!w->core || w->seq)
		return false;
	metadata_unbind(w);
	if (!metadata_bind(w)) {
		w->events->lost(w->data);
		return false;
	}
	spa_list_for_each(o, &w->nodes.objects[GRAPH_NODE], link)
	{
		if (o->follower)
			metadata_forget(o->follower);
	}
	return true;
}

void
metadata_say(struct metadata *w, uint32_t id, const char *key, const char *type,
	const char *value)
{
	if (w->core && w->metadata)
		pw_metadata_set_property(w->metadata, id, key, type, value);
}

/* ---- which node has which id, in the order of the words ---- */

static void
on_added(void *data, struct graph_object *o)
{
	struct metadata_node *n = calloc(1, sizeof(*n));

	(void)data;
	if (n)
		spa_list_init(&n->words);
	o->follower = n;
}

static const struct graph_events node_events = {
	.types = 1u << GRAPH_NODE,
	.added = on_added,
	.removed = on_removed,
};

/* ---- the connection ---- */

/* It had gone before PipeWire was asked for it. That nothing was told then
 * unsays nothing. */
static bool
is_bound(const struct metadata *w)
{
	return w->metadata &&
	       pw_proxy_get_bound_id((struct pw_proxy *)w->metadata) !=
		       SPA_ID_INVALID;
}

static void
on_done(void *data, uint32_t id, int seq)
{
	struct metadata *w = data;

	if (id != PW_ID_CORE || !w->seq || seq != w->seq)
		return;
	w->seq = 0;
	if (is_bound(w))
		w->events->told(w->data);
}

static void
on_error(void *data, uint32_t id, int seq, int res, const char *message)
{
	struct metadata *w = data;

	(void)seq, (void)message;
	if (id != PW_ID_CORE || res != -EPIPE)
		return;
	w->seq = 0; /* nobody will answer */
	w->events->lost(w->data);
}

static const struct pw_core_events core_events = {
	PW_VERSION_CORE_EVENTS,
	.done = on_done,
	.error = on_error,
};

int
metadata_open(struct metadata *w, struct pw_context *context, uint32_t id,
	const struct metadata_events *events, void *data)
{
	w->events = events;
	w->data = data;
	w->id = id;
	graph_init(&w->nodes);
	w->core = pw_context_connect(context, NULL, 0);
	if (!w->core)
		return -errno;
	pw_core_add_listener(w->core, &w->core_hook, &core_events, w);
	if (graph_listen(&w->nodes, w->core, &node_events, w) < 0 ||
		!metadata_bind(w)) {
		metadata_close(w);
		return -ENOMEM;
	}
	return 0;
}

void
metadata_close(struct metadata *w)
{
	if (!w->core)
		return;
	metadata_unbind(w);
	graph_done(&w->nodes);
	spa_hook_remove(&w->core_hook);
	pw_core_disconnect(w->core);
	memset(w, 0, sizeof(*w));
}
