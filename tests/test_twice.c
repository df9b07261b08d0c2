/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A taken program that its user sends to where main is heard, in a graph
 * without PipeWire, and what main plays of it then. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "driver/pipewire/say.h"
#include "tests/graph_rig.h"
#include "driver/pipewire/twice.h"

#define MS	1000000u
#define FRAMES	256u
#define OWN	1
#define ROOM	2
#define OTHER	3
#define PARK	4
#define APP	5
#define MANAGER 6
#define LINK	7

static struct supervisor_shared shared = {.park_sink = "park"};
static uint64_t now_ns;

/* ---- what else the driver has, without PipeWire ---- */

uint64_t
driver_now_ns(void)
{
	return now_ns;
}

void
driver_say(struct driver *d, const char *format, ...)
{
	(void)d, (void)format;
}

uint32_t
node_id(const struct node *node)
{
	(void)node;
	return OWN;
}

struct supervisor_shared *
supervisor_client_shared(struct supervisor_client *w)
{
	(void)w;
	return &shared;
}

struct rig {
	struct driver d;
	struct graph_object *node;
	struct tapped app;
	struct stream s;
};

/* A program that is taken: main and loop have it. */
static int
rig_new(void **state)
{
	static const struct mixer_config shape = {.strips = 1,
		.buses = 2,
		.rate_hz = 48000,
		.block_max = BLOCK_MAX};
	static struct rig r;
	struct graph *g = &r.d.graph;
	const struct message route = {.parameter = MIX_ROUTE, .target = 3.0f};

	memset(&r, 0, sizeof(r));
	now_ns = 1000 * MS;
	graph_init(g);
	g->sent = twice_sent;
	g->sent_data = &r.d;
	rig_node(g, OWN, "tapdeck", "");
	rig_node(g, ROOM, "room", "Audio/Sink");
	rig_node(g, OTHER, "other", "Audio/Sink");
	rig_node(g, PARK, "park", "Audio/Sink");
	r.node = rig_stream(g, APP, "app");
	rig_add(g, GRAPH_METADATA, MANAGER,
		pw_properties_new(PW_KEY_CLIENT_ID, "9", NULL));
	strcpy(g->default_sink, "room");
	r.d.config.strips = 1;
	r.d.config.buses = 2;
	strcpy(r.d.config.bus_name[0], "loop");
	strcpy(r.d.config.bus_name[1], "main");
	r.d.running = true;
	assert_int_equal(mixer_new(&r.d.node.mixer, &shape), 0);
	assert_true(mixer_post(r.d.node.mixer, &route, 1));
	spa_list_init(&r.d.apps);
	spa_list_init(&r.app.streams);
	spa_list_append(&r.d.apps, &r.app.link);
	r.s = (struct stream){.app = &r.app,
		.node_id = APP,
		.step = STEP_ON,
		.linked = true,
		.parked = true};
	spa_list_append(&r.app.streams, &r.s.link);
	r.node->follower = &r.s;
	graph_word(r.node, "target.object", "park");
	*state = &r;
	return 0;
}

static int
rig_free(void **state)
{
	struct rig *r = *state;

	mixer_free(r->d.node.mixer);
	graph_done(&r->d.graph);
	return 0;
}

/* Of this block's last frame, in main; in loop it is always 1. */
static float
main_level(struct rig *r)
{
	float left[FRAMES], out[2][2][FRAMES];
	float *const buses[2][2] = {
		{out[0][0], out[0][1]}, {out[1][0], out[1][1]}};
	struct mixer_input in = {.layout = LAYOUT_STEREO, .ch = {left, left}};

	for (uint32_t i = 0; i < FRAMES; i++)
		left[i] = 1.0f;
	mixer_run(r->d.node.mixer, &in, 1, buses, FRAMES);
	assert_true(out[0][0][FRAMES - 1] == 1.0f);
	return out[1][0][FRAMES - 1];
}

static void
assert_main(struct rig *r, float level)
{
	assert_true(main_level(r) == level);
}

static struct graph_object *
managers_link(struct rig *r, uint32_t sink)
{
	struct graph_object *link =
		rig_link(&r->d.graph, LINK, APP, 0, sink, 0);

	pw_properties_set(link->props, PW_KEY_CLIENT_ID, "9");
	return link;
}

static void
from_the_word_until_the_link_is_gone_it_is_halved(void **state)
{
	struct rig *r = *state;
	struct graph_object *link;

	assert_main(r, 1.0f);
	graph_word(r->node, "target.object", "1002");
	assert_main(r, 0.5f); /* before any look */
	link = managers_link(r, ROOM);
	r->s.step = STEP_PARKING;
	twice_look(&r->d);
	graph_word(r->node, "target.object", "park");
	assert_main(r, 0.5f);
	graph_remove(link);
	r->s.step = STEP_ON;
	twice_look(&r->d);
	assert_main(r, 1.0f);
}

static void
a_link_that_never_comes_is_waited_for_a_moment(void **state)
{
	struct rig *r = *state;

	graph_word(r->node, "target.object", "-1"); /* the default sink */
	now_ns += 50 * MS;
	twice_look(&r->d);
	assert_main(r, 0.5f);
	assert_true(r->d.waiting);
	graph_word(r->node, "target.object", "park");
	now_ns += 20 * MS;
	twice_look(&r->d);
	assert_main(r, 1.0f);
}

static void
an_answer_that_never_comes_as_well(void **state)
{
	struct rig *r = *state;

	graph_word(r->node, "target.object", NULL);
	assert_main(r, 0.5f);
	now_ns += 150 * MS;
	twice_look(&r->d);
	assert_main(r, 1.0f);
}

static void
where_main_is_not_heard_nothing_is_halved(void **state)
{
	struct rig *r = *state;

	graph_word(r->node, "target.object", "1003");
	assert_main(r, 1.0f);
	managers_link(r, OTHER);
	r->s.step = STEP_PARKING;
	twice_look(&r->d);
	assert_main(r, 1.0f);
}

static void
what_leaves_is_halved_from_the_link_on(void **state)
{
	struct rig *r = *state;

	r->s.step = STEP_LEAVING;
	twice_look(&r->d);
	assert_main(r, 1.0f);
	managers_link(r, ROOM);
	twice_look(&r->d);
	assert_main(r, 0.5f);
	r->s.linked = false;
	r->s.step = STEP_NONE;
	twice_look(&r->d);
	assert_main(r, 1.0f);
}

/* It would come back from the half under its first frames. */
static void
what_is_taken_before_it_begins_is_whole(void **state)
{
	struct rig *r = *state;
	struct graph_object *link;

	r->s.step = STEP_PARKING;
	r->s.begins = true;
	link = managers_link(r, ROOM);
	twice_look(&r->d);
	assert_main(r, 1.0f);
	graph_remove(link);
	r->s.step = STEP_ON;
	twice_look(&r->d);
	assert_main(r, 1.0f);
	/* what the session manager remembers of it, said anew */
	graph_word(r->node, "target.object", "room");
	r->s.begins = false;
	twice_look(&r->d);
	assert_main(r, 1.0f);
}

/* It is out of main still: there it is at its half when it comes in. */
static void
what_is_early_on_its_strip_is_halved(void **state)
{
	struct rig *r = *state;

	r->s.step = STEP_LINKING;
	r->s.early = true;
	managers_link(r, ROOM);
	twice_look(&r->d);
	assert_main(r, 0.5f);
}

static void
what_is_only_copied_is_never_halved(void **state)
{
	struct rig *r = *state;

	r->s.parked = false;
	managers_link(r, ROOM);
	graph_word(r->node, "target.object", "1002");
	twice_look(&r->d);
	assert_main(r, 1.0f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, rig_new, rig_free)
		T(from_the_word_until_the_link_is_gone_it_is_halved),
		T(a_link_that_never_comes_is_waited_for_a_moment),
		T(an_answer_that_never_comes_as_well),
		T(where_main_is_not_heard_nothing_is_halved),
		T(what_leaves_is_halved_from_the_link_on),
		T(what_is_taken_before_it_begins_is_whole),
		T(what_is_early_on_its_strip_is_halved),
		T(what_is_only_copied_is_never_halved),
	};

	return cmocka_run_group_tests_name("twice", tests, NULL, NULL);
}
