/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Services that the server does not know: registered here, and nowhere else. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "control/osc/osc_own.h"
#include "control/osc/answers/osc_reply.h"
#include "control/osc/answers/osc_service.h"
#include "tests/osc_rig_two.h"

/* Each registration's own. */
struct shelf {
	const char *name;
	int recalls, resyncs, gone;
};

static struct shelf scenes, boxes;

/* /scene/NAME/recall [seconds]: says which shelf, which one, and how long. */
static void
recall(void *data, const struct osc_request *r)
{
	struct shelf *shelf = data;
	lo_message m = lo_message_new();

	shelf->recalls++;
	lo_message_add_string(m, shelf->name);
	lo_message_add_string(m, r->place[0]);
	lo_message_add_float(m, r->args ? osc_arg_float(r->arg[0]) : 0.0f);
	osc_send(r->osc, r->from, r->address, m);
}

/* /box/ROW/SLOT/CORNER/PART */
static void
four(void *data, const struct osc_request *r)
{
	lo_message m = lo_message_new();

	(void)data;
	for (int i = 0; i < OSC_PLACES_OF; i++)
		lo_message_add_string(m, r->place[i]);
	osc_send(r->osc, r->from, "/four", m);
}

static void
on_resync(void *data)
{
	((struct shelf *)data)->resyncs++;
}

static void
on_gone(void *data, const struct osc_peer *peer)
{
	(void)peer;
	((struct shelf *)data)->gone++;
}

static const struct osc_service recalled = {.pattern = "/scene/NAME/recall",
	.call = recall,
	.answer = "ssf",
	.resync = on_resync,
	.gone = on_gone};
static const struct osc_service boxed[] = {
	{.pattern = "/box/NAME", .call = recall, .answer = "ssf"},
	{.pattern = "/box/ROW/SLOT/CORNER/PART", .call = four},
};
static const struct osc_service five = {.pattern = "/A/B/C/D/E", .call = four};

static int
serve(struct osc *o)
{
	scenes = (struct shelf){.name = "scenes"};
	boxes = (struct shelf){.name = "boxes"};
	assert_int_equal(osc_serve(o, &five, 1, NULL), -EINVAL);
	assert_int_equal(osc_serve(o, &recalled, 1, &scenes), 0);
	return osc_serve(o, boxed, 2, &boxes);
}

static int
setup(void **state)
{
	(void)state;
	rig_serve = serve;
	return two_open(NULL, NULL);
}

static void
said(struct client *c, const char *address, lo_message m, const char *shelf,
	const char *place, float seconds)
{
	lo_arg **arg = client_ask(c, address, m, address, "ssf");

	assert_string_equal(osc_arg_text(arg[0]), shelf);
	assert_string_equal(osc_arg_text(arg[1]), place);
	assert_true(osc_arg_float(arg[2]) == seconds);
}

static void
a_pattern_names_many_and_its_place_is_told(void **state)
{
	(void)state;
	said(a, "/scene/intro/recall", M(""), "scenes", "intro", 0.0f);
	said(a, "/scene/drop-2/recall", M("f", 1.5), "scenes", "drop-2", 1.5f);
	said(a, "/box/left", M("f", 2.0), "boxes", "left", 2.0f);
	assert_int_equal(scenes.recalls, 2);
	assert_int_equal(boxes.recalls, 1);
}

static void
several_places_come_in_their_order(void **state)
{
	lo_arg **arg;

	(void)state;
	arg = client_ask(a, "/box/a/b/c/d", M(""), "/four", "ssss");
	for (int i = 0; i < 4; i++)
		assert_int_equal(osc_arg_text(arg[i])[0], 'a' + i);
}

static void
what_only_resembles_it_is_no_service(void **state)
{
	static const char long_name[] =
		"/scene/abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"
		"abcdefghijkl/recall";
	static const char *const address[] = {"/scene//recall", "/scene/recall",
		"/scene/a/b/recall", "/scene/a/recall/x", "/scene/a/recal",
		"/scene/a", "/scene/a/", "/box", "/box/", "/box/a/b/c/d/e",
		long_name};

	(void)state;
	for (size_t i = 0; i < sizeof(address) / sizeof(address[0]); i++)
		client_refused(a, address[i], M(""), "there is no such");
	assert_int_equal(scenes.recalls + boxes.recalls, 0);
}

static void
it_is_meant_by_what_is_nearly_its_name(void **state)
{
	(void)state;
	client_refused(a, "/scene/NAME/recal", M(""), "/scene/NAME/recall?");
	client_refused(a, "/pnig", M(""), "did you mean /ping?");
}

static void
an_answer_of_another_server_is_not_answered(void **state)
{
	(void)state;
	client_send(a, "/scene/a/recall", M("ssf", "scenes", "a", 0.0));
	client_send(a, "/error", M(""));
	client_fence(a);
	assert_int_equal(a->mails, 0);
	assert_int_equal(scenes.recalls, 0);
}

/* In its place among the changes. */
static void
it_may_stand_in_a_bundle(void **state)
{
	lo_bundle bundle = lo_bundle_new(LO_TT_IMMEDIATE);

	(void)state;
	lo_bundle_add_message(bundle, "/strip/1/gain", M("f", -3.0));
	lo_bundle_add_message(bundle, "/scene/a/recall", M(""));
	client_send_bundle(a, bundle);
	client_fence(a);
	assert_int_equal(a->mails, 1);
	assert_string_equal(a->mail[0].address, "/scene/a/recall");
	assert_true(client_get(a, "/strip/1/gain") == -3.0);
}

static void
it_hears_of_a_resync_and_of_who_has_gone(void **state)
{
	struct client *c = client_new(&rig, true);
	uint64_t start_ns = loop_now_ns();

	(void)state;
	client_fence(c);
	client_send(c, "/subscribe", M(""));
	client_send(c, "/resync", M(""));
	client_fence(c);
	assert_int_equal(scenes.resyncs, 1);
	client_free(c);
	while (client_status(a, "osc_tcp_clients") > 0.0)
		not_for_ever(start_ns);
	assert_true(scenes.gone > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, two_close)
		T(a_pattern_names_many_and_its_place_is_told),
		T(several_places_come_in_their_order),
		T(what_only_resembles_it_is_no_service),
		T(it_is_meant_by_what_is_nearly_its_name),
		T(an_answer_of_another_server_is_not_answered),
		T(it_may_stand_in_a_bundle),
		T(it_hears_of_a_resync_and_of_who_has_gone),
	};

	return cmocka_run_group_tests_name("osc service", tests, NULL, NULL);
}
