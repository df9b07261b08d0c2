/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mapping files of this machine, as they are on disk now: the user's, the
 * factory's, and what was learned. A file that is saved is read again; one that
 * cannot be read leaves the mapping as it was, and the log says why. Control
 * thread only. */
#ifndef MIDI_BOOK_H
#define MIDI_BOOK_H

#include <stddef.h>

#include "control/mapping/mapping.h"

struct loop;
struct midi_book;
struct params;

struct midi_book_events {
	/* Mappings are others now; the old ones end when it returns. */
	void (*changed)(void *data);
	/* One line for the log. */
	void (*say)(void *data, const char *line);
};

/* 0 and *out is the caller's, or -errno. Reads all files. */
int midi_book_open(struct midi_book **out, struct loop *l,
	const struct params *params, const struct midi_book_events *events,
	void *data);
void midi_book_close(struct midi_book *b); /* NULL is fine */

/* The mapping for a device: of those that fit best the user's, then the first
 * by file name. NULL: none. */
const struct mapping *midi_book_pick(const struct midi_book *b,
	const struct mapping_device *device, enum mapping_port port);

/* What was learned for it; NULL: nothing. */
const struct mapping *midi_book_learned(
	const struct midi_book *b, const char *device_name);

/* Looks again now, without waiting to be told that a file has changed. */
void midi_book_refresh(struct midi_book *b);

/* Where learned mappings are: $XDG_STATE_HOME/tapdeck/mappings, by default in
 * ~/.local/state. 0, -ENOENT (no home), -ENAMETOOLONG. */
int midi_book_learned_folder(char *path, size_t size_bytes);

#endif
