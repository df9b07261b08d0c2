/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/mixer/ramp.h"

#include "core/dsp/series.h"
#include "core/level.h"

#define GRID 16 /* frames */

/* The fader's law is computed at so many places of a ramp at least, or at every
 * frame. Between them it goes straight, 0.0005 dB beside the law at most. */
#define FADER_PLACES   256
#define FADER_CELL_MAX 64 /* frames */

#define OCTAVES_OF_DB  0.1660964047443681 /* log2(10) / 20 */
#define FADER_EXPONENT 0.4350745317123817 /* as level.c has it */
#define FADER_SPAN_DB  (LEVEL_MAX_DB - LEVEL_MIN_DB)

RT uint32_t
ramp_frames_usual(uint32_t rate_hz)
{
	return (rate_hz * RAMP_MS + 500) / 1000;
}

RT void
ramp_jump(struct ramp *r, float value)
{
	*r = (struct ramp){.from = value, .to = value, .frames = 1};
}

/* ---- the laws; pos: frames of the ramp that have passed, 0 at the frame
 * before it ---- */

static void
linear_fill(const struct ramp *r, int32_t pos, float *value, uint32_t n)
{
	const float from = r->from, way = r->to - r->from;
	const float frames = (float)(int32_t)r->frames;

	for (uint32_t i = 0; i < n; i++)
		value[i] = from + way * ((float)(pos + (int32_t)i) / frames);
}

/* Frames of a ramp in a row, counted from its start, go by the same factor: the
 * first of each 16 is computed, and the others follow from it. */
static void
db_fill(const struct ramp *r, int32_t pos, float *value, uint32_t n)
{
	const float least = RAMP_FLOOR;
	const double from = r->from > least ? r->from : least;
	const double to = r->to > least ? r->to : least;
	const double octaves = series_log2(to / from) / r->frames;
	const double step = series_exp2(octaves);
	double factor[GRID] = {1.0};

	for (uint32_t k = 1; k < GRID; k++)
		factor[k] = factor[k - 1] * step;
	for (uint32_t i = 0, m; i < n; i += m) {
		uint32_t at = (uint32_t)pos + i, k = at % GRID;
		double here = from * series_exp2(octaves * (at - k));

		m = n - i < GRID - k ? n - i : GRID - k;
		for (uint32_t j = 0; j < m; j++)
			value[i + j] = (float)(here * factor[k + j]);
	}
}

static void
cosine_fill(const struct ramp *r, int32_t pos, float *value, uint32_t n)
{
	const double from = r->from, way = (double)r->to - from;
	const double frames = r->frames;

	for (uint32_t i = 0; i < n; i++)
		value[i] = (float)(from +
				   way * series_cosine_way(
						 (double)(pos + (int32_t)i) /
						 frames));
}

static float
way_of(float level)
{
	double share;

	if (!(level > RAMP_FLOOR))
		return 0.0f;
	share = (series_log2((double)level) / OCTAVES_OF_DB - LEVEL_MIN_DB) /
		FADER_SPAN_DB;
	return (float)series_exp2(series_log2(share) / FADER_EXPONENT);
}

static double
level_of(double way)
{
	double share;

	if (!(way > 0.0))
		return (double)RAMP_FLOOR;
	share = series_exp2(FADER_EXPONENT * series_log2(way));
	return series_exp2(
		(LEVEL_MIN_DB + FADER_SPAN_DB * share) * OCTAVES_OF_DB);
}

/* After so many frames of the ramp; its ends are what they are. */
static double
fader_at(const struct ramp *r, uint32_t pos)
{
	const double from = r->way_from, way = (double)r->way_to - from;

	if (pos == 0)
		return r->from;
	if (pos >= r->frames)
		return r->to;
	return level_of(from + way * pos / r->frames);
}

static void
fader_fill(const struct ramp *r, int32_t pos, float *value, uint32_t n)
{
	const uint32_t whole = r->frames / FADER_PLACES;
	const uint32_t grid = whole < 1		       ? 1
			      : whole < FADER_CELL_MAX ? whole
						       : FADER_CELL_MAX;
	double here, next = 0.0;

	for (uint32_t i = 0, m; i < n; i += m) {
		uint32_t at = (uint32_t)pos + i, k = at % grid;
		uint32_t cell = r->frames - (at - k);

		cell = cell < grid ? cell : grid;
		m = n - i < cell - k ? n - i : cell - k;
		here = i > 0 ? next : fader_at(r, at - k);
		next = fader_at(r, at - k + cell);
		for (uint32_t j = 0; j < m; j++)
			value[i + j] =
				(float)(here + (next - here) * (k + j) / cell);
	}
}

static void
law_fill(const struct ramp *r, int32_t pos, float *value, uint32_t n)
{
	switch (r->law) {
	case RAMP_DB:
		db_fill(r, pos, value, n);
		break;
	case RAMP_COSINE:
		cosine_fill(r, pos, value, n);
		break;
	case RAMP_FADER:
	case RAMP_RISE:
		fader_fill(r, pos, value, n);
		break;
	default:
		linear_fill(r, pos, value, n);
		break;
	}
}

/* The position that belongs to a frame up to the ramp's end. */
static int32_t
position(const struct ramp *r, uint64_t frame)
{
	return (int32_t)r->frames - (int32_t)(r->end - frame);
}

RT void
ramp_fill(const struct ramp *r, uint64_t frame, float *value, uint32_t n)
{
	const struct ramp now = *r;

	law_fill(&now, position(r, frame), value, n);
}

RT float
ramp_at(const struct ramp *r, uint64_t frame)
{
	float value = r->to;

	if (!ramp_rests(r, frame))
		law_fill(r, position(r, frame), &value, 1);
	return value;
}

/* The value of the frame before. */
static float
value_before(const struct ramp *r, uint64_t frame)
{
	int32_t pos;
	float value = r->to;

	if (frame > r->end)
		return value;
	/* at the frame of its end it has one step to go from the one before;
	 * where it starts it is where it was, whatever its law */
	pos = position(r, frame) - 1;
	if (pos == 0)
		return r->from;
	law_fill(r, pos, &value, 1);
	return value;
}

RT void
ramp_start(struct ramp *r, uint64_t frame, float to, uint32_t frames,
	enum ramp_law law)
{
	bool there = ramp_rests(r, frame);

	if (r->to == to && (there ? law != RAMP_RISE
				  : r->frames == frames && r->law == law))
		return;
	r->from = law == RAMP_RISE ? 0.0f : value_before(r, frame);
	r->to = to;
	if (law == RAMP_FADER || law == RAMP_RISE) {
		r->way_from = way_of(r->from);
		r->way_to = way_of(r->to);
	}
	r->frames = frames;
	r->law = (uint8_t)law;
	r->end = frame + frames - 1;
}
