/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Set and get. Control thread only. */
#ifndef OSC_SET_H
#define OSC_SET_H

#include "control/osc/osc_own.h"

bool osc_address_is_pattern(const char *address);
/* Has arguments, and is for a parameter; or is an action that needs none. */
bool osc_request_is_set(const struct osc_request *r);
/* Adds what a message asks for to o->changes: all of it, or nothing and the
 * refusal is sent. -ENOENT: there is no such address, or it takes no such
 * arguments; -EINVAL: the value is refused. */
int osc_set_collect(struct osc *o, const struct osc_request *r);
void osc_get(struct osc *o, const struct osc_request *r);
/* What came of values that were altered. */
void osc_set_tell(struct osc *o, const struct osc_peer *to, const char *address,
	const struct param_change *changes, uint32_t count);
/* Applies changes now, as this peer's. */
void osc_set_apply(struct osc *o, const struct osc_peer *from,
	const struct param_change *changes, uint32_t count);
/* Of what param_schedule() took, all that is due is done. */
void osc_run_model(struct osc *o);
void osc_changes_done(struct osc_changes *list);

#endif
