/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cable as the default sink, where its priority does not make it that.
 *
 * From 0.5.11 on WirePlumber looks at no priority once its user has chosen a
 * default. Then the cable's name is written into the metadata, over what
 * WirePlumber says, and again each time that it looks again. Whether that is
 * needed is told by what happens and not by a version: a distribution may carry
 * the change back, and a user may have a sink of any priority. The user's
 * choice, default.configured.audio.sink, is left alone. */
#ifndef DEFAULT_SINK_H
#define DEFAULT_SINK_H

#include <stdbool.h>

#include <pipewire/pipewire.h>

#include "driver/supervisor/park/contest.h"
#include "driver/supervisor/journal.h"

struct park;

struct default_sink {
	struct spa_source *timer;
	struct metadata_value now; /* as the metadata says it */
	struct metadata_value was; /* the last that was not ours */
	bool wanted;		   /* the cable is there and is to be it */
	bool written;		   /* what the metadata says is our word */
	bool returning;		   /* written back, not yet seen to be so */
	unsigned lost;		   /* contests */
	struct contest contest;
};

/* control: 0 or -ENOMEM; default_close() accepts what a failure left */
int default_open(struct park *p);
void default_close(struct park *p);

/* control: a word of the metadata about no node */
void default_said(struct park *p, uint32_t id, const char *key,
	const struct metadata_value *value);
/* control: the cable is there, or about to go; may be called again */
void default_want(struct park *p);
void default_leave(struct park *p);
/* control: the connection is gone, and what we wrote may stand */
void default_lost(struct park *p);
/* control: the metadata is void */
void default_void(struct park *p);
/* control: puts back what a killed run has left */
void default_recover(struct park *p);
bool default_settled(const struct park *p);

#endif
