/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of a metadata object, as a PipeWire tells them that is made here:
 * its objects are those through which libpipewire calls, and the test calls
 * back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "driver/pipewire/graph/metadata.h"

#define METADATA 30u
#define KEY	 "target.object"

static struct {
	struct spa_interface core, registry, metadata;
	struct spa_callbacks core_events, registry_events, metadata_events;
	int syncs;	/* asked for */
	bool no_memory; /* to bind */
	bool bound;	/* what was bound is there */
} pipewire;

static struct {
	int words, told, lost;
	uint64_t serial;
} heard;

static struct metadata metadata;

/* ---- libpipewire ---- */

struct pw_core *
pw_context_connect(struct pw_context *context, struct pw_properties *properties,
	size_t user_data_size)
{
	(void)context, (void)properties, (void)user_data_size;
	return (struct pw_core *)&pipewire.core;
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
	(void)proxy;
	return pipewire.bound ? METADATA : SPA_ID_INVALID;
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
	(void)object;
	hook_keep(&pipewire.core_events, hook, events, data);
	return 0;
}

static int
core_sync(void *object, uint32_t id, int seq)
{
	(void)object, (void)id, (void)seq;
	return ++pipewire.syncs;
}

static struct pw_registry *
core_registry(void *object, uint32_t version, size_t user_data_size)
{
	(void)object, (void)version, (void)user_data_size;
	return (struct pw_registry *)&pipewire.registry;
}

static int
registry_listen(void *object, struct spa_hook *hook,
	const struct pw_registry_events *events, void *data)
{
	(void)object;
	hook_keep(&pipewire.registry_events, hook, events, data);
	return 0;
}

static void *
registry_bind(void *object, uint32_t id, const char *type, uint32_t version,
	size_t user_data_size)
{
	(void)object, (void)type, (void)version, (void)user_data_size;
	assert_int_equal(id, METADATA);
	return pipewire.no_memory ? NULL : &pipewire.metadata;
}

static int
metadata_listen(void *object, struct spa_hook *hook,
	const struct pw_metadata_events *events, void *data)
{
	(void)object;
	hook_keep(&pipewire.metadata_events, hook, events, data);
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
};

/* ---- what it tells ---- */

static void
tell_node(uint32_t id, const char *serial)
{
	const struct spa_dict_item item = {PW_KEY_OBJECT_SERIAL, serial};
	const struct spa_dict props = SPA_DICT_INIT(&item, 1);

	spa_callbacks_call(&pipewire.registry_events, struct pw_registry_events,
		global, 0, id, PW_PERM_ALL, PW_TYPE_INTERFACE_Node,
		PW_VERSION_NODE, &props);
}

static void
tell_word(uint32_t id, const char *value)
{
	spa_callbacks_call(&pipewire.metadata_events, struct pw_metadata_events,
		property, 0, id, KEY, "Spa:Id", value);
}

/* It answers what was asked last. */
static void
answer(void)
{
	spa_callbacks_call(&pipewire.core_events, struct pw_core_events, done,
		0, PW_ID_CORE, pipewire.syncs);
}

static void
hang_up(void)
{
	spa_callbacks_call(&pipewire.core_events, struct pw_core_events, error,
		0, PW_ID_CORE, 0, -EPIPE, "");
}

/* ---- what is heard ---- */

static void
on_word(void *data, uint64_t serial, const char *key, const char *type,
	const char *value)
{
	(void)data, (void)key, (void)type, (void)value;
	heard.words++;
	heard.serial = serial;
}

static void
on_told(void *data)
{
	(void)data;
	heard.told++;
}

static void
on_lost(void *data)
{
	(void)data;
	heard.lost++;
}

static const struct metadata_events events = {
	.word = on_word,
	.told = on_told,
	.lost = on_lost,
};

static int
begin(void **state)
{
	(void)state;
	memset(&pipewire, 0, sizeof(pipewire));
	memset(&heard, 0, sizeof(heard));
	memset(&metadata, 0, sizeof(metadata));
	pipewire.core.cb = SPA_CALLBACKS_INIT(&core_methods, NULL);
	pipewire.registry.cb = SPA_CALLBACKS_INIT(&registry_methods, NULL);
	pipewire.metadata.cb = SPA_CALLBACKS_INIT(&metadata_methods, NULL);
	pipewire.bound = true;
	return metadata_open(&metadata, NULL, METADATA, &events, NULL);
}

static int
end(void **state)
{
	(void)state;
	metadata_close(&metadata);
	return 0;
}

static void
all_is_told_with_the_answer_and_again_when_asked(void **state)
{
	(void)state;
	tell_node(40, "400");
	tell_word(40, "7");
	assert_true(metadata_wait(&metadata));
	assert_false(metadata_again(&metadata));
	answer();
	assert_false(metadata_wait(&metadata));
	assert_int_equal(heard.told, 1);
	assert_string_equal(metadata_find(&metadata, 400, KEY)->value, "7");
	assert_true(metadata_again(&metadata));
	assert_true(metadata_wait(&metadata));
	assert_null(metadata_find(&metadata, 400, KEY));
	tell_word(40, "8");
	answer();
	assert_int_equal(heard.told, 2);
	assert_int_equal(heard.words, 2);
	assert_string_equal(metadata_find(&metadata, 400, KEY)->value, "8");
}

/* Or all that was said would be taken for unsaid. */
static void
metadata_that_has_gone_has_told_nothing(void **state)
{
	(void)state;
	answer();
	pipewire.bound = false;
	assert_true(metadata_again(&metadata));
	answer();
	assert_int_equal(heard.told, 1);
	assert_false(metadata_wait(&metadata));
}

static void
a_reading_that_cannot_begin_is_a_loss(void **state)
{
	(void)state;
	answer();
	pipewire.no_memory = true;
	assert_false(metadata_again(&metadata));
	assert_int_equal(heard.lost, 1);
	assert_false(metadata_wait(&metadata));
}

static void
nobody_waits_for_a_connection_that_is_lost(void **state)
{
	(void)state;
	assert_true(metadata_wait(&metadata));
	hang_up();
	assert_int_equal(heard.lost, 1);
	assert_false(metadata_wait(&metadata));
}

static void
an_id_that_is_used_again_is_the_new_nodes(void **state)
{
	(void)state;
	tell_node(40, "400");
	tell_word(40, "7");
	tell_node(40, "500");
	assert_null(metadata_find(&metadata, 400, KEY));
	tell_word(40, "8");
	assert_int_equal(heard.serial, 500);
	assert_string_equal(metadata_find(&metadata, 500, KEY)->value, "8");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, begin, end)
		T(all_is_told_with_the_answer_and_again_when_asked),
		T(metadata_that_has_gone_has_told_nothing),
		T(a_reading_that_cannot_begin_is_a_loss),
		T(nobody_waits_for_a_connection_that_is_lost),
		T(an_id_that_is_used_again_is_the_new_nodes),
	};

	return cmocka_run_group_tests_name("metadata", tests, NULL, NULL);
}
