/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests: changes with a time, at a model with a mixer. */
#ifndef SCHEDULE_RIG_H
#define SCHEDULE_RIG_H

#include "control/model/feed.h"
#include "tests/model_mixer_rig.h"

/* Frame 0 is still to come by the clock: what a test schedules is in the future
 * when it is scheduled, also where the machine stands still for a while. */
static inline int
set_up_ahead(void **state)
{
	int rc = set_up(state);

	if (rc == 0)
		((struct rig *)*state)->start_ns += 2ull * SECOND;
	return rc;
}

/* CLOCK_REALTIME at a moment of CLOCK_MONOTONIC. */
static inline uint64_t
real_of(uint64_t mono_ns)
{
	struct timespec t;
	uint64_t best_ns = UINT64_MAX, offset_ns = 0;

	for (int i = 0; i < 20; i++) {
		uint64_t before_ns = loop_now_ns(), after_ns;

		clock_gettime(CLOCK_REALTIME, &t);
		after_ns = loop_now_ns();
		if (after_ns - before_ns >= best_ns)
			continue;
		best_ns = after_ns - before_ns;
		offset_ns = (uint64_t)t.tv_sec * SECOND + (uint64_t)t.tv_nsec -
			    (before_ns + best_ns / 2);
	}
	return mono_ns + offset_ns;
}

static inline int
schedule(struct rig *r, const char *address, double number, uint64_t mono_ns)
{
	struct param_change c = change_of(r, address, number);

	return param_schedule(r->p, &c, 1, real_of(mono_ns), 42, &share_here);
}

/* Runs blocks and the model beside them until `until`; the frame at which
 * main's left side left `from` is returned. */
static inline uint64_t
run_and_watch(struct rig *r, uint64_t until, float from)
{
	uint64_t changed = UINT64_MAX;

	while (r->frame < until) {
		uint64_t at = r->frame;

		model_run(r->model, frame_ns(r, r->frame));
		run_block(r);
		for (uint32_t i = 0; i < BLOCK; i++) {
			if (changed == UINT64_MAX && r->out[0][0][i] != from)
				changed = at + i;
		}
	}
	return changed;
}

#endif
