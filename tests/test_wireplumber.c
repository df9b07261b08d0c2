/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include <pipewire/extensions/metadata.h>

#include "driver/pipewire/graph/wireplumber.h"
#include "tests/graph_rig.h"

#define OLD	 3
#define METADATA 4
#define YOUNG	 5

static int
rig_up(void **state)
{
	struct graph *g = malloc(sizeof(*g));

	assert_non_null(g);
	graph_init(g);
	rig_node(g, OLD, "old", "Audio/Sink");
	rig_add(g, GRAPH_METADATA, METADATA,
		pw_properties_new(PW_KEY_METADATA_NAME, "default",
			PW_KEY_CLIENT_ID, "50", NULL));
	rig_node(g, YOUNG, "young", "Audio/Sink");
	*state = g;
	return 0;
}

static int
rig_down(void **state)
{
	graph_done(*state);
	free(*state);
	return 0;
}

static void
a_target_is_a_serial_an_id_or_a_name(void **state)
{
	struct graph *g = *state;
	const struct graph_object *old = graph_node(g, OLD);

	assert_ptr_equal(wireplumber_target(g, "1003", true), old);
	assert_null(wireplumber_target(g, "1003", false));
	assert_ptr_equal(wireplumber_target(g, "3", false), old);
	assert_null(wireplumber_target(g, "3", true));
	assert_ptr_equal(wireplumber_target(g, "old", true), old);
	assert_ptr_equal(wireplumber_target(g, "old", false), old);
}

static void
no_node_is_no_target(void **state)
{
	static const char *const none[] = {
		"-1", "", "4", "3x", "4294967299", "99999999999999999999"};
	struct graph *g = *state;

	for (size_t i = 0; i < SPA_N_ELEMENTS(none); i++) {
		assert_null(wireplumber_target(g, none[i], false));
		assert_null(wireplumber_target(g, none[i], true));
	}
}

static void
it_remembers_numbers_alone(void **state)
{
	(void)state;
	assert_true(wireplumber_remembers("1003"));
	assert_false(wireplumber_remembers("-1"));
	assert_false(wireplumber_remembers("old"));
	assert_false(wireplumber_remembers("3x"));
	assert_false(wireplumber_remembers(""));
}

static void
it_has_found_who_is_older(void **state)
{
	struct graph *g = *state;

	assert_true(wireplumber_has_found(graph_node(g, OLD)));
	assert_false(wireplumber_has_found(graph_node(g, YOUNG)));
	graph_remove(graph_find(g, GRAPH_METADATA, METADATA));
	assert_false(wireplumber_has_found(graph_node(g, OLD)));
}

static void
a_link_of_its_own_tells_that_it_links(void **state)
{
	struct graph *g = *state;
	struct graph_object *link = rig_link(g, 10, OLD, 0, YOUNG, 0);

	assert_false(wireplumber_links(g));
	assert_false(wireplumber_has_linked(graph_node(g, OLD)));
	pw_properties_set(link->props, PW_KEY_CLIENT_ID, "50");
	assert_true(wireplumber_links(g));
	assert_true(wireplumber_has_linked(graph_node(g, OLD)));
	assert_true(wireplumber_has_linked(graph_node(g, YOUNG)));
}

static void
a_text_is_found_by_its_key(void **state)
{
	static const char json[] =
		"{\"volume\":0.5, \"name\":\"a\\\"b\", \"flag\":true}";
	char text[8];

	(void)state;
	assert_true(wireplumber_text(json, "name", text, sizeof(text)));
	assert_string_equal(text, "a\"b");
	assert_false(wireplumber_text(json, "flag", text, sizeof(text)));
	assert_string_equal(text, "");
	assert_false(wireplumber_text(json, "none", text, sizeof(text)));
	assert_false(wireplumber_text("", "name", text, sizeof(text)));
	assert_false(wireplumber_text(json, "name", text, 3));
	assert_string_equal(text, "");
}

static void
a_text_needs_no_quotes(void **state)
{
	static const char json[] = "{ name: alsa_output.x-1 }";
	char text[16];

	(void)state;
	assert_true(wireplumber_text(json, "name", text, sizeof(text)));
	assert_string_equal(text, "alsa_output.x-1");
	assert_false(wireplumber_text(json, "name", text, 15));
}

static void
what_is_no_text_is_none(void **state)
{
	static const char *const none[] = {"{\"name\":null}",
		"{\"name\":false}", "{\"name\":{\"name\":\"a\"}}",
		"{\"name\":[\"a\"]}", "{\"name\":}"};
	char text[16];

	(void)state;
	for (size_t i = 0; i < SPA_N_ELEMENTS(none); i++) {
		assert_false(
			wireplumber_text(none[i], "name", text, sizeof(text)));
		assert_string_equal(text, "");
	}
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, rig_up, rig_down)
	const struct CMUnitTest tests[] = {
		T(a_target_is_a_serial_an_id_or_a_name),
		T(no_node_is_no_target),
		T(it_remembers_numbers_alone),
		T(it_has_found_who_is_older),
		T(a_link_of_its_own_tells_that_it_links),
		T(a_text_is_found_by_its_key),
		T(a_text_needs_no_quotes),
		T(what_is_no_text_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
