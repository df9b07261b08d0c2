/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Peers of the configuration. Control thread only. */
#ifndef OSC_BOOK_H
#define OSC_BOOK_H

#include "control/osc/osc_own.h"

/* The peers of the configuration; behind osc_subs_open() */
int osc_book_open(struct osc *o, const struct osc_config *config);
void osc_book_close(struct osc *o);
/* May it speak to us? Counts and logs when not. */
bool osc_hears(struct osc *o, const struct osc_peer *from);

#endif
