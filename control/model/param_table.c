/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/model/param_row.h"

#include <string.h>

#include "control/model/console_state.h"
#include "control/model/level.h"

/* A strip and a bus have levels and mutes alike. */
static bool
of_bus(struct place at)
{
	return at.strip == PLACE_BUS;
}

static void
message_say(
	struct message *out, enum mix parameter, struct place at, float target)
{
	out->parameter = (uint8_t)parameter;
	out->place = mix_place(parameter, at.strip, at.bus);
	out->target = target;
}

/* ---- gain and fader: one value, two scales ---- */

static _Atomic double *
level_at(const struct console *c, struct place at)
{
	return of_bus(at) ? &c->keep->bus[at.bus].gain_db
			  : &c->keep->strip[at.strip].gain_db;
}

static void
level_set(struct console *c, struct place at, double db)
{
	keep_put(level_at(c, at), db);
	params_note(c, of_bus(at) ? ROW_BUS_GAIN : ROW_STRIP_GAIN, at);
	params_note(c, of_bus(at) ? ROW_BUS_FADER : ROW_STRIP_FADER, at);
}

static void
gain_get(const struct console *c, struct place at, struct param_value *out)
{
	out->f = keep_value(level_at(c, at));
}

static void
gain_set(struct console *c, struct place at, const struct param_value *v)
{
	/* What reads the same stays: an echo of a fader's gain moves nothing.
	 */
	if ((float)keep_value(level_at(c, at)) != (float)v->f)
		level_set(c, at, v->f);
}

static void
gain_message(const struct console *c, struct place at,
	const struct param_value *v, struct message *out)
{
	message_say(out, of_bus(at) ? MIX_BUS_GAIN : MIX_GAIN, at,
		level_linear(v ? v->f : keep_value(level_at(c, at))));
}

static void
fader_get(const struct console *c, struct place at, struct param_value *out)
{
	out->f = level_to_fader(keep_value(level_at(c, at)));
}

static void
fader_set(struct console *c, struct place at, const struct param_value *v)
{
	struct param_value now;

	fader_get(c, at, &now);
	if ((float)now.f != (float)v->f)
		level_set(c, at, level_from_fader(v->f));
}

static void
fader_message(const struct console *c, struct place at,
	const struct param_value *v, struct message *out)
{
	struct param_value gain;

	if (v)
		gain.f = level_from_fader(v->f);
	gain_message(c, at, v ? &gain : NULL, out);
}

static void
fader_start(const struct console *c, struct place at, struct param_value *out)
{
	(void)c;
	(void)at;
	out->f = level_to_fader(0.0);
}

/* ---- mute and trim ---- */

static void
word_set(struct console *c, struct place at, _Atomic uint32_t *word,
	uint32_t value, enum row_name row)
{
	if (keep_word(word) == value)
		return;
	keep_put_word(word, value);
	params_note(c, row, at);
}

static _Atomic uint32_t *
mute_at(const struct console *c, struct place at)
{
	return of_bus(at) ? &c->keep->bus[at.bus].mute
			  : &c->keep->strip[at.strip].mute;
}

static void
mute_get(const struct console *c, struct place at, struct param_value *out)
{
	out->i = keep_word(mute_at(c, at));
}

static void
mute_set(struct console *c, struct place at, const struct param_value *v)
{
	word_set(c, at, mute_at(c, at), (uint32_t)v->i,
		of_bus(at) ? ROW_BUS_MUTE : ROW_STRIP_MUTE);
}

static void
mute_message(const struct console *c, struct place at,
	const struct param_value *v, struct message *out)
{
	message_say(out, of_bus(at) ? MIX_BUS_MUTE : MIX_MUTE, at,
		(float)(v ? v->i : keep_word(mute_at(c, at))));
}

static void
strip_trim_get(
	const struct console *c, struct place at, struct param_value *out)
{
	out->f = keep_value(&c->keep->strip[at.strip].trim_db);
}

static void
strip_trim_set(struct console *c, struct place at, const struct param_value *v)
{
	_Atomic double *trim_db = &c->keep->strip[at.strip].trim_db;

	if (keep_value(trim_db) == v->f)
		return;
	keep_put(trim_db, v->f);
	params_note(c, ROW_STRIP_TRIM, at);
}

static void
strip_trim_message(const struct console *c, struct place at,
	const struct param_value *v, struct message *out)
{
	message_say(out, MIX_TRIM, at,
		level_linear(
			v ? v->f
			  : keep_value(&c->keep->strip[at.strip].trim_db)));
}

/* ---- route and sends: one set of buses ---- */

static uint32_t
route_choices(const struct console *c, const char *choice[PARAM_CHOICES_MAX])
{
	for (uint32_t i = 0; i < c->config.routes; i++)
		choice[i] = c->config.route[i].name;
	return c->config.routes;
}

static void
sends_set(struct console *c, struct place at, uint32_t mask)
{
	_Atomic uint32_t *sends = &c->keep->strip[at.strip].sends;
	uint32_t changed = keep_word(sends) ^ mask;

	if (!changed)
		return;
	keep_put_word(sends, mask);
	params_note(c, ROW_STRIP_ROUTE, at);
	params_note(c, ROW_STRIP_ROUTE_INDEX, at);
	for (at.bus = 0; at.bus < c->config.buses; at.bus++) {
		if (changed >> at.bus & 1)
			params_note(c, ROW_STRIP_SEND, at);
	}
}

static void
route_name(const struct console *c, uint32_t mask, struct param_value *out)
{
	const char *name = "custom";

	for (uint32_t i = c->config.routes; i-- > 0;) {
		if (c->config.route[i].mask == mask)
			name = c->config.route[i].name;
	}
	name_copy(out->s, sizeof(out->s), name);
}

static void
strip_route_get(
	const struct console *c, struct place at, struct param_value *out)
{
	route_name(c, keep_word(&c->keep->strip[at.strip].sends), out);
}

static void
strip_route_start(
	const struct console *c, struct place at, struct param_value *out)
{
	(void)at;
	route_name(c, keep_first_sends(&c->config), out);
}

/* Of a name that param_check() has seen. */
static uint32_t
route_mask(const struct console *c, const char *name)
{
	uint32_t i = 0;

	while (i + 1 < c->config.routes &&
		strcmp(c->config.route[i].name, name) != 0)
		i++;
	return c->config.route[i].mask;
}

static void
strip_route_set(struct console *c, struct place at, const struct param_value *v)
{
	sends_set(c, at, route_mask(c, v->s));
}

static void
strip_route_message(const struct console *c, struct place at,
	const struct param_value *v, struct message *out)
{
	message_say(out, MIX_ROUTE, at,
		(float)(v ? route_mask(c, v->s)
			  : keep_word(&c->keep->strip[at.strip].sends)));
}

/* -1: sends that are no route */
static int64_t
route_index(const struct console *c, uint32_t mask)
{
	int64_t i = 0;

	while (i < c->config.routes && c->config.route[i].mask != mask)
		i++;
	return i < c->config.routes ? i : -1;
}

static void
strip_route_index_get(
	const struct console *c, struct place at, struct param_value *out)
{
	out->i = route_index(c, keep_word(&c->keep->strip[at.strip].sends));
}

static void
strip_route_index_start(
	const struct console *c, struct place at, struct param_value *out)
{
	(void)at;
	out->i = route_index(c, keep_first_sends(&c->config));
}

static void
strip_route_index_set(
	struct console *c, struct place at, const struct param_value *v)
{
	sends_set(c, at, c->config.route[v->i].mask);
}

static void
strip_route_index_message(const struct console *c, struct place at,
	const struct param_value *v, struct message *out)
{
	message_say(out, MIX_ROUTE, at,
		(float)(v ? c->config.route[v->i].mask
			  : keep_word(&c->keep->strip[at.strip].sends)));
}

static void
strip_send_get(
	const struct console *c, struct place at, struct param_value *out)
{
	out->i = keep_word(&c->keep->strip[at.strip].sends) >> at.bus & 1;
}

static void
strip_send_start(
	const struct console *c, struct place at, struct param_value *out)
{
	out->i = keep_first_sends(&c->config) >> at.bus & 1;
}

static void
strip_send_set(struct console *c, struct place at, const struct param_value *v)
{
	uint32_t mask = keep_word(&c->keep->strip[at.strip].sends);

	mask &= ~(1u << at.bus);
	sends_set(c, at, mask | (uint32_t)v->i << at.bus);
}

static void
strip_send_message(const struct console *c, struct place at,
	const struct param_value *v, struct message *out)
{
	struct param_value now;

	if (!v)
		strip_send_get(c, at, &now);
	message_say(out, MIX_SEND, at, (float)(v ? v->i : now.i));
}

/* ---- tap, name, app ---- */

static const char *const tap_names[] = {
	[TAP_OFF] = "off", [TAP_COPY] = "copy", [TAP_TAKE] = "take"};

static uint32_t
tap_choices(const struct console *c, const char *choice[PARAM_CHOICES_MAX])
{
	(void)c;
	choice[0] = tap_names[TAP_TAKE];
	choice[1] = tap_names[TAP_COPY];
	choice[2] = tap_names[TAP_OFF];
	return 3;
}

static void
strip_tap_get(const struct console *c, struct place at, struct param_value *out)
{
	name_copy(out->s, sizeof(out->s),
		tap_names[keep_word(&c->keep->strip[at.strip].tap)]);
}

static void
strip_tap_start(
	const struct console *c, struct place at, struct param_value *out)
{
	(void)at;
	name_copy(out->s, sizeof(out->s), tap_names[c->config.tap]);
}

/* Of a name that param_check() has seen. */
static uint32_t
tap_of(const char *name)
{
	uint32_t tap = TAP_TAKE;

	while (tap > TAP_OFF && strcmp(tap_names[tap], name) != 0)
		tap--;
	return tap;
}

/* A copied app is heard by itself: in main as well it would be twice as loud.
 * So copying takes its strip off main, and taking puts it back. */
static uint32_t
sends_for_tap(const struct console *c, struct place at, uint32_t tap)
{
	const struct keep_strip *s = &c->keep->strip[at.strip];
	uint32_t mask = keep_word(&s->sends), main = keep_main(&c->config);

	if (tap == keep_word(&s->tap))
		return mask;
	if (tap == TAP_COPY)
		return mask & ~main;
	return tap == TAP_TAKE && keep_word(&s->main_out) ? mask | main : mask;
}

static void
strip_tap_set(struct console *c, struct place at, const struct param_value *v)
{
	struct keep_strip *s = &c->keep->strip[at.strip];
	uint32_t tap = tap_of(v->s), mask = sends_for_tap(c, at, tap);

	if (tap == TAP_COPY && mask != keep_word(&s->sends))
		keep_put_word(&s->main_out, 1);
	else if (tap == TAP_TAKE)
		keep_put_word(&s->main_out, 0);
	sends_set(c, at, mask);
	keep_put_word(&s->tap_by_hand, tap == TAP_TAKE);
	word_set(c, at, &s->tap, tap, ROW_STRIP_TAP);
}

static void
strip_tap_message(const struct console *c, struct place at,
	const struct param_value *v, struct message *out)
{
	message_say(out, MIX_ROUTE, at,
		(float)(v ? sends_for_tap(c, at, tap_of(v->s))
			  : keep_word(&c->keep->strip[at.strip].sends)));
}

static void
strip_name_get(
	const struct console *c, struct place at, struct param_value *out)
{
	name_copy(out->s, sizeof(out->s),
		keep_text(&c->keep->strip[at.strip].name));
}

static void
strip_name_start(
	const struct console *c, struct place at, struct param_value *out)
{
	name_copy(out->s, sizeof(out->s), c->config.strip_name[at.strip]);
}

/* An empty name means that of the app, now and from now on. */
static void
strip_name_set(struct console *c, struct place at, const struct param_value *v)
{
	char app[PARAM_TEXT_MAX] = "";

	if (!v->s[0])
		console_strip_app(c, at.strip, app);
	console_name_strip(c, at.strip, v->s[0] ? v->s : app, v->s[0] != '\0');
}

static void
strip_app_get(const struct console *c, struct place at, struct param_value *out)
{
	console_strip_app(c, at.strip, out->s);
}

static void
empty_start(const struct console *c, struct place at, struct param_value *out)
{
	(void)c;
	(void)at;
	out->s[0] = '\0';
}

/* ---- the rows ---- */

#define GAIN_ROW                                                               \
	.type = PARAM_FLOAT, .min = LEVEL_MIN_DB, .max = LEVEL_MAX_DB,         \
	.unit = "dB", .help = "fader in decibels; -90 is silence",             \
	.action = ROW_STEP, .get = gain_get, .set = gain_set,                  \
	.message = gain_message
#define FADER_ROW                                                              \
	.type = PARAM_FLOAT, .max = 1.0, .start = fader_start,                 \
	.help = "the gain on a fader's scale; 0.75 is 0 dB", .get = fader_get, \
	.set = fader_set, .message = fader_message
#define MUTE_ROW                                                               \
	.type = PARAM_INT, .max = 1.0, .help = "1: not heard",                 \
	.action = ROW_TOGGLE, .get = mute_get, .set = mute_set,                \
	.message = mute_message

const struct row param_rows[ROWS] = {
	[ROW_STRIP_GAIN] = {"gain", ROW_OF_STRIP, GAIN_ROW},
	[ROW_STRIP_FADER] = {"fader", ROW_OF_STRIP, FADER_ROW},
	[ROW_STRIP_MUTE] = {"mute", ROW_OF_STRIP, MUTE_ROW},
	[ROW_STRIP_TRIM] = {"trim", ROW_OF_STRIP, PARAM_FLOAT,
		.min = -TRIM_MAX_DB, .max = TRIM_MAX_DB, .unit = "dB",
		.help = "gain at the input", .action = ROW_STEP,
		.get = strip_trim_get, .set = strip_trim_set,
		.message = strip_trim_message},
	[ROW_STRIP_ROUTE] = {"route", ROW_OF_STRIP, PARAM_TEXT,
		.help = "the buses it feeds, as a set",
		.choices = route_choices, .start = strip_route_start,
		.get = strip_route_get, .set = strip_route_set,
		.message = strip_route_message},
	[ROW_STRIP_ROUTE_INDEX] = {"route/index", ROW_OF_STRIP, PARAM_INT,
		.help = "the route as a number; -1: sends that are no route",
		.choices = route_choices, .start = strip_route_index_start,
		.get = strip_route_index_get, .set = strip_route_index_set,
		.message = strip_route_index_message},
	[ROW_STRIP_SEND] = {"send", ROW_OF_SEND, PARAM_INT, .max = 1.0,
		.help = "1: it feeds this bus", .action = ROW_TOGGLE,
		.start = strip_send_start, .get = strip_send_get,
		.set = strip_send_set, .message = strip_send_message},
	[ROW_STRIP_TAP] = {"tap", ROW_OF_STRIP, PARAM_TEXT,
		.help = "how its app is connected", .choices = tap_choices,
		.start = strip_tap_start, .get = strip_tap_get,
		.set = strip_tap_set, .message = strip_tap_message,
		.more = true},
	[ROW_STRIP_NAME] = {"name", ROW_OF_STRIP, PARAM_TEXT,
		.help = "shown on surfaces; empty: the app's",
		.start = strip_name_start, .get = strip_name_get,
		.set = strip_name_set},
	[ROW_STRIP_APP] = {"app", ROW_OF_STRIP, PARAM_TEXT,
		.help = "the app that it holds", .read_only = true,
		.start = empty_start, .get = strip_app_get},
	[ROW_BUS_GAIN] = {"gain", ROW_OF_BUS, GAIN_ROW},
	[ROW_BUS_FADER] = {"fader", ROW_OF_BUS, FADER_ROW},
	[ROW_BUS_MUTE] = {"mute", ROW_OF_BUS, MUTE_ROW},
};
