/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/cli/cmd.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "control/cli/client.h"
#include "control/cli/levels/levels.h"
#include "control/model/param.h"
#include "control/util/text.h"

struct get {
	struct client_args args; /* first */
	bool list;
	bool plain; /* one blank between: what a script wants */
	struct table *table;
	uint32_t lines;
	uint32_t errors;
};

static const struct option_row get_rows[] = {
	OPTION_FLAG("list", get, list,
		"tell type, range, default and unit instead of the value; "
		"the operands are beginnings of addresses"),
	OPTION_END,
};

static const struct command get_command = {
	.name = "get",
	.operands = "[PATTERN...]",
	.about = "Prints parameters of the running tapdeck, one "
		 "ADDRESS VALUE per line. A pattern is that of OSC: * "
		 "? [1-4] {a,b}; quote it. Without one: all of them.",
	.options = get_rows,
	.more = client_rows,
	.after = "Examples:\n"
		 "  tapdeck get '/strip/*/gain'\n"
		 "  tapdeck get /strip/spotify/mute\n"
		 "  tapdeck get --list /strip/1/\n"
		 "  tapdeck get /meters/rms/bus/main /loudness/main\n"
		 "\n"
		 "Exit codes: 0 done, 64 bad option, 65 no such "
		 "address, 69 no tapdeck is running",
};

static void
json_key(struct get *g, const char *address)
{
	printf(g->lines++ ? ",\n  " : "\n  ");
	text_json(stdout, address);
	fputs(": ", stdout);
}

static void
get_take(void *data, const struct client_message *m)
{
	struct get *g = data;
	char text[1024];

	if (client_refused_say(m, "get")) {
		g->errors++;
		return;
	}
	if (m->count < 1)
		return;
	if (g->args.json) {
		json_key(g, m->address);
		client_json(m, 0, stdout);
		return;
	}
	client_text(m, 0, text, sizeof(text));
	if (g->plain) {
		char clean[1024];

		text_clean(clean, sizeof(clean), text);
		printf("%s %s\n", m->address, clean);
	} else {
		table_cell(g->table, m->address);
		table_cell(g->table, text);
	}
	g->lines++;
}

/* Arguments of /list. */
enum {
	LIST_ADDRESS,
	LIST_TYPE,
	LIST_MIN,
	LIST_MAX,
	LIST_DEFAULT,
	LIST_UNIT,
	LIST_CHOICES,
};

static void
list_json(struct get *g, const struct client_message *m)
{
	static const char *const keys[] = {[LIST_MIN] = "min",
		[LIST_MAX] = "max",
		[LIST_DEFAULT] = "default",
		[LIST_UNIT] = "unit",
		[LIST_CHOICES] = "choices"};

	json_key(g, client_string(m, LIST_ADDRESS));
	fputs("{\"type\": ", stdout);
	text_json(stdout, client_string(m, LIST_TYPE));
	for (int i = LIST_MIN; i <= LIST_CHOICES; i++) {
		printf(", \"%s\": ", keys[i]);
		client_json(m, i, stdout);
	}
	putchar('}');
}

static void
list_take(void *data, const struct client_message *m)
{
	struct get *g = data;
	char min[64], max[64], text[1024];

	g->errors += client_refused_say(m, "get");
	if (strcmp(m->address, "/list") != 0 || m->count <= LIST_UNIT)
		return;
	if (g->args.json) {
		list_json(g, m);
		return;
	}
	table_cell(g->table, client_string(m, LIST_ADDRESS));
	table_cell(g->table, client_string(m, LIST_TYPE));
	client_text(m, LIST_MIN, min, sizeof(min));
	client_text(m, LIST_MAX, max, sizeof(max));
	if (*client_string(m, LIST_CHOICES))
		snprintf(text, sizeof(text), "%s",
			client_string(m, LIST_CHOICES));
	else
		snprintf(text, sizeof(text), "%s%s%s", min, *min ? ".." : "",
			max);
	table_cell(g->table, text);
	client_text(m, LIST_DEFAULT, text, sizeof(text));
	table_cell(g->table, text);
	table_cell(g->table, client_string(m, LIST_UNIT));
	g->lines++;
}

/* Keeps the addresses of /list, to ask for the value of each. */
struct addresses {
	char (*address)[PARAM_ADDRESS_MAX];
	uint32_t count, room;
};

static void
address_take(void *data, const struct client_message *m)
{
	struct addresses *a = data;

	if (strcmp(m->address, "/list") != 0 || m->count < 1)
		return;
	if (a->count == a->room) {
		uint32_t room = a->room ? 2 * a->room : 256;
		char(*more)[PARAM_ADDRESS_MAX] =
			realloc(a->address, room * sizeof(*more));

		if (!more)
			return;
		a->address = more;
		a->room = room;
	}
	snprintf(a->address[a->count++], PARAM_ADDRESS_MAX, "%s",
		client_string(m, LIST_ADDRESS));
}

static int
get_all(struct client *c, struct get *g)
{
	struct addresses a = {0};
	int r = client_ask(c, address_take, &a, "/list", "");

	/* A fence now and then: answers wait in the server's buffers. */
	for (uint32_t i = 0; i < a.count && r == 0; i++) {
		r = client_send(c, a.address[i], "");
		if (r == 0 && i % 64 == 63)
			r = client_fence(c, get_take, g);
	}
	if (r == 0)
		r = client_fence(c, get_take, g);
	free(a.address);
	return r;
}

static int
get_levels(struct client *c, struct get *g, const char *address)
{
	struct levels levels = {.refused = get_take, .data = g};
	int r = levels_ask(&levels, c, address);

	for (uint32_t i = 0; r == 0 && i < levels.count; i++) {
		const struct level *l = &levels.level[i];

		if (g->args.json) {
			json_key(g, l->address);
			fputs(l->json, stdout);
			continue;
		}
		if (g->plain) {
			printf("%s %s\n", l->address, l->text);
		} else {
			table_cell(g->table, l->address);
			table_cell(g->table, l->text);
		}
		g->lines++;
	}
	return r;
}

static int
get_each(struct client *c, struct get *g, char **operands)
{
	int r = 0;

	if (!*operands)
		return g->list ? client_ask(c, list_take, g, "/list", "")
			       : get_all(c, g);
	for (; *operands && r == 0; operands++)
		if (g->list)
			r = client_ask(
				c, list_take, g, "/list", "s", *operands);
		else if (levels_has(*operands))
			r = get_levels(c, g, *operands);
		else
			r = client_ask(c, get_take, g, *operands, "");
	return r;
}

static int
run(void *data, struct client *c, char **operands)
{
	struct get *g = data;
	int r;

	g->plain = !isatty(STDOUT_FILENO);
	g->table = table_new(g->list ? "llrrl" : "ll");
	if (g->args.json)
		putchar('{');
	r = get_each(c, g, operands);
	if (g->args.json)
		printf("%s}\n", g->lines ? "\n" : "");
	table_print(g->table, stdout);
	table_free(g->table);
	return r == 0 && g->errors ? EX_DATAERR : r;
}

int
cmd_get(int argc, char **argv)
{
	struct get g = {0};
	int exit_code;
	int first = options_parse(&get_command, &g, argc, argv, &exit_code);

	if (first < 0)
		return exit_code;
	for (int i = first; i < argc; i++) {
		if (*argv[i] != '/')
			return command_fail("get", EX_USAGE,
				"%s: an address begins with /", argv[i]);
		/* It would be done if it were asked. */
		if (param_names_action(argv[i]) && !g.list)
			return command_fail("get", EX_DATAERR,
				"%s: it does something and has no value",
				argv[i]);
	}
	return client_run("get", &g, run, argv + first);
}
