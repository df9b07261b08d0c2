/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stream is parked over what its user has said of it, whichever connection
 * knows of it first. */
#include "tests/journal_rig.h"
#include "tests/pipewire_rig.h"

#include "driver/supervisor/park/park.h"

#define STREAM 40u
#define SERIAL 400u
#define SINK   "tapdeck.park-1"

#define GRAPH (&pipewire[0]) /* the connection that makes and sees all */
#define WORDS (&pipewire[1])

static struct place *place;
static struct journal *journal;
static struct park parking;

/* ---- libpipewire: nothing waits here, so a timer goes off in go_off() ---- */

static struct spa_source source;

static struct timer {
	struct spa_source source;
	spa_source_timer_func_t go_off;
} timers[8];

static unsigned timer_count;

static struct spa_source *
timer_add(void *object, spa_source_timer_func_t func, void *data)
{
	struct timer *t = &timers[timer_count++];

	(void)object;
	assert_true(timer_count <= SPA_N_ELEMENTS(timers));
	t->source.data = data;
	t->go_off = func;
	return &t->source;
}

static void
go_off(struct spa_source *s)
{
	SPA_CONTAINER_OF(s, struct timer, source)->go_off(s->data, 1);
}

static struct spa_source *
event_add(void *object, spa_source_event_func_t func, void *data)
{
	(void)object, (void)func, (void)data;
	return &source;
}

static int
timer_update(void *object, struct spa_source *s, struct timespec *value,
	struct timespec *interval, bool absolute)
{
	(void)object, (void)s, (void)value, (void)interval, (void)absolute;
	return 0;
}

static void
source_destroy(void *object, struct spa_source *s)
{
	(void)object, (void)s;
}

static const struct spa_loop_utils_methods utils_methods = {
	SPA_VERSION_LOOP_UTILS_METHODS,
	.add_timer = timer_add,
	.add_event = event_add,
	.update_timer = timer_update,
	.destroy_source = source_destroy,
};

static struct spa_loop_utils utils;

static struct pw_loop loop = {.utils = &utils};

struct pw_context *
pw_context_new(
	struct pw_loop *on, struct pw_properties *props, size_t user_data_size)
{
	(void)on, (void)props, (void)user_data_size;
	return (struct pw_context *)&loop;
}

void
pw_context_destroy(struct pw_context *context)
{
	(void)context;
}

/* ---- a supervisor that has just begun ---- */

static const char *to_say;

static void
on_say(void *data, const char *line)
{
	(void)data;
	if (!to_say)
		fail_msg("it says: %s", line);
	assert_string_equal(line, to_say);
	to_say = NULL;
}

static void
on_recovered(void *data)
{
	(void)data;
}

static const struct park_events events = {
	.say = on_say,
	.recovered = on_recovered,
};

static int
begin(void **state)
{
	static const struct spa_dict_item name = {
		PW_KEY_METADATA_NAME, "default"};
	struct park_config config = {.loop = &loop, .park_sink = SINK};

	place_new(state);
	place = *state;
	journal = config.journal = open_at(place);
	utils.iface.cb = SPA_CALLBACKS_INIT(&utils_methods, NULL);
	pipewire_begin();
	timer_count = 0;
	to_say = NULL;
	memset(&parking, 0, sizeof(parking));
	assert_int_equal(park_open(&parking, &config, &events, NULL), 0);
	tell_global(GRAPH, METADATA, PW_TYPE_INTERFACE_Metadata,
		&SPA_DICT_INIT(&name, 1));
	answer(WORDS);
	answer(GRAPH);
	assert_true(parking.graph.is_ready);
	return 0;
}

static int
end(void **state)
{
	park_close(&parking);
	journal_close(journal);
	return place_free(state);
}

static void
is_parked_over(const char *key, const char *value)
{
	const struct journal_park *entry = journal_park_at(journal, 0);
	bool is_object = !strcmp(key, KEY_OBJECT);

	assert_int_equal(journal_parks(journal), 1);
	assert_int_equal(entry->serial, SERIAL);
	assert_int_equal(entry->object.set, is_object);
	assert_int_equal(entry->node.set, !is_object);
	assert_string_equal(
		is_object ? entry->object.value : entry->node.value, value);
	assert_int_equal(said.times, 1);
	assert_int_equal(said.id, STREAM);
	assert_string_equal(said.key, KEY_OBJECT);
	assert_string_equal(said.value, SINK);
}

static void
request(bool sent)
{
	park_request(&parking, SERIAL, sent);
	assert_int_equal(said.times, 0);
}

static void
park_with(bool sent, const char *key)
{
	request(sent);
	tell_node(WORDS, STREAM, "400");
	tell_word(WORDS, STREAM, key, "77");
	tell_node(GRAPH, STREAM, "400");
	is_parked_over(key, "77");
}

static void
a_word_that_is_known_before_its_stream_is_kept(void **state)
{
	(void)state;
	park_with(false, KEY_OBJECT);
}

static void
so_is_the_older_one(void **state)
{
	(void)state;
	park_with(false, KEY_NODE);
}

/* Its program may end before they are read again. */
static void
a_word_that_was_expected_is_not_waited_for_again(void **state)
{
	(void)state;
	park_with(true, KEY_OBJECT);
}

static void
a_word_that_is_expected_and_not_known_is_read_first(void **state)
{
	(void)state;
	request(true);
	tell_node(GRAPH, STREAM, "400");
	assert_int_equal(said.times, 0);
	tell_node(WORDS, STREAM, "400");
	tell_word(WORDS, STREAM, KEY_NODE, "77");
	assert_int_equal(said.times, 0);
	answer(WORDS);
	is_parked_over(KEY_NODE, "77");
}

/* The engine may not yet know that it is. */
static void
a_request_while_pipewire_is_away_does_no_harm(void **state)
{
	(void)state;
	tell_node(GRAPH, STREAM, "400");
	spa_callbacks_call(&GRAPH->core_events, struct pw_core_events, error, 0,
		PW_ID_CORE, 0, -EPIPE, "connection error");
	away = true;
	to_say = "PipeWire is gone; waiting for it";
	go_off(parking.graph.retry);
	assert_null(to_say);
	assert_null(parking.graph.core);
	request(false);
	park_cancel(&parking, SERIAL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, begin, end)
		T(a_word_that_is_known_before_its_stream_is_kept),
		T(so_is_the_older_one),
		T(a_word_that_was_expected_is_not_waited_for_again),
		T(a_word_that_is_expected_and_not_known_is_read_first),
		T(a_request_while_pipewire_is_away_does_no_harm),
	};

	return cmocka_run_group_tests_name("park", tests, NULL, NULL);
}
