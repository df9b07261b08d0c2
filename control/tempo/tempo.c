/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/tempo/tempo.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "control/midi/midi.h"
#include "control/tempo/tempo_own.h"

#define SHOWN_BPM 0.02 /* a change by less is told by nobody */

/* ---- what is told ---- */

/* Told when it is another one for people. */
static void
tell_bpm(struct tempo *t)
{
	double bpm = t->told_bpm;

	if (tempo_is_midi(t) && midi_clock_holds(&t->midi))
		bpm = 60.0 * t->rate_hz / (GRID_BEAT * t->midi.fit.period);
	else if (tempo_is_own(t) && t->own.grid.runs)
		bpm = grid_bpm(&t->own.grid, t->rate_hz);
	bpm = fmin(fmax(bpm, TEMPO_MIN_BPM), TEMPO_MAX_BPM);
	if (fabs(bpm - t->told_bpm) < SHOWN_BPM)
		return;
	t->told_bpm = bpm;
	tempo_put(t, t->bpm, round(bpm * 100.0) / 100.0);
}

static void
tell_clock_out(struct tempo *t, const struct grid *g)
{
	const struct clock_line line = {
		.runs = g->runs && tempo_row(t, t->clock_out) != 0.0,
		.zero = g->zero,
		.tick = g->tick};

	if (t->config.clock_out && (line.runs || t->told_clock_out))
		t->config.clock_out(t->config.data, &line);
	t->told_clock_out = line.runs;
}

/* Where beats are may be elsewhere now. moved: their numbers are, too. */
static void
settle(struct tempo *t, bool moved)
{
	struct grid g;

	tempo_grid(t, &g);
	tell_bpm(t);
	if (g.runs != (tempo_row(t, t->running) != 0.0)) {
		t->told_beat = 0;
		tempo_put(t, t->running, g.runs);
	}
	if (moved)
		wait_moved(t, &g);
	tell_clock_out(t, &g);
	timer_sooner(&t->timer, 0);
}

/* The clock that led stands. */
static void
stopped(struct tempo *t, const char *why)
{
	wait_cancel(t, why);
	settle(t, false);
}

/* ---- what is set ---- */

void
tempo_set_own(struct tempo *t, double bpm)
{
	double now = tempo_frame(t, loop_now_ns());

	t->own_wanted = true;
	t->own_bpm = bpm;
	if (now >= 0.0)
		own_clock_set(&t->own, bpm, now);
	if (tempo_is_own(t))
		tempo_put(t, t->bpm, t->told_bpm = bpm);
	settle(t, false);
}

static void
on_tempo(struct tempo *t)
{
	if (!tempo_is_own(t)) { /* it is what it is */
		t->told_bpm = 0.0;
		tell_bpm(t);
		return;
	}
	tempo_set_own(t, tempo_row(t, t->bpm));
}

/* of: 0: it was tapped */
static void
on_beat(struct tempo *t, int of)
{
	double now = tempo_frame(t, loop_now_ns());

	if (now < 0.0)
		return;
	if (tempo_is_midi(t)) {
		now -= t->offset_ms * t->rate_hz / 1000.0;
		if (of > 0)
			midi_clock_name_beat(&t->midi, now, of);
	} else if (tempo_is_own(t)) {
		own_clock_beat(&t->own, of, now);
		t->own_wanted |= t->own.grid.runs;
		if (t->own.grid.runs)
			t->own_bpm = grid_bpm(&t->own.grid, t->rate_hz);
	}
	t->told_beat = 0;
	settle(t, true);
}

static void
on_source(struct tempo *t)
{
	struct grid before, g;

	tempo_grid(t, &before);
	t->source = (enum tempo_source)tempo_choice(t, t->from);
	tempo_grid(t, &g);
	if (before.runs && !g.runs)
		stopped(t, "/tempo/source: no beat any more");
	else
		settle(t, true);
}

static void
on_param(void *data, uint32_t id, uint32_t source)
{
	struct tempo *t = data;

	if (source == TEMPO_SOURCE)
		return;
	if (id == t->bpm)
		on_tempo(t);
	else if (id == t->tap)
		on_beat(t, 0);
	else if (id == t->beat)
		on_beat(t, (int)tempo_row(t, t->beat));
	else if (id == t->from)
		on_source(t);
	else if (id == t->quantise)
		t->when = (enum param_when)(
			PARAM_AT_ONCE + tempo_choice(t, t->quantise));
	else if (id == t->clock_out)
		settle(t, false);
	else if (id == t->offset) {
		t->offset_ms = tempo_row(t, t->offset);
		settle(t, false);
	}
}

/* ---- MIDI ---- */

void
tempo_hear(struct tempo *t, uint32_t from, const struct midi_event *e,
	double frame)
{
	bool led;

	if (e->kind < MIDI_CLOCK || e->kind > MIDI_POSITION || frame < 0.0)
		return;
	if (t->midi_from == NOBODY)
		t->midi_from = from;
	if (from != t->midi_from)
		return;
	led = tempo_is_midi(t);
	t->ticks += e->kind == MIDI_CLOCK;
	switch (midi_clock_hear(&t->midi, e->kind, e->value, frame)) {
	case MIDI_CLOCK_MOVED:
		t->told_beat = 0;
		settle(t, true);
		break;
	case MIDI_CLOCK_STOPPED:
		if (tempo_is_midi(t))
			stopped(t, "the MIDI clock has stopped");
		break;
	case MIDI_CLOCK_TICK:
		/* Now it leads: positions are its own. */
		settle(t, tempo_is_midi(t) != led);
		break;
	case MIDI_CLOCK_NOTHING:
		break;
	}
}

/* ---- time ---- */

/* The beat of now, each time that one begins. Frames until the next. */
static double
beat_run(struct tempo *t, const struct grid *g, double now)
{
	double position;
	int beat;

	if (!g->runs)
		return INFINITY;
	position = grid_position(g, now) + 0.01;
	beat = grid_beat(position);
	if (beat != t->told_beat) {
		t->told_beat = beat;
		tempo_put(t, t->beat, beat);
	}
	return grid_frame(g, GRID_BEAT * (1.0 + floor(position / GRID_BEAT))) -
	       now;
}

static double
lost_run(struct tempo *t, double now)
{
	bool led = tempo_is_midi(t);

	if (midi_clock_lost(&t->midi, now)) {
		t->midi_from = NOBODY;
		if (led)
			stopped(t, "the MIDI clock is lost");
	}
	return t->midi.heard ? midi_clock_patience(&t->midi) - now : INFINITY;
}

uint64_t
tempo_run(struct tempo *t, uint64_t now_ns)
{
	double now = tempo_frame(t, now_ns), next;
	uint64_t next_ns;
	struct grid g;

	if (now < 0.0)
		return UINT64_MAX;
	next = lost_run(t, now);
	tempo_grid(t, &g);
	next = fmin(next, wait_run(t, &g, now));
	next = fmin(next, beat_run(t, &g, now));
	if (!(next < INFINITY))
		return UINT64_MAX;
	next_ns = (uint64_t)(fmax(next, 0.0) * 1e9 / t->rate_hz) + 1;
	timer_sooner(&t->timer, next_ns);
	return next_ns;
}

static void
on_time(void *data)
{
	tempo_run(data, loop_now_ns());
}

/* ---- life ---- */

void
tempo_audio(struct tempo *t, struct mixer *m, uint32_t rate_hz)
{
	wait_cancel(t, "audio has stopped");
	t->mixer = m;
	t->rate_hz = rate_hz;
	t->midi_from = NOBODY;
	midi_clock_init(&t->midi, rate_hz ? rate_hz : 1.0);
	own_clock_init(
		&t->own, rate_hz ? rate_hz : 1.0, TEMPO_MIN_BPM, TEMPO_MAX_BPM);
	if (m && t->own_wanted)
		own_clock_set(&t->own, t->own_bpm, tempo_now(t));
	settle(t, false);
}

/* False: it is not there. */
static bool
row_find(const struct tempo *t, const char *address, uint32_t *id)
{
	int found = param_find(t->params, address);

	*id = (uint32_t)found;
	return found >= 0;
}

static bool
rows_find(struct tempo *t)
{
	char address[PARAM_ADDRESS_MAX];

	do
		snprintf(address, sizeof(address), "/strip/%u/pending",
			t->strips + 1);
	while (row_find(t, address, &t->strip_pending[t->strips]) &&
		++t->strips < STRIPS_MAX);
	return row_find(t, "/tempo", &t->bpm) &&
	       row_find(t, "/tempo/source", &t->from) &&
	       row_find(t, "/tempo/offset", &t->offset) &&
	       row_find(t, "/tempo/running", &t->running) &&
	       row_find(t, "/tempo/tap", &t->tap) &&
	       row_find(t, "/tempo/clock-out", &t->clock_out) &&
	       row_find(t, "/beat", &t->beat) &&
	       row_find(t, "/quantise", &t->quantise) &&
	       row_find(t, "/quantise/pending", &t->pending);
}

/* What an engine before this one has left. */
static void
rows_read(struct tempo *t)
{
	t->source = (enum tempo_source)tempo_choice(t, t->from);
	t->when =
		(enum param_when)(PARAM_AT_ONCE + tempo_choice(t, t->quantise));
	t->offset_ms = tempo_row(t, t->offset);
	t->told_bpm = t->own_bpm = tempo_row(t, t->bpm);
	t->own_wanted = (t->config.start && t->config.start->bpm > 0.0) ||
			tempo_row(t, t->running) != 0.0;
	tempo_put(t, t->running, 0.0);
	tempo_put(t, t->pending, 0.0);
	for (uint32_t i = 0; i < t->strips; i++)
		tempo_put(t, t->strip_pending[i], 0.0);
}

int
tempo_new(struct tempo **out, const struct tempo_config *config)
{
	struct tempo *t = calloc(1, sizeof(*t));
	struct param_gate gate;
	int ret;

	*out = NULL;
	if (!t)
		return -ENOMEM;
	t->config = *config;
	t->params = config->params;
	t->midi_from = NOBODY;
	ret = rows_find(t) ? param_listen(t->params, on_param, t) : -ENOENT;
	if (ret < 0) {
		free(t);
		return ret;
	}
	rows_read(t);
	wait_gate(t, &gate);
	param_set_gate(t->params, &gate);
	*out = t;
	return 0;
}

void
tempo_free(struct tempo *t)
{
	if (!t)
		return;
	param_set_gate(t->params, NULL);
	param_unlisten(t->params, on_param, t);
	timer_done(&t->timer);
	free(t);
}

void
tempo_set_loop(struct tempo *t, struct loop *l)
{
	timer_init(&t->timer, l, on_time, t);
}
