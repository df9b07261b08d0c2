/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <pipewire/extensions/metadata.h>

#include "driver/pipewire/graph/remembered.h"
#include "tests/graph_rig.h"

#define PROPS(...)                                                             \
	(&SPA_DICT_INIT(((const struct spa_dict_item[]){__VA_ARGS__}),         \
		sizeof((const struct spa_dict_item[]){__VA_ARGS__}) /          \
			sizeof(struct spa_dict_item)))
#define STREAM                                                                 \
	{                                                                      \
		"media.class", "Stream/Output/Audio"                           \
	}

static char sink[16];
static uint64_t written_ns;
static struct remembered file;

static void
one_line_for_each_word_is_read(void **state)
{
	const char *text = "[restore-stream]\n"
			   "Output/Audio:media.role:Music:volume=1.000000\n"
			   "Input/Audio:media.role:Music:target=mic\n"
			   "Output/Audio:media.role:Music:target=other\n";

	(void)state;
	assert_true(remembered_in(text, PROPS(STREAM, {"media.role", "Music"}),
		sink, sizeof(sink)));
	assert_string_equal(sink, "other");
	assert_false(remembered_in(text, PROPS(STREAM, {"media.role", "Mus"}),
		sink, sizeof(sink)));
	assert_string_equal(sink, "");
	assert_false(remembered_in(text,
		PROPS(STREAM, {"application.name", "Music"}), sink,
		sizeof(sink)));
	assert_false(remembered_in(
		text, PROPS({"media.role", "Music"}), sink, sizeof(sink)));
}

static void
a_role_is_no_key_from_0_5_15_on(void **state)
{
	const char *text =
		"[stream-properties]\n"
		"Output/Audio:media.role:Notification={\"target\":\"a\"}\n"
		"Output/Audio:application.name:p={\"target\":\"other\"}\n";

	(void)state;
	assert_true(remembered_in(text,
		PROPS(STREAM, {"media.role", "Music"},
			{"application.name", "p"}),
		sink, sizeof(sink)));
	assert_string_equal(sink, "other");
	assert_true(remembered_in(text,
		PROPS(STREAM, {"media.role", "Notification"},
			{"application.name", "p"}),
		sink, sizeof(sink)));
	assert_string_equal(sink, "a");
}

static void
a_line_of_json_for_each_program_is_read(void **state)
{
	const char *text =
		"[stream-properties]\n"
		"Output/Audio:node.name:a={\"mute\":false}\n"
		"Output/Audio:node.name:b={\"channelVolumes\":[1.0, 1.0], "
		"\"target\":\"other\", \"mute\":false}\n"
		"Output/Audio:node.name:c={\"target\":\"a\\\\\"b\"}\n";

	(void)state;
	assert_false(remembered_in(
		text, PROPS(STREAM, {"node.name", "a"}), sink, sizeof(sink)));
	assert_true(remembered_in(
		text, PROPS(STREAM, {"node.name", "b"}), sink, sizeof(sink)));
	assert_string_equal(sink, "other");
	assert_true(remembered_in(
		text, PROPS(STREAM, {"node.name", "c"}), sink, sizeof(sink)));
	assert_string_equal(sink, "a\"b");
}

static void
the_first_word_of_a_stream_is_its_key(void **state)
{
	const char *text = "Output/Audio:application.id:i:target=by-id\n"
			   "Output/Audio:application.name:n:target=by-name\n";

	(void)state;
	assert_true(remembered_in(text,
		PROPS(STREAM, {"node.name", "x"}, {"application.name", "n"},
			{"application.id", "i"}),
		sink, sizeof(sink)));
	assert_string_equal(sink, "by-id");
	assert_false(remembered_in(text,
		PROPS(STREAM, {"application.name", "n"},
			{"application.id", "other"}),
		sink, sizeof(sink)));
}

static void
what_is_escaped_is_found(void **state)
{
	const char *text =
		"Output/Audio:media.name:a\\sb\\e\\o1\\c\\\\:target=x\\\\sy\n";

	(void)state;
	assert_true(
		remembered_in(text, PROPS(STREAM, {"media.name", "a b=[1]\\"}),
			sink, sizeof(sink)));
	assert_string_equal(sink, "x\\sy");
}

static void
a_broken_or_long_line_is_no_word(void **state)
{
	static const char *const texts[] = {"", "\n", "=", "[",
		"Output/Audio:node.name:a",
		"Output/Audio:node.name:a=", "Output/Audio:node.name:a={",
		"Output/Audio:node.name:a=[]",
		"Output/Audio:node.name:a={\"target\"",
		"Output/Audio:node.name:a={\"target\":{}}",
		"Output/Audio:node.name:a={\"target\":\"\"}",
		"Output/Audio:node.name:a:target=",
		"Output/Audio:node.name:a:target=1234567890123456"};
	char name[1000];

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		memcpy(sink, "before", sizeof("before"));
		assert_false(remembered_in(texts[i],
			PROPS(STREAM, {"node.name", "a"}), sink, sizeof(sink)));
		assert_string_equal(sink, "");
	}
	memset(name, ' ', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_false(remembered_in(
		"", PROPS(STREAM, {"node.name", name}), sink, sizeof(sink)));
}

static void
file_write(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static char home[64];

static int
home_make(void **state)
{
	(void)state;
	strcpy(home, "/tmp/tapdeck-remembered-XXXXXX");
	assert_non_null(mkdtemp(home));
	assert_int_equal(setenv("XDG_STATE_HOME", home, 1), 0);
	return chdir(home);
}

static int
home_leave(void **state)
{
	(void)state;
	remembered_done(&file);
	unlink("wireplumber/restore-stream");
	unlink("wireplumber/stream-properties");
	rmdir("wireplumber");
	assert_int_equal(chdir("/"), 0);
	return rmdir(home);
}

static void
the_file_of_the_one_that_runs_is_read(void **state)
{
	(void)state;
	assert_false(remembered_sink(&file, WIREPLUMBER_0_5,
		PROPS(STREAM, {"node.name", "a"}), sink, sizeof(sink),
		&written_ns));
	assert_int_equal(mkdir("wireplumber", 0700), 0);
	file_write("wireplumber/restore-stream",
		"Output/Audio:node.name:a:target=old\n");
	assert_true(remembered_sink(&file, WIREPLUMBER_NONE,
		PROPS(STREAM, {"node.name", "a"}), sink, sizeof(sink),
		&written_ns));
	assert_string_equal(sink, "old");
	assert_false(remembered_sink(&file, WIREPLUMBER_0_5,
		PROPS(STREAM, {"node.name", "a"}), sink, sizeof(sink),
		&written_ns));
	file_write("wireplumber/stream-properties",
		"Output/Audio:node.name:a={\"target\":\"new\"}\n");
	assert_true(remembered_sink(&file, WIREPLUMBER_0_5,
		PROPS(STREAM, {"node.name", "a"}), sink, sizeof(sink),
		&written_ns));
	assert_string_equal(sink, "new");
	/* as a WirePlumber that is older again has it */
	assert_true(remembered_sink(&file, WIREPLUMBER_0_4,
		PROPS(STREAM, {"node.name", "a"}), sink, sizeof(sink),
		&written_ns));
	assert_string_equal(sink, "old");
	unlink("wireplumber/restore-stream");
	assert_false(remembered_sink(&file, WIREPLUMBER_0_4,
		PROPS(STREAM, {"node.name", "a"}), sink, sizeof(sink),
		&written_ns));
	/* nobody knows yet which one it is */
	assert_true(remembered_sink(&file, WIREPLUMBER_NONE,
		PROPS(STREAM, {"node.name", "a"}), sink, sizeof(sink),
		&written_ns));
	assert_string_equal(sink, "new");
}

static void
is_remembered(const char *expected)
{
	assert_true(remembered_sink(&file, WIREPLUMBER_0_4,
		PROPS(STREAM, {"node.name", "a"}), sink, sizeof(sink),
		&written_ns));
	assert_string_equal(sink, expected);
}

static void
time_set(const char *path, time_t s)
{
	const struct timespec times[2] = {{.tv_sec = s}, {.tv_sec = s}};

	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void
a_file_is_read_again_only_when_it_is_another(void **state)
{
	const char *path = "wireplumber/restore-stream";

	(void)state;
	assert_int_equal(mkdir("wireplumber", 0700), 0);
	file_write(path, "Output/Audio:node.name:a:target=one\n");
	time_set(path, 100);
	is_remembered("one");
	assert_int_equal(written_ns, UINT64_C(100000000000));
	file_write(path, "Output/Audio:node.name:a:target=two\n");
	time_set(path, 100);
	is_remembered("one");
	time_set(path, 101);
	is_remembered("two");
	assert_int_equal(written_ns, UINT64_C(101000000000));
	file_write(path, "Output/Audio:node.name:a:target=three\n");
	time_set(path, 101);
	is_remembered("three");
	file_write("new", "Output/Audio:node.name:a:target=seven\n");
	time_set("new", 101);
	assert_int_equal(rename("new", path), 0);
	is_remembered("seven");
}

static struct graph_object *
metadata_add(struct graph *g, uint32_t id, const char *name)
{
	return rig_add(g, GRAPH_METADATA, id,
		pw_properties_new(PW_KEY_METADATA_NAME, name, NULL));
}

static void
which_one_runs_shows_in_its_metadata(void **state)
{
	struct graph g;
	struct graph_object *settings;

	(void)state;
	graph_init(&g);
	assert_int_equal(wireplumber_version(&g), WIREPLUMBER_NONE);
	metadata_add(&g, 1, "default");
	assert_int_equal(wireplumber_version(&g), WIREPLUMBER_0_4);
	settings = metadata_add(&g, 2, "sm-settings");
	assert_int_equal(wireplumber_version(&g), WIREPLUMBER_0_5);
	graph_remove(settings);
	assert_int_equal(wireplumber_version(&g), WIREPLUMBER_0_4);
	graph_done(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, home_make, home_leave)
		cmocka_unit_test(one_line_for_each_word_is_read),
		cmocka_unit_test(a_role_is_no_key_from_0_5_15_on),
		cmocka_unit_test(a_line_of_json_for_each_program_is_read),
		cmocka_unit_test(the_first_word_of_a_stream_is_its_key),
		cmocka_unit_test(what_is_escaped_is_found),
		cmocka_unit_test(a_broken_or_long_line_is_no_word),
		cmocka_unit_test(which_one_runs_shows_in_its_metadata),
		T(the_file_of_the_one_that_runs_is_read),
		T(a_file_is_read_again_only_when_it_is_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
