/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests: a mixer with a loop bus, the headphones, and main, in an order in
 * which main is not the first to be finished. */
#ifndef MIXER_CUE_RIG_H
#define MIXER_CUE_RIG_H

#include <math.h>

#include "tests/mixer_level_rig.h"

#define FRAMES	9600u
#define TOUCH	1000u
#define ARRIVED (TOUCH + 1400u)

enum { LOOP, CUE, MAIN, CUE_BUSES };

/* Random sound, into main. */
static inline struct rig *
cue_rig(uint32_t strips)
{
	struct rig *r = rig_new(strips, CUE_BUSES, FRAMES);

	r->config.loops = 1u << LOOP;
	r->config.cue = 1u << CUE;
	r->config.room = 1u << MAIN;
	rig_restart(r);
	for (uint32_t s = 0; s < strips; s++)
		rig_route(r, s, 1u << MAIN);
	return r;
}

/* One strip of which every sample is 1, with its fader at a quarter. */
static inline struct rig *
cue_level_rig(void)
{
	struct rig *r = cue_rig(1);

	for (uint32_t n = 0; n < FRAMES; n++)
		r->in[0][0][n] = r->in[0][1][n] = 1.0f;
	rig_say(r, 0, MIX_GAIN, 0, 0.25f);
	return r;
}

static inline void
assert_level(const struct rig *r, uint32_t bus, int side, uint32_t from,
	uint32_t to, double want)
{
	for (uint32_t n = from; n < to; n++)
		assert_true(fabs((double)r->out[bus][side][n] - want) < 1e-6);
}

static inline void
assert_no_step(const struct rig *r, uint32_t bus, double most)
{
	for (uint32_t n = 1; n < FRAMES; n++)
		for (int i = 0; i < 2; i++)
			assert_true(fabs((double)r->out[bus][i][n] -
					    (double)r->out[bus][i][n - 1]) <
				    most + 1e-6);
}

/* Says of a parameter what it is at first. */
static inline void
rig_rest(struct rig *r, enum mix parameter, uint32_t strip, uint32_t bus)
{
	const struct stage_value *value;
	float to = 0.0f;

	rig_stage(parameter, &value);
	if (value)
		to = value->rest;
	else if (parameter == MIX_GAIN || parameter == MIX_BUS_GAIN ||
		 parameter == MIX_CUE_GAIN || parameter == MIX_OPEN)
		to = 1.0f;
	rig_say(r, 0, parameter, mix_place(parameter, strip, bus), to);
}

/* All that there is, over sounds with all kinds of zeros and denormals. */
static inline void
cue_moves(struct rig *r)
{
	static const enum mix what[] = {MIX_CUE, MIX_CUE, MIX_SOLO, MIX_SOLO,
		MIX_CUE_MIX, MIX_CUE_MIX, MIX_CUE_GAIN, MIX_CUE_SPLIT,
		MIX_SOLO_LOOP, MIX_MUTE, MIX_BUS_MUTE, MIX_ROUTE, MIX_OPEN};

	for (uint32_t n = 0; n < FRAMES; n += 1 + rig_random(r) % 5)
		r->in[rig_random(r) % r->config.strips][n % 2][n] =
			n % 3 == 0   ? -0.0f
			: n % 3 == 1 ? 1e-40f
				     : -1e-39f;
	for (uint32_t n = 0; n < FRAMES; n += rig_random(r) % 200) {
		enum mix parameter =
			what[rig_random(r) % (sizeof(what) / sizeof(*what))];
		float to = (float)(rig_random(r) % 2);

		if (parameter == MIX_CUE_MIX)
			to = (float)(rig_random(r) % 5) / 4.0f;
		else if (parameter == MIX_ROUTE)
			to = (float)(rig_random(r) % 8);
		rig_say(r, n, parameter,
			mix_place(parameter, rig_random(r) % r->config.strips,
				rig_random(r) % r->config.buses),
			to);
	}
}

#endif
