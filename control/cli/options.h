/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options of a command, from a table: the parser, the help text and the texts
 * of refusals are all views of it. Control thread only. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/util/check.h"

/* 0, or -EINVAL with why[CHECK_WHY_MAX]: what is allowed. value is NULL for an
 * option that takes none; it lives as long as argv does. */
typedef int (*option_set)(void *data, const char *value, char *why);

enum option_kind {
	OPTION_ASKS,	   /* asks its setter */
	OPTION_IS_FLAG,	   /* bool, is true then */
	OPTION_IS_WHOLE,   /* uint32_t, within min and max */
	OPTION_IS_SECONDS, /* double, to max */
	OPTION_IS_ONCE,	   /* const char *, given once at most */
};

struct option_row {
	const char *name;  /* without the dashes; NULL ends the table */
	const char *value; /* what the help calls its value; NULL: none */
	option_set set;
	const char *help; /* wrapped when it is shown */
	enum option_kind kind;
	size_t into; /* where in the data, without a setter */
	uint32_t min, max;
};

#define OPTION_END                                                             \
	{                                                                      \
		.name = NULL                                                   \
	}
#define OPTION(name, value, set, help)                                         \
	{                                                                      \
		name, value, set, help, OPTION_ASKS, 0, 0, 0                   \
	}
#define OPTION_FLAG(name, type, member, help)                                  \
	{                                                                      \
		name, NULL, NULL, help, OPTION_IS_FLAG,                        \
			offsetof(struct type, member), 0, 0                    \
	}
#define OPTION_WHOLE(name, value, type, member, min, max, help)                \
	{                                                                      \
		name, value, NULL, help, OPTION_IS_WHOLE,                      \
			offsetof(struct type, member), min, max                \
	}
#define OPTION_SECONDS(name, value, type, member, max, help)                   \
	{                                                                      \
		name, value, NULL, help, OPTION_IS_SECONDS,                    \
			offsetof(struct type, member), 0, max                  \
	}
#define OPTION_ONCE(name, value, type, member, help)                           \
	{                                                                      \
		name, value, NULL, help, OPTION_IS_ONCE,                       \
			offsetof(struct type, member), 0, 0                    \
	}

struct command {
	const char *name;     /* "run" */
	const char *operands; /* for the usage: one line for each form of them;
			       * "" when there are none */
	const char *about;    /* what it does; wrapped when it is shown */
	const struct option_row *options;
	const struct option_row *more; /* further rows, or NULL */
	const char *after;	       /* examples and exit codes */
	/* Words after the first operand are operands, whatever they look like:
	 * "-6" is a level. */
	bool operands_end_options;
};

/* The index in argv of the first operand (argc when there is none), or -1 and
 * *exit_code: 0 after --help, 64 after a refusal, which was said on stderr. */
int options_parse(const struct command *c, void *data, int argc, char **argv,
	int *exit_code);

/* For the setters: of a value that has several parts, what is wrong with one of
 * them. Gives -EINVAL. */
int option_refuse_part(char *why, const char *part, const char *text);

/* "tapdeck NAME: text" and a new line, on stderr; returns exit_code */
int command_fail(const char *name, int exit_code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
