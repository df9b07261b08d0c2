/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The control thread's side. */
#include "core/clock_out.h"

#include <string.h>

void
clock_out_set(struct clock_out *c, const struct clock_line *line)
{
	const double number[2] = {line->zero, line->runs ? line->tick : 0.0};
	uint64_t word[2];

	memcpy(word, number, sizeof(word));
	c->version += 2;
	pair_store(&c->set, c->version, word[0], word[1]);
}
