/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tempo, wired. What MIDI devices send it comes from engine_midi.c. */
#include "control/engine/engine_own.h"

#include <string.h>

#include "control/tempo/tempo.h"
#include "core/log.h"

static uint32_t
on_block(void *data)
{
	struct driver_status status;

	engine_status(data, &status);
	return status.block_frames;
}

static void
on_clock_out(void *data, const struct clock_line *line)
{
	struct engine *e = data;

	if (e->driver)
		driver_clock(e->driver, line);
}

void
engine_tempo_audio(struct engine *e, uint32_t rate_hz)
{
	tempo_audio(e->tempo, e->mixer, rate_hz);
}

int
engine_tempo_start(struct engine *e)
{
	const struct tempo_config config = {
		.params = model_params(e->model),
		.start = &e->config->model.tempo,
		.block = on_block,
		.say = engine_say,
		.clock_out = on_clock_out,
		.data = e,
	};
	int ret = tempo_new(&e->tempo, &config);

	if (ret < 0) {
		log_line("tapdeck run: tempo: %s", strerror(-ret));
		return ret;
	}
	tempo_set_loop(e->tempo, e->loop);
	return 0;
}
