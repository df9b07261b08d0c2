/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What strips are called by what they hold, and by which slug they are
 * addressed. */
#ifndef NAMES_H
#define NAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "control/util/pattern.h"
#include "control/model/row.h"

/* Of a strip: its name, whether its user gave it that, its slug, and the key of
 * its app, which may be gone. */
const char *names_of(const struct model *c, uint32_t strip);
bool names_by_user(const struct model *c, uint32_t strip);
const char *names_slug(const struct model *c, uint32_t strip);
const char *names_key(const struct model *c, uint32_t strip);

/* The strip with this slug, or -1. */
int names_find(const struct model *c, struct piece slug);

/* The name on a strip, and its slug. What else has another one by that is in
 * *out as well. */
void names_set(struct model *c, uint32_t strip, const char *name, bool by_user,
	struct changed *out);

/* After rows_open(): a slug for each, and no two alike. */
void names_open(struct model *c);

#endif
