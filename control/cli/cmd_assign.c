/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/cli/cmd.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "control/cli/client.h"
#include "control/util/text.h"

struct assign {
	struct client_args args; /* first */
	bool save;
	bool answered;
	int strip; /* from 1; 0: none */
	char key[128];
	char refusal[256];
};

static const struct option_row rows[] = {
	OPTION_FLAG("save", assign, save,
		"for good: also when tapdeck is started again"),
	OPTION_END,
};

static const struct command command = {
	.name = "assign",
	.operands = "PROGRAM STRIP",
	.about = "Puts a program on a strip, whatever the rules say; it plays "
		 "on. PROGRAM is its slug, key or name, as `tapdeck apps` "
		 "tells them; STRIP a number or a slug, none for no strip, or "
		 "auto for what the rules say. It holds as long as tapdeck "
		 "runs, also when the program comes again.",
	.options = rows,
	.more = client_rows + 1, /* no --json */
	.after = "Examples:\n"
		 "  tapdeck assign spotify 3\n"
		 "  tapdeck assign --save firefox decks\n"
		 "  tapdeck assign spotify auto\n"
		 "\n"
		 "Exit codes: 0 done, 64 bad option or operand, 65 no such "
		 "program or strip, 69 no tapdeck is running",
};

static void
take(void *data, const struct client_message *m)
{
	struct assign *a = data;

	client_refused(m, a->refusal, sizeof(a->refusal));
	if (strcmp(m->address, "/assign") != 0 || m->count < 2)
		return;
	a->answered = true;
	a->strip = (int)client_number(m, 0);
	text_clean(a->key, sizeof(a->key), client_string(m, 1));
}

static int
run(void *data, struct client *c, char **operands)
{
	struct assign *a = data;
	int rc = client_ask(c, take, a, "/assign", a->save ? "sss" : "ss",
		operands[0], operands[1], "save");

	if (rc < 0)
		return rc;
	if (a->refusal[0])
		return command_fail("assign", EX_DATAERR, "%s", a->refusal);
	if (!a->answered)
		return -EPROTO;
	if (a->strip)
		printf("%s: strip %d\n", a->key, a->strip);
	else
		printf("%s: no strip\n", a->key);
	return 0;
}

int
cmd_assign(int argc, char **argv)
{
	struct assign a = {.answered = false};
	int exit_code;
	int at = options_parse(&command, &a, argc, argv, &exit_code);

	if (at < 0)
		return exit_code;
	if (argc - at != 2)
		return command_fail("assign", EX_USAGE,
			"needs a program and a strip; see tapdeck assign "
			"--help");
	return client_run("assign", &a, run, argv + at);
}
