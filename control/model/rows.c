/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table, and what is peculiar to a row. */
#include "control/model/model_state.h"
#include "core/dsp/crossfade.h"
#include "core/level.h"
#include "control/model/names.h"
#include "control/model/row.h"

/* ---- route and sends: one set of buses ---- */

static uint32_t
route_choices(const struct model *c, const char *choice[PARAM_CHOICES_MAX])
{
	for (uint32_t i = 0; i < c->config.routes; i++)
		choice[i] = c->config.route[i].name;
	return c->config.routes;
}

/* -1: sends that are no route */
static double
route_show(const struct model *c, struct place at, double mask)
{
	(void)at;
	for (uint32_t i = 0; i < c->config.routes; i++)
		if (c->config.route[i].mask == (uint32_t)mask)
			return i;
	return -1.0;
}

static double
route_keep(const struct model *c, struct place at, double now, double i)
{
	(void)at;
	(void)now;
	return c->config.route[(uint32_t)i].mask;
}

static double
route_most(const struct model *c)
{
	return (1u << c->config.buses) - 1;
}

/* The bus that is heard in the room; 0 when there is none. */
static uint32_t
main_mask(const struct model *c)
{
	int bus = model_config_bus_find(&c->config, BUS_NAME_MAIN);

	return bus < 0 ? 0 : 1u << bus;
}

/* The buses of a new strip: a copied app is heard by itself, not in main. */
static double
route_start(const struct model *c)
{
	uint32_t mask = c->config.route[0].mask;

	return c->config.tap == TAP_COPY ? mask & ~main_mask(c) : mask;
}

static double
send_show(const struct model *c, struct place at, double mask)
{
	(void)c;
	return (uint32_t)mask >> at.bus & 1;
}

static double
send_keep(const struct model *c, struct place at, double now, double on)
{
	(void)c;
	return ((uint32_t)now & ~(1u << at.bus)) | (uint32_t)on << at.bus;
}

/* ---- tap ---- */

static double
tap_show(const struct model *c, struct place at, double mode)
{
	(void)c;
	(void)at;
	return TAP_TAKE - mode;
}

static double
tap_keep(const struct model *c, struct place at, double now, double i)
{
	(void)now;
	return tap_show(c, at, i);
}

static double
tap_start(const struct model *c)
{
	return c->config.tap;
}

/* Copying has taken a new strip off main. */
static double
main_out_start(const struct model *c)
{
	return route_start(c) != c->config.route[0].mask;
}

/* A copied app is heard by itself: in main as well it would be twice as loud.
 * So copying takes its strip off main, and taking puts it back. */
static uint32_t
sends_for_tap(const struct model *c, struct place at, double tap)
{
	uint32_t mask = (uint32_t)kept_number(&c->kept, ROW_STRIP_ROUTE, at);

	if (tap == kept_number(&c->kept, ROW_STRIP_TAP, at))
		return mask;
	if (tap == TAP_COPY)
		return mask & ~main_mask(c);
	return tap == TAP_TAKE && kept_number(&c->kept, ROW_STRIP_MAIN_OUT,
					  at) != 0.0
		       ? mask | main_mask(c)
		       : mask;
}

static uint32_t
tap_keeps(const struct model *c, struct place at, double tap,
	struct row_word word[ROW_WORDS_MAX])
{
	uint32_t mask = sends_for_tap(c, at, tap), n = 0;

	if (tap == TAP_TAKE ||
		(tap == TAP_COPY &&
			mask != kept_number(&c->kept, ROW_STRIP_ROUTE, at)))
		word[n++] =
			(struct row_word){ROW_STRIP_MAIN_OUT, tap == TAP_COPY};
	word[n++] = (struct row_word){ROW_STRIP_ROUTE, mask};
	word[n++] = (struct row_word){ROW_STRIP_BY_HAND, tap == TAP_TAKE};
	word[n++] = (struct row_word){ROW_STRIP_TAP, tap};
	return n;
}

/* ---- the crossfader ---- */

static const char *const curve_words[CROSSFADE_CURVES + 1] = {
	[CROSSFADE_CONSTANT_POWER] = "constant-power",
	[CROSSFADE_LINEAR] = "linear",
	[CROSSFADE_DIPLESS] = "dipless",
	[CROSSFADE_SCRATCH] = "scratch",
	[CROSSFADE_CUT] = "cut",
};

/* ---- the headphones ---- */

static double
split_start(const struct model *c)
{
	return c->config.cue_split;
}

/* ---- tempo: what control/tempo/ says and is told, and listens to ---- */

const char *const param_when_words[] = {
	"off", "beat", "bar", "2bars", "4bars", NULL};

static double
tempo_start(const struct model *c)
{
	return c->config.tempo.bpm > 0.0 ? c->config.tempo.bpm : 120.0;
}

static double
offset_start(const struct model *c)
{
	return c->config.tempo.offset_ms;
}

static double
source_start(const struct model *c)
{
	return c->config.tempo.source;
}

static double
clock_out_start(const struct model *c)
{
	return c->config.tempo.clock_out;
}

static double
quantise_start(const struct model *c)
{
	return model_tempo_quantise(&c->config.tempo);
}

/* ---- name ---- */

static const char *
name_start(const struct model *c, struct place at)
{
	return c->config.strip_name[at.strip];
}

/* An empty name means that of the app, now and from now on. */
static void
name_set(
	struct model *c, struct place at, const char *text, struct changed *out)
{
	names_set(c, at.strip, text[0] ? text : c->told[at.strip],
		text[0] != '\0', out);
}

/* ---- the rows ---- */

#define GAIN_ROW                                                               \
	.type = PARAM_FLOAT, .min = LEVEL_MIN_DB, .max = LEVEL_MAX_DB,         \
	.unit = "dB", .help = "fader in decibels; -90 is silence",             \
	.action = ROW_STEP, .law = level_linear
#define FADER_ROW                                                              \
	.type = PARAM_FLOAT, .max = 1.0,                                       \
	.help = "the gain on a fader's scale; 0.75 is 0 dB",                   \
	.scale = CURVE_FADER
#define EQ_ROW                                                                 \
	.type = PARAM_FLOAT, .min = LEVEL_MIN_DB, .max = EQ_MAX_DB,            \
	.unit = "dB", .help = "gain of a band; -90 kills it",                  \
	.action = ROW_STEP, .law = level_linear
#define KNOB_ROW                                                               \
	.type = PARAM_FLOAT, .max = 1.0,                                       \
	.help = "the gain on a knob's scale; 0.5 is 0 dB, 0 kills it",         \
	.scale = CURVE_KNOB
#define MUTE_ROW                                                               \
	.type = PARAM_INT, .max = 1.0, .help = "1: not heard",                 \
	.action = ROW_TOGGLE, .waits = true
#define ROUTE_ROW                                                              \
	.choices = route_choices, .show = route_show, .keep = route_keep,      \
	.waits = true
#define PRESS_ROW .type = PARAM_INT, .max = 1.0, .stays = true, .asks = true
#define INNER_ROW .inner = true, .type = PARAM_INT

const struct row rows[] = {
	[ROW_STRIP_GAIN] = {"gain", ROW_OF_STRIP, GAIN_ROW, .mix = MIX_GAIN},
	[ROW_STRIP_FADER] = {"fader", ROW_OF_STRIP, FADER_ROW,
		.of = &rows[ROW_STRIP_GAIN]},
	[ROW_STRIP_MUTE] = {"mute", ROW_OF_STRIP, MUTE_ROW, .mix = MIX_MUTE},
	[ROW_STRIP_TRIM] = {"trim", ROW_OF_STRIP, PARAM_FLOAT,
		.min = -TRIM_MAX_DB, .max = TRIM_MAX_DB, .unit = "dB",
		.help = "gain at the input", .action = ROW_STEP,
		.mix = MIX_TRIM, .law = level_linear},
	[ROW_STRIP_ROUTE] = {"route", ROW_OF_STRIP, PARAM_TEXT, ROUTE_ROW,
		.help = "the buses it feeds, as a set", .no_choice = "custom",
		.start = route_start, .most = route_most, .mix = MIX_ROUTE},
	[ROW_STRIP_ROUTE_INDEX] = {"route/index", ROW_OF_STRIP, PARAM_INT,
		ROUTE_ROW, .of = &rows[ROW_STRIP_ROUTE],
		.help = "the route as a number; -1: sends that are no route"},
	[ROW_STRIP_SEND] = {"send", ROW_OF_SEND, PARAM_INT, .max = 1.0,
		.help = "1: it feeds this bus", .action = ROW_TOGGLE,
		.of = &rows[ROW_STRIP_ROUTE], .show = send_show,
		.keep = send_keep, .mix = MIX_SEND, .waits = true},
	[ROW_STRIP_TAP] = {"tap", ROW_OF_STRIP, PARAM_TEXT, .max = TAP_TAKE,
		.help = "how its app is connected", .words = model_config_taps,
		.start = tap_start, .show = tap_show, .keep = tap_keep,
		.keeps = tap_keeps},
	[ROW_STRIP_NAME] = {"name", ROW_OF_STRIP, PARAM_TEXT,
		.help = "shown on surfaces; empty: the app's", .stays = true,
		.start_text = name_start, .set_text = name_set},
	[ROW_STRIP_APP] = {"app", ROW_OF_STRIP, PARAM_TEXT, .stays = true,
		.help = "the app that it holds", .read_only = true,
		.told = true},
	/* copying has taken it off main */
	[ROW_STRIP_MAIN_OUT] = {"main out", ROW_OF_STRIP, INNER_ROW, .max = 1.0,
		.start = main_out_start},
	/* somebody has said take */
	[ROW_STRIP_BY_HAND] = {"tap by hand", ROW_OF_STRIP, INNER_ROW,
		.max = 1.0},
	/* in which order its last app went; 0: it is here */
	[ROW_STRIP_LEFT] = {"left", ROW_OF_STRIP, INNER_ROW, .stays = true,
		.max = LEFT_MAX},
	[ROW_STRIP_SLUG] = {"slug", ROW_OF_STRIP, PARAM_TEXT, .inner = true,
		.stays = true},
	/* of its app, which may be gone; "": none ever */
	[ROW_STRIP_KEY] = {"key", ROW_OF_STRIP, PARAM_TEXT, .inner = true,
		.stays = true, .max = VALUES_TEXT_MAX},
	[ROW_BUS_GAIN] = {"gain", ROW_OF_BUS, GAIN_ROW, .mix = MIX_BUS_GAIN},
	[ROW_BUS_FADER] = {"fader", ROW_OF_BUS, FADER_ROW,
		.of = &rows[ROW_BUS_GAIN]},
	[ROW_BUS_MUTE] = {"mute", ROW_OF_BUS, MUTE_ROW, .mix = MIX_BUS_MUTE},
	[ROW_EQ_LOW] = {"eq/low", ROW_OF_STRIP, EQ_ROW, .mix = MIX_EQ_LOW},
	[ROW_EQ_MID] = {"eq/mid", ROW_OF_STRIP, EQ_ROW, .mix = MIX_EQ_MID},
	[ROW_EQ_HIGH] = {"eq/high", ROW_OF_STRIP, EQ_ROW, .mix = MIX_EQ_HIGH},
	[ROW_SCENE] = {"scene", ROW_OF_ALL, PARAM_TEXT, .stays = true,
		.help = "the one recalled last; a name recalls another",
		.told = true, .asks = true, .waits = true,
		.scene = MODEL_SCENE_RECALL},
	{"tempo/tap", ROW_OF_ALL, PRESS_ROW, .help = "1: a beat is now",
		.again = true},
	{"beat", ROW_OF_ALL, PARAM_INT, .min = 1.0, .max = 4.0, .initial = 1.0,
		.help = "of the bar; set, it is that one now", .fleeting = true,
		.again = true},
	{"eq/low/knob", ROW_OF_STRIP, KNOB_ROW, .of = &rows[ROW_EQ_LOW]},
	{"eq/mid/knob", ROW_OF_STRIP, KNOB_ROW, .of = &rows[ROW_EQ_MID]},
	{"eq/high/knob", ROW_OF_STRIP, KNOB_ROW, .of = &rows[ROW_EQ_HIGH]},
	{"width", ROW_OF_STRIP, PARAM_FLOAT, .max = 1.0, .initial = 1.0,
		.help = "1: stereo as it came; 0: mono", .mix = MIX_WIDTH},
	{"filter", ROW_OF_STRIP, PARAM_FLOAT, .min = -1.0, .max = 1.0,
		.help = "low pass to the left, high pass to the right",
		.mix = MIX_FILTER},
	{"resonance", ROW_OF_STRIP, PARAM_FLOAT, .min = 0.7, .max = 4.0,
		.initial = 1.0, .help = "of the filter", .mix = MIX_RESONANCE},
	{"side", ROW_OF_STRIP, PARAM_INT, .max = 2.0,
		.help = "of the crossfader: 0 through, 1 A, 2 B",
		.mix = MIX_SIDE, .waits = true},
	{"crossfader", ROW_OF_ALL, PARAM_FLOAT, .max = 1.0, .initial = 0.5,
		.help = "from 0, A, to 1, B", .mix = MIX_CROSSFADER},
	{"crossfader/curve", ROW_OF_ALL, PARAM_TEXT,
		.max = CROSSFADE_CURVES - 1, .words = curve_words,
		.help = "from its place to the gains of its sides",
		.mix = MIX_CROSSFADER_CURVE},
	{"crossfader/cut-in", ROW_OF_ALL, PARAM_FLOAT, .max = 1.0,
		.initial = CROSSFADE_CUT_IN,
		.help = "of scratch: the way at each end where a side opens",
		.mix = MIX_CROSSFADER_CUT_IN},
	{"crossfader/reverse", ROW_OF_ALL, PARAM_INT, .max = 1.0,
		.help = "1: A is at 1", .action = ROW_TOGGLE,
		.mix = MIX_CROSSFADER_REVERSE},
	{"cue", ROW_OF_STRIP, PARAM_INT, .max = 1.0,
		.help = "1: heard in bus cue, before its fader",
		.action = ROW_TOGGLE, .mix = MIX_CUE},
	{"solo", ROW_OF_STRIP, PARAM_INT, .max = 1.0,
		.help = "1: the others are silent in the room",
		.action = ROW_TOGGLE, .mix = MIX_SOLO, .waits = true},
	{"cue/mix", ROW_OF_ALL, PARAM_FLOAT, .max = 1.0,
		.help = "in bus cue, from 0, what is cued, to 1, main",
		.mix = MIX_CUE_MIX},
	{"cue/gain", ROW_OF_ALL, PARAM_FLOAT, .min = LEVEL_MIN_DB,
		.max = LEVEL_MAX_DB, .unit = "dB",
		.help = "of what is cued, before it meets main",
		.action = ROW_STEP, .mix = MIX_CUE_GAIN, .law = level_linear},
	{"cue/split", ROW_OF_ALL, PARAM_INT, .max = 1.0,
		.help = "1: cue on the left, main on the right",
		.action = ROW_TOGGLE, .start = split_start,
		.mix = MIX_CUE_SPLIT},
	{"solo/loop", ROW_OF_ALL, PARAM_INT, .max = 1.0,
		.help = "1: solo silences the others in loops as well",
		.action = ROW_TOGGLE, .mix = MIX_SOLO_LOOP},
	{"limit", ROW_OF_BUS, PARAM_INT, .max = 1.0, .action = ROW_TOGGLE,
		.help = "1: nothing goes above the ceiling; the bus is late",
		.mix = MIX_BUS_LIMIT},
	{"limit/ceiling", ROW_OF_BUS, PARAM_FLOAT, .min = -20.0,
		.initial = -1.0, .unit = "dB", .help = "of the true peak",
		.action = ROW_STEP, .mix = MIX_BUS_LIMIT_CEILING,
		.law = level_linear},
	{"limit/release", ROW_OF_BUS, PARAM_FLOAT, .min = 10.0, .max = 1000.0,
		.initial = 100.0, .unit = "ms",
		.help = "in which two thirds of what was lost come back",
		.mix = MIX_BUS_LIMIT_RELEASE},
	{"scene/save", ROW_OF_ALL, PARAM_TEXT, .stays = true, .asks = true,
		.help = "saves all values under this name",
		.scene = MODEL_SCENE_SAVE},
	{"scene/undo", ROW_OF_ALL, PRESS_ROW, .scene = MODEL_SCENE_UNDO,
		.help = "1: back to before the last recall"},
	{"scene/finish", ROW_OF_ALL, PRESS_ROW, .scene = MODEL_SCENE_FINISH,
		.help = "1: all fades are at their ends"},
	{"scene/stop", ROW_OF_ALL, PRESS_ROW, .scene = MODEL_SCENE_STOP,
		.help = "1: all fades stay where they are"},
	{"tempo", ROW_OF_ALL, PARAM_FLOAT, .min = TEMPO_MIN_BPM,
		.max = TEMPO_MAX_BPM, .unit = "BPM",
		.help = "of the clock; set, it is that of our own",
		.fleeting = true, .start = tempo_start},
	{"tempo/source", ROW_OF_ALL, PARAM_TEXT, .max = TEMPO_SOURCES - 1,
		.words = tempo_source_words, .start = source_start,
		.help = "auto: MIDI while there is some, else our own"},
	{"tempo/offset", ROW_OF_ALL, PARAM_FLOAT, .min = -TEMPO_OFFSET_MAX_MS,
		.max = TEMPO_OFFSET_MAX_MS, .unit = "ms", .start = offset_start,
		.help = "so much later than a MIDI clock says"},
	{"tempo/running", ROW_OF_ALL, PARAM_INT, .max = 1.0, .read_only = true,
		.fleeting = true, .help = "1: there is a beat"},
	{"tempo/clock-out", ROW_OF_ALL, PARAM_INT, .max = 1.0,
		.start = clock_out_start, .action = ROW_TOGGLE,
		.help = "1: MIDI clock leaves at midi_out"},
	{"quantise", ROW_OF_ALL, PARAM_TEXT,
		.max = PARAM_ON_4BARS - PARAM_AT_ONCE,
		.words = param_when_words, .start = quantise_start,
		.help = "where mutes, solos, sends, routes and sides land"},
	{"quantise/pending", ROW_OF_ALL, PARAM_INT, .max = 65535.0,
		.read_only = true, .fleeting = true,
		.help = "how much waits for the beat"},
	{"pending", ROW_OF_STRIP, PARAM_INT, .max = 1.0, .read_only = true,
		.stays = true, .fleeting = true,
		.help = "1: something waits for the beat"},
};

const uint32_t rows_count = sizeof(rows) / sizeof(rows[0]);
_Static_assert(sizeof(rows) / sizeof(rows[0]) <= ROWS_MAX &&
		       ROWS_MAX <= VALUES_NUMBERS,
	"each row has its slot");
