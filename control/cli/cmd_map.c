/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/cli/cmd.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "control/mapping/mapping.h"
#include "control/cli/options.h"
#include "control/util/text.h"

struct map_args {
	bool json;
	uint32_t said;
};

static const struct option_row rows[] = {
	OPTION_FLAG("json", map_args, json, "print JSON, for scripts"),
	OPTION_END,
};

static const struct command command = {
	.name = "map",
	.operands = "check FILE...",
	.about = "Checks files that map MIDI controllers, and says what is "
		 "wrong with file, line and column. See tapdeck-mapping(5).",
	.options = rows,
	.after = "Examples:\n"
		 "  tapdeck map check ~/.config/tapdeck/mappings/knobs.yaml\n"
		 "  tapdeck map check --json mappings/*.yaml\n"
		 "\n"
		 "Exit codes: 0 all are good, 64 bad option or operand, 65 "
		 "one has a mistake, 66 one cannot be read",
};

static void
say_json(struct map_args *a, const char *file, const struct mapping *m,
	const char *why)
{
	printf("%s\n  {\"file\": ", a->said++ ? "," : "");
	text_json(stdout, file);
	printf(", \"ok\": %s", m ? "true" : "false");
	if (m) {
		printf(", \"name\": ");
		text_json(stdout, m->name);
		printf(", \"bank\": %u, \"controls\": %u, \"devices\": [",
			m->bank, m->controls);
		for (uint32_t i = 0; i < m->devices; i++) {
			printf(i ? ", " : "");
			text_json(stdout, m->device[i]);
		}
		putchar(']');
	} else {
		printf(", \"error\": ");
		text_json(stdout, why);
	}
	putchar('}');
}

static int
check(struct map_args *a, const char *file)
{
	char why[MAPPING_WHY_MAX], line[2 * MAPPING_WHY_MAX];
	struct mapping *m;
	int rc = mapping_load(&m, file, NULL, why);

	if (a->json) {
		say_json(a, file, m, why);
	} else if (rc < 0) {
		text_clean(line, sizeof(line), why);
		fprintf(stderr, "%s\n", line);
	} else {
		text_clean(line, sizeof(line), file);
		printf("%s: %s, %u control%s\n", line, m->name, m->controls,
			m->controls == 1 ? "" : "s");
	}
	mapping_free(m);
	if (rc == 0)
		return EX_OK;
	return rc == -EINVAL ? EX_DATAERR : EX_NOINPUT;
}

int
cmd_map(int argc, char **argv)
{
	struct map_args a = {0};
	int exit_code, result = EX_OK;
	int at = options_parse(&command, &a, argc, argv, &exit_code);

	if (at < 0)
		return exit_code;
	if (at == argc)
		return command_fail(command.name, EX_USAGE,
			"check what? See tapdeck map --help");
	if (strcmp(argv[at], "check") != 0)
		return command_fail(command.name, EX_USAGE,
			"%s: not known; there is tapdeck map check FILE...",
			argv[at]);
	if (++at == argc)
		return command_fail(command.name, EX_USAGE,
			"check: needs a file; see tapdeck map --help");
	if (a.json)
		putchar('[');
	for (; at < argc; at++) {
		exit_code = check(&a, argv[at]);
		if (exit_code > result)
			result = exit_code;
	}
	if (a.json)
		puts("\n]");
	return result;
}
