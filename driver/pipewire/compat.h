/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What differs between versions of PipeWire, decided by the library that runs
 * and not by the headers that were there when we were built. */
#ifndef COMPAT_H
#define COMPAT_H

#include <stdbool.h>
#include <stdio.h>

#include <pipewire/pipewire.h>

static inline bool
compat_at_least(int major, int minor, int micro)
{
	int a = 0, b = 0, c = 0;

	if (sscanf(pw_get_library_version(), "%d.%d.%d", &a, &b, &c) < 2)
		return false;
	if (a != major)
		return a > major;
	return b != minor ? b > minor : c >= micro;
}

/* Without it the data thread is not realtime; from 1.4 on client.conf does it
 * and naming the other one is a warning. */
static inline const char *
compat_config_name(void)
{
	return compat_at_least(1, 4, 0) ? "client.conf" : "client-rt.conf";
}

/* The group of the mixer's node and of the sinks that programs are moved from
 * and to: one driver for all, always. From 1.2 on a program runs as soon as the
 * first of its links is there: alone such a sink would drive it at once, and
 * its first block be gone before those to its strip are. Before that nothing is
 * lost, and groups end the daemon (0.3.65). NULL: none. */
static inline const char *
compat_group(void)
{
	return compat_at_least(1, 2, 0) ? "tapdeck" : NULL;
}

/* From 1.0 on an adapter whose monitor was taken off goes on to count its
 * ports, and shows them again with the first tag that a program's link brings.
 * Its other side, configured anew, makes it forget them; as what it is already
 * it is not configured. */
static inline bool
compat_counts_monitors(void)
{
	return compat_at_least(1, 0, 0);
}

/* What each side of a stereo program is multiplied by on its way into a sink of
 * one channel that is called MONO. */
static inline float
compat_mono_level(void)
{
	return compat_at_least(0, 3, 66) ? 0.5f : 0.70710678f;
}

/* Links into one port: of more than these the mixer in front of it leaves some
 * out, and nobody is told. */
static inline uint32_t
compat_links_max(void)
{
	return compat_at_least(0, 3, 71) ? 512 : 128;
}

#endif
