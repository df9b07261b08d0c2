/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Our own links, with a PipeWire that refuses every one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "driver/pipewire/links.h"
#include "tests/graph_rig.h"

#define S_NS UINT64_C(1000000000)

static struct graph g;
static struct links l;
static struct graph_object *out, *in;
static uint32_t asked, refused;

static void *
create_object(void *data, const char *factory, const char *type,
	uint32_t version, const struct spa_dict *props, size_t user_data_size)
{
	(void)data, (void)factory, (void)type, (void)version, (void)props;
	(void)user_data_size;
	asked++;
	return NULL;
}

static const struct pw_core_methods methods = {
	PW_VERSION_CORE_METHODS,
	.create_object = create_object,
};
static struct spa_interface core = {
	.type = PW_TYPE_INTERFACE_Core,
	.version = PW_VERSION_CORE,
	.cb = {&methods, NULL},
};

static void
on_refused(void *data, const struct graph_object *out_port,
	const struct graph_object *in_port, const char *why)
{
	assert_ptr_equal(data, &l);
	assert_ptr_equal(out_port, out);
	assert_ptr_equal(in_port, in);
	assert_non_null(why);
	refused++;
}

static int
begin(void **state)
{
	(void)state;
	asked = refused = 0;
	graph_init(&g);
	links_init(&l, (struct pw_core *)&core, &g, on_refused, &l);
	rig_node(&g, 1, "a", "");
	rig_node(&g, 2, "b", "");
	out = rig_port(&g, 10, 1, true, 0, "out");
	in = rig_port(&g, 20, 2, false, 0, "in");
	return 0;
}

static int
end(void **state)
{
	(void)state;
	links_done(&l);
	graph_done(&g);
	return 0;
}

static uint64_t
want(uint64_t now_ns)
{
	links_begin(&l);
	links_want(&l, out, in);
	return links_end(&l, now_ns);
}

/* As long as it is tried at once */
static uint64_t
give_up(uint64_t now_ns)
{
	uint64_t due_ns;

	do
		due_ns = want(now_ns);
	while (due_ns == 0 && asked < 100);
	return due_ns;
}

static void
a_refused_link_is_tried_a_few_times_at_once(void **state)
{
	(void)state;
	give_up(S_NS);
	assert_in_range(asked, 2, 20);
	assert_int_equal(refused, 0); /* it may still come */
}

static void
then_it_is_said_once_and_tried_with_growing_pauses(void **state)
{
	uint64_t now_ns = S_NS, pause_ns = give_up(now_ns), due_ns;
	uint32_t tries = asked;

	(void)state;
	assert_int_equal(pause_ns, S_NS);
	for (int i = 0; i < 10; i++) {
		due_ns = want(now_ns + pause_ns / 2); /* too early */
		assert_int_equal(asked, tries);
		assert_int_equal(due_ns, pause_ns - pause_ns / 2);
		assert_int_equal(refused, 1);
		now_ns += pause_ns;
		due_ns = want(now_ns);
		assert_int_equal(asked, ++tries);
		assert_true(due_ns == 2 * pause_ns ||
			    (due_ns == pause_ns && due_ns == 64 * S_NS));
		pause_ns = due_ns;
	}
	assert_int_equal(pause_ns, 64 * S_NS);
}

static void
what_is_wanted_anew_is_tried_anew(void **state)
{
	uint32_t tries;

	(void)state;
	give_up(S_NS);
	want(S_NS);
	tries = asked;
	links_begin(&l);
	assert_true(links_end(&l, S_NS) == UINT64_MAX); /* nothing waits */
	assert_int_equal(want(S_NS), 0);
	assert_int_equal(asked, tries + 1);
}

static void
a_port_of_the_same_id_is_another_one(void **state)
{
	uint32_t tries;

	(void)state;
	give_up(S_NS);
	tries = asked;
	in = rig_port(&g, 20, 2, false, 0, "in");
	in->serial++;
	assert_int_equal(want(S_NS), 0);
	assert_int_equal(asked, tries + 1);
}

#define LINKS_TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LINKS_TEST(a_refused_link_is_tried_a_few_times_at_once),
		LINKS_TEST(then_it_is_said_once_and_tried_with_growing_pauses),
		LINKS_TEST(what_is_wanted_anew_is_tried_anew),
		LINKS_TEST(a_port_of_the_same_id_is_another_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
