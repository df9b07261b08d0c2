/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "control/cli/cmd.h"
#include "control/util/nearest.h"
#include "control/util/version.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *about; /* NULL: not for people */
} commands[] = {
	{"run", cmd_run,
		"tap the programs that play, mix them, take orders by OSC"},
	{"apps", cmd_apps, "list the programs that play and their strips"},
	{"assign", cmd_assign, "put a program on a strip while it plays"},
	{"get", cmd_get, "read parameters: tapdeck get '/strip/*/gain'"},
	{"set", cmd_set, "set parameters: tapdeck set /strip/1/gain -6"},
	{"watch", cmd_watch, "live meters and values in the terminal"},
	{"status", cmd_status, "counters of the running tapdeck"},
	{"retake", cmd_retake, "take programs again after engines crashed"},
	{"scene", cmd_scene, "save and recall sets of values"},
	{"record", cmd_record, "record a bus to WAV, RF64 or FLAC"},
	{"render", cmd_render, "mix files offline, with the same mixer"},
	{"device", cmd_device, "the recording device without tapdeck running"},
	{"midi", cmd_midi, "list MIDI devices and their mappings"},
	{"learn", cmd_learn,
		"let the next control that is moved move a parameter"},
	{"map", cmd_map, "check mappings of MIDI controllers"},
	{"config", cmd_config,
		"check tapdeck.yaml, or write one from what plays now"},
	{"layout", cmd_layout,
		"make a file for TouchOSC or Max for Live that has your "
		"strips"},
	{"engine", cmd_engine, NULL},
};
#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void
help_print(FILE *to)
{
	fprintf(to,
		"Usage: tapdeck COMMAND [options]\n\n"
		"A mixer strip for every program that plays; one recorded bus "
		"for any DAW.\n\nCommands:\n");
	for (size_t i = 0; i < COMMANDS; i++)
		if (commands[i].about)
			fprintf(to, "  %-8s %s\n", commands[i].name,
				commands[i].about);
	fprintf(to, "\n`tapdeck COMMAND --help` tells more; "
		    "`tapdeck --version` tells the version.\n");
}

static int
no_command(const char *word)
{
	struct nearest near;

	nearest_init(&near, word);
	for (size_t i = 0; i < COMMANDS; i++)
		if (commands[i].about)
			nearest_try(&near, commands[i].name);
	fprintf(stderr, "tapdeck: %s: no such command; ", word);
	if (near.best)
		fprintf(stderr, "did you mean %s? ", near.best);
	fprintf(stderr, "see tapdeck --help\n");
	return EX_USAGE;
}

/* A full disk behind stdout must not pass for success. */
static int
finish(int exit_code)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return exit_code;
	if (errno != EPIPE)
		fprintf(stderr, "tapdeck: standard output: %s\n",
			strerror(errno));
	return exit_code ? exit_code : EX_IOERR;
}

static int
command_run(char *word, int argc, char **argv)
{
	for (size_t i = 0; i < COMMANDS; i++)
		if (strcmp(word, commands[i].name) == 0)
			return finish(commands[i].run(argc, argv));
	return no_command(word);
}

int
main(int argc, char **argv)
{
	char *word = argc > 1 ? argv[1] : "", help[] = "--help";

	/* Not LC_NUMERIC: numbers have a point in every country. */
	setlocale(LC_CTYPE, "");
	if (!strcmp(word, "help") && argc > 2)
		return command_run(argv[2], 2, (char *[]){argv[2], help, NULL});
	if (!strcmp(word, "--help") || !strcmp(word, "-h") ||
		!strcmp(word, "help")) {
		help_print(stdout);
		return finish(0);
	}
	if (!strcmp(word, "--version")) {
		printf("tapdeck %s\n", TAPDECK_VERSION);
		return finish(0);
	}
	if (argc > 1)
		return command_run(word, argc - 1, argv + 1);
	help_print(stderr);
	return EX_USAGE;
}
