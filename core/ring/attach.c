/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The readers' side of share.h. */
#include "core/ring/share.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "core/ring/protocol.h"

static uint64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* The next call on the socket that would wait fails at the deadline. */
static void
deadline_set(int fd, int option, uint64_t deadline_ms)
{
	uint64_t now = now_ms();
	uint64_t left = deadline_ms > now ? deadline_ms - now : 1;
	struct timeval tv = {
		(time_t)(left / 1000), (suseconds_t)(left % 1000 * 1000)};

	setsockopt(fd, SOL_SOCKET, option, &tv, sizeof(tv));
}

static int
server_connect(const char *dir, uint64_t deadline_ms)
{
	struct sockaddr_un address;
	int dir_fd = ring_dir_open(dir, false);
	int res = 0;
	int fd;

	if (dir_fd < 0)
		return dir_fd == -ENOENT ? -ECONNREFUSED : dir_fd;
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd < 0) {
		res = -errno;
		close(dir_fd);
		return res;
	}
	ring_address(&address, dir_fd);
	deadline_set(fd, SO_SNDTIMEO, deadline_ms);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		res = errno == ENOENT	? -ECONNREFUSED
		      : errno == EAGAIN ? -ETIMEDOUT
					: -errno;
	else if (!ring_peer_is_own(fd))
		res = -EPERM;
	close(dir_fd);
	if (res < 0) {
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

static int
reply_check(struct ring_reply *reply, size_t got_bytes)
{
	if (got_bytes == 0)
		return -EBUSY; /* hung up on: no room, or it is going */
	if (got_bytes != sizeof(*reply) || reply->magic != RING_PROTOCOL_MAGIC)
		return -EPROTO;
	if (reply->error)
		return reply->error < 4096 ? -(int)reply->error : -EPROTO;
	if (reply->version != RING_PROTOCOL_VERSION ||
		reply->count > RING_SHARES_MAX)
		return -EPROTO;
	for (uint32_t i = 0; i < reply->count; i++) {
		struct ring_share_entry *e = &reply->entries[i];

		ring_name_clean(e->name, sizeof(e->name));
		ring_name_clean(e->device, sizeof(e->device));
	}
	return 0;
}

/* 0 or -errno; *ring_fd is a descriptor of the caller's, or -1, either way. */
static int
server_ask(int fd, const struct ring_request *req, struct ring_reply *reply,
	int *ring_fd, uint64_t deadline_ms)
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
	ssize_t n;
	int res;

	*ring_fd = -1;
	deadline_set(fd, SO_SNDTIMEO, deadline_ms);
	n = send(fd, req, sizeof(*req), MSG_NOSIGNAL);
	if (n >= 0) {
		deadline_set(fd, SO_RCVTIMEO, deadline_ms);
		n = recvmsg(fd, &msg, MSG_CMSG_CLOEXEC);
	}
	if (n < 0)
		return errno == EAGAIN			       ? -ETIMEDOUT
		       : errno == EPIPE || errno == ECONNRESET ? -EBUSY
							       : -errno;
	*ring_fd = descriptor_take(&msg);
	res = reply_check(reply, (size_t)n);
	if (res == 0 && (msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC)))
		res = -EPROTO;
	return res;
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
ring_attach(struct ring_attach *a, const char *dir, const char *name,
	uint32_t timeout_ms)
{
	uint64_t deadline_ms = now_ms() + timeout_ms;
	struct ring_request req = {
		.magic = RING_PROTOCOL_MAGIC,
		.version = RING_PROTOCOL_VERSION,
		.op = RING_OP_ATTACH,
	};
	struct ring_reply reply = {0};
	int ring_fd, res;

	*a = (struct ring_attach){.fd = -1};
	if (strlen(name) >= sizeof(req.name))
		return -ENOENT;
	memcpy(req.name, name, strlen(name));
	if ((a->fd = server_connect(dir, deadline_ms)) < 0) {
		res = a->fd;
		a->fd = -1;
		return res;
	}
	res = server_ask(a->fd, &req, &reply, &ring_fd, deadline_ms);
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

int
ring_list(const char *dir, struct ring_share_entry *out, uint32_t max,
	uint32_t timeout_ms)
{
	uint64_t deadline_ms = now_ms() + timeout_ms;
	const struct ring_request req = {
		.magic = RING_PROTOCOL_MAGIC,
		.version = RING_PROTOCOL_VERSION,
		.op = RING_OP_LIST,
	};
	struct ring_reply reply = {0};
	uint32_t count;
	int ring_fd, res;
	int fd = server_connect(dir, deadline_ms);

	if (fd < 0)
		return fd;
	res = server_ask(fd, &req, &reply, &ring_fd, deadline_ms);
	if (ring_fd >= 0)
		close(ring_fd);
	close(fd);
	if (res < 0)
		return res;
	count = reply.count < max ? reply.count : max;
	memcpy(out, reply.entries, count * sizeof(*out));
	return (int)count;
}
