/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "driver/program/program.h"

/* What a client and its node say, in the order of the columns. "": nothing */
struct said {
	const char *api;
	const char *sec_pid; /* the client object's, set by the server */
	const char *pid;
	const char *portal;
	const char *binary;
	const char *host;
	const char *client_id;
	const char *class;
};

#define PULSE	"pipewire-pulse"
#define SERVER	"900" /* the pulse server's process */
#define FIREFOX "org.mozilla.firefox"
#define OBS	"com.obsproject.Studio"
#define PLAYS	"Stream/Output/Audio"
#define RECORDS "Stream/Input/Audio"

static bool
one(const struct said *a, const struct said *b)
{
	const struct said *said[2] = {a, b};
	struct program p[2];
	struct spa_dict_item client[2][6], node[2][2];

	for (int i = 0; i < 2; i++) {
		const struct said *s = said[i];
		struct spa_dict c = SPA_DICT_INIT(client[i], 6);
		struct spa_dict n = SPA_DICT_INIT(node[i], 2);

		client[i][0] = SPA_DICT_ITEM_INIT("client.api", s->api);
		client[i][1] =
			SPA_DICT_ITEM_INIT("pipewire.sec.pid", s->sec_pid);
		client[i][2] =
			SPA_DICT_ITEM_INIT("application.process.id", s->pid);
		client[i][3] = SPA_DICT_ITEM_INIT(
			"pipewire.access.portal.app_id", s->portal);
		client[i][4] = SPA_DICT_ITEM_INIT(
			"application.process.binary", s->binary);
		client[i][5] =
			SPA_DICT_ITEM_INIT("application.process.host", s->host);
		node[i][0] = SPA_DICT_ITEM_INIT("client.id", s->client_id);
		node[i][1] = SPA_DICT_ITEM_INIT("media.class", s->class);
		program_read(&p[i], &c, &n);
	}
	assert_int_equal(
		program_same(&p[0], &p[1]), program_same(&p[1], &p[0]));
	return program_same(&p[0], &p[1]);
}

/* Each is changed in one place by the tests. */
static const struct said native = {
	"", "1200", "1200", "", "mixer", "desk", "40", PLAYS};
static const struct said pulse = {
	PULSE, SERVER, "1200", "", "mixer", "desk", "50", PLAYS};
static const struct said box_native = {
	"", "1200", "2", FIREFOX, "firefox", "desk", "40", PLAYS};
static const struct said box_pulse = {
	PULSE, SERVER, "2", FIREFOX, "firefox", "desk", "50", PLAYS};

static void
streams_of_one_client_are_one_program(void **state)
{
	struct said a = native, b = native;

	(void)state;
	a.sec_pid = b.sec_pid = a.pid = b.pid = "";
	assert_true(one(&a, &b));
	b.client_id = "41";
	assert_false(one(&a, &b));
}

static void
two_clients_of_one_process_are_one_program(void **state)
{
	struct said b = native;

	(void)state;
	b.client_id = "41";
	b.class = RECORDS;
	assert_true(one(&native, &b));
	b.sec_pid = b.pid = "1201";
	assert_false(one(&native, &b));
}

static void
flatpaks_that_all_are_process_2_are_not_one_program(void **state)
{
	struct said b = box_native;

	(void)state;
	b.client_id = "41";
	b.sec_pid = "1300";
	b.portal = OBS;
	b.binary = "obs";
	assert_false(one(&box_native, &b));
	/* the same one twice: the server knows it */
	b.portal = box_native.portal;
	b.binary = box_native.binary;
	assert_false(one(&box_native, &b));
	b.sec_pid = box_native.sec_pid;
	assert_true(one(&box_native, &b));
}

static void
pulse_programs_are_not_the_pulse_server(void **state)
{
	struct said b = pulse;

	(void)state;
	b.client_id = "51";
	assert_true(one(&pulse, &b));
	b.pid = "1300";
	assert_false(one(&pulse, &b));
}

static void
flatpaks_over_pulse_are_told_apart_by_what_they_are(void **state)
{
	struct said b = box_pulse;

	(void)state;
	b.client_id = "51";
	assert_true(one(&box_pulse, &b)); /* nobody can know: it may howl */
	b.portal = OBS;
	assert_false(one(&box_pulse, &b));
	b.portal = box_pulse.portal;
	b.binary = "plugin-container";
	assert_false(one(&box_pulse, &b));
	/* process 2 outside of any box is a thread of the kernel */
	b.binary = box_pulse.binary;
	b.portal = "";
	assert_false(one(&box_pulse, &b));
}

static void
containers_without_a_portal_differ_by_file_or_machine(void **state)
{
	struct said a = pulse, b = pulse;

	(void)state;
	a.pid = b.pid = "1";
	b.client_id = "51";
	b.binary = "recorder";
	assert_false(one(&a, &b));
	b.binary = "";
	assert_true(one(&a, &b));
	b.host = "box";
	assert_false(one(&a, &b));
}

static void
a_program_with_a_native_and_a_pulse_stream_is_one(void **state)
{
	struct said n = box_native;

	(void)state;
	assert_true(one(&native, &pulse));
	assert_true(one(&box_native, &box_pulse));
	n.portal = OBS;
	assert_false(one(&n, &box_pulse));
	assert_false(one(&native, &box_pulse));
	n = native;
	n.sec_pid = n.pid = "1300";
	assert_false(one(&n, &pulse));
}

static void
a_jack_client_is_of_its_process_but_not_of_the_next_client(void **state)
{
	struct said a = native, b = native;

	(void)state;
	a.api = b.api = "jack";
	a.class = b.class = "";
	b.client_id = "41";
	assert_false(one(&a, &b));
	assert_true(one(&a, &a));
	assert_true(one(&a, &pulse));
	b.class = PLAYS; /* a stream of the process beside its JACK client */
	b.api = "";
	assert_true(one(&a, &b));
}

static void
modules_of_one_process_have_nothing_to_do_with_each_other(void **state)
{
	static const char *const hosts[] = {
		"pipewire", "pipewire-pulse", "pw-loopback", "wireplumber"};

	(void)state;
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		struct said a = native, b = native;

		a.binary = b.binary = hosts[i];
		b.class = RECORDS;
		assert_false(one(&a, &b));
		/* a pulse client is not the server that speaks for it */
		assert_true(one(&pulse, &pulse));
	}
}

static void
who_says_nothing_is_nobody(void **state)
{
	static const struct said none = {"", "", "", "", "", "", "", PLAYS};
	struct program p;

	(void)state;
	assert_false(one(&none, &none));
	program_read(&p, NULL, NULL);
	assert_false(p.stream);
	assert_false(program_same(&p, &p));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(streams_of_one_client_are_one_program),
		cmocka_unit_test(two_clients_of_one_process_are_one_program),
		cmocka_unit_test(
			flatpaks_that_all_are_process_2_are_not_one_program),
		cmocka_unit_test(pulse_programs_are_not_the_pulse_server),
		cmocka_unit_test(
			flatpaks_over_pulse_are_told_apart_by_what_they_are),
		cmocka_unit_test(
			containers_without_a_portal_differ_by_file_or_machine),
		cmocka_unit_test(
			a_program_with_a_native_and_a_pulse_stream_is_one),
		cmocka_unit_test(
			a_jack_client_is_of_its_process_but_not_of_the_next_client),
		cmocka_unit_test(
			modules_of_one_process_have_nothing_to_do_with_each_other),
		cmocka_unit_test(who_says_nothing_is_nobody),
	};

	return cmocka_run_group_tests_name("program", tests, NULL, NULL);
}
