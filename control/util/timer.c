/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/util/timer.h"

#define NEVER_NS (UINT64_MAX / 2)

void
timer_init(struct timer *t, struct loop *l, loop_tick tick, void *data)
{
	*t = (struct timer){l, -1, UINT64_MAX, 0, tick, data};
}

void
timer_done(struct timer *t)
{
	if (t->loop && t->id >= 0)
		loop_timer_remove(t->loop, t->id);
	t->loop = NULL;
}

static void
fire(void *data)
{
	struct timer *t = data;

	t->late_ns = loop_now_ns() - t->due_ns;
	t->due_ns = UINT64_MAX;
	t->tick(t->data);
}

static void
set(struct timer *t, uint64_t due_ns, uint64_t after_ns)
{
	t->due_ns = due_ns;
	if (!t->loop)
		return;
	if (t->id >= 0)
		loop_timer_again(t->loop, t->id, after_ns);
	else
		t->id = loop_timer(t->loop, after_ns, 0, fire, t);
}

void
timer_set(struct timer *t, uint64_t after_ns)
{
	if (after_ns < NEVER_NS)
		set(t, loop_now_ns() + after_ns, after_ns);
	else if (t->id >= 0)
		set(t, UINT64_MAX, NEVER_NS);
}

void
timer_sooner(struct timer *t, uint64_t after_ns)
{
	uint64_t due_ns;

	if (after_ns >= NEVER_NS)
		return;
	due_ns = loop_now_ns() + after_ns;
	if (due_ns < t->due_ns)
		set(t, due_ns, after_ns);
}
