/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/cli/options.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "control/util/check.h"
#include "control/util/nearest.h"

#define ROWS_MAX    40
#define HELP_COLUMN 26
#define HELP_WIDTH  79

enum {
	VAL_HELP = 256,
	VAL_ROW,
};

static uint32_t
rows_collect(const struct command *c, const struct option_row **rows)
{
	const struct option_row *tables[] = {c->options, c->more};
	uint32_t n = 0;

	for (uint32_t t = 0; t < 2; t++)
		for (const struct option_row *r = tables[t]; r && r->name; r++)
			if (n < ROWS_MAX)
				rows[n++] = r;
	return n;
}

/* Prints text with lines of at most HELP_WIDTH, broken between words and going
 * on at column indent; its own line ends are kept. at: where the cursor is. */
static void
wrap(const char *text, int indent, int at)
{
	for (int length; *text; text += length) {
		if (*text == '\n') {
			putchar('\n');
			at = 0;
			length = 1;
			continue;
		}
		length = (int)strspn(text, " ");
		length += (int)strcspn(text + length, " \n");
		if (at > indent && at + length > HELP_WIDTH) {
			at = printf("\n%*s", indent, "") - 1;
			text += strspn(text, " ");
			length = (int)strcspn(text, " \n");
		}
		at += printf("%.*s", length, text);
	}
	putchar('\n');
}

static void
help_row(const char *name, const char *value, const char *help)
{
	int at = printf(
		"  --%s%s%s", name, value ? " " : "", value ? value : "");

	if (at >= HELP_COLUMN) {
		putchar('\n');
		at = 0;
	}
	at += printf("%*s", HELP_COLUMN - at, "");
	wrap(help, HELP_COLUMN, at);
}

static void
usage_print(const struct command *c)
{
	const char *form = c->operands;

	for (;;) {
		int length = (int)strcspn(form, "\n");

		printf("%s tapdeck %s [options]%s%.*s\n",
			form == c->operands ? "Usage:" : "      ", c->name,
			length ? " " : "", length, form);
		if (!form[length])
			break;
		form += length + 1;
	}
	putchar('\n');
}

static void
help_print(const struct command *c, const struct option_row **rows, uint32_t n)
{
	usage_print(c);
	wrap(c->about, 0, 0);
	printf("\nOptions:\n");
	for (uint32_t i = 0; i < n; i++)
		help_row(rows[i]->name, rows[i]->value, rows[i]->help);
	help_row("help", NULL, "show this text");
	putchar('\n');
	wrap(c->after, 0, 0);
}

int
command_fail(const char *name, int exit_code, const char *format, ...)
{
	va_list ap;

	fprintf(stderr, "tapdeck %s: ", name);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
	return exit_code;
}

/* --strps=8: did you mean --strips? */
static int
refuse_unknown(const struct command *c, const struct option_row **rows,
	const char *given)
{
	char name[NEAREST_MAX + 2];
	struct nearest near;

	snprintf(name, sizeof(name), "%s", given + strspn(given, "-"));
	name[strcspn(name, "=")] = '\0';
	nearest_init(&near, name);
	for (uint32_t i = 0; i < ROWS_MAX && rows[i]; i++)
		nearest_try(&near, rows[i]->name);
	nearest_try(&near, "help");
	if (near.best)
		return command_fail(c->name, EX_USAGE,
			"%s: no such option; did you mean --%s? see tapdeck %s "
			"--help",
			given, near.best, c->name);
	return command_fail(c->name, EX_USAGE,
		"%s: no such option; see tapdeck %s --help", given, c->name);
}

/* What getopt_long() did not take, as one line. */
static int
refuse(const struct command *c, const struct option_row **rows, int got,
	char **argv)
{
	int row = optopt - VAL_ROW;

	if (got == ':' && row >= 0)
		return command_fail(c->name, EX_USAGE,
			"--%s: needs a value: %s", rows[row]->name,
			rows[row]->value);
	if (optopt >= VAL_HELP)
		return command_fail(c->name, EX_USAGE, "%s: takes no value",
			argv[optind - 1]);
	if (optopt)
		return command_fail(c->name, EX_USAGE,
			"-%c: no such option; see tapdeck %s --help", optopt,
			c->name);
	return refuse_unknown(c, rows, argv[optind - 1]);
}

static int
set_once(const char **out, const char *value, char *why)
{
	if (*out)
		return check_refuse(why, "there is one already");
	*out = value;
	return 0;
}

static int
row_set(const struct option_row *row, void *data, const char *value, char *why)
{
	void *into = (char *)data + row->into;

	switch (row->kind) {
	case OPTION_IS_FLAG:
		*(bool *)into = true;
		return 0;
	case OPTION_IS_WHOLE:
		return check_whole(value, row->min, row->max, into, why);
	case OPTION_IS_SECONDS:
		return check_number(
			value, 0.0, row->max, " seconds", into, why);
	case OPTION_IS_ONCE:
		return set_once(into, value, why);
	default:
		return row->set(data, value, why);
	}
}

int
options_parse(const struct command *c, void *data, int argc, char **argv,
	int *exit_code)
{
	const struct option_row *rows[ROWS_MAX] = {NULL};
	struct option longs[ROWS_MAX + 2] = {
		{"help", no_argument, NULL, VAL_HELP}};
	uint32_t n = rows_collect(c, rows);
	char why[CHECK_WHY_MAX] = "";
	int got;

	for (uint32_t i = 0; i < n; i++)
		longs[i + 1] = (struct option){rows[i]->name,
			rows[i]->value ? required_argument : no_argument, NULL,
			VAL_ROW + (int)i};
	opterr = 0;
	optind = 0; /* GNU: begin anew, whatever was parsed before */
	while ((got = getopt_long(argc, argv,
			c->operands_end_options ? "+:h" : ":h", longs, NULL)) !=
		-1) {
		if (got == VAL_HELP || got == 'h') {
			help_print(c, rows, n);
			*exit_code = 0;
			return -1;
		}
		if (got < VAL_ROW) {
			*exit_code = refuse(c, rows, got, argv);
			return -1;
		}
		if (row_set(rows[got - VAL_ROW], data, optarg, why) < 0) {
			*exit_code = command_fail(c->name, EX_USAGE,
				"--%s%s%s: %s", rows[got - VAL_ROW]->name,
				optarg ? " " : "", optarg ? optarg : "", why);
			return -1;
		}
	}
	if (!*c->operands && optind < argc) {
		*exit_code = command_fail(c->name, EX_USAGE,
			"%s: takes no operands; see tapdeck %s --help",
			argv[optind], c->name);
		return -1;
	}
	return optind;
}

int
option_refuse_part(char *why, const char *part, const char *text)
{
	if (!part[0])
		return check_refuse(why, "%s", text);
	return check_refuse(why, "\"%.60s\" %s", part, text);
}
