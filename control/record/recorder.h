/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a ring to a take. Reads when a timer of its own says that frames are
 * due; what is missing becomes silence of the exact length; when tapdeck dies
 * it waits for the next one and goes on. Control thread only. */
#ifndef RECORDER_H
#define RECORDER_H

#include <signal.h>
#include <stdint.h>

#include "control/record/take.h"

struct recorder_config {
	const char *bus;
	double duration_s; /* 0: until a signal */
	sigset_t stop;	   /* blocked by the caller: these end it */
	void (*say)(void *data, const char *line);
	void *data;
};

struct recorder_stats {
	uint64_t lost;	  /* frames that the ring lapped or the disk did not
			     take */
	uint64_t xruns;	  /* blocks that the audio graph missed: the sound has
			     a hole there, and no silence in its place */
	double without_s; /* nobody was there to record; silence */
	double begun_s;	  /* seconds in all files */
};

/* 0 when it was ended, or: -ENOENT, -ECONNREFUSED ... as ring_attach() at its
 * start; -ECANCELED the take's file could not be begun, *file_error says why;
 * -EIO the disk, take_finish() says why. */
int recorder_run(const struct recorder_config *config, struct take *t,
	struct recorder_stats *stats, int *file_error);

#endif
