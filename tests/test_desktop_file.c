/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the desktop knows of a program. */
#include "tests/identity_rig.h"

#include <time.h>

/* Instead of the C library's: all is read, however slow the machine is. */
int
clock_gettime(clockid_t clock, struct timespec *t)
{
	(void)clock;
	*t = (struct timespec){.tv_sec = 1};
	return 0;
}

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
		cmocka_unit_test_setup_teardown(
			the_desktop_knows_what_people_call_it, make_desktop,
			drop_desktop),
		cmocka_unit_test_setup_teardown(
			a_pipe_or_a_huge_file_holds_nobody_up, make_desktop,
			drop_desktop),
	};

	return cmocka_run_group_tests_name("desktop_file", tests, NULL, NULL);
}
