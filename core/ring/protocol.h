/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What server and readers of rings say to each other, and what both need to do
 * it.
 *
 * SOCK_SEQPACKET, so that a message comes whole or not at all. A client sends
 * requests, and each is answered by one reply. Magic and version stand first in
 * any version, so that each side can tell the other that it has another. Each
 * message tells its size, and a reply that of its entries: how many rings there
 * can be is the server's affair, and an entry may grow at its end. Only the
 * sources of core/ring and the ring's tests include this. */
#ifndef RING_PROTOCOL_H
#define RING_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/ring/share.h"

#define RING_PROTOCOL_MAGIC  0x72647074u
#define RING_REPLY_MAX_BYTES 65536u
#define RING_SOCKET_NAME     "ring"
#define RING_LOCK_NAME	     "ring.lock"

enum ring_op {
	RING_OP_LIST = 1, /* reply: every ring, no descriptor */
	RING_OP_ATTACH,	  /* reply: the ring of this name, its descriptor by
			     SCM_RIGHTS; once per connection */
};

struct ring_request {
	uint32_t magic;
	uint32_t version;
	uint32_t op;	     /* enum ring_op */
	uint32_t size_bytes; /* of all of it */
	char name[RING_SHARE_NAME_BYTES];
};

/* The head of a reply; count entries follow. */
struct ring_reply {
	uint32_t magic;
	uint32_t version;
	uint32_t error; /* errno, or 0 */
	uint32_t count;
	uint32_t size_bytes;  /* of head and entries */
	uint32_t entry_bytes; /* of one entry, at least as many as we know */
};

#define RING_ENTRY_BYTES 112u /* of version 2 */
_Static_assert(sizeof(struct ring_share_entry) == RING_ENTRY_BYTES, "");
_Static_assert(sizeof(struct ring_reply) + RING_SHARES_MAX * RING_ENTRY_BYTES <=
		       RING_REPLY_MAX_BYTES,
	"a list of all");

/* control: the directory (NULL: the usual one) as a descriptor, the caller's;
 * created if `create`. -EPERM unless it is the user's alone, -errno. */
int ring_dir_open(const char *dir, bool create);

struct sockaddr_un;

/* any: the server's address in that directory */
void ring_address(struct sockaddr_un *address, int dir_fd);

/* any: whether the other end of a connected socket runs as our user */
bool ring_peer_is_own(int fd);

/* control: a name for the eyes: it ends, and holds no control characters */
void ring_name_clean(char *name, size_t size_bytes);

/* control: sealed memory of that size, mapped for us to write. 0 and *fd (to
 * give to readers) and *map are the caller's, or -errno and nothing is. */
int ring_memory_new(const char *name, size_t size_bytes, int *fd, void **map);

/* control: maps for reading what another process has sent. 0 and *map is the
 * caller's, or -EPROTO: its size is not sealed or cannot be a ring's; -errno.
 */
int ring_memory_map(int fd, const void **map, size_t *size_bytes);

#endif
