/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A network of our own: a namespace in which this process may have any address
 * of 198.51.100.0/24 and 203.0.113.0/24, none of which the system lists as this
 * machine's. So a socket that is bound to one of them is another machine, as
 * far as the program can see. Before any thread is made. */
#ifndef NET_RIG_H
#define NET_RIG_H

#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/types.h>
#include <unistd.h>

static inline bool
net_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok = fd >= 0 && dprintf(fd, "%s", text) > 0;

	if (fd >= 0)
		close(fd);
	return ok;
}

/* false: there are no namespaces here for this user */
static inline bool
net_own(void)
{
	uid_t uid = getuid();
	gid_t gid = getgid();
	char map[64];

	if (unshare(CLONE_NEWNET | CLONE_NEWNS) < 0) {
		if (unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS) < 0)
			return false;
		snprintf(map, sizeof(map), "0 %u 1", uid);
		if (!net_write("/proc/self/setgroups", "deny") ||
			!net_write("/proc/self/uid_map", map))
			return false;
		snprintf(map, sizeof(map), "0 %u 1", gid);
		if (!net_write("/proc/self/gid_map", map))
			return false;
	}
	return system("PATH=$PATH:/usr/sbin:/sbin; ip link set lo up && "
		      "ip route add local 198.51.100.0/24 dev lo && "
		      "ip route add local 203.0.113.0/24 dev lo") == 0;
}

/* The hosts that this process knows by name, as in /etc/hosts. Once. */
static inline bool
net_hosts(const char *text)
{
	char path[] = "/tmp/tapdeck-hosts.XXXXXX";
	int fd = mkostemp(path, O_CLOEXEC);
	bool ok = fd >= 0 && dprintf(fd, "%s", text) > 0 &&
		  mount("", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
		  mount(path, "/etc/hosts", NULL, MS_BIND, NULL) == 0;

	if (fd >= 0)
		close(fd);
	unlink(path);
	return ok;
}

#endif
