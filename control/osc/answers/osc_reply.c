/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers, refusals and the log. */
#include "control/osc/answers/osc_reply.h"
#include "control/osc/answers/osc_log.h"
#include "control/osc/answers/osc_answer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "control/util/name.h"

#define TEXT_MAX      512 /* bytes with the NUL: a refusal's text */
#define ADDRESS_SHOWN 128 /* of an address that was refused, bytes */

bool
osc_may_answer(const struct osc *o)
{
	return o->replies_left > 0;
}

void
osc_send(struct osc *o, const struct osc_peer *to, const char *path,
	lo_message m)
{
	size_t size_bytes;

	if (!m)
		return;
	size_bytes = lo_message_length(m, path);
	if (size_bytes > OSC_PACKET_MAX ||
		!lo_message_serialise(m, path, o->out, &size_bytes))
		o->counters.lost++;
	else
		osc_out_answer(o, to, o->out, size_bytes);
	lo_message_free(m);
}

void
osc_tell(struct osc *o, const struct osc_peer *to, const char *path,
	const char *types, ...)
{
	lo_message m = lo_message_new();
	va_list args;

	va_start(args, types);
	if (m)
		lo_message_add_varargs(m, types, args);
	va_end(args);
	osc_send(o, to, path, m);
}

void
osc_send_value(struct osc *o, const struct osc_peer *to, const char *address,
	uint32_t id)
{
	struct param_value value;

	param_get(o->params, id, &value);
	switch (value.type) {
	case PARAM_FLOAT:
		osc_tell(o, to, address, "f", value.f, LO_ARGS_END);
		break;
	case PARAM_INT:
		osc_tell(o, to, address, "i", (int32_t)value.i, LO_ARGS_END);
		break;
	case PARAM_TEXT:
		osc_tell(o, to, address, "s", value.s, LO_ARGS_END);
		break;
	}
}

void
osc_refuse(struct osc *o, const struct osc_peer *from, const char *address,
	enum osc_cause cause, const char *fmt, ...)
{
	char shown[ADDRESS_SHOWN + sizeof("...")];
	size_t length;
	char text[TEXT_MAX];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	name_copy(shown, ADDRESS_SHOWN + 1, address);
	length = strlen(shown);
	if (strlen(address) > length)
		snprintf(shown + length, sizeof(shown) - length, "...");
	o->counters.refused++;
	osc_tell(o, from, "/error", "ss", shown, text, LO_ARGS_END);
	osc_log(o, cause, from, "%s%s%s", shown, *shown ? ": " : "", text);
}

bool
osc_refuse_args(const struct osc_request *r, const char *allowed)
{
	osc_refuse(r->osc, r->from, r->address, OSC_CAUSE_ARGS,
		"arguments ,%.32s; allowed: %s", r->types, allowed);
	return false;
}
