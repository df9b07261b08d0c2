/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/ramp.h"

RT void
ramp_clock_init(struct ramp_clock *c, uint32_t rate_hz)
{
	c->frames = (rate_hz * RAMP_MS + 500) / 1000;
	c->put = 0;
	c->take = 0;
}

RT uint64_t
ramp_clock_next(struct ramp_clock *c, uint64_t frame)
{
	while (c->take != c->put) {
		uint64_t end = c->end[c->take & (RAMP_ENDS - 1)];

		if (end > frame)
			return end;
		c->take++;
	}
	return UINT64_MAX;
}

static void
ramp_clock_put(struct ramp_clock *c, uint64_t end)
{
	if (c->take != c->put && c->end[(c->put - 1) & (RAMP_ENDS - 1)] == end)
		return;
	c->end[c->put++ & (RAMP_ENDS - 1)] = end;
}

/* pos: frames of the ramp that have passed, 0 at the frame before it */
static inline float
value_at(const struct ramp *r, uint32_t frames, int32_t pos)
{
	return r->from + (r->to - r->from) * ((float)pos / (float)frames);
}

/* The position that belongs to a frame before the ramp's end. */
static int32_t
position(const struct ramp *r, uint32_t frames, uint64_t frame)
{
	return (int32_t)frames - (int32_t)(r->end - frame);
}

RT void
ramp_jump(struct ramp *r, float value)
{
	r->from = value;
	r->to = value;
	r->end = 0;
}

RT void
ramp_start(struct ramp *r, struct ramp_clock *c, uint64_t frame, float to)
{
	if (r->to == to)
		return;
	/* at the frame of its end it has one step to go from the one before */
	r->from = frame > r->end ? r->to
				 : value_at(r, c->frames,
					   position(r, c->frames, frame) - 1);
	r->to = to;
	r->end = frame + c->frames - 1;
	ramp_clock_put(c, r->end);
}

RT void
ramp_fill(const struct ramp *r, const struct ramp_clock *c, uint64_t frame,
	float *value, uint32_t n)
{
	const struct ramp now = *r;
	const uint32_t frames = c->frames;
	const int32_t pos = position(r, frames, frame);

	for (uint32_t i = 0; i < n; i++)
		value[i] = value_at(&now, frames, pos + (int32_t)i);
}
