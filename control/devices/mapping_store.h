/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mapping files of this machine, as they are on disk now: the user's, the
 * factory's, and what was learned. A file that is saved is read again; one that
 * cannot be read leaves the mapping as it was, and the log says why. Control
 * thread only. */
#ifndef MAPPING_STORE_H
#define MAPPING_STORE_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>

#include "control/mapping/mapping.h"

struct loop;
struct mapping_store;
struct params;

struct mapping_store_events {
	/* Mappings are others now; the old ones end when it returns. */
	void (*changed)(void *data);
	/* One line for the log. */
	void (*say)(void *data, const char *line);
};

/* 0 and *out is the caller's, or -errno. Reads all files. */
int mapping_store_open(struct mapping_store **out, struct loop *l,
	const struct params *params, const struct mapping_store_events *events,
	void *data);
void mapping_store_close(struct mapping_store *store); /* NULL is fine */

/* The mapping for a device: of those that fit best the user's, then the first
 * by file name. NULL: none. */
const struct mapping *mapping_store_pick(const struct mapping_store *store,
	const struct mapping_device *device, enum mapping_port port);

/* What was learned for it; NULL: nothing. */
const struct mapping *mapping_store_learned(
	const struct mapping_store *store, const char *device_name);

/* Looks again now, without waiting to be told that a file has changed. */
void mapping_store_refresh(struct mapping_store *store);

/* Where learned mappings are: $XDG_STATE_HOME/tapdeck/mappings, by default in
 * ~/.local/state. 0, -ENOENT (no home), -ENAMETOOLONG. */
int mapping_store_learned_folder(char *path, size_t size_bytes);

/* The next mapping file of an open folder; dir NULL: there is none. */
bool mapping_store_next(
	DIR *dir, const char *folder, char *path, size_t size_bytes);

#endif
