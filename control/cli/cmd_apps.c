/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/cli/cmd.h"

#include <stdbool.h>
#include <string.h>

#include "control/cli/client.h"
#include "control/cli/listing.h"
#include "control/model/rules/rule.h"

struct apps {
	struct client_args args; /* first */
	bool explain;
	struct listing list;
};

static const struct option_row rows[] = {
	OPTION_FLAG("explain", apps, explain,
		"why each stream is where it is, and what a rule of "
		"tapdeck.yaml could ask of it"),
	OPTION_END,
};

static const struct command command = {
	.name = "apps",
	.operands = "",
	.about = "Lists the programs that play and the strip that "
		 "each one is on. STRIP - is a program without one; "
		 "SLUG is how OSC addresses its strip.",
	.options = rows,
	.more = client_rows,
	.after = "Examples:\n"
		 "  tapdeck apps\n"
		 "  tapdeck apps --json | jq -r '.[].slug'\n"
		 "  tapdeck apps --explain\n"
		 "\n"
		 "Exit codes: 0 done, 64 bad option, 69 no tapdeck is running",
};

/* Arguments of /apps. */
static const struct listing_column columns[] = {
	{.key = "strip", .head = "STRIP", .least = 1.0, .below = "-"},
	{.key = "slug", .head = "SLUG"},
	{.key = "name", .head = "NAME"},
	{.key = "key", .head = "KEY"},
	{.key = "streams", .head = "STREAMS"},
	{.key = "tap", .head = "TAP"},
	{.key = "note", .head = "NOTE"},
};
#define COLUMNS ((int)(sizeof(columns) / sizeof(columns[0])))

static void
app_take(void *data, const struct client_message *m)
{
	struct apps *a = data;

	if (!strcmp(m->address, "/apps") && m->count >= COLUMNS)
		listing_row(&a->list, m, 0, columns, COLUMNS);
}

/* ---- explained ---- */

/* key, name, why, and then pairs */
#define EXPLAIN_WORDS 4

static void
explain_json(struct apps *a, const struct client_message *m)
{
	static const struct listing_column words[] = {{.key = "strip"},
		{.key = "key"}, {.key = "name"}, {.key = "why"}};

	listing_next(&a->list);
	putchar('{');
	listing_fields(m, 0, words, EXPLAIN_WORDS);
	printf(", \"properties\": {");
	for (int i = EXPLAIN_WORDS; i + 1 < m->count; i += 2) {
		printf(i > EXPLAIN_WORDS ? ", " : "");
		client_json(m, i, stdout);
		printf(": ");
		client_json(m, i + 1, stdout);
	}
	printf("}}");
}

/* What a rule may call it by */
static const char *
short_word(const char *property)
{
	static const char *const words[] = {
		"id", "portal", "binary", "node", "role"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(rule_property(words[i]), property))
			return words[i];
	return property;
}

static void
explain_text(struct apps *a, const struct client_message *m)
{
	char key[256], name[256], why[512], text[512];
	int strip = (int)client_number(m, 0);

	text_clean(key, sizeof(key), client_string(m, 1));
	text_clean(name, sizeof(name), client_string(m, 2));
	text_clean(why, sizeof(why), client_string(m, 3));
	printf(a->list.rows ? "\n" : "");
	listing_next(&a->list);
	if (strip)
		printf("strip %d: %s\n", strip, why);
	else
		printf("no strip: %s\n", why);
	printf("  key: %s\n  name: %s\n", key, name);
	for (int i = EXPLAIN_WORDS; i + 1 < m->count; i += 2) {
		text_clean(text, sizeof(text), client_string(m, i + 1));
		printf("  %s: %s\n", short_word(client_string(m, i)), text);
	}
}

static void
explain_take(void *data, const struct client_message *m)
{
	struct apps *a = data;

	if (strcmp(m->address, "/apps/explain") != 0 ||
		m->count < EXPLAIN_WORDS)
		return;
	if (a->args.json)
		explain_json(a, m);
	else
		explain_text(a, m);
}

static int
run(void *data, struct client *c, char **operands)
{
	struct apps *a = data;
	int r;

	(void)operands;
	listing_begin(&a->list, a->args.json, "[]", "rlllrll");
	r = a->explain ? client_ask(c, explain_take, a, "/apps/explain", "")
		       : client_ask(c, app_take, a, "/apps", "");
	listing_end(&a->list, r == 0 ? "no program plays" : NULL);
	return r;
}

int
cmd_apps(int argc, char **argv)
{
	struct apps a = {0};
	int exit_code;

	if (options_parse(&command, &a, argc, argv, &exit_code) < 0)
		return exit_code;
	return client_run(command.name, &a, run, NULL);
}
