/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The driver's news: what it finds goes to the model, what it mixes to the
 * rings; when PipeWire has gone, it is waited for. */
#include "control/engine/engine_sound.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "core/limits.h"
#include "core/log.h"
#include "core/resident.h"

#include "control/engine/engine_copy.h"
#include "control/engine/engine_midi.h"
#include "control/engine/engine_ring.h"
#include "control/engine/engine_shared.h"
#include "control/engine/engine_tempo.h"
#include "driver/bus_name.h"

#define RETRY_FIRST_NS (100 * ENGINE_MS)
#define RETRY_MAX_NS   (2000 * ENGINE_MS)
#define RING_SECONDS   4 /* a recorder may be late by this much */

/* ---- rings ---- */

/* The ring's limits are its own, since they are another process's as well. */
_Static_assert(
	RATE_MIN_HZ >= RING_RATE_MIN_HZ && RATE_MAX_HZ <= RING_RATE_MAX_HZ &&
		BLOCK_MIN >= RING_BLOCK_MIN && BLOCK_MAX <= RING_BLOCK_MAX,
	"every graph's block fits into a ring");
_Static_assert(STRIPS_MAX + BUSES_MAX <= RING_SHARES_MAX,
	"a ring for each strip and bus");

static uint32_t
ring_capacity(uint32_t rate_hz)
{
	uint32_t frames = RING_CAPACITY_MIN;

	while (frames < rate_hz * RING_SECONDS && frames < RING_CAPACITY_MAX)
		frames *= 2;
	return frames;
}

static void
ring_start(struct engine *e, uint32_t bus, uint32_t rate_hz, uint32_t block)
{
	const char *name = e->config->model.bus_name[bus];
	struct ring_config shape = {
		.rate_hz = rate_hz,
		.channels = 2,
		.capacity_frames = ring_capacity(rate_hz),
		.block_frames = block,
		.channel_names = {"FL", "FR"},
	};
	bool locked = true;
	int ret;

	if (!e->share)
		return;
	snprintf(shape.device, sizeof(shape.device), "Tapdeck %s", name);
	ret = ring_share_publish(
		e->share, name, &shape, &e->ring[bus], &locked);
	if (ret < 0) {
		log_line("tapdeck: the ring of %s: %s", name, strerror(-ret));
		return;
	}
	e->unlocked |= !locked;
	e->has_ring[bus] = true;
	mixer_set_ring(e->mixer, bus, &e->ring[bus]);
}

static void
ring_stop(struct engine *e, uint32_t bus)
{
	if (!e->has_ring[bus])
		return;
	e->has_ring[bus] = false;
	mixer_set_ring(e->mixer, bus, NULL);
	ring_share_withdraw(e->share, e->config->model.bus_name[bus]);
}

/* Said once: the limit stays what it is. */
static void
unlocked_say(struct engine *e)
{
	struct rlimit limit = {0, 0};
	char line[240];

	if (e->unlocked_said || (!e->unlocked && resident_all_locked()))
		return;
	e->unlocked_said = true;
	getrlimit(RLIMIT_MEMLOCK, &limit);
	snprintf(line, sizeof(line),
		"memory of the audio thread is not locked (the limit is %llu "
		"KiB): it may drop out when the machine swaps; raise memlock "
		"in /etc/security/limits.d, for example \"@audio - memlock "
		"262144\"",
		(unsigned long long)limit.rlim_cur / 1024);
	engine_say(e, line);
}

/* ---- the driver's news ---- */

static void
on_start(void *data, struct mixer *m, struct reflex *x, uint32_t rate_hz,
	uint32_t block_frames)
{
	struct engine *e = data;

	e->mixer = m;
	e->reflex = x;
	e->retry_ns = 0;
	e->rate_hz = rate_hz;
	e->block_frames = block_frames;
	for (uint32_t b = 0; b < e->config->model.buses; b++)
		if (bus_name_loop(e->config->model.bus_name[b]) > 0)
			ring_start(e, b, rate_hz, block_frames);
	unlocked_say(e);
	model_mixer_start(e->model, m, rate_hz);
	engine_tempo_audio(e, rate_hz);
	engine_midi_audio(e);
}

static void
on_stop(void *data, const char *why)
{
	struct engine *e = data;
	char line[160];

	if (!e->ended) {
		snprintf(line, sizeof(line), "audio stops: %s", why);
		engine_say(e, line);
	}
	model_mixer_stop(e->model);
	osc_loudness_stop(&e->services);
	engine_rings_free(e);
	for (uint32_t b = 0; b < e->config->model.buses; b++)
		ring_stop(e, b);
	e->mixer = NULL;
	e->reflex = NULL;
	engine_tempo_audio(e, 0);
	engine_midi_audio(e);
}

static uint32_t
on_stream(void *data, const struct driver_stream *s, char key[APP_KEY_MAX],
	char name[APP_NAME_MAX])
{
	struct engine *e = data;

	return model_stream(e->model, s, key, name);
}

static void
on_app(void *data, const struct app *app)
{
	struct engine *e = data;

	model_app(e->model, app);
}

static void
on_app_gone(void *data, uint32_t app_id)
{
	struct engine *e = data;

	model_app_gone(e->model, app_id);
}

static void
on_midi(void *data, uint32_t in, uint32_t out, bool flows)
{
	engine_midi_links(data, in, out);
	if (flows)
		engine_midi_flows(data);
}

static const struct driver_events driver_events = {
	.start = on_start,
	.stop = on_stop,
	.stream = on_stream,
	.app = on_app,
	.app_gone = on_app_gone,
	.midi = on_midi,
	.midi_came = engine_midi_came,
	.turn = engine_beat,
	.say = engine_say,
};

int
engine_tap(void *data, uint32_t app_id, int strip, enum tap_mode mode,
	uint32_t pair)
{
	struct engine *e = data;

	if (mode == TAP_TAKE && strip >= 0 && engine_copies_only(e)) {
		engine_copy(e, strip); /* and then it is asked for that */
		return 0;
	}
	return e->driver ? driver_tap(e->driver, app_id, strip, mode, pair)
			 : -ENOENT;
}

static void
retry_later(struct engine *e)
{
	e->retry_ns = e->retry_ns ? e->retry_ns * 2 : RETRY_FIRST_NS;
	if (e->retry_ns > RETRY_MAX_NS)
		e->retry_ns = RETRY_MAX_NS;
	loop_timer_again(e->loop, e->retry_timer, e->retry_ns);
}

static void
driver_lost(struct engine *e)
{
	loop_remove(e->loop, driver_fd(e->driver));
	driver_close(e->driver);
	e->driver = NULL;
	model_apps_gone(e->model);
	engine_say(e, "PipeWire has gone; waiting for it");
	retry_later(e);
}

static void
on_driver_ready(void *data, short revents)
{
	struct engine *e = data;

	(void)revents;
	if (driver_dispatch(e->driver) < 0 && !e->ended)
		driver_lost(e);
}

int
engine_driver_start(struct engine *e)
{
	struct driver_config config = {
		.strips = e->config->model.strips,
		.buses = e->config->model.buses,
		.block_frames = e->config->block_frames,
		.rate = e->config->rate,
		.supervisor = e->supervisor,
		.files = e->files,
	};
	int ret;

	memcpy(config.bus_name, e->config->model.bus_name,
		sizeof(config.bus_name));
	memcpy(config.bus_sink, e->config->bus_sink, sizeof(config.bus_sink));
	ret = driver_open(&e->driver, &config, &driver_events, e);
	if (ret < 0)
		return ret;
	ret = loop_add(
		e->loop, driver_fd(e->driver), POLLIN, on_driver_ready, e);
	if (ret < 0) {
		driver_close(e->driver);
		e->driver = NULL;
		return ret;
	}
	on_driver_ready(e, 0); /* what it has queued must go out */
	return 0;
}

void
engine_driver_retry(void *data)
{
	struct engine *e = data;

	if (e->driver || engine_driver_start(e) == 0)
		return;
	retry_later(e);
}
