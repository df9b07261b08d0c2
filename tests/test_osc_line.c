/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bundles that take more than one turn. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <semaphore.h>
#include <stdatomic.h>

#include "tests/osc_rig_two.h"

#define STRIPS	 64
#define PATTERNS 900 /* of one bundle */
#define OF_ONE	 4   /* bundles that one machine has read at a time */
#define HELD_MAX 256
#define ASKED	 40   /* patterns */
#define QUIET_MS 1000 /* then nothing is on its way any more */
#define DUE_S	 0.6  /* a busy machine may stand still for a part of it */

static struct client *asker;
static sem_t halted, halts;

/* The copy of a packet of that size fails; 0: none. */
static _Atomic size_t no_memory_bytes;

void *__real_malloc(size_t size_bytes);
void *__wrap_malloc(size_t size_bytes);

void *
__wrap_malloc(size_t size_bytes)
{
	if (size_bytes > 0 && size_bytes == atomic_load(&no_memory_bytes))
		return NULL;
	return __real_malloc(size_bytes);
}

static bool looks_only;
static float seen[2]; /* strip 1's gain, and strip 2's */

static float
gain_of(const char *address)
{
	struct params *p = model_params(rig.model);
	struct param_value v;

	param_get(p, (uint32_t)param_find(p, address), &v);
	return (float)v.f;
}

/* The server's thread stands still until everything has been sent. */
static void
on_status(void *data, struct driver_status *out)
{
	(void)data;
	memset(out, 0, sizeof(*out));
	seen[0] = gain_of("/strip/1/gain");
	seen[1] = gain_of("/strip/2/gain");
	if (looks_only)
		return;
	sem_post(&halted);
	sem_wait(&halts);
}

static void
halt(void)
{
	client_send(asker, "/status", M(""));
	sem_wait(&halted);
}

static void
resume(void)
{
	sem_post(&halts);
}

/* Goes on until it has served b, and no further. */
static void
resume_until_served(void)
{
	client_send(b, "/ping", M(""));
	client_send(asker, "/status", M(""));
	resume();
	client_until(b, "/ping");
	sem_wait(&halted);
}

static int
setup(void **state)
{
	const struct services_source source = {.status = on_status};
	struct model_config shape;

	(void)state;
	sem_init(&halted, 0, 0);
	sem_init(&halts, 0, 0);
	looks_only = false;
	atomic_store(&no_memory_bytes, 0);
	model_config_init(&shape);
	shape.strips = STRIPS;
	two_open(&shape, &source);
	asker = client_new(&rig, false);
	return 0;
}

static int
teardown(void **state)
{
	client_free(asker);
	for (int i = 0; i < 4; i++) /* where a test has failed */
		resume();
	two_close(state);
	sem_destroy(&halted);
	sem_destroy(&halts);
	return 0;
}

/* Each held against all addresses, and one of them found. */
static void
add_patterns(lo_bundle bundle, uint32_t n)
{
	char pattern[32];

	for (uint32_t i = 0; i < n; i++) {
		snprintf(pattern, sizeof(pattern), "/s*/%u/m?te", 3 + i % 40);
		lo_bundle_add_message(bundle, pattern, M("i", 1));
	}
}

/* Between its first value and its last one many turns pass. */
static lo_bundle
slow_bundle(float first, float last)
{
	lo_bundle bundle = lo_bundle_new(LO_TT_IMMEDIATE);

	lo_bundle_add_message(bundle, "/strip/1/gain", M("f", (double)first));
	add_patterns(bundle, PATTERNS);
	lo_bundle_add_message(bundle, "/strip/2/gain", M("f", (double)last));
	return bundle;
}

static void
others_are_served_while_one_is_read(void **state)
{
	(void)state;
	for (int tcp = 0; tcp < 2; tcp++) {
		struct client *slow = client_new(&rig, tcp);

		halt();
		client_send_bundle(slow, slow_bundle(-6.0f, -7.0f));
		client_send(slow, "/ping", M(""));
		client_send(b, "/strip/50/gain", M("f", -3.0));
		resume_until_served();
		assert_false(client_wait(slow, 0));
		resume();
		client_until(slow, "/ping");
		assert_true(client_get(b, "/strip/2/gain") == -7.0);
		client_set(b, "/strip/2/gain", M("f", 0.0));
		client_free(slow);
	}
}

/* Whoever looks sees all of it or nothing. */
static void
its_values_take_effect_at_once(void **state)
{
	(void)state;
	halt();
	client_send_bundle(a, slow_bundle(-6.0f, -7.0f));
	resume_until_served();
	assert_true(seen[0] == 0.0f);
	looks_only = true;
	resume();
	do {
		assert_true((seen[0] == 0.0f && seen[1] == 0.0f) ||
			    (seen[0] == -6.0f && seen[1] == -7.0f));
		client_status(b, "osc_packets");
	} while (seen[0] == 0.0f);
	assert_true(seen[1] == -7.0f);
	assert_true(client_get(b, "/strip/3/mute") == 1.0);
}

static void
a_value_that_is_refused_refuses_all_of_it(void **state)
{
	lo_bundle bundle = slow_bundle(-6.0f, -7.0f);

	(void)state;
	lo_bundle_add_message(bundle, "/strip/1/mute", M("s", "perhaps"));
	client_send_bundle(a, bundle);
	client_fence(a);
	assert_int_equal(a->mails, 1);
	assert_string_equal(a->mail[0].address, "/error");
	assert_true(client_get(b, "/strip/1/gain") == 0.0);
	assert_true(client_get(b, "/strip/3/mute") == 0.0);
}

/* Sets and gets, and further bundles, in the order in which they came. */
static void
what_its_sender_sends_next_is_done_behind_it(void **state)
{
	(void)state;
	for (int tcp = 0; tcp < 2; tcp++) {
		struct client *slow = client_new(&rig, tcp);

		client_send_bundle(slow, slow_bundle(-6.0f, -7.0f));
		client_send(slow, "/strip/1/gain", M("f", -1.0));
		client_send_bundle(slow, slow_bundle(-8.0f, -9.0f));
		client_send(slow, "/strip/2/gain", M("f", -2.0));
		client_fence(slow);
		assert_int_equal(slow->mails, 0);
		assert_true(client_get(b, "/strip/1/gain") == -8.0);
		assert_true(client_get(b, "/strip/2/gain") == -2.0);
		client_free(slow);
	}
}

static void
who_hangs_up_behind_it_has_said_it(void **state)
{
	struct client *tcp = client_new(&rig, true);
	uint64_t start_ns = loop_now_ns();

	(void)state;
	halt();
	client_send_bundle(tcp, slow_bundle(-6.0f, -7.0f));
	client_free(tcp);
	resume();
	while (client_get(b, "/strip/1/gain") == 0.0)
		not_for_ever(start_ns);
	assert_true(client_get(b, "/strip/2/gain") == -7.0);
}

/* Its link breaks: nobody is there any more. */
static void
who_is_torn_away_ends_it(void **state)
{
	const struct linger none = {.l_onoff = 1};
	struct client *tcp = client_new(&rig, true);

	(void)state;
	halt();
	client_send_bundle(tcp, slow_bundle(-6.0f, -7.0f));
	resume_until_served();
	client_send_bundle(tcp, slow_bundle(-6.0f, -7.0f));
	setsockopt(tcp->fd, SOL_SOCKET, SO_LINGER, &none, sizeof(none));
	client_free(tcp);
	looks_only = true;
	resume();
	client_status_falls(b, "osc_tcp_clients", 0.0);
	client_send_bundle(a, slow_bundle(-8.0f, -9.0f));
	client_fence(a);
	assert_true(client_get(b, "/strip/2/gain") == -9.0);
}

static void
one_that_is_for_later_is_done_at_its_moment(void **state)
{
	lo_bundle bundle = lo_bundle_new(timetag_in(0.3)), late;
	uint64_t start_ns;

	(void)state;
	add_patterns(bundle, PATTERNS);
	lo_bundle_add_message(bundle, "/strip/1/gain", M("f", -6.0));
	lo_bundle_add_message(bundle, "/ping", M("s", "later"));
	start_ns = loop_now_ns();
	late = lo_bundle_new(timetag_in(0.05));
	add_patterns(late, PATTERNS);
	lo_bundle_add_message(late, "/strip/2/gain", M("f", -7.0));
	lo_bundle_add_message(late, "/ping", M("s", "late"));
	halt();
	client_send_bundle(a, late);
	client_send_bundle(a, bundle);
	resume_until_served();
	while (loop_now_ns() - start_ns < 60000000)
		poll(NULL, 0, 5); /* it is due while it is read */
	resume();
	assert_string_equal(osc_arg_text(client_until(a, "/ping")[0]), "late");
	assert_true(client_get(b, "/strip/2/gain") == -7.0);
	assert_string_equal(osc_arg_text(client_until(a, "/ping")[0]), "later");
	assert_true(client_get(b, "/strip/1/gain") == -6.0);
}

static void
services_of_one_take_their_turns_too(void **state)
{
	lo_bundle bundle = lo_bundle_new(LO_TT_IMMEDIATE);
	char pattern[32];

	(void)state;
	for (uint32_t i = 0; i < PATTERNS; i++) {
		snprintf(pattern, sizeof(pattern), "/s*/%u/m?te", i % 64 + 1);
		lo_bundle_add_message(bundle, "/subscribe", M("s", pattern));
	}
	lo_bundle_add_message(bundle, "/unsubscribe", M(""));
	halt();
	client_send_bundle(a, bundle);
	client_send(a, "/ping", M("s", "end"));
	resume_until_served();
	while (client_wait(a, 0)) {
		client_forget(a);
		assert_string_not_equal(client_read(a)->address, "/ping");
	}
	resume();
	client_until(a, "/ping");
}

static void
each_sends_a_slow_one(struct client **c, int clients)
{
	for (int i = 0; i < clients; i++) {
		c[i] = client_new(&rig, false);
		client_send_bundle(c[i], slow_bundle(-6.0f, -7.0f));
	}
}

static void
one_machine_has_no_more_than_its_share_read(void **state)
{
	struct client *c[OF_ONE + 1];
	const char *said;

	(void)state;
	halt();
	each_sends_a_slow_one(c, OF_ONE + 1);
	resume();
	said = osc_arg_text(client_until(c[OF_ONE], "/error")[1]);
	assert_non_null(strstr(said, "4 of your machine are read already"));
	for (int i = 0; i < OF_ONE; i++) {
		client_fence(c[i]);
		assert_int_equal(c[i]->mails, 0);
	}
	client_send_bundle(c[OF_ONE], slow_bundle(-8.0f, -9.0f));
	client_fence(c[OF_ONE]);
	assert_true(client_get(b, "/strip/2/gain") == -9.0);
	for (int i = 0; i <= OF_ONE; i++)
		client_free(c[i]);
}

/* What it asks for, between two values, takes longer than what it says. */
static lo_bundle
asking_bundle(void)
{
	lo_bundle bundle = lo_bundle_new(LO_TT_IMMEDIATE);

	lo_bundle_add_message(bundle, "/strip/1/mute", M("i", 1));
	for (int i = 0; i < ASKED; i++)
		lo_bundle_add_message(bundle, "/s*/3/m?te", M(""));
	lo_bundle_add_message(bundle, "/strip/1/gain", M("f", -10.0));
	return bundle;
}

static void
assert_all_of_it(struct client *c)
{
	client_fence(c);
	assert_int_equal(client_count(c, "/strip/3/mute"), ASKED);
	assert_int_equal(c->mails, ASKED);
	assert_true(client_get(b, "/strip/1/mute") == 1.0);
	assert_true(client_get(b, "/strip/1/gain") == -10.0);
}

static void
one_that_is_begun_is_done_where_no_place_is_free(void **state)
{
	struct client *c[OF_ONE];

	(void)state;
	halt();
	each_sends_a_slow_one(c, OF_ONE);
	client_send_bundle(a, asking_bundle());
	resume_until_served();
	resume();
	assert_all_of_it(a);
	for (int i = 0; i < OF_ONE; i++)
		client_free(c[i]);
}

static void
one_that_is_begun_is_done_where_no_memory_is_free(void **state)
{
	lo_bundle bundle = asking_bundle(), slow = slow_bundle(-6.0f, -7.0f);

	(void)state;
	atomic_store(&no_memory_bytes, lo_bundle_length(bundle));
	client_send_bundle(a, bundle);
	assert_all_of_it(a);
	atomic_store(&no_memory_bytes, lo_bundle_length(slow));
	client_send_bundle(a, slow);
	assert_non_null(strstr(
		osc_arg_text(client_until(a, "/error")[1]), "no memory for"));
	client_fence(a);
	assert_int_equal(a->mails, 0);
	assert_true(client_get(b, "/strip/1/gain") == -10.0);
}

static void
the_answers_behind_it_go_where_they_are_to_go_by_then(void **state)
{
	struct client *there = client_new(&rig, false);

	(void)state;
	client_send_bundle(a, slow_bundle(-6.0f, -7.0f));
	client_send(a, "/reply-to", M("i", client_port(there)));
	client_send(a, "/ping", M("s", "there"));
	assert_string_equal(
		osc_arg_text(client_until(there, "/ping")[0]), "there");
	client_send_bundle(a, slow_bundle(-8.0f, -9.0f));
	client_send(
		a, "/subscribe", M("sii", "/strip/9/gain", 60, client_port(b)));
	client_send(a, "/strip/2/gain", M(""));
	assert_true(
		osc_arg_float(client_until(b, "/strip/2/gain")[0]) == -9.0f);
	client_send_bundle(a, slow_bundle(-6.0f, -7.0f));
	client_send(a, "/unsubscribe", M(""));
	client_send(a, "/strip/2/gain", M(""));
	assert_true(osc_arg_float(client_until(there, "/strip/2/gain")[0]) ==
		    -7.0f);
	client_free(there);
}

/* Two that are due when the line is full; false: before that. */
static bool
fill_up_before_due(double due_s)
{
	uint64_t start_ns = loop_now_ns();
	bool before;

	for (int i = 0; i < 2; i++) {
		lo_bundle bundle = lo_bundle_new(timetag_in(due_s));

		lo_bundle_add_message(bundle, "/ping", M("i", HELD_MAX + i));
		client_send_bundle(a, bundle);
	}
	halt();
	client_send_bundle(a, slow_bundle(-6.0f, -7.0f));
	for (int i = 0; i < HELD_MAX; i++)
		client_send(a, "/ping", M("i", i));
	resume_until_served();
	before = loop_now_ns() - start_ns < due_s * 1e9;
	while (loop_now_ns() - start_ns < due_s * 1e9 + 50e6)
		poll(NULL, 0, 5);
	resume();
	return before;
}

/* What was accepted for a moment is done, and in its order, however much waits
 * when the moment has come. */
static void
what_comes_due_behind_it_is_not_left_out(void **state)
{
	double due_s = DUE_S;

	(void)state;
	for (; !fill_up_before_due(due_s); due_s *= 2.0)
		while (client_wait(a, QUIET_MS)) {
			client_read(a);
			client_forget(a);
		}
	for (int i = 0; i < HELD_MAX + 2; i++)
		assert_int_equal(osc_arg_int(client_until(a, "/ping")[0]), i);
	client_fence(a);
	assert_int_equal(a->mails, 0);
}

static void
what_waits_behind_it_is_bounded(void **state)
{
	uint32_t pings = 0;

	(void)state;
	halt();
	client_send_bundle(a, slow_bundle(-6.0f, -7.0f));
	for (int i = 0; i < HELD_MAX + 1; i++)
		client_send(a, "/ping", M("i", i));
	resume();
	assert_non_null(strstr(osc_arg_text(client_until(a, "/error")[1]),
		"at most 256 of 262144 bytes"));
	client_forget(a);
	while (pings < HELD_MAX) {
		struct mail *m = client_read(a);

		assert_string_equal(m->address, "/ping");
		assert_int_equal(
			osc_arg_int(lo_message_get_argv(m->message)[0]), pings);
		pings++;
	}
	client_fence(a);
	assert_int_equal(a->mails, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
		T(others_are_served_while_one_is_read),
		T(its_values_take_effect_at_once),
		T(a_value_that_is_refused_refuses_all_of_it),
		T(what_its_sender_sends_next_is_done_behind_it),
		T(who_hangs_up_behind_it_has_said_it),
		T(who_is_torn_away_ends_it),
		T(one_that_is_for_later_is_done_at_its_moment),
		T(services_of_one_take_their_turns_too),
		T(one_machine_has_no_more_than_its_share_read),
		T(one_that_is_begun_is_done_where_no_place_is_free),
		T(one_that_is_begun_is_done_where_no_memory_is_free),
		T(the_answers_behind_it_go_where_they_are_to_go_by_then),
		T(what_comes_due_behind_it_is_not_left_out),
		T(what_waits_behind_it_is_bounded),
	};

	return cmocka_run_group_tests_name("osc line", tests, NULL, NULL);
}
