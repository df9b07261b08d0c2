/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where mappings are, which device they are for, and where they point. */
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "control/mapping/mapping.h"
#include "control/util/user_path.h"
#include "core/limits.h"

#ifndef TAPDECK_DATADIR /* the Makefile says it */
#define TAPDECK_DATADIR "/usr/local/share/tapdeck"
#endif

/* Linux keeps the names of MIDI ports in 32 bytes (SNDRV_RAWMIDI, the name of a
 * substream), and so cuts "PRODUCT JACK" behind this many. */
#define KERNEL_NAME_LENGTH 31

/* A name that was cut is that of the pattern that spells it out. */
static bool
is_cut(const char *pattern, const char *name)
{
	return strlen(name) == KERNEL_NAME_LENGTH &&
	       strlen(pattern) > KERNEL_NAME_LENGTH &&
	       strcspn(pattern, "*?[\\") >= KERNEL_NAME_LENGTH &&
	       strncasecmp(pattern, name, KERNEL_NAME_LENGTH) == 0;
}

int
mapping_fits(const struct mapping *m, const char *device_name)
{
	int best = 0;

	for (uint32_t i = 0; i < m->devices; i++) {
		const char *pattern = m->device[i];
		int fit = pattern[strspn(pattern, "*?")] ? 2 : 1;

		if (fit > best &&
			(fnmatch(pattern, device_name, FNM_CASEFOLD) == 0 ||
				is_cut(pattern, device_name)))
			best = fit;
	}
	return best;
}

int
mapping_is_for(const struct mapping *m, const struct mapping_device *d)
{
	int fit = mapping_fits(m, d->name);

	if (fit == 0 || (m->which && m->which != d->which) ||
		(m->socket[0] &&
			fnmatch(m->socket, d->socket, FNM_CASEFOLD) != 0))
		return 0;
	return fit + (m->which || m->socket[0] ? 2 : 0);
}

int
mapping_address(const struct mapping_target *t, uint32_t first,
	char address[PARAM_ADDRESS_MAX])
{
	uint32_t strip = t->strip + (t->fixed ? 0 : first);
	int n;

	if (t->strip && strip > STRIPS_MAX)
		return -ERANGE;
	n = t->strip ? snprintf(address, PARAM_ADDRESS_MAX, "/strip/%u/%s",
			       strip, t->address)
		     : snprintf(address, PARAM_ADDRESS_MAX, "%s", t->address);
	return n < 0 || n >= PARAM_ADDRESS_MAX ? -ERANGE : 0;
}

int
mapping_folder(uint32_t index, char *path, size_t size_bytes)
{
	const char *factory = getenv("TAPDECK_MAPPINGS");
	int n, rc;

	/* Without a home there is one folder only. */
	rc = user_path(USER_CONFIG, "tapdeck/mappings", path, size_bytes);
	if (rc == 0 && index == 0)
		return 0;
	if (rc < 0 && rc != -ENOENT)
		return rc;
	if (index != (rc == 0 ? 1 : 0))
		return -ENOENT;
	if (!factory || !factory[0])
		factory = TAPDECK_DATADIR "/mappings";
	n = snprintf(path, size_bytes, "%s", factory);
	return n < 0 || (size_t)n >= size_bytes ? -ENAMETOOLONG : 0;
}
