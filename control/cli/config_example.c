/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/cli/config_example.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/cli/client.h"
#include "control/model/model_config.h"
#include "control/util/name.h"
#include "control/util/text.h"

#define EXAMPLE_APPS_MAX 256

struct told {
	struct config_example_app app[EXAMPLE_APPS_MAX];
	uint32_t apps;
};

static const char head[] =
	"# What `tapdeck run` begins with. `man 5 tapdeck.yaml`\n"
	"# tells all of it, `tapdeck config check` what is wrong with it.\n"
	"# Behind a # stands what holds without the line, or an example.\n"
	"\n";

static const char strips_of_none[] =
	"# Which program goes where: patterns of its key or name, as `tapdeck\n"
	"# apps` tells them.\n"
	"# strip:\n"
	"#   - number: 1\n"
	"#     name: Decks\n"
	"#     match: ['*mixxx*']\n";

static const char tail[] =
	"\n"
	"# Where a bus plays: by default main in the default output; the "
	"names\n"
	"# of outputs are those of `pactl list short sinks`.\n"
	"# buses:\n"
	"#   - name: main\n"
	"#   - {name: cue, sink: alsa_output.usb-phones}\n"
	"#   - name: loop\n"
	"\n"
	"# What a strip may feed; the first is a new program's.\n"
	"# routes:\n"
	"#   - {name: both, buses: [main, loop]}\n"
	"#   - {name: none, buses: []}\n"
	"\n"
	"# tap: take      # or copy, off: what happens to a new program\n"
	"# grab: none     # or new: taken from its first sample\n"
	"# eq: {low: 250, high: 2500}  # where its bands part, Hz\n"
	"# cable: yes     # the output Tapdeck\n"
	"# rate: keep     # or follow, match-daw\n"
	"# block: 0       # frames; 0 leaves PipeWire's block alone\n"
	"\n"
	"# osc:\n"
	"#   port: 9000\n"
	"#   network: no  # yes: tablets may come\n"
	"#   peers: [192.168.1.0/24]\n"
	"#   push: ['192.168.1.20:9001']\n"
	"\n"
	"# scenes:\n"
	"#   safe: ['/strip/*/trim']  # never set by a scene\n"
	"#   fade: 0                  # seconds\n"
	"\n"
	"# tempo: {source: auto, offset_ms: 0}  # of a MIDI clock\n"
	"# quantise: off  # or beat, bar, 2bars, 4bars: when mutes land\n";

/* ---- YAML ---- */

/* A pattern that this text alone fits. */
static void
quoted_pattern(FILE *to, const char *text)
{
	char pattern[APP_KEY_MAX];
	size_t used = 0, left = strlen(text);

	for (; left > 0; text++, left--) {
		bool special = strchr("*?[\\", *text);
		/* Without room for two, any letter will do. */
		bool fits = used + left + 1 < sizeof(pattern);

		if (special && fits)
			pattern[used++] = '\\';
		pattern[used++] = *text;
		if (special && !fits)
			pattern[used - 1] = '?';
	}
	pattern[used] = '\0';
	text_yaml(to, pattern);
}

/* ---- strips ---- */

/* As many as its programs need. */
static void
write_count(FILE *to, const struct config_example_app *app, uint32_t apps)
{
	uint32_t strips = STRIPS_AT_FIRST;

	for (uint32_t i = 0; i < apps; i++)
		if (app[i].strip > strips)
			strips = app[i].strip;
	fprintf(to, "%sstrips: %u\n\n", strips > STRIPS_AT_FIRST ? "" : "# ",
		strips);
}

/* How many of the apps have no more patterns than there may be. */
static uint32_t
with_room(const struct config_example_app *app, uint32_t apps)
{
	uint32_t rules = 0, i = 0;

	for (; i < apps; i++) {
		rules += app[i].strip > 0;
		if (rules > RULES_MAX)
			break;
	}
	return i;
}

/* All programs of one strip; the first has no word on it. Returns the next. */
static uint32_t
write_strip(FILE *to, const struct config_example_app *app, uint32_t i,
	uint32_t apps)
{
	uint32_t strip = app[i].strip;

	fprintf(to, "  - number: %u\n    name: ", strip);
	text_yaml(to, app[i].name);
	fputs("\n    match: [", to);
	for (uint32_t first = i; i < apps && app[i].strip == strip; i++) {
		if (i > first)
			fputs(", ", to);
		quoted_pattern(to, app[i].key);
	}
	fputs("]\n", to);
	return i;
}

static void
write_strips(FILE *to, const struct config_example_app *app, uint32_t apps)
{
	uint32_t all = apps, i = 0;

	apps = with_room(app, all);
	while (i < apps && !app[i].strip)
		i++;
	if (i == apps) {
		fputs(strips_of_none, to);
		return;
	}
	fputs("# What plays now. The patterns are of a program's key or name, "
	      "as\n# `tapdeck apps` tells them.\nstrip:\n",
		to);
	while (i < apps)
		i = app[i].strip ? write_strip(to, app, i, apps) : i + 1;
	if (apps < all)
		fprintf(to, "# More play: %d patterns are all there may be.\n",
			RULES_MAX);
}

int
config_example(char **text, size_t *size_bytes,
	const struct config_example_app *app, uint32_t apps)
{
	FILE *to = open_memstream(text, size_bytes);

	if (!to)
		return -ENOMEM;
	fputs(head, to);
	write_count(to, app, apps);
	write_strips(to, app, apps);
	fputs(tail, to);
	if (fclose(to) == 0)
		return 0;
	free(*text);
	*text = NULL;
	return -ENOMEM;
}

/* ---- asking ---- */

static void
take(void *data, const struct client_message *m)
{
	struct told *told = data;
	struct config_example_app *app = &told->app[told->apps];

	if (strcmp(m->address, "/apps") != 0 || m->count < 4 ||
		told->apps == EXAMPLE_APPS_MAX)
		return;
	app->strip = (uint32_t)client_number(m, 0);
	name_clean(app->name, sizeof(app->name), client_string(m, 2));
	name_clean(app->key, sizeof(app->key), client_string(m, 3));
	told->apps++;
}

int
config_example_ask(char **text, size_t *size_bytes, struct client *c)
{
	struct told *told = calloc(1, sizeof(*told));
	int rc;

	if (!told)
		return -ENOMEM;
	rc = client_ask(c, take, told, "/apps", "");
	if (rc == 0)
		rc = config_example(text, size_bytes, told->app, told->apps);
	free(told);
	return rc;
}
