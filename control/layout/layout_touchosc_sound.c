/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pages of sound and of scenes. */
#include <stdio.h>

#include "control/layout/layout_touchosc_own.h"

#define GAP	TOUCHOSC_GAP
#define CROSS_H 62 /* the crossfader, and the text above it */
#define SIDES	3
#define SIDE_H	26
#define SCENES	8 /* f1 to f8, as on controllers */
#define MIDDLE	0.5

/* ---- a strip: name, EQ from high to low, filter, side, cue ---- */

static const struct {
	const char *tail, *text;
	uint32_t color;
} knobs[] = {
	{"eq/high/knob", "high", TOUCHOSC_GREEN},
	{"eq/mid/knob", "mid", TOUCHOSC_GREEN},
	{"eq/low/knob", "low", TOUCHOSC_GREEN},
	{"filter", "filter", TOUCHOSC_PURPLE},
};
#define KNOBS ((int)(sizeof(knobs) / sizeof(knobs[0])))

static void
knobs_put(struct touchosc *s, mxml_node_t *in, uint32_t strip,
	struct tosc_frame frame)
{
	int text_h = s->screen->text + 2;

	frame.h = frame.h / KNOBS - text_h - GAP;
	for (int i = 0; i < KNOBS; i++) {
		const struct layout_param *p = layout_find(
			s->layout, "/strip/%u/%s", strip, knobs[i].tail);

		if (p)
			touchosc_knob(s, in, p, MIDDLE, frame, knobs[i].color);
		frame.y += frame.h;
		touchosc_label(s, in, "text",
			(struct tosc_frame){frame.x, frame.y, frame.w, text_h},
			p ? knobs[i].text : "");
		frame.y += text_h + GAP;
	}
}

static void
strip_put(struct touchosc *s, mxml_node_t *page, uint32_t strip,
	struct tosc_frame frame)
{
	static const char *const sides[SIDES] = {"-", "A", "B"};
	const struct touchosc_screen *at = s->screen;
	int w = frame.w - 2 * GAP, cue_y = frame.h - at->mute_h - GAP;
	int side_y = cue_y - GAP - SIDES * SIDE_H;
	int y = GAP + at->name_h + GAP;
	const struct layout_param *p;
	char name[32];
	mxml_node_t *in;

	snprintf(name, sizeof(name), "sound %u", strip);
	in = tosc_node(&s->tosc, page, TOSC_GROUP, name, frame);
	touchosc_name(
		s, in, strip, (struct tosc_frame){GAP, GAP, w, at->name_h});
	knobs_put(s, in, strip, (struct tosc_frame){GAP, y, w, side_y - y});
	p = layout_find(s->layout, "/strip/%u/side", strip);
	if (p)
		touchosc_radio(s, in, p->address,
			(struct tosc_frame){GAP, side_y, w, SIDES * SIDE_H},
			sides, SIDES);
	p = layout_find(s->layout, "/strip/%u/cue", strip);
	snprintf(name, sizeof(name), "CUE %u", strip);
	if (p)
		touchosc_toggle(s, in, p->address,
			(struct tosc_frame){GAP, cue_y, w, at->mute_h},
			TOUCHOSC_ORANGE, name);
}

/* A fader that lies, and what it is for. */
static void
across_put(struct touchosc *s, mxml_node_t *in, const char *address,
	const char *text, struct tosc_frame frame)
{
	const struct layout_param *p = layout_find(s->layout, "%s", address);
	int text_h = s->screen->text + 2;

	if (!p)
		return;
	touchosc_label(s, in, "text",
		(struct tosc_frame){frame.x, frame.y, frame.w, text_h}, text);
	frame.y += text_h;
	frame.h -= text_h;
	touchosc_fader(s, in, p, MIDDLE, frame, TOUCHOSC_BLUE);
}

void
touchosc_sound(struct touchosc *s, mxml_node_t *page, struct tosc_frame frame)
{
	int y = frame.h - CROSS_H - GAP, most = frame.w * 5 / 8;

	touchosc_banks(s, page, "sound banks",
		(struct tosc_frame){0, 0, frame.w, y}, strip_put);
	across_put(s, page, "/crossfader", "A - B",
		(struct tosc_frame){GAP, y, most - 2 * GAP, CROSS_H});
	across_put(s, page, "/cue/mix", "cue - main",
		(struct tosc_frame){
			most + GAP, y, frame.w - most - 2 * GAP, CROSS_H});
}

/* ---- scenes ---- */

/* Not its release; without an argument, for that would be a time. */
static void
press_put(struct touchosc *s, mxml_node_t *in, const char *address,
	struct tosc_frame frame, uint32_t color, const char *text,
	bool argument)
{
	touchosc_press(
		s, in, address, frame, color, argument ? "INTEGER" : NULL);
	touchosc_label(s, in, "text", frame, text);
}

static void
scene_put(struct touchosc *s, mxml_node_t *page, int scene,
	struct tosc_frame frame, int save_h)
{
	char address[PARAM_ADDRESS_MAX], text[24];

	snprintf(address, sizeof(address), "/scene/f%d/recall", scene);
	snprintf(text, sizeof(text), "f%d", scene);
	press_put(s, page, address,
		(struct tosc_frame){
			frame.x, frame.y, frame.w, frame.h - save_h - GAP},
		TOUCHOSC_BLUE, text, false);
	snprintf(address, sizeof(address), "/scene/f%d/save", scene);
	snprintf(text, sizeof(text), "save f%d", scene);
	press_put(s, page, address,
		(struct tosc_frame){
			frame.x, frame.y + frame.h - save_h, frame.w, save_h},
		TOUCHOSC_RED, text, false);
}

void
touchosc_scenes(struct touchosc *s, mxml_node_t *page, struct tosc_frame frame)
{
	static const char *const acts[][2] = {{"/scene/undo", "undo"},
		{"/scene/stop", "stop"}, {"/scene/finish", "finish"}};
	const struct touchosc_screen *at = s->screen;
	int columns = at->below ? 2 : 4, rows = SCENES / columns;
	int top = GAP + at->name_h + GAP, act_y = frame.h - at->mute_h - GAP;
	int w = frame.w / columns, h = (act_y - top) / rows;

	touchosc_told(s, page, "/scene",
		(struct tosc_frame){GAP, GAP, frame.w - 2 * GAP, at->name_h},
		"");
	for (int i = 0; i < SCENES; i++)
		scene_put(s, page, i + 1,
			(struct tosc_frame){i % columns * w + GAP,
				top + i / columns * h, w - 2 * GAP, h - GAP},
			at->mute_h * 3 / 4);
	w = frame.w / 3;
	for (int i = 0; i < 3; i++)
		press_put(s, page, acts[i][0],
			(struct tosc_frame){
				i * w + GAP, act_y, w - 2 * GAP, at->mute_h},
			TOUCHOSC_ORANGE, acts[i][1], true);
}
