/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs a command of the program in a process of its own, as a shell would, and
 * keeps what it said. For tests. */
#ifndef CLI_H
#define CLI_H

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#define CLI_TEXT_MAX  65536
#define CLI_WORDS_MAX 48

struct cli {
	int exit_code; /* -signal when a signal ended it */
	char out[CLI_TEXT_MAX];
	char err[CLI_TEXT_MAX];
};

struct cli_process {
	pid_t pid;
	FILE *out, *err;
};

static inline void
cli_slurp(FILE *from, char *to)
{
	size_t n;

	rewind(from);
	n = fread(to, 1, CLI_TEXT_MAX - 1, from);
	to[n] = '\0';
	fclose(from);
}

/* For a child: it ends when the test does, however that ends. */
static inline void
cli_die_with_parent(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() == 1)
		_exit(1);
}

/* words is one line, split at blanks; ^ in a word stands for a blank. */
static inline void
cli_start(
	struct cli_process *p, int (*command)(int, char **), const char *words)
{
	static char line[CLI_TEXT_MAX];
	char *argv[CLI_WORDS_MAX + 1] = {NULL};
	int argc = 0;

	p->out = tmpfile();
	p->err = tmpfile();
	if (!p->out || !p->err)
		abort();
	fflush(NULL);
	p->pid = fork();
	if (p->pid != 0)
		return;
	cli_die_with_parent();
	snprintf(line, sizeof(line), "%s", words);
	for (char *w = strtok(line, " "); w && argc < CLI_WORDS_MAX;
		w = strtok(NULL, " ")) {
		for (char *c = w; *c; c++)
			if (*c == '^')
				*c = ' ';
		argv[argc++] = w;
	}
	dup2(fileno(p->out), STDOUT_FILENO);
	dup2(fileno(p->err), STDERR_FILENO);
	argc = command(argc, argv);
	fflush(NULL);
	_exit(argc);
}

static inline void
cli_wait(struct cli_process *p, struct cli *result)
{
	int status;

	while (waitpid(p->pid, &status, 0) < 0)
		;
	result->exit_code =
		WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
	cli_slurp(p->out, result->out);
	cli_slurp(p->err, result->err);
}

static inline void
cli_run(struct cli *result, int (*command)(int, char **), const char *words)
{
	struct cli_process p;

	cli_start(&p, command, words);
	cli_wait(&p, result);
}

/* How many lines a text has; one without its end counts. */
static inline unsigned
cli_lines(const char *text)
{
	unsigned n = 0;

	for (; *text; text++)
		n += *text == '\n' || text[1] == '\0';
	return n;
}

#endif
