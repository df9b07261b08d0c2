/* SPDX-License-Identifier: GPL-3.0-or-later */
/* EQ and filter of 16 stereo strips, whose knobs all move, beside LADSPA
 * plug-ins of swh-plugins that do the same, hosted in this process: crossovers
 * of the 4th order from Butterworth filters in series, and one that is no
 * isolator but a DJ's EQ of three bells. Of the plug-ins nothing but their
 * sound is counted; of the mixer all of it, with its sums into four buses. */
#include <dlfcn.h>
#include <ladspa.h>

#include "tests/bench/bench_desk.h"

#define STRIPS	16u
#define UNITS	16u /* of a strip */
#define FOLDER	"/usr/lib/ladspa/"
#define LOW_HZ	250.0f
#define HIGH_HZ 2500.0f

/* One instance of a plug-in, of one channel or two. */
struct unit {
	const LADSPA_Descriptor *plugin;
	LADSPA_Handle handle;
	float control[8];
};

struct chain {
	uint32_t units;
	struct unit unit[UNITS];
	float buffer[2][8][BLOCK];
	float gain[3];
	float *out[2];
};

struct rack {
	bool dj; /* three bells */
	struct chain chain[STRIPS];
	double turn_ns[TURNS];
	bool up;
};

static const LADSPA_Descriptor *
plugin_find(const char *file, const char *label)
{
	void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
	LADSPA_Descriptor_Function of;
	const LADSPA_Descriptor *d;

	if (!library)
		return NULL;
	*(void **)&of = dlsym(library, "ladspa_descriptor");
	for (unsigned long i = 0; of && (d = of(i)); i++)
		if (!strcmp(d->Label, label))
			return d;
	return NULL;
}

/* Ports in their order: audio in from `in`, out to `out`, the rest are
 * controls. */
static struct unit *
unit_add(struct chain *c, const LADSPA_Descriptor *d, float *const in[],
	float *const out[])
{
	struct unit *u = &c->unit[c->units++];
	uint32_t ins = 0, outs = 0, controls = 0;

	u->plugin = d;
	u->handle = d->instantiate(d, RATE_HZ);
	if (!u->handle)
		bench_die("no %s", d->Name);
	for (unsigned long p = 0; p < d->PortCount; p++) {
		LADSPA_PortDescriptor is = d->PortDescriptors[p];
		float *to = &u->control[controls];

		if (!LADSPA_IS_PORT_AUDIO(is))
			controls++;
		else if (LADSPA_IS_PORT_INPUT(is))
			to = in[ins++];
		else
			to = out[outs++];
		d->connect_port(u->handle, p, to);
	}
	if (d->activate)
		d->activate(u->handle);
	return u;
}

struct plugins {
	const LADSPA_Descriptor *split, *low, *high, *filter, *dj;
};

static bool
plugins_find(struct plugins *p)
{
	p->split = plugin_find(FOLDER "butterworth_1902.so", "bwxover_iir");
	p->low = plugin_find(FOLDER "butterworth_1902.so", "buttlow_iir");
	p->high = plugin_find(FOLDER "butterworth_1902.so", "butthigh_iir");
	p->filter = plugin_find(FOLDER "svf_1214.so", "svf");
	p->dj = plugin_find(FOLDER "dj_eq_1901.so", "dj_eq");
	return p->split && p->low && p->high && p->filter && p->dj;
}

static void
crossover_set(struct unit *u, float hz)
{
	u->control[0] = hz;
	u->control[1] = 1.41421356f;
}

/* x into its low and its high part, of the 4th order. */
static void
split_add(struct chain *c, const struct plugins *p, float *x, float *low,
	float *high, float hz)
{
	crossover_set(
		unit_add(c, p->split, (float *[]){x}, (float *[]){low, high}),
		hz);
	crossover_set(
		unit_add(c, p->low, (float *[]){low}, (float *[]){low}), hz);
	crossover_set(
		unit_add(c, p->high, (float *[]){high}, (float *[]){high}), hz);
}

static void
filter_add(struct chain *c, const struct plugins *p, int side, float *x)
{
	struct unit *u = unit_add(
		c, p->filter, (float *[]){x}, (float *[]){c->buffer[side][4]});

	u->control[0] = 1.0f; /* low pass */
	c->out[side] = c->buffer[side][4];
}

static void
chain_init(struct chain *c, const struct plugins *p, bool dj)
{
	for (int side = 0; side < 2; side++) {
		float(*b)[BLOCK] = c->buffer[side];

		if (!dj) {
			split_add(c, p, b[0], b[1], b[2], LOW_HZ);
			split_add(c, p, b[2], b[5], b[3], HIGH_HZ);
		}
	}
	if (dj)
		unit_add(c, p->dj,
			(float *[]){c->buffer[0][0], c->buffer[1][0]},
			(float *[]){c->buffer[0][1], c->buffer[1][1]});
	for (int side = 0; side < 2; side++)
		filter_add(c, p, side, c->buffer[side][1]);
}

static void
rack_init(struct rack *r, const struct plugins *p, bool dj)
{
	r->dj = dj;
	for (uint32_t s = 0; s < STRIPS; s++)
		chain_init(&r->chain[s], p, dj);
}

/* Half way and back, as the mixer's. */
static void
rack_turn_knobs(struct rack *r)
{
	float to = r->up ? 0.9f : 0.4f;

	r->up = !r->up;
	for (uint32_t s = 0; s < STRIPS; s++) {
		struct chain *c = &r->chain[s];

		for (int b = 0; b < 3; b++)
			c->gain[b] = to;
		for (uint32_t u = 0; u < c->units; u++) {
			struct unit *unit = &c->unit[u];

			if (!strcmp(unit->plugin->Label, "svf"))
				unit->control[1] = 5000.0f * to;
			for (int b = 0; r->dj && u == 0 && b < 3; b++)
				unit->control[b] = -10.0f * to;
		}
	}
}

/* Up to where the bands are; then their sum, and the filter. */
static void
chain_run(struct chain *c, bool dj)
{
	uint32_t before = c->units - 2;

	for (uint32_t u = 0; u < before; u++)
		c->unit[u].plugin->run(c->unit[u].handle, BLOCK);
	for (int side = 0; !dj && side < 2; side++) {
		float(*b)[BLOCK] = c->buffer[side];

		for (uint32_t i = 0; i < BLOCK; i++)
			b[1][i] = c->gain[0] * b[1][i] + c->gain[1] * b[5][i] +
				  c->gain[2] * b[3][i];
	}
	for (uint32_t u = before; u < c->units; u++)
		c->unit[u].plugin->run(c->unit[u].handle, BLOCK);
	__asm__ __volatile__("" : : "r"(c->out[0]), "r"(c->out[1]) : "memory");
}

/* The same samples; getting them there is not counted. */
static void
rack_turn(struct rack *r, struct desk *d, uint32_t turn)
{
	uint64_t ns = 0;

	rack_turn_knobs(r);
	for (uint32_t i = 0; i < TURN_BLOCKS; i++) {
		uint64_t start_ns;

		for (uint32_t s = 0; s < STRIPS; s++)
			for (uint32_t side = 0; side < 2; side++)
				memcpy(r->chain[s].buffer[side][0],
					desk_input(d, s, side),
					BLOCK * sizeof(float));
		start_ns = bench_now_ns();
		for (uint32_t s = 0; s < STRIPS; s++)
			chain_run(&r->chain[s], r->dj);
		ns += bench_now_ns() - start_ns;
	}
	r->turn_ns[turn] = (double)ns;
}

static void
show(const char *name, double *turn_ns, double ours_us)
{
	double us = bench_median(turn_ns, TURNS) / TURN_BLOCKS / 1e3;

	bench_row(name, "", true, "%.2f %% (%.1f us); %.1f times tapdeck's",
		100.0 * us * RATE_HZ / BLOCK / 1e6, us, us / ours_us);
}

int
main(void)
{
	struct desk desk = desk_new(STRIPS, LEVEL_TURNING);
	struct rack *of = bench_memory(2 * sizeof(*of));
	struct plugins plugins;
	double ours_us;

	bench_title("EQ and filter of 16 strips, all knobs move, beside LADSPA "
		    "in one process");
	if (!plugins_find(&plugins)) {
		bench_row("swh-plugins", "", true, "are not here");
		desk_free(&desk);
		free(of);
		return 0;
	}
	memset(of, 0, 2 * sizeof(*of));
	rack_init(&of[0], &plugins, false);
	rack_init(&of[1], &plugins, true);
	for (uint32_t turn = 0; turn < TURNS; turn++) {
		desk_turn(&desk, turn);
		rack_turn(&of[0], &desk, turn);
		rack_turn(&of[1], &desk, turn);
	}
	ours_us = block_us(&desk);
	bench_row("tapdeck's mixer, with 4 buses", "", true,
		"%.2f %% (%.1f us)", 100.0 * ours_us * RATE_HZ / BLOCK / 1e6,
		ours_us);
	show("16 x butterworth (LR4) and svf", of[0].turn_ns, ours_us);
	show("16 x dj_eq (three bells) and svf", of[1].turn_ns, ours_us);
	desk_free(&desk);
	free(of);
	return 0;
}
