/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/osc/answers/osc_log.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "control/osc/answers/osc_ways.h"
#include "control/util/name.h"

#define LOG_EVERY_NS UINT64_C(1000000000) /* per cause */
#define TEXT_MAX     700 /* with the NUL: a refusal and its address fit */

void
osc_log(struct osc *o, enum osc_cause cause, const struct osc_peer *from,
	const char *fmt, ...)
{
	struct osc_cause_log *last = &o->cause[cause];
	char who[OSC_PEER_TEXT_MAX] = "", held[40] = "";
	char text[TEXT_MAX], line[sizeof(who) + sizeof(text) + sizeof(held)];
	char shown[sizeof(line)];
	uint64_t now_ns;
	va_list args;

	if (!o->source.log)
		return;
	now_ns = loop_now_ns();
	if (last->last_ns && now_ns - last->last_ns < LOG_EVERY_NS) {
		last->held++;
		return;
	}
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (from)
		osc_peer_text(from, osc_way_name(o, from), who);
	if (last->held)
		snprintf(held, sizeof(held), " (and %" PRIu64 " more before)",
			last->held);
	snprintf(line, sizeof(line), "%s%s%s%s", who, from ? ": " : "", text,
		held);
	/* from outside: a terminal must not take it for commands */
	name_clean(shown, sizeof(shown), line);
	o->source.log(o->source.data, shown);
	last->last_ns = now_ns;
	last->held = 0;
}
