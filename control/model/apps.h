/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which app is on which strip. What else there is to do with apps is in
 * model.h. */
#ifndef APPS_H
#define APPS_H

struct model;

/* First of all: the rules. 0 or -ENOMEM */
int apps_init(struct model *c);
/* After rows_open(): the order in which apps have left. */
void apps_open(struct model *c);
void apps_free(struct model *c);

#endif
