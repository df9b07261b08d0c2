/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the pages of a layout for TouchOSC are made of. For layout_touchosc*.c
 * only. */
#ifndef LAYOUT_TOUCHOSC_OWN_H
#define LAYOUT_TOUCHOSC_OWN_H

#include "control/layout/layout.h"
#include "control/layout/tosc.h"

#define TOUCHOSC_RED	0xd03030ff
#define TOUCHOSC_GREEN	0x30a060ff
#define TOUCHOSC_BLUE	0x3080d0ff
#define TOUCHOSC_ORANGE 0xd09030ff
#define TOUCHOSC_PURPLE 0x9060d0ff
#define TOUCHOSC_DARK	0x202428ff

#define TOUCHOSC_GAP 4 /* pixels between two controls */

struct touchosc_screen {
	int w, h;
	int per_page; /* strips */
	int tab_h, name_h, route_h, mute_h, text;
	int main_size; /* width of main beside the pages, or height below them
			*/
	bool below;
};

/* What is being made. */
struct touchosc {
	const struct layout *layout;
	const struct touchosc_screen *screen;
	struct tosc tosc;
	char bus[PARAM_TEXT_MAX];
};

/* A text that lets fingers through. */
mxml_node_t *touchosc_label(struct touchosc *s, mxml_node_t *in,
	const char *name, struct tosc_frame frame, const char *text);

/* Relative: a finger that is put down moves nothing yet. Two taps set it to
 * `rest`, of 0 to 1. The range is the parameter's. */
void touchosc_fader(struct touchosc *s, mxml_node_t *in,
	const struct layout_param *p, double rest, struct tosc_frame frame,
	uint32_t color);
void touchosc_knob(struct touchosc *s, mxml_node_t *in,
	const struct layout_param *p, double rest, struct tosc_frame frame,
	uint32_t color);

/* A button that stays. */
void touchosc_toggle(struct touchosc *s, mxml_node_t *in, const char *address,
	struct tosc_frame frame, uint32_t color, const char *text);

/* One of `count`, the first on top: texts. */
void touchosc_radio(struct touchosc *s, mxml_node_t *in, const char *address,
	struct tosc_frame frame, const char *const *text, uint32_t count);

/* A text that tapdeck tells; `text` until it does. */
void touchosc_told(struct touchosc *s, mxml_node_t *in, const char *address,
	struct tosc_frame frame, const char *text);
void touchosc_name(struct touchosc *s, mxml_node_t *in, uint32_t strip,
	struct tosc_frame frame);

/* A button that sends 1 when it is pressed, of this type; NULL: no argument. */
void touchosc_press(struct touchosc *s, mxml_node_t *in, const char *address,
	struct tosc_frame frame, uint32_t color, const char *conversion);

/* Pages with tabs on top: what is put into one of them has its frame. */
mxml_node_t *touchosc_pager(struct touchosc *s, mxml_node_t *in,
	const char *name, struct tosc_frame *frame);
mxml_node_t *touchosc_page(struct touchosc *s, mxml_node_t *pager,
	const char *text, struct tosc_frame frame);

/* Pages of so many strips each. */
void touchosc_banks(struct touchosc *s, mxml_node_t *in, const char *name,
	struct tosc_frame frame,
	void (*strip)(struct touchosc *s, mxml_node_t *page, uint32_t strip,
		struct tosc_frame frame));

/* layout_touchosc_sound.c: EQ, filter, sides and cues of the strips, the
 * crossfader; scenes. Each fills its page. */
void touchosc_sound(
	struct touchosc *s, mxml_node_t *page, struct tosc_frame frame);
void touchosc_scenes(
	struct touchosc *s, mxml_node_t *page, struct tosc_frame frame);

#endif
