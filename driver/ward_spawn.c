/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/ward_spawn.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driver/ward_wire.h"

/* The environment with where the line's descriptors are. */
static char **
engine_environment(int fd, int memory_fd)
{
	static char line[64], memory[64];
	size_t n = 0;
	char **env;

	snprintf(line, sizeof(line), WARD_ENV_SOCKET "=%d", fd);
	snprintf(memory, sizeof(memory), WARD_ENV_MEMORY "=%d", memory_fd);
	while (environ[n])
		n++;
	if (!(env = calloc(n + 3, sizeof(*env))))
		return NULL;
	memcpy(env, environ, n * sizeof(*env));
	env[n] = line;
	env[n + 1] = memory;
	return env;
}

/* posix_spawn and not fork: libpipewire has threads of its own here. A
 * descriptor duplicated onto itself loses its close-on-exec. A process group of
 * its own, so that a Ctrl-C reaches us alone: we ask it to end, in order. */
int
ward_spawn(pid_t *engine, char *const *engine_argv, int fd, int memory_fd)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none;
	char **env = engine_environment(fd, memory_fd);
	int res;

	if (!env)
		return -ENOMEM;
	sigemptyset(&none);
	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(
		&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
	posix_spawnattr_setsigmask(&attr, &none);
	res = posix_spawn_file_actions_adddup2(&files, fd, fd);
	if (res == 0)
		res = posix_spawn_file_actions_adddup2(
			&files, memory_fd, memory_fd);
	if (res == 0)
		res = posix_spawn(engine, "/proc/self/exe", &files, &attr,
			engine_argv, env);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	free(env);
	return -res;
}
