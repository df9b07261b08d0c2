/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each file of the driver needs and none of them: the time, and a line in
 * the log. */
#include <stdarg.h>
#include <stdio.h>

#include "driver/clock.h"
#include "driver/pipewire/say.h"

uint64_t
driver_now_ns(void)
{
	return clock_now_ns();
}

void
driver_say(struct driver *d, const char *format, ...)
{
	char line[400];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (d->events->say)
		d->events->say(d->data, line);
}
