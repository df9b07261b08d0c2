/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/ring/protocol.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* The size is fixed, so that no map of it can fault; nobody can get a new
 * writable map, while ours goes on; and nobody can add a seal that would stop
 * ours. */
#define SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE)

/* EAGAIN is mmap()'s when too much of the memory is locked; it would be taken
 * for "not yet". */
static int
failed_with(int error)
{
	return error == EAGAIN ? -ENOMEM : -error;
}

int
ring_memory_new(const char *name, size_t size_bytes, int *fd, void **map)
{
	char label[64];
	void *m = MAP_FAILED;
	int f, res;

	snprintf(label, sizeof(label), "tapdeck-ring-%s", name);
	f = memfd_create(label, MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (f < 0)
		return -errno;
	if (ftruncate(f, (off_t)size_bytes) < 0)
		goto failed;
	m = mmap(NULL, size_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, f, 0);
	if (m == MAP_FAILED)
		goto failed;
	if (fcntl(f, F_ADD_SEALS, SEALS | F_SEAL_SEAL) < 0)
		goto failed;
	*fd = f;
	*map = m;
	return 0;
failed:
	res = failed_with(errno);
	if (m != MAP_FAILED)
		munmap(m, size_bytes);
	close(f);
	return res;
}

int
ring_memory_map(int fd, const void **map, size_t *size_bytes)
{
	int seals = fcntl(fd, F_GET_SEALS);
	struct stat st;
	void *m;

	if (seals < 0 || (seals & SEALS) != SEALS)
		return -EPROTO;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (st.st_size < 1 ||
		(uint64_t)st.st_size >
			ring_size_bytes(RING_CAPACITY_MAX, RING_CHANNELS_MAX))
		return -EPROTO;
	m = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (m == MAP_FAILED)
		return failed_with(errno);
	*map = m;
	*size_bytes = (size_t)st.st_size;
	return 0;
}
