/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/program/program_name.h"

#include <ctype.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define DIGITS "0123456789"

static void
cut(char *name, size_t size_bytes, const char *from, size_t length)
{
	if (length >= size_bytes)
		length = size_bytes - 1;
	/* not in the middle of a UTF-8 character */
	while (length > 0 && ((unsigned char)from[length] & 0xc0) == 0x80)
		length--;
	memmove(name, from, length);
	name[length] = '\0';
}

static bool
begins(const char *name, const char *with)
{
	return !strncasecmp(name, with, strlen(with));
}

/* "3.0.24", "v2.4.1-beta": digits with a dot between */
static bool
is_version(const char *word, size_t length)
{
	size_t at = word[0] == 'v' || word[0] == 'V' ? 1 : 0, digits;

	digits = strspn(word + at, DIGITS);
	at += digits;
	return digits > 0 && at + 1 < length && word[at] == '.' &&
	       isdigit((unsigned char)word[at + 1]);
}

static bool
has_version(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		bool begin = i == 0 || strchr(" (", text[i - 1]);

		if (begin && is_version(text + i, length - i))
			return true;
	}
	return false;
}

static void
drop_blanks(char *name)
{
	size_t length = strlen(name);

	while (length > 0 && name[length - 1] == ' ')
		name[--length] = '\0';
}

static void
drop_version(char *name)
{
	char *open = strrchr(name, '(');
	char *last;

	if (open > name && name[strlen(name) - 1] == ')' &&
		has_version(open + 1, strlen(open + 1)))
		*open = '\0';
	drop_blanks(name);
	last = strrchr(name, ' ');
	if (last && is_version(last + 1, strlen(last + 1)))
		*last = '\0';
	drop_blanks(name);
}

static void
drop_exe(char *name)
{
	size_t length = strlen(name);

	if (length > 4 && !strcasecmp(name + length - 4, ".exe"))
		name[length - 4] = '\0';
}

void
program_name_own(char *name, size_t size_bytes, const char *from)
{
	const char *open = strrchr(from, '[');
	const char *close = open ? strchr(open, ']') : NULL;

	if (strstr(from, "ALSA") && close && close > open + 1)
		cut(name, size_bytes, open + 1, (size_t)(close - open - 1));
	else
		cut(name, size_bytes, from, strlen(from));
	drop_version(name);
	drop_exe(name);
}

bool
program_name_is_wine(const char *binary)
{
	return begins(binary, "wine");
}

bool
program_name_is_runner(const char *binary)
{
	static const char *const names[] = {"pw-cat", "python", "perl", "ruby",
		"java", "node", "electron", "mono", "gjs", "qemu"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strncmp(binary, names[i], strlen(names[i])))
			return true;
	return program_name_is_wine(binary);
}

bool
program_name_is_player(const char *binary)
{
	return !strcmp(binary, "mpv") || !strcmp(binary, "paplay") ||
	       !strcmp(binary, "pacat");
}

bool
program_name_is_of_library(const char *name, const char *binary)
{
	static const char *const patterns[] = {"webrtc voiceengine",
		"sdl application", "sdl audio*", "simple directmedia layer*",
		"audio-src", "audiostream", "audio stream", "playback",
		"playback stream", "alsa plug-in*", "pipewire alsa*", "openal*",
		"alsoft*", "fmod*", "portaudio*", "rtaudio*", "miniaudio*",
		"cubeb*", "libvlc*", "qtpulseaudio:*", "gst-launch*",
		"gstreamer*", "electron", "unknown", "my application",
		"application", "pulseaudio*"};

	/* Programs made of it say it as well; only one is the browser. */
	if (begins(name, "chromium"))
		return binary && !begins(binary, "chromium");
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
		if (!fnmatch(patterns[i], name, FNM_CASEFOLD))
			return true;
	/* A bare player's word is its own; an interpreter's is nobody's. */
	return binary && !strcasecmp(name, binary) &&
	       program_name_is_runner(binary) && strcmp(binary, "pw-cat") != 0;
}

void
program_name_of_node(
	char *name, size_t size_bytes, const char *from, const char *pid)
{
	size_t digits = pid ? strlen(pid) : 0;
	char *at;

	if (begins(from, "output."))
		from += strlen("output.");
	else if (begins(from, "input."))
		from += strlen("input.");
	cut(name, size_bytes, from, strlen(from));
	at = digits ? strstr(name, pid) : NULL;
	/* "-812" or "-812-13" to the end */
	if (at && at > name && at[-1] == '-' &&
		at[digits + strspn(at + digits, DIGITS "-")] == '\0' &&
		(at[digits] == '\0' || at[digits] == '-'))
		at[-1] = '\0';
}
