/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What devices_learn.c is to its neighbours. */
#ifndef DEVICES_LEARN_H
#define DEVICES_LEARN_H

#include "control/devices/devices_own.h"

/* True: the event is for the learner, and moves nothing. */
bool devices_learn_event(
	struct device *d, const struct midi_event *e, uint64_t now_ns);
uint64_t devices_learn_run(struct devices *all, uint64_t now_ns);

#endif
