/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <spa/utils/dict.h>

#include "driver/pw_identity.h"

#define ITEM(k, v)  SPA_DICT_ITEM_INIT(k, v)
#define DICT(items) SPA_DICT_INIT(items, sizeof(items) / sizeof((items)[0]))

static void
check(const struct spa_dict *client, const struct spa_dict *node,
	const char *want_key, const char *want_name)
{
	char key[APP_KEY_MAX], name[APP_NAME_MAX];

	identity_read(client, node, key, name);
	assert_string_equal(key, want_key);
	assert_string_equal(name, want_name);
}

static void
spotify_is_known_by_its_client(void **state)
{
	const struct spa_dict_item c[] = {ITEM("application.name", "spotify"),
		ITEM("application.process.binary", "spotify")};
	const struct spa_dict_item n[] = {ITEM("node.name", "audio-src")};
	const struct spa_dict client = DICT(c), node = DICT(n);

	(void)state;
	check(&client, &node, "spotify", "spotify");
}

static void
a_portal_app_id_goes_before_everything(void **state)
{
	const struct spa_dict_item c[] = {
		ITEM("pipewire.access.portal.app_id", "org.mozilla.firefox"),
		ITEM("application.process.binary", "firefox-bin")};
	const struct spa_dict_item n[] = {ITEM("application.name", "Firefox"),
		ITEM("application.id", "something.else")};
	const struct spa_dict client = DICT(c), node = DICT(n);

	(void)state;
	check(&client, &node, "org.mozilla.firefox", "Firefox");
}

static void
an_interpreter_is_not_an_app(void **state)
{
	const struct spa_dict_item c[] = {
		ITEM("application.process.binary", "python3.11"),
		ITEM("application.name", "drums")};
	const struct spa_dict client = DICT(c);

	(void)state;
	check(&client, NULL, "drums", "drums");
}

static void
an_alsa_program_is_called_by_its_own_name(void **state)
{
	const struct spa_dict_item n[] = {
		ITEM("application.process.binary", "aplay"),
		ITEM("application.name", "PipeWire ALSA [aplay]")};
	const struct spa_dict node = DICT(n);

	(void)state;
	check(NULL, &node, "aplay", "aplay");
}

static void
a_stream_without_any_word_has_its_node_name(void **state)
{
	const struct spa_dict_item n[] = {
		ITEM("node.name", "synth"), ITEM("application.name", "")};
	const struct spa_dict node = DICT(n);

	(void)state;
	check(NULL, &node, "synth", "synth");
	check(NULL, NULL, "unknown", "unknown");
}

static void
a_long_name_is_cut_between_characters(void **state)
{
	/* 62 letters, then characters of two bytes */
	const struct spa_dict_item n[] = {ITEM("application.name",
		"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghij"
		"\xc3\xa9\xc3\xa9")};
	const struct spa_dict node = DICT(n);
	char key[APP_KEY_MAX], name[APP_NAME_MAX];

	(void)state;
	identity_read(NULL, &node, key, name);
	assert_string_equal(name,
		"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghi"
		"j");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spotify_is_known_by_its_client),
		cmocka_unit_test(a_portal_app_id_goes_before_everything),
		cmocka_unit_test(an_interpreter_is_not_an_app),
		cmocka_unit_test(an_alsa_program_is_called_by_its_own_name),
		cmocka_unit_test(a_stream_without_any_word_has_its_node_name),
		cmocka_unit_test(a_long_name_is_cut_between_characters),
	};

	return cmocka_run_group_tests_name("identity", tests, NULL, NULL);
}
