/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/devices/mapping_store.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "control/util/timer.h"
#include "control/util/user_path.h"

#define FOLDERS	  3
#define FILES_MAX 256
#define SETTLE_NS UINT64_C(50000000)   /* a save is several events ... */
#define GONE_NS	  UINT64_C(1000000000) /* ... and this far apart at most */
#define LINKS_MAX 8		       /* one behind the other */
#define FOLDER_EVENTS                                                          \
	(IN_CLOSE_WRITE | IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM |            \
		IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF)

struct file {
	char path[PATH_MAX];
	uint32_t folder;
	struct timespec written;
	off_t size;
	ino_t inode;
	struct mapping *mapping; /* the last one that was good, or NULL */
	bool there;		 /* in the look that is going on */
	uint64_t away_ns;	 /* first looked for in vain; 0: not yet */
};

struct mapping_store {
	struct loop *loop;
	const struct params *params;
	struct mapping_store_events events;
	void *data;
	struct file *file; /* [FILES_MAX], by folder, then by name */
	uint32_t files;
	struct mapping *dead[FILES_MAX];
	uint32_t deads;
	int notify; /* -1: none */
	struct timer timer;
};

int
mapping_store_learned_folder(char *path, size_t size_bytes)
{
	return user_path(USER_STATE, "tapdeck/mappings", path, size_bytes);
}

/* Folder 0 is that of what was learned. */
static int
folder_path(uint32_t folder, char *path, size_t size_bytes)
{
	if (folder == 0)
		return mapping_store_learned_folder(path, size_bytes);
	return mapping_folder(folder - 1, path, size_bytes);
}

/* ---- reading ---- */

static void
file_drop(struct mapping_store *store, struct file *f)
{
	if (f->mapping && store->deads < FILES_MAX)
		store->dead[store->deads++] = f->mapping;
	f->mapping = NULL;
}

static void
file_read(struct mapping_store *store, struct file *f)
{
	char why[MAPPING_WHY_MAX] = "", line[MAPPING_WHY_MAX + 64];
	struct mapping *m;

	if (mapping_load(&m, f->path, store->params, why) < 0) {
		snprintf(line, sizeof(line), "%s%s", why,
			f->mapping ? "; the mapping stays as it was" : "");
		store->events.say(store->data, line);
		return;
	}
	file_drop(store, f);
	f->mapping = m;
}

static struct file *
file_find(struct mapping_store *store, const char *path)
{
	for (uint32_t i = 0; i < store->files; i++)
		if (!strcmp(store->file[i].path, path))
			return &store->file[i];
	return NULL;
}

/* True when it is another file than last time. */
static bool
file_look(struct mapping_store *store, uint32_t folder, const char *path)
{
	struct file *f = file_find(store, path);
	struct stat st;

	if (stat(path, &st) < 0 || !S_ISREG(st.st_mode))
		return false;
	if (!f) {
		if (store->files == FILES_MAX ||
			strlen(path) >= sizeof(f->path))
			return false;
		f = &store->file[store->files++];
		memset(f, 0, sizeof(*f));
		f->folder = folder;
		memcpy(f->path, path, strlen(path) + 1);
	} else if (f->inode == st.st_ino && f->size == st.st_size &&
		   f->written.tv_sec == st.st_mtim.tv_sec &&
		   f->written.tv_nsec == st.st_mtim.tv_nsec) {
		f->there = true;
		return false;
	}
	f->there = true;
	f->inode = st.st_ino;
	f->size = st.st_size;
	f->written = st.st_mtim;
	file_read(store, f);
	return true;
}

/* Watches the folders where a link leads: what is saved there, or a link that
 * is replaced there, is no event of the folder where the link itself is. */
static void
link_watch(struct mapping_store *store, const char *path)
{
	char at[PATH_MAX], to[PATH_MAX];

	if (store->notify < 0 || strlen(path) >= sizeof(at))
		return;
	memcpy(at, path, strlen(path) + 1);
	for (int i = 0; i < LINKS_MAX; i++) {
		ssize_t n = readlink(at, to, sizeof(to) - 1);
		char *name = strrchr(at, '/') + 1;

		if (n <= 0)
			return;
		to[n] = '\0';
		if (to[0] == '/')
			name = at;
		if ((size_t)(name - at) + (size_t)n >= sizeof(at))
			return;
		memcpy(name, to, (size_t)n + 1);
		name = strrchr(at, '/');
		*name = '\0';
		inotify_add_watch(store->notify, name == at ? "/" : at,
			FOLDER_EVENTS | IN_ONLYDIR | IN_MASK_ADD);
		*name = '/';
	}
}

bool
mapping_store_next(DIR *dir, const char *folder, char *path, size_t size_bytes)
{
	struct dirent *entry;

	while (dir && (entry = readdir(dir)) != NULL) {
		const char *dot = strrchr(entry->d_name, '.');

		if (entry->d_name[0] == '.' || !dot ||
			strcmp(dot, ".yaml") != 0)
			continue;
		if (snprintf(path, size_bytes, "%s/%s", folder, entry->d_name) <
			(int)size_bytes)
			return true;
	}
	return false;
}

static bool
folder_look(struct mapping_store *store, uint32_t folder)
{
	char path[PATH_MAX], whole[PATH_MAX];
	bool news = false;
	DIR *dir;

	if (folder_path(folder, path, sizeof(path)) < 0)
		return false;
	dir = opendir(path);
	while (mapping_store_next(dir, path, whole, sizeof(whole))) {
		link_watch(store, whole);
		news |= file_look(store, folder, whole);
	}
	if (dir)
		closedir(dir);
	return news;
}

static int
by_place(const void *a, const void *b)
{
	const struct file *x = a, *y = b;

	if (x->folder != y->folder)
		return x->folder < y->folder ? -1 : 1;
	return strcmp(x->path, y->path);
}

/* It is not only away while it is saved. What was learned, we save ourselves.
 */
static bool
file_is_gone(struct mapping_store *store, struct file *f, uint64_t now_ns)
{
	if (f->there) {
		f->away_ns = 0;
		return false;
	}
	if (f->away_ns == 0)
		f->away_ns = now_ns;
	if (f->folder == 0 || now_ns - f->away_ns >= GONE_NS)
		return true;
	timer_sooner(&store->timer, f->away_ns + GONE_NS - now_ns);
	return false;
}

static bool
forget_missing(struct mapping_store *store)
{
	uint64_t now_ns = loop_now_ns();
	uint32_t to = 0;

	for (uint32_t i = 0; i < store->files; i++) {
		if (file_is_gone(store, &store->file[i], now_ns))
			file_drop(store, &store->file[i]);
		else
			store->file[to++] = store->file[i];
	}
	if (to == store->files)
		return false;
	store->files = to;
	return true;
}

static bool
look(struct mapping_store *store)
{
	bool news = false;

	for (uint32_t i = 0; i < store->files; i++)
		store->file[i].there = false;
	for (uint32_t folder = 0; folder < FOLDERS; folder++)
		news |= folder_look(store, folder);
	news |= forget_missing(store);
	qsort(store->file, store->files, sizeof(*store->file), by_place);
	return news;
}

static void
bury(struct mapping_store *store)
{
	while (store->deads > 0)
		mapping_free(store->dead[--store->deads]);
}

/* ---- being told ---- */

/* Watches a folder, or what of its way is there until it is. */
static void
folder_watch(struct mapping_store *store, uint32_t folder)
{
	char path[PATH_MAX], *slash;
	uint32_t events = FOLDER_EVENTS;

	if (folder_path(folder, path, sizeof(path)) < 0)
		return;
	while (inotify_add_watch(store->notify, path,
		       events | IN_ONLYDIR | IN_MASK_ADD) < 0) {
		slash = strrchr(path, '/');
		if (errno != ENOENT || !slash || slash == path)
			return;
		*slash = '\0';
		events = IN_CREATE | IN_MOVED_TO;
	}
}

void
mapping_store_refresh(struct mapping_store *store)
{
	for (uint32_t folder = 0; store->notify >= 0 && folder < FOLDERS;
		folder++)
		folder_watch(store, folder);
	if (look(store))
		store->events.changed(store->data);
	bury(store);
}

static void
on_settled(void *data)
{
	mapping_store_refresh(data);
}

/* A file that was only made has nothing in it yet, and is told of again when
 * it has. A link is not. */
static bool
is_only_made(const struct inotify_event *e)
{
	return (e->mask & (IN_CREATE | IN_ISDIR)) == IN_CREATE;
}

static void
on_notify(void *data, short revents)
{
	struct mapping_store *store = data;
	_Alignas(struct inotify_event) char events[4096];
	const struct inotify_event *e;
	ssize_t n;

	(void)revents;
	while ((n = read(store->notify, events, sizeof(events))) > 0) {
		for (ssize_t at = 0; at < n;
			at += (ssize_t)sizeof(*e) + e->len) {
			e = (const void *)(events + at);
			timer_sooner(&store->timer,
				is_only_made(e) ? GONE_NS : SETTLE_NS);
		}
	}
}

int
mapping_store_open(struct mapping_store **out, struct loop *l,
	const struct params *params, const struct mapping_store_events *events,
	void *data)
{
	struct mapping_store *store = calloc(1, sizeof(*store));

	*out = NULL;
	if (!store ||
		!(store->file = calloc(FILES_MAX, sizeof(*store->file)))) {
		free(store);
		return -ENOMEM;
	}
	store->loop = l;
	store->params = params;
	store->events = *events;
	store->data = data;
	store->notify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	timer_init(&store->timer, l, on_settled, store);
	if (store->notify >= 0 &&
		loop_add(l, store->notify, POLLIN, on_notify, store) < 0) {
		mapping_store_close(store);
		return -ENOMEM;
	}
	for (uint32_t folder = 0; store->notify >= 0 && folder < FOLDERS;
		folder++)
		folder_watch(store, folder);
	look(store);
	bury(store);
	*out = store;
	return 0;
}

void
mapping_store_close(struct mapping_store *store)
{
	if (!store)
		return;
	if (store->notify >= 0) {
		loop_remove(store->loop, store->notify);
		close(store->notify);
	}
	timer_done(&store->timer);
	for (uint32_t i = 0; i < store->files; i++)
		mapping_free(store->file[i].mapping);
	bury(store);
	free(store->file);
	free(store);
}

/* ---- choosing ---- */

const struct mapping *
mapping_store_pick(const struct mapping_store *store,
	const struct mapping_device *device, enum mapping_port port)
{
	const struct mapping *best = NULL;
	int best_fit = 0;

	for (uint32_t i = 0; i < store->files; i++) {
		const struct mapping *m = store->file[i].mapping;
		int fit;

		if (!m || store->file[i].folder == 0 || m->port != port)
			continue;
		fit = mapping_is_for(m, device);
		if (fit > best_fit) {
			best = m;
			best_fit = fit;
		}
	}
	return best;
}

const struct mapping *
mapping_store_learned(
	const struct mapping_store *store, const char *device_name)
{
	for (uint32_t i = 0; i < store->files; i++) {
		const struct mapping *m = store->file[i].mapping;

		if (m && store->file[i].folder == 0 &&
			mapping_fits(m, device_name))
			return m;
	}
	return NULL;
}
