/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/stage/blend.h"

#include "core/dsp/series.h"
#include "core/dsp/smooth.h"
#include "core/samples.h"

RT uint32_t
blend_ticks(uint32_t ms, uint32_t rate_hz)
{
	return ms * (rate_hz / STAGE_TICK) / 1000 + 1;
}

RT static float
heard_at(const struct blend *b)
{
	if (b->way <= b->unheard)
		return 0.0f;
	return (float)series_cosine_way(
		(double)(b->way - b->unheard) / b->fade);
}

RT void
blend_begin(struct blend *b, uint32_t unheard, uint32_t fade, bool at_once)
{
	b->unheard = unheard;
	b->fade = fade;
	b->way = at_once ? unheard + fade : 0;
	b->from = b->to = heard_at(b);
}

RT void
blend_jump(struct blend *b)
{
	b->way = b->unheard + b->fade;
	b->from = b->to = 1.0f;
}

RT bool
blend_tick(struct blend *b, bool in)
{
	uint32_t way = b->way;

	if (in)
		b->way += b->way < b->unheard + b->fade;
	else if (b->way-- <= b->unheard)
		return false;
	b->from = b->to;
	if (b->way != way)
		b->to = heard_at(b);
	b->at = 0;
	return true;
}

/* Until the next tick the stage alone is heard. */
RT static bool
is_whole(const struct blend *b)
{
	return b->from == 1.0f && b->to == 1.0f;
}

RT void
blend_keep(struct blend *b, float dry[2][STAGE_TICK], float *const x[2],
	uint32_t n)
{
	uint32_t last = n;

	while (last > 0 && x[0][last - 1] == 0.0f && x[1][last - 1] == 0.0f)
		last--;
	b->quiet = (last > 0 ? 0 : b->quiet) + n - last;
	for (int i = 0; !is_whole(b) && i < 2; i++)
		samples_copy(dry[i], x[i], n);
}

RT void
blend_mix(struct blend *b, float dry[2][STAGE_TICK], float *const x[2],
	uint32_t n)
{
	float heard[STAGE_TICK];

	if (is_whole(b))
		return;
	smooth_line(heard, b->from, b->to, b->at, n);
	for (int i = 0; i < 2; i++)
		for (uint32_t k = 0; k < n; k++)
			x[i][k] = dry[i][k] + heard[k] * (x[i][k] - dry[i][k]);
	b->at += n;
}
