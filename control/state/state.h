/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The state file: what the model keeps, on disk, so that it is there again when
 * everything has been killed or the power has gone.
 *
 *	$XDG_STATE_HOME/tapdeck/state.yaml
 *
 * Values, names, and which app is on which strip: all that is a row of the
 * model is in it by itself, inner ones as well; see keep.h. It is looked
 * several times a second whether something has become another, and then the
 * whole file is written by a thread and put in the place of the old one.
 *
 * A file that cannot be understood is set aside under another name, which is
 * said, and never written over. What it has and this program or configuration
 * does not know (a row of a later version, a bus, the strips above the last)
 * stays in it. Control thread only. */
#ifndef STATE_H
#define STATE_H

#include <stdbool.h>
#include <stddef.h>

#include "control/model/model.h"

struct state;

struct state_events {
	/* One line for the log. */
	void (*say)(void *data, const char *line);
};

/* Where it is. 0, -ENOENT (no home), -ENAMETOOLONG. */
int state_path(char *path, size_t size_bytes);

/* Reads the file, if there is one. 0 and *out is the caller's, or -errno. */
int state_open(struct state **out, const char *path,
	const struct state_events *events, void *data);

/* A model_restore: of model_new_kept(), data is the state. */
void state_restore(void *state, struct model *c);

/* From now on it is saved; the model outlives state_close(). 0 or -ENOMEM */
int state_start(struct state *s, struct loop *l, const struct model *c);

/* Begins to save what is not saved; true: nothing was. By itself it is called
 * by the loop. */
bool state_look(struct state *s);

/* Saves what is not saved, waits for it, and says when it was not to be. NULL
 * is fine. */
void state_close(struct state *s);

#endif
