/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/cli/cmd.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "control/cli/client.h"
#include "control/layout/layout.h"

#define STRIPS_USUAL 16 /* of `tapdeck run` */

struct layout_args {
	struct client_args client; /* first */
	uint32_t strips;	   /* 0: not said */
	uint32_t reply_port;
	bool phone;
	bool general;
};

static const struct {
	const char *name;
	layout_make make;
	const char *file; /* an example */
	bool phone;	  /* it has a form for one */
} kinds[] = {
	{"touchosc", layout_touchosc, "my.tosc", true},
	{"m4l", layout_m4l, "tapdeck.amxd", false},
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static const struct option_row rows[] = {
	OPTION_WHOLE("strips", "N", layout_args, strips, 1, STRIPS_MAX,
		"strips that it is for, from the first (all that have a name)"),
	OPTION_FLAG("phone", layout_args, phone,
		"touchosc: for a phone held upright, four strips at a time"),
	OPTION_FLAG("general", layout_args, general,
		"for any tapdeck: ask none; strips get their names when it "
		"is used"),
	OPTION_WHOLE("reply-port", "N", layout_args, reply_port, 1, 65535,
		"where the surface listens: its receive port (9001)"),
	OPTION_END,
};

static const struct command command = {
	.name = "layout",
	.operands = "KIND",
	.about = "Makes a file for a surface that moves the strips of the "
		 "running tapdeck, and writes it to the standard output. KIND "
		 "is touchosc, for the app TouchOSC, or m4l, a Max for Live "
		 "device. Without a running tapdeck, --strips or --general "
		 "makes one that fits any.",
	.options = rows,
	.more = client_rows + 1,
	.after = "Examples:\n"
		 "  tapdeck layout touchosc >my.tosc\n"
		 "  tapdeck layout touchosc --phone --strips 8 >phone.tosc\n"
		 "  tapdeck layout m4l >tapdeck.amxd\n"
		 "\n"
		 "Exit codes: 0 done, 64 bad option or operand, 69 no "
		 "tapdeck is running, 74 it could not be written",
};

static int
kind_find(const char *name)
{
	for (size_t i = 0; i < KINDS; i++)
		if (!strcmp(kinds[i].name, name))
			return (int)i;
	return -1;
}

/* -ECONNREFUSED is nobody's fault when so many strips were asked for. */
static int
fill(struct layout *l, struct layout_args *a)
{
	struct client *c;
	int res;

	if (a->general)
		return layout_general(l, a->strips ? a->strips : STRIPS_USUAL);
	res = client_open(&c, &a->client);
	if (res == -ECONNREFUSED && a->strips) {
		fprintf(stderr,
			"tapdeck layout: no tapdeck is running on port %u: "
			"this one fits any\n",
			a->client.port);
		return layout_general(l, a->strips);
	}
	if (res == 0) {
		res = layout_ask(l, c, a->strips);
		client_close(c);
	}
	return res;
}

static int
write_out(int kind, const struct layout *l)
{
	void *bytes;
	size_t size_bytes;
	int res = kinds[kind].make(l, &bytes, &size_bytes);

	if (res < 0)
		return command_fail(
			command.name, EX_OSERR, "%s", strerror(-res));
	/* main() looks at what became of it. */
	fwrite(bytes, 1, size_bytes, stdout);
	free(bytes);
	return EX_OK;
}

static int
check(int kind, int at, int argc, char **argv, const struct layout_args *a)
{
	if (at == argc)
		return command_fail(command.name, EX_USAGE,
			"for what? There are touchosc and m4l");
	if (kind < 0)
		return command_fail(command.name, EX_USAGE,
			"%s: no such kind; there are touchosc and m4l",
			argv[at]);
	if (at + 1 < argc)
		return command_fail(command.name, EX_USAGE,
			"%s: one kind at a time", argv[at + 1]);
	if (a->phone && !kinds[kind].phone)
		return command_fail(
			command.name, EX_USAGE, "--phone: only for touchosc");
	if (isatty(STDOUT_FILENO))
		return command_fail(command.name, EX_USAGE,
			"this is no text; tapdeck layout %s >%s", argv[at],
			kinds[kind].file);
	return EX_OK;
}

int
cmd_layout(int argc, char **argv)
{
	struct layout_args a = {.reply_port = LAYOUT_REPLY_PORT};
	struct layout *l;
	int exit_code, res, kind;
	int at = options_parse(&command, &a, argc, argv, &exit_code);

	if (at < 0)
		return exit_code;
	kind = at < argc ? kind_find(argv[at]) : -1;
	exit_code = check(kind, at, argc, argv, &a);
	if (exit_code != EX_OK)
		return exit_code;
	l = calloc(1, sizeof(*l));
	if (!l)
		return command_fail(
			command.name, EX_OSERR, "%s", strerror(ENOMEM));
	l->reply_port = (uint16_t)a.reply_port;
	l->phone = a.phone;
	res = fill(l, &a);
	exit_code = res < 0 ? client_fail(&a.client, command.name, res)
			    : write_out(kind, l);
	layout_done(l);
	free(l);
	return exit_code;
}
