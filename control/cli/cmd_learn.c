/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/cli/cmd.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "control/cli/client.h"
#include "control/cli/listing.h"

#define ASK_MS	  100
#define STATE_MAX 16
#define TEXT_MAX  512

struct learn {
	struct client_args args; /* first */
	bool list, forget;
	struct listing learned;
	int forgot;
	char state[STATE_MAX];
	char text[TEXT_MAX];
	char said[TEXT_MAX];
	char error[TEXT_MAX];
};

static const struct option_row rows[] = {
	OPTION_FLAG(
		"list", learn, list, "show what was learned; needs no ADDRESS"),
	OPTION_FLAG("forget", learn, forget,
		"forget which controls were learned for ADDRESS"),
	OPTION_END,
};

static const struct command command = {
	.name = "learn",
	.operands = "[ADDRESS]",
	.about = "Waits for a control of any MIDI device to be moved: a fader, "
		 "a knob or, for what is on or off, a button. From then on it "
		 "moves ADDRESS, whatever it did before. While it waits, a "
		 "minute at most, no control moves anything.",
	.options = rows,
	.more = client_rows,
	.after = "Examples:\n"
		 "  tapdeck learn /strip/2/gain\n"
		 "  tapdeck learn --list\n"
		 "  tapdeck learn --forget /strip/2/gain\n"
		 "\n"
		 "Exit codes: 0 learned, 1 nothing was learned, 64 bad option, "
		 "65 no such address, 69 no tapdeck is running",
};

static volatile sig_atomic_t interrupted;

static void
on_interrupt(int signo)
{
	(void)signo;
	interrupted = 1;
}

static const struct listing_column columns[] = {
	{.key = "address", .head = "ADDRESS"},
	{.key = "device", .head = "DEVICE"},
	{.key = "message", .head = "MESSAGE"},
};

static void
take(void *data, const struct client_message *m)
{
	struct learn *l = data;
	const char *word = client_string(m, 0);

	client_refused(m, l->error, sizeof(l->error));
	if (strcmp(m->address, "/learn") != 0)
		return;
	if (!strcmp(word, "learned") && m->count == 4) {
		listing_row(&l->learned, m, 1, columns, 3);
	} else if (!strcmp(word, "forgot") && m->count == 3) {
		l->forgot = (int)client_number(m, 2);
	} else if (m->count == 3) {
		snprintf(l->state, sizeof(l->state), "%.15s", word);
		text_clean(l->text, sizeof(l->text), client_string(m, 2));
	}
}

static int
list(struct learn *l, struct client *c)
{
	int r;

	listing_begin(&l->learned, l->args.json, "[]", "lll");
	r = client_ask(c, take, l, "/learn", "s", "list");
	listing_end(&l->learned, r == 0 ? "nothing was learned yet" : NULL);
	return r;
}

static void
say(struct learn *l)
{
	if (!strcmp(l->text, l->said))
		return;
	snprintf(l->said, sizeof(l->said), "%s", l->text);
	if (!l->args.json)
		printf("%s\n", l->text);
	fflush(stdout);
}

static int
wait_learned(struct learn *l, struct client *c, const char *address)
{
	struct sigaction action = {.sa_handler = on_interrupt};
	int r = client_ask(c, take, l, "/learn", "s", address);

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	while (r == 0 && !l->error[0]) {
		r = client_ask(c, take, l, "/learn", "");
		if (r < 0 || l->error[0])
			break;
		say(l);
		if (strcmp(l->state, "move") != 0 &&
			strcmp(l->state, "left") != 0 &&
			strcmp(l->state, "twice") != 0)
			break;
		if (interrupted) {
			r = client_ask(c, take, l, "/learn", "s", "cancel");
			break;
		}
		poll(NULL, 0, ASK_MS);
	}
	if (l->args.json && r == 0 && !l->error[0]) {
		fputs("{\"state\": ", stdout);
		text_json(stdout, l->state);
		fputs(", \"text\": ", stdout);
		text_json(stdout, l->text);
		puts("}");
	}
	return r;
}

static int
run(void *data, struct client *c, char **operands)
{
	struct learn *l = data;
	const char *address = *operands;
	int r;

	if (l->list)
		r = list(l, c);
	else if (l->forget)
		r = client_ask(c, take, l, "/learn", "ss", "forget", address);
	else
		r = wait_learned(l, c, address);
	if (r < 0)
		return r;
	if (l->error[0])
		return command_fail("learn", EX_DATAERR, "%s", l->error);
	if (l->forget && l->forgot == 0)
		return command_fail(
			"learn", 1, "%s: nothing was learned for it", address);
	return l->list || l->forget || !strcmp(l->state, "done") ? 0 : 1;
}

int
cmd_learn(int argc, char **argv)
{
	struct learn l = {0};
	int exit_code;
	int at = options_parse(&command, &l, argc, argv, &exit_code);

	if (at < 0)
		return exit_code;
	if (argc - at != (l.list ? 0 : 1) || (l.list && l.forget))
		return command_fail("learn", EX_USAGE,
			"needs one address, or --list; see tapdeck learn "
			"--help");
	if (!l.list && argv[at][0] != '/')
		return command_fail("learn", EX_USAGE,
			"%s: an address begins with /, such as /strip/2/gain",
			argv[at]);
	return client_run("learn", &l, run, argv + at);
}
