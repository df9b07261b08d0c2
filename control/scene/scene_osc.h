/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scenes by OSC. NAME is letters, digits, - and _.
 *
 * /scene/NAME/recall [f seconds], /scene/undo [f seconds]: /scene/recalled:
 * s name, i values, f seconds, s what is not here.
 * Where /quantise has a recall wait for its beat, /scene/pending: s name; asked
 * for again, s "", and it does not come.
 * /scene/NAME/go: likewise, of a button: 0 does nothing.
 * /scene/NAME/save [f its fade] [s pattern]...: /scene/saved: s name, once it
 * is on the disk.
 * /scene/NAME/delete: /scene/deleted: s name.
 * /scene/NAME/rename s: /scene/renamed: s name, s new name.
 * /scene/list: one /scene/list per scene: s name, i values, f its fade or -1,
 * s what is not here, s what is wrong with it or "". They come a few at a time.
 * /scene/finish, /scene/stop: fades are at their ends; stay where they are.
 *
 * Control thread only. */
#ifndef SCENE_OSC_H
#define SCENE_OSC_H

#include "control/osc/answers/osc_ask.h"
#include "control/osc/osc.h"
#include "control/osc/transport/osc_peer.h"
#include "control/scene/scenes.h"

/* Of one that waits for the disk. */
struct scene_waiter {
	uint64_t ticket; /* 0: nobody */
	struct osc_peer peer;
};

struct scene_osc {
	struct osc *osc;
	struct scenes *scenes;
	struct osc_question listing;
	/* The place of a ticket is its remainder: they are given in a row, and
	 * so many at most are out. */
	struct scene_waiter waiter[SCENES_SAVES_MAX];
};

/* Of a server that has just been opened; it hears of the scenes from now on.
 * 0 or -errno */
int scene_osc_serve(struct scene_osc *s, struct osc *o, struct scenes *scenes);

#endif
