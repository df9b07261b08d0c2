/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What strips are called by what they hold, and by which slug they are
 * addressed. */
#ifndef NAMES_H
#define NAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "control/util/pattern.h"
#include "control/model/row.h"

/* The strip with this slug, or -1. */
int names_find(const struct model *c, struct piece slug);

/* The name on a strip, and its slug. What else has another one by that is in
 * *out as well. */
void names_set(struct model *c, uint32_t strip, const char *name, bool by_user,
	struct changed *out);

/* After rows_open(): a slug for each, and no two alike. */
void names_open(struct model *c);

#endif
