/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows that ask for a scene. Values have no files: whoever has does what
 * they ask, see model.h. For control/model/ only. */
#ifndef ROWS_SCENE_H
#define ROWS_SCENE_H

#include "control/model/model.h"

struct scene_rows {
	char last[PARAM_TEXT_MAX]; /* that was recalled; "": none */
	model_scene ask;	   /* NULL: nobody */
	void *data;
	/* What a change asks for is asked when that is made. */
	bool asks;
	enum model_scene_ask what;
	char name[PARAM_TEXT_MAX];
	uint64_t frame; /* while it is asked; see model_scene_frame() */
};

/* A change asks for this: v is a name, or 1. Of none, and of 0, nothing. */
void scene_rows_want(struct model *c, enum model_scene_ask what,
	const struct param_value *v);

/* The change is made: what it asked for. */
void scene_rows_ask(struct model *c, uint64_t frame);

#endif
