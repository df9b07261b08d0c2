/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of a metadata object, as a PipeWire tells them. */
#include "tests/pipewire_rig.h"

#include "driver/pipewire/graph/metadata.h"

#define KEY "target.object"

static struct {
	int words, told, lost;
	uint64_t serial;
} heard;

static struct metadata metadata;

static void
hang_up(void)
{
	spa_callbacks_call(&pipewire->core_events, struct pw_core_events, error,
		0, PW_ID_CORE, 0, -EPIPE, "");
}

/* ---- what is heard ---- */

static void
on_word(void *data, uint64_t serial, const char *key, const char *type,
	const char *value)
{
	(void)data, (void)key, (void)type, (void)value;
	heard.words++;
	heard.serial = serial;
}

static void
on_told(void *data)
{
	(void)data;
	heard.told++;
}

static void
on_lost(void *data)
{
	(void)data;
	heard.lost++;
}

static const struct metadata_events events = {
	.word = on_word,
	.told = on_told,
	.lost = on_lost,
};

static int
begin(void **state)
{
	(void)state;
	pipewire_begin();
	memset(&heard, 0, sizeof(heard));
	memset(&metadata, 0, sizeof(metadata));
	return metadata_open(&metadata, NULL, METADATA, &events, NULL);
}

static int
end(void **state)
{
	(void)state;
	metadata_close(&metadata);
	return 0;
}

static void
all_is_told_with_the_answer_and_again_when_asked(void **state)
{
	(void)state;
	tell_node(pipewire, 40, "400");
	tell_word(pipewire, 40, KEY, "7");
	assert_true(metadata_wait(&metadata));
	assert_false(metadata_again(&metadata));
	answer(pipewire);
	assert_false(metadata_wait(&metadata));
	assert_int_equal(heard.told, 1);
	assert_string_equal(metadata_find(&metadata, 400, KEY)->value, "7");
	assert_true(metadata_again(&metadata));
	assert_true(metadata_wait(&metadata));
	assert_null(metadata_find(&metadata, 400, KEY));
	tell_word(pipewire, 40, KEY, "8");
	answer(pipewire);
	assert_int_equal(heard.told, 2);
	assert_int_equal(heard.words, 2);
	assert_string_equal(metadata_find(&metadata, 400, KEY)->value, "8");
}

/* Or all that was said would be taken for unsaid. */
static void
metadata_that_has_gone_has_told_nothing(void **state)
{
	(void)state;
	answer(pipewire);
	pipewire->bound = false;
	assert_true(metadata_again(&metadata));
	answer(pipewire);
	assert_int_equal(heard.told, 1);
	assert_false(metadata_wait(&metadata));
}

static void
a_reading_that_cannot_begin_is_a_loss(void **state)
{
	(void)state;
	answer(pipewire);
	pipewire->no_memory = true;
	assert_false(metadata_again(&metadata));
	assert_int_equal(heard.lost, 1);
	assert_false(metadata_wait(&metadata));
}

static void
nobody_waits_for_a_connection_that_is_lost(void **state)
{
	(void)state;
	assert_true(metadata_wait(&metadata));
	hang_up();
	assert_int_equal(heard.lost, 1);
	assert_false(metadata_wait(&metadata));
}

static void
an_id_that_is_used_again_is_the_new_nodes(void **state)
{
	(void)state;
	tell_node(pipewire, 40, "400");
	tell_word(pipewire, 40, KEY, "7");
	tell_node(pipewire, 40, "500");
	assert_null(metadata_find(&metadata, 400, KEY));
	tell_word(pipewire, 40, KEY, "8");
	assert_int_equal(heard.serial, 500);
	assert_string_equal(metadata_find(&metadata, 500, KEY)->value, "8");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, begin, end)
		T(all_is_told_with_the_answer_and_again_when_asked),
		T(metadata_that_has_gone_has_told_nothing),
		T(a_reading_that_cannot_begin_is_a_loss),
		T(nobody_waits_for_a_connection_that_is_lost),
		T(an_id_that_is_used_again_is_the_new_nodes),
	};

	return cmocka_run_group_tests_name("metadata", tests, NULL, NULL);
}
