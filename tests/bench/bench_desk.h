/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A mixer with stereo noise on every strip, each of which feeds all four buses,
 * and with something to do in each turn. */
#ifndef BENCH_DESK_H
#define BENCH_DESK_H

#include "core/mixer/mixer.h"

#include "tests/bench/bench.h"

#define BUSES	    4u
#define BLOCK	    64u
#define RATE_HZ	    48000u
#define BLOCKS_HELD 16u /* of input: not one block that never leaves L1 */
#define TURN_BLOCKS 7u	/* a ramp of 10 ms lasts 7.5 */
#define TURNS	    2500u

enum level {
	LEVEL_UNITY,   /* nothing but sums */
	LEVEL_GAINED,  /* trim, fader and bus gain at rest away from unity */
	LEVEL_RAMPING, /* trim, fader, every send and bus gain on the way */
	LEVEL_TURNING, /* unity; all bands of the EQ and the filter move */
	LEVEL_LIMITED, /* unity; every bus is far above its ceiling */
};

struct desk {
	struct mixer *mixer;
	uint32_t strips;
	enum level level;
	bool up; /* where the ramps go next */
	uint32_t at;
	float *in;  /* [strips][2][BLOCKS_HELD * BLOCK] */
	float *out; /* [BUSES][2][BLOCK] */
	double *turn_ns;
};

static inline void
desk_post(struct desk *d, enum mix parameter, uint32_t place, float target)
{
	const struct message msg = {
		.parameter = (uint8_t)parameter,
		.place = (uint16_t)place,
		.target = target,
	};

	if (!mixer_post(d->mixer, &msg, 1))
		bench_die("the mixer's queue is full");
}

/* Half down and up again: no ramp is ever one that is there already. */
static inline void
desk_move(struct desk *d, bool sends)
{
	float to = d->up ? 0.9f : 0.4f;

	d->up = !d->up;
	for (uint32_t s = 0; s < d->strips; s++) {
		desk_post(d, MIX_TRIM, s, to);
		desk_post(d, MIX_GAIN, s, to);
		if (sends)
			desk_post(d, MIX_ROUTE, s,
				to > 0.5f ? (1u << BUSES) - 1 : 1u);
	}
	for (uint32_t b = 0; b < BUSES; b++)
		desk_post(d, MIX_BUS_GAIN, b, to);
}

static inline void
desk_turn_knobs(struct desk *d)
{
	float to = d->up ? 0.9f : 0.4f;

	d->up = !d->up;
	for (uint32_t s = 0; s < d->strips; s++) {
		desk_post(d, MIX_EQ_LOW, s, to);
		desk_post(d, MIX_EQ_MID, s, to);
		desk_post(d, MIX_EQ_HIGH, s, to);
		desk_post(d, MIX_FILTER, s, -to);
	}
}

static inline struct desk
desk_new(uint32_t strips, enum level level)
{
	const struct mixer_config config = {.strips = strips,
		.buses = BUSES,
		.rate_hz = RATE_HZ,
		.block_max = BLOCK_MAX};
	size_t samples = (size_t)strips * 2 * BLOCKS_HELD * BLOCK;
	struct desk d = {.strips = strips, .level = level, .up = true};

	if (mixer_new(&d.mixer, &config) < 0)
		bench_die("no mixer of %u strips", strips);
	d.in = bench_memory(samples * sizeof(float));
	bench_noise(d.in, samples);
	d.out = bench_memory((size_t)BUSES * 2 * BLOCK * sizeof(float));
	d.turn_ns = bench_memory(TURNS * sizeof(double));
	for (uint32_t s = 0; s < strips; s++)
		desk_post(&d, MIX_ROUTE, s, (1u << BUSES) - 1);
	for (uint32_t b = 0; level == LEVEL_LIMITED && b < BUSES; b++)
		desk_post(&d, MIX_BUS_LIMIT, b, 1.0f);
	if (level == LEVEL_GAINED)
		desk_move(&d, false);
	return d;
}

static inline void
desk_free(struct desk *d)
{
	mixer_free(d->mixer);
	free(d->in);
	free(d->out);
	free(d->turn_ns);
}

static inline const float *
desk_input(const struct desk *d, uint32_t strip, uint32_t side)
{
	return d->in + ((size_t)strip * 2 + side) * BLOCKS_HELD * BLOCK + d->at;
}

static inline void
desk_block(struct desk *d)
{
	struct mixer_input in[STRIPS_MAX];
	float *out[BUSES][2];

	for (uint32_t s = 0; s < d->strips; s++)
		in[s] = (struct mixer_input){.strip = s,
			.layout = LAYOUT_STEREO,
			.ch = {desk_input(d, s, 0), desk_input(d, s, 1)}};
	for (uint32_t b = 0; b < BUSES; b++)
		for (uint32_t i = 0; i < 2; i++)
			out[b][i] = d->out + (b * 2 + i) * (size_t)BLOCK;
	/* C11 adds a const at this depth only when told to */
	mixer_run(d->mixer, in, d->strips, (float *const(*)[2])out, BLOCK);
	d->at = (d->at + BLOCK) % (BLOCKS_HELD * BLOCK);
}

static inline void
desk_turn(struct desk *d, uint32_t turn)
{
	uint64_t start_ns;

	if (d->level == LEVEL_RAMPING)
		desk_move(d, true);
	if (d->level == LEVEL_TURNING)
		desk_turn_knobs(d);
	start_ns = bench_now_ns();
	for (uint32_t i = 0; i < TURN_BLOCKS; i++)
		desk_block(d);
	d->turn_ns[turn] = (double)(bench_now_ns() - start_ns);
}

static inline double
block_us(const struct desk *d)
{
	return bench_median(d->turn_ns, TURNS) / TURN_BLOCKS / 1e3;
}

#endif
