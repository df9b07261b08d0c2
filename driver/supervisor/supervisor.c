/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The supervisor's life: its set-up, its signals, its time, its end. */
#include "driver/supervisor/supervisor_own.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sysexits.h>
#include <unistd.h>

#include "core/log.h"
#include "driver/pipewire/sinks/sound_device.h"
#include "driver/supervisor/claim.h"
#include "driver/timer.h"

#define RECOVER_NS (1000 * MS_NS) /* then the engine starts without */
#define QUIT_NS	   (3000 * MS_NS) /* the engine's time to end */

/* ---- signals, time ---- */

static void
on_signal(void *data, int signal_number)
{
	struct supervisor *w = data;

	if (signal_number == SIGCHLD) {
		engine_reap(w);
		return;
	}
	if (w->stopping && w->engine)
		kill(w->engine, SIGKILL); /* asked twice */
	w->stopping = true;
	w->kill_ns = supervisor_now_ns() + QUIT_NS;
	if (w->engine)
		engine_tell(w, SUPERVISOR_QUIT);
	else
		supervisor_leave(w, 0);
}

static void
tell_journal(struct supervisor *w)
{
	int trouble = journal_trouble(w->journal);

	if (trouble == w->journal_told)
		return;
	if (trouble)
		supervisor_complain(
			"the journal in $XDG_RUNTIME_DIR/tapdeck cannot "
			"be written (%s): programs are taken and put "
			"back all the same, but not if this process is "
			"killed",
			strerror(-trouble));
	else
		supervisor_complain("the journal can be written again");
	w->journal_told = trouble;
}

static void
on_tick(void *data, uint64_t expirations)
{
	struct supervisor *w = data;
	int64_t now = supervisor_now_ns();

	(void)expirations;
	tell_journal(w);
	if (w->leaving) {
		if (park_settled(&w->park) || now > w->leave_ns)
			pw_main_loop_quit(w->main_loop);
		return;
	}
	if (w->engine && w->stopping && now > w->kill_ns) {
		supervisor_complain(
			"the engine did not end in %lld s; ending it",
			QUIT_NS / (1000 * MS_NS));
		kill(w->engine, SIGKILL);
		w->kill_ns = INT64_MAX;
	} else if (w->engine) {
		engine_watch(w, now);
	}
	engine_start_if_due(w);
}

/* ---- the parking's events ---- */

static void
on_say(void *data, const char *line)
{
	(void)data;
	supervisor_complain("%s", line);
}

static void
on_recovered(void *data)
{
	struct supervisor *w = data;

	/* the first engine waits for this; a later one for its backoff */
	if (w->born_ns || w->leaving)
		return;
	w->spawn_ns = 0;
	engine_start_if_due(w);
}

static const struct park_events park_events = {
	.say = on_say,
	.recovered = on_recovered,
};

/* ---- set-up ---- */

static int
shared_open(struct supervisor *w)
{
	uint64_t random;

	w->memory_fd = memfd_create("tapdeck-supervisor", MFD_CLOEXEC);
	if (w->memory_fd < 0 || ftruncate(w->memory_fd, sizeof(*w->shared)) < 0)
		return -errno;
	w->shared = mmap(NULL, sizeof(*w->shared), PROT_READ | PROT_WRITE,
		MAP_SHARED, w->memory_fd, 0);
	if (w->shared == MAP_FAILED) {
		w->shared = NULL;
		return -errno;
	}
	/* A name of this run's own: WirePlumber remembers names, and one that
	 * came back would swallow programs. */
	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		return -errno;
	assert(w->options->config_bytes <= SUPERVISOR_CONFIG_BYTES);
	if (w->options->config)
		memcpy(w->shared->config, w->options->config,
			w->options->config_bytes);
	snprintf(w->shared->park_sink, sizeof(w->shared->park_sink),
		"tapdeck.park-%016" PRIx64, random);
	if (w->options->cable)
		snprintf(w->shared->cable_sink, sizeof(w->shared->cable_sink),
			SOUND_DEVICE_CABLE_NAME);
	return 0;
}

static int
loop_open(struct supervisor *w)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGCHLD};

	w->main_loop = pw_main_loop_new(NULL);
	if (!w->main_loop)
		return -ENOMEM;
	w->loop = pw_main_loop_get_loop(w->main_loop);
	/* Ctrl-Z would leave the parked programs silent. */
	signal(SIGTSTP, SIG_IGN);
	signal(SIGTTOU, SIG_IGN); /* the engine's too: its group is not ours */
	signal(SIGPIPE, SIG_IGN); /* who reads our log may go */
	for (size_t i = 0; i < SPA_N_ELEMENTS(signals); i++) {
		w->signals[i] =
			pw_loop_add_signal(w->loop, signals[i], on_signal, w);
		if (!w->signals[i])
			return -errno;
	}
	w->tick = pw_loop_add_timer(w->loop, on_tick, w);
	if (!w->tick)
		return -errno;
	timer_every(w->loop, w->tick, HEARTBEAT_TICK_MS * MS_NS);
	return 0;
}

static int
supervisor_open(struct supervisor *w)
{
	struct park_config config = {
		.cable = w->options->cable,
		.grab = w->options->grab_new,
	};
	int code, res;

	if ((code = supervisor_claim(&w->lock_fd, &w->journal)))
		return code;
	if ((res = loop_open(w)) < 0) {
		supervisor_complain("%s", strerror(-res));
		return EX_OSERR;
	}
	config.loop = w->loop;
	config.journal = w->journal;
	config.park_sink = w->shared->park_sink;
	res = park_open(&w->park, &config, &park_events, w);
	if (res < 0) {
		supervisor_complain(SOUND_DEVICE_NO_PIPEWIRE);
		return EX_UNAVAILABLE;
	}
	w->spawn_ns = supervisor_now_ns() + RECOVER_NS;
	return 0;
}

static void
supervisor_close(struct supervisor *w)
{
	engine_line_close(w);
	park_close(&w->park);
	for (size_t i = 0; i < SPA_N_ELEMENTS(w->signals); i++)
		source_end(w->loop, &w->signals[i]);
	source_end(w->loop, &w->tick);
	if (w->main_loop)
		pw_main_loop_destroy(w->main_loop);
	journal_close(w->journal);
	if (w->lock_fd >= 0)
		close(w->lock_fd);
}

/* First of all, since PipeWire's library has a log as well. */
static int
log_open(struct supervisor *w)
{
	int res = shared_open(w);

	if (res == 0)
		res = log_start(-1, &w->shared->lines_dropped);
	if (res < 0)
		supervisor_complain("%s", strerror(-res));
	return res;
}

static void
log_close(struct supervisor *w)
{
	if (log_stop(LOG_LAST_MS) && w->shared)
		munmap(w->shared, sizeof(*w->shared));
	if (w->memory_fd >= 0)
		close(w->memory_fd);
}

int
supervisor_run(const struct supervisor_options *options)
{
	struct supervisor *w = calloc(1, sizeof(*w));
	int code = EX_OSERR;

	if (!w) {
		supervisor_complain("%s", strerror(ENOMEM));
		return EX_OSERR;
	}
	w->options = options;
	w->fd = w->memory_fd = w->lock_fd = -1;
	w->spawn_ns = INT64_MAX;
	if (log_open(w) == 0) {
		pw_init(NULL, NULL);
		code = supervisor_open(w);
		if (code == 0) {
			pw_main_loop_run(w->main_loop);
			code = w->exit_code;
		}
		supervisor_close(w);
		pw_deinit();
	}
	log_close(w);
	free(w);
	return code;
}
