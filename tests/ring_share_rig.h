/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For the tests of ring_share: a private directory, and a server whose client
 * sits in the same process. Include after cmocka.h. */
#ifndef RING_SHARE_RIG_H
#define RING_SHARE_RIG_H

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/ring/protocol.h"
#include "core/ring/share.h"
#include "tests/ring_rig.h"

#define PATIENCE_MS                                                            \
	10000 /* for what comes at once unless something is broken */

struct share_dir {
	char base[32]; /* stands for XDG_RUNTIME_DIR */
	char dir[48];
};

static inline void
share_dir_init(struct share_dir *d)
{
	snprintf(d->base, sizeof(d->base), "/tmp/tapdeck-ring-XXXXXX");
	assert_non_null(mkdtemp(d->base));
	snprintf(d->dir, sizeof(d->dir), "%s/tapdeck", d->base);
}

static inline void
share_dir_done(struct share_dir *d)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/ring", d->dir);
	unlink(path);
	snprintf(path, sizeof(path), "%s/ring.lock", d->dir);
	unlink(path);
	if (rmdir(d->dir) < 0)
		unlink(d->dir);
	assert_int_equal(rmdir(d->base), 0);
}

/* A reply with room for a few rings */
struct answer {
	struct ring_reply head;
	struct ring_share_entry entry[4];
};

#define HEAD_BYTES ((ssize_t)sizeof(struct ring_reply))
#define ONE_BYTES  (HEAD_BYTES + (ssize_t)RING_ENTRY_BYTES)

/* A connection with nothing of ours on this side of it. */
static inline int
raw_connect(const char *dir)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/ring", dir);
	assert_int_equal(
		connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

/* What a client does in a thread of its own while the server is served. */
struct served {
	int (*call)(void *arg);
	void *arg;
	int result;
	int done_fd;
};

static inline void *
served_run(void *arg)
{
	struct served *c = arg;

	c->result = c->call(c->arg);
	eventfd_write(c->done_fd, 1);
	return NULL;
}

/* Serves s until call(arg) has returned; what it returned. */
static inline int
serve(struct ring_share *s, int (*call)(void *), void *arg)
{
	struct served c = {call, arg, 0, eventfd(0, EFD_CLOEXEC)};
	struct pollfd p[2] = {
		{.fd = ring_share_fd(s), .events = POLLIN},
		{.fd = c.done_fd, .events = POLLIN},
	};
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, served_run, &c), 0);
	while (!(p[1].revents & POLLIN)) {
		assert_true(poll(p, 2, PATIENCE_MS) > 0);
		if (p[0].revents)
			ring_share_dispatch(s);
	}
	pthread_join(thread, NULL);
	close(c.done_fd);
	return c.result;
}

/* Serves s until it has nothing to do. */
static inline void
serve_pending(struct ring_share *s)
{
	struct pollfd p = {.fd = ring_share_fd(s), .events = POLLIN};

	while (poll(&p, 1, 0) > 0)
		ring_share_dispatch(s);
}

struct attach_call {
	struct ring_attach *a;
	const char *dir, *name;
};

static inline int
attach_call(void *arg)
{
	struct attach_call *c = arg;

	return ring_attach(c->a, c->dir, c->name, PATIENCE_MS);
}

static inline int
served_attach(struct ring_share *s, struct ring_attach *a, const char *dir,
	const char *name)
{
	struct attach_call c = {a, dir, name};

	return serve(s, attach_call, &c);
}

struct list_call {
	const char *dir;
	struct ring_share_entry *entries;
	uint32_t max;
};

static inline int
list_call(void *arg)
{
	struct list_call *l = arg;

	return ring_list(l->dir, l->entries, l->max, PATIENCE_MS);
}

/* Descriptors that this process has open. */
static inline int
descriptors(void)
{
	DIR *d = opendir("/proc/self/fd");
	int n = 0;

	assert_non_null(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

/* Maps of rings that this process has. */
static inline int
ring_maps(void)
{
	FILE *f = fopen("/proc/self/maps", "r");
	char line[512];
	int n = 0;

	assert_non_null(f);
	while (fgets(line, sizeof(line), f))
		n += strstr(line, "memfd:tapdeck-ring") != NULL;
	fclose(f);
	return n;
}

struct rig {
	struct share_dir d;
	struct ring_share *s;
	struct ring_writer w; /* of "loop" */
	int descriptors;      /* before anything was opened */
};

static inline int
rig_setup(void **state)
{
	static struct rig r;
	struct ring_config c = stereo_config(1024, 64);

	r.descriptors = descriptors();
	share_dir_init(&r.d);
	assert_int_equal(ring_share_open(&r.s, r.d.dir), 0);
	assert_int_equal(ring_share_publish(r.s, "loop", &c, &r.w, NULL), 0);
	*state = &r;
	return 0;
}

static inline int
rig_teardown(void **state)
{
	struct rig *r = *state;

	ring_share_close(r->s);
	share_dir_done(&r->d);
	assert_int_equal(descriptors(), r->descriptors); /* nothing leaks */
	assert_int_equal(ring_maps(), 0);
	return 0;
}

#endif
