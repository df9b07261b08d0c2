/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hands rings to other processes: sealed memory over a Unix socket.
 *
 * The memory is a memfd sealed so that nobody, not even the same user, can make
 * a new writable map of it or change its size; only the writer's own map, made
 * before, can write. The socket is also discovery (which rings there are) and
 * the notice of death: a connection that hangs up means that its writer is
 * gone. POSIX shared memory was rejected: whoever may read it as the same user
 * may also write it, or shrink it under a reader.
 *
 * The socket `ring` and the lock `ring.lock` stand in a directory of the user's
 * own, normally $XDG_RUNTIME_DIR/tapdeck, mode 0700. Client and server both
 * check that the other has their own uid. */
#ifndef RING_SHARE_H
#define RING_SHARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/ring/ring.h"

#define RING_SHARES_MAX	      128 /* rings of one server */
#define RING_CLIENTS_MAX      64  /* of one server */
#define RING_SHARE_NAME_BYTES 32  /* "loop", with its NUL */

struct ring_share; /* the server */

/* control: the directory that the calls below use when dir is NULL,
 * $XDG_RUNTIME_DIR/tapdeck. 0, -EINVAL when XDG_RUNTIME_DIR is not set or not
 * absolute, -ENAMETOOLONG. */
int ring_share_dir(char *path, size_t size_bytes);

/* control: starts to serve in dir (NULL: the usual place), which is created
 * 0700 if it is missing; its parent must exist. 0 and *out is the caller's, or
 * *out is NULL and: -EADDRINUSE another one serves there, -EPERM dir is not
 * ours alone (owner, mode), -ELOOP or -ENOTDIR it is a link or no directory,
 * -EEXIST something that is no socket stands in the socket's place, -errno. */
int ring_share_open(struct ring_share **out, const char *dir);

/* control, when nobody writes: withdraws every ring; NULL is fine */
void ring_share_close(struct ring_share *s);

/* control: makes a ring and offers it under a name; *w is its writer, valid
 * until it is withdrawn. 0, -EINVAL config or name (1..31 of a-z A-Z 0-9 . _
 * -), -EEXIST the name is taken, -ENOSPC too many, -errno. *locked (may be
 * NULL) says whether the memory could be locked. */
int ring_share_publish(struct ring_share *s, const char *name,
	const struct ring_config *config, struct ring_writer *w, bool *locked);

/* control, when nobody writes: closes the ring, hangs up on its readers and
 * takes the memory away from the writer. 0, or -ENOENT. A reader keeps its own
 * map. */
int ring_share_withdraw(struct ring_share *s, const char *name);

/* control: one descriptor to poll for reading */
int ring_share_fd(const struct ring_share *s);

/* control: does what there is to do when the descriptor is readable, a bounded
 * piece of it; never blocks */
void ring_share_dispatch(struct ring_share *s);

/* control: readers attached to a ring now; 0 also for an unknown name */
uint32_t ring_share_readers(const struct ring_share *s, const char *name);

/* A reader's way to a ring. */
struct ring_attach {
	struct ring_reader reader; /* of ring_read() and the like */
	int fd;			   /* poll: hangs up when the writer is gone */
	const void *map;
	size_t size_bytes;
};

/* reader: asks the server in dir (NULL: the usual place) for a ring, and waits
 * for nothing. 0: it is asked; or *a is empty and: -EAGAIN the server's queue
 * is full, try again later, -ENOENT no such name, -ECONNREFUSED nobody serves,
 * -EBUSY the server has no room, -EPERM a foreign server, -errno. */
int ring_attach_begin(struct ring_attach *a, const char *dir, const char *name);

/* reader: 0: attached. -EAGAIN: not yet, look again when a->fd can be read.
 * Else *a is empty and: -ENOENT no such ring, -EBUSY the server has no room,
 * -EPROTONOSUPPORT it has another RING_VERSION, -EPROTO it or the ring's memory
 * is not as it must be, -errno. */
int ring_attach_finish(struct ring_attach *a);

/* reader: both, for those who may wait so long. 0, or *a is empty and as above,
 * or -ETIMEDOUT. */
int ring_attach(struct ring_attach *a, const char *dir, const char *name,
	uint32_t timeout_ms);

/* reader: false when the server is gone or has withdrawn the ring */
bool ring_attach_alive(const struct ring_attach *a);

/* reader: an empty *a (fd -1, as ring_attach() leaves it) is fine */
void ring_detach(struct ring_attach *a);

/* Goes from process to process: what comes to it comes at its end. */
struct ring_share_entry {
	char name[RING_SHARE_NAME_BYTES];
	char device[RING_NAME_BYTES];
	uint32_t rate_hz;
	uint32_t channels;
	uint32_t capacity_frames;
	uint32_t readers; /* attached now */
};

/* any: what the server in dir offers, at most max entries; their number, or as
 * ring_attach(). Waits. */
int ring_list(const char *dir, struct ring_share_entry *out, uint32_t max,
	uint32_t timeout_ms);

#endif
