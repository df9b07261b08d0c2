/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a stream plays, and who has linked it there. Control thread only. */
#ifndef HEARD_H
#define HEARD_H

#include "driver/pipewire/driver_own.h"

enum heard_by {
	HEARD_PARKED,	  /* on our sinks, by the session manager */
	HEARD_BY_MANAGER, /* on others' */
	HEARD_IN_ROOM,	  /* of those, where main is heard */
	HEARD_BY_CABLE,	  /* on others', linked by anybody else */
};
bool stream_heard(
	const struct driver *d, const struct stream *s, enum heard_by by);
/* Where the session manager has it, if not on our sinks; or NULL */
const struct graph_object *heard_sink(
	const struct driver *d, const struct stream *s);
void heard_cut(struct driver *d, const struct stream *s, enum heard_by by);
/* Fills note[APP_NOTE_MAX] where it is empty and there is something to tell */
void heard_note(struct driver *d, struct tapped *t, char *note);
bool heard_is_sink(const struct graph_object *node);
/* What people call a sink */
const char *heard_label(const struct graph_object *sink);

#endif
