/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/devices/devices_wake.h"

#include <stdarg.h>
#include <stdio.h>

void
devices_say(struct devices *all, const char *fmt, ...)
{
	char line[2 * MAPPING_WHY_MAX];
	va_list args;

	if (!all->say)
		return;
	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	all->say(all->data, line);
}

void
devices_wake(struct devices *all, uint64_t after_ns)
{
	timer_sooner(&all->timer, after_ns);
}
