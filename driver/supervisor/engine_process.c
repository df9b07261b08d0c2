/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The supervisor's engine: the line to it, its start, its end.
 *
 * When it dies or hangs, programs are sent home first and everything else comes
 * after. A hung engine is killed and never asked: it is stopped, or its audio
 * thread spins, and either way it would not answer. */
#include "driver/supervisor/supervisor_own.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "core/log.h"
#include "driver/pipewire/graph/wireplumber.h"
#include "driver/program/process.h"
#include "driver/supervisor/claim.h"
#include "driver/timer.h"

#define STILL_NS (1000 * MS_NS) /* a standstill is news */

/* ---- the line to the engine ---- */

void
engine_tell(struct supervisor *w, enum supervisor_word word)
{
	struct supervisor_message m = {.word = word};

	if (w->fd < 0)
		return;
	/* An engine that reads nothing is about to be found hung. */
	send(w->fd, &m, sizeof(m), MSG_NOSIGNAL | MSG_DONTWAIT);
}

void
engine_line_close(struct supervisor *w)
{
	source_end(w->loop, &w->line);
	if (w->fd >= 0)
		close(w->fd);
	w->fd = -1;
}

/* The engine takes the flag back when its user asks for it; what it asks for
 * after that comes on the line, and may be here first. */
static void
see_retake(struct supervisor *w)
{
	/* acquire: pairs with the release of the engine, which asks later */
	if (!w->fate.copy_only || atomic_load_explicit(&w->shared->copy_only,
					  memory_order_acquire))
		return;
	fate_forgive(&w->fate);
	supervisor_complain("programs are taken again, as asked");
}

static void
engine_heard(struct supervisor *w, const struct supervisor_message *m)
{
	see_retake(w);
	if (m->word == SUPERVISOR_PARK || m->word == SUPERVISOR_PARK_SENT) {
		if (!w->fate.copy_only)
			park_request(&w->park, m->serial,
				m->word == SUPERVISOR_PARK_SENT);
	} else if (m->word == SUPERVISOR_RESTORE) {
		park_cancel(&w->park, m->serial);
	}
}

static void
on_line(void *data, int fd, uint32_t mask)
{
	struct supervisor *w = data;
	struct supervisor_message m;
	ssize_t n = 0;
	unsigned heard = 0;

	while (heard < 256 && (n = recv(fd, &m, sizeof(m), MSG_DONTWAIT)) > 0) {
		if (n == (ssize_t)sizeof(m))
			engine_heard(w, &m);
		heard++;
	}
	if (heard > 64)
		engine_tell(w, SUPERVISOR_WAKE);
	if (n == 0 || (mask & (SPA_IO_ERR | SPA_IO_HUP) && n < 0)) {
		/* It is dying; SIGCHLD tells the rest. */
		park_engine_gone(&w->park);
		engine_line_close(w);
	}
}

/* ---- its start ---- */

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
static int
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

static void
shared_reset(struct supervisor_shared *s)
{
	atomic_store(&s->audio_runs, 0);
	atomic_store(&s->audio_turns, 0);
	atomic_store(&s->control_beats, 0);
	atomic_fetch_add(&s->engine_starts, 1);
}

static int
engine_start(struct supervisor *w)
{
	int pair[2];
	int res;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;
	shared_reset(w->shared);
	res = engine_spawn(
		&w->engine, w->options->engine_argv, pair[1], w->memory_fd);
	close(pair[1]);
	if (res < 0) {
		w->engine = 0;
		close(pair[0]);
		return res;
	}
	w->fd = pair[0];
	w->line = pw_loop_add_io(w->loop, w->fd,
		SPA_IO_IN | SPA_IO_HUP | SPA_IO_ERR, false, on_line, w);
	w->spawn_ns = INT64_MAX;
	w->told_lives = false;
	w->stood_ns = 0;
	w->born_ns = supervisor_now_ns();
	heartbeat_start(&w->watch, w->born_ns);
	return 0;
}

void
engine_start_if_due(struct supervisor *w)
{
	int res;

	if (w->engine || supervisor_now_ns() < w->spawn_ns)
		return;
	if ((res = engine_start(w)) < 0) {
		supervisor_complain("the engine: %s", strerror(-res));
		supervisor_leave(w, EX_OSERR);
	}
}

/* ---- its end ---- */

static void
tell_end(int status, bool lived, int wait_ms)
{
	if (WIFSIGNALED(status))
		supervisor_complain(
			"the engine was ended by signal %d (%s); its programs "
			"are back where they were; starting it again",
			WTERMSIG(status), strsignal(WTERMSIG(status)));
	else if (lived)
		supervisor_complain(
			"the engine ended with code %d; its programs are "
			"back where they were; starting it again",
			WEXITSTATUS(status));
	else
		supervisor_complain(
			"the engine could not start (code %d); trying "
			"again in %d ms",
			WEXITSTATUS(status), wait_ms);
}

static void
copy_only(struct supervisor *w)
{
	if (supervisor_copy_only(w->shared))
		return;
	/* relaxed: one flag; the next engine is started after this */
	atomic_store_explicit(&w->shared->copy_only, 1, memory_order_relaxed);
	supervisor_complain(
		"%d engines ended young: from now on programs are only "
		"copied, and play where they played; `tapdeck retake` "
		"takes them again",
		FATE_CRASHES_MAX);
}

static void
engine_ended(struct supervisor *w, int status)
{
	const struct engine_death death = {
		.lived = atomic_load(&w->shared->control_beats) ||
			 atomic_load(&w->shared->audio_turns),
		.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
		.age_ms = (supervisor_now_ns() - w->born_ns) / MS_NS,
	};
	int wait_ms;

	park_engine_gone(&w->park);
	engine_line_close(w);
	w->engine = 0;
	wait_ms = fate_next(&w->fate, &death);
	if (w->stopping || wait_ms < 0) {
		supervisor_leave(w, w->stopping ? 0 : death.code);
		return;
	}
	tell_end(status, death.lived, wait_ms);
	if (w->fate.copy_only)
		copy_only(w);
	w->spawn_ns = supervisor_now_ns() + wait_ms * MS_NS;
	engine_start_if_due(w);
}

void
supervisor_leave(struct supervisor *w, int exit_code)
{
	if (w->leaving)
		return;
	w->leaving = true;
	w->exit_code = exit_code;
	w->leave_ns = supervisor_now_ns() + (int64_t)WIREPLUMBER_SETTLE_NS;
	w->spawn_ns = INT64_MAX;
	park_engine_gone(&w->park);
}

static const char *
hang_text(enum health health)
{
	switch (health) {
	case HEALTH_HUNG_IN_CYCLE:
		return "its audio thread does not end a cycle";
	case HEALTH_HUNG_STOPPED:
		return "it is stopped";
	default:
		return "its control thread is silent";
	}
}

static void
engine_hung(struct supervisor *w, enum health health)
{
	int64_t hung_ns = health == HEALTH_HUNG_IN_CYCLE ? w->watch.inside_ns
							 : w->watch.silent_ns;

	park_engine_gone(&w->park);
	kill(w->engine, SIGKILL);
	supervisor_complain("the engine hangs: %s for %lld ms; ended it",
		hang_text(health), (long long)(hung_ns / MS_NS));
	/* SIGCHLD does the rest; until then it is not found hung again */
	heartbeat_start(&w->watch, supervisor_now_ns());
}

void
engine_reap(struct supervisor *w)
{
	int status;

	if (w->engine && waitpid(w->engine, &status, WNOHANG) == w->engine)
		engine_ended(w, status);
}

/* ---- its health ---- */

/* News, and no more: the engine is well. */
static void
tell_standstill(struct supervisor *w)
{
	int64_t still_ns = w->watch.still_ns;

	if (still_ns >= STILL_NS && w->stood_ns < STILL_NS)
		supervisor_complain(
			"no audio cycle for %.1f s: PipeWire, a sound "
			"card or a program in the graph stands still",
			(double)still_ns / 1e9);
	if (still_ns < w->stood_ns && w->stood_ns >= STILL_NS)
		supervisor_complain("audio goes on after %.1f s",
			(double)w->stood_ns / 1e9);
	w->stood_ns = still_ns;
}

void
engine_watch(struct supervisor *w, int64_t now_ns)
{
	char state =
		heartbeat_doubts(&w->watch) ? process_state(w->engine) : '?';
	enum health health =
		heartbeat_tick(&w->watch, w->shared, state, now_ns);

	if (health != HEALTH_WELL) {
		engine_hung(w, health);
		return;
	}
	tell_standstill(w);
	see_retake(w);
	/* The cable is for an engine that plays what it takes. */
	if (!w->told_lives && !w->fate.copy_only &&
		atomic_load(&w->shared->audio_turns) > 1 && w->line) {
		w->told_lives = true;
		park_engine_lives(&w->park);
	}
}
