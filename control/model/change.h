/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values are set, the mixer is fed, listeners are told. */
#ifndef CHANGE_H
#define CHANGE_H

#include "control/model/params.h"

/* 0 or -ENOMEM; then done() is fine as well */
int change_init(struct model *c);
void change_done(struct model *c);

/* Sets checked values. posted: the mixer knows them already, but for those that
 * param_message() has none for. */
void change_set(struct model *c, const struct param_change *changes, uint32_t n,
	uint64_t frame, uint32_t source, bool posted);

/* The same in parts: what is said between them is one for the mixer. */
void change_begin(struct model *c, uint32_t source);
void change_one(
	struct model *c, const struct param_change *change, bool posted);
/* What was kept already: listeners are to hear of it, the mixer of this one. */
void change_kept(struct model *c, const struct changed *changed);
void change_say(struct model *c, uint32_t id);
void change_end(struct model *c, uint64_t frame);

/* These were set: the mixer hears of them, listeners will by change_tell(). */
void change_made(struct model *c, const struct changed *changed);
void change_tell(struct model *c);

#endif
