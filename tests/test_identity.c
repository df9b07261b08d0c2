/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <spa/utils/dict.h>

#include "driver/desktop_file.h"
#include "driver/pw_identity.h"

#define ITEM(k, v)  SPA_DICT_ITEM_INIT(k, v)
#define DICT(items) SPA_DICT_INIT(items, sizeof(items) / sizeof((items)[0]))

/* What a program says of itself; NULL: nothing */
struct said {
	const char *portal, *id, *binary;
	const char *app;      /* the client's */
	const char *node_app; /* the stream's, where it is another one */
	const char *node;
	const char *key, *name; /* that are wanted */
};

static void
identity_of(const struct said *s, const struct desktop_files *files,
	char key[APP_KEY_MAX], char name[APP_NAME_MAX])
{
	const struct spa_dict_item c[] = {
		ITEM("pipewire.access.portal.app_id", s->portal),
		ITEM("application.id", s->id),
		ITEM("application.process.binary", s->binary),
		ITEM("application.name", s->app)};
	const struct spa_dict_item n[] = {ITEM("application.name", s->node_app),
		ITEM("node.name", s->node)};
	const struct spa_dict client = DICT(c), node = DICT(n);
	const struct identity_from from = {&client, &node, NULL, files};

	identity_read(&from, key, name);
}

static void
check_all(const struct said *said, size_t n, const struct desktop_files *files)
{
	for (size_t i = 0; i < n; i++) {
		const struct said *s = &said[i];
		char key[APP_KEY_MAX], name[APP_NAME_MAX];

		identity_of(s, files, key, name);
		if (strcmp(key, s->key) != 0 || strcmp(name, s->name) != 0)
			fail_msg("%s/%s/%s: key '%s' name '%s', want '%s' '%s'",
				s->portal ? s->portal : "-",
				s->binary ? s->binary : "-",
				s->app ? s->app : "-", key, name, s->key,
				s->name);
	}
}

#define CHECK_ALL(said, files)                                                 \
	check_all(said, sizeof(said) / sizeof((said)[0]), files)

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

/* ---- with a desktop ---- */

static char base[64];

static void
put(const char *folder, const char *file, const char *text)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "mkdir -p %s/%s/applications", base,
		folder);
	assert_int_equal(system(path), 0);
	snprintf(path, sizeof(path), "%s/%s/applications/%s", base, folder,
		file);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static int
make_desktop(void **state)
{
	char dirs[256];

	(void)state;
	snprintf(base, sizeof(base), "/tmp/test_identity.XXXXXX");
	if (!mkdtemp(base))
		return -1;
	setenv("XDG_DATA_HOME", base, 1);
	snprintf(dirs, sizeof(dirs), "relative:%s/one:%s/two", base, base);
	setenv("XDG_DATA_DIRS", dirs, 1);
	put("flatpak/exports/share", "com.spotify.Client.desktop",
		"[Desktop Entry]\nType=Application\nName=Spotify\n"
		"Name[de]=Spottifei\n"
		"Exec=/usr/bin/flatpak run --command=spotify "
		"com.spotify.Client "
		"@@u %U @@\n[Desktop Action x]\nName=Wrong\n");
	put("two", "discord.desktop",
		"# a comment\n[Other]\nName=No\n[Desktop Entry]\n"
		"Type = Application\nName = Discord\n"
		"Exec=\"/usr/share/discord/Discord\" --opt %U\r\n");
	put("one", "supertux2.desktop",
		"[Desktop Entry]\nName=SuperTux\\s2\nType=Application\n"
		"Exec=env LANG=C supertux2\n");
	put("two", "supertux2.desktop",
		"[Desktop Entry]\nName=Other\nType=Application\n"
		"Exec=supertux2\n");
	/* a game's file starts steam, but is not Steam */
	put("one", "game.desktop",
		"[Desktop Entry]\nName=Some Game\nType=Application\n"
		"Exec=steam steam://rungameid/440\n");
	put("two", "steam.desktop",
		"[Desktop Entry]\nName=Steam\nType=Application\n"
		"Exec=/usr/games/steam %U\n");
	put("one", "a-player.desktop",
		"[Desktop Entry]\nName=Player by list\nType=Application\n"
		"Exec=player --list\n");
	put("two", "player.desktop",
		"[Desktop Entry]\nName=Player\nType=Application\n"
		"TryExec=/opt/player\nExec=sh -c \"exec player\"\n");
	put("one", "org.videolan.vlc.desktop",
		"[Desktop Entry]\nName=VLC media player\nType=Application\n"
		"Exec=/usr/bin/vlc --started-from-file %U\n");
	put("one", "gone.desktop",
		"[Desktop Entry]\nName=Gone\nType=Application\nHidden=true\n"
		"Exec=gone\n");
	put("one", "link.desktop",
		"[Desktop Entry]\nName=Link\nType=Link\nExec=link\n");
	put("one", "nothing.desktop", "");
	put("one", "readme.txt", "[Desktop Entry]\nName=Text\n");
	return 0;
}

static int
drop_desktop(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", base);
	return system(command);
}

static void
the_desktop_knows_what_people_call_it(void **state)
{
	static const struct said said[] = {
		{.portal = "com.spotify.Client",
			.binary = "spotify",
			.app = "audio-src",
			.key = "com.spotify.Client",
			.name = "Spotify"},
		{.portal = "org.unknown.App",
			.binary = "app",
			.app = "Chromium",
			.key = "org.unknown.App",
			.name = "app"},
		{.binary = "Discord",
			.app = "WEBRTC VoiceEngine",
			.key = "Discord",
			.name = "Discord"},
		{.binary = "supertux2",
			.app = "SDL Application",
			.key = "supertux2",
			.name = "SuperTux 2"},
		{.binary = "steam",
			.app = "SDL Application",
			.key = "steam",
			.name = "Steam"},
		{.binary = "player",
			.app = "SDL Application",
			.key = "player",
			.name = "Player"},
		{.binary = "gone",
			.app = "SDL Application",
			.key = "gone",
			.name = "gone"},
		{.binary = "link",
			.app = "SDL Application",
			.key = "link",
			.name = "link"},
		/* its own word goes before that of the desktop */
		{.id = "org.videolan.vlc",
			.binary = "vlc",
			.app = "Deck VLC",
			.key = "org.videolan.vlc",
			.name = "Deck VLC"},
		{.id = "org.videolan.vlc",
			.binary = "vlc",
			.app = "LibVLC 3",
			.key = "org.videolan.vlc",
			.name = "VLC media player"},
	};
	struct desktop_files *files = desktop_files_new();

	(void)state;
	assert_non_null(files);
	CHECK_ALL(said, files);
	assert_null(desktop_files_by_id(files, "nothing"));
	assert_null(desktop_files_by_id(files, NULL));
	assert_null(desktop_files_by_program(files, ""));
	assert_null(desktop_files_by_id(NULL, "steam"));
	desktop_files_free(files);
	desktop_files_free(NULL);
}

static void
a_pipe_or_a_huge_file_holds_nobody_up(void **state)
{
	struct desktop_files *files;
	char path[256];
	size_t before;
	FILE *f;

	(void)state;
	files = desktop_files_new();
	before = desktop_files_count(files);
	desktop_files_free(files);
	snprintf(path, sizeof(path), "%s/one/applications/pipe.desktop", base);
	assert_int_equal(mkfifo(path, 0600), 0);
	put("one", "huge.desktop",
		"[Desktop Entry]\nType=Application\nName=Huge\n");
	snprintf(path, sizeof(path), "%s/one/applications/huge.desktop", base);
	f = fopen(path, "a");
	assert_non_null(f);
	for (int i = 0; i < 100000; i++)
		fprintf(f, "Comment[x%d]=text\n", i);
	fputs("Exec=huge\n", f);
	fclose(f);
	files = desktop_files_new();
	assert_int_equal(desktop_files_count(files), before + 1);
	assert_string_equal(desktop_files_by_id(files, "huge"), "Huge");
	assert_null(desktop_files_by_program(files, "huge")); /* not read */
	desktop_files_free(files);
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
		cmocka_unit_test_setup_teardown(
			the_desktop_knows_what_people_call_it, make_desktop,
			drop_desktop),
		cmocka_unit_test_setup_teardown(
			a_pipe_or_a_huge_file_holds_nobody_up, make_desktop,
			drop_desktop),
	};

	return cmocka_run_group_tests_name("identity", tests, NULL, NULL);
}
