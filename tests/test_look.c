/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A look at a graph of many programs, without PipeWire: what it costs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "driver/pipewire/look.h"
#include "tests/graph_rig.h"
#include "driver/pipewire/node/audio.h"
#include "driver/pipewire/say.h"
#include "driver/pipewire/streams.h"

#define OWN_NODE 1
#define ROOM	 2
#define PARK	 (ROOM + 3) /* a pair of ports between */
#define FEW	 50
#define MANY	 800 /* 16 times as many */
#define STRIPS	 64

/* ---- what else the driver has, without PipeWire ---- */

uint64_t
driver_now_ns(void)
{
	return 1;
}

void
driver_say(struct driver *d, const char *format, ...)
{
	(void)d, (void)format;
}

static uint32_t forced_hz;

void
node_force_rate(struct node *node, uint32_t rate_hz)
{
	(void)node;
	forced_hz = rate_hz;
}

void
driver_change_rate(struct driver *d, uint32_t hz)
{
	(void)d, (void)hz;
	fail_msg("the graph did not change");
}

uint32_t
node_id(const struct node *node)
{
	(void)node;
	return OWN_NODE;
}

static struct supervisor_shared shared = {.park_sink = "park"};

struct supervisor_shared *
supervisor_client_shared(struct supervisor_client *w)
{
	(void)w;
	return &shared;
}

int
supervisor_client_park(struct supervisor_client *w, uint64_t serial, bool sent)
{
	(void)w, (void)serial, (void)sent;
	return 0;
}

int
supervisor_client_restore(struct supervisor_client *w, uint64_t serial)
{
	(void)w, (void)serial;
	return 0;
}

static uint32_t told;

static void
on_app(void *data, const struct app *app)
{
	(void)data, (void)app;
	told++;
}

static void
on_app_gone(void *data, uint32_t id)
{
	(void)data, (void)id;
}

static const struct driver_events events = {
	.app = on_app,
	.app_gone = on_app_gone,
};

/* A core that makes nothing: every link is wanted and none is there. */
static const struct pw_core_methods no_methods = {PW_VERSION_CORE_METHODS};
static struct spa_interface no_core = {
	.type = PW_TYPE_INTERFACE_Core,
	.version = PW_VERSION_CORE,
	.cb = {&no_methods, NULL},
};

struct rig {
	struct driver d;
	struct cycle cycle;
	uint32_t id; /* the next free one */
};

static void
add_pair(struct rig *r, uint32_t node, bool output, uint32_t number,
	const char *name)
{
	char port[64];

	for (uint32_t i = 0; i < 2; i++) {
		snprintf(port, sizeof(port), "%s_%s", name, i ? "FR" : "FL");
		rig_port(&r->d.graph, r->id++, node, output, number + i, port);
	}
}

static struct rig *
rig_new(uint32_t streams)
{
	struct rig *r = calloc(1, sizeof(*r));
	struct driver *d = &r->d;
	char name[32];

	d->config.strips = STRIPS;
	d->config.buses = 1;
	strcpy(d->config.bus_name[0], "main");
	d->events = &events;
	d->core = (struct pw_core *)&no_core;
	d->node.cycle = &r->cycle;
	d->running = d->ran = true;
	spa_list_init(&d->apps);
	graph_init(&d->graph);
	links_init(&d->links, d->core, &d->graph, NULL, NULL);
	d->config.supervisor = (struct supervisor_client *)&shared;
	rig_node(&d->graph, OWN_NODE, "tapdeck", "");
	rig_node(&d->graph, ROOM, "room", "Audio/Sink");
	rig_node(&d->graph, PARK, "park", "Audio/Sink");
	r->id = ROOM + 1;
	add_pair(r, ROOM, false, 0, "playback");
	r->id = PARK + 1;
	add_pair(r, PARK, false, 0, "playback");
	add_pair(r, OWN_NODE, true, 0, "main");
	for (uint32_t s = 0; s < STRIPS; s++) {
		snprintf(name, sizeof(name), "strip%u", s + 1);
		add_pair(r, OWN_NODE, false, 2 * s, name);
	}
	for (uint32_t s = 0; s < streams; s++) {
		uint32_t node = r->id++;
		uint32_t sink = s % 2 ? ROOM : PARK;

		snprintf(name, sizeof(name), "app%u", s);
		rig_stream(&d->graph, node, name);
		add_pair(r, node, true, 0, "output");
		for (uint32_t i = 0; i < 2; i++) {
			rig_link(&d->graph, r->id++, node, node + 1 + i, sink,
				sink + 1 + i);
			rig_link(&d->graph, r->id++, node, node + 1 + i,
				OWN_NODE, OWN_NODE);
		}
	}
	return r;
}

/* Every stream on its strip: one half taken, one copied */
static void
tap_all(struct rig *r)
{
	struct tapped *t;
	struct stream *s;
	int n = 0;

	driver_look(&r->d);
	spa_list_for_each(t, &r->d.apps, link)
	{
		t->tap = n % 2 ? TAP_COPY : TAP_TAKE;
		t->strip = n++ % STRIPS;
		spa_list_for_each(s, &t->streams, link)
		{
			s->strip = t->strip;
			s->parked = t->tap == TAP_TAKE;
			s->linked = true;
			s->step = STEP_ON;
		}
	}
	driver_look(&r->d);
}

static void
rig_free(struct rig *r)
{
	streams_forget(&r->d);
	links_done(&r->d.links);
	graph_done(&r->d.graph);
	free(r);
}

static double
cpu_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Of the looks' times the shortest: what else runs here only makes it longer */
static double
look_s(uint32_t streams)
{
	struct rig *r = rig_new(streams);
	double best = 1e9;

	tap_all(r);
	for (int i = 0; i < 15; i++) {
		double start = cpu_s();

		driver_look(&r->d);
		if (cpu_s() - start < best)
			best = cpu_s() - start;
	}
	rig_free(r);
	return best;
}

static void
every_program_is_seen_and_every_link_wanted(void **state)
{
	struct rig *r = rig_new(FEW);
	struct spa_list *l;
	uint32_t links = 0;

	(void)state;
	told = 0;
	tap_all(r);
	assert_true(told >= FEW);
	for (l = r->d.links.list.next; l != &r->d.links.list; l = l->next)
		links++;
	assert_int_equal(
		links, 2 * FEW + 3); /* and main, and the silent sink */
	rig_free(r);
}

static void
a_look_costs_as_much_as_there_is_to_see(void **state)
{
	double few = look_s(FEW), many = look_s(MANY);

	(void)state;
	print_message("a look: %.0f us at %d streams, %.0f us at %d\n",
		few * 1e6, FEW, many * 1e6, MANY);
	/* 16 if it is linear, 256 if it is quadratic; more memory is slower
	 * memory */
	assert_true(many / few < 64);
}

#define SURROUND 6

static struct stream *
add_surround(struct rig *r, const char *name)
{
	static const char *const channels[SURROUND] = {
		"FL", "FR", "FC", "LFE", "SL", "SR"};
	uint32_t node = r->id++;
	struct tapped *t;

	rig_stream(&r->d.graph, node, name)->outputs = SURROUND;
	for (uint32_t i = 0; i < SURROUND; i++) {
		struct graph_object *port = rig_port(
			&r->d.graph, r->id++, node, true, i, channels[i]);

		pw_properties_set(
			port->props, PW_KEY_AUDIO_CHANNEL, channels[i]);
	}
	driver_look(&r->d);
	t = spa_list_last(&r->d.apps, struct tapped, link);
	return spa_list_first(&t->streams, struct stream, link);
}

static void
put_on(struct rig *r, struct stream *s)
{
	s->app->tap = TAP_COPY;
	s->app->strip = s->strip = 0;
	s->linked = true;
	s->step = STEP_ON;
	driver_look(&r->d);
}

static struct rig *
wide_rig_new(void)
{
	struct rig *r = rig_new(0);
	char name[32];

	for (uint32_t w = 0; w < WIDES; w++) {
		for (uint32_t i = 0; i < CHANNELS_MAX; i++) {
			snprintf(name, sizeof(name), "wide%u_%u", w + 1, i + 1);
			rig_port(&r->d.graph, r->id++, OWN_NODE, false,
				1000 + CHANNELS_MAX * w + i, name);
		}
	}
	return r;
}

static void
a_group_is_lent_again_when_its_old_links_are_gone(void **state)
{
	struct rig *r = wide_rig_new();
	struct graph *g = &r->d.graph;
	struct stream *s[WIDES + 1];
	struct graph_object *old;
	char name[32];

	(void)state;
	for (uint32_t i = 0; i <= WIDES; i++) {
		snprintf(name, sizeof(name), "surround%u", i);
		s[i] = add_surround(r, name);
		if (i < WIDES)
			put_on(r, s[i]);
	}
	assert_int_equal(r->d.wide_serial[1], s[1]->serial);
	old = rig_link(g, r->id++, s[1]->node_id,
		graph_port(g, s[1]->node_id, true, false, 0)->id, OWN_NODE,
		graph_port_by_name(g, OWN_NODE, "wide2_1")->id);
	s[1]->linked = false;
	s[1]->step = STEP_NONE;
	s[1]->app->tap = TAP_OFF;
	put_on(r, s[WIDES]);
	for (uint32_t w = 0; w < WIDES; w++)
		assert_int_not_equal(r->d.wide_serial[w], s[WIDES]->serial);
	assert_int_equal(r->cycle.wide_use[1], 0);
	graph_remove(old);
	driver_look(&r->d);
	assert_int_equal(r->d.wide_serial[1], s[WIDES]->serial);
	assert_int_not_equal(r->cycle.wide_use[1], 0);
	rig_free(r);
}

/* One program that plays into the room, on strip 0 */
static struct stream *
first_stream(struct rig *r)
{
	struct tapped *t;

	tap_all(r);
	t = spa_list_first(&r->d.apps, struct tapped, link);
	return spa_list_first(&t->streams, struct stream, link);
}

static void
a_strip_opens_when_the_mixer_has_room_again(void **state)
{
	const struct mixer_config shape = {.strips = STRIPS,
		.buses = 1,
		.rate_hz = 48000,
		.block_max = BLOCK_MAX};
	const struct message m = {.parameter = MIX_GAIN};
	float left[64], right[64], *out[1][2] = {{left, right}};
	struct rig *r = rig_new(1);
	struct stream *s = first_stream(r);

	(void)state;
	s->app->tap = TAP_TAKE;
	s->parked = true;
	assert_int_equal(mixer_new(&r->d.node.mixer, &shape), 0);
	while (mixer_post(r->d.node.mixer, &m, 1))
		;
	r->d.strip_closed[0] = true;
	driver_look(&r->d);
	assert_true(r->d.strip_closed[0]);
	assert_true(r->d.waiting);
	assert_false(r->d.graph.changed);
	mixer_run(r->d.node.mixer, NULL, 0, (float *const(*)[2])out, 64);
	driver_look(&r->d);
	assert_false(r->d.strip_closed[0]);
	mixer_free(r->d.node.mixer);
	rig_free(r);
}

static void
who_was_refused_and_is_let_go_is_not_looked_for(void **state)
{
	struct rig *r = rig_new(1);
	struct stream *s = first_stream(r);

	(void)state;
	s->app->tap = TAP_OFF;
	s->step = STEP_NONE;
	s->linked = s->parked = false;
	s->refusals = 1;
	s->retry_ns = 2;
	driver_look(&r->d);
	assert_int_equal(r->d.retry_ns, 2);
	s->retry_ns = 1;
	driver_look(&r->d);
	assert_true(r->d.retry_ns == UINT64_MAX);
	rig_free(r);
}

static struct rig *
rate_rig_new(enum rate_mode mode)
{
	struct rig *r = rig_new(0);

	r->d.config.rate = mode;
	r->d.rate_hz = 48000;
	r->d.graph.settings.allowed = 2;
	r->d.graph.settings.allowed_hz[0] = 44100;
	r->d.graph.settings.allowed_hz[1] = 48000;
	forced_hz = 0;
	return r;
}

static void
a_program_that_begins_during_a_change_of_rate_counts_after_it(void **state)
{
	struct rig *r = rate_rig_new(RATE_FOLLOW);
	struct graph_object *node;

	(void)state;
	r->d.rate.asked_hz = 44100;
	node = rig_stream(&r->d.graph, r->id++, "player");
	pw_properties_set(node->props, PW_KEY_NODE_RATE, "1/48000");
	node->state = PW_NODE_STATE_RUNNING;
	driver_look(&r->d);
	assert_int_equal(forced_hz, 0);
	r->d.rate_hz = 44100;
	driver_look(&r->d);
	assert_int_equal(forced_hz, 48000);
	rig_free(r);
}

static void
a_daw_that_ends_during_a_change_of_rate_gives_the_old_one_back(void **state)
{
	struct rig *r = rate_rig_new(RATE_MATCH_DAW);
	struct graph *g = &r->d.graph;
	struct graph_object *daw, *link;
	uint32_t loop = r->id++;

	(void)state;
	r->d.config.buses = 2;
	strcpy(r->d.config.bus_name[1], "loop");
	rig_node(g, loop, "tapdeck.loop", "Audio/Source/Virtual");
	daw = rig_node(g, r->id++, "daw", "Stream/Input/Audio");
	pw_properties_set(daw->props, PW_KEY_NODE_RATE, "1/44100");
	link = rig_link(g, r->id++, loop, 0, daw->id, 0);
	driver_look(&r->d);
	assert_int_equal(forced_hz, 44100);
	graph_remove(link);
	driver_look(&r->d);
	r->d.rate_hz = 44100;
	driver_look(&r->d);
	assert_int_equal(forced_hz, 48000);
	rig_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_program_is_seen_and_every_link_wanted),
		cmocka_unit_test(
			a_group_is_lent_again_when_its_old_links_are_gone),
		cmocka_unit_test(a_strip_opens_when_the_mixer_has_room_again),
		cmocka_unit_test(
			who_was_refused_and_is_let_go_is_not_looked_for),
		cmocka_unit_test(
			a_program_that_begins_during_a_change_of_rate_counts_after_it),
		cmocka_unit_test(
			a_daw_that_ends_during_a_change_of_rate_gives_the_old_one_back),
		cmocka_unit_test(a_look_costs_as_much_as_there_is_to_see),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
