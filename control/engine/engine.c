/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wires model, OSC, driver, rings and the line to the supervisor on one
 * loop. It decides nothing that one of them could decide. */
#include "control/engine/engine.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "control/devices/devices.h"
#include "control/engine/engine_assign.h"
#include "control/engine/engine_midi.h"
#include "control/engine/engine_network.h"
#include "control/engine/engine_osc.h"
#include "control/engine/engine_reload.h"
#include "control/engine/engine_shared.h"
#include "control/engine/engine_sound.h"
#include "control/engine/engine_state.h"
#include "control/engine/engine_tempo.h"
#include "control/engine/zeroconf.h"
#include "control/state/state.h"
#include "control/tempo/tempo.h"
#include "control/util/check.h"
#include "core/log.h"

/* ---- the supervisor's news ---- */

static void
end(struct engine *e, int code)
{
	if (e->ended)
		return;
	e->ended = true;
	if (e->driver)
		driver_release_all(e->driver);
	loop_stop(e->loop, code);
}

static void
on_quit(void *data)
{
	end(data, EX_OK);
}

static void
on_orphaned(void *data)
{
	struct engine *e = data;
	int ret;

	if (e->ended)
		return;
	/* Its log has gone with it. */
	log_start(supervisor_client_log_fd(e->supervisor), NULL);
	ret = supervisor_recover();
	if (ret < 0)
		log_line("tapdeck: the supervisor is gone; its programs could "
			 "not be given back: %s; the next `tapdeck run` tries "
			 "again",
			strerror(-ret));
	else
		log_line("tapdeck: the supervisor is gone; gave its programs "
			 "back");
	e->ended = true;
	loop_stop(e->loop, EX_SOFTWARE);
}

static const struct supervisor_events supervisor_events = {
	.quit = on_quit,
	.orphaned = on_orphaned,
};

static void
on_supervisor_ready(void *data, short revents)
{
	struct engine *e = data;

	(void)revents;
	supervisor_client_dispatch(e->supervisor);
}

static void
on_beat(void *data)
{
	struct engine *e = data;
	struct driver_status status;

	engine_status(e, &status);
	if (status.rate_hz)
		atomic_store(&e->shared->block_ns,
			(uint32_t)((uint64_t)status.block_frames * 1000000000u /
				   status.rate_hz));
}

static int
supervisor_start(struct engine *e)
{
	int ret = supervisor_client_open(&e->supervisor, &supervisor_events, e);

	if (ret == -ENOENT) {
		e->supervisor = NULL;
		return log_start(-1, NULL);
	}
	if (ret < 0)
		return ret;
	e->shared = supervisor_client_shared(e->supervisor);
	log_share(&e->shared->lines_dropped);
	ret = loop_add(e->loop, supervisor_client_fd(e->supervisor), POLLIN,
		on_supervisor_ready, e);
	if (ret < 0)
		return ret;
	loop_set_beat(e->loop, engine_beat, e);
	return loop_timer(e->loop, 0, HEARTBEAT_MS * ENGINE_MS, on_beat, e);
}

/* ---- life ---- */

static void
on_share_ready(void *data, short revents)
{
	struct engine *e = data;

	(void)revents;
	ring_share_dispatch(e->share);
}

static bool
folder_is_at_fault(int error)
{
	return error == -EROFS || error == -ENOSPC || error == -EDQUOT;
}

static int
share_start(struct engine *e)
{
	int ret = ring_share_open(&e->share, NULL);

	if (folder_is_at_fault(ret)) {
		log_line("tapdeck: no rings for `tapdeck record`: "
			 "$XDG_RUNTIME_DIR/tapdeck: %s",
			strerror(-ret));
		e->share = NULL;
		return 0;
	}
	if (ret < 0) {
		log_line("tapdeck run: the ring's socket in "
			 "$XDG_RUNTIME_DIR/tapdeck: %s",
			strerror(-ret));
		return ret;
	}
	return loop_add(
		e->loop, ring_share_fd(e->share), POLLIN, on_share_ready, e);
}

static void
on_signal(void *data, short signo)
{
	(void)signo;
	end(data, EX_OK);
}

static void
say_hello(struct engine *e)
{
	char line[200];

	snprintf(line, sizeof(line),
		"OSC on %s port %u; recorded as Tapdeck Loopback, or by "
		"`tapdeck record`",
		e->config->osc.network ? "all addresses," : e->config->osc.bind,
		osc_port(e->osc));
	engine_say(e, line);
	engine_network_start(e);
}

/* What the options and the file have come to, together. */
static int
check(const struct engine *e)
{
	char why[CHECK_WHY_MAX];

	if (engine_config_check(e->config, why) == 0)
		return EX_OK;
	log_line("tapdeck run: %s", why);
	return EX_CONFIG;
}

static int
prepare(struct engine *e)
{
	int ret;

	signal(SIGPIPE, SIG_IGN);
	if ((ret = loop_new(&e->loop)) < 0 || (ret = supervisor_start(e)) < 0 ||
		(ret = engine_model_start(e)) < 0) {
		log_line("tapdeck run: %s", strerror(-ret));
		return EX_OSERR;
	}
	/* Ctrl-C reaches the whole group; the supervisor decides. */
	if (e->supervisor)
		signal(SIGINT, SIG_IGN);
	else
		loop_signal(e->loop, SIGINT, on_signal, e);
	loop_signal(e->loop, SIGTERM, on_signal, e);
	e->retry_timer =
		loop_timer(e->loop, UINT64_MAX / 2, 0, engine_driver_retry, e);
	if (e->retry_timer < 0)
		return EX_OSERR;
	model_set_loop(e->model, e->loop);
	if (engine_tempo_start(e) < 0)
		return EX_OSERR;
	if (engine_osc_start(e) < 0 || share_start(e) < 0)
		return EX_TEMPFAIL;
	engine_port_tell(e);
	say_hello(e);
	engine_reload_start(e);
	e->files = desktop_files_new();
	if (engine_driver_start(e) < 0) {
		log_line(
			"tapdeck run: no PipeWire to talk to; start it with "
			"`systemctl --user start pipewire wireplumber`, or try "
			"`make demo`");
		return EX_UNAVAILABLE;
	}
	engine_midi_start(e);
	return EX_OK;
}

static void
finish(struct engine *e)
{
	e->ended = true;
	driver_close(e->driver);
	desktop_files_free(e->files);
	if (e->share) /* else the port file is another one's */
		engine_port_forget();
	zeroconf_stop(e->zeroconf);
	scenes_close(e->scenes);
	osc_close(e->osc);
	services_done(&e->services);
	devices_close(e->midi);
	tempo_free(e->tempo);
	ring_share_close(e->share);
	state_close(e->state);
	engine_assign_stop(e);
	engine_reload_stop(e);
	model_free(e->model);
	log_share(NULL);
	log_stop(LOG_LAST_MS);
	supervisor_client_close(e->supervisor);
	loop_free(e->loop);
	free(e->memory);
	free(e);
}

int
engine_run(
	const struct engine_config *config, const struct engine_reread *reread)
{
	struct engine *e = calloc(1, sizeof(*e));
	int code;

	if (!e)
		return EX_OSERR;
	e->config = config;
	e->reread = reread;
	code = check(e);
	code = code == EX_OK ? prepare(e) : code;
	if (code == EX_OK)
		code = loop_run(e->loop);
	finish(e);
	return code;
}
