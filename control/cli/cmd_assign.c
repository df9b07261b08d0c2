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

	if (!strcmp(m->address, "/error") && m->count >= 2)
		text_clean(a->refusal, sizeof(a->refusal), client_string(m, 1));
	if (strcmp(m->address, "/assign") != 0 || m->count < 2)
		return;
	a->answered = true;
	a->strip = (int)client_number(m, 0);
	text_clean(a->key, sizeof(a->key), client_string(m, 1));
}

static int
ask(struct assign *a, struct client *c, const char *app, const char *strip)
{
	lo_message m = lo_message_new();
	int rc;

	if (!m)
		return -ENOMEM;
	lo_message_add_string(m, app);
	lo_message_add_string(m, strip);
	if (a->save)
		lo_message_add_string(m, "save");
	rc = client_send(c, "/assign", m);
	return rc < 0 ? rc : client_fence(c, take, a);
}

int
cmd_assign(int argc, char **argv)
{
	struct assign a = {.answered = false};
	struct client *c;
	int exit_code, rc;
	int at = options_parse(&command, &a, argc, argv, &exit_code);

	if (at < 0)
		return exit_code;
	if (argc - at != 2)
		return command_fail("assign", EX_USAGE,
			"needs a program and a strip; see tapdeck assign "
			"--help");
	exit_code = client_start(&c, &a.args, "assign");
	if (exit_code)
		return exit_code;
	rc = ask(&a, c, argv[at], argv[at + 1]);
	client_close(c);
	if (rc == 0 && a.refusal[0])
		return command_fail("assign", EX_DATAERR, "%s", a.refusal);
	if (rc < 0 || !a.answered)
		return client_fail(&a.args, "assign", rc < 0 ? rc : -EPROTO);
	if (a.strip)
		printf("%s: strip %d\n", a.key, a.strip);
	else
		printf("%s: no strip\n", a.key);
	return 0;
}
