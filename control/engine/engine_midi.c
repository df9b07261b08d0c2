/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The MIDI devices of the machine, and the MIDI ports of the driver's node. */
#include "control/engine/engine_midi.h"

#include <stdio.h>
#include <string.h>

#include "control/devices/devices.h"
#include "control/engine/engine_shared.h"
#include "control/model/model.h"
#include "control/tempo/tempo.h"
#include "core/log.h"

/* What begins to flow is shown all once more then. */
#define AGAIN_NS (200 * ENGINE_MS)

/* The graph's own ports know the frame, others a time. */
static void
on_clock(void *data, uint32_t device, const struct midi_event *event,
	uint64_t time_ns)
{
	struct engine *e = data;

	tempo_hear(e->tempo, device, event,
		e->midi_at ? (double)e->midi_at->frame
			   : tempo_frame(e->tempo, time_ns));
}

static float
on_peak(void *data, bool bus, uint32_t index)
{
	const struct engine *e = data;
	float side[2];

	if (!e->mixer)
		return -1.0f;
	for (uint32_t i = 0; i < 2; i++)
		side[i] =
			bus ? mixer_bus_meter(e->mixer, MIXER_PEAK, index, i)
			    : mixer_strip_meter(e->mixer, MIXER_PEAK, index, i);
	return side[0] > side[1] ? side[0] : side[1];
}

/* ---- the driver's ports ---- */

static void
on_heard(void *data, const struct driver_midi *midi)
{
	struct engine *e = data;

	/* What is sent goes out with the next block, is in with the one after
	 * it, and is told of when that is over. */
	devices_late(e->midi, e->midi_device, 2 * midi->block_ns);
	if (midi->lost)
		devices_lost(e->midi, e->midi_device);
	model_done_begin(e->model, midi->done, midi->count);
	e->midi_at = midi;
	devices_take(e->midi, e->midi_device, midi->bytes, midi->n);
	e->midi_at = NULL;
	model_done_end(e->model, midi->frame, midi->taken);
}

static void
on_send(void *data, const uint8_t *bytes, uint32_t n)
{
	struct engine *e = data;

	if (e->driver)
		driver_midi_write(e->driver, bytes, n);
}

static void
on_time(void *data)
{
	struct engine *e = data;

	devices_again(e->midi, e->midi_device);
}

void
engine_midi_came(void *data)
{
	struct engine *e = data;

	if (e->midi && e->driver)
		driver_midi_read(e->driver, on_heard, e);
}

void
engine_midi_audio(struct engine *e)
{
	if (!e->midi)
		return;
	if (!e->reflex)
		engine_midi_came(e);
	devices_reflex(e->midi, e->midi_device, e->reflex);
	devices_sound(e->midi);
}

void
engine_midi_links(struct engine *e, uint32_t in, uint32_t out)
{
	bool more = in > e->midi_in || out > e->midi_out;
	bool any = in + out > 0, was = e->midi_in + e->midi_out > 0;

	/* The audio thread has done what came last; it must not be forgotten
	 * with the link. */
	engine_midi_came(e);
	e->midi_in = in;
	e->midi_out = out;
	if (!e->midi)
		return;
	if (more || any != was)
		devices_present(e->midi, e->midi_device, any);
}

/* The server says so when it has told both ends of their buffers; the other end
 * may be slow to hear it, so that it is shown all a second time. */
void
engine_midi_flows(struct engine *e)
{
	if (!e->midi)
		return;
	devices_again(e->midi, e->midi_device);
	loop_timer_again(e->loop, e->midi_timer, AGAIN_NS);
}

/* ---- life ---- */

static int
ports_start(struct engine *e)
{
	e->midi_timer = loop_timer(e->loop, UINT64_MAX / 2, 0, on_time, e);
	if (e->midi_timer < 0)
		return e->midi_timer;
	e->midi_device =
		devices_add(e->midi, "PipeWire", MAPPING_PIPEWIRE, on_send, e);
	return e->midi_device;
}

void
engine_midi_start(struct engine *e)
{
	const struct devices_config config = {
		.loop = e->loop,
		.params = model_params(e->model),
		.say = engine_say,
		.peak = on_peak,
		.clock_of = e->config->model.tempo.device,
		.clock = on_clock,
		.data = e,
	};
	uint32_t in = e->midi_in, out = e->midi_out;
	int ret = devices_open(&e->midi, &config);

	if (ret == 0) {
		ret = ports_start(e);
		if (ret < 0) {
			devices_close(e->midi);
			e->midi = NULL;
		}
	}
	if (ret < 0) {
		log_line("tapdeck: no MIDI: %s", strerror(-ret));
		return;
	}
	engine_midi_audio(e);
	e->midi_in = e->midi_out = 0;
	engine_midi_links(e, in, out);
}
