/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A transport that the server does not know, in memory: what is registered is
 * all that it needs. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <lo/lo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/model/model.h"
#include "control/osc/osc.h"
#include "control/osc/answers/osc_arg.h"
#include "control/util/timer.h"

#define WAIT_MS 10000
#define MS	UINT64_C(1000000)
#define KEPT	512

/* Its end of the wire. */
struct fake {
	struct osc_transport t; /* first */
	struct osc_peer peer;
	char address[KEPT][64]; /* of what was sent */
	float value[KEPT];
	uint32_t count;
	uint32_t flushes;
	bool crowded, closed;
};

static struct loop *loop;
static struct model *model;
static struct osc *osc;
static void *memory;
static struct fake *fake;
static struct timer alarm_timer;

static bool
fake_send(struct osc_transport *t, const struct osc_peer *to,
	const void *packet, size_t size_bytes)
{
	struct fake *f = (void *)t;
	int result;
	lo_message m =
		lo_message_deserialise((void *)packet, size_bytes, &result);
	const char *types;

	assert_int_equal(to->client, f->peer.client);
	assert_int_equal(to->way, t->way);
	assert_non_null(m);
	assert_true(f->count < KEPT);
	types = lo_message_get_types(m);
	snprintf(f->address[f->count], 64, "%s", (const char *)packet);
	f->value[f->count] = types[0] == 'f'
				     ? osc_arg_float(lo_message_get_argv(m)[0])
				     : 0.0f;
	f->count++;
	lo_message_free(m);
	return true;
}

static bool
fake_congested(struct osc_transport *t, const struct osc_peer *to)
{
	(void)to;
	return ((struct fake *)(void *)t)->crowded;
}

static void
fake_flush(struct osc_transport *t)
{
	((struct fake *)(void *)t)->flushes++;
}

static void
fake_close(struct osc_transport *t)
{
	((struct fake *)(void *)t)->closed = true;
}

static int
setup(void **state)
{
	static const struct osc_transport_ops ops = {.name = "memory",
		.send = fake_send,
		.close = fake_close,
		.congested = fake_congested,
		.flush = fake_flush};
	struct model_config shape;
	struct osc_config config;

	(void)state;
	model_config_init(&shape);
	osc_config_init(&config);
	config.port = 0;
	memory = calloc(1, model_memory_bytes());
	fake = calloc(1, sizeof(*fake));
	assert_int_equal(loop_new(&loop), 0);
	assert_int_equal(model_new(&model, &shape, memory), 0);
	model_set_loop(model, loop);
	assert_int_equal(osc_open(&osc, &config, loop, model, NULL), 0);
	fake->t = (struct osc_transport){.ops = &ops, .loop = loop};
	assert_int_equal(osc_add_transport(osc, &fake->t), 0);
	assert_int_equal(osc_peer_parse("127.0.0.1", 4242, &fake->peer), 0);
	fake->peer.way = fake->t.way;
	fake->peer.client = 7;
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	assert_false(fake->closed);
	osc_close(osc);
	assert_true(fake->closed);
	timer_done(&alarm_timer);
	model_free(model);
	loop_free(loop);
	free(memory);
	free(fake);
	return 0;
}

/* What comes over the wire. */
static void
say(const char *address, lo_message m)
{
	const struct osc_transport_events *events = fake->t.events;
	struct osc_peer from = fake->peer;
	uint8_t packet[256] = {0};
	size_t size_bytes = 0;

	assert_true(lo_message_length(m, address) <= sizeof(packet));
	lo_message_serialise(m, address, packet, &size_bytes);
	lo_message_free(m);
	events->begin(fake->t.data);
	assert_int_equal(events->may_take(fake->t.data, &from), OSC_TAKE_NOW);
	events->packet(fake->t.data, &from, packet, size_bytes);
	events->end(fake->t.data);
}

static lo_message
with(const char *types, ...)
{
	lo_message m = lo_message_new();
	va_list args;

	va_start(args, types);
	for (; *types; types++)
		if (*types == 'f')
			lo_message_add_float(m, (float)va_arg(args, double));
		else
			lo_message_add_string(m, va_arg(args, char *));
	va_end(args);
	return m;
}

static void
on_alarm(void *data)
{
	(void)data;
	loop_stop(loop, 0);
}

/* The loop runs for so long. */
static void
run_ms(uint64_t ms)
{
	timer_done(&alarm_timer);
	timer_init(&alarm_timer, loop, on_alarm, NULL);
	timer_set(&alarm_timer, ms * MS);
	loop_run(loop);
}

static bool
was_sent(const char *address, float value)
{
	for (uint32_t i = 0; i < fake->count; i++)
		if (!strcmp(fake->address[i], address) &&
			fake->value[i] == value)
			return true;
	return false;
}

/* Until it has been sent. */
static void
comes(const char *address, float value)
{
	uint64_t start_ns = loop_now_ns();

	while (!was_sent(address, value)) {
		if (loop_now_ns() - start_ns > WAIT_MS * MS)
			fail_msg("%s does not come", address);
		run_ms(1);
	}
}

/* As somebody else does. */
static void
set_gain(float db)
{
	struct params *p = model_params(model);
	struct param_value v = {.type = PARAM_FLOAT, .f = (double)db};
	struct param_change change = {
		.id = (uint32_t)param_find(p, "/strip/1/gain"), .value = v};

	param_apply(p, &change, 1, 0, PARAM_SOURCE_NONE);
}

static void
a_service_is_answered(void **state)
{
	uint32_t flushes = fake->flushes;

	(void)state;
	say("/ping", with("f", 0.25));
	assert_int_equal(fake->count, 1);
	assert_true(was_sent("/ping", 0.25f));
	assert_true(fake->flushes > flushes);
	say("/strip/1/gain", with("f", -6.0));
	say("/strip/1/gain", with(""));
	assert_true(was_sent("/strip/1/gain", -6.0f));
	say("/nothing", with(""));
	assert_string_equal(fake->address[fake->count - 1], "/error");
}

static void
a_subscription_is_fed(void **state)
{
	(void)state;
	say("/subscribe", with("s", "/strip/1/gain"));
	comes("/strip/1/gain", 0.0f);
	assert_int_equal(osc_counters(osc).subscribers, 1);
	set_gain(-7.5f);
	comes("/strip/1/gain", -7.5f);
	/* While it has enough to read it is told nothing, and then the last. */
	fake->crowded = true;
	fake->count = 0;
	set_gain(-8.0f);
	set_gain(-9.0f);
	run_ms(60);
	assert_int_equal(fake->count, 0);
	fake->crowded = false;
	comes("/strip/1/gain", -9.0f);
	assert_false(was_sent("/strip/1/gain", -8.0f));
}

static void
its_loss_is_noticed(void **state)
{
	(void)state;
	say("/subscribe", with("s", "/strip/1/gain"));
	comes("/strip/1/gain", 0.0f);
	assert_true(fake->t.events->is_kept(fake->t.data, &fake->peer));
	fake->t.events->gone(fake->t.data, &fake->peer, true);
	assert_int_equal(osc_counters(osc).subscribers, 0);
	assert_false(fake->t.events->is_kept(fake->t.data, &fake->peer));
	fake->count = 0;
	set_gain(-3.0f);
	run_ms(60);
	assert_int_equal(fake->count, 0);
	assert_int_equal(osc_counters(osc).lost, 0);
}

/* The same address and number over another transport are somebody else. */
static void
another_way_is_another_peer(void **state)
{
	struct osc_peer other = fake->peer;

	(void)state;
	other.way = 1; /* TCP */
	say("/subscribe", with("s", "/strip/1/gain"));
	comes("/strip/1/gain", 0.0f);
	fake->t.events->gone(fake->t.data, &other, true);
	assert_int_equal(osc_counters(osc).subscribers, 1);
	set_gain(-4.0f);
	comes("/strip/1/gain", -4.0f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
		T(a_service_is_answered),
		T(a_subscription_is_fed),
		T(its_loss_is_noticed),
		T(another_way_is_another_peer),
	};

	return cmocka_run_group_tests_name("osc way", tests, NULL, NULL);
}
