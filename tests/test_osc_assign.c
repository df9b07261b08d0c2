/* SPDX-License-Identifier: GPL-3.0-or-later */
/* /assign, /app/SLUG/strip and /apps/explain. */
#include "tests/osc_rig.h"

#include "control/osc/osc_own.h"

static struct rig rig;
static struct client *c;
static _Atomic int saves;

static void
on_assigned(void *data)
{
	(void)data;
	atomic_fetch_add(&saves, 1);
}

static const char *
word(const void *of, const char *property)
{
	(void)of;
	return strcmp(property, "media.role") == 0 ? "Music" : NULL;
}

static void
words(const void *of,
	void (*tell)(void *data, const char *property, const char *value),
	void *data)
{
	(void)of;
	tell(data, "media.role", "Music");
	tell(data, "node.name", "deck");
}

/* The app that model_assign() made first. */
static void
on_streams(void *data, driver_tell_stream tell, void *to)
{
	const struct driver_stream s = {.key = "deck.key",
		.name = "Deck",
		.word = word,
		.words = words};

	(void)data;
	tell(to, UINT32_MAX, &s);
	tell(to, 5, &s); /* nobody knows it (any more) */
}

static int
put_apps(struct osc *o)
{
	assert_int_equal(model_assign(o->model, "deck.key", "Deck"), 0);
	assert_int_equal(model_assign(o->model, "disc", "A Disc"), 1);
	return 0;
}

static int
set_up(void **state)
{
	const struct services_source source = {
		.assigned = on_assigned, .streams = on_streams};
	struct osc_config config = rig_config();

	(void)state;
	rig_serve = put_apps;
	saves = 0;
	if (rig_open(&rig, &config, NULL, &source) < 0)
		return -1;
	c = client_new(&rig, true);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	client_free(c);
	rig_close(&rig);
	return 0;
}

static int
strip_of(const char *address)
{
	return osc_arg_int(client_ask(c, address, M(""), address, "i")[0]);
}

static void
a_program_is_asked_for_its_strip_and_put_on_another(void **state)
{
	(void)state;
	assert_int_equal(strip_of("/app/deck/strip"), 1);
	assert_int_equal(strip_of("/app/disc/strip"), 2);
	client_send(c, "/app/deck/strip", M("i", 7));
	assert_int_equal(strip_of("/app/deck/strip"), 7);
	client_send(c, "/app/deck/strip", M("f", 3.0));
	assert_int_equal(strip_of("/app/deck/strip"), 3);
	client_send(c, "/app/deck/strip", M("s", "a-disc"));
	assert_int_equal(strip_of("/app/deck.key/strip"), 2);
	client_send(c, "/app/deck.key/strip", M("s", "none"));
	assert_int_equal(strip_of("/app/deck.key/strip"), 0);
	client_send(c, "/app/deck.key/strip", M("s", "auto"));
	assert_true(strip_of("/app/deck.key/strip") > 0);
	client_send(c, "/app/disc/strip", M("i", 0));
	assert_int_equal(strip_of("/app/disc/strip"), 0);
	assert_int_equal(saves, 0);
	client_refused(c, "/app/deck/strip", M("i", 17), "no strip \"17\"");
	client_refused(c, "/app/deck/strip", M("s", "x"), "no strip \"x\"");
	client_refused(c, "/app/deck/strip", M("ii", 1, 2), "a strip");
	client_refused(c, "/app/nobody/strip", M(""), "no program \"nobody\"");
}

static void
what_is_put_for_good_is_saved(void **state)
{
	lo_arg **answer;

	(void)state;
	answer = client_ask(
		c, "/assign", M("sis", "A DISC", 5, "save"), "/assign", "is");
	assert_int_equal(osc_arg_int(answer[0]), 5);
	assert_string_equal(osc_arg_text(answer[1]), "disc");
	assert_int_equal(saves, 1);
	/* and what changes of that, too */
	client_send(c, "/app/a-disc/strip", M("i", 6));
	assert_int_equal(strip_of("/app/a-disc/strip"), 6);
	assert_int_equal(saves, 2);
	client_ask(c, "/assign", M("ss", "disc", "auto"), "/assign", "is");
	assert_int_equal(saves, 3);
	client_refused(c, "/assign", M("s", "disc"), "program, strip");
	client_refused(
		c, "/assign", M("sis", "disc", 1, "x"), "program, strip");
	client_refused(c, "/assign", M("si", "x", 1), "no program \"x\"");
	assert_int_equal(saves, 3);
}

static void
each_stream_is_explained(void **state)
{
	lo_arg **answer = client_ask(
		c, "/apps/explain", M(""), "/apps/explain", "isssssss");

	(void)state;
	assert_int_equal(osc_arg_int(answer[0]), 1);
	assert_string_equal(osc_arg_text(answer[1]), "deck.key");
	assert_string_equal(osc_arg_text(answer[2]), "Deck");
	assert_string_equal(osc_arg_text(answer[3]),
		"it was free; no rule names the program");
	assert_string_equal(osc_arg_text(answer[4]), "media.role");
	assert_string_equal(osc_arg_text(answer[5]), "Music");
	client_send(c, "/app/deck/strip", M("i", 9));
	answer = client_ask(
		c, "/apps/explain", M(""), "/apps/explain", "isssssss");
	assert_int_equal(osc_arg_int(answer[0]), 9);
	assert_string_equal(osc_arg_text(answer[3]), "put there by hand");
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_program_is_asked_for_its_strip_and_put_on_another),
		TEST(what_is_put_for_good_is_saved),
		TEST(each_stream_is_explained),
	};

	return cmocka_run_group_tests_name("osc assign", tests, NULL, NULL);
}
