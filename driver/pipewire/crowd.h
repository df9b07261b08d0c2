/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many streams a strip has room for. Control thread only. */
#ifndef CROWD_H
#define CROWD_H

#include "driver/pipewire/driver_own.h"

void crowd_count(struct driver *d); /* before the steps of a look */
/* A place for this stream, which has none yet; false: there is none */
bool crowd_enter(struct driver *d, struct stream *s);
/* Says so once; what to tell of the app, or NULL */
const char *crowd_note(struct driver *d, struct tapped *t);

#endif
