/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/cli/cmd.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sysexits.h>
#include <unistd.h>

#include "control/config/config.h"
#include "control/engine/engine.h"
#include "control/cli/options.h"
#include "control/cli/run_options.h"
#include "driver/supervisor/supervisor.h"

/* What the user's file says, if there is one; the options go over it. */
static bool
config_read(struct engine_config *config, int *exit_code)
{
	char path[PATH_MAX], why[CONFIG_WHY_MAX];
	int ret = config_path(path, sizeof(path));

	if (ret == 0)
		ret = config_load(config, path, why);
	if (ret == 0 || ret == -ENOENT)
		return true;
	*exit_code = command_fail("run", EX_CONFIG, "%s",
		ret == -ENAMETOOLONG ? "the path of tapdeck.yaml is too long"
				     : why);
	return false;
}

/* Help is given whatever the file says. */
static bool
help_wanted(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h"))
			return true;
	return false;
}

/* The configuration is large: not on the stack. */
static struct engine_config *
config_new(int argc, char **argv, int *exit_code)
{
	struct engine_config *config = calloc(1, sizeof(*config));

	if (!config) {
		*exit_code =
			command_fail("run", EX_OSERR, "%s", strerror(ENOMEM));
		return NULL;
	}
	engine_config_init(config);
	if ((!help_wanted(argc, argv) && !config_read(config, exit_code)) ||
		!run_options_parse(config, argc, argv, exit_code)) {
		free(config);
		return NULL;
	}
	return config;
}

_Static_assert(sizeof(struct engine_config) <= SUPERVISOR_CONFIG_BYTES,
	"the supervisor hands it to every engine");

struct arguments {
	int argc;
	char **argv;
};

/* The options were good once: what they do not go with is the file. */
static int
reread(void *data, struct engine_config *out, char *why)
{
	const struct arguments *a = data;
	char path[PATH_MAX];
	int exit_code, ret = config_path(path, sizeof(path));

	engine_config_init(out);
	ret = ret < 0 ? ret : config_load(out, path, why);
	if (ret < 0)
		return ret;
	if (run_options_parse(out, a->argc, a->argv, &exit_code))
		return 0;
	snprintf(why, CONFIG_WHY_MAX,
		"%.200s does not go with the options of `tapdeck run`", path);
	return -EINVAL;
}

/* Started by a supervisor it has what that one was started with: a file that
 * is being edited must not keep a new engine from going on. */
int
cmd_engine(int argc, char **argv)
{
	struct arguments arguments = {argc, argv};
	const struct engine_reread again = {reread, &arguments};
	int exit_code;
	struct engine_config *config = calloc(1, sizeof(*config));

	/* or it would be called `exe` by ps and top; comm has 15 letters */
	prctl(PR_SET_NAME, "tapdeck-engine");
	if (!config || !supervisor_client_config(config, sizeof(*config))) {
		free(config);
		config = config_new(argc, argv, &exit_code);
	}
	if (!config)
		return exit_code;
	exit_code = engine_run(config, &again);
	free(config);
	return exit_code;
}

/* The engine is this program again with the same options; it reads them (and
 * they are refused) before anything is started. */
int
cmd_run(int argc, char **argv)
{
	int exit_code = EX_OSERR;
	struct engine_config *config = config_new(argc, argv, &exit_code);
	char **engine_argv = calloc((size_t)argc + 2, sizeof(*engine_argv));
	struct supervisor_options options = {0};

	if (!config || !engine_argv) {
		free(config);
		free(engine_argv);
		return exit_code;
	}
	engine_argv[0] = (char[]){"tapdeck"};
	engine_argv[1] = (char[]){"engine"};
	memcpy(engine_argv + 2, argv + 1,
		((size_t)argc - 1) * sizeof(*engine_argv));
	config->terminal = isatty(STDERR_FILENO);
	options.cable = config->cable;
	options.grab_new = config->grab_new;
	options.quiet = config->quiet;
	options.engine_argv = engine_argv;
	options.config = config;
	options.config_bytes = sizeof(*config);
	exit_code = supervisor_run(&options);
	free(config);
	free(engine_argv);
	return exit_code;
}
