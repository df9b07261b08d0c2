/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/cli/cmd.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "control/cli/client.h"
#include "control/model/param.h"
#include "control/util/text.h"

static const struct command command = {
	.name = "set",
	.operands = "ADDRESS VALUE [ADDRESS VALUE...]",
	.about = "Sets parameters of the running tapdeck. Several are "
		 "set as one, at one sample, or not at all. A number "
		 "beyond the range of its parameter becomes the end of it, "
		 "which is said. An address may be an OSC pattern; quote it.",
	.options = client_rows + 1,
	.after = "Examples:\n"
		 "  tapdeck set /strip/spotify/gain -6\n"
		 "  tapdeck set '/strip/*/mute' 1 /strip/2/mute 0\n"
		 "  tapdeck set /strip/1/route loop\n"
		 "\n"
		 "Exit codes: 0 set, 64 bad option, 65 refused: no "
		 "such address or value, 69 no tapdeck is running",
	.operands_end_options = true,
};

/* What the server says of the parameter that is to be set. */
struct set {
	const char *value;
	char type;	   /* of the parameter; 0: not known */
	char address[256]; /* as the server calls it */
	bool is_index;	   /* the value is no name among the choices */
	uint32_t errors;
};

static void
current_take(void *data, const struct client_message *m)
{
	struct set *s = data;

	if (client_refused_say(m, "set")) {
		s->errors++;
	} else if (m->count == 1 && !s->type) {
		s->type = *m->types;
		text_clean(s->address, sizeof(s->address), m->address);
	}
}

static bool
choices_have(const char *choices, const char *name)
{
	size_t length = strlen(name);

	while (*choices) {
		size_t n = strcspn(choices, "|");

		if (n == length && !strncmp(choices, name, n))
			return true;
		choices += n + (choices[n] == '|');
	}
	return false;
}

static void
list_take(void *data, const struct client_message *m)
{
	struct set *s = data;
	const char *choices = client_string(m, CLIENT_LIST_CHOICES);

	s->errors += client_refused_say(m, "set");
	if (!strcmp(m->address, "/list") &&
		!strcmp(client_string(m, CLIENT_LIST_ADDRESS), s->address) &&
		*choices)
		s->is_index = !choices_have(choices, s->value);
}

/* Of a value that was refused, or is not the one that was asked for. */
static void
outcome_take(void *data, const struct client_message *m)
{
	struct set *s = data;
	char address[256], value[256];

	if (client_refused_say(m, "set")) {
		s->errors++;
	} else if (m->count == 1) {
		text_clean(address, sizeof(address), m->address);
		client_text(m, 0, value, sizeof(value));
		command_fail("set", 0, "%s: set to %s, the nearest it can be",
			address, value);
	}
}

static bool
number_parse(const char *text, double *number)
{
	char *end;

	*number = strtod(text, &end);
	return end != text && !*end && isfinite(*number);
}

/* The value as the parameter wants it: a strip named 808 stays a text, a route
 * named 1 is the one of that index. */
static lo_message
message_for(const struct set *s)
{
	lo_message m = lo_message_new();
	bool text = (s->type == 's' || s->type == 'S') && !s->is_index;
	double number;

	if (!m)
		return NULL;
	if (!text && number_parse(s->value, &number)) {
		if (floor(number) == number && fabs(number) <= INT32_MAX)
			lo_message_add_int32(m, (int32_t)number);
		else
			lo_message_add_float(m, (float)number);
	} else if (!text && !strcasecmp(s->value, "true")) {
		lo_message_add_true(m);
	} else if (!text && !strcasecmp(s->value, "false")) {
		lo_message_add_false(m);
	} else {
		lo_message_add_string(m, s->value);
	}
	return m;
}

/* Asks for the present value: its type is that of the parameter, and an address
 * that is not there is refused before anything is set. An action would be done
 * if it were asked. */
static int
look_up(struct client *c, struct set *s, const char *address)
{
	double ignored;
	int r;

	if (param_names_action(address))
		return client_ask(c, list_take, s, "/list", "s", address);
	r = client_ask(c, current_take, s, client_question(address), "");
	if (r < 0 || s->type != 's' || !number_parse(s->value, &ignored))
		return r;
	return client_ask(c, list_take, s, "/list", "s", s->address);
}

/* 0, 65 when the server refused something, or -errno */
static int
run(void *data, struct client *c, char **operands)
{
	lo_bundle b = lo_bundle_new(LO_TT_IMMEDIATE);
	struct set last = {0};
	uint32_t errors = 0;
	int r = 0;

	(void)data;
	for (; *operands && r == 0; operands += 2) {
		struct set s = {.value = operands[1]};

		r = look_up(c, &s, operands[0]);
		errors += s.errors;
		lo_bundle_add_message(b, operands[0], message_for(&s));
	}
	if (r < 0 || errors) {
		lo_bundle_free_recursive(b);
		return r < 0 ? r : EX_DATAERR;
	}
	r = client_send_bundle(c, b);
	if (r == 0)
		r = client_fence(c, outcome_take, &last);
	return r < 0 ? r : last.errors ? EX_DATAERR : 0;
}

int
cmd_set(int argc, char **argv)
{
	struct client_args args = {0};
	int exit_code;
	int first = options_parse(&command, &args, argc, argv, &exit_code);

	if (first < 0)
		return exit_code;
	if (first == argc || (argc - first) % 2 != 0)
		return command_fail("set", EX_USAGE,
			"wants ADDRESS VALUE, once or more; see tapdeck set "
			"--help");
	for (int i = first; i < argc; i += 2)
		if (*argv[i] != '/')
			return command_fail("set", EX_USAGE,
				"%s: an address begins with /", argv[i]);
	return client_run("set", &args, run, argv + first);
}
