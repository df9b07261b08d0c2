/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The controls of a layout for TouchOSC. */
#include <stdio.h>

#include "control/layout/layout_script.h"
#include "control/layout/layout_touchosc_own.h"

#define SCRIPT_MAX 4096

mxml_node_t *
touchosc_label(struct touchosc *s, mxml_node_t *in, const char *name,
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
control(struct touchosc *s, mxml_node_t *in, enum tosc_type type,
	const char *address, struct tosc_frame frame, uint32_t color)
{
	mxml_node_t *n = tosc_node(&s->tosc, in, type, address + 1, frame);

	tosc_color(n, "color", color);
	return n;
}

/* A value both ways. */
static void
value_in(mxml_node_t *n, const char *address, const char *conversion,
	double min, double max)
{
	tosc_osc(n, &(struct tosc_message){
			    .address = address,
			    .send = true,
			    .receive = true,
			    .trigger = "x",
			    .condition = "ANY",
			    .value = "x",
			    .conversion = conversion,
			    .min = min,
			    .max = max,
		    });
}

/* What moves by a finger that slides. */
static void
sliding(mxml_node_t *n, const struct layout_param *p, double rest)
{
	char script[SCRIPT_MAX];

	snprintf(script, sizeof(script),
		"local rest, low, high = %g, %g, %g\n%s", rest, p->min, p->max,
		layout_touchosc_fader);
	tosc_number(n, 'i', "response", 1);
	tosc_text(n, "script", script);
	value_in(n, p->address, "FLOAT", p->min, p->max);
}

void
touchosc_fader(struct touchosc *s, mxml_node_t *in,
	const struct layout_param *p, double rest, struct tosc_frame frame,
	uint32_t color)
{
	mxml_node_t *n = control(s, in, TOSC_FADER, p->address, frame, color);

	tosc_number(n, 'i', "orientation", frame.w > frame.h);
	sliding(n, p, rest);
}

void
touchosc_knob(struct touchosc *s, mxml_node_t *in, const struct layout_param *p,
	double rest, struct tosc_frame frame, uint32_t color)
{
	mxml_node_t *n = control(s, in, TOSC_RADIAL, p->address, frame, color);

	tosc_number(n, 'b', "centered", 1);
	sliding(n, p, rest);
}

void
touchosc_toggle(struct touchosc *s, mxml_node_t *in, const char *address,
	struct tosc_frame frame, uint32_t color, const char *text)
{
	mxml_node_t *n = control(s, in, TOSC_BUTTON, address, frame, color);

	tosc_number(n, 'i', "buttonType", 2); /* toggles as it is pressed */
	value_in(n, address, "FLOAT", 0.0, 1.0);
	touchosc_label(s, in, "text", frame, text);
}

void
touchosc_radio(struct touchosc *s, mxml_node_t *in, const char *address,
	struct tosc_frame frame, const char *const *text, uint32_t count)
{
	int cell_h = frame.h / (int)count;
	mxml_node_t *n =
		control(s, in, TOSC_RADIO, address, frame, TOUCHOSC_ORANGE);

	tosc_number(n, 'i', "orientation", 2); /* downwards */
	tosc_number(n, 'i', "steps", (int)count);
	value_in(n, address, "INTEGER", 0.0, 1.0);
	frame.h = cell_h;
	for (uint32_t i = 0; i < count; i++) {
		n = touchosc_label(s, in, "text", frame, text[i]);
		if (cell_h < s->screen->text + TOUCHOSC_GAP)
			tosc_number(n, 'i', "textSize", cell_h - TOUCHOSC_GAP);
		frame.y += cell_h;
	}
}

void
touchosc_press(struct touchosc *s, mxml_node_t *in, const char *address,
	struct tosc_frame frame, uint32_t color, const char *conversion)
{
	mxml_node_t *n = control(s, in, TOSC_BUTTON, address, frame, color);

	tosc_osc(n, &(struct tosc_message){
			    .address = address,
			    .send = true,
			    .trigger = "x",
			    .condition = "RISE",
			    .value = conversion ? "x" : NULL,
			    .conversion = conversion,
		    });
}

void
touchosc_told(struct touchosc *s, mxml_node_t *in, const char *address,
	struct tosc_frame frame, const char *text)
{
	mxml_node_t *n = touchosc_label(s, in, address + 1, frame, text);

	tosc_number(n, 'b', "background", 1);
	tosc_color(n, "color", TOUCHOSC_DARK);
	tosc_osc(n, &(struct tosc_message){
			    .address = address,
			    .receive = true,
			    .value = "text",
			    .conversion = "STRING",
		    });
}

void
touchosc_name(struct touchosc *s, mxml_node_t *in, uint32_t strip,
	struct tosc_frame frame)
{
	const struct layout_param *p =
		layout_find(s->layout, "/strip/%u/name", strip);

	if (p)
		touchosc_told(
			s, in, p->address, frame, s->layout->name[strip - 1]);
}

/* ---- pages ---- */

mxml_node_t *
touchosc_pager(struct touchosc *s, mxml_node_t *in, const char *name,
	struct tosc_frame *frame)
{
	mxml_node_t *pager = tosc_node(&s->tosc, in, TOSC_PAGER, name, *frame);
	int tab_h = s->screen->tab_h;

	tosc_number(pager, 'i', "tabbarSize", tab_h);
	*frame = (struct tosc_frame){0, tab_h, frame->w, frame->h - tab_h};
	return pager;
}

mxml_node_t *
touchosc_page(struct touchosc *s, mxml_node_t *pager, const char *text,
	struct tosc_frame frame)
{
	mxml_node_t *page = tosc_node(&s->tosc, pager, TOSC_GROUP, text, frame);

	tosc_color(page, "tabColorOff", TOUCHOSC_DARK);
	tosc_color(page, "tabColorOn", TOUCHOSC_BLUE);
	tosc_text(page, "tabLabel", text);
	tosc_color(page, "textColorOff", 0xffffffff);
	tosc_color(page, "textColorOn", 0xffffffff);
	return page;
}

void
touchosc_banks(struct touchosc *s, mxml_node_t *in, const char *name,
	struct tosc_frame frame,
	void (*strip)(struct touchosc *s, mxml_node_t *page, uint32_t strip,
		struct tosc_frame frame))
{
	mxml_node_t *pager = touchosc_pager(s, in, name, &frame);
	uint32_t per_page = (uint32_t)s->screen->per_page;
	int w = frame.w / (int)per_page;

	for (uint32_t first = 1; first <= s->layout->strips;
		first += per_page) {
		uint32_t last = first + per_page - 1;
		char text[32];
		mxml_node_t *page;

		if (last > s->layout->strips)
			last = s->layout->strips;
		snprintf(text, sizeof(text), "%u - %u", first, last);
		page = touchosc_page(s, pager, text, frame);
		for (uint32_t n = first; n <= last; n++)
			strip(s, page, n,
				(struct tosc_frame){
					(int)(n - first) * w, 0, w, frame.h});
	}
}
