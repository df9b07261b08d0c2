/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The server's side; the readers' is attach.c. Linux only: elsewhere
 * another file takes its place behind the same header. */
#include "core/ring/share.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/ring/protocol.h"

#define EVENTS_MAX 16 /* handled by one dispatch */

struct offer {
	char name[RING_SHARE_NAME_BYTES]; /* empty: a free place */
	struct ring_config config;
	struct ring_writer writer; /* as it was at first: to close with */
	void *map;
	size_t size_bytes;
	int fd;
	uint32_t readers;
};

struct client {
	int fd;		     /* -1: a free place */
	struct offer *offer; /* what it is attached to, or NULL */
	uint64_t since;	     /* grows with every connection */
};

struct ring_share {
	int dir_fd;
	int lock_fd; /* its lock says that we serve; held as long as it is open
		      */
	int listen_fd;
	int epoll_fd;
	uint64_t connections;
	struct offer offers[RING_SHARES_MAX];
	struct client clients[RING_CLIENTS_MAX];
};

static struct offer *
offer_find(const struct ring_share *s, const char *name)
{
	for (uint32_t i = 0; i < RING_SHARES_MAX; i++)
		if (s->offers[i].name[0] &&
			strcmp(s->offers[i].name, name) == 0)
			return (struct offer *)&s->offers[i];
	return NULL;
}

static void
client_drop(struct client *c)
{
	if (c->offer)
		c->offer->readers--;
	if (c->fd >= 0)
		close(c->fd); /* takes it out of the epoll set, too */
	c->offer = NULL;
	c->fd = -1;
}

/* A free place, else that of the client that has waited longest without
 * attaching, else NULL. */
static struct client *
client_place(struct ring_share *s)
{
	struct client *oldest = NULL;

	for (uint32_t i = 0; i < RING_CLIENTS_MAX; i++) {
		struct client *c = &s->clients[i];

		if (c->fd < 0)
			return c;
		if (!c->offer && (!oldest || c->since < oldest->since))
			oldest = c;
	}
	if (oldest)
		client_drop(oldest);
	return oldest;
}

static void
client_accept(struct ring_share *s)
{
	int fd =
		accept4(s->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct epoll_event ev = {.events = EPOLLIN};
	struct client *c;

	if (fd < 0)
		return; /* gone again, or out of descriptors: next time */
	if (!ring_peer_is_own(fd) || !(c = client_place(s))) {
		close(fd);
		return;
	}
	ev.data.ptr = c;
	if (epoll_ctl(s->epoll_fd, EPOLL_CTL_ADD, fd, &ev) < 0) {
		close(fd);
		return;
	}
	c->fd = fd;
	c->since = ++s->connections;
}

static void
entry_fill(struct ring_share_entry *e, const struct offer *o)
{
	memcpy(e->name, o->name, sizeof(e->name));
	memcpy(e->device, o->config.device, sizeof(e->device));
	e->rate_hz = o->config.rate_hz;
	e->channels = o->config.channels;
	e->capacity_frames = o->config.capacity_frames;
	e->readers = o->readers;
}

/* False if the client cannot take it: an answer fits into an empty socket. */
static bool
reply_send(int fd, uint32_t error, const struct ring_share_entry *entries,
	uint32_t count, int ring_fd)
{
	size_t entries_bytes = count * sizeof(*entries);
	struct ring_reply reply = {
		.magic = RING_PROTOCOL_MAGIC,
		.version = RING_VERSION,
		.error = error,
		.count = count,
		.size_bytes = (uint32_t)(sizeof(reply) + entries_bytes),
		.entry_bytes = sizeof(*entries),
	};
	struct iovec iov[2] = {
		{&reply, sizeof(reply)}, {(void *)entries, entries_bytes}};
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {0};
	struct msghdr msg = {.msg_iov = iov, .msg_iovlen = 2};

	if (ring_fd >= 0) {
		struct cmsghdr *c;

		msg.msg_control = control.bytes;
		msg.msg_controllen = sizeof(control.bytes);
		c = CMSG_FIRSTHDR(&msg);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(c), &ring_fd, sizeof(int));
	}
	return sendmsg(fd, &msg, MSG_NOSIGNAL | MSG_DONTWAIT) ==
	       (ssize_t)reply.size_bytes;
}

static bool
client_list(struct ring_share *s, struct client *c)
{
	struct ring_share_entry entries[RING_SHARES_MAX] = {0};
	uint32_t count = 0;

	for (uint32_t i = 0; i < RING_SHARES_MAX; i++)
		if (s->offers[i].name[0])
			entry_fill(&entries[count++], &s->offers[i]);
	return reply_send(c->fd, 0, entries, count, -1);
}

static bool
client_attach(struct ring_share *s, struct client *c, const char *name)
{
	struct ring_share_entry entry = {0};
	struct offer *o = offer_find(s, name);

	if (c->offer)
		return false; /* one connection, one ring */
	if (!o)
		return reply_send(c->fd, ENOENT, NULL, 0, -1);
	o->readers++;
	c->offer = o;
	entry_fill(&entry, o);
	return reply_send(c->fd, 0, &entry, 1, o->fd);
}

/* One request. False: the client has hung up, or talks nonsense. */
static bool
client_serve(struct ring_share *s, struct client *c)
{
	struct ring_request req;
	/* no room for control data: descriptors sent to us are closed unseen */
	ssize_t n = recv(c->fd, &req, sizeof(req), MSG_DONTWAIT | MSG_TRUNC);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	if (n < (ssize_t)offsetof(struct ring_request, op) ||
		req.magic != RING_PROTOCOL_MAGIC)
		return false;
	if (req.version != RING_VERSION) {
		reply_send(c->fd, EPROTONOSUPPORT, NULL, 0, -1);
		return false;
	}
	if (n != (ssize_t)sizeof(req) || req.size_bytes != sizeof(req))
		return false;
	req.name[sizeof(req.name) - 1] = '\0';
	switch (req.op) {
	case RING_OP_LIST:
		return client_list(s, c);
	case RING_OP_ATTACH:
		return client_attach(s, c, req.name);
	default:
		return false;
	}
}

void
ring_share_dispatch(struct ring_share *s)
{
	struct epoll_event events[EVENTS_MAX];
	int n = epoll_wait(s->epoll_fd, events, EVENTS_MAX, 0);

	for (int i = 0; i < n; i++) {
		struct client *c = events[i].data.ptr;

		if (c && c->fd >= 0 && !client_serve(s, c))
			client_drop(c);
	}
	/* last, so that no event of this round meets a place taken anew */
	for (int i = 0; i < n; i++)
		if (!events[i].data.ptr)
			client_accept(s);
}

/* Makes the socket's place free, if what stands there is a socket that nobody
 * answers: left behind by a server that was killed. */
static int
stale_remove(int dir_fd)
{
	struct sockaddr_un address;
	struct stat st;
	int fd, res;

	if (fstatat(dir_fd, RING_SOCKET_NAME, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(st.st_mode))
		return -EEXIST;
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	ring_address(&address, dir_fd);
	res = connect(fd, (struct sockaddr *)&address, sizeof(address));
	res = res < 0 && errno == ECONNREFUSED ? 0 : -EADDRINUSE;
	close(fd);
	if (res == 0 && unlinkat(dir_fd, RING_SOCKET_NAME, 0) < 0)
		res = -errno;
	return res;
}

static int
server_lock(struct ring_share *s)
{
	s->lock_fd = openat(s->dir_fd, RING_LOCK_NAME,
		O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (s->lock_fd < 0)
		return -errno;
	if (flock(s->lock_fd, LOCK_EX | LOCK_NB) < 0)
		return errno == EWOULDBLOCK ? -EADDRINUSE : -errno;
	return 0;
}

static int
server_listen(struct ring_share *s)
{
	struct epoll_event ev = {.events = EPOLLIN}; /* no client: NULL */
	struct sockaddr_un address;
	int fd = socket(
		AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -errno;
	ring_address(&address, s->dir_fd);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		int res = -errno;

		close(fd);
		return res;
	}
	s->listen_fd = fd; /* from here on the socket's file is ours */
	if (fchmodat(s->dir_fd, RING_SOCKET_NAME, 0600, 0) < 0 ||
		listen(fd, RING_CLIENTS_MAX) < 0)
		return -errno;
	if ((s->epoll_fd = epoll_create1(EPOLL_CLOEXEC)) < 0 ||
		epoll_ctl(s->epoll_fd, EPOLL_CTL_ADD, fd, &ev) < 0)
		return -errno;
	return 0;
}

int
ring_share_open(struct ring_share **out, const char *dir)
{
	struct ring_share *s = calloc(1, sizeof(*s));
	int res;

	*out = NULL;
	if (!s)
		return -ENOMEM;
	s->dir_fd = s->lock_fd = s->listen_fd = s->epoll_fd = -1;
	for (uint32_t i = 0; i < RING_CLIENTS_MAX; i++)
		s->clients[i].fd = -1;
	if ((res = s->dir_fd = ring_dir_open(dir, true)) < 0 ||
		(res = server_lock(s)) < 0 ||
		(res = stale_remove(s->dir_fd)) < 0 ||
		(res = server_listen(s)) < 0) {
		ring_share_close(s);
		return res;
	}
	*out = s;
	return 0;
}

static void
offer_end(struct ring_share *s, struct offer *o)
{
	ring_close(&o->writer);
	for (uint32_t i = 0; i < RING_CLIENTS_MAX; i++)
		if (s->clients[i].offer == o)
			client_drop(&s->clients[i]);
	munmap(o->map, o->size_bytes);
	close(o->fd);
	*o = (struct offer){.fd = -1};
}

void
ring_share_close(struct ring_share *s)
{
	if (!s)
		return;
	for (uint32_t i = 0; i < RING_SHARES_MAX; i++)
		if (s->offers[i].name[0])
			offer_end(s, &s->offers[i]);
	for (uint32_t i = 0; i < RING_CLIENTS_MAX; i++)
		client_drop(&s->clients[i]);
	if (s->listen_fd >= 0) {
		unlinkat(s->dir_fd, RING_SOCKET_NAME, 0);
		close(s->listen_fd);
	}
	if (s->epoll_fd >= 0)
		close(s->epoll_fd);
	if (s->dir_fd >= 0)
		close(s->dir_fd);
	if (s->lock_fd >= 0)
		close(s->lock_fd); /* last: now another may take the place */
	free(s);
}

static bool
name_allowed(const char *name)
{
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz"
				"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

	return n > 0 && n < RING_SHARE_NAME_BYTES && name[n] == '\0';
}

static struct offer *
offer_place(struct ring_share *s)
{
	for (uint32_t i = 0; i < RING_SHARES_MAX; i++)
		if (!s->offers[i].name[0])
			return &s->offers[i];
	return NULL;
}

int
ring_share_publish(struct ring_share *s, const char *name,
	const struct ring_config *config, struct ring_writer *w, bool *locked)
{
	size_t size_bytes =
		ring_size_bytes(config->capacity_frames, config->channels);
	struct offer *o = offer_place(s);
	struct offer new = {.config = *config, .size_bytes = size_bytes};
	int res;

	if (!name_allowed(name) || size_bytes == 0)
		return -EINVAL;
	if (offer_find(s, name))
		return -EEXIST;
	if (!o)
		return -ENOSPC;
	res = ring_memory_new(name, size_bytes, &new.fd, &new.map);
	if (res < 0)
		return res;
	res = ring_writer_init(&new.writer, new.map, size_bytes, config);
	if (res < 0) {
		munmap(new.map, size_bytes);
		close(new.fd);
		return res;
	}
	/* without it the audio thread may fault a page in again after a swap */
	res = mlock(new.map, size_bytes);
	if (locked)
		*locked = res == 0;
	memcpy(new.name, name, strlen(name));
	*o = new;
	*w = new.writer;
	return 0;
}

int
ring_share_withdraw(struct ring_share *s, const char *name)
{
	struct offer *o = offer_find(s, name);

	if (!o)
		return -ENOENT;
	offer_end(s, o);
	return 0;
}

int
ring_share_fd(const struct ring_share *s)
{
	return s->epoll_fd;
}

uint32_t
ring_share_readers(const struct ring_share *s, const char *name)
{
	const struct offer *o = offer_find(s, name);

	return o ? o->readers : 0;
}
