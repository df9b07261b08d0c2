/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The picture that `tapdeck watch` draws: one line per strip and bus, in plain
 * ANSI. Control thread only. */
#ifndef WATCH_VIEW_H
#define WATCH_VIEW_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "control/cli/watch/watch_model.h"

struct watch_view {
	uint32_t columns, rows; /* of the terminal */
	bool utf8;		/* half blocks: left above, right below */
	bool color;
	const char *notice; /* instead of the last line, or NULL */
};

/* The whole screen, from its top left corner; no line is longer than it. */
void watch_view_draw(
	const struct watch_view *v, const struct watch_model *m, FILE *to);

#endif
