/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/cli/cmd.h"

#include <string.h>

#include "control/cli/client.h"
#include "control/util/text.h"

struct apps {
	struct client_args args; /* first */
	struct table *table;
	uint32_t count;
};

static const struct command command = {
	.name = "apps",
	.operands = "",
	.about = "Lists the programs that play and the strip that "
		 "each one is on. STRIP - is a program without one; "
		 "SLUG is how OSC addresses its strip.",
	.options = client_rows,
	.after = "Examples:\n"
		 "  tapdeck apps\n"
		 "  tapdeck apps --json | jq -r '.[].slug'\n"
		 "\n"
		 "Exit codes: 0 done, 64 bad option, 69 no tapdeck is "
		 "running",
};

/* Arguments of /apps. */
static const char *const keys[] = {
	"strip", "slug", "name", "key", "streams", "tap", "note"};
#define KEYS ((int)(sizeof(keys) / sizeof(keys[0])))

static void
app_json(struct apps *a, const struct client_message *m)
{
	printf(a->count ? ",\n" : "\n");
	for (int i = 0; i < KEYS; i++) {
		printf("%s\"%s\": ", i ? ", " : "  {", keys[i]);
		client_json(m, i, stdout);
	}
	putchar('}');
}

static void
app_take(void *data, const struct client_message *m)
{
	struct apps *a = data;
	char text[512];

	if (strcmp(m->address, "/apps") != 0 || m->count < KEYS)
		return;
	if (a->args.json) {
		app_json(a, m);
	} else {
		if (a->count == 0)
			for (int i = 0; i < KEYS; i++) {
				static const char *const heads[] = {"STRIP",
					"SLUG", "NAME", "KEY", "STREAMS", "TAP",
					"NOTE"};

				table_cell(a->table, heads[i]);
			}
		for (int i = 0; i < KEYS; i++) {
			client_text(m, i, text, sizeof(text));
			table_cell(a->table,
				i == 0 && strcmp(text, "0") == 0 ? "-" : text);
		}
	}
	a->count++;
}

int
cmd_apps(int argc, char **argv)
{
	struct apps a = {0};
	struct client *c;
	int exit_code, r;

	if (options_parse(&command, &a, argc, argv, &exit_code) < 0)
		return exit_code;
	exit_code = client_start(&c, &a.args, "apps");
	if (exit_code)
		return exit_code;
	a.table = table_new("rlllrll");
	if (a.args.json)
		putchar('[');
	r = client_send(c, "/apps", NULL);
	if (r == 0)
		r = client_fence(c, app_take, &a);
	if (a.args.json)
		printf("%s]\n", a.count ? "\n" : "");
	else if (r == 0 && a.count == 0)
		puts("no program plays");
	table_print(a.table, stdout);
	table_free(a.table);
	client_close(c);
	return r < 0 ? client_fail(&a.args, "apps", r) : 0;
}
