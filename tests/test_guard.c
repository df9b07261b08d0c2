/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "driver/pipewire/graph/guard.h"

#define PLAYS	"Stream/Output/Audio"
#define RECORDS "Stream/Input/Audio"
#define SINK	"Audio/Sink"
#define SOURCE	"Audio/Source/Virtual"

enum { ENGINE = 1, LOOP = 2, ROOM = 3 };

struct rig {
	struct graph graph;
	uint32_t next;
};

/* A client of the pulse server's, or, with a process the server knows, not. */
static uint32_t
client(struct rig *r, const char *pid, const char *binary, bool pulse)
{
	const struct spa_dict_item items[] = {
		{"client.api", pulse ? "pipewire-pulse" : ""},
		{"pipewire.sec.pid", pulse ? "900" : pid},
		{"application.process.id", pid},
		{"application.process.binary", binary}};

	assert_non_null(graph_add(
		&r->graph, GRAPH_CLIENT, r->next, &SPA_DICT_INIT(items, 4)));
	return r->next++;
}

static uint32_t
node_of(struct rig *r, uint32_t id, uint32_t owner, const char *name,
	const char *class, const char *group)
{
	char owner_id[16];
	const struct spa_dict_item items[] = {{"node.name", name},
		{"media.class", class}, {"node.link-group", group},
		{"client.id", owner_id}};

	snprintf(owner_id, sizeof(owner_id), "%u", owner);
	assert_non_null(
		graph_add(&r->graph, GRAPH_NODE, id, &SPA_DICT_INIT(items, 4)));
	return id;
}

static uint32_t
node(struct rig *r, uint32_t owner, const char *name, const char *class,
	const char *group)
{
	return node_of(r, r->next++, owner, name, class, group);
}

static uint32_t
link_up(struct rig *r, uint32_t from, uint32_t to)
{
	char out[16], in[16];
	const struct spa_dict_item items[] = {
		{"link.output.node", out}, {"link.input.node", in}};

	snprintf(out, sizeof(out), "%u", from);
	snprintf(in, sizeof(in), "%u", to);
	assert_non_null(graph_add(
		&r->graph, GRAPH_LINK, r->next, &SPA_DICT_INIT(items, 2)));
	return r->next++;
}

static int
setup(void **state)
{
	struct rig *r = calloc(1, sizeof(*r));

	assert_non_null(r);
	graph_init(&r->graph);
	r->next = 10;
	node_of(r, ENGINE, 4, "tapdeck", "", "");
	node_of(r, LOOP, 5, "tapdeck.loop", SOURCE, "");
	node_of(r, ROOM, 5, "room", SINK, "");
	link_up(r, ENGINE, LOOP);
	link_up(r, ENGINE, ROOM);
	*state = r;
	return 0;
}

static int
teardown(void **state)
{
	struct rig *r = *state;

	graph_done(&r->graph);
	free(r);
	return 0;
}

static bool
reached(struct rig *r, uint32_t id)
{
	guard_walk(&r->graph, ENGINE);
	return guard_reached(&r->graph, graph_node(&r->graph, id));
}

static void
why_is(struct rig *r, uint32_t id, const char *want)
{
	char why[200];

	assert_true(reached(r, id));
	guard_why(&r->graph, graph_node(&r->graph, id), why, sizeof(why));
	assert_string_equal(why, want);
}

static void
a_program_that_records_us_is_reached(void **state)
{
	struct rig *r = *state;
	uint32_t c = client(r, "100", "meet", true);
	uint32_t plays = node(r, c, "meet.out", PLAYS, "");
	uint32_t records = node(r, c, "meet.in", RECORDS, "");
	uint32_t link;

	assert_false(reached(r, plays));
	link = link_up(r, LOOP, records);
	why_is(r, plays, "meet.in records tapdeck.loop");
	graph_remove(graph_find(&r->graph, GRAPH_LINK, link));
	assert_false(reached(r, plays));
	/* what main plays in the room comes back by its monitor */
	link_up(r, ROOM, records);
	why_is(r, plays, "meet.in records room");
}

static void
another_pulse_program_is_not(void **state)
{
	struct rig *r = *state;
	uint32_t a = client(r, "100", "meet", true);
	uint32_t b = client(r, "101", "player", true);
	uint32_t plays = node(r, b, "player", PLAYS, "");

	link_up(r, LOOP, node(r, a, "meet.in", RECORDS, ""));
	assert_false(reached(r, plays));
}

static void
one_module_of_the_daemon_is_not_another(void **state)
{
	struct rig *r = *state;
	uint32_t daemon = client(r, "900", "pipewire", false);
	uint32_t mic_in = node(r, daemon, "mic.in", RECORDS, "loopback-1");
	uint32_t mic = node(r, daemon, "mic.out", PLAYS, "loopback-1");
	uint32_t echo_in = node(r, daemon, "echo.in", RECORDS, "loopback-2");
	uint32_t echo = node(r, daemon, "echo.out", PLAYS, "loopback-2");

	(void)mic_in;
	link_up(r, LOOP, echo_in);
	why_is(r, echo, "echo.in records tapdeck.loop");
	assert_false(reached(r, mic));
}

static void
a_jack_client_is_its_own_recorder(void **state)
{
	struct rig *r = *state;
	uint32_t daw = node(r, client(r, "100", "daw", false), "daw", "", "");

	link_up(r, LOOP, daw);
	why_is(r, daw, "daw records tapdeck.loop");
}

static void
a_chain_names_who_hears_us_first(void **state)
{
	struct rig *r = *state;
	uint32_t c = client(r, "100", "meet", true);
	uint32_t daemon = client(r, "900", "pipewire", false);
	uint32_t plays = node(r, c, "meet.out", PLAYS, "");
	uint32_t records = node(r, c, "meet.in", RECORDS, "");
	uint32_t cable = node(r, daemon, "cable", SINK, "");
	uint32_t in = node(r, daemon, "back.in", RECORDS, "loopback-1");
	uint32_t out = node(r, daemon, "back.out", PLAYS, "loopback-1");

	link_up(r, LOOP, records);
	link_up(r, plays, cable);
	link_up(r, cable, in);
	why_is(r, out, "back.in records cable, which hears meet.in");
}

static void
a_meter_and_a_synth_pass_nothing_on(void **state)
{
	struct rig *r = *state;
	uint32_t c = client(r, "100", "mixer", true);
	uint32_t plays = node(r, c, "mixer.out", PLAYS, "");
	uint32_t meter = node(r, c, "mixer.meter", RECORDS, "");

	graph_props(graph_node(&r->graph, meter),
		&SPA_DICT_INIT_ARRAY((
			(struct spa_dict_item[]){{"stream.monitor", "true"}})));
	link_up(r, ROOM, meter);
	assert_false(reached(r, plays));
}

static void
a_ring_of_links_ends(void **state)
{
	struct rig *r = *state;
	uint32_t a = node(r, 6, "a", "", ""), b = node(r, 6, "b", "", "");

	link_up(r, LOOP, a);
	link_up(r, a, b);
	link_up(r, b, a);
	link_up(r, b, LOOP);
	why_is(r, b, "b records a, which hears a");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_program_that_records_us_is_reached),
		TEST(another_pulse_program_is_not),
		TEST(one_module_of_the_daemon_is_not_another),
		TEST(a_jack_client_is_its_own_recorder),
		TEST(a_chain_names_who_hears_us_first),
		TEST(a_meter_and_a_synth_pass_nothing_on),
		TEST(a_ring_of_links_ends),
	};

	return cmocka_run_group_tests_name("guard", tests, NULL, NULL);
}
