/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows that ask for a scene. Values have no files: whoever has does what
 * they ask, see model.h. For control/model/ only. */
#ifndef ROWS_SCENE_H
#define ROWS_SCENE_H

#include "control/model/model.h"
#include "control/model/row.h"

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

void scene_recall_set(struct model *c, struct place at, const char *text,
	struct changed *out);
void scene_save_set(struct model *c, struct place at, const char *text,
	struct changed *out);
void scene_undo_set(
	struct model *c, struct place at, double on, struct changed *out);
void scene_finish_set(
	struct model *c, struct place at, double on, struct changed *out);
void scene_stop_set(
	struct model *c, struct place at, double on, struct changed *out);

/* The change is made: what it asked for. */
void scene_rows_ask(struct model *c, uint64_t frame);

#endif
