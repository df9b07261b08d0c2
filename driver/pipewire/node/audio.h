/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The node and its mixer. Control thread only. */
#ifndef AUDIO_H
#define AUDIO_H

#include "driver/pipewire/driver_own.h"

/* One that fails loses the driver. */
void audio_start(struct driver *d);
void audio_stop(struct driver *d, const char *why); /* if it runs */
void audio_judge_run(struct driver *d); /* says that the graph does not run */
/* A mixer of this rate takes the place of the one that is. */
void driver_change_rate(struct driver *d, uint32_t hz);

#endif
