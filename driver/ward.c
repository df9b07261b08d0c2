/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The supervisor's life: starts the engine, watches it, starts it again.
 *
 * When the engine dies or hangs, programs are sent home first and everything
 * else comes after. A hung engine is killed and never asked: it is stopped, or
 * its audio thread spins, and either way it would not answer. */
#include "driver/ward.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "driver/pw_device.h"
#include "driver/ward_claim.h"
#include "driver/ward_park.h"
#include "driver/ward_spawn.h"
#include "driver/ward_watch.h"
#include "driver/ward_wire.h"

#define MS 1000000ll

#define RECOVER_NS (1000 * MS) /* then the engine starts without */
#define QUIT_NS	   (3000 * MS) /* the engine's time to end */
#define SETTLE_NS  (1000 * MS) /* WirePlumber's time to put all back */
#define STILL_NS   (1000 * MS) /* a standstill is news */
#define YOUNG_NS   (5000 * MS) /* dead before: back off */

struct ward {
	const struct ward_options *options;
	struct pw_main_loop *main_loop;
	struct pw_loop *loop;
	struct journal *journal;
	struct ward_park park;
	struct ward_shared *shared;
	int memory_fd;
	int lock_fd;
	struct spa_source *tick;
	struct spa_source *signals[4];

	pid_t engine; /* 0: none */
	int fd;	      /* the line to it, -1: none */
	struct spa_source *line;
	struct ward_watch watch;
	int64_t stood_ns; /* the graph, at the last tick */
	bool told_lives;
	int64_t born_ns;
	int64_t spawn_ns; /* when to start one; INT64_MAX: not now */
	unsigned young_deaths;
	int64_t kill_ns; /* when asking to end is over */
	bool stopping;	 /* a signal asked */
	bool leaving;	 /* the engine is gone for good; putting back */
	int64_t leave_ns;
	int exit_code;
};

static int64_t
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ll + t.tv_nsec;
}

/* ---- the line to the engine ---- */

static void
engine_tell(struct ward *w, enum ward_word word)
{
	struct ward_message m = {.word = word};

	if (w->fd < 0)
		return;
	/* An engine that reads nothing is about to be found hung. */
	send(w->fd, &m, sizeof(m), MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void
line_close(struct ward *w)
{
	if (w->line)
		pw_loop_destroy_source(w->loop, w->line);
	if (w->fd >= 0)
		close(w->fd);
	w->line = NULL;
	w->fd = -1;
}

static void
engine_heard(struct ward *w, const struct ward_message *m)
{
	if (m->word == WARD_PARK)
		ward_park_wish(&w->park, m->node_id, m->serial);
	else if (m->word == WARD_RELEASE)
		ward_park_unwish(&w->park, m->node_id, m->serial);
}

static void
on_line(void *data, int fd, uint32_t mask)
{
	struct ward *w = data;
	struct ward_message m;
	ssize_t n = 0;
	unsigned heard = 0;

	while (heard < 256 && (n = recv(fd, &m, sizeof(m), MSG_DONTWAIT)) > 0) {
		if (n == (ssize_t)sizeof(m))
			engine_heard(w, &m);
		heard++;
	}
	if (heard > 64)
		engine_tell(w, WARD_WAKE);
	if (n == 0 || (mask & (SPA_IO_ERR | SPA_IO_HUP) && n < 0)) {
		/* It is dying; SIGCHLD tells the rest. */
		ward_park_engine_gone(&w->park);
		line_close(w);
	}
}

/* ---- its start ---- */

static void
leave(struct ward *w, int exit_code)
{
	if (w->leaving)
		return;
	w->leaving = true;
	w->exit_code = exit_code;
	w->leave_ns = now_ns() + SETTLE_NS;
	w->spawn_ns = INT64_MAX;
	ward_park_engine_gone(&w->park);
}

static void
shared_reset(struct ward_shared *s)
{
	atomic_store(&s->audio_runs, 0);
	atomic_store(&s->audio_turns, 0);
	atomic_store(&s->control_beats, 0);
	atomic_fetch_add(&s->engine_starts, 1);
}

static int
engine_start(struct ward *w)
{
	int pair[2];
	int res;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;
	shared_reset(w->shared);
	res = ward_spawn(
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
	w->born_ns = now_ns();
	ward_watch_start(&w->watch, w->born_ns);
	return 0;
}

static void
engine_start_if_due(struct ward *w)
{
	int res;

	if (w->engine || now_ns() < w->spawn_ns)
		return;
	if ((res = engine_start(w)) < 0) {
		ward_complain("the engine: %s", strerror(-res));
		leave(w, EX_OSERR);
	}
}

/* ---- its end ---- */

static int64_t
backoff_ns(unsigned young_deaths)
{
	static const int ms[] = {0, 250, 500, 1000, 2000};
	unsigned last = sizeof(ms) / sizeof(ms[0]) - 1;

	return ms[young_deaths < last ? young_deaths : last] * MS;
}

static void
engine_ended(struct ward *w, int status)
{
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;

	ward_park_engine_gone(&w->park);
	line_close(w);
	w->engine = 0;
	if (w->stopping || code == 0) {
		leave(w, 0);
		return;
	}
	if (code >= EX__BASE && code <= EX__MAX && !w->watch.lives) {
		leave(w, code);
		return;
	}
	if (code >= 0)
		ward_complain("the engine ended with code %d; its programs are "
			      "back where they were; starting it again",
			code);
	else
		ward_complain(
			"the engine was ended by signal %d (%s); its programs "
			"are back where they were; starting it again",
			WTERMSIG(status), strsignal(WTERMSIG(status)));
	if (now_ns() - w->born_ns >= YOUNG_NS)
		w->young_deaths = 0;
	w->spawn_ns = now_ns() + backoff_ns(w->young_deaths++);
	engine_start_if_due(w);
}

static const char *
hang_text(enum ward_health health)
{
	switch (health) {
	case WARD_HUNG_IN_CYCLE:
		return "its audio thread does not end a cycle";
	case WARD_HUNG_STOPPED:
		return "it is stopped";
	default:
		return "its control thread is silent";
	}
}

static void
engine_hung(struct ward *w, enum ward_health health)
{
	int64_t hung_ns = health == WARD_HUNG_IN_CYCLE ? w->watch.inside_ns
						       : w->watch.silent_ns;

	ward_park_engine_gone(&w->park);
	kill(w->engine, SIGKILL);
	ward_complain("the engine hangs: %s for %lld ms; ended it",
		hang_text(health), (long long)(hung_ns / MS));
	/* SIGCHLD does the rest; until then it is not found hung again */
	ward_watch_start(&w->watch, now_ns());
}

static void
reap(struct ward *w)
{
	int status;

	if (w->engine && waitpid(w->engine, &status, WNOHANG) == w->engine)
		engine_ended(w, status);
}

/* ---- signals, time ---- */

static void
on_signal(void *data, int signal_number)
{
	struct ward *w = data;

	if (signal_number == SIGCHLD) {
		reap(w);
		return;
	}
	if (w->stopping && w->engine)
		kill(w->engine, SIGKILL); /* asked twice */
	w->stopping = true;
	w->kill_ns = now_ns() + QUIT_NS;
	if (w->engine)
		engine_tell(w, WARD_QUIT);
	else
		leave(w, 0);
}

/* News, and no more: the engine is well. */
static void
tell_standstill(struct ward *w)
{
	int64_t still_ns = w->watch.still_ns;

	if (still_ns >= STILL_NS && w->stood_ns < STILL_NS)
		ward_complain("no audio cycle for %.1f s: PipeWire, a sound "
			      "card or a program in the graph stands still",
			(double)still_ns / 1e9);
	if (still_ns < w->stood_ns && w->stood_ns >= STILL_NS)
		ward_complain("audio goes on after %.1f s",
			(double)w->stood_ns / 1e9);
	w->stood_ns = still_ns;
}

static void
watch(struct ward *w, int64_t now)
{
	char state = ward_watch_doubts(&w->watch) ? ward_watch_state(w->engine)
						  : '?';
	enum ward_health health =
		ward_watch_tick(&w->watch, w->shared, state, now);

	if (health != WARD_WELL) {
		engine_hung(w, health);
		return;
	}
	tell_standstill(w);
	/* The cable is for an engine that plays what it takes. */
	if (!w->told_lives && atomic_load(&w->shared->audio_turns) > 1 &&
		w->line) {
		w->told_lives = true;
		ward_park_engine_lives(&w->park);
	}
}

static void
on_tick(void *data, uint64_t expirations)
{
	struct ward *w = data;
	int64_t now = now_ns();

	(void)expirations;
	if (w->leaving) {
		if (ward_park_settled(&w->park) || now > w->leave_ns)
			pw_main_loop_quit(w->main_loop);
		return;
	}
	if (w->engine && w->stopping && now > w->kill_ns) {
		ward_complain("the engine did not end in %lld s; ending it",
			QUIT_NS / (1000 * MS));
		kill(w->engine, SIGKILL);
		w->kill_ns = INT64_MAX;
	} else if (w->engine) {
		watch(w, now);
	}
	engine_start_if_due(w);
}

/* ---- the parking's events ---- */

static void
on_say(void *data, const char *line)
{
	(void)data;
	ward_complain("%s", line);
}

static void
on_recovered(void *data)
{
	struct ward *w = data;

	/* the first engine waits for this; a later one for its backoff */
	if (w->born_ns || w->leaving)
		return;
	w->spawn_ns = 0;
	engine_start_if_due(w);
}

static const struct ward_park_events park_events = {
	.say = on_say,
	.recovered = on_recovered,
};

/* ---- set-up ---- */

static int
shared_open(struct ward *w)
{
	uint64_t random;

	w->memory_fd = memfd_create("tapdeck-ward", MFD_CLOEXEC);
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
	assert(w->options->config_bytes <= WARD_CONFIG_BYTES);
	if (w->options->config)
		memcpy(w->shared->config, w->options->config,
			w->options->config_bytes);
	snprintf(w->shared->park_sink, sizeof(w->shared->park_sink),
		"tapdeck.park-%016" PRIx64, random);
	if (w->options->cable)
		snprintf(w->shared->cable_sink, sizeof(w->shared->cable_sink),
			PW_DEVICE_CABLE_NAME);
	return 0;
}

static int
loop_open(struct ward *w)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGCHLD};
	struct timespec every = {0, WARD_TICK_MS * MS};

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
	pw_loop_update_timer(w->loop, w->tick, &every, &every, false);
	return 0;
}

static int
ward_open(struct ward *w)
{
	struct ward_park_config config = {
		.cable = w->options->cable,
		.grab = w->options->grab_new,
	};
	int code, res;

	if ((code = ward_claim(&w->lock_fd, &w->journal)))
		return code;
	if ((res = loop_open(w)) < 0 || (res = shared_open(w)) < 0) {
		ward_complain("%s", strerror(-res));
		return EX_OSERR;
	}
	config.loop = w->loop;
	config.journal = w->journal;
	config.park_sink = w->shared->park_sink;
	res = ward_park_open(&w->park, &config, &park_events, w);
	if (res < 0) {
		ward_complain(PW_DEVICE_NO_PIPEWIRE);
		return EX_UNAVAILABLE;
	}
	w->spawn_ns = now_ns() + RECOVER_NS;
	return 0;
}

static void
ward_close(struct ward *w)
{
	line_close(w);
	ward_park_close(&w->park);
	for (size_t i = 0; i < SPA_N_ELEMENTS(w->signals); i++)
		if (w->signals[i])
			pw_loop_destroy_source(w->loop, w->signals[i]);
	if (w->tick)
		pw_loop_destroy_source(w->loop, w->tick);
	if (w->main_loop)
		pw_main_loop_destroy(w->main_loop);
	journal_close(w->journal);
	if (w->shared)
		munmap(w->shared, sizeof(*w->shared));
	if (w->memory_fd >= 0)
		close(w->memory_fd);
	if (w->lock_fd >= 0)
		close(w->lock_fd);
	free(w);
}

int
ward_run(const struct ward_options *options)
{
	struct ward *w = calloc(1, sizeof(*w));
	int code;

	if (!w) {
		ward_complain("%s", strerror(ENOMEM));
		return EX_OSERR;
	}
	w->options = options;
	w->fd = w->memory_fd = w->lock_fd = -1;
	w->spawn_ns = INT64_MAX;
	pw_init(NULL, NULL);
	code = ward_open(w);
	if (code == 0) {
		pw_main_loop_run(w->main_loop);
		code = w->exit_code;
	}
	ward_close(w);
	pw_deinit();
	return code;
}
