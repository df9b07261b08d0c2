/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/layout/layout_m4l_box.h"

#include <stdarg.h>
#include <stdio.h>

#define TEXT_MAX 1024

unsigned
m4l_object(struct m4l *d, int ins, const char *outs, const char *format, ...)
{
	char text[TEXT_MAX];
	va_list ap;

	va_start(ap, format);
	/* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized) */
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	return amxd_object(&d->a, text, ins, outs);
}

void
m4l_chain(struct m4l *d, ...)
{
	unsigned from, to;
	va_list ap;

	va_start(ap, d);
	/* NOLINTBEGIN(clang-analyzer-valist.Uninitialized) */
	from = va_arg(ap, unsigned);
	while ((to = va_arg(ap, unsigned))) {
		amxd_connect(&d->a, from, 0, to, 0);
		from = to;
	}
	/* NOLINTEND(clang-analyzer-valist.Uninitialized) */
	va_end(ap);
}

void
m4l_connect(struct m4l *d, unsigned from, int outlet, unsigned to, int inlet)
{
	amxd_connect(&d->a, from, outlet, to, inlet);
}
