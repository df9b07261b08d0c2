/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/cli/cmd.h"

#include <string.h>

#include "control/cli/client.h"
#include "control/cli/listing.h"

struct status {
	struct client_args args; /* first */
	struct listing lines;
};

static const struct command command = {
	.name = "status",
	.operands = "",
	.about = "Prints what the running tapdeck counts and knows of itself, "
		 "one NAME VALUE per line: audio, losses, load, OSC.",
	.options = client_rows,
	.after = "Examples:\n"
		 "  tapdeck status\n"
		 "  tapdeck status --json | jq .xruns\n"
		 "\n"
		 "Exit codes: 0 done, 64 bad option, 69 no tapdeck is running",
};

/* The one line of it that wants something done: "SCHED_OTHER 0" */
static void
hint(const struct client_message *m)
{
	static const char other[] = "SCHED_OTHER";

	if (!strcmp(client_string(m, 0), "scheduler") &&
		!strncmp(client_string(m, 1), other, strlen(other)))
		command_fail("status", 0,
			"the audio thread has no realtime priority, and may "
			"drop out; install rtkit, or allow it in "
			"/etc/security/limits.d (@audio - rtprio 20), then log "
			"in anew");
}

static void
status_take(void *data, const struct client_message *m)
{
	struct status *s = data;

	if (!strcmp(m->address, "/info") && m->count > 1)
		listing_pair(&s->lines, "version", m, 1);
	if (!strcmp(m->address, "/status") && m->count > 1) {
		listing_pair(&s->lines, client_string(m, 0), m, 1);
		hint(m);
	}
}

static int
run(void *data, struct client *c, char **operands)
{
	struct status *s = data;
	int r;

	(void)operands;
	listing_begin(&s->lines, s->args.json, "{}", "ll");
	r = client_send(c, "/info", "");
	if (r == 0)
		r = client_ask(c, status_take, s, "/status", "");
	listing_end(&s->lines, NULL);
	return r;
}

int
cmd_status(int argc, char **argv)
{
	struct status s = {0};
	int exit_code;

	if (options_parse(&command, &s, argc, argv, &exit_code) < 0)
		return exit_code;
	return client_run("status", &s, run, NULL);
}
