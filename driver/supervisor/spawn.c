/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/supervisor/spawn.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/log.h"
#include "driver/supervisor/supervisor_wire.h"

/* What the engine gets of ours: a variable that says where it is. */
struct gift {
	const char *name;
	int fd; /* -1: it is not given */
	char text[64];
};

/* Ours, and where the gifts are. */
static char **
engine_environment(struct gift *gifts, size_t count)
{
	size_t n = 0;
	char **env;

	while (environ[n])
		n++;
	if (!(env = calloc(n + count + 1, sizeof(*env))))
		return NULL;
	memcpy(env, environ, n * sizeof(*env));
	for (size_t i = 0; i < count; i++) {
		if (gifts[i].fd < 0)
			continue;
		snprintf(gifts[i].text, sizeof(gifts[i].text), "%s=%d",
			gifts[i].name, gifts[i].fd);
		env[n++] = gifts[i].text;
	}
	return env;
}

/* posix_spawn and not fork: libpipewire has threads of its own here. A
 * descriptor duplicated onto itself loses its close-on-exec. A process group of
 * its own, so that a Ctrl-C reaches us alone: we ask it to end, in order. */
int
engine_spawn(pid_t *engine, char *const *engine_argv, int fd, int memory_fd)
{
	struct gift gifts[] = {
		{.name = SUPERVISOR_ENV_SOCKET, .fd = fd},
		{.name = SUPERVISOR_ENV_MEMORY, .fd = memory_fd},
		{.name = SUPERVISOR_ENV_LOG, .fd = log_fd()},
	};
	const size_t count = sizeof(gifts) / sizeof(gifts[0]);
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none;
	char **env = engine_environment(gifts, count);
	int res = 0;

	if (!env)
		return -ENOMEM;
	sigemptyset(&none);
	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(
		&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
	posix_spawnattr_setsigmask(&attr, &none);
	for (size_t i = 0; i < count && res == 0; i++)
		if (gifts[i].fd >= 0)
			res = posix_spawn_file_actions_adddup2(
				&files, gifts[i].fd, gifts[i].fd);
	if (res == 0)
		res = posix_spawn(engine, "/proc/self/exe", &files, &attr,
			engine_argv, env);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	free(env);
	return -res;
}
