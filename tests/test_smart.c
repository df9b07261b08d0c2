/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "driver/pipewire/graph/smart.h"

#define PROPS_MAX 8

struct rig {
	struct graph graph;
	uint32_t next;
	struct graph_object *room;
};

static struct graph_object *
add(struct rig *r, enum graph_type type, const char *const *props)
{
	struct spa_dict_item items[PROPS_MAX];
	uint32_t n = 0;

	for (; props[2 * n]; n++)
		items[n] = SPA_DICT_ITEM_INIT(props[2 * n], props[2 * n + 1]);
	return graph_add(&r->graph, type, r->next++, &SPA_DICT_INIT(items, n));
}

static struct graph_object *
filter(struct rig *r, const char *name, const char *key, const char *value)
{
	return add(r, GRAPH_NODE,
		(const char *const[]){"node.name", name, "media.class",
			"Audio/Sink", "node.link-group", name, "filter.smart",
			"true", key, value, NULL});
}

static int
rig_up(void **state)
{
	struct rig *r = calloc(1, sizeof(*r));

	assert_non_null(r);
	graph_init(&r->graph);
	r->room = add(r, GRAPH_NODE,
		(const char *const[]){"node.name", "room", "media.class",
			"Audio/Sink", NULL});
	*state = r;
	return 0;
}

/* WirePlumber 0.5 has made its metadata. */
static int
ruled_up(void **state)
{
	rig_up(state);
	add(*state, GRAPH_METADATA,
		(const char *const[]){"metadata.name", "filters", NULL});
	return 0;
}

static int
rig_down(void **state)
{
	struct rig *r = *state;

	graph_done(&r->graph);
	free(r);
	return 0;
}

static const char *
into(const struct rig *r)
{
	return smart_before(&r->graph, r->room)->name;
}

static void
where_nobody_rules_filters_there_is_none(void **state)
{
	filter(*state, "eq", NULL, NULL);
	assert_string_equal(into(*state), "room");
}

static void
a_sink_without_filters_is_itself(void **state)
{
	struct rig *r = *state;

	assert_string_equal(into(r), "room");
	assert_null(smart_before(&r->graph, NULL));
}

static void
a_filter_without_a_target_stands_before_the_default(void **state)
{
	filter(*state, "eq", NULL, NULL);
	assert_string_equal(into(*state), "eq");
}

static void
a_loopback_that_is_not_smart_is_a_sink(void **state)
{
	add(*state, GRAPH_NODE,
		(const char *const[]){"node.name", "virtual", "media.class",
			"Audio/Sink", "node.link-group", "virtual", NULL});
	assert_string_equal(into(*state), "room");
}

static void
a_filter_that_is_switched_off_is_passed_by(void **state)
{
	filter(*state, "eq", "filter.smart.disabled", "true");
	assert_string_equal(into(*state), "room");
}

static void
a_filter_of_another_sink_is_not_ours(void **state)
{
	filter(*state, "eq", "filter.smart.target",
		"{ node.name = \"other\" }");
	assert_string_equal(into(*state), "room");
}

static void
a_filter_of_this_sink_comes_before_one_of_all(void **state)
{
	filter(*state, "all", NULL, NULL);
	filter(*state, "eq", "filter.smart.target", "{ node.name = \"room\" }");
	assert_string_equal(into(*state), "eq");
}

static void
of_two_the_older_one_is_first(void **state)
{
	filter(*state, "one", NULL, NULL);
	filter(*state, "two", NULL, NULL);
	assert_string_equal(into(*state), "one");
}

static void
unless_one_says_its_place(void **state)
{
	filter(*state, "one", NULL, NULL);
	filter(*state, "two", "filter.smart.before", "[ \"one\" ]");
	assert_string_equal(into(*state), "two");
}

static void
or_the_other(void **state)
{
	filter(*state, "one", "filter.smart.after", "[ two ]");
	filter(*state, "two", NULL, NULL);
	assert_string_equal(into(*state), "two");
}

static void
two_behind_each_other_end_nothing(void **state)
{
	filter(*state, "one", "filter.smart.after", "[ two ]");
	filter(*state, "two", "filter.smart.after", "[ one ]");
	assert_string_equal(into(*state), "one");
}

static void
what_the_metadata_says_counts_more(void **state)
{
	struct rig *r = *state;
	struct graph_object *eq = filter(r, "eq", NULL, NULL);

	smart_said(eq, "filter.smart.disabled", "true");
	assert_string_equal(into(r), "room");
	smart_said(eq, "filter.smart.disabled", NULL);
	assert_string_equal(into(r), "eq");
	smart_said(eq, "filter.smart", "false");
	assert_string_equal(into(r), "room");
	smart_said(eq, NULL, NULL);
	assert_string_equal(into(r), "eq");
}

static void
a_target_that_is_no_object_is_nobodys(void **state)
{
	filter(*state, "eq", "filter.smart.target", "room");
	assert_string_equal(into(*state), "room");
}

static void
a_sink_that_is_a_filter_is_played_into(void **state)
{
	struct rig *r = *state;

	filter(r, "one", NULL, NULL);
	r->room = filter(r, "two", NULL, NULL);
	assert_string_equal(into(r), "two");
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, ruled_up, rig_down)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			where_nobody_rules_filters_there_is_none, rig_up,
			rig_down),
		T(a_sink_without_filters_is_itself),
		T(a_filter_without_a_target_stands_before_the_default),
		T(a_loopback_that_is_not_smart_is_a_sink),
		T(a_filter_that_is_switched_off_is_passed_by),
		T(a_filter_of_another_sink_is_not_ours),
		T(a_filter_of_this_sink_comes_before_one_of_all),
		T(of_two_the_older_one_is_first),
		T(unless_one_says_its_place),
		T(or_the_other),
		T(two_behind_each_other_end_nothing),
		T(what_the_metadata_says_counts_more),
		T(a_target_that_is_no_object_is_nobodys),
		T(a_sink_that_is_a_filter_is_played_into),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
