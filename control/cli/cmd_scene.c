/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/cli/cmd.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "control/cli/client.h"
#include "control/cli/listing.h"
#include "control/model/scene/fade.h"
#include "control/scene/scenes.h"
#include "control/util/file_read.h"

#define WAIT_MS 20  /* between looks for what the disk takes */
#define WAITS	500 /* of them */

static const struct word {
	const char *word;
	bool named;
	int least, most; /* operands */
} words[] = {
	{"list", false, 0, 0},
	{"show", true, 1, 1},
	{"save", true, 1, 2 + SCENE_PATTERNS_MAX},
	{"recall", true, 1, 2},
	{"undo", false, 0, 1},
	{"finish", false, 0, 0},
	{"stop", false, 0, 0},
	{"rename", true, 2, 2},
	{"delete", true, 1, 1},
};

struct scene_args {
	struct client_args args; /* first */
	const struct word *word;
	char **operand; /* behind the word */
	int operands;
	struct listing list;
	bool done;
	char error[512];
};

static const struct command command = {
	.name = "scene",
	.operands = "list\n"
		    "show NAME\n"
		    "save NAME [FADE] [PATTERN...]\n"
		    "recall NAME [SECONDS]\n"
		    "undo [SECONDS]\n"
		    "finish | stop\n"
		    "rename NAME NEW\n"
		    "delete NAME",
	.about = "A scene is a set of values under a name: of all parameters, "
		 "or of those that the patterns name. It is recalled at once, "
		 "on the beat that /quantise says (asked for again, it is "
		 "taken back), or in so many seconds: levels then go evenly on "
		 "a fader's "
		 "scale, and whoever moves one takes it over. undo goes back "
		 "to before the last recall; finish and stop end all fades, "
		 "where they go or where they are. Each is a file that can be "
		 "read, edited and shared, in ~/.local/state/tapdeck/scenes.",
	.options = client_rows,
	.after = "Examples:\n"
		 "  tapdeck scene save break\n"
		 "  tapdeck scene save drop 4 '/strip/*/gain' '/strip/*/eq/*'\n"
		 "  tapdeck scene recall break 8\n"
		 "  tapdeck scene undo\n"
		 "\n"
		 "Exit codes: 0 done, 64 bad option or operand, 65 refused, 66 "
		 "it cannot be read, 69 no tapdeck is running",
};

/* ---- what comes back ---- */

/* Arguments of /scene/list; /scene/recalled has all but the last. */
static const struct listing_column columns[] = {
	{.key = "name", .head = "SCENE"},
	{.key = "values", .head = "VALUES"},
	{.key = "fade", .head = "FADE", .below = ""},
	{.key = "not_here", .head = "NOT HERE"},
	{.key = "wrong", .head = "WRONG"},
};

static void
take_recalled(struct scene_args *s, const struct client_message *m)
{
	char clean[SCENE_MISSING_MAX];

	if (s->args.json) {
		putchar('{');
		listing_fields(m, 0, columns, 4);
		puts("}");
		return;
	}
	if (client_string(m, 3)[0] == '\0')
		return;
	text_clean(clean, sizeof(clean), client_string(m, 3));
	fprintf(stderr, "tapdeck scene: not here: %s\n", clean);
}

/* By /quantise; asked for again, it is taken back. */
static void
take_pending(struct scene_args *s, const struct client_message *m)
{
	char clean[SCENE_NAME_MAX];

	text_clean(clean, sizeof(clean), client_string(m, 0));
	if (s->args.json)
		printf("{\"name\": \"%s\", \"pending\": %s}\n", s->operand[0],
			clean[0] ? "true" : "false");
	else if (clean[0])
		printf("%s waits for the beat that /quantise says\n", clean);
	else
		printf("%s waited for its beat, and is taken back\n",
			s->operand[0]);
}

static void
take(void *data, const struct client_message *m)
{
	struct scene_args *s = data;

	client_refused(m, s->error, sizeof(s->error));
	if (!strcmp(m->address, "/scene/list") && m->count == 5) {
		listing_row(&s->list, m, 0, columns, 5);
	} else if (!strcmp(m->address, "/scene/recalled") && m->count == 4) {
		take_recalled(s, m);
		s->done = true;
	} else if (!strcmp(m->address, "/scene/pending") && m->count == 1) {
		take_pending(s, m);
		s->done = true;
	} else if (!strncmp(m->address, "/scene/", 7)) {
		s->done = true;
	}
}

/* ---- what is asked ---- */

static bool
add_number(lo_message m, const char *text)
{
	char why[CHECK_WHY_MAX];
	double seconds;

	return check_number(text, 0.0, FADE_MAX_S, "", &seconds, why) == 0 &&
	       lo_message_add_float(m, (float)seconds) == 0;
}

/* NULL: an operand is wrong */
static lo_message
message_of(const struct scene_args *s)
{
	lo_message m = lo_message_new();
	bool good = m != NULL;

	for (int i = s->word->named; good && i < s->operands; i++) {
		const char *text = s->operand[i];

		if (!strcmp(s->word->word, "rename") || text[0] == '/')
			good = lo_message_add_string(m, text) == 0;
		else
			good = add_number(m, text);
	}
	if (!good && m)
		lo_message_free(m);
	return good ? m : NULL;
}

static int
ask(struct scene_args *s, struct client *c)
{
	bool named = s->word->named, saves = !strcmp(s->word->word, "save");
	char address[SCENE_NAME_MAX + 32];
	lo_message m = message_of(s);
	int rc;

	if (!m)
		return -EINVAL;
	snprintf(address, sizeof(address), "/scene%s%s/%s", named ? "/" : "",
		named ? s->operand[0] : "", s->word->word);
	rc = client_send_message(c, address, m);
	rc = rc < 0 ? rc : client_fence(c, take, s);
	/* What is saved is answered when the disk has it. */
	for (int i = 0; rc == 0 && saves && !s->done && !s->error[0]; i++) {
		struct pollfd fd = {client_fd(c), POLLIN, 0};

		if (i == WAITS)
			return -ETIMEDOUT;
		poll(&fd, 1, WAIT_MS);
		rc = client_receive(c, take, s);
	}
	return rc;
}

static int
run(void *data, struct client *c, char **operands)
{
	struct scene_args *s = data;
	bool list = !strcmp(s->word->word, "list");
	int rc;

	if (list)
		listing_begin(&s->list, s->args.json, "[]", "lrrll");
	(void)operands;
	rc = ask(s, c);
	if (list)
		listing_end(
			&s->list, rc == 0 ? "no scene was saved yet" : NULL);
	if (rc == -EINVAL)
		return command_fail("scene", EX_USAGE,
			"%s: seconds are 0 to %g, a pattern begins with /",
			s->word->word, FADE_MAX_S);
	if (rc < 0)
		return rc;
	if (s->error[0])
		return command_fail("scene", EX_DATAERR, "%s", s->error);
	return EX_OK;
}

/* The file is this user's, and needs no tapdeck that runs. */
static int
show(const char *name)
{
	char path[PATH_MAX], why[SCENE_WHY_MAX], *text;
	size_t size_bytes;

	if (scenes_path(name, path) < 0)
		return command_fail("scene", EX_OSERR, "no state folder");
	if (file_read(&text, &size_bytes, path, SCENE_BYTES_MAX, why,
		    sizeof(why)) < 0)
		return command_fail("scene", EX_NOINPUT, "%s", why);
	fwrite(text, 1, size_bytes, stdout);
	free(text);
	return EX_OK;
}

static const struct word *
word_find(const char *word)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(words[i].word, word))
			return &words[i];
	return NULL;
}

int
cmd_scene(int argc, char **argv)
{
	struct scene_args s = {.word = NULL};
	int exit_code;
	int at = options_parse(&command, &s, argc, argv, &exit_code);

	if (at < 0)
		return exit_code;
	if (at == argc)
		return command_fail("scene", EX_USAGE,
			"save, recall or what? See tapdeck scene --help");
	s.operand = argv + at + 1;
	s.operands = argc - at - 1;
	s.word = word_find(argv[at]);
	if (!s.word || s.operands < s.word->least || s.operands > s.word->most)
		return command_fail("scene", EX_USAGE,
			"%s: %s; see tapdeck scene --help", argv[at],
			s.word ? "needs other operands" : "not known");
	if (s.word->named && !scene_name_is_good(s.operand[0]))
		return command_fail("scene", EX_USAGE,
			"%s: no name of a scene; letters, digits, - and _",
			s.operand[0]);
	if (!strcmp(s.word->word, "show"))
		return show(s.operand[0]);
	return client_run("scene", &s, run, s.operand);
}
