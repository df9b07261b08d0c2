/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is known: times, rows, and where beats are. */
#include <string.h>

#include "control/midi/midi.h"
#include "control/tempo/tempo_own.h"
#include "core/mixer/mixer.h"

/* ---- time ---- */

double
tempo_frame(const struct tempo *t, uint64_t time_ns)
{
	uint64_t frame, at_ns;
	double off_ns;

	if (!t->mixer || !mixer_clock(t->mixer, &frame, &at_ns))
		return -1.0;
	off_ns = time_ns >= at_ns ? (double)(time_ns - at_ns)
				  : -(double)(at_ns - time_ns);
	return (double)frame + off_ns * t->rate_hz / 1e9;
}

double
tempo_now(const struct tempo *t)
{
	return t->mixer ? (double)mixer_frame(t->mixer) : 0.0;
}

/* ---- rows ---- */

void
tempo_put(struct tempo *t, uint32_t id, double number)
{
	struct param_change change = {.id = id};
	struct param_info info;

	param_info(t->params, id, &info);
	change.value.type = info.type;
	if (info.type == PARAM_FLOAT)
		change.value.f = number;
	else
		change.value.i = (int64_t)number;
	param_apply(t->params, &change, 1, 0, TEMPO_SOURCE);
}

double
tempo_row(const struct tempo *t, uint32_t id)
{
	struct param_value v;

	param_get(t->params, id, &v);
	return v.type == PARAM_FLOAT ? v.f : (double)v.i;
}

uint32_t
tempo_choice(const struct tempo *t, uint32_t id)
{
	struct param_info info;
	struct param_value v;
	uint32_t i = 0;

	param_info(t->params, id, &info);
	param_get(t->params, id, &v);
	while (i + 1 < info.choices && strcmp(info.choice[i], v.s) != 0)
		i++;
	return i;
}

/* ---- who tells ---- */

bool
tempo_is_midi(const struct tempo *t)
{
	return t->source == TEMPO_MIDI ||
	       (t->source == TEMPO_AUTO && midi_clock_holds(&t->midi));
}

bool
tempo_is_own(const struct tempo *t)
{
	return t->source != TEMPO_OFF && !tempo_is_midi(t);
}

void
tempo_grid(const struct tempo *t, struct grid *out)
{
	*out = (struct grid){.runs = false};
	if (!t->mixer)
		return;
	if (tempo_is_midi(t)) {
		midi_clock_grid(&t->midi, out);
		out->zero += t->offset_ms * t->rate_hz / 1000.0;
	} else if (tempo_is_own(t)) {
		*out = t->own.grid;
	}
}

void
tempo_status(const struct tempo *t, struct tempo_status *out)
{
	bool midi = tempo_is_midi(t) && midi_clock_holds(&t->midi);
	struct grid g;

	tempo_grid(t, &g);
	*out = (struct tempo_status){.runs = g.runs,
		.midi = midi,
		.ticks = t->ticks,
		.waits = param_pendings(t->params)};
	if (g.runs || midi)
		out->bpm = t->told_bpm;
}
