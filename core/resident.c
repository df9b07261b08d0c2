/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/resident.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static bool all_locked = true; /* control thread only */

/* What is unlocked by the page must not be anybody else's. */
static size_t
whole_pages(size_t bytes, size_t page)
{
	return (bytes + page - 1) / page * page;
}

void *
resident_new(size_t bytes)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	void *p = aligned_alloc(page, whole_pages(bytes, page));

	if (!p)
		return NULL;
	memset(p, 0, whole_pages(bytes, page));
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
	(void)munlock(p, bytes);
	free(p);
}
