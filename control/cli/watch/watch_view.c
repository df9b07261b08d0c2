/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/cli/watch/watch_view.h"

#include <math.h>
#include <string.h>

#include "control/util/text.h"

#define BAR_LOW_DB     (-60.0)
#define BAR_HIGH_DB    6.0
#define YELLOW_DB      (-12.0)
#define RED_DB	       (-1.0)
#define BAR_MIN	       8u
#define BAR_MAX	       66u
#define NUMBER_COLUMNS 3u
#define NAME_COLUMNS   18u
#define ROUTE_COLUMNS  8u
/* " 12 NAME BAR  -12.3  -18.2   -6.0 MUTE take route": all but the bar */
#define LUFS_COLUMN   (NUMBER_COLUMNS + NAME_COLUMNS + 22u)
#define FIXED_COLUMNS (NUMBER_COLUMNS + NAME_COLUMNS + ROUTE_COLUMNS + 36u)

static double
cell_db(uint32_t cell, uint32_t cells)
{
	return BAR_LOW_DB + (BAR_HIGH_DB - BAR_LOW_DB) * (cell + 0.5) / cells;
}

static const char *
cell_text(const struct watch_view *v, bool left, bool right)
{
	static const char *const blocks[] = {" ", "▀", "▄", "█"};

	if (!v->utf8)
		return left || right ? "#" : " ";
	return blocks[left + 2 * right];
}

/* The cell of a level; cells: beyond the bar, or before it */
static uint32_t
cell_of(const double db[2], uint32_t cells)
{
	double level = fmax(db[0], db[1]);
	double at = (level - BAR_LOW_DB) / (BAR_HIGH_DB - BAR_LOW_DB) * cells;

	return at < 0.0 ? cells : at < cells ? (uint32_t)at : cells - 1;
}

static void
bar_draw(const struct watch_view *v, const struct watch_row *row,
	uint32_t cells, FILE *to)
{
	const double *peak_db = row->peak_db;
	uint32_t held = cell_of(row->hold_db, cells);
	const char *shown = "";

	for (uint32_t c = 0; c < cells; c++) {
		double db = cell_db(c, cells);
		const char *color = db >= RED_DB      ? "\033[31m"
				    : db >= YELLOW_DB ? "\033[33m"
						      : "\033[32m";

		if (v->color && strcmp(color, shown) != 0)
			fputs(shown = color, to);
		fputs(c == held ? "|"
				: cell_text(v, peak_db[0] >= db,
					  peak_db[1] >= db),
			to);
	}
	if (v->color)
		fputs("\033[39m", to);
}

static void
level_text(char out[16], const double level_db[2])
{
	double db = fmax(level_db[0], level_db[1]);

	if (db <= BAR_LOW_DB - 30.0)
		snprintf(out, 16, "-");
	else
		snprintf(out, 16, "%.1f", db);
}

static void
gain_text(char out[16], double gain_db)
{
	if (gain_db <= -90.0)
		snprintf(out, 16, "off");
	else
		snprintf(out, 16, "%+.1f", gain_db);
}

static uint32_t
bar_cells(const struct watch_view *v)
{
	if (v->columns < FIXED_COLUMNS + BAR_MIN)
		return BAR_MIN;
	return v->columns - FIXED_COLUMNS < BAR_MAX ? v->columns - FIXED_COLUMNS
						    : BAR_MAX;
}

/* Terminals that are too narrow cut the line at their edge: wrapping is off. */
static void
row_draw(const struct watch_view *v, const struct watch_row *row,
	uint32_t number, FILE *to)
{
	char name[4 * NAME_COLUMNS + 1], route[4 * ROUTE_COLUMNS + 1];
	char hold[16], rms[16], gain[16], index[16] = "";

	if (number)
		snprintf(index, sizeof(index), "%u", number);
	text_fit(name, sizeof(name), *row->app ? row->app : row->name,
		NAME_COLUMNS);
	text_fit(route, sizeof(route), row->route, ROUTE_COLUMNS);
	level_text(hold, row->hold_db);
	level_text(rms, row->rms_db);
	gain_text(gain, row->gain_db);
	fprintf(to, "%*s %s ", (int)NUMBER_COLUMNS - 1, index, name);
	bar_draw(v, row, bar_cells(v), to);
	fprintf(to, " %6s %6s %6s ", hold, rms, gain);
	fprintf(to, "%s%s%s", row->mute && v->color ? "\033[7m" : "",
		row->mute ? "MUTE" : "    ",
		row->mute && v->color ? "\033[27m" : "");
	if (*row->loud_short)
		fprintf(to, "%6s %6s", row->loud_short, row->loud_all);
	else
		fprintf(to, " %-4s %s", row->tap, route);
	fputs("\033[K\r\n", to);
}

/* "  120.0 BPM  3/4  bar": what runs, and what waits for it */
static void
tempo_text(char out[64], const struct watch_model *m)
{
	bool waits = m->quantise[0] && strcmp(m->quantise, "off") != 0;

	out[0] = '\0';
	if (m->tempo_runs)
		snprintf(out, 64, "  %.1f BPM  %u/4%s%.10s", m->tempo_bpm,
			m->beat, waits ? "  " : "", waits ? m->quantise : "");
}

static void
head_draw(const struct watch_view *v, const struct watch_model *m, FILE *to)
{
	char name[NAME_COLUMNS + 1], tempo[64];

	text_fit(name, sizeof(name), "APP", NAME_COLUMNS);
	tempo_text(tempo, m);
	fprintf(to, "%stapdeck %s  %.0f Hz  %.0f frames%s%s\033[K\r\n",
		v->color ? "\033[1m" : "", m->version, m->rate_hz,
		m->block_frames, tempo, v->color ? "\033[22m" : "");
	fprintf(to, "%*s %s %-*s %6s %6s %6s %-4s %-4s %s\033[K\r\n",
		(int)NUMBER_COLUMNS - 1, "#", name, (int)bar_cells(v),
		"-60 dB .. +6 dB", "PEAK", "RMS", "GAIN", "", "TAP", "ROUTE");
}

/* Is there something to see? named: a name is. */
static bool
strip_used(const struct watch_row *row, bool named)
{
	return *row->app || (named && *row->name) || row->mute ||
	       row->gain_db < 0.0 || row->gain_db > 0.0 ||
	       row->peak_db[0] > BAR_LOW_DB || row->peak_db[1] > BAR_LOW_DB;
}

/* Strips in a row that have nothing to show are one line. The end of those that
 * go from `from` on with one. */
static uint32_t
line_end(const struct watch_model *m, uint32_t from, bool named)
{
	uint32_t end = from;

	while (end < m->strips && !strip_used(&m->strip[end], named))
		end++;
	return end > from ? end : from + 1;
}

static uint32_t
lines_of(const struct watch_model *m, bool named)
{
	uint32_t n = 0;

	for (uint32_t s = 0; s < m->strips; s = line_end(m, s, named))
		n++;
	return n;
}

static void
empty_draw(const struct watch_view *v, uint32_t from, uint32_t end, FILE *to)
{
	char strips[32];

	snprintf(strips, sizeof(strips), "%u-%u", from + 1, end);
	fprintf(to, "%s   %s empty%s\033[K\r\n", v->color ? "\033[2m" : "",
		strips, v->color ? "\033[22m" : "");
}

/* The strips; those that nothing plays on give way first. Returns how many had
 * no room. */
static uint32_t
strips_draw(const struct watch_view *v, const struct watch_model *m,
	uint32_t room, FILE *to)
{
	bool named = lines_of(m, true) <= room;
	uint32_t s = 0, end;

	for (; s < m->strips && room > 0; s = end, room--) {
		end = line_end(m, s, named);
		if (end > s + 1)
			empty_draw(v, s, end, to);
		else
			row_draw(v, &m->strip[s], s + 1, to);
	}
	return m->strips - s;
}

/* Above the buses: what their last columns are. */
static void
line_between_draw(const struct watch_view *v, uint32_t left, FILE *to)
{
	char more[40] = "";

	if (left > 0)
		snprintf(more, sizeof(more), "    and %u more strips", left);
	fprintf(to, "%-*s LUFS%6s %6s\033[K\r\n",
		(int)(bar_cells(v) + LUFS_COLUMN), more, "3 s", "all");
}

void
watch_view_draw(
	const struct watch_view *v, const struct watch_model *m, FILE *to)
{
	/* two of head, one between strips and buses, one of foot */
	uint32_t fixed = 4 + m->buses;
	uint32_t room = v->rows > fixed ? v->rows - fixed : 0;
	uint32_t left;

	fputs("\033[H", to);
	head_draw(v, m, to);
	left = strips_draw(v, m, room, to);
	line_between_draw(v, left, to);
	for (uint32_t b = 0; b < m->buses && b + 4 < v->rows; b++)
		row_draw(v, &m->bus[b], 0, to);
	fprintf(to, "\033[J%s%s%s", v->color ? "\033[2m" : "",
		v->notice ? v->notice : "q quits", v->color ? "\033[22m" : "");
	fputs("\033[K", to);
}
