/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the server of rings is found, and whether it may be trusted. */
#include "core/ring/protocol.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

int
ring_share_dir(char *path, size_t size_bytes)
{
	const char *base = getenv("XDG_RUNTIME_DIR");
	int n;

	if (!base || base[0] != '/')
		return -EINVAL;
	n = snprintf(path, size_bytes, "%s/tapdeck", base);
	return n > 0 && (size_t)n < size_bytes ? 0 : -ENAMETOOLONG;
}

int
ring_dir_open(const char *dir, bool create)
{
	char usual[PATH_MAX];
	struct stat st;
	int fd, res;

	if (!dir) {
		if ((res = ring_share_dir(usual, sizeof(usual))) < 0)
			return res;
		dir = usual;
	}
	if (create && mkdir(dir, 0700) < 0 && errno != EEXIST)
		return -errno;
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	res = fstat(fd, &st) < 0 ? -errno : 0;
	if (res == 0 && (st.st_uid != geteuid() || (st.st_mode & 077)))
		res = -EPERM;
	if (res < 0) {
		close(fd);
		return res;
	}
	return fd;
}

/* By descriptor: the directory is the one that was checked, and a path of any
 * length fits into 108 bytes. */
void
ring_address(struct sockaddr_un *address, int dir_fd)
{
	*address = (struct sockaddr_un){.sun_family = AF_UNIX};
	snprintf(address->sun_path, sizeof(address->sun_path),
		"/proc/self/fd/%d/" RING_SOCKET_NAME, dir_fd);
}

bool
ring_peer_is_own(int fd)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == 0 &&
	       peer.uid == geteuid();
}
