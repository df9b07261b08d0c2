/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A PipeWire that is made here: the objects of each connection are those
 * through which libpipewire calls, and the test calls back. Of one test
 * program's one file: it stands in for functions of libpipewire. */
#ifndef PIPEWIRE_RIG_H
#define PIPEWIRE_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <pipewire/pipewire.h>

#include <pipewire/extensions/metadata.h>

#define CONNECTIONS 2
#define METADATA    30u /* the global "default" */

static struct connection {
	struct spa_interface core, registry, metadata;
	struct spa_callbacks core_events, registry_events, metadata_events;
	int syncs;	/* asked for */
	bool no_memory; /* to bind */
	bool bound;	/* what was bound is there */
} pipewire[CONNECTIONS];

static int connections;
static bool away; /* it answers nobody who comes */

/* What was said last */
static struct {
	uint32_t id;
	char key[32], value[64];
	int times;
} said;

/* ---- libpipewire ---- */

struct pw_core *
pw_context_connect(struct pw_context *context, struct pw_properties *properties,
	size_t user_data_size)
{
	(void)context, (void)properties, (void)user_data_size;
	if (away)
		return NULL;
	assert_true(connections < CONNECTIONS);
	return (struct pw_core *)&pipewire[connections++].core;
}

int
pw_core_disconnect(struct pw_core *core)
{
	(void)core;
	return 0;
}

void
pw_proxy_destroy(struct pw_proxy *proxy)
{
	(void)proxy;
}

uint32_t
pw_proxy_get_bound_id(struct pw_proxy *proxy)
{
	struct connection *c =
		SPA_CONTAINER_OF(proxy, struct connection, metadata);

	return c->bound ? METADATA : SPA_ID_INVALID;
}

static void
hook_keep(struct spa_callbacks *to, struct spa_hook *hook, const void *events,
	void *data)
{
	memset(hook, 0, sizeof(*hook));
	spa_list_init(&hook->link);
	*to = (struct spa_callbacks){events, data};
}

static int
core_listen(void *object, struct spa_hook *hook,
	const struct pw_core_events *events, void *data)
{
	struct connection *c = object;

	hook_keep(&c->core_events, hook, events, data);
	return 0;
}

static int
core_sync(void *object, uint32_t id, int seq)
{
	struct connection *c = object;

	(void)id, (void)seq;
	return ++c->syncs;
}

static struct pw_registry *
core_registry(void *object, uint32_t version, size_t user_data_size)
{
	struct connection *c = object;

	(void)version, (void)user_data_size;
	return (struct pw_registry *)&c->registry;
}

static int
registry_listen(void *object, struct spa_hook *hook,
	const struct pw_registry_events *events, void *data)
{
	struct connection *c = object;

	hook_keep(&c->registry_events, hook, events, data);
	return 0;
}

static void *
registry_bind(void *object, uint32_t id, const char *type, uint32_t version,
	size_t user_data_size)
{
	struct connection *c = object;

	(void)type, (void)version, (void)user_data_size;
	assert_int_equal(id, METADATA);
	return c->no_memory ? NULL : &c->metadata;
}

static int
metadata_listen(void *object, struct spa_hook *hook,
	const struct pw_metadata_events *events, void *data)
{
	struct connection *c = object;

	hook_keep(&c->metadata_events, hook, events, data);
	return 0;
}

static int
metadata_set(void *object, uint32_t id, const char *key, const char *type,
	const char *value)
{
	(void)object, (void)type;
	said.id = id;
	snprintf(said.key, sizeof(said.key), "%s", key);
	snprintf(said.value, sizeof(said.value), "%s", value ? value : "");
	said.times++;
	return 0;
}

static const struct pw_core_methods core_methods = {
	PW_VERSION_CORE_METHODS,
	.add_listener = core_listen,
	.sync = core_sync,
	.get_registry = core_registry,
};

static const struct pw_registry_methods registry_methods = {
	PW_VERSION_REGISTRY_METHODS,
	.add_listener = registry_listen,
	.bind = registry_bind,
};

static const struct pw_metadata_methods metadata_methods = {
	PW_VERSION_METADATA_METHODS,
	.add_listener = metadata_listen,
	.set_property = metadata_set,
};

static void
pipewire_begin(void)
{
	memset(pipewire, 0, sizeof(pipewire));
	memset(&said, 0, sizeof(said));
	connections = 0;
	away = false;
	for (int i = 0; i < CONNECTIONS; i++) {
		struct connection *c = &pipewire[i];

		c->core.cb = SPA_CALLBACKS_INIT(&core_methods, c);
		c->registry.cb = SPA_CALLBACKS_INIT(&registry_methods, c);
		c->metadata.cb = SPA_CALLBACKS_INIT(&metadata_methods, c);
		c->bound = true;
	}
}

/* ---- what it tells ---- */

static void
tell_global(struct connection *c, uint32_t id, const char *type,
	const struct spa_dict *props)
{
	spa_callbacks_call(&c->registry_events, struct pw_registry_events,
		global, 0, id, PW_PERM_ALL, type, 0, props);
}

static void
tell_node(struct connection *c, uint32_t id, const char *serial)
{
	const struct spa_dict_item items[] = {
		{PW_KEY_OBJECT_SERIAL, serial},
		{PW_KEY_NODE_NAME, "player"},
		{PW_KEY_MEDIA_CLASS, "Stream/Output/Audio"},
	};

	tell_global(c, id, PW_TYPE_INTERFACE_Node,
		&SPA_DICT_INIT(items, SPA_N_ELEMENTS(items)));
}

static void
tell_word(struct connection *c, uint32_t id, const char *key, const char *value)
{
	spa_callbacks_call(&c->metadata_events, struct pw_metadata_events,
		property, 0, id, key, "Spa:Id", value);
}

/* It answers what was asked last. */
static void
answer(struct connection *c)
{
	spa_callbacks_call(&c->core_events, struct pw_core_events, done, 0,
		PW_ID_CORE, c->syncs);
}

#endif
