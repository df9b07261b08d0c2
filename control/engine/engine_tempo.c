/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tempo, wired. What MIDI devices send it comes from engine_midi.c. */
#include "control/engine/engine_tempo.h"

#include <string.h>

#include "control/engine/engine_shared.h"
#include "control/model/param.h"
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

static void
row_put(struct params *p, const char *address, double was, double is)
{
	const struct param_value v = {.type = PARAM_FLOAT, .f = is};
	int id = param_find(p, address);
	struct param_change change = {.id = (uint32_t)id};
	char why[PARAM_WHY_MAX];

	if (was == is || id < 0)
		return;
	if (param_check(p, change.id, &v, &change.value, why) == 0)
		param_apply(p, &change, 1, 0, PARAM_SOURCE_NONE);
}

void
engine_tempo_reload(struct engine *e, const struct model_tempo *next)
{
	struct model_tempo *was = engine_tempo(e);
	struct params *p = model_params(e->model);

	row_put(p, "/quantise", model_tempo_quantise(was),
		model_tempo_quantise(next));
	row_put(p, "/tempo/source", was->source, next->source);
	row_put(p, "/tempo/offset", was->offset_ms, next->offset_ms);
	row_put(p, "/tempo/clock-out", was->clock_out, next->clock_out);
	/* without one the clock goes on as it is */
	if (next->bpm > 0.0 && next->bpm != was->bpm)
		tempo_set_own(e->tempo, next->bpm);
	*was = *next;
}
