/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/devices/midi_book.h"

#include <dirent.h>
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

struct midi_book {
	struct loop *loop;
	const struct params *params;
	struct midi_book_events events;
	void *data;
	struct file *file; /* [FILES_MAX], by folder, then by name */
	uint32_t files;
	struct mapping *dead[FILES_MAX];
	uint32_t deads;
	int notify; /* -1: none */
	struct timer timer;
};

int
midi_book_learned_folder(char *path, size_t size_bytes)
{
	return user_path(USER_STATE, "tapdeck/mappings", path, size_bytes);
}

/* Folder 0 is that of what was learned. */
static int
folder_path(uint32_t folder, char *path, size_t size_bytes)
{
	if (folder == 0)
		return midi_book_learned_folder(path, size_bytes);
	return mapping_folder(folder - 1, path, size_bytes);
}

/* ---- reading ---- */

static void
file_drop(struct midi_book *b, struct file *f)
{
	if (f->mapping && b->deads < FILES_MAX)
		b->dead[b->deads++] = f->mapping;
	f->mapping = NULL;
}

static void
file_read(struct midi_book *b, struct file *f)
{
	char why[MAPPING_WHY_MAX] = "", line[MAPPING_WHY_MAX + 64];
	struct mapping *m;

	if (mapping_load(&m, f->path, b->params, why) < 0) {
		snprintf(line, sizeof(line), "%s%s", why,
			f->mapping ? "; the mapping stays as it was" : "");
		b->events.say(b->data, line);
		return;
	}
	file_drop(b, f);
	f->mapping = m;
}

static struct file *
file_find(struct midi_book *b, const char *path)
{
	for (uint32_t i = 0; i < b->files; i++)
		if (!strcmp(b->file[i].path, path))
			return &b->file[i];
	return NULL;
}

/* True when it is another file than last time. */
static bool
file_look(struct midi_book *b, uint32_t folder, const char *path)
{
	struct file *f = file_find(b, path);
	struct stat st;

	if (stat(path, &st) < 0 || !S_ISREG(st.st_mode))
		return false;
	if (!f) {
		if (b->files == FILES_MAX || strlen(path) >= sizeof(f->path))
			return false;
		f = &b->file[b->files++];
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
	file_read(b, f);
	return true;
}

/* Watches the folders where a link leads: what is saved there, or a link that
 * is replaced there, is no event of the folder where the link itself is. */
static void
link_watch(struct midi_book *b, const char *path)
{
	char at[PATH_MAX], to[PATH_MAX];

	if (b->notify < 0 || strlen(path) >= sizeof(at))
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
		inotify_add_watch(b->notify, name == at ? "/" : at,
			FOLDER_EVENTS | IN_ONLYDIR | IN_MASK_ADD);
		*name = '/';
	}
}

static bool
folder_look(struct midi_book *b, uint32_t folder)
{
	char path[PATH_MAX], whole[PATH_MAX + NAME_MAX + 2];
	struct dirent *entry;
	bool news = false;
	DIR *dir;

	if (folder_path(folder, path, sizeof(path)) < 0)
		return false;
	dir = opendir(path);
	while (dir && (entry = readdir(dir)) != NULL) {
		const char *dot = strrchr(entry->d_name, '.');

		if (entry->d_name[0] == '.' || !dot ||
			strcmp(dot, ".yaml") != 0)
			continue;
		snprintf(whole, sizeof(whole), "%s/%s", path, entry->d_name);
		link_watch(b, whole);
		news |= file_look(b, folder, whole);
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
file_is_gone(struct midi_book *b, struct file *f, uint64_t now_ns)
{
	if (f->there) {
		f->away_ns = 0;
		return false;
	}
	if (f->away_ns == 0)
		f->away_ns = now_ns;
	if (f->folder == 0 || now_ns - f->away_ns >= GONE_NS)
		return true;
	timer_sooner(&b->timer, f->away_ns + GONE_NS - now_ns);
	return false;
}

static bool
forget_missing(struct midi_book *b)
{
	uint64_t now_ns = loop_now_ns();
	uint32_t to = 0;

	for (uint32_t i = 0; i < b->files; i++) {
		if (file_is_gone(b, &b->file[i], now_ns))
			file_drop(b, &b->file[i]);
		else
			b->file[to++] = b->file[i];
	}
	if (to == b->files)
		return false;
	b->files = to;
	return true;
}

static bool
look(struct midi_book *b)
{
	bool news = false;

	for (uint32_t i = 0; i < b->files; i++)
		b->file[i].there = false;
	for (uint32_t folder = 0; folder < FOLDERS; folder++)
		news |= folder_look(b, folder);
	news |= forget_missing(b);
	qsort(b->file, b->files, sizeof(*b->file), by_place);
	return news;
}

static void
bury(struct midi_book *b)
{
	while (b->deads > 0)
		mapping_free(b->dead[--b->deads]);
}

/* ---- being told ---- */

/* Watches a folder, or what of its way is there until it is. */
static void
folder_watch(struct midi_book *b, uint32_t folder)
{
	char path[PATH_MAX], *slash;
	uint32_t events = FOLDER_EVENTS;

	if (folder_path(folder, path, sizeof(path)) < 0)
		return;
	while (inotify_add_watch(b->notify, path,
		       events | IN_ONLYDIR | IN_MASK_ADD) < 0) {
		slash = strrchr(path, '/');
		if (errno != ENOENT || !slash || slash == path)
			return;
		*slash = '\0';
		events = IN_CREATE | IN_MOVED_TO;
	}
}

void
midi_book_refresh(struct midi_book *b)
{
	for (uint32_t folder = 0; b->notify >= 0 && folder < FOLDERS; folder++)
		folder_watch(b, folder);
	if (look(b))
		b->events.changed(b->data);
	bury(b);
}

static void
on_settled(void *data)
{
	midi_book_refresh(data);
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
	struct midi_book *b = data;
	_Alignas(struct inotify_event) char events[4096];
	const struct inotify_event *e;
	ssize_t n;

	(void)revents;
	while ((n = read(b->notify, events, sizeof(events))) > 0) {
		for (ssize_t at = 0; at < n;
			at += (ssize_t)sizeof(*e) + e->len) {
			e = (const void *)(events + at);
			timer_sooner(&b->timer,
				is_only_made(e) ? GONE_NS : SETTLE_NS);
		}
	}
}

int
midi_book_open(struct midi_book **out, struct loop *l,
	const struct params *params, const struct midi_book_events *events,
	void *data)
{
	struct midi_book *b = calloc(1, sizeof(*b));

	*out = NULL;
	if (!b || !(b->file = calloc(FILES_MAX, sizeof(*b->file)))) {
		free(b);
		return -ENOMEM;
	}
	b->loop = l;
	b->params = params;
	b->events = *events;
	b->data = data;
	b->notify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	timer_init(&b->timer, l, on_settled, b);
	if (b->notify >= 0 &&
		loop_add(l, b->notify, POLLIN, on_notify, b) < 0) {
		midi_book_close(b);
		return -ENOMEM;
	}
	for (uint32_t folder = 0; b->notify >= 0 && folder < FOLDERS; folder++)
		folder_watch(b, folder);
	look(b);
	bury(b);
	*out = b;
	return 0;
}

void
midi_book_close(struct midi_book *b)
{
	if (!b)
		return;
	if (b->notify >= 0) {
		loop_remove(b->loop, b->notify);
		close(b->notify);
	}
	timer_done(&b->timer);
	for (uint32_t i = 0; i < b->files; i++)
		mapping_free(b->file[i].mapping);
	bury(b);
	free(b->file);
	free(b);
}

/* ---- choosing ---- */

const struct mapping *
midi_book_pick(const struct midi_book *b, const struct mapping_device *device,
	enum mapping_port port)
{
	const struct mapping *best = NULL;
	int best_fit = 0;

	for (uint32_t i = 0; i < b->files; i++) {
		const struct mapping *m = b->file[i].mapping;
		int fit;

		if (!m || b->file[i].folder == 0 || m->port != port)
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
midi_book_learned(const struct midi_book *b, const char *device_name)
{
	for (uint32_t i = 0; i < b->files; i++) {
		const struct mapping *m = b->file[i].mapping;

		if (m && b->file[i].folder == 0 && mapping_fits(m, device_name))
			return m;
	}
	return NULL;
}
