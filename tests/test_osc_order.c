/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bundles: the last in time wins, however long it takes to read them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/osc_rig_halt.h"

#define STRIPS	 64
#define PATTERNS 900 /* of one bundle */
#define TURNS	 6   /* about what such a bundle takes */

static int
setup(void **state)
{
	struct model_config shape;

	(void)state;
	model_config_init(&shape);
	shape.strips = STRIPS;
	halt_open(&shape);
	return 0;
}

static int
teardown(void **state)
{
	halt_close(state);
	return 0;
}

/* ---- a long bundle ---- */

static void
wait_until(lo_timetag t)
{
	while (lo_timetag_diff(t, timetag_in(0.0)) > 0.0)
		usleep(1000);
}

/* Each held against all addresses. */
static void
add_patterns(lo_bundle bundle, uint32_t count, bool gets)
{
	char pattern[32];

	for (uint32_t i = 0; i < count; i++) {
		snprintf(pattern, sizeof(pattern), "/s*/%u/m?te", 3 + i % 40);
		lo_bundle_add_message(
			bundle, pattern, gets ? M("") : M("i", 1));
	}
}

/* Its answers are not what is waited for. */
static void
send_and_drop(struct client *c, lo_bundle bundle)
{
	client_send_bundle(c, bundle);
	client_send(c, "/ping", M("s", "end"));
}

static void
read_until_the_end(struct client *c)
{
	for (;;) {
		lo_arg **arg = client_until(c, "/ping");

		if (strcmp(lo_message_get_types(c->mail[0].message), "s") ==
				0 &&
			strcmp(osc_arg_text(arg[0]), "end") == 0)
			return;
	}
}

/* And stays so: nothing is to come any more. */
static void
gain_becomes(double db)
{
	uint64_t start_ns = loop_now_ns();

	while (client_get(a, "/strip/1/gain") != db)
		not_for_ever(start_ns);
}

/* Who waits for another one's moment waits 250 ms at most. Where this machine
 * stood still for longer, what came of it says nothing: once more. */
static bool
was_late(lo_timetag moment)
{
	return lo_timetag_diff(timetag_in(0.0), moment) > 0.2;
}

/* Nor where it came before all that was to be there had been read. */
static bool
is_to_come(lo_timetag moment)
{
	return lo_timetag_diff(moment, timetag_in(0.0)) > 0.0;
}

/* Its moment comes after so many turns. */
static void
assert_late_ends_at(bool gets, uint32_t turns, double db)
{
	struct client *c = client_new(&rig, true);
	lo_bundle bundle = lo_bundle_new(LO_TT_IMMEDIATE);
	lo_timetag t = timetag_in(0.1);

	halt();
	if (!gets)
		lo_bundle_add_bundle(bundle, gain_at(t, db));
	else
		add_patterns(bundle, PATTERNS, true);
	lo_bundle_add_message(bundle, "/strip/1/gain", M("f", -10.0));
	if (gets)
		lo_bundle_add_bundle(bundle, gain_at(t, db));
	else
		add_patterns(bundle, PATTERNS, false);
	send_and_drop(c, bundle);
	for (uint32_t i = 0; i < turns; i++)
		one_turn();
	wait_until(t);
	resume();
	read_until_the_end(c);
	if (client_get(a, "/strip/1/gain") != db)
		fail_msg("%s, %u turns: %g", gets ? "gets" : "sets", turns,
			client_get(a, "/strip/1/gain"));
	client_free(c);
}

static void
what_comes_due_while_it_is_read_keeps_its_order(void **state)
{
	(void)state;
	for (uint32_t turns = 0; turns < TURNS; turns++)
		assert_late_ends_at(false, turns, (double)turns);
}

static void
what_comes_due_while_it_is_done_comes_after_now(void **state)
{
	(void)state;
	for (uint32_t turns = 0; turns < 2 * TURNS; turns++)
		assert_late_ends_at(true, turns, 0.5 * (double)turns);
}

/* Both moments pass while the server does something else. */
static void
what_waits_keeps_its_order_when_all_are_late(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 4; i++) {
		lo_bundle bundle = lo_bundle_new(LO_TT_IMMEDIATE);
		lo_timetag first = timetag_in(0.05);
		lo_timetag t = timetag_in(0.05 + i * 0.00002);

		lo_bundle_add_bundle(bundle, gain_behind_ping(first, -3.0));
		lo_bundle_add_bundle(bundle, gain_at(t, -20.0 - i));
		client_send_bundle(a, bundle);
		halt(); /* behind it */
		wait_until(t);
		resume();
		assert_string_equal(
			osc_arg_text(client_until(a, "/ping")[0]), "first");
		assert_true(client_get(a, "/strip/1/gain") == -20.0 - i);
	}
}

/* The first moment takes many turns, the second comes meanwhile. */
static bool
goes_on_for_many_turns(uint32_t i)
{
	struct client *c = client_new(&rig, true);
	lo_bundle bundle = lo_bundle_new(LO_TT_IMMEDIATE);
	lo_timetag t = timetag_in(0.05);
	lo_bundle first = lo_bundle_new(t);
	bool late;

	add_patterns(first, PATTERNS / 6, true);
	lo_bundle_add_message(first, "/strip/1/gain", M("f", -3.0));
	lo_bundle_add_message(first, "/ping", M("s", "end"));
	lo_bundle_add_bundle(bundle, first);
	lo_bundle_add_bundle(
		bundle, gain_at(timetag_in(0.05 + i * 0.0002), -20.0 - i));
	client_send_bundle(c, bundle);
	read_until_the_end(c);
	late = was_late(t);
	if (!late)
		gain_becomes(-20.0 - i);
	client_free(c);
	return !late;
}

static void
a_moment_of_many_turns_is_not_overtaken(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 4; i++)
		while (!goes_on_for_many_turns(i))
			;
}

/* The moment's rest waits in the line of its peer, behind another bundle. */
static bool
waits_in_line(uint32_t turns)
{
	struct client *c = client_new(&rig, true);
	lo_bundle bundle = lo_bundle_new(LO_TT_IMMEDIATE);
	lo_timetag moment = timetag_in(0.1), t = timetag_in(0.11);
	lo_bundle first = gain_behind_ping(moment, -3.0);
	bool late;

	lo_bundle_add_message(first, "/ping", M("s", "end"));
	client_send_bundle(c, first);
	client_fence(c);
	client_send_bundle(a, gain_at(t, -20.0 - turns));
	client_fence(a);
	if (!is_to_come(moment)) {
		wait_until(t);
		client_free(c);
		return false;
	}
	halt();
	add_patterns(bundle, PATTERNS, true);
	client_send_bundle(c, bundle);
	for (uint32_t i = 0; i < turns; i++)
		one_turn();
	wait_until(t);
	resume();
	read_until_the_end(c);
	late = was_late(moment);
	if (!late)
		gain_becomes(-20.0 - turns);
	client_free(c);
	return !late;
}

static void
what_waits_in_line_is_not_overtaken(void **state)
{
	(void)state;
	for (uint32_t turns = 1; turns < TURNS; turns++)
		while (!waits_in_line(turns))
			;
}

/* Another's moment, which has a service in it, comes meanwhile. */
static bool
waits_behind_many_turns(uint32_t i)
{
	struct client *c = client_new(&rig, true);
	lo_timetag t = timetag_in(0.1);
	lo_bundle first = lo_bundle_new(t);
	lo_bundle next = gain_at(timetag_in(0.1001 + i * 0.0002), -5.0);
	bool late;

	add_patterns(first, PATTERNS / 6, true);
	lo_bundle_add_message(first, "/strip/1/gain", M("f", -3.0));
	lo_bundle_add_message(first, "/ping", M("s", "end"));
	lo_bundle_add_message(next, "/ping", M("s", "next"));
	lo_bundle_add_message(next, "/strip/1/gain", M("f", -20.0 - i));
	client_send_bundle(c, first);
	client_fence(c);
	client_send_bundle(a, next);
	client_fence(b);
	if (!is_to_come(t)) {
		client_until(a, "/ping");
		client_free(c);
		return false;
	}
	read_until_the_end(c);
	client_until(a, "/ping");
	late = was_late(t);
	if (!late)
		gain_becomes(-20.0 - i);
	client_free(c);
	return !late;
}

static void
what_waits_comes_behind_a_moment_of_many_turns(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 4; i++)
		while (!waits_behind_many_turns(i))
			;
}

/* What its peer sends meanwhile is behind another's moment that has passed. */
static void
what_comes_behind_a_moment_comes_last(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 8; i++) {
		struct client *c = client_new(&rig, false);
		lo_timetag t = timetag_in(0.05), next = timetag_in(0.06);
		lo_bundle first = gain_behind_ping(t, -3.0);

		add_patterns(first, PATTERNS / 2 + 15 * i, false);
		client_send_bundle(c, first);
		client_send_bundle(a, gain_at(next, -20.0));
		client_fence(a);
		halt();
		wait_until(t);
		wait_until(next);
		one_turn();
		client_send(c, "/strip/1/gain", M("f", -30.0 - i));
		client_send(c, "/ping", M("s", "end"));
		resume();
		read_until_the_end(c);
		assert_true(client_get(a, "/strip/1/gain") == -30.0 - i);
		client_free(c);
	}
}

static void
what_was_late_already_comes_as_it_was_due(void **state)
{
	lo_bundle bundle = lo_bundle_new(LO_TT_IMMEDIATE);

	(void)state;
	lo_bundle_add_bundle(bundle, gain_at(timetag_in(-0.1), -1.0));
	lo_bundle_add_bundle(bundle, gain_at(timetag_in(-0.2), -2.0));
	lo_bundle_add_message(bundle, "/strip/1/gain", M("f", -3.0));
	client_send_bundle(a, bundle);
	assert_true(client_get(a, "/strip/1/gain") == -1.0);
}

/* ---- its room ---- */

static lo_bundle
many_at(lo_timetag t, double db)
{
	lo_bundle bundle = lo_bundle_new(t);

	for (uint32_t i = 0; i < 40; i++) /* STRIPS each */
		lo_bundle_add_message(bundle, "/strip/*/gain", M("f", db));
	return bundle;
}

/* Another's bundle, of whichever turn, takes nothing of it. */
static void
what_is_to_come_is_done_with_what_is_now(void **state)
{
	(void)state;
	for (uint32_t turns = 0; turns < 2 * TURNS; turns++) {
		struct client *c = client_new(&rig, true);
		lo_bundle bundle = lo_bundle_new(LO_TT_IMMEDIATE);
		lo_timetag t = timetag_in(0.15);
		bool done, refused;

		client_set(a, "/strip/3/trim", M("f", 0.0));
		halt();
		add_patterns(bundle, PATTERNS, true);
		lo_bundle_add_message(bundle, "/strip/3/trim", M("f", 2.0));
		lo_bundle_add_bundle(bundle, many_at(t, -4.0));
		client_send_bundle(c, bundle);
		for (uint32_t i = 0; i < turns; i++)
			one_turn();
		client_send_bundle(a, many_at(t, -5.0));
		one_turn();
		resume();
		client_collect(c);
		client_fence(a);
		refused = client_count(c, "/error") > 0;
		done = client_get(a, "/strip/3/trim") == 2.0;
		assert_true(done != refused);
		wait_until(t);
		client_free(c);
	}
}

/* Whoever is gone, of whichever turn, has left all of it or nothing. */
static void
what_is_begun_is_done_to_its_end(void **state)
{
	const struct linger at_once = {.l_onoff = 1};

	(void)state;
	for (uint32_t turns = 0; turns < 2 * TURNS; turns++) {
		struct client *c = client_new(&rig, true);
		lo_bundle bundle = lo_bundle_new(LO_TT_IMMEDIATE);
		lo_timetag t = timetag_in(0.1);
		uint64_t start_ns;

		client_set(a, "/strip/1/gain", M("f", 0.0));
		client_set(a, "/strip/3/trim", M("f", 0.0));
		halt();
		lo_bundle_add_message(bundle, "/strip/3/trim", M("f", 2.0));
		add_patterns(bundle, PATTERNS, true);
		lo_bundle_add_bundle(bundle, gain_at(t, -4.0));
		client_send_bundle(c, bundle);
		for (uint32_t i = 0; i < turns; i++)
			one_turn();
		setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &at_once,
			sizeof(at_once));
		client_free(c);
		resume();
		client_status_falls(asker, "osc_tcp_clients", 0.0);
		if (client_get(a, "/strip/3/trim") == 0.0)
			continue;
		start_ns = loop_now_ns();
		while (client_get(a, "/strip/1/gain") != -4.0)
			not_for_ever(start_ns);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
		T(what_waits_keeps_its_order_when_all_are_late),
		T(a_moment_of_many_turns_is_not_overtaken),
		T(what_waits_in_line_is_not_overtaken),
		T(what_waits_comes_behind_a_moment_of_many_turns),
		T(what_comes_behind_a_moment_comes_last),
		T(what_comes_due_while_it_is_read_keeps_its_order),
		T(what_comes_due_while_it_is_done_comes_after_now),
		T(what_was_late_already_comes_as_it_was_due),
		T(what_is_to_come_is_done_with_what_is_now),
		T(what_is_begun_is_done_to_its_end),
	};

	return cmocka_run_group_tests_name("osc order", tests, NULL, NULL);
}
