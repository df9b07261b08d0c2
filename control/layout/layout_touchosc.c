/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A layout for TouchOSC: pages of strips, and beside or below them, always in
 * sight, main and panic.
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

#include "control/layout/layout.h"
#include "control/layout/layout_script.h"
#include "control/layout/tosc.h"

#define RED    0xd03030ff
#define GREEN  0x30a060ff
#define BLUE   0x3080d0ff
#define ORANGE 0xd09030ff
#define DARK   0x202428ff

#define GAP	  4 /* pixels between two controls */
#define METER_W	  14
#define PANIC_H	  92
#define ROUTE_MIN 18

struct screen {
	int w, h;
	int per_page; /* strips */
	int tab_h, name_h, route_h, mute_h, text;
	int main_size; /* width of main beside the pages, or height below them
			*/
	bool below;
};

static const struct screen tablet = {
	1024, 768, 8, 44, 36, 34, 60, 16, 136, false};
static const struct screen phone = {400, 800, 4, 40, 32, 32, 56, 14, 160, true};

/* What is being made. */
struct surface {
	const struct layout *layout;
	const struct screen *screen;
	struct tosc tosc;
	char bus[PARAM_TEXT_MAX];
};

static mxml_node_t *
label_put(struct surface *s, mxml_node_t *in, const char *name,
	struct tosc_frame frame, const char *text)
{
	mxml_node_t *n = tosc_node(&s->tosc, in, TOSC_LABEL, name, frame);

	tosc_number(n, 'i', "textSize", s->screen->text);
	tosc_value(n, "text", text);
	return n;
}

/* A control whose name is its address without the first stroke: its script
 * knows by that where it sends. */
static mxml_node_t *
control_put(struct surface *s, mxml_node_t *in, enum tosc_type type,
	const char *address, struct tosc_frame frame, uint32_t color)
{
	mxml_node_t *n = tosc_node(&s->tosc, in, type, address + 1, frame);

	tosc_color(n, "color", color);
	return n;
}

/* A value both ways, as the app sends it */
static void
value_osc(mxml_node_t *n, const char *address, const char *conversion)
{
	tosc_osc(n, &(struct tosc_message){
			    .address = address,
			    .send = true,
			    .receive = true,
			    .trigger = "x",
			    .condition = "ANY",
			    .value = "x",
			    .conversion = conversion,
		    });
}

static void
fader_put(struct surface *s, mxml_node_t *in, const char *address,
	struct tosc_frame frame, uint32_t color)
{
	mxml_node_t *n = control_put(s, in, TOSC_FADER, address, frame, color);

	tosc_number(n, 'i', "response", 1);
	tosc_number(n, 'i', "orientation", frame.w > frame.h);
	tosc_text(n, "script", layout_touchosc_fader);
	value_osc(n, address, "FLOAT");
}

static void
mute_put(struct surface *s, mxml_node_t *in, const char *address,
	struct tosc_frame frame, const char *text)
{
	mxml_node_t *n = control_put(s, in, TOSC_BUTTON, address, frame, RED);

	tosc_number(n, 'i', "buttonType", 2); /* toggles as it is pressed */
	value_osc(n, address, "FLOAT");
	label_put(s, in, "mute", frame, text);
}

/* One cell for each route, the first on top. */
static int
route_put(struct surface *s, mxml_node_t *in, uint32_t strip, int y, int room)
{
	const struct layout_param *index =
		layout_find(s->layout, "/strip/%u/route/index", strip);
	const struct layout_param *route =
		layout_find(s->layout, "/strip/%u/route", strip);
	struct tosc_frame frame = {GAP, y, room - 2 * GAP, 0};
	int cells = route ? (int)route->choices : 0, cell_h;
	mxml_node_t *n;

	if (!index || cells == 0)
		return y;
	cell_h = 4 * s->screen->route_h / cells;
	if (cell_h > s->screen->route_h)
		cell_h = s->screen->route_h;
	if (cell_h < ROUTE_MIN)
		cell_h = ROUTE_MIN;
	frame.h = cells * cell_h;
	n = control_put(s, in, TOSC_RADIO, index->address, frame, ORANGE);
	tosc_number(n, 'i', "orientation", 2); /* downwards */
	tosc_number(n, 'i', "steps", cells);
	value_osc(n, index->address, "INTEGER");
	frame.h = cell_h;
	for (uint32_t i = 0; i < route->choices; i++) {
		n = label_put(s, in, "route", frame, route->choice[i]);
		if (cell_h < s->screen->text + GAP)
			tosc_number(n, 'i', "textSize", cell_h - GAP);
		frame.y += cell_h;
	}
	return frame.y + GAP;
}

static void
name_put(struct surface *s, mxml_node_t *in, uint32_t strip,
	struct tosc_frame frame)
{
	const struct layout_param *p =
		layout_find(s->layout, "/strip/%u/name", strip);
	mxml_node_t *n;

	if (!p)
		return;
	n = label_put(s, in, p->address + 1, frame, s->layout->name[strip - 1]);
	tosc_number(n, 'b', "background", 1);
	tosc_color(n, "color", DARK);
	tosc_osc(n, &(struct tosc_message){
			    .address = p->address,
			    .receive = true,
			    .value = "text",
			    .conversion = "STRING",
		    });
}

/* of: "strip/3" */
static void
meter_put(struct surface *s, mxml_node_t *in, const char *of,
	struct tosc_frame frame)
{
	char name[PARAM_ADDRESS_MAX];
	mxml_node_t *n;

	snprintf(name, sizeof(name), "meters/%s", of);
	n = tosc_node(&s->tosc, in, TOSC_FADER, name, frame);
	tosc_color(n, "color", GREEN);
	tosc_number(n, 'i', "orientation", frame.w > frame.h);
	tosc_number(n, 'b', "cursor", 0);
	tosc_number(n, 'b', "interactive", 0);
	tosc_number(n, 'b', "grabFocus", 0);
}

/* Name, routes, meter and fader, mute: from top to bottom */
static void
strip_put(struct surface *s, mxml_node_t *page, uint32_t strip,
	struct tosc_frame frame)
{
	const struct screen *at = s->screen;
	char name[32];
	mxml_node_t *in;
	int y = GAP + at->name_h + GAP, mute_y = frame.h - at->mute_h - GAP;
	struct tosc_frame mute = {GAP, mute_y, frame.w - 2 * GAP, at->mute_h};
	const struct layout_param *p;

	snprintf(name, sizeof(name), "strip/%u", strip);
	in = tosc_node(&s->tosc, page, TOSC_GROUP, name, frame);
	name_put(s, in, strip,
		(struct tosc_frame){GAP, GAP, frame.w - 2 * GAP, at->name_h});
	y = route_put(s, in, strip, y, frame.w);
	meter_put(s, in, name,
		(struct tosc_frame){GAP, y, METER_W, mute_y - GAP - y});
	p = layout_find(s->layout, "/strip/%u/fader", strip);
	if (p)
		fader_put(s, in, p->address,
			(struct tosc_frame){2 * GAP + METER_W, y,
				frame.w - METER_W - 3 * GAP, mute_y - GAP - y},
			GREEN);
	p = layout_find(s->layout, "/strip/%u/mute", strip);
	snprintf(name, sizeof(name), "MUTE %u", strip);
	if (p)
		mute_put(s, in, p->address, mute, name);
}

static void
page_put(struct surface *s, mxml_node_t *pager, uint32_t first,
	struct tosc_frame frame)
{
	const struct screen *at = s->screen;
	uint32_t last = first + (uint32_t)at->per_page - 1;
	int w = frame.w / at->per_page;
	char text[32];
	mxml_node_t *page;

	if (last > s->layout->strips)
		last = s->layout->strips;
	snprintf(text, sizeof(text), "%u - %u", first, last);
	page = tosc_node(&s->tosc, pager, TOSC_GROUP, text, frame);
	tosc_color(page, "tabColorOff", DARK);
	tosc_color(page, "tabColorOn", BLUE);
	tosc_text(page, "tabLabel", text);
	tosc_color(page, "textColorOff", 0xffffffff);
	tosc_color(page, "textColorOn", 0xffffffff);
	for (uint32_t strip = first; strip <= last; strip++)
		strip_put(s, page, strip,
			(struct tosc_frame){
				(int)(strip - first) * w, 0, w, frame.h});
}

static void
pages_put(struct surface *s, struct tosc_frame frame)
{
	const struct screen *at = s->screen;
	mxml_node_t *pager =
		tosc_node(&s->tosc, s->tosc.root, TOSC_PAGER, "banks", frame);

	tosc_number(pager, 'i', "tabbarSize", at->tab_h);
	frame = (struct tosc_frame){0, at->tab_h, frame.w, frame.h - at->tab_h};
	for (uint32_t first = 1; first <= s->layout->strips;
		first += (uint32_t)at->per_page)
		page_put(s, pager, first, frame);
}

/* The argument of the press is 1, that of the release 0, which is no panic. */
static void
panic_put(struct surface *s, struct tosc_frame frame)
{
	mxml_node_t *n = control_put(
		s, s->tosc.root, TOSC_BUTTON, "/panic", frame, 0xff2020ff);

	tosc_osc(n, &(struct tosc_message){
			    .address = "/panic",
			    .send = true,
			    .trigger = "x",
			    .condition = "RISE",
			    .value = "x",
			    .conversion = "FLOAT",
		    });
	label_put(s, s->tosc.root, "panic label", frame, "PANIC");
}

/* The frames of main's parts */
struct main_frames {
	struct tosc_frame name, meter, fader, mute;
};

static void
main_put(struct surface *s, const struct main_frames *at)
{
	const struct layout_param *p;
	char of[PARAM_ADDRESS_MAX];

	if (!*s->bus)
		return;
	label_put(s, s->tosc.root, "bus", at->name, s->bus);
	snprintf(of, sizeof(of), "bus/%s", s->bus);
	meter_put(s, s->tosc.root, of, at->meter);
	p = layout_find(s->layout, "/bus/%s/fader", s->bus);
	if (p)
		fader_put(s, s->tosc.root, p->address, at->fader, BLUE);
	p = layout_find(s->layout, "/bus/%s/mute", s->bus);
	if (p)
		mute_put(s, s->tosc.root, p->address, at->mute, "MUTE");
}

static void
tablet_put(struct surface *s)
{
	const struct screen *at = s->screen;
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
	label_put(s, s->tosc.root, "status",
		(struct tosc_frame){x, status_y, w, at->name_h}, "");
}

static void
phone_put(struct surface *s)
{
	const struct screen *at = s->screen;
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
	label_put(s, s->tosc.root, "status",
		(struct tosc_frame){GAP + third, y, 2 * third, name_h}, "");
	panic_put(s, (struct tosc_frame){
			     GAP + 2 * third, row, w - 2 * third, at->mute_h});
}

/* ---- the script of the whole ---- */

static void
names_put(FILE *to, const struct surface *s, const char *list,
	const char *before, const char *after)
{
	fprintf(to, "local %s = {", list);
	for (uint32_t i = 1; i <= s->layout->strips; i++)
		fprintf(to, "'%sstrip/%u%s', ", before, i, after);
	fprintf(to, "'%sbus/%s%s' }\n", before, s->bus, after);
}

/* What the script needs to know of this layout, as Lua, and the script */
static char *
script_text(const struct surface *s)
{
	char *text = NULL;
	size_t bytes;
	FILE *to = open_memstream(&text, &bytes);

	if (!to)
		return NULL;
	fprintf(to, "local port = %u\n", s->layout->reply_port);
	fprintf(to,
		"local patterns = { '/strip/*/{fader,mute,name}', "
		"'/strip/*/route/index', '/bus/%s/{fader,mute}' }\n",
		s->bus);
	fprintf(to, "local levels = { '/meters/strip/*', '/meters/bus/%s' }\n",
		s->bus);
	names_put(to, s, "faders", "", "/fader");
	names_put(to, s, "meters", "meters/", "");
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
	struct surface s = {.layout = l, .screen = l->phone ? &phone : &tablet};
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
