/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the audio thread spends on messages: on a block's share of a flood, and
 * on the curves of its ramps where everything is on the way by a law. 64 strips
 * of stereo noise into eight buses, in blocks of 64 frames. */
#include "core/mixer/mixer.h"

#include "core/mixer/ramp.h"
#include "tests/bench/bench.h"

#define BLOCK	    64u
#define TURNS	    400u
#define FLOOD_BOUND 0.1
#define LAW_RATE_HZ 192000u
#define LAW_BOUND   0.5

struct desk {
	struct mixer *mixer;
	uint32_t rate_hz;
	float *in;  /* [STRIPS_MAX][2][BLOCK] */
	float *out; /* [BUSES_MAX][2][BLOCK] */
	double block_ns[TURNS];
};

static void
desk_open(struct desk *d, uint32_t rate_hz)
{
	const struct mixer_config config = {.strips = STRIPS_MAX,
		.buses = BUSES_MAX,
		.rate_hz = rate_hz,
		.block_max = BLOCK,
		.frame_messages = FRAME_MESSAGES};

	d->rate_hz = rate_hz;
	if (mixer_new(&d->mixer, &config) < 0)
		bench_die("no mixer of %u strips", STRIPS_MAX);
	d->in = bench_memory(sizeof(float) * STRIPS_MAX * 2 * BLOCK);
	bench_noise(d->in, (size_t)STRIPS_MAX * 2 * BLOCK);
	d->out = bench_memory(sizeof(float) * BUSES_MAX * 2 * BLOCK);
}

static void
desk_close(struct desk *d)
{
	mixer_free(d->mixer);
	free(d->in);
	free(d->out);
}

static void
desk_block(struct desk *d, uint32_t turn)
{
	struct mixer_input in[STRIPS_MAX];
	float *out[BUSES_MAX][2];
	uint64_t start_ns;

	for (uint32_t s = 0; s < STRIPS_MAX; s++)
		in[s] = (struct mixer_input){.strip = s,
			.layout = LAYOUT_STEREO,
			.ch = {d->in + 2 * s * BLOCK,
				d->in + (2 * s + 1) * BLOCK}};
	for (uint32_t i = 0; i < 2 * BUSES_MAX; i++)
		out[i / 2][i % 2] = d->out + (size_t)i * BLOCK;
	start_ns = bench_now_ns();
	/* C11 adds a const at this depth only when told to */
	mixer_run(d->mixer, in, STRIPS_MAX, (float *const(*)[2])out, BLOCK);
	d->block_ns[turn % TURNS] = (double)(bench_now_ns() - start_ns);
}

/* Of the time that a block lasts. */
static double
part_of(const struct desk *d, double ns)
{
	return ns / (1e9 * BLOCK / d->rate_hz);
}

static bool
say(struct desk *d, const struct message *msg)
{
	return mixer_post(d->mixer, msg, 1);
}

/* ---- a flood ---- */

static void
routes_say(struct desk *d)
{
	for (uint32_t s = 0; s < STRIPS_MAX; s++)
		say(d, &(struct message){.parameter = MIX_ROUTE,
			       .place = (uint16_t)s,
			       .target = MIX_SET_MAX});
	for (uint32_t i = 0; i < 16; i++)
		desk_block(d, i);
}

/* Until the queue is full: of one kind, there and back. */
static void
flood_say(struct desk *d, enum mix parameter, uint64_t frame)
{
	static uint32_t i;
	struct message msg = {.parameter = (uint8_t)parameter};

	do {
		i++;
		msg.frame = frame ? frame + i % BLOCK : 0;
		msg.place = (uint16_t)(i % STRIPS_MAX);
		msg.target = i / STRIPS_MAX % 2 ? 1.0f : 0.0f;
		if (parameter == MIX_ROUTE)
			msg.target *= MIX_SET_MAX;
	} while (say(d, &msg));
}

static void
show_flood(const char *name, uint32_t rate_hz, enum mix parameter, bool timed)
{
	struct desk calm, flood;
	double more[TURNS], ns;

	desk_open(&calm, rate_hz);
	desk_open(&flood, rate_hz);
	routes_say(&calm);
	routes_say(&flood);
	for (uint32_t turn = 0; turn < TURNS; turn++) {
		flood_say(&flood, parameter,
			timed ? mixer_frame(flood.mixer) : 0);
		desk_block(&calm, turn);
		desk_block(&flood, turn);
		more[turn] = flood.block_ns[turn] - calm.block_ns[turn];
	}
	ns = bench_median(more, TURNS);
	bench_row(name, "<= 10 %", part_of(&flood, ns) <= FLOOD_BOUND,
		"%.1f %% (%.0f us) more", 100.0 * part_of(&flood, ns),
		ns / 1e3);
	desk_close(&calm);
	desk_close(&flood);
}

/* ---- laws ---- */

static void
law_say(struct desk *d, enum ramp_law law)
{
	static const enum mix all[] = {MIX_GAIN, MIX_TRIM, MIX_SEND};
	struct message msg = {.law = (uint8_t)law};

	for (uint32_t i = 0; i < 3; i++) {
		msg.parameter = (uint8_t)all[i];
		for (uint32_t s = 0; s < STRIPS_MAX; s++)
			for (uint32_t b = 0; b < BUSES_MAX; b++) {
				msg.place = mix_place(all[i], s, b);
				msg.target = all[i] == MIX_SEND ? 0.0f : 0.5f;
				/* no way is another's, to share its values */
				msg.ramp = 100 * LAW_RATE_HZ + b;
				if (!say(d, &msg))
					bench_die("the queue is full");
			}
	}
	for (uint32_t i = 0; i < 64; i++)
		desk_block(d, i);
}

static void
show_law(const char *name, enum ramp_law law)
{
	struct desk d;
	double ns;

	desk_open(&d, LAW_RATE_HZ);
	routes_say(&d);
	law_say(&d, law);
	for (uint32_t turn = 0; turn < TURNS; turn++)
		desk_block(&d, turn);
	ns = bench_median(d.block_ns, TURNS);
	bench_row(name, "<= 50 %", part_of(&d, ns) <= LAW_BOUND,
		"%.1f %% (%.0f us)", 100.0 * part_of(&d, ns), ns / 1e3);
	desk_close(&d);
}

int
main(void)
{
	bench_title(
		"messages: 64 stereo strips x 8 buses, 64-frame blocks, the "
		"queue always full");
	show_flood("of faders, 48 kHz (1333 us)", 48000, MIX_GAIN, false);
	show_flood("of faders, each for a frame", 48000, MIX_GAIN, true);
	show_flood("of routes, 48 kHz", 48000, MIX_ROUTE, false);
	show_flood("of faders, 192 kHz (333 us)", 192000, MIX_GAIN, false);
	bench_title("ramps: all faders, trims and 512 sends on their way, 64 "
		    "strips x 8 buses, 192 kHz");
	show_law("linear", RAMP_LINEAR);
	show_law("decibels", RAMP_DB);
	show_law("cosine", RAMP_COSINE);
	show_law("fader", RAMP_FADER);
	return 0;
}
