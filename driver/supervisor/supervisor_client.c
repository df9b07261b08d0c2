/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The engine's end of the line to the supervisor. Never waits: what does not
 * fit into the socket now is kept and sent with the next call. */
#include "driver/supervisor/supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driver/supervisor/supervisor_wire.h"

#define KEPT_MAX 8192

struct supervisor_client {
	int fd;
	int log_fd; /* -1: none */
	struct supervisor_shared *shared;
	struct supervisor_events events;
	void *data;
	bool orphaned;
	struct supervisor_message *kept;
	size_t kept_count, kept_room;
};

static int
env_fd(const char *name)
{
	const char *text = getenv(name);
	char *end;
	long fd;

	if (!text)
		return -ENOENT;
	fd = strtol(text, &end, 10);
	if (end == text || *end || fd < 3 || fd > 1 << 20)
		return -EBADF;
	/* Whoever we start is not to hold the line open. */
	if (fcntl((int)fd, F_SETFD, FD_CLOEXEC) < 0)
		return -errno;
	return (int)fd;
}

static struct supervisor_shared *
memory_map(int fd)
{
	struct stat st;
	void *map;

	if (fstat(fd, &st) < 0 ||
		st.st_size < (off_t)sizeof(struct supervisor_shared))
		return NULL;
	map = mmap(NULL, sizeof(struct supervisor_shared),
		PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	return map == MAP_FAILED ? NULL : map;
}

bool
supervisor_client_config(void *config, size_t config_bytes)
{
	int memory = env_fd(SUPERVISOR_ENV_MEMORY);
	struct supervisor_shared *shared =
		memory < 0 ? NULL : memory_map(memory);

	if (!shared)
		return false;
	memcpy(config, shared->config, config_bytes);
	munmap(shared, sizeof(*shared));
	return true;
}

int
supervisor_client_open(struct supervisor_client **out,
	const struct supervisor_events *events, void *data)
{
	int fd = env_fd(SUPERVISOR_ENV_SOCKET);
	int memory = env_fd(SUPERVISOR_ENV_MEMORY);
	struct supervisor_client *w;

	*out = NULL;
	if (fd < 0 || memory < 0)
		return fd < 0 ? fd : memory;
	if (!(w = calloc(1, sizeof(*w))))
		return -ENOMEM;
	w->fd = fd;
	w->log_fd = env_fd(SUPERVISOR_ENV_LOG);
	w->events = *events;
	w->data = data;
	w->shared = memory_map(memory);
	close(memory);
	unsetenv(SUPERVISOR_ENV_SOCKET);
	unsetenv(SUPERVISOR_ENV_MEMORY);
	unsetenv(SUPERVISOR_ENV_LOG);
	if (!w->shared || fcntl(fd, F_SETFL, O_NONBLOCK) < 0) {
		supervisor_client_close(w);
		return -EBADF;
	}
	*out = w;
	return 0;
}

void
supervisor_client_close(struct supervisor_client *w)
{
	if (!w)
		return;
	if (w->shared)
		munmap(w->shared, sizeof(*w->shared));
	close(w->fd);
	if (w->log_fd >= 0)
		close(w->log_fd);
	free(w->kept);
	free(w);
}

int
supervisor_client_fd(const struct supervisor_client *w)
{
	return w->fd;
}

int
supervisor_client_log_fd(const struct supervisor_client *w)
{
	return w->log_fd;
}

struct supervisor_shared *
supervisor_client_shared(struct supervisor_client *w)
{
	return w ? w->shared : NULL;
}

/* ---- out ---- */

static int
send_one(struct supervisor_client *w, const struct supervisor_message *m)
{
	ssize_t sent;

	do
		sent = send(w->fd, m, sizeof(*m), MSG_NOSIGNAL | MSG_DONTWAIT);
	while (sent < 0 && errno == EINTR);
	return sent < 0 ? -errno : 0;
}

static void
send_kept(struct supervisor_client *w)
{
	size_t done = 0;

	while (done < w->kept_count && send_one(w, &w->kept[done]) == 0)
		done++;
	w->kept_count -= done;
	memmove(w->kept, w->kept + done, w->kept_count * sizeof(*w->kept));
}

static int
keep(struct supervisor_client *w, const struct supervisor_message *m)
{
	if (w->kept_count == KEPT_MAX)
		return -ENOBUFS;
	if (w->kept_count == w->kept_room) {
		size_t room = w->kept_room ? 2 * w->kept_room : 64;
		void *kept = realloc(w->kept, room * sizeof(*w->kept));

		if (!kept)
			return -ENOMEM;
		w->kept = kept;
		w->kept_room = room;
	}
	w->kept[w->kept_count++] = *m;
	return 0;
}

static int
say(struct supervisor_client *w, enum supervisor_word word, uint64_t serial)
{
	const struct supervisor_message m = {.word = word, .serial = serial};
	int res;

	if (w->kept_count)
		send_kept(w);
	if (w->kept_count)
		return keep(w, &m);
	res = send_one(w, &m);
	return res == -EAGAIN ? keep(w, &m) : res;
}

int
supervisor_client_park(struct supervisor_client *w, uint64_t serial, bool sent)
{
	return say(w, sent ? SUPERVISOR_PARK_SENT : SUPERVISOR_PARK, serial);
}

int
supervisor_client_restore(struct supervisor_client *w, uint64_t serial)
{
	return say(w, SUPERVISOR_RESTORE, serial);
}

/* ---- in ---- */

static void
hear(struct supervisor_client *w, const struct supervisor_message *m)
{
	if (m->word == SUPERVISOR_QUIT && w->events.quit)
		w->events.quit(w->data);
}

void
supervisor_client_dispatch(struct supervisor_client *w)
{
	struct supervisor_message m;
	ssize_t n;

	if (w->kept_count)
		send_kept(w);
	while (!w->orphaned) {
		n = recv(w->fd, &m, sizeof(m), MSG_DONTWAIT);
		if (n == (ssize_t)sizeof(m)) {
			hear(w, &m);
			continue;
		}
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n > 0)
			continue; /* not ours to understand */
		w->orphaned = true;
		if (w->events.orphaned)
			w->events.orphaned(w->data);
	}
}
