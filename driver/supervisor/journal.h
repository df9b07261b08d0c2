/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the supervisor has changed in the session and must put back, in a file
 * that outlives it.
 *
 * It is void with its PipeWire, and so it lies where that has its socket: in
 * $XDG_RUNTIME_DIR, which is memory, each session's own, and empty after the
 * machine has started. Nothing is synced.
 *
 * One line per fact, appended with one write() before the change itself is
 * made; the last line about a stream is the one that counts. Appending was
 * chosen over a new file per change, because a park is on the path of a
 * program's first sound.
 *
 * To read and to put back never needs to write. A file that cannot be written
 * (a full or read-only folder) is no reason to take no programs: what is parked
 * is known here as well, and put back by whoever outlives the engine. Only when
 * the supervisor itself is killed then, programs go to the default sink and
 * their users' choice is lost, as WirePlumber does it. Each change tries again
 * to write the whole of it.
 *
 * Control thread only. */
#ifndef JOURNAL_H
#define JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driver/supervisor/supervisor.h"

#define METADATA_TYPE_MAX  64
#define METADATA_VALUE_MAX 512

/* A value of PipeWire's metadata, or that there is none. */
struct metadata_value {
	bool set;
	char type[METADATA_TYPE_MAX];
	char value[METADATA_VALUE_MAX];
};

/* A parked stream: what to find it by, and what its user had. */
struct journal_park {
	uint32_t daemon; /* cookie of the PipeWire that the serial is of */
	uint32_t node_id;
	uint64_t serial;
	char name[SUPERVISOR_NAME_MAX]; /* its node.name */
	char park[SUPERVISOR_NAME_MAX]; /* the sink that we wrote over it */
	struct metadata_value object;	/* target.object */
	struct metadata_value node;	/* target.node */
	uint64_t paused; /* serial of a sink that we have paused while it is
			    leaving, or 0 */
};

struct journal;

/* control: writes $XDG_RUNTIME_DIR/tapdeck/journal. 0, -ENOENT without that,
 * -ENAMETOOLONG. */
int journal_path(char *path, size_t size_bytes);

/* control: reads what an earlier run left, makes the folder (0700) if it is
 * missing. Only one process may have it open: see
 * driver/supervisor/claim.h. 0 and *out is the caller's, or -ENOMEM,
 * -ENAMETOOLONG and *out is NULL. A damaged file is kept beside it as
 * PATH.damaged; what could be read of it counts. */
int journal_open(struct journal **out, const char *path);

/* control: removes the file if nothing is left to put back; NULL is fine */
void journal_close(struct journal *j);

/* control: lines that could not be read at open */
size_t journal_damaged(const struct journal *j);

/* control: 0, or -errno why the file does not say what is parked, or could not
 * be read */
int journal_trouble(const struct journal *j);

size_t journal_parks(const struct journal *j);
const struct journal_park *journal_park_at(const struct journal *j, size_t i);

/* control: 0, in the file unless journal_trouble(); or -ENOMEM, -ENAMETOOLONG
 * and nothing has changed */
int journal_park_put(struct journal *j, const struct journal_park *p);
void journal_park_drop(struct journal *j, uint32_t daemon, uint64_t serial);

/* control: what default.audio.sink was before we wrote over it. Put: 0 when it
 * is in the file, else -errno and nothing has changed: a sound server's default
 * outlives it. NULL: nothing was written. */
int journal_default_put(
	struct journal *j, uint32_t daemon, const struct metadata_value *was);
void journal_default_drop(struct journal *j);
const struct metadata_value *journal_default(const struct journal *j);

/* control: what is of any other daemon than this one is void: it is gone */
void journal_forget_others(struct journal *j, uint32_t daemon);

#endif
