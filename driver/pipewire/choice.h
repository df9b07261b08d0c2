/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which sink its user has sent a stream to. Control thread only. */
#ifndef CHOICE_H
#define CHOICE_H

#include "driver/pipewire/driver_own.h"

/* Neither the room's nor ours; NULL: it goes where everything goes. */
const struct graph_object *choice_elsewhere(const struct driver *d,
	const struct stream *s, const struct graph_object *node);
/* Of a new stream, before that is asked, and at each look after it: whether the
 * session manager has still to say it */
void choice_begin(
	struct driver *d, struct stream *s, const struct graph_object *node);
void choice_look(
	struct driver *d, struct stream *s, const struct graph_object *node);
/* Nobody can know yet where its user has it: so long it is left alone. */
bool choice_is_doubted(struct driver *d, const struct stream *s);

#endif
