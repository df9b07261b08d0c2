/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which process holds a port: the kernel's socket tables name the inode of the
 * socket, and the descriptors of each process name theirs. */
#include "control/osc/transport/osc_socket.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define INODES_MAX 32
#define TCP_LISTEN 0x0Au

struct inodes {
	unsigned long inode[INODES_MAX];
	uint32_t count;
};

static void
collect_inodes(
	struct inodes *found, const char *table, uint16_t port, bool listening)
{
	FILE *file = fopen(table, "re");
	char line[512];

	if (!file)
		return;
	while (fgets(line, sizeof(line), file)) {
		unsigned int local, state;
		unsigned long inode;

		if (sscanf(line,
			    "%*d: %*[0-9A-Fa-f]:%x %*[0-9A-Fa-f]:%*x %x "
			    "%*x:%*x %*x:%*x %*x %*u %*u %lu",
			    &local, &state, &inode) != 3)
			continue;
		if (local != port || inode == 0)
			continue;
		if (listening && state != TCP_LISTEN)
			continue;
		if (found->count < INODES_MAX)
			found->inode[found->count++] = inode;
	}
	fclose(file);
}

static bool
is_one_of(const struct inodes *found, const char *link)
{
	unsigned long inode;

	if (sscanf(link, "socket:[%lu]", &inode) != 1)
		return false;
	for (uint32_t i = 0; i < found->count; i++)
		if (found->inode[i] == inode)
			return true;
	return false;
}

static bool
process_holds(const char *pid, const struct inodes *found)
{
	struct dirent *entry;
	char path[300], link[64];
	bool holds = false;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%s/fd", pid);
	dir = opendir(path);
	if (!dir)
		return false;
	while (!holds && (entry = readdir(dir))) {
		ssize_t len = readlinkat(
			dirfd(dir), entry->d_name, link, sizeof(link) - 1);

		if (len < 0)
			continue;
		link[len] = '\0';
		holds = is_one_of(found, link);
	}
	closedir(dir);
	return holds;
}

static void
read_name(const char *pid, char name[64])
{
	char path[300];
	FILE *file;

	snprintf(name, 64, "?");
	snprintf(path, sizeof(path), "/proc/%s/comm", pid);
	file = fopen(path, "re");
	if (!file)
		return;
	if (fgets(name, 64, file))
		name[strcspn(name, "\n")] = '\0';
	fclose(file);
}

int
osc_port_holder(uint16_t port, int *pid, char name[64])
{
	struct inodes found = {.count = 0};
	struct dirent *entry;
	int res = -ENOENT;
	DIR *dir;

	collect_inodes(&found, "/proc/net/udp", port, false);
	collect_inodes(&found, "/proc/net/udp6", port, false);
	collect_inodes(&found, "/proc/net/tcp", port, true);
	collect_inodes(&found, "/proc/net/tcp6", port, true);
	if (found.count == 0)
		return -ENOENT;
	dir = opendir("/proc");
	if (!dir)
		return -ENOENT;
	while (res < 0 && (entry = readdir(dir))) {
		if (entry->d_name[0] < '1' || entry->d_name[0] > '9')
			continue;
		if (!process_holds(entry->d_name, &found))
			continue;
		*pid = (int)strtol(entry->d_name, NULL, 10);
		read_name(entry->d_name, name);
		res = 0;
	}
	closedir(dir);
	return res;
}
