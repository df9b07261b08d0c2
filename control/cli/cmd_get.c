/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/cli/cmd.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "control/cli/client.h"
#include "control/cli/levels/levels.h"
#include "control/cli/listing.h"
#include "control/model/param.h"

struct get {
	struct client_args args; /* first */
	bool list;
	bool plain; /* one blank between: what a script wants */
	struct listing lines;
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
get_take(void *data, const struct client_message *m)
{
	struct get *g = data;
	char text[1024], clean[1024];

	if (client_refused_say(m, "get")) {
		g->errors++;
	} else if (m->count > 0 && g->plain) {
		client_text(m, 0, text, sizeof(text));
		text_clean(clean, sizeof(clean), text);
		printf("%s %s\n", m->address, clean);
	} else if (m->count > 0) {
		listing_pair(&g->lines, m->address, m, 0);
	}
}

static void
list_json(struct get *g, const struct client_message *m)
{
	static const struct listing_column keys[] = {
		{.key = "type"},
		{.key = "min"},
		{.key = "max"},
		{.key = "default"},
		{.key = "unit"},
		{.key = "choices"},
	};

	listing_name(&g->lines, client_string(m, CLIENT_LIST_ADDRESS));
	putchar('{');
	listing_fields(m, CLIENT_LIST_TYPE, keys, 6);
	putchar('}');
}

static void
list_take(void *data, const struct client_message *m)
{
	struct get *g = data;
	struct table *t = g->lines.table;
	const char *choices = client_string(m, CLIENT_LIST_CHOICES);
	char min[64], max[64], text[1024];

	g->errors += client_refused_say(m, "get");
	if (strcmp(m->address, "/list") != 0 || m->count <= CLIENT_LIST_UNIT)
		return;
	if (g->args.json) {
		list_json(g, m);
		return;
	}
	table_cell(t, client_string(m, CLIENT_LIST_ADDRESS));
	table_cell(t, client_string(m, CLIENT_LIST_TYPE));
	client_text(m, CLIENT_LIST_MIN, min, sizeof(min));
	client_text(m, CLIENT_LIST_MAX, max, sizeof(max));
	snprintf(text, sizeof(text), "%s%s%s", min, *min ? ".." : "", max);
	table_cell(t, *choices ? choices : text);
	client_text(m, CLIENT_LIST_DEFAULT, text, sizeof(text));
	table_cell(t, text);
	table_cell(t, client_string(m, CLIENT_LIST_UNIT));
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
		client_string(m, CLIENT_LIST_ADDRESS));
}

static int
get_all(struct client *c, struct get *g)
{
	struct addresses a = {0};
	int r = client_ask(c, address_take, &a, "/list", "");

	/* A fence now and then: answers wait in the server's buffers. */
	for (uint32_t i = 0; i < a.count && r == 0; i++) {
		r = client_send(c, client_question(a.address[i]), "");
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
			listing_name(&g->lines, l->address);
			fputs(l->json, stdout);
		} else if (g->plain) {
			printf("%s %s\n", l->address, l->text);
		} else {
			table_cell(g->lines.table, l->address);
			table_cell(g->lines.table, l->text);
		}
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
			r = client_ask(
				c, get_take, g, client_question(*operands), "");
	return r;
}

static int
run(void *data, struct client *c, char **operands)
{
	struct get *g = data;
	int r;

	g->plain = !g->args.json && !isatty(STDOUT_FILENO);
	listing_begin(&g->lines, g->args.json, "{}", g->list ? "llrrl" : "ll");
	r = get_each(c, g, operands);
	listing_end(&g->lines, NULL);
	return r == 0 && g->errors ? EX_DATAERR : r;
}

/* To ask for it is to do it. */
static bool
does_something(const char *address)
{
	static const char *const services[] = {"/panic", "/retake",
		"/scene/*/recall", "/scene/*/go", "/scene/*/save",
		"/scene/*/delete", "/loudness/*/reset"};

	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++)
		if (!fnmatch(services[i], address, FNM_PATHNAME))
			return true;
	return param_names_action(address);
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
		if (!g.list && does_something(argv[i]))
			return command_fail("get", EX_DATAERR,
				"%s: it does something and has no value",
				argv[i]);
	}
	return client_run("get", &g, run, argv + first);
}
