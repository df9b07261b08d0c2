/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/identity_rig.h"

static void
programs_are_called_as_they_call_themselves(void **state)
{
	static const struct said said[] = {
		{.binary = "spotify",
			.app = "spotify",
			.node = "audio-src",
			.key = "spotify",
			.name = "spotify"},
		{.binary = "firefox-bin",
			.app = "Firefox",
			.node = "Firefox",
			.key = "firefox-bin",
			.name = "Firefox"},
		{.binary = "chromium",
			.app = "Chromium",
			.node = "Chromium",
			.key = "chromium",
			.name = "Chromium"},
		{.binary = "chrome",
			.app = "Google Chrome",
			.node = "Google Chrome",
			.key = "chrome",
			.name = "Google Chrome"},
		{.id = "mpv",
			.binary = "mpv",
			.app = "mpv",
			.node = "mpv",
			.key = "mpv",
			.name = "mpv"},
		{.id = "org.videolan.vlc",
			.binary = "vlc",
			.app = "VLC media player (LibVLC 3.0.24)",
			.key = "org.videolan.vlc",
			.name = "VLC media player"},
		{.binary = "bitwig-studio",
			.app = "Bitwig Studio 5.1.2",
			.key = "bitwig-studio",
			.name = "Bitwig Studio"},
		{.binary = "mixxx",
			.app = "Mixxx v2.4.1",
			.key = "mixxx",
			.name = "Mixxx"},
		/* numbers that are no versions */
		{.binary = "hl2_linux",
			.app = "Half-Life 2",
			.key = "hl2_linux",
			.name = "Half-Life 2"},
		{.binary = "game",
			.app = "Game (Demo 2)",
			.key = "game",
			.name = "Game (Demo 2)"},
		{.binary = "aplay",
			.app = "PipeWire ALSA [aplay]",
			.node = "alsa_playback.aplay",
			.key = "aplay",
			.name = "aplay"},
		{.node = "synth", .app = "", .key = "synth", .name = "synth"},
		{.key = "unknown", .name = "unknown"},
	};

	(void)state;
	CHECK_ALL(said, NULL);
}

static void
the_word_of_a_library_is_passed_over(void **state)
{
	static const struct said said[] = {
		{.binary = "Discord",
			.app = "WEBRTC VoiceEngine",
			.node = "WEBRTC VoiceEngine",
			.key = "Discord",
			.name = "Discord"},
		{.binary = "Discord",
			.app = "Chromium",
			.node = "Chromium",
			.key = "Discord",
			.name = "Discord"},
		{.binary = "pocket-casts",
			.app = "Chromium",
			.node = "Chromium",
			.key = "pocket-casts",
			.name = "pocket-casts"},
		{.binary = "chrome",
			.app = "Chromium",
			.key = "chrome",
			.name = "chrome"},
		{.binary = "chromium-browser",
			.app = "Chromium",
			.key = "chromium-browser",
			.name = "Chromium"},
		{.binary = "supertux2",
			.app = "SDL Application",
			.node = "SDL Application",
			.key = "supertux2",
			.name = "supertux2"},
		{.binary = "quassel",
			.app = "QtPulseAudio:4711",
			.key = "quassel",
			.name = "quassel"},
		{.binary = "hl2_linux",
			.app = "FMOD Ex App",
			.key = "hl2_linux",
			.name = "hl2_linux"},
		{.app = "",
			.node_app = "audio-src",
			.binary = "tidal-hifi",
			.key = "tidal-hifi",
			.name = "tidal-hifi"},
		/* nobody has another word */
		{.app = "SDL Application",
			.node = "SDL Application",
			.key = "SDL Application",
			.name = "SDL Application"},
		{.app = "Chromium", .key = "Chromium", .name = "Chromium"},
	};

	(void)state;
	CHECK_ALL(said, NULL);
}

static void
an_interpreter_is_not_an_app_and_a_bare_player_is_its_file(void **state)
{
	static const struct said said[] = {
		{.binary = "python3.11",
			.app = "drums",
			.key = "drums",
			.name = "drums"},
		{.binary = "python3.11",
			.app = "python3.11",
			.node = "beat",
			.key = "python3.11",
			.name = "beat"},
		{.binary = "java",
			.app = "java",
			.node = "Mixer",
			.key = "java",
			.name = "Mixer"},
		{.binary = "pw-cat",
			.app = "pw-cat",
			.node_app = "pw-play",
			.node = "pw-play",
			.key = "pw-play",
			.name = "pw-play"},
		{.binary = "mpv",
			.app = "Deck A",
			.key = "Deck A",
			.name = "Deck A"},
		{.binary = "mpv", .app = "mpv", .key = "mpv", .name = "mpv"},
		{.binary = "paplay",
			.app = "jingle",
			.key = "jingle",
			.name = "jingle"},
	};

	(void)state;
	CHECK_ALL(said, NULL);
}

static void
pulse_is(const char *pid, const char *host, const char *want)
{
	const struct spa_dict_item c[] = {ITEM("client.api", "pipewire-pulse"),
		ITEM("application.process.binary", "wine64-preloader"),
		ITEM("application.name", "wine64-preloader"),
		ITEM("pipewire.sec.pid", "1"),
		ITEM("application.process.id", pid),
		ITEM("application.process.host", host)};
	const struct spa_dict client = DICT(c);
	const struct identity_from from = {.client = &client};
	char key[APP_KEY_MAX], name[APP_NAME_MAX];

	identity_read(&from, key, name);
	assert_string_equal(name, want);
}

static void
a_windows_program_is_called_by_its_file(void **state)
{
	char pid[16], key[APP_KEY_MAX], name[APP_NAME_MAX], was[16];
	char host[256] = "";
	const struct spa_dict_item c[] = {
		ITEM("application.process.binary", "wine64-preloader"),
		ITEM("application.name", "PipeWire ALSA [wine64-preloader]"),
		ITEM("pipewire.sec.pid", pid)};
	const struct spa_dict client = DICT(c);
	const struct identity_from from = {.client = &client};
	static const struct said said[] = {
		{.binary = "wine-preloader",
			.app = "foobar2000.exe",
			.key = "foobar2000.exe",
			.name = "foobar2000"},
		{.binary = "wine64",
			.app = "Some Game.EXE",
			.key = "Some Game.EXE",
			.name = "Some Game"},
	};
	static const char *const processes[][2] = {{"winamp.exe", "winamp"},
		{"Cyberpunk2077.exe", "Cyberpunk2077"},
		{"fourteen-let.exe", "fourteen-let"}, {"noexe", "noexe"}};

	(void)state;
	CHECK_ALL(said, NULL);
	/* it says nothing: the kernel knows */
	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	prctl(PR_GET_NAME, was);
	for (size_t i = 0; i < sizeof(processes) / sizeof(processes[0]); i++) {
		prctl(PR_SET_NAME, processes[i][0]);
		identity_read(&from, key, name);
		assert_string_equal(key, processes[i][1]);
		assert_string_equal(name, processes[i][1]);
	}
	/* over pulse only its own word tells where it runs */
	gethostname(host, sizeof(host) - 1);
	pulse_is(pid, host, "noexe");
	pulse_is(pid, "elsewhere", "wine64-preloader");
	prctl(PR_SET_NAME, was);
	snprintf(pid, sizeof(pid), "%s", "../1");
	identity_read(&from, key, name);
	assert_string_equal(name, "wine64-preloader");
}

static void
modules_are_called_by_their_nodes(void **state)
{
	static const struct {
		const char *binary, *node, *description, *mate, *target;
		const char *key, *name;
	} said[] = {
		{"pw-loopback", "output.MicTalk", "MicTalk", "input.MicTalk",
			"mic", "MicTalk", "MicTalk"},
		{"pw-loopback", "output.pw-loopback-812", "pw-loopback-812",
			"input.pw-loopback-812", NULL, "loopback", "loopback"},
		{"pipewire", "output.loopback-812-13", "loopback-812-13",
			"mic.in", "mic", "mic.in", "mic.in"},
		{"pipewire", "output.loopback-812-13", "loopback-812-13",
			"input.loopback-812-13", "mic", "loopback of mic",
			"loopback of mic"},
		{"pipewire", "output.loopback-812-13", "loopback-812-13",
			"input.loopback-812-13", "55", "loopback", "loopback"},
		{"pipewire", "output.deck-8123", "Deck", NULL, NULL,
			"deck-8123", "Deck"},
		{"pipewire-pulse", "rtp.studio", "From the studio", NULL, NULL,
			"rtp.studio", "From the studio"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
		const struct spa_dict_item c[] = {
			ITEM("application.process.binary", said[i].binary),
			ITEM("application.name", "pipewire"),
			ITEM("pipewire.sec.pid", "812")};
		const struct spa_dict_item n[] = {
			ITEM("node.name", said[i].node),
			ITEM("node.description", said[i].description)};
		const struct spa_dict_item m[] = {
			ITEM("node.name", said[i].mate),
			ITEM("target.object", said[i].target)};
		const struct spa_dict client = DICT(c), node = DICT(n),
				      mate = DICT(m);
		const struct identity_from from = {
			&client, &node, said[i].mate ? &mate : NULL, NULL};
		char key[APP_KEY_MAX], name[APP_NAME_MAX];

		identity_read(&from, key, name);
		assert_string_equal(key, said[i].key);
		assert_string_equal(name, said[i].name);
	}
}

static void
a_long_name_is_cut_between_characters(void **state)
{
	/* 62 letters, then characters of two bytes */
	const struct said said = {.app = "abcdefghijklmnopqrstuvwxyzabcdefghijk"
					 "lmnopqrstuvwxyzabcdefghij"
					 "\xc3\xa9\xc3\xa9"};
	char key[APP_KEY_MAX], name[APP_NAME_MAX];

	(void)state;
	identity_of(&said, NULL, key, name);
	assert_string_equal(name,
		"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghi"
		"j");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(programs_are_called_as_they_call_themselves),
		cmocka_unit_test(the_word_of_a_library_is_passed_over),
		cmocka_unit_test(
			an_interpreter_is_not_an_app_and_a_bare_player_is_its_file),
		cmocka_unit_test(a_windows_program_is_called_by_its_file),
		cmocka_unit_test(modules_are_called_by_their_nodes),
		cmocka_unit_test(a_long_name_is_cut_between_characters),
	};

	return cmocka_run_group_tests_name("identity", tests, NULL, NULL);
}
