/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What layout_m4l_dial.c is to its neighbours. */
#ifndef LAYOUT_M4L_DIAL_H
#define LAYOUT_M4L_DIAL_H

#include "control/layout/layout_m4l_box.h"

/* What a dial can be for; the caller's. */
json_t *m4l_dial_addresses(const struct layout *l);
void m4l_dial(struct m4l *d, unsigned n); /* from 1 */

#endif
