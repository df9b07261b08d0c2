/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MIDI on the control thread: how many events a second are parsed, and how many
 * are parsed and applied, from the bytes to the message in the mixer's queue;
 * and on the audio thread: what an event costs that is done in its block. */
#include <string.h>

#include "control/model/model.h"
#include "control/mapping/mapping.h"
#include "control/midi/midi_parse.h"
#include "control/surface/surface.h"
#include "core/mixer/mixer.h"
#include "core/reflex.h"
#include "tests/bench/bench.h"

#define EVENTS 256u
#define BYTES  (3 * EVENTS)
#define BLOCK  64u
#define TURNS  4000u

struct bench {
	struct model *model;
	struct mixer *mixer;
	struct surface *surface;
	struct reflex *reflex;
	struct midi_parser counting, moving;
	uint64_t counted, done;
	uint64_t now_ns;
	uint8_t bytes[BYTES];
};

static void
on_counted(void *data, const struct midi_event *e, uint64_t time)
{
	struct bench *b = data;

	(void)e;
	(void)time;
	b->counted++;
}

static void
on_moved(void *data, const struct midi_event *e, uint64_t time)
{
	struct bench *b = data;

	surface_event(b->surface, e, 0, time);
}

static void
bench_open(struct bench *b, struct mapping **mapping)
{
	const struct mixer_config shape = {
		.strips = 16, .buses = 2, .rate_hz = 48000, .block_max = BLOCK};
	struct model_config config;
	struct surface_config surface = {.source = 1};
	char why[MAPPING_WHY_MAX];

	model_config_init(&config);
	if (model_new(&b->model, &config, bench_memory(model_memory_bytes())) <
			0 ||
		mixer_new(&b->mixer, &shape) < 0 || reflex_new(&b->reflex) < 0)
		bench_die("no memory");
	model_mixer_start(b->model, b->mixer, 48000);
	if (mapping_load(mapping, "mappings/generic-cc.yaml", NULL, why) < 0)
		bench_die("%s", why);
	surface.params = model_params(b->model);
	surface.mapping = *mapping;
	if (surface_new(&b->surface, &surface) < 0)
		bench_die("no memory");
	midi_parser_init(&b->counting, on_counted, b);
	midi_parser_init(&b->moving, on_moved, b);
}

/* Every fader goes up and down. */
static void
bytes_make(struct bench *b, uint32_t turn)
{
	for (uint32_t i = 0; i < EVENTS; i++) {
		uint32_t value = (turn + i / 16) % 254;

		b->bytes[3 * i] = (uint8_t)(0xb0 | i % 16);
		b->bytes[3 * i + 1] = 7;
		b->bytes[3 * i + 2] =
			(uint8_t)(value < 128 ? value : 254 - value);
	}
}

static void
mix(struct bench *b)
{
	mixer_run(b->mixer, NULL, 0, NULL, BLOCK);
	b->now_ns += 1000000;
}

static double
parse_ns(struct bench *b)
{
	uint64_t start_ns = bench_now_ns();

	midi_parse_bytes(&b->counting, b->bytes, BYTES, b->now_ns);
	return (double)(bench_now_ns() - start_ns) / EVENTS;
}

static double
apply_ns(struct bench *b)
{
	uint64_t start_ns = bench_now_ns();

	midi_parse_bytes(&b->moving, b->bytes, BYTES, b->now_ns);
	return (double)(bench_now_ns() - start_ns) / EVENTS;
}

static double
reflex_ns(struct bench *b)
{
	struct reflex_done done[REFLEX_TARGETS_MAX];
	uint64_t start_ns, frame = mixer_frame(b->mixer);
	uint32_t n = 0;

	if (surface_reflex_stale(b->surface)) {
		surface_reflex(b->surface, reflex_begin(b->reflex));
		reflex_publish(b->reflex);
	}
	start_ns = bench_now_ns();
	reflex_look(b->reflex);
	for (uint32_t i = 0; i < EVENTS; i++)
		n += reflex_run(b->reflex, b->mixer, b->bytes + 3 * i, 3,
			frame + i % BLOCK, done);
	b->done += n;
	return (double)(bench_now_ns() - start_ns) / EVENTS;
}

static double
table_us(struct bench *b)
{
	uint64_t start_ns = bench_now_ns();

	surface_reflex(b->surface, reflex_begin(b->reflex));
	reflex_publish(b->reflex);
	return (double)(bench_now_ns() - start_ns) * 1e-3;
}

int
main(void)
{
	static double parse[TURNS], apply[TURNS], reflex[TURNS], table[TURNS];
	struct bench b = {.now_ns = 1000000000};
	struct mapping *mapping;
	double parsed, applied;

	bench_open(&b, &mapping);
	for (uint32_t i = 0; i < TURNS; i++) {
		bytes_make(&b, i);
		parse[i] = parse_ns(&b);
		apply[i] = apply_ns(&b);
		mix(&b);
		bytes_make(&b, i + 1);
		reflex[i] = reflex_ns(&b);
		mix(&b);
		table[i] = table_us(&b);
	}
	if (b.counted != (uint64_t)TURNS * EVENTS)
		bench_die("events are lost");
	if (b.done < (uint64_t)TURNS * EVENTS / 2) /* the first are caught */
		bench_die("events are not done in their block");
	parsed = bench_median(parse, TURNS);
	applied = bench_median(apply, TURNS);
	bench_title("MIDI: 16 faders that all move, one event a fader");
	bench_row("events parsed", "", true, "%.1f million/s (%.0f ns)",
		1e3 / parsed, parsed);
	bench_row("events parsed and applied", "", true,
		"%.2f million/s (%.0f ns)", 1e3 / applied, applied);
	bench_row("done in its block by the audio thread", "", true,
		"%.0f ns an event", bench_median(reflex, TURNS));
	bench_row("to say anew what each message does", "", true, "%.1f us",
		bench_median(table, TURNS));
	surface_free(b.surface);
	mapping_free(mapping);
	reflex_free(b.reflex);
	mixer_free(b.mixer);
	return 0;
}
