/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/resident.h"

#include <string.h>
#include <sys/mman.h>

static bool all_locked = true; /* control thread only */

void *
resident_new(size_t bytes)
{
	/* Of its own, since it is unlocked by the page; and not by
	 * aligned_alloc(), with which the heap of glibc before 2.38 grows each
	 * time. */
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	memset(p, 0, bytes);
	if (mlock(p, bytes) < 0)
		all_locked = false;
	return p;
}

bool
resident_all_locked(void)
{
	return all_locked;
}

void
resident_free(void *p, size_t bytes)
{
	if (!p)
		return;
	munmap(p, bytes);
}
