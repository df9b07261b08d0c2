/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bundles: as one, in their order, at their moment. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <time.h>

#include "tests/osc_rig_two.h"

static int
setup(void **state)
{
	(void)state;
	return two_open(NULL, NULL);
}

static const lo_timetag now = {0, 1};

static void
a_bundle_applies_as_one(void **state)
{
	lo_bundle bundle = lo_bundle_new(now);

	(void)state;
	lo_bundle_add_message(bundle, "/strip/1/gain", M("f", -6.0));
	lo_bundle_add_message(bundle, "/strip/2/gain", M("i", -12));
	lo_bundle_add_message(bundle, "/strip/[34]/mute", M("T"));
	lo_bundle_add_message(bundle, "/strip/1/gain", M("")); /* a get */
	lo_bundle_add_message(bundle, "/ping", M("s", "me"));  /* a service */
	client_send_bundle(a, bundle);
	client_fence(a);
	assert_int_equal(a->mails, 2);
	assert_string_equal(a->mail[0].address, "/strip/1/gain");
	assert_true(osc_arg_float(lo_message_get_argv(a->mail[0].message)[0]) ==
		    -6.0f);
	assert_string_equal(a->mail[1].address, "/ping");
	assert_true(client_get(a, "/strip/2/gain") == -12.0);
	assert_true(client_get(a, "/strip/3/mute") == 1.0);
	assert_true(client_get(a, "/strip/4/mute") == 1.0);
}

static void
a_bundle_with_one_refused_value_applies_nothing(void **state)
{
	static const char *const bad[] = {
		"/strip/1/app", "/strip/1/route", "/strip/1/name"};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		lo_bundle bundle = lo_bundle_new(now);
		lo_bundle inner = lo_bundle_new(now);

		lo_bundle_add_message(bundle, "/strip/1/gain", M("f", -6.0));
		lo_bundle_add_message(inner, bad[i], M("f", 99.0));
		lo_bundle_add_bundle(bundle, inner);
		lo_bundle_add_message(bundle, "/ping", M(""));
		client_send_bundle(a, bundle);
		client_fence(a);
		assert_int_equal(a->mails, 1);
		assert_string_equal(a->mail[0].address, "/error");
		assert_true(client_get(a, "/strip/1/gain") == 0.0);
	}
}

/* A bundle of messages of any bytes. */
struct raw {
	uint8_t bytes[1024];
	size_t size;
};

static void
raw_begin(struct raw *r, lo_timetag t)
{
	uint32_t tag[2] = {htonl(t.sec), htonl(t.frac)};

	memcpy(r->bytes, "#bundle", 8);
	memcpy(r->bytes + 8, tag, 8);
	r->size = 16;
}

static void
raw_add(struct raw *r, const void *message, size_t size)
{
	uint32_t length = htonl((uint32_t)size);

	assert_true(r->size + 4 + size <= sizeof(r->bytes));
	memcpy(r->bytes + r->size, &length, 4);
	memcpy(r->bytes + r->size + 4, message, size);
	r->size += 4 + size;
}

static void
raw_add_message(struct raw *r, const char *address, lo_message m)
{
	size_t size;
	void *bytes = lo_message_serialise(m, address, NULL, &size);

	raw_add(r, bytes, size);
	free(bytes);
	lo_message_free(m);
}

#define RAW(literal)                                                           \
	{                                                                      \
		literal, sizeof(literal) - 1                                   \
	}

static void
what_is_not_understood_is_left_out_of_a_bundle(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
	} odd[] = {
		RAW("/strip/99/gain\0\0,f\0\0\0\0\0\0"),
		RAW("/no/*\0\0\0,\0\0\0"),
		RAW("/accxyz\0,fff\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
		RAW("/color\0\0,r\0\0\377\0\0\377"),
		RAW("/strip/1/gain\0\0\0,[f]\0\0\0\0\301\20\0\0"),
		RAW("/strip/1/gain\0\0\0,b\0\0\0\0\0\0"),
		RAW("/strip/1/gain\0\0\0,ff\0\301\20\0\0\301\20\0\0"),
		RAW("/strip/\303\274/gain\0\0,f\0\0\301\20\0\0"),
		RAW("/strip/1/ gain\0\0,f\0\0\301\20\0\0"),
		RAW("/strip/1/gain\0\0\0,f\0\0"),
		RAW("nonsense"),
		RAW(""),
	};
	static const size_t silent = 3; /* no OSC, at the end */
	size_t n = sizeof(odd) / sizeof(odd[0]);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		struct raw r;
		lo_arg **arg;

		client_set(a, "/strip/1/gain", M("f", 0.0));
		raw_begin(&r, now);
		raw_add_message(&r, "/strip/1/gain", M("f", -6.0));
		raw_add(&r, odd[i].bytes, odd[i].size);
		raw_add_message(&r, "/strip/1/mute/toggle", M(""));
		raw_add_message(&r, "/ping", M("s", "me"));
		client_send_packet(a, r.bytes, r.size);
		client_fence(a);
		if (i + silent < n) {
			assert_int_equal(a->mails, 2);
			assert_string_equal(a->mail[0].address, "/error");
			arg = lo_message_get_argv(a->mail[0].message);
			assert_string_equal(osc_arg_text(arg[0]), odd[i].bytes);
		} else {
			assert_int_equal(a->mails, 1);
		}
		assert_string_equal(a->mail[a->mails - 1].address, "/ping");
		assert_true(client_get(a, "/strip/1/gain") == -6.0);
		assert_true(
			client_get(a, "/strip/1/mute") == (i % 2 ? 0.0 : 1.0));
	}
}

static void
a_bundle_is_done_in_its_order(void **state)
{
	lo_bundle bundle = lo_bundle_new(now);

	(void)state;
	lo_bundle_add_message(bundle, "/strip/1/gain", M("")); /* as it was */
	lo_bundle_add_message(bundle, "/strip/1/gain", M("f", -6.0));
	lo_bundle_add_message(bundle, "/panic", M(""));
	lo_bundle_add_message(bundle, "/strip/1/mute", M("i", 0));
	lo_bundle_add_message(bundle, "/strip/1/gain", M(""));
	client_send_bundle(a, bundle);
	client_fence(a);
	assert_int_equal(a->mails, 2);
	assert_true(osc_arg_float(lo_message_get_argv(a->mail[0].message)[0]) ==
		    0.0f);
	assert_true(osc_arg_float(lo_message_get_argv(a->mail[1].message)[0]) ==
		    -6.0f);
	assert_true(client_get(a, "/strip/1/mute") == 0.0);
	assert_true(client_get(a, "/strip/2/mute") == 1.0);
}

static void
a_bundle_of_the_past_applies_at_once(void **state)
{
	lo_bundle bundle = lo_bundle_new(timetag_in(-3600.0));

	(void)state;
	lo_bundle_add_message(bundle, "/strip/1/gain", M("f", -6.0));
	client_send_bundle(a, bundle);
	assert_true(client_get(a, "/strip/1/gain") == -6.0);
}

static double
seconds_since(const struct timespec *start)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (double)(t.tv_sec - start->tv_sec) +
	       (double)(t.tv_nsec - start->tv_nsec) / 1e9;
}

static void
bundles_of_the_future_apply_in_their_time(void **state)
{
	struct client *other = client_new(&rig, false);
	lo_bundle outer, inner;
	struct timespec start;
	double early;

	(void)state;
	client_send(other, "/subscribe", M("s", "/strip/[12]/gain"));
	client_fence(other);
	assert_int_equal(other->mails, 2);
	clock_gettime(CLOCK_REALTIME, &start);
	outer = lo_bundle_new(timetag_in(0.15));
	inner = lo_bundle_new(timetag_in(0.30));
	lo_bundle_add_message(outer, "/strip/1/gain", M("f", -6.0));
	lo_bundle_add_message(inner, "/strip/2/gain", M("f", -12.0));
	lo_bundle_add_bundle(outer, inner);
	client_send_bundle(a, outer);
	early = client_get(a, "/strip/1/gain");
	assert_true(early == 0.0 || seconds_since(&start) >= 0.15);

	assert_true(osc_arg_float(client_until(other, "/strip/1/gain")[0]) ==
		    -6.0f);
	assert_true(seconds_since(&start) >= 0.15);
	early = client_get(a, "/strip/2/gain");
	assert_true(early == 0.0 || seconds_since(&start) >= 0.30);
	assert_true(osc_arg_float(client_until(other, "/strip/2/gain")[0]) ==
		    -12.0f);
	assert_true(seconds_since(&start) >= 0.30);
	client_free(other);
}

static void
everything_in_a_bundle_for_later_is_for_later(void **state)
{
	struct client *other = client_new(&rig, false);
	struct timespec start;
	lo_bundle bundle;

	(void)state;
	clock_gettime(CLOCK_REALTIME, &start);
	bundle = lo_bundle_new(timetag_in(0.2));
	lo_bundle_add_message(bundle, "/strip/1/gain", M("f", -6.0));
	lo_bundle_add_message(bundle, "/panic", M(""));
	lo_bundle_add_message(bundle, "/strip/1/mute", M("i", 0));
	lo_bundle_add_message(bundle, "/strip/1/gain", M("f", -7.0));
	lo_bundle_add_message(bundle, "/strip/*/mute", M(""));
	lo_bundle_add_message(bundle, "/strip/1/gain", M(""));
	lo_bundle_add_message(bundle, "/ping", M("s", "me"));
	client_send_bundle(other, bundle);
	client_fence(other);
	assert_true(other->mails == 0 || seconds_since(&start) >= 0.2);
	while (other->mails < 16 + 2)
		client_read(other);
	assert_true(seconds_since(&start) >= 0.2);
	for (uint32_t i = 0; i < 16; i++)
		assert_int_equal(osc_arg_int(lo_message_get_argv(
					 other->mail[i].message)[0]),
			i > 0);
	assert_true(osc_arg_float(lo_message_get_argv(
			    other->mail[16].message)[0]) == -7.0f);
	assert_string_equal(other->mail[17].address, "/ping");
	client_free(other);
}

static void
a_nested_bundle_without_a_time_is_with_the_one_around_it(void **state)
{
	lo_bundle outer, inner = lo_bundle_new(now);
	struct timespec start;

	(void)state;
	clock_gettime(CLOCK_REALTIME, &start);
	outer = lo_bundle_new(timetag_in(0.2));
	lo_bundle_add_message(inner, "/strip/1/gain", M(""));
	lo_bundle_add_message(outer, "/strip/1/gain", M("f", -6.0));
	lo_bundle_add_bundle(outer, inner);
	client_send_bundle(a, outer);
	assert_true(
		osc_arg_float(client_until(a, "/strip/1/gain")[0]) == -6.0f);
	assert_true(seconds_since(&start) >= 0.2);
}

/* false: its moment had come before it was gone */
static bool
sends_and_goes(void)
{
	struct client *tcp = client_new(&rig, true);
	struct timespec start;
	lo_bundle bundle;

	clock_gettime(CLOCK_REALTIME, &start);
	bundle = lo_bundle_new(timetag_in(0.2));
	lo_bundle_add_message(bundle, "/ping", M(""));
	lo_bundle_add_message(bundle, "/strip/1/mute", M("i", 1));
	client_send_bundle(tcp, bundle);
	client_fence(tcp);
	client_free(tcp);
	client_status_falls(a, "osc_tcp_clients", 0.0);
	return seconds_since(&start) < 0.2;
}

static void
what_waits_for_who_has_gone_is_dropped(void **state)
{
	lo_bundle last;

	(void)state;
	while (!sends_and_goes())
		client_set(a, "/strip/1/mute", M("i", 0));
	last = lo_bundle_new(timetag_in(0.3));
	lo_bundle_add_message(last, "/ping", M("s", "last"));
	client_send_bundle(a, last);
	while (strcmp(lo_message_get_types(client_read(a)->message), "s") != 0)
		client_forget(a);
	assert_true(client_get(a, "/strip/1/mute") == 0.0);
}

static void
no_more_packets_wait_than_there_is_room_for(void **state)
{
	struct client *tcp = client_new(&rig, true);
	uint32_t refused = 0;

	(void)state;
	for (int i = 0; i < 1100; i++) {
		lo_bundle bundle = lo_bundle_new(timetag_in(9.0));

		lo_bundle_add_message(bundle, "/ping", M("i", i));
		client_send_bundle(tcp, bundle);
	}
	client_fence(tcp);
	refused = client_count(tcp, "/error");
	assert_int_equal(refused, 1100 - 1024);
	client_free(tcp);
}

static void
refuses_a_time_that_cannot_be(void **state)
{
	lo_bundle outer = lo_bundle_new(timetag_in(9.0));
	lo_bundle inner = lo_bundle_new(timetag_in(1.0));
	lo_bundle far = lo_bundle_new(timetag_in(0.1));
	lo_bundle farther = lo_bundle_new(timetag_in(3600.0));
	lo_bundle later = lo_bundle_new(timetag_in(0.15));
	struct client *other = client_new(&rig, false);

	(void)state;
	lo_bundle_add_message(outer, "/strip/1/gain", M("f", -6.0));
	lo_bundle_add_message(inner, "/strip/2/gain", M("f", -6.0));
	lo_bundle_add_bundle(outer, inner);
	client_send_bundle(a, outer);
	client_fence(a);
	assert_int_equal(a->mails, 1);
	assert_non_null(
		strstr(osc_arg_text(lo_message_get_argv(a->mail[0].message)[1]),
			"nested bundle"));

	lo_bundle_add_message(far, "/strip/1/gain", M("f", -6.0));
	lo_bundle_add_message(farther, "/strip/2/gain", M("f", -6.0));
	lo_bundle_add_bundle(far, farther);
	client_send_bundle(a, far);
	client_fence(a);
	assert_int_equal(a->mails, 1);
	assert_non_null(
		strstr(osc_arg_text(lo_message_get_argv(a->mail[0].message)[1]),
			"too far ahead"));

	/* The nearer one was not taken either: a later one is not behind it. */
	lo_bundle_add_message(later, "/strip/3/gain", M("f", -6.0));
	client_send(a, "/subscribe", M("s", "/strip/3/gain"));
	client_fence(a);
	client_send_bundle(other, later);
	while (osc_arg_float(client_until(a, "/strip/3/gain")[0]) != -6.0f)
		;
	assert_true(client_get(b, "/strip/1/gain") == 0.0);
	client_free(other);
}

static void
refuses_a_bundle_of_too_many_changes(void **state)
{
	lo_bundle bundle = lo_bundle_new(now);

	(void)state;
	for (int i = 0; i < 1025; i++) /* 16 each */
		lo_bundle_add_message(bundle, "/strip/*/gain", M("f", -6.0));
	client_send_bundle(a, bundle);
	client_fence(a);
	assert_int_equal(a->mails, 1);
	assert_non_null(
		strstr(osc_arg_text(lo_message_get_argv(a->mail[0].message)[1]),
			"8192 changes"));
	assert_true(client_get(a, "/strip/1/gain") == 0.0);
}

/* false: its moment had come before the port was known */
static bool
asks_for_later(struct client *there)
{
	struct timespec start;
	lo_bundle bundle;

	clock_gettime(CLOCK_REALTIME, &start);
	bundle = lo_bundle_new(timetag_in(0.1));
	lo_bundle_add_message(bundle, "/ping", M("s", "later"));
	client_send_bundle(a, bundle);
	client_send(a, "/reply-to", M("i", client_port(there)));
	client_fence(b);
	return seconds_since(&start) < 0.1;
}

static void
what_waits_is_answered_where_answers_go_by_then(void **state)
{
	struct client *there = client_new(&rig, false);

	(void)state;
	while (!asks_for_later(there))
		client_set(a, "/reply-to", M("i", client_port(a)));
	assert_string_equal(
		osc_arg_text(client_until(there, "/ping")[0]), "later");
	client_free(there);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, two_close)
		T(a_bundle_applies_as_one),
		T(a_bundle_with_one_refused_value_applies_nothing),
		T(what_is_not_understood_is_left_out_of_a_bundle),
		T(a_bundle_is_done_in_its_order),
		T(a_bundle_of_the_past_applies_at_once),
		T(bundles_of_the_future_apply_in_their_time),
		T(everything_in_a_bundle_for_later_is_for_later),
		T(a_nested_bundle_without_a_time_is_with_the_one_around_it),
		T(what_waits_for_who_has_gone_is_dropped),
		T(no_more_packets_wait_than_there_is_room_for),
		T(refuses_a_time_that_cannot_be),
		T(refuses_a_bundle_of_too_many_changes),
		T(what_waits_is_answered_where_answers_go_by_then),
	};

	return cmocka_run_group_tests_name("osc bundle", tests, NULL, NULL);
}
