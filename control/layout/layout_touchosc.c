/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A layout for TouchOSC: pages of faders, of sound and of scenes, and beside or
 * below them, always in sight, main and panic.
 *
 * Faders, buttons and names have OSC messages of their own, as one draws them
 * in the app's editor. What messages cannot do is in two scripts, see
 * control/layout. Faders are relative: a finger that is put down moves nothing
 * yet. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/layout/layout_script.h"
#include "control/layout/layout_touchosc_own.h"

#define GAP	  TOUCHOSC_GAP
#define METER_W	  14
#define PANIC_H	  92
#define ROUTE_MIN 18
#define UNITY	  0.75 /* of a fader: 0 dB */

static const struct touchosc_screen tablet = {
	1024, 768, 8, 44, 36, 34, 60, 16, 136, false};
static const struct touchosc_screen phone = {
	400, 800, 4, 40, 32, 32, 56, 14, 160, true};

/* One cell for each route, the first on top. */
static int
route_put(struct touchosc *s, mxml_node_t *in, uint32_t strip, int y, int room)
{
	const struct layout_param *index =
		layout_find(s->layout, "/strip/%u/route/index", strip);
	const struct layout_param *route =
		layout_find(s->layout, "/strip/%u/route", strip);
	const char *text[PARAM_CHOICES_MAX];
	int cells = route ? (int)route->choices : 0, cell_h;

	if (!index || cells == 0)
		return y;
	cell_h = 4 * s->screen->route_h / cells;
	if (cell_h > s->screen->route_h)
		cell_h = s->screen->route_h;
	if (cell_h < ROUTE_MIN)
		cell_h = ROUTE_MIN;
	for (uint32_t i = 0; i < route->choices; i++)
		text[i] = route->choice[i];
	touchosc_radio(s, in, index->address,
		(struct tosc_frame){GAP, y, room - 2 * GAP, cells * cell_h},
		text, route->choices);
	return y + cells * cell_h + GAP;
}

/* of: "strip/3" */
static void
meter_put(struct touchosc *s, mxml_node_t *in, const char *of,
	struct tosc_frame frame)
{
	char name[PARAM_ADDRESS_MAX];
	mxml_node_t *n;

	snprintf(name, sizeof(name), "meters/%s", of);
	n = tosc_node(&s->tosc, in, TOSC_FADER, name, frame);
	tosc_color(n, "color", TOUCHOSC_GREEN);
	tosc_number(n, 'i', "orientation", frame.w > frame.h);
	tosc_number(n, 'b', "cursor", 0);
	tosc_number(n, 'b', "interactive", 0);
	tosc_number(n, 'b', "grabFocus", 0);
}

/* Name, routes, meter and fader, mute: from top to bottom */
static void
strip_put(struct touchosc *s, mxml_node_t *page, uint32_t strip,
	struct tosc_frame frame)
{
	const struct touchosc_screen *at = s->screen;
	char name[32];
	mxml_node_t *in;
	int y = GAP + at->name_h + GAP, mute_y = frame.h - at->mute_h - GAP;
	struct tosc_frame mute = {GAP, mute_y, frame.w - 2 * GAP, at->mute_h};
	const struct layout_param *p;

	snprintf(name, sizeof(name), "strip/%u", strip);
	in = tosc_node(&s->tosc, page, TOSC_GROUP, name, frame);
	touchosc_name(s, in, strip,
		(struct tosc_frame){GAP, GAP, frame.w - 2 * GAP, at->name_h});
	y = route_put(s, in, strip, y, frame.w);
	meter_put(s, in, name,
		(struct tosc_frame){GAP, y, METER_W, mute_y - GAP - y});
	p = layout_find(s->layout, "/strip/%u/fader", strip);
	if (p)
		touchosc_fader(s, in, p, UNITY,
			(struct tosc_frame){2 * GAP + METER_W, y,
				frame.w - METER_W - 3 * GAP, mute_y - GAP - y},
			TOUCHOSC_GREEN);
	p = layout_find(s->layout, "/strip/%u/mute", strip);
	snprintf(name, sizeof(name), "MUTE %u", strip);
	if (p)
		touchosc_toggle(s, in, p->address, mute, TOUCHOSC_RED, name);
}

static void
pages_put(struct touchosc *s, struct tosc_frame frame)
{
	mxml_node_t *pager = touchosc_pager(s, s->tosc.root, "pages", &frame);
	struct tosc_frame all = {0, 0, frame.w, frame.h};

	touchosc_banks(s, touchosc_page(s, pager, "faders", frame), "banks",
		all, strip_put);
	touchosc_sound(s, touchosc_page(s, pager, "sound", frame), all);
	touchosc_scenes(s, touchosc_page(s, pager, "scenes", frame), all);
}

/* The argument of the press is 1, that of the release 0, which is no panic. */
static void
panic_put(struct touchosc *s, struct tosc_frame frame)
{
	touchosc_press(s, s->tosc.root, "/panic", frame, 0xff2020ff, "FLOAT");
	touchosc_label(s, s->tosc.root, "panic label", frame, "PANIC");
}

/* The frames of main's parts */
struct main_frames {
	struct tosc_frame name, meter, fader, mute;
};

static void
main_put(struct touchosc *s, const struct main_frames *at)
{
	const struct layout_param *p;
	char of[PARAM_ADDRESS_MAX];

	if (!*s->bus)
		return;
	touchosc_label(s, s->tosc.root, "bus", at->name, s->bus);
	snprintf(of, sizeof(of), "bus/%s", s->bus);
	meter_put(s, s->tosc.root, of, at->meter);
	p = layout_find(s->layout, "/bus/%s/fader", s->bus);
	if (p)
		touchosc_fader(
			s, s->tosc.root, p, UNITY, at->fader, TOUCHOSC_BLUE);
	p = layout_find(s->layout, "/bus/%s/mute", s->bus);
	if (p)
		touchosc_toggle(s, s->tosc.root, p->address, at->mute,
			TOUCHOSC_RED, "MUTE");
}

static void
tablet_put(struct touchosc *s)
{
	const struct touchosc_screen *at = s->screen;
	int x = at->w - at->main_size + GAP, w = at->main_size - 2 * GAP;
	int status_y = at->h - at->name_h - GAP;
	int mute_y = status_y - at->mute_h - GAP;
	int name_y = PANIC_H + 2 * GAP, y = name_y + at->name_h + GAP;
	int h = mute_y - GAP - y, inner = METER_W + GAP;

	pages_put(s, (struct tosc_frame){0, 0, at->w - at->main_size, at->h});
	panic_put(s, (struct tosc_frame){x, GAP, w, PANIC_H});
	main_put(s, &(struct main_frames){
			    .name = {x, name_y, w, at->name_h},
			    .meter = {x, y, METER_W, h},
			    .fader = {x + inner, y, w - inner, h},
			    .mute = {x, mute_y, w, at->mute_h},
		    });
	touchosc_label(s, s->tosc.root, "status",
		(struct tosc_frame){x, status_y, w, at->name_h}, "");
}

static void
phone_put(struct touchosc *s)
{
	const struct touchosc_screen *at = s->screen;
	int y = at->h - at->main_size, w = at->w - 2 * GAP, third = w / 3;
	int name_h = at->name_h - 2 * GAP, fader_y = y + name_h + METER_W + GAP;
	int row = at->h - at->mute_h - GAP;

	pages_put(s, (struct tosc_frame){0, 0, at->w, y});
	main_put(s, &(struct main_frames){
			    .name = {GAP, y, third, name_h},
			    .meter = {GAP, y + name_h, w, METER_W},
			    .fader = {GAP, fader_y, w, row - GAP - fader_y},
			    .mute = {GAP, row, third, at->mute_h},
		    });
	touchosc_label(s, s->tosc.root, "status",
		(struct tosc_frame){GAP + third, y, 2 * third, name_h}, "");
	panic_put(s, (struct tosc_frame){
			     GAP + 2 * third, row, w - 2 * third, at->mute_h});
}

/* ---- the script of the whole ---- */

/* Those of one kind that the layout has, in a list of Lua. */
static void
names_put(FILE *to, const struct touchosc *s, const char *tail)
{
	for (uint32_t i = 1; i <= s->layout->strips; i++)
		if (layout_find(s->layout, "/strip/%u/%s", i, tail))
			fprintf(to, "'strip/%u/%s', ", i, tail);
}

/* What a finger may be on. */
static void
held_put(FILE *to, const struct touchosc *s)
{
	static const char *const tails[] = {"fader", "eq/high/knob",
		"eq/mid/knob", "eq/low/knob", "filter"};

	fputs("local faders = {", to);
	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++)
		names_put(to, s, tails[i]);
	fprintf(to, "'crossfader', 'cue/mix', 'bus/%s/fader' }\n", s->bus);
}

static void
meters_put(FILE *to, const struct touchosc *s)
{
	fputs("local meters = {", to);
	for (uint32_t i = 1; i <= s->layout->strips; i++)
		fprintf(to, "'meters/strip/%u', ", i);
	fprintf(to, "'meters/bus/%s' }\n", s->bus);
}

/* What the script needs to know of this layout, as Lua, and the script */
static char *
script_text(const struct touchosc *s)
{
	char *text = NULL;
	size_t bytes;
	FILE *to = open_memstream(&text, &bytes);

	if (!to)
		return NULL;
	fprintf(to, "local port = %u\n", s->layout->reply_port);
	fprintf(to,
		"local patterns = { '/strip/*/{fader,mute,name}', "
		"'/strip/*/route/index', '/strip/*/eq/*/knob', "
		"'/strip/*/{filter,side,cue}', '/crossfader', '/cue/mix', "
		"'/scene', '/bus/%s/{fader,mute}' }\n",
		s->bus);
	fprintf(to, "local levels = { '/meters/strip/*', '/meters/bus/%s' }\n",
		s->bus);
	held_put(to, s);
	meters_put(to, s);
	fputs(layout_touchosc_root, to);
	if (fclose(to) != 0) {
		free(text);
		return NULL;
	}
	return text;
}

int
layout_touchosc(const struct layout *l, void **bytes, size_t *size_bytes)
{
	struct touchosc s = {
		.layout = l, .screen = l->phone ? &phone : &tablet};
	struct tosc_frame all = {0, 0, s.screen->w, s.screen->h};
	char *script;
	int res;

	*bytes = NULL;
	layout_bus(l, s.bus);
	script = script_text(&s);
	res = script ? tosc_init(&s.tosc, "tapdeck", all) : -ENOMEM;
	if (res == 0) {
		tosc_text(s.tosc.root, "script", script);
		if (l->phone)
			phone_put(&s);
		else
			tablet_put(&s);
		res = tosc_save(&s.tosc, bytes, size_bytes);
	}
	tosc_done(&s.tosc);
	free(script);
	return res;
}
