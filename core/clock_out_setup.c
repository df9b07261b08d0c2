/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The control thread's side. */
#include "core/clock_out.h"

void
clock_out_set(struct clock_out *c, const struct clock_line *line)
{
	/* relaxed: only this thread stores it */
	uint32_t word = atomic_load_explicit(&c->word, memory_order_relaxed);

	atomic_store_explicit(&c->word, word + 1, memory_order_relaxed);
	/* release: no store of the line is seen before that */
	atomic_thread_fence(memory_order_release);
	atomic_store_explicit(&c->runs, line->runs, memory_order_relaxed);
	atomic_store_explicit(&c->zero, line->zero, memory_order_relaxed);
	atomic_store_explicit(&c->tick, line->tick, memory_order_relaxed);
	/* release: pairs with the acquire in clock_out_run() */
	atomic_store_explicit(&c->word, word + 2, memory_order_release);
}
