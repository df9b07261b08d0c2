/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/stage/blend.h"

#include "core/dsp/series.h"

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
