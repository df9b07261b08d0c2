/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/osc/osc_own.h"

#include <string.h>

bool
osc_press(struct osc *o, const struct osc_request *r)
{
	char type = r->args == 1 ? r->types[0] : '\0';

	if (r->args == 0 || type == 'T' || type == 'I')
		return true;
	if (type == 'F')
		return false;
	if (type == 'i')
		return osc_arg_int(r->arg[0]) != 0;
	if (type == 'f')
		return osc_arg_float(r->arg[0]) != 0.0f;
	if (type == 'h')
		return osc_arg_long(r->arg[0]) != 0;
	if (type == 'd')
		return osc_arg_double(r->arg[0]) != 0.0;
	osc_refuse(o, r->from, r->address, OSC_CAUSE_ARGS,
		"arguments ,%.32s; allowed: none, or 1 as a button sends it",
		r->types);
	return false;
}
