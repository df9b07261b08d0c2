/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which strip an app belongs on, and why: by hand, by a rule, where it was the
 * last time, or any free one. Reads only. For control/model/ only. */
#ifndef PLACE_H
#define PLACE_H

#include "control/model/model_state.h"

/* The key of a strip whose app has been moved away: of no app. */
#define PLACE_OF_NOBODY " "

/* The strip, or -1, of an app that is on this one now (-1: on none), where it
 * stays unless a hand, a rule or its key say otherwise; and how it came to it.
 */
int place_of(const struct model *c, const struct app *app, int strip,
	enum placed *how);

/* The rule of this number, see struct app; or NULL */
const struct model_rule *place_rule(const struct model *c, uint32_t number);
/* The number of that for an app, by its key and name alone */
uint32_t place_rule_of(
	const struct model *c, const char *key, const char *name);

/* The strip that a rule gives to an app of this key or name, or -1; and whether
 * one gives this strip to any. */
int place_ruled(const struct model *c, const char *key, const char *name);
bool place_is_ruled(const struct model *c, uint32_t strip);

/* Of an app without a strip: why, in words */
void place_note(const struct model *c, enum placed how, const struct app *app,
	char note[APP_NOTE_MAX]);

/* Strips that are kept for whom a rule or a hand names. */
void place_reserve(struct model *c);

#endif
