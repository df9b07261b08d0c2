/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What mixer_run() costs, in percent of the time that a block lasts, and next
 * to memcpy() of the same samples. Every strip has stereo noise and feeds all
 * four buses. And what a flood of messages costs: a block of 64 strips and
 * eight buses with a message on every frame, next to one without. */
#include "tests/bench/bench_desk.h"

#define BOUND_PART    0.01
#define BOUND_LINEAR  1.2
#define BOUND_TURNING 0.015
#define BOUND_LIMITER 0.004
#define FLOOD_BUSES   8u
#define FLOOD_FRAMES  1024u /* of a block, and its messages */
#define FLOOD_TURNS   60u
#define BOUND_FLOOD   4.0

/* The same samples, block by block, to a place of its own. */
static void
copy_turn(struct desk *d, float *to, double *turn_ns)
{
	volatile size_t size = BLOCK * sizeof(float); /* a call of memcpy() */
	uint64_t start_ns = bench_now_ns();

	for (uint32_t i = 0; i < TURN_BLOCKS; i++) {
		for (uint32_t s = 0; s < d->strips; s++)
			for (uint32_t side = 0; side < 2; side++)
				memcpy(to + (s * 2 + side) * (size_t)BLOCK,
					desk_input(d, s, side), size);
		d->at = (d->at + BLOCK) % (BLOCKS_HELD * BLOCK);
		/* or the compiler sees that nobody reads the copy */
		__asm__ __volatile__("" : : "r"(to) : "memory");
	}
	*turn_ns = (double)(bench_now_ns() - start_ns);
}

static void
show_part(const char *name, const struct desk *d)
{
	const double block_lasts_us = 1e6 * BLOCK / RATE_HZ;
	double us = block_us(d);
	bool turning = d->level == LEVEL_TURNING, bounded = d->strips == 16;
	double bound = turning ? BOUND_TURNING : BOUND_PART;

	bench_row(name,
		!bounded  ? ""
		: turning ? "<= 1.5 %"
			  : "<= 1 %",
		us / block_lasts_us <= bound, "%.3f %% (%.2f us)",
		100.0 * us / block_lasts_us, us);
}

static void
show_linear(const char *name, const struct desk *few, const struct desk *many)
{
	double ratio =
		block_us(many) / many->strips / (block_us(few) / few->strips);

	bench_row(name, "<= 1.2", ratio <= BOUND_LINEAR, "%.2f", ratio);
}

static void
show_copy(struct desk *d, double *copy_ns)
{
	double samples = (double)TURN_BLOCKS * d->strips * 2 * BLOCK;
	double copy = bench_median(copy_ns, TURNS) / samples;
	double mix = bench_median(d->turn_ns, TURNS) / samples;

	bench_row("per input sample, 16 at unity (4 sums each)", "", true,
		"%.3f ns; memcpy %.3f ns; %.1f times", mix, copy, mix / copy);
}

/* All four buses have one, over none. */
static void
show_limiter(const struct desk *limited, const struct desk *open)
{
	const double block_lasts_us = 1e6 * BLOCK / RATE_HZ;
	double us = (block_us(limited) - block_us(open)) / BUSES;

	bench_row("the limiter of a bus, at work", "<= 0.4 %",
		us / block_lasts_us <= BOUND_LIMITER, "%.3f %% (%.2f us)",
		100.0 * us / block_lasts_us, us);
}

struct flood {
	struct mixer *mixer;
	bool flooded;
	uint64_t random;
	double turn_ns[FLOOD_TURNS];
};

static struct flood
flood_new(bool flooded)
{
	const struct mixer_config config = {.strips = STRIPS_MAX,
		.buses = FLOOD_BUSES,
		.rate_hz = RATE_HZ,
		.block_max = FLOOD_FRAMES};
	struct flood f = {.flooded = flooded, .random = 1};

	if (mixer_new(&f.mixer, &config) < 0)
		bench_die("no mixer of %u strips", STRIPS_MAX);
	for (uint32_t s = 0; s < STRIPS_MAX; s++) {
		const struct message msg = {.parameter = MIX_ROUTE,
			.place = (uint16_t)s,
			.target = MIX_SET_MAX};

		mixer_post(f.mixer, &msg, 1);
	}
	return f;
}

static uint32_t
flood_draw(struct flood *f, uint32_t below)
{
	f->random = f->random * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(f->random >> 33) % below;
}

/* Of every kind, but for what the driver alone says. */
static void
flood_post(struct flood *f)
{
	static const enum mix all[] = {MIX_GAIN, MIX_MUTE, MIX_TRIM, MIX_SEND,
		MIX_ROUTE, MIX_BUS_GAIN, MIX_BUS_MUTE};
	uint64_t frame = mixer_frame(f->mixer);

	for (uint32_t i = 0; i < FLOOD_FRAMES; i++) {
		enum mix parameter = all[flood_draw(f, 7)];
		uint32_t strip = flood_draw(f, STRIPS_MAX);
		uint32_t bus = flood_draw(f, FLOOD_BUSES);
		uint32_t most = parameter == MIX_ROUTE ? MIX_SET_MAX : 1;
		struct message msg = {.frame = frame + i,
			.parameter = (uint8_t)parameter,
			.place = mix_place(parameter, strip, bus),
			.target = (float)flood_draw(f, most + 1)};

		if (!mixer_post(f->mixer, &msg, 1))
			bench_die("the mixer's queue is full");
	}
}

static void
flood_turn(struct flood *f, const float *in, float *out, uint32_t turn)
{
	struct mixer_input input[STRIPS_MAX];
	float *to[FLOOD_BUSES][2];
	uint64_t start_ns;

	for (uint32_t s = 0; s < STRIPS_MAX; s++)
		input[s] = (struct mixer_input){.strip = s,
			.layout = LAYOUT_STEREO,
			.ch = {in + 2 * s * FLOOD_FRAMES,
				in + (2 * s + 1) * FLOOD_FRAMES}};
	for (uint32_t i = 0; i < 2 * FLOOD_BUSES; i++)
		to[i / 2][i % 2] = out + (size_t)i * FLOOD_FRAMES;
	if (f->flooded)
		flood_post(f);
	start_ns = bench_now_ns();
	mixer_run(f->mixer, input, STRIPS_MAX, (float *const(*)[2])to,
		FLOOD_FRAMES);
	f->turn_ns[turn] = (double)(bench_now_ns() - start_ns);
}

static void
show_flood(void)
{
	const size_t samples = (size_t)STRIPS_MAX * 2 * FLOOD_FRAMES;
	struct flood calm = flood_new(false), flood = flood_new(true);
	float *in = bench_memory(samples * sizeof(float));
	float *out = bench_memory(
		(size_t)FLOOD_BUSES * 2 * FLOOD_FRAMES * sizeof(float));
	double ratio;

	bench_noise(in, samples);
	for (uint32_t turn = 0; turn < FLOOD_TURNS; turn++) {
		flood_turn(&calm, in, out, turn);
		flood_turn(&flood, in, out, turn);
	}
	ratio = bench_median(flood.turn_ns, FLOOD_TURNS) /
		bench_median(calm.turn_ns, FLOOD_TURNS);
	bench_row("64 x 8, 1024 messages in a block, to none", "<= 4",
		ratio <= BOUND_FLOOD, "%.2f (%.0f us)", ratio,
		bench_median(flood.turn_ns, FLOOD_TURNS) / 1e3);
	mixer_free(calm.mixer);
	mixer_free(flood.mixer);
	free(in);
	free(out);
}

int
main(void)
{
	struct desk desk[] = {
		desk_new(16, LEVEL_UNITY),
		desk_new(16, LEVEL_GAINED),
		desk_new(16, LEVEL_RAMPING),
		desk_new(32, LEVEL_UNITY),
		desk_new(64, LEVEL_UNITY),
		desk_new(64, LEVEL_RAMPING),
		desk_new(16, LEVEL_TURNING),
		desk_new(16, LEVEL_LIMITED),
	};
	const size_t desks = sizeof(desk) / sizeof(desk[0]);
	float *to = bench_memory((size_t)16 * 2 * BLOCK * sizeof(float));
	double *copy_ns = bench_memory(TURNS * sizeof(double));

	for (uint32_t turn = 0; turn < TURNS; turn++) {
		for (size_t i = 0; i < desks; i++)
			desk_turn(&desk[i], turn);
		copy_turn(&desk[0], to, &copy_ns[turn]);
	}
	bench_title("mixer_run: stereo strips x 4 buses, 64-frame blocks "
		    "(1333 us at 48 kHz)");
	show_part("16 strips, all at unity", &desk[0]);
	show_part("16 strips, every gain set", &desk[1]);
	show_part("16 strips, everything ramps", &desk[2]);
	show_part("16 strips, EQ and filter of all move", &desk[6]);
	show_limiter(&desk[7], &desk[0]);
	show_part("32 strips, all at unity", &desk[3]);
	show_part("64 strips, all at unity", &desk[4]);
	show_part("64 strips, everything ramps", &desk[5]);
	show_linear("time per strip, 32 to 16 strips", &desk[0], &desk[3]);
	show_linear("time per strip, 64 to 16 strips", &desk[0], &desk[4]);
	show_linear("time per strip, 64 to 16, ramping", &desk[2], &desk[5]);
	show_copy(&desk[0], copy_ns);
	show_flood();
	for (size_t i = 0; i < desks; i++)
		desk_free(&desk[i]);
	free(to);
	free(copy_ns);
	return 0;
}
