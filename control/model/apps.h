/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which app is on which strip. What else there is to do with apps is in
 * console.h. */
#ifndef APPS_H
#define APPS_H

struct console;

/* After rows_open(): the order in which apps have left. */
void apps_open(struct console *c);
void apps_free(struct console *c);

#endif
