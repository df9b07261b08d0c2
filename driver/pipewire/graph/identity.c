/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/pipewire/graph/identity.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <pipewire/keys.h>

#include "driver/program/desktop_file.h"
#include "driver/program/process.h"
#include "driver/program/program.h"
#include "driver/program/program_name.h"

/* What is said, and what is made of it. NULL where there is nothing. */
struct words {
	const char *portal;
	const char *id;
	const char *file;   /* the program's */
	const char *binary; /* the same, where it says which program it is */
	const char *app;
	const char *node;
	const char *wine;	/* what the process of a Wine is called */
	char own[APP_NAME_MAX]; /* application.name as people say it, or "" */
	char process[APP_NAME_MAX];
};

/* A pulse program may play from another machine, or say what is true in its
 * box alone. */
static bool
is_here(const struct program *p)
{
	char host[256] = "";

	if (p->pid)
		return true;
	gethostname(host, sizeof(host) - 1);
	return !p->portal && p->said && p->host && !strcmp(p->host, host);
}

static void
ask_kernel(struct words *w, const struct program *p)
{
	const char *pid = p->pid ? p->pid : p->said;

	if (!is_here(p) || !process_name(pid, w->process, sizeof(w->process)))
		return;
	w->wine = w->process;
}

static void
words_read(struct words *w, const struct identity_from *from)
{
	const struct spa_dict *client = from->client, *node = from->node;
	struct program program;

	program_read(&program, client, node);
	*w = (struct words){
		.portal = program.portal,
		.id = program_word(client, node, PW_KEY_APP_ID),
		.file = program_word(client, node, PW_KEY_APP_PROCESS_BINARY),
		.app = program_word(client, node, PW_KEY_APP_NAME),
		.node = program_word(NULL, node, PW_KEY_NODE_NAME),
	};
	if (w->file && !program_name_is_runner(w->file))
		w->binary = w->file;
	if (w->app)
		program_name_own(w->own, sizeof(w->own), w->app);
	if (program_name_is_of_library(w->own, w->file))
		w->own[0] = '\0';
	if (!w->own[0] && w->file && program_name_is_wine(w->file))
		ask_kernel(w, &program);
}

static const char *
first_of(const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (words[i] && words[i][0])
			return words[i];
	return "unknown";
}

#define FIRST_OF(words) first_of(words, sizeof(words) / sizeof((words)[0]))

static const char *
key_of(const struct words *w)
{
	bool named = w->own[0] && w->binary &&
		     program_name_is_player(w->binary) &&
		     strcmp(w->own, w->binary) != 0;
	const char *const words[] = {w->portal, w->id, named ? NULL : w->binary,
		w->wine, w->app, w->node};

	return FIRST_OF(words);
}

static void
name_of(char name[APP_NAME_MAX], const struct words *w,
	const struct desktop_files *files)
{
	bool node_says = w->node && !program_name_is_of_library(w->node, NULL);
	const char *const words[] = {desktop_files_by_id(files, w->portal),
		w->own, desktop_files_by_id(files, w->id),
		desktop_files_by_program(files, w->binary), w->binary, w->wine,
		node_says ? w->node : NULL, w->id, w->portal, w->app, w->node,
		w->file};
	const char *from = FIRST_OF(words);

	/* A binary may have a version or an ".exe" as well. */
	program_name_own(name, APP_NAME_MAX, from);
}

/* ---- modules ---- */

/* A module's name that nobody has given it */
static bool
is_module_word(const char *name)
{
	static const char *const words[] = {"", "loopback", "pw-loopback",
		"combine", "combine-sink", "combine-stream", "filter-chain",
		"echo-cancel", "pipewire", "pipewire-pulse"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(name, words[i]))
			return true;
	return false;
}

static void
module_word(char word[APP_NAME_MAX], const struct spa_dict *node,
	const char *key, const char *pid)
{
	const char *value = program_word(NULL, node, key);

	program_name_of_node(word, APP_NAME_MAX, value ? value : "", pid);
	if (is_module_word(word))
		word[0] = '\0';
}

static void
module_read(const struct identity_from *from, const char *pid,
	char key[APP_KEY_MAX], char name[APP_NAME_MAX])
{
	const char *source =
		program_word(NULL, from->mate, PW_KEY_TARGET_OBJECT);
	char own[APP_NAME_MAX], mates[APP_NAME_MAX];
	char description[APP_NAME_MAX];

	/* A serial is another one the next time. */
	if (source && source[strspn(source, "0123456789")] == '\0')
		source = NULL;

	module_word(own, from->node, PW_KEY_NODE_NAME, pid);
	module_word(mates, from->mate, PW_KEY_NODE_NAME, pid);
	module_word(description, from->node, PW_KEY_NODE_DESCRIPTION, pid);
	if (own[0] || mates[0])
		snprintf(key, APP_KEY_MAX, "%s", own[0] ? own : mates);
	else if (source)
		snprintf(key, APP_KEY_MAX, "loopback of %s", source);
	else
		snprintf(key, APP_KEY_MAX, "loopback");
	program_name_own(
		name, APP_NAME_MAX, description[0] ? description : key);
}

void
identity_read(const struct identity_from *from, char key[APP_KEY_MAX],
	char name[APP_NAME_MAX])
{
	struct program program;
	struct words w;

	program_read(&program, from->client, from->node);
	if (program.modules) {
		module_read(from, program.pid ? program.pid : program.said, key,
			name);
		return;
	}
	words_read(&w, from);
	snprintf(key, APP_KEY_MAX, "%s", key_of(&w));
	name_of(name, &w, from->files);
}
