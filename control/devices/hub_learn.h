/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What midi_hub_learn.c is to its neighbours. */
#ifndef HUB_LEARN_H
#define HUB_LEARN_H

#include "control/devices/midi_hub_own.h"

/* True: the event is for the learner, and moves nothing. */
bool hub_learn_event(
	struct device *d, const struct midi_event *e, uint64_t now_ns);
uint64_t hub_learn_run(struct midi_hub *h, uint64_t now_ns);

#endif
