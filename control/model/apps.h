/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which app is on which strip. What else there is to do with apps is in
 * model.h. */
#ifndef APPS_H
#define APPS_H

struct model;

/* After rows_open(): the order in which apps have left. 0 or -ENOMEM */
int apps_open(struct model *c);
void apps_free(struct model *c);

#endif
