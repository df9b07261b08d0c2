/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What programs call themselves, made into what people call them. Pure
 * functions; a name is at most size_bytes with its NUL, and is cut between
 * characters. */
#ifndef PROGRAM_NAME_H
#define PROGRAM_NAME_H

#include <stdbool.h>
#include <stddef.h>

/* The program's own word in application.name: what is in the brackets of
 * "PipeWire ALSA [aplay]", without a version ("VLC media player (LibVLC
 * 3.0.24)"), without ".exe". */
void program_name_own(char *name, size_t size_bytes, const char *from);

/* A word of the library that plays for it, or of the program that runs it, and
 * not of the program: "WEBRTC VoiceEngine", "SDL Application", "audio-src".
 * binary may be NULL. */
bool program_name_is_of_library(const char *name, const char *binary);

/* A file that says nothing of the program it runs: python3.11, wine64 */
bool program_name_is_runner(const char *binary);

/* Wine, which calls its process like the Windows program */
bool program_name_is_wine(const char *binary);

/* A player whose user gives the name to show, mpv --audio-client-name: the file
 * is mpv whatever it plays, the name says which one it is. */
bool program_name_is_player(const char *binary);

/* A node's name without what is of this process alone: "output.loopback-812-13"
 * of process 812 is "loopback". */
void program_name_of_node(
	char *name, size_t size_bytes, const char *from, const char *pid);

#endif
