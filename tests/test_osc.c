/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <time.h>

#include "tests/osc_rig.h"

#define ADDRESSES_MAX 1024

static struct rig rig;
static struct client *client;

static int
setup(void **state)
{
	struct osc_config config = rig_config();

	(void)state;
	assert_int_equal(rig_open(&rig, &config, NULL, NULL), 0);
	client = client_new(&rig, false);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	client_free(client);
	rig_close(&rig);
	return 0;
}

/* ---- set and get ---- */

/* One line of /list. */
struct listed {
	char address[PARAM_ADDRESS_MAX];
	char type;
	double min, max;
	char choice[PARAM_CHOICES_MAX][PARAM_TEXT_MAX];
	uint32_t choices;
};

static void
take_listed(struct listed *p, lo_message m)
{
	lo_arg **arg = lo_message_get_argv(m);
	char choices[512], *save = NULL;

	assert_int_equal(lo_message_get_argc(m), 7);
	memset(p, 0, sizeof(*p));
	snprintf(p->address, sizeof(p->address), "%s", osc_arg_text(arg[0]));
	p->type = (osc_arg_text(arg[1]))[0];
	if (p->type == 'f') {
		p->min = (double)osc_arg_float(arg[2]);
		p->max = (double)osc_arg_float(arg[3]);
	} else if (p->type == 'i') {
		p->min = osc_arg_int(arg[2]);
		p->max = osc_arg_int(arg[3]);
	}
	snprintf(choices, sizeof(choices), "%s", osc_arg_text(arg[6]));
	for (char *c = strtok_r(choices, "|", &save); c;
		c = strtok_r(NULL, "|", &save))
		snprintf(p->choice[p->choices++], PARAM_TEXT_MAX, "%s", c);
}

static uint32_t
list(struct listed *out, const char *prefix)
{
	uint32_t n;

	client_send(client, "/list", M("s", prefix));
	client_fence(client);
	assert_true(client->mails > 0 && client->mails <= ADDRESSES_MAX);
	for (n = 0; n < client->mails; n++) {
		assert_string_equal(client->mail[n].address, "/list");
		take_listed(&out[n], client->mail[n].message);
	}
	return n;
}

static void
set_and_get_number(const struct listed *p)
{
	double values[] = {p->max, p->min, (p->min + p->max) / 2};

	for (size_t i = 0; i < 3; i++) {
		double x = p->type == 'i' ? round(values[i]) : values[i];

		client_set(client, p->address, M("f", x));
		assert_true(fabs(client_get(client, p->address) - x) < 1e-4);
		client_set(client, p->address, M("i", (int)round(x)));
		assert_true(
			fabs(client_get(client, p->address) - round(x)) < 1e-4);
		client_set(client, p->address, M("d", x));
		assert_true(fabs(client_get(client, p->address) - x) < 1e-4);
		client_set(client, p->address, M("h", (int64_t)round(x)));
		assert_true(
			fabs(client_get(client, p->address) - round(x)) < 1e-4);
	}
}

static void
set_and_get_text(const struct listed *p)
{
	lo_arg **arg;

	for (uint32_t i = 0; i < p->choices; i++) {
		client_set(client, p->address, M("s", p->choice[i]));
		arg = client_ask(client, p->address, M(""), p->address, "s");
		assert_string_equal(osc_arg_text(arg[0]), p->choice[i]);
		client_set(client, p->address, M("i", (int)i));
		arg = client_ask(client, p->address, M(""), p->address, "s");
		assert_string_equal(osc_arg_text(arg[0]), p->choice[i]);
	}
	if (p->choices > 0) {
		client_refused(client, p->address, M("s", "no-such"),
			p->choice[p->choices - 1]);
		return;
	}
	client_set(client, p->address, M("s", "Käse"));
	arg = client_ask(client, p->address, M(""), p->address, "s");
	assert_string_equal(osc_arg_text(arg[0]), "Käse");
}

/* What tapdeck alone says. */
static bool
is_told(const char *address)
{
	const char *last = strrchr(address, '/');

	return !strcmp(last, "/app") || !strcmp(last, "/pending") ||
	       !strcmp(last, "/running");
}

static void
every_address_is_set_and_got_back(void **state)
{
	static struct listed p[ADDRESSES_MAX];
	uint32_t n = list(p, "");
	uint32_t read_only = 0;

	(void)state;
	assert_int_equal(n, parameters());
	for (uint32_t i = 0; i < n; i++) {
		const char type[] = {(char)p[i].type, '\0'};

		if (!strncmp(p[i].address, "/scene", 6) ||
			!strcmp(p[i].address, "/tempo/tap"))
			continue; /* it only asks */
		if (is_told(p[i].address)) {
			read_only++;
			client_refused(
				client, p[i].address, M("i", 1), "read-only");
			client_ask(client, p[i].address, M(""), p[i].address,
				type);
		} else if (p[i].type == 's') {
			set_and_get_text(&p[i]);
		} else {
			set_and_get_number(&p[i]);
		}
	}
	assert_int_equal(read_only, 2 * 16 + 2);
}

static void
true_and_false_are_numbers(void **state)
{
	(void)state;
	client_set(client, "/strip/3/mute", M("T"));
	assert_true(client_get(client, "/strip/3/mute") == 1.0);
	client_set(client, "/strip/3/mute", M("F"));
	assert_true(client_get(client, "/strip/3/mute") == 0.0);
}

/* It is taken, and who sent it is told what came of it. */
static void
becomes(const char *address, lo_message m, double want)
{
	char type[2] = {strstr(address, "mute") ? 'i' : 'f', '\0'};
	lo_arg **arg = client_ask(client, address, m, address, type);

	assert_true((type[0] == 'i' ? osc_arg_int(arg[0])
				    : (double)osc_arg_float(arg[0])) == want);
	assert_true(client_get(client, address) == want);
}

static void
what_is_out_of_range_is_clamped_and_told(void **state)
{
	lo_arg **arg;

	(void)state;
	becomes("/strip/1/gain", M("f", 1000.0), 12.0);
	becomes("/strip/1/gain", M("f", 1000.0), 12.0); /* again */
	becomes("/strip/1/gain", M("d", -1e300), -90.0);
	becomes("/strip/1/gain", M("f", (double)INFINITY), 12.0);
	becomes("/strip/1/gain", M("s", "-99"), -90.0);
	becomes("/strip/1/mute", M("h", INT64_MIN), 0.0);
	becomes("/strip/1/mute", M("i", 7), 1.0);
	becomes("/strip/1/mute", M("f", 0.3), 0.0);
	arg = client_ask(
		client, "/strip/1/route", M("f", 1.2), "/strip/1/route", "s");
	assert_string_equal(osc_arg_text(arg[0]), "main");
	/* What fits is taken without a word. */
	client_set(client, "/strip/1/gain", M("d", -3.1));
	client_set(client, "/strip/1/mute", M("f", 1.0));
	client_set(client, "/strip/1/route", M("f", 2.0));
	client_set(client, "/strip/1/gain/step", M("f", 90.0));
}

static void
what_a_bundle_alters_is_told(void **state)
{
	lo_bundle b = lo_bundle_new((lo_timetag){0, 1});

	(void)state;
	lo_bundle_add_message(b, "/strip/[12]/gain", M("f", 20.0));
	lo_bundle_add_message(b, "/strip/3/gain", M("f", -3.0));
	client_send_bundle(client, b);
	client_fence(client);
	assert_int_equal(client->mails, 2);
	assert_int_equal(client_count(client, "/strip/1/gain"), 1);
	assert_int_equal(client_count(client, "/strip/2/gain"), 1);
}

static void
what_makes_no_sense_is_refused_and_changes_nothing(void **state)
{
	uint8_t midi[4] = {0x90, 0x40, 0x7f, 0};

	(void)state;
	client_set(client, "/strip/1/gain", M("f", -6.0));
	client_refused(client, "/strip/1/gain", M("f", (double)NAN), "number");
	client_refused(client, "/strip/1/gain", M("d", (double)NAN), "number");
	client_refused(client, "/strip/1/gain", M("s", "loud"), "number");
	client_refused(client, "/strip/1/gain", M("N"), "allowed");
	client_refused(client, "/strip/1/gain", M("I"), "allowed");
	client_refused(client, "/strip/1/gain", M("c", 'x'), "allowed");
	client_refused(client, "/strip/1/gain", M("m", midi), "allowed");
	client_refused(
		client, "/strip/1/gain", M("t", LO_TT_IMMEDIATE), "allowed");
	client_refused(
		client, "/strip/1/gain", M("ff", -1.0, -2.0), "2 arguments");
	client_refused(client, "/strip/1/name", M("f", 1.0), "text");
	client_refused(client, "/strip/1/name",
		M("s", "0123456789012345678901234567890123456789"
		       "0123456789012345678901234567890123456789"),
		"at most 63");
	client_refused(client, "/strip/1/name", M("s", "\xff\xfe"), "UTF-8");
	assert_true(client_get(client, "/strip/1/gain") == -6.0);
}

static void
an_unknown_address_is_refused(void **state)
{
	static const char *const unknown[] = {"/", "/x", "/strip", "/strip/1",
		"/strip/0/gain", "/strip/17/gain", "/strip/1/gain/",
		"//strip/1/gain", "/strip/1/gain/x", "/bus/9/gain",
		"/strip/nobody/gain", "/Ping",
		"/strip/99999999999999999999/gain"};

	(void)state;
	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
		client_refused(client, unknown[i], M(""), "no such address");
		client_refused(
			client, unknown[i], M("f", 1.0), "no such address");
	}
}

static void
what_may_have_been_meant_is_told(void **state)
{
	(void)state;
	client_refused(client, "/strip/1/gian", M("f", 1.0),
		"no such address; did you mean /strip/1/gain? /list shows all");
	client_refused(
		client, "/bus/mian/gain", M(""), "did you mean /bus/main/gain");
	client_refused(client, "/pign", M(""), "did you mean /ping?");
	client_refused(
		client, "/subscibe", M("s", "x"), "did you mean /subscribe?");
	client_refused(client, "/strip/17/gain", M(""), "no such address; /l");
}

static void
an_error_is_never_answered(void **state)
{
	(void)state;
	client_set(client, "/error", M("ss", "/strip/1/gain", "no"));
	client_set(client, "/error", M(""));
}

/* ---- actions ---- */

static void
buttons_that_know_no_state_can_act(void **state)
{
	(void)state;
	client_set(client, "/strip/1/mute/toggle", M("f", 1.0)); /* press */
	client_set(client, "/strip/1/mute/toggle", M("f", 0.0)); /* let go */
	assert_true(client_get(client, "/strip/1/mute") == 1.0);
	client_set(client, "/strip/1/mute/toggle", M(""));
	assert_true(client_get(client, "/strip/1/mute") == 0.0);
	client_set(client, "/strip/1/mute/toggle", M("I"));
	client_set(client, "/bus/main/mute/toggle", M("T"));
	assert_true(client_get(client, "/strip/1/mute") == 1.0);
	assert_true(client_get(client, "/bus/main/mute") == 1.0);
	client_set(client, "/strip/*/gain/step", M("f", -1.5));
	client_set(client, "/strip/2/gain/step", M("i", -1));
	assert_true(client_get(client, "/strip/1/gain") == -1.5);
	assert_true(client_get(client, "/strip/2/gain") == -2.5);
	client_refused(client, "/strip/1/gain/step", M(""), "no value");
	client_refused(client, "/strip/*/mute/toggle", M(""), "no value");
	client_refused(client, "/strip/1/name/toggle", M(""), "no such");
	assert_true(client_get(client, "/strip/1/mute") == 1.0);
}

static void
actions_of_a_bundle_act_in_its_order(void **state)
{
	lo_bundle b = lo_bundle_new((lo_timetag){0, 1});

	(void)state;
	lo_bundle_add_message(b, "/strip/1/gain/step", M("f", -1.0));
	lo_bundle_add_message(b, "/strip/1/gain", M("f", -6.0));
	lo_bundle_add_message(b, "/strip/1/gain/step", M("f", -1.0));
	lo_bundle_add_message(b, "/strip/1/gain/step", M("f", -1.0));
	lo_bundle_add_message(b, "/strip/1/mute/toggle", M(""));
	client_send_bundle(client, b);
	assert_true(client_get(client, "/strip/1/gain") == -8.0);
	assert_true(client_get(client, "/strip/1/mute") == 1.0);
}

static void
an_action_is_listed_when_it_is_asked_for(void **state)
{
	static struct listed p[ADDRESSES_MAX];

	(void)state;
	assert_int_equal(list(p, "/strip/1/mute"), 1);
	assert_int_equal(list(p, "/strip/1/mute/toggle"), 1);
	assert_int_equal(p[0].type, 'i');
	assert_int_equal(list(p, "/strip/*/gain/step"), 16);
	assert_int_equal(p[15].type, 'f');
	assert_true(p[15].max == 102.0);
}

/* ---- patterns ---- */

static void
a_pattern_sets_and_gets_all_that_it_names(void **state)
{
	(void)state;
	client_set(client, "/strip/{1,3}/mute", M("i", 1));
	client_set(client, "/strip/[5-7]/mute", M("T"));
	client_send(client, "/strip/*/mute", M(""));
	client_fence(client);
	assert_int_equal(client->mails, 16);
	for (int strip = 1; strip <= 16; strip++) {
		bool muted =
			strip == 1 || strip == 3 || (strip >= 5 && strip <= 7);
		lo_message m = client->mail[strip - 1].message;
		char address[32];

		snprintf(address, sizeof(address), "/strip/%d/mute", strip);
		assert_string_equal(client->mail[strip - 1].address, address);
		assert_int_equal(osc_arg_int(lo_message_get_argv(m)[0]), muted);
	}
}

static void
a_pattern_that_names_nothing_is_refused(void **state)
{
	(void)state;
	client_refused(client, "/strip/*/nothing", M("i", 1), "no address");
	client_refused(client, "/strip/{a,b}/mute", M(""), "no address");
	client_refused(client, "/strip/[1/mute", M("i", 1), "no address");
}

static void
a_pattern_whose_value_does_not_fit_all_sets_none(void **state)
{
	(void)state;
	/* gain and mute would take it, name and app would not */
	client_refused(client, "/strip/1/*", M("i", 1), "");
	assert_true(client_get(client, "/strip/1/mute") == 0.0);
	assert_true(client_get(client, "/strip/1/gain") == 0.0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
		T(every_address_is_set_and_got_back),
		T(true_and_false_are_numbers),
		T(what_is_out_of_range_is_clamped_and_told),
		T(what_a_bundle_alters_is_told),
		T(what_makes_no_sense_is_refused_and_changes_nothing),
		T(an_unknown_address_is_refused),
		T(what_may_have_been_meant_is_told),
		T(an_error_is_never_answered),
		T(buttons_that_know_no_state_can_act),
		T(actions_of_a_bundle_act_in_its_order),
		T(an_action_is_listed_when_it_is_asked_for),
		T(a_pattern_sets_and_gets_all_that_it_names),
		T(a_pattern_that_names_nothing_is_refused),
		T(a_pattern_whose_value_does_not_fit_all_sets_none),
	};

	return cmocka_run_group_tests_name("osc", tests, NULL, NULL);
}
