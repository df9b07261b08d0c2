/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Starts the engine: this program again, with the two descriptors of the line
 * to us, a way to where the log goes, and nothing else of ours. */
#ifndef SPAWN_H
#define SPAWN_H

#include <sys/types.h>

/* control: 0 and *engine, or -errno; fd and memory_fd stay the caller's */
int engine_spawn(
	pid_t *engine, char *const *engine_argv, int fd, int memory_fd);

#endif
