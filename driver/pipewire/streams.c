/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which apps play: streams out of the graph, grouped by who they belong to. */
#include "driver/pipewire/streams.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/pipewire/choice.h"
#include "driver/pipewire/crowd.h"
#include "driver/pipewire/graph/feedback.h"
#include "driver/pipewire/graph/identity.h"
#include "driver/pipewire/heard.h"
#include "driver/pipewire/kind.h"
#include "driver/pipewire/say.h"
#include "driver/pipewire/tap.h"
#include "driver/program/program.h"

#define CHOICE_WAIT_NS 500000000ull
#define YOUNG_NS       300000000ull

static struct tapped *
app_for(struct driver *d, const char *key, const char *name, uint32_t rule)
{
	struct tapped *t;

	spa_list_for_each(t, &d->apps, link)
	{
		if (strcmp(t->app.key, key) != 0)
			continue;
		if (!t->app.rule) /* the rules are new */
			t->app.rule = rule;
		return t;
	}
	t = calloc(1, sizeof(*t));
	if (!t)
		return NULL;
	t->app.id = ++d->next_app_id;
	t->app.strip = t->strip = -1;
	t->app.tappable = true;
	t->app.rule = rule;
	snprintf(t->app.key, sizeof(t->app.key), "%s", key);
	snprintf(t->app.name, sizeof(t->app.name), "%s", name);
	spa_list_init(&t->streams);
	spa_list_append(&d->apps, &t->link);
	return t;
}

/* A program that plays on two sinks is two: what its user has sent away has a
 * strip of its own. */
static void
stream_name(const struct driver *d, const struct stream *s,
	const struct graph_object *node, char key[APP_KEY_MAX],
	char name[APP_NAME_MAX])
{
	const struct graph_object *client = graph_client(node);
	const struct graph_object *mate =
		kind_mate(d, node, "Stream/Input/Audio");
	const struct identity_from from = {
		.client = client ? &client->props->dict : NULL,
		.node = &node->props->dict,
		.mate = mate ? &mate->props->dict : NULL,
		.files = d->config.files,
	};
	const struct graph_object *sink;
	char plain[APP_KEY_MAX];

	identity_read(&from, key, name);
	sink = s->away[0] ? graph_node_by_serial(&d->graph, s->away_serial)
			  : NULL;
	if (!sink)
		return;
	memcpy(plain, key, sizeof(plain));
	snprintf(key, APP_KEY_MAX, "%.60s@%.60s", plain, sink->name);
	snprintf(plain, sizeof(plain), "%.30s (%.30s)", name, s->away);
	snprintf(name, APP_NAME_MAX, "%.*s", APP_NAME_MAX - 1, plain);
}

struct said_by {
	const struct graph_object *node, *client; /* or NULL */
};

static const char *
said_word(const void *of, const char *property)
{
	const struct said_by *by = of;

	return program_word(by->client ? &by->client->props->dict : NULL,
		&by->node->props->dict, property);
}

/* Those of one of them; what `over` says as well goes before it. */
static void
said_all(const struct spa_dict *dict, const struct spa_dict *over,
	void (*tell)(void *data, const char *property, const char *value),
	void *data)
{
	for (uint32_t i = 0; i < dict->n_items; i++) {
		const struct spa_dict_item *item = &dict->items[i];

		if (item->value && item->value[0] &&
			(!over || !program_word(NULL, over, item->key)))
			tell(data, item->key, item->value);
	}
}

static void
said_words(const void *of,
	void (*tell)(void *data, const char *property, const char *value),
	void *data)
{
	const struct said_by *by = of;
	const struct spa_dict *node = &by->node->props->dict;

	said_all(node, NULL, tell, data);
	if (by->client)
		said_all(&by->client->props->dict, node, tell, data);
}

static uint32_t
said_count(const struct graph_object *node)
{
	const struct graph_object *client = graph_client(node);

	return node->said + (client ? client->said : 0);
}

/* Control may have it apart from its program's other streams. */
static struct tapped *
stream_group(
	struct driver *d, struct stream *s, const struct graph_object *node)
{
	const struct said_by by = {node, graph_client(node)};
	char key[APP_KEY_MAX], name[APP_NAME_MAX];
	char own_key[APP_KEY_MAX], own_name[APP_NAME_MAX];
	const struct driver_stream said = {
		own_key, own_name, said_word, said_words, &by};
	uint32_t rule = 0;

	stream_name(d, s, node, own_key, own_name);
	memcpy(key, own_key, sizeof(key));
	memcpy(name, own_name, sizeof(name));
	s->said = said_count(node);
	if (d->events->stream)
		rule = d->events->stream(d->data, &said, key, name);
	return app_for(d, key, name, rule);
}

static void
choice_read(const struct driver *d, struct stream *s,
	const struct graph_object *node)
{
	const struct graph_object *sink =
		kind_is_jack(node) ? NULL : choice_elsewhere(d, s, node);

	snprintf(s->away, sizeof(s->away), "%s", sink ? heard_label(sink) : "");
	s->away_serial = sink ? sink->serial : 0;
	s->choice_ns = driver_now_ns();
}

static void
stream_add(struct driver *d, struct graph_object *node)
{
	struct stream *s = calloc(1, sizeof(*s));
	struct tapped *t;

	if (!s)
		return;
	s->node_id = node->id;
	s->serial = node->serial;
	if (!kind_is_jack(node))
		choice_begin(d, s, node);
	choice_read(d, s, node);
	if (!(t = stream_group(d, s, node))) {
		free(s);
		return;
	}
	s->app = t;
	s->strip = s->old_strip = -1;
	s->born_ns = driver_now_ns();
	s->since_ns = driver_now_ns();
	node->follower = s;
	spa_list_append(&t->streams, &s->link);
	t->app.streams++;
}

static void
stream_free(struct driver *d, struct stream *s)
{
	struct graph_object *node = graph_node(&d->graph, s->node_id);

	if (node && node->follower == s)
		node->follower = NULL;
	s->app->app.streams--;
	spa_list_remove(&s->link);
	free(s);
}

/* What is on a strip as its user wants it stays there, wherever it is moved in
 * a mixer; the supervisor notes that for the time after. But a stream that
 * has just begun is only now told where it was the last time. */
static bool
stream_may_move(const struct stream *s)
{
	return !s->linked || (s->aside && !s->parked) ||
	       driver_now_ns() - s->born_ns < YOUNG_NS;
}

static void
stream_join(struct driver *d, struct stream *s, struct tapped *t)
{
	s->app->app.streams--;
	spa_list_remove(&s->link);
	s->app = t;
	spa_list_append(&t->streams, &s->link);
	t->app.streams++;
	d->graph.changed = true;
}

static void
stream_rehome(struct driver *d, struct stream *s, struct graph_object *node)
{
	const struct graph_object *sink;
	bool may = stream_may_move(s);
	struct tapped *t;

	choice_look(d, s, node);
	sink = choice_elsewhere(d, s, node);
	if ((sink ? sink->serial : 0) == s->away_serial) {
		s->choice_ns = driver_now_ns();
		return;
	}
	if (!may)
		return;
	/* Never into the room for a word that is being said anew, by this
	 * session manager or the next one. */
	if (!sink && driver_now_ns() - s->choice_ns < CHOICE_WAIT_NS) {
		d->waiting = true;
		return;
	}
	if (!sink && !stream_heard(d, s, HEARD_IN_ROOM))
		return;
	choice_read(d, s, node);
	if (!(t = stream_group(d, s, node)) || t == s->app)
		return;
	if (s->linked && !s->aside)
		tap_undo(d, s);
	stream_join(d, s, t);
}

/* It plays on: when it is linked it goes from its strip to the other. */
static void
stream_regroup(struct driver *d, struct stream *s, struct graph_object *node)
{
	struct tapped *t;

	if (!d->events->stream || (!d->regroup && s->said == said_count(node)))
		return;
	t = stream_group(d, s, node);
	if (t && t != s->app)
		stream_join(d, s, t);
}

static bool
stream_lives(const struct driver *d, const struct stream *s)
{
	const struct graph_object *node = graph_node(&d->graph, s->node_id);

	return node && node->serial == s->serial;
}

static void
app_free(struct driver *d, struct tapped *t)
{
	uint32_t id = t->app.id;
	bool told = t->told.id != 0;

	spa_list_remove(&t->link);
	free(t);
	if (told)
		d->events->app_gone(d->data, id);
}

static void
app_judge(struct driver *d, struct tapped *t)
{
	struct stream *s;
	const char *why = blocked_note(d, t), *left_out = "";
	bool reached = feedback_judge(d, t);

	t->app.strip = t->strip;
	t->app.tap = TAP_OFF;
	spa_list_for_each(s, &t->streams, link)
	{
		if (!why && t->tap == TAP_TAKE)
			why = kind_why_not_taken(d, s);
		if (!why && t->tap == TAP_TAKE)
			why = tap_why_aside(s);
		if (!why && t->tap == TAP_COPY && d->config.supervisor &&
			supervisor_copy_only(
				supervisor_client_shared(d->config.supervisor)))
			why = "engines crashed: copied until `tapdeck retake`";
		if (s->linked && s->left_out[0])
			left_out = s->left_out;
		if (s->linked && !s->blocked && s->step <= STEP_ON &&
			t->app.tap != TAP_TAKE)
			t->app.tap =
				s->parked && !s->aside ? TAP_TAKE : TAP_COPY;
	}
	if (!why)
		why = crowd_note(d, t);
	if (!reached)
		snprintf(t->app.note, sizeof(t->app.note), "%s",
			why ? why : left_out);
	heard_note(d, t, t->app.note);
}

static bool
app_is_told(const struct tapped *t)
{
	const struct app *a = &t->app, *b = &t->told;

	return a->id == b->id && a->streams == b->streams &&
	       a->strip == b->strip && a->tap == b->tap && a->rule == b->rule &&
	       a->tappable == b->tappable && !strcmp(a->note, b->note);
}

void
streams_tell(struct driver *d)
{
	struct tapped *t, *next;

	spa_list_for_each_safe(t, next, &d->apps, link)
	{
		app_judge(d, t);
		if (app_is_told(t))
			continue;
		t->told = t->app;
		d->events->app(d->data, &t->told);
	}
}

void
streams_scan(struct driver *d)
{
	struct graph_object *node;
	struct tapped *t, *t_next;
	struct stream *s, *s_next;

	if (d->regroup)
		spa_list_for_each(t, &d->apps, link)
		{
			t->app.rule = 0;
			t->told.streams = 0; /* told again, whatever it is */
		}
	spa_list_for_each(node, &d->graph.objects[GRAPH_NODE], link)
	{
		if ((s = node->follower) && !kind_is_jack(node))
			stream_rehome(d, s, node);
		if ((s = node->follower))
			stream_regroup(d, s, node);
	}
	d->regroup = false;
	spa_list_for_each_safe(t, t_next, &d->apps, link)
	{
		spa_list_for_each_safe(s, s_next, &t->streams, link)
		{
			if (!stream_lives(d, s))
				stream_free(d, s);
		}
		if (spa_list_is_empty(&t->streams))
			app_free(d, t);
	}
	spa_list_for_each(node, &d->graph.objects[GRAPH_NODE], link)
	{
		if (!node->follower && kind_is_app(d, node))
			stream_add(d, node);
	}
}

void
streams_forget(struct driver *d)
{
	struct tapped *t, *t_next;
	struct stream *s, *s_next;

	spa_list_for_each_safe(t, t_next, &d->apps, link)
	{
		spa_list_for_each_safe(s, s_next, &t->streams, link)
			stream_free(d, s);
		app_free(d, t);
	}
}

void
driver_streams(const struct driver *d, driver_tell_stream tell, void *data)
{
	const struct stream *s;

	for (s = NULL; (s = driver_next_stream(d, s));) {
		const struct graph_object *node =
			graph_node(&d->graph, s->node_id);
		struct said_by by = {node, NULL};
		const struct driver_stream said = {s->app->app.key,
			s->app->app.name, said_word, said_words, &by};

		if (!node)
			continue;
		by.client = graph_client(node);
		tell(data, s->app->app.id, &said);
	}
}
