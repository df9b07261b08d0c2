/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/cli/cmd.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "control/cli/client.h"

struct retake {
	struct client_args args; /* first */
	bool answered, done;
};

static const struct command command = {
	.name = "retake",
	.operands = "",
	.about = "Takes programs again. When three engines in a row have "
		 "crashed within their first five seconds, the next one only "
		 "copies them, so that they play where they played, until "
		 "this is asked for.",
	.options = client_rows + 1, /* no --json */
	.after = "Examples:\n"
		 "  tapdeck retake\n"
		 "\n"
		 "Exit codes: 0 done, 64 bad option, 69 no tapdeck is running",
};

static void
take(void *data, const struct client_message *m)
{
	struct retake *r = data;

	if (strcmp(m->address, "/retake") != 0 || m->count < 1)
		return;
	r->answered = true;
	r->done = client_number(m, 0) != 0.0;
}

static int
run(void *data, struct client *c, char **operands)
{
	struct retake *r = data;
	int res = client_ask(c, take, r, "/retake", "");

	(void)operands;
	if (res < 0 || !r->answered)
		return res < 0 ? res : -EPROTO;
	if (!r->done)
		printf("programs are taken already\n");
	return 0;
}

int
cmd_retake(int argc, char **argv)
{
	struct retake r = {0};
	int exit_code;

	if (options_parse(&command, &r, argc, argv, &exit_code) < 0)
		return exit_code;
	return client_run("retake", &r, run, NULL);
}
