/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The readers' side of share.h. */
#include "core/ring/share.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "core/ring/protocol.h"

#define QUEUE_MS 5 /* between two tries at a server whose queue is full */

/* Connected, and nothing on it waits; -EAGAIN: the server's queue is full. */
static int
server_connect(const char *dir)
{
	struct sockaddr_un address;
	int dir_fd = ring_dir_open(dir, false);
	int res = 0;
	int fd;

	if (dir_fd < 0)
		return dir_fd == -ENOENT ? -ECONNREFUSED : dir_fd;
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0) {
		res = -errno;
		close(dir_fd);
		return res;
	}
	ring_address(&address, dir_fd);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		res = errno == ENOENT ? -ECONNREFUSED : -errno;
	else if (!ring_peer_is_own(fd))
		res = -EPERM;
	close(dir_fd);
	if (res < 0) {
		close(fd);
		return res;
	}
	return fd;
}

/* A connection with a request on its way, or -errno. name: NULL for none. */
static int
server_ask(const char *dir, enum ring_op op, const char *name)
{
	struct ring_request req = {
		.magic = RING_PROTOCOL_MAGIC,
		.version = RING_VERSION,
		.op = op,
		.size_bytes = sizeof(req),
	};
	int fd, res;

	if (name && strlen(name) >= sizeof(req.name))
		return -ENOENT;
	if (name)
		memcpy(req.name, name, strlen(name));
	if ((fd = server_connect(dir)) < 0)
		return fd;
	/* the first on an empty socket: there is room */
	if (send(fd, &req, sizeof(req), MSG_NOSIGNAL) < 0) {
		res = errno == EPIPE || errno == ECONNRESET ? -EBUSY : -errno;
		close(fd);
		return res;
	}
	return fd;
}

/* The one descriptor of a message, or -1 and none stays: a control buffer for
 * one has, by its padding, room for two. */
static int
descriptor_take(struct msghdr *msg)
{
	int taken = -1;
	int count = 0;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c;
		c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t at = CMSG_LEN(0);
			at + sizeof(int) <= (size_t)c->cmsg_len;
			at += sizeof(int)) {
			int fd;

			memcpy(&fd, (char *)c + at, sizeof(fd));
			if (count++ == 0)
				taken = fd;
			else
				close(fd);
		}
	}
	if (count > 1) {
		close(taken);
		taken = -1;
	}
	return taken;
}

/* A reply as it came. */
struct reply {
	struct ring_reply head;
	char entries[RING_REPLY_MAX_BYTES - sizeof(struct ring_reply)];
};

static int
reply_check(const struct reply *reply, size_t got_bytes)
{
	const struct ring_reply *r = &reply->head;
	size_t entries_bytes = got_bytes - sizeof(*r);

	if (got_bytes == 0)
		return -EBUSY; /* hung up on: no room, or it is going */
	if (got_bytes < offsetof(struct ring_reply, error) ||
		r->magic != RING_PROTOCOL_MAGIC)
		return -EPROTO;
	if (r->version != RING_VERSION)
		return -EPROTONOSUPPORT;
	if (got_bytes < sizeof(*r) || r->size_bytes != got_bytes)
		return -EPROTO;
	if (r->error)
		return r->error < 4096 && r->error != EAGAIN ? -(int)r->error
							     : -EPROTO;
	if (r->entry_bytes < RING_ENTRY_BYTES ||
		(uint64_t)r->count * r->entry_bytes != entries_bytes)
		return -EPROTO;
	return 0;
}

static void
reply_entry(const struct reply *reply, uint32_t i, struct ring_share_entry *e)
{
	memcpy(e, reply->entries + (size_t)i * reply->head.entry_bytes,
		sizeof(*e));
	ring_name_clean(e->name, sizeof(e->name));
	ring_name_clean(e->device, sizeof(e->device));
}

/* 0 or -errno, -EAGAIN when there is none yet; *ring_fd is a descriptor of the
 * caller's, or -1, either way. */
static int
reply_take(int fd, struct reply *reply, int *ring_fd)
{
	struct iovec iov = {reply, sizeof(*reply)};
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	ssize_t n = recvmsg(fd, &msg, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
	int res;

	*ring_fd = -1;
	if (n < 0)
		return errno == ECONNRESET ? -EBUSY : -errno;
	*ring_fd = descriptor_take(&msg);
	res = reply_check(reply, (size_t)n);
	if (res == 0 && (msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC)))
		res = -EPROTO;
	return res;
}

int
ring_attach_begin(struct ring_attach *a, const char *dir, const char *name)
{
	int fd = server_ask(dir, RING_OP_ATTACH, name);

	*a = (struct ring_attach){.fd = fd < 0 ? -1 : fd};
	return fd < 0 ? fd : 0;
}

/* Maps what was sent and lets the reader look at it. */
static int
attach_map(struct ring_attach *a, int ring_fd)
{
	int res = ring_memory_map(ring_fd, &a->map, &a->size_bytes);

	if (res < 0)
		return res;
	return ring_reader_init(&a->reader, a->map, a->size_bytes);
}

int
ring_attach_finish(struct ring_attach *a)
{
	struct reply *reply = malloc(sizeof(*reply));
	int ring_fd = -1;
	int res = reply ? reply_take(a->fd, reply, &ring_fd) : -ENOMEM;

	free(reply);
	if (res == -EAGAIN)
		return res;
	if (res == 0)
		res = ring_fd >= 0 ? attach_map(a, ring_fd) : -EPROTO;
	if (ring_fd >= 0)
		close(ring_fd); /* the map holds the memory */
	if (res < 0)
		ring_detach(a);
	return res;
}

bool
ring_attach_alive(const struct ring_attach *a)
{
	struct pollfd p = {.fd = a->fd, .events = POLLRDHUP};

	return a->fd >= 0 && poll(&p, 1, 0) == 0;
}

void
ring_detach(struct ring_attach *a)
{
	if (a->map)
		munmap((void *)a->map, a->size_bytes);
	if (a->fd >= 0)
		close(a->fd);
	*a = (struct ring_attach){.fd = -1};
}

/* ---- for those who may wait ---- */

static uint64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* Until the server has something for us, or fd -1: until its queue may have
 * room. 0, or -ETIMEDOUT. */
static int
server_wait(int fd, uint64_t deadline_ms)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	uint64_t now = now_ms();
	uint64_t left = deadline_ms > now ? deadline_ms - now : 0;

	if (left == 0)
		return -ETIMEDOUT;
	if (left > INT_MAX)
		left = INT_MAX;
	poll(&p, 1, fd < 0 && left > QUEUE_MS ? QUEUE_MS : (int)left);
	return 0;
}

static int
server_ask_until(const char *dir, enum ring_op op, const char *name,
	uint64_t deadline_ms)
{
	int fd;

	while ((fd = server_ask(dir, op, name)) == -EAGAIN)
		if (server_wait(-1, deadline_ms) < 0)
			return -ETIMEDOUT;
	return fd;
}

int
ring_attach(struct ring_attach *a, const char *dir, const char *name,
	uint32_t timeout_ms)
{
	uint64_t deadline_ms = now_ms() + timeout_ms;
	int fd = server_ask_until(dir, RING_OP_ATTACH, name, deadline_ms);
	int res;

	*a = (struct ring_attach){.fd = fd < 0 ? -1 : fd};
	if (fd < 0)
		return fd;
	while ((res = ring_attach_finish(a)) == -EAGAIN)
		if (server_wait(fd, deadline_ms) < 0) {
			ring_detach(a);
			return -ETIMEDOUT;
		}
	return res;
}

/* As reply_take(), and of a list, which has no descriptor. */
static int
list_take(int fd, struct reply *reply, uint64_t deadline_ms)
{
	int ring_fd, res;

	while ((res = reply_take(fd, reply, &ring_fd)) == -EAGAIN)
		if (server_wait(fd, deadline_ms) < 0)
			return -ETIMEDOUT;
	if (ring_fd >= 0)
		close(ring_fd);
	return res;
}

int
ring_list(const char *dir, struct ring_share_entry *out, uint32_t max,
	uint32_t timeout_ms)
{
	uint64_t deadline_ms = now_ms() + timeout_ms;
	struct reply *reply = malloc(sizeof(*reply));
	int fd, res;

	if (!reply)
		return -ENOMEM;
	fd = server_ask_until(dir, RING_OP_LIST, NULL, deadline_ms);
	res = fd < 0 ? fd : list_take(fd, reply, deadline_ms);
	if (res == 0) {
		res = (int)(reply->head.count < max ? reply->head.count : max);
		for (int i = 0; i < res; i++)
			reply_entry(reply, (uint32_t)i, &out[i]);
	}
	if (fd >= 0)
		close(fd);
	free(reply);
	return res;
}
