/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The log of what comes from outside. Control thread only. */
#ifndef OSC_LOG_H
#define OSC_LOG_H

#include "control/osc/osc_own.h"

/* Logs one line, at most one a second per cause; from may be NULL. */
void osc_log(struct osc *o, enum osc_cause cause, const struct osc_peer *from,
	const char *fmt, ...) __attribute__((format(printf, 4, 5)));

#endif
