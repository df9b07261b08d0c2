/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/graph_rig.h"

static struct graph g;

static int
begin(void **state)
{
	(void)state;
	graph_init(&g);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	graph_done(&g);
	return 0;
}

static uint32_t
count(const struct spa_list *list)
{
	const struct spa_list *l;
	uint32_t n = 0;

	for (l = list->next; l != list; l = l->next)
		n++;
	return n;
}

static void
a_node_has_its_ports_in_the_order_of_their_numbers(void **state)
{
	(void)state;
	rig_node(&g, 1, "a", "Audio/Sink");
	rig_port(&g, 12, 1, false, 2, "third");
	rig_port(&g, 10, 1, false, 0, "first");
	rig_port(&g, 11, 1, false, 1, "second");
	rig_port(&g, 13, 1, true, 0, "out");
	assert_int_equal(graph_ports(&g, 1, false, false), 3);
	assert_string_equal(graph_port(&g, 1, false, false, 0)->name, "first");
	assert_string_equal(graph_port(&g, 1, false, false, 1)->name, "second");
	assert_string_equal(graph_port(&g, 1, false, false, 2)->name, "third");
	assert_null(graph_port(&g, 1, false, false, 3));
	assert_ptr_equal(graph_port(&g, 1, true, false, 0),
		graph_port_by_name(&g, 1, "out"));
	assert_string_equal(
		graph_port_by_channel(&g, 1, false, "FR")->name, "second");
}

static void
a_monitor_counts_only_where_it_is_asked_for(void **state)
{
	struct graph_object *o;

	(void)state;
	rig_node(&g, 1, "a", "Audio/Sink");
	o = rig_port(&g, 10, 1, true, 0, "monitor_FL");
	o->monitor = true;
	assert_int_equal(graph_ports(&g, 1, true, false), 0);
	assert_int_equal(graph_ports(&g, 1, true, true), 1);
	assert_null(graph_port(&g, 1, true, false, 0));
	assert_ptr_equal(graph_port(&g, 1, true, true, 0), o);
}

static void
what_came_before_its_node_is_found_at_it(void **state)
{
	struct graph_object *node, *link;

	(void)state;
	rig_port(&g, 10, 1, true, 1, "b");
	rig_port(&g, 11, 1, true, 0, "a");
	link = rig_link(&g, 20, 1, 10, 2, 30);
	assert_null(graph_port(&g, 1, true, false, 0));
	node = rig_node(&g, 1, "late", "");
	assert_string_equal(graph_port(&g, 1, true, false, 0)->name, "a");
	assert_string_equal(graph_port(&g, 1, true, false, 1)->name, "b");
	assert_int_equal(count(&node->links_out), 1);
	node = rig_node(&g, 2, "later", "");
	assert_int_equal(count(&node->links_in), 1);
	graph_remove(link);
	assert_int_equal(count(&node->links_in), 0);
}

static void
what_outlives_its_node_is_not_lost(void **state)
{
	struct graph_object *node;

	(void)state;
	rig_node(&g, 1, "a", "");
	rig_node(&g, 2, "b", "");
	rig_port(&g, 10, 1, true, 0, "out");
	rig_link(&g, 20, 1, 10, 2, 30);
	graph_remove(graph_node(&g, 1));
	assert_null(graph_port(&g, 1, true, false, 0));
	assert_non_null(graph_find(&g, GRAPH_PORT, 10));
	graph_remove(graph_find(&g, GRAPH_LINK, 20));
	graph_remove(graph_find(&g, GRAPH_PORT, 10));
	/* the id is used again, without what it was */
	node = rig_node(&g, 1, "c", "");
	assert_int_equal(count(&node->links_out), 0);
	assert_int_equal(graph_ports(&g, 1, true, false), 0);
}

static void
an_id_that_is_used_again_is_another_object(void **state)
{
	(void)state;
	rig_node(&g, 1, "a", "");
	graph_node(&g, 1)->follower = &g;
	rig_port(&g, 10, 1, true, 0, "out");
	rig_node(&g, 1, "b", "");
	assert_null(graph_node_by_name(&g, "a"));
	assert_null(graph_node_by_name(&g, "b")->follower);
	rig_link(&g, 10, 1, 2, 3, 4);
	assert_null(graph_find(&g, GRAPH_PORT, 10));
	assert_int_equal(graph_ports(&g, 1, true, false), 0);
}

static void
a_node_is_found_by_the_name_that_it_has_now(void **state)
{
	struct graph_object *node = rig_node(&g, 1, "before", "");
	struct pw_properties *p =
		pw_properties_new(PW_KEY_NODE_NAME, "after", NULL);

	(void)state;
	graph_props(node, &p->dict);
	pw_properties_free(p);
	assert_null(graph_node_by_name(&g, "before"));
	assert_ptr_equal(graph_node_by_name(&g, "after"), node);
	graph_remove(node);
	assert_null(graph_node_by_name(&g, "after"));
	assert_null(graph_node_by_name(&g, ""));
}

static void
of_namesakes_the_first_is_found_whatever_the_others_say(void **state)
{
	struct graph_object *first = rig_node(&g, 1, "same", "");
	struct pw_properties *p = pw_properties_new(
		PW_KEY_NODE_NAME, "same", PW_KEY_MEDIA_CLASS, "x", NULL);

	(void)state;
	rig_node(&g, 2, "same", "");
	graph_props(first, &p->dict);
	pw_properties_free(p);
	assert_ptr_equal(graph_node_by_name(&g, "same"), first);
	assert_string_equal(graph_prop(first, PW_KEY_MEDIA_CLASS), "x");
}

static void
a_port_is_found_by_the_name_and_its_node(void **state)
{
	(void)state;
	rig_node(&g, 1, "x", "");
	rig_node(&g, 2, "x", "");
	rig_port(&g, 10, 1, true, 0, "out");
	rig_port(&g, 11, 2, true, 0, "out");
	assert_int_equal(graph_port_by_name(&g, 1, "out")->id, 10);
	assert_int_equal(graph_port_by_name(&g, 2, "out")->id, 11);
	assert_null(graph_port_by_name(&g, 3, "out"));
}

/* It was sent to a sink, and to another one. */
static void
come_and_go(void)
{
	struct graph_object *node = rig_stream(&g, 1, "player"), *port;

	port = rig_port(&g, 2, 1, true, 0, "out");
	graph_word(node, "target.object", "room");
	graph_word(node, "target.object", "other");
	graph_word(node, "target.node", "3");
	graph_remove(port);
	graph_remove(node);
}

static void
programs_that_come_and_go_leave_nothing(void **state)
{
	size_t before;

	(void)state;
	come_and_go();
	before = mallinfo2().uordblks;
	for (int i = 0; i < 1000; i++)
		come_and_go();
	assert_in_range(mallinfo2().uordblks, 0, before + 1000);
}

static uint32_t told;

static void
on_added(void *data, struct graph_object *o)
{
	assert_ptr_equal(data, &told);
	assert_ptr_equal(graph_find(&g, o->type, o->id), o);
	o->follower = &told;
	told++;
}

static void
on_removed(void *data, struct graph_object *o)
{
	assert_ptr_equal(data, &told);
	assert_ptr_equal(o->follower, &told);
	if (o->type == GRAPH_NODE && o->id == 1)
		assert_int_equal(count(&o->links_out), 1);
	told--;
}

static void
what_comes_is_told_and_what_goes_while_it_is_whole(void **state)
{
	static const struct graph_events events = {
		.added = on_added,
		.removed = on_removed,
	};

	(void)state;
	g.events = &events;
	g.data = &told;
	told = 0;
	rig_node(&g, 1, "a", "");
	rig_node(&g, 2, "b", "");
	rig_port(&g, 10, 1, true, 0, "out");
	rig_port(&g, 20, 2, false, 0, "in");
	rig_link(&g, 30, 1, 10, 2, 20);
	assert_int_equal(told, 5);
	rig_port(&g, 20, 2, false, 0, "of the same id");
	assert_int_equal(told, 5);
	graph_remove(graph_node(&g, 1));
	assert_int_equal(told, 4);
	graph_done(&g);
	assert_int_equal(told, 0);
}

static void
who_still_looks_when_it_is_done_finds_nothing(void **state)
{
	(void)state;
	rig_node(&g, 1, "a", "Audio/Sink");
	rig_port(&g, 10, 1, false, 0, "in");
	graph_done(&g);
	assert_null(graph_node(&g, 1));
	assert_null(graph_node_by_serial(&g, 1001));
	assert_null(graph_node_by_name(&g, "a"));
	assert_null(graph_port_by_name(&g, 1, "in"));
	assert_null(graph_metadata(&g, "default"));
}

#define GRAPH_TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		GRAPH_TEST(a_node_has_its_ports_in_the_order_of_their_numbers),
		GRAPH_TEST(a_monitor_counts_only_where_it_is_asked_for),
		GRAPH_TEST(what_came_before_its_node_is_found_at_it),
		GRAPH_TEST(what_outlives_its_node_is_not_lost),
		GRAPH_TEST(an_id_that_is_used_again_is_another_object),
		GRAPH_TEST(a_node_is_found_by_the_name_that_it_has_now),
		GRAPH_TEST(
			of_namesakes_the_first_is_found_whatever_the_others_say),
		GRAPH_TEST(programs_that_come_and_go_leave_nothing),
		GRAPH_TEST(a_port_is_found_by_the_name_and_its_node),
		GRAPH_TEST(what_comes_is_told_and_what_goes_while_it_is_whole),
		GRAPH_TEST(who_still_looks_when_it_is_done_finds_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
