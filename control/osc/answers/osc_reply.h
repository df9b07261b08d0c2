/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers and refusals. Control thread only. */
#ifndef OSC_REPLY_H
#define OSC_REPLY_H

#include <lo/lo.h>

#include "control/osc/osc_own.h"

/* Frees m, which may be NULL. */
void osc_send(struct osc *o, const struct osc_peer *to, const char *path,
	lo_message m);
/* A message of arguments as lo_message_add() has them, LO_ARGS_END last; i, f
 * and s only: Pure Data and ChucK know no other numbers. */
void osc_tell(struct osc *o, const struct osc_peer *to, const char *path,
	const char *types, ...);
/* The value of a parameter, at this address. */
void osc_send_value(struct osc *o, const struct osc_peer *to,
	const char *address, uint32_t id);
/* True while this packet may have more answers. */
bool osc_may_answer(const struct osc *o);
/* /error to the sender, a count, and a line in the log. */
void osc_refuse(struct osc *o, const struct osc_peer *from, const char *address,
	enum osc_cause cause, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
/* The same of its arguments. False */
bool osc_refuse_args(const struct osc_request *r, const char *allowed);

#endif
