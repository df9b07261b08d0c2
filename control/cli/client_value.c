/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/cli/client.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "control/osc/answers/osc_arg.h"
#include "control/util/text.h"

static int64_t
arg_whole(const struct client_message *m, int arg)
{
	return m->types[arg] == 'h' ? osc_arg_long(m->args[arg])
				    : osc_arg_int(m->args[arg]);
}

double
client_number(const struct client_message *m, int arg)
{
	switch (arg < m->count ? m->types[arg] : '\0') {
	case 'i':
	case 'h':
		return (double)arg_whole(m, arg);
	case 'f':
		return (double)osc_arg_float(m->args[arg]);
	case 'd':
		return osc_arg_double(m->args[arg]);
	case 'T':
		return 1.0;
	case 'F':
		return 0.0;
	default:
		return NAN;
	}
}

const char *
client_string(const struct client_message *m, int arg)
{
	if (arg >= m->count || (m->types[arg] != 's' && m->types[arg] != 'S'))
		return "";
	return osc_arg_text(m->args[arg]);
}

void
client_text(const struct client_message *m, int arg, char *out, size_t size)
{
	double number = client_number(m, arg);
	char type = arg < m->count ? m->types[arg] : '\0';

	if (type == 'f')
		text_float(out, size, number);
	else if (type == 'd' && fabs(number) < 9e15 && floor(number) == number)
		snprintf(out, size, "%.0f", number);
	else if (type == 'd')
		snprintf(out, size, "%.6g", number);
	else if (type == 'h' || type == 'i')
		snprintf(out, size, "%" PRId64, arg_whole(m, arg));
	else if (type == 'T' || type == 'F')
		snprintf(out, size, "%d", type == 'T');
	else
		snprintf(out, size, "%s", client_string(m, arg));
}

void
client_json(const struct client_message *m, int arg, FILE *to)
{
	char text[64];

	if (isnan(client_number(m, arg)) || isinf(client_number(m, arg))) {
		text_json(to, client_string(m, arg));
		return;
	}
	client_text(m, arg, text, sizeof(text));
	fputs(text, to);
}

bool
client_refused(const struct client_message *m, char *why, size_t size_bytes)
{
	if (strcmp(m->address, "/error") != 0)
		return false;
	text_clean(why, size_bytes, client_string(m, 1));
	return true;
}

bool
client_refused_say(const struct client_message *m, const char *command)
{
	char address[256], why[512];

	if (!client_refused(m, why, sizeof(why)))
		return false;
	text_clean(address, sizeof(address), client_string(m, 0));
	command_fail(command, 0, "%s: %s", address, why);
	return true;
}

const char *
client_question(const char *address)
{
	static const char *const does[][2] = {
		{"/scene/undo", "/scene/und[o]"},
		{"/scene/finish", "/scene/finis[h]"},
		{"/scene/stop", "/scene/sto[p]"},
	};

	for (size_t i = 0; i < sizeof(does) / sizeof(does[0]); i++)
		if (!strcmp(does[i][0], address))
			return does[i][1];
	return address;
}
