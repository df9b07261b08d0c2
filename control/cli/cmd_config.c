/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/cli/cmd.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "control/cli/client.h"
#include "control/cli/config_example.h"
#include "control/config/config.h"
#include "control/util/file_new.h"
#include "control/util/text.h"

struct config_args {
	struct client_args client; /* first */
	uint32_t problems;
};

static const struct command command = {
	.name = "config",
	.operands = "check [FILE]\ninit [FILE]",
	.about = "check tells all that is wrong with the configuration, with "
		 "file, line and column. init writes one to begin with: the "
		 "programs that play now, on their strips, and every other key "
		 "as a comment; a file that is there is left alone, and FILE - "
		 "is the standard output. See tapdeck.yaml(5), which tells "
		 "where the file is looked for.",
	.options = client_rows,
	.after = "Examples:\n"
		 "  tapdeck config init\n"
		 "  tapdeck config check\n"
		 "  tapdeck config check --json gig.yaml\n"
		 "\n"
		 "Exit codes: 0 done, or all is good, 64 bad option or "
		 "operand, 65 the file has a mistake, 66 it cannot be read, "
		 "73 it is there, or cannot be made",
};

/* ---- check ---- */

static void
problem(void *data, const char *line)
{
	struct config_args *a = data;
	char clean[CONFIG_WHY_MAX];

	if (a->client.json) {
		printf("%s\n    ", a->problems ? "," : "");
		text_json(stdout, line);
	} else {
		text_clean(clean, sizeof(clean), line);
		fprintf(stderr, "%s\n", clean);
	}
	a->problems++;
}

static void
say_good(const struct engine_config *config, const char *path)
{
	const struct model_config *c = &config->model;
	char clean[PATH_MAX];

	text_clean(clean, sizeof(clean), path);
	printf("%s: good: %u strip%s, %u bus%s, %u rule%s\n", clean, c->strips,
		c->strips == 1 ? "" : "s", c->buses, c->buses == 1 ? "" : "es",
		c->rules, c->rules == 1 ? "" : "s");
}

/* What only the parameters can tell, which hang on the whole of it. */
static int
check_scenes(struct config_args *a, const struct engine_config *config,
	const char *path)
{
	void *memory = calloc(1, model_memory_bytes());
	struct model *c = NULL;
	int rc = memory ? model_new(&c, &config->model, memory) : -ENOMEM;

	if (rc == 0)
		scenes_config_check(
			&config->scenes, model_params(c), path, problem, a);
	else
		command_fail("config", EX_OSERR, "%s", strerror(-rc));
	model_free(c);
	free(memory);
	if (rc < 0)
		return EX_OSERR;
	return a->problems ? EX_DATAERR : EX_OK;
}

static int
load(struct config_args *a, struct engine_config *config, const char *path)
{
	char why[CONFIG_WHY_MAX];
	int rc = config_load_all(config, path, problem, a, why);

	if (rc < 0 && a->problems == 0) { /* it was not read */
		problem(a, why);
		return rc == -EINVAL ? EX_DATAERR : EX_NOINPUT;
	}
	return rc < 0 ? EX_DATAERR : check_scenes(a, config, path);
}

static int
check(struct config_args *a, const char *path)
{
	struct engine_config *config = calloc(1, sizeof(*config));
	int exit_code = EX_OSERR;

	if (!config)
		return command_fail("config", EX_OSERR, "%s", strerror(ENOMEM));
	engine_config_init(config);
	if (a->client.json) {
		printf("{\n  \"file\": ");
		text_json(stdout, path);
		printf(",\n  \"problems\": [");
	}
	exit_code = load(a, config, path);
	if (a->client.json)
		printf("%s],\n  \"ok\": %s\n}\n", a->problems ? "\n  " : "",
			exit_code ? "false" : "true");
	else if (exit_code == EX_OK)
		say_good(config, path);
	free(config);
	return exit_code;
}

/* ---- init ---- */

static int
write_new(const char *path, const char *text, size_t size_bytes)
{
	int rc;

	if (!strcmp(path, "-")) {
		fwrite(text, 1, size_bytes, stdout);
		return EX_OK;
	}
	rc = file_new(path, text, size_bytes);
	if (rc == -EEXIST)
		return command_fail("config", EX_CANTCREAT,
			"%s is there already; it is left alone", path);
	if (rc < 0)
		return command_fail(
			"config", EX_CANTCREAT, "%s: %s", path, strerror(-rc));
	printf("%s: written; `tapdeck config check` reads it\n", path);
	return EX_OK;
}

/* No tapdeck, no programs: the rest of the example is worth having. */
static int
init(struct config_args *a, const char *path)
{
	struct client *c = NULL;
	size_t size_bytes = 0;
	char *text = NULL;
	int exit_code, rc = client_open(&c, &a->client);

	if (rc == 0)
		rc = config_example_ask(&text, &size_bytes, c);
	client_close(c);
	if (rc == -ENOMEM)
		return command_fail("config", EX_OSERR, "%s", strerror(ENOMEM));
	if (rc < 0) {
		fprintf(stderr,
			"tapdeck config: no tapdeck is running; the example "
			"has no programs in it\n");
		rc = config_example(&text, &size_bytes, NULL, 0);
	}
	if (rc < 0 || !text)
		return command_fail("config", EX_OSERR, "%s", strerror(-rc));
	exit_code = write_new(path, text, size_bytes);
	free(text);
	return exit_code;
}

int
cmd_config(int argc, char **argv)
{
	struct config_args a = {.problems = 0};
	char path[PATH_MAX];
	int exit_code, rc;
	int at = options_parse(&command, &a, argc, argv, &exit_code);
	bool is_init;

	if (at < 0)
		return exit_code;
	is_init = at < argc && !strcmp(argv[at], "init");
	if (at == argc || (!is_init && strcmp(argv[at], "check") != 0))
		return command_fail("config", EX_USAGE,
			"%s: there are tapdeck config check and tapdeck "
			"config init",
			at == argc ? "check or init what" : argv[at]);
	if (argc - at > 2)
		return command_fail("config", EX_USAGE,
			"%s: one file at a time", argv[at + 2]);
	rc = config_path(path, sizeof(path));
	if (argc - at == 1 && rc < 0)
		return command_fail("config", EX_NOINPUT,
			"where is the file? There is no $HOME");
	if (argc - at == 2)
		return is_init ? init(&a, argv[at + 1])
			       : check(&a, argv[at + 1]);
	return is_init ? init(&a, path) : check(&a, path);
}
