/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `tapdeck config check` and `tapdeck config init`. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fnmatch.h>
#include <sys/stat.h>

#include "control/cli/cmd.h"
#include "control/cli/config_example.h"
#include "control/config/config.h"
#include "control/util/file_new.h"
#include "tests/cli.h"

static struct cli cli;
static char folder[64], file[128];

static int
set_up(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/tapdeck-config.XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(file, sizeof(file), "%s/deep/tapdeck.yaml", folder);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	unlink(file);
	*strrchr(file, '/') = '\0';
	rmdir(file);
	return rmdir(folder);
}

static void
put(const char *text)
{
	unlink(file);
	assert_int_equal(file_new(file, text, strlen(text)), 0);
}

static void
run(const char *format)
{
	char words[512];

	snprintf(words, sizeof(words), format, file);
	cli_run(&cli, cmd_config, words);
}

/* Is there a line that begins with the file's name and this? */
static void
assert_told(const char *want)
{
	char line[512];

	snprintf(line, sizeof(line), "%s:%s", file, want);
	if (!strstr(cli.err, line))
		fail_msg("no line %s in\n%s", line, cli.err);
}

static void
each_mistake_is_told_with_its_place(void **state)
{
	(void)state;
	put("strips: 99\n"
	    "prt: 1\n"
	    "strip:\n"
	    "  - {number: 0, name: [x]}\n"
	    "  - {number: 2, match: ['']}\n"
	    "buses:\n"
	    "  - {name: Main}\n"
	    "  - main\n"
	    "routes: [{name: X, buses: [cue]}, {buses: []}]\n"
	    "osc: {port: x, peers: [a b, tablet.local, c d]}\n"
	    "tap: taek\n"
	    "grab: all\n");
	run("x check %s");
	assert_int_equal(cli.exit_code, 65);
	assert_string_equal(cli.out, "");
	assert_told("1:9: strips: ");
	assert_told("2:1: no key \"prt\"");
	assert_told("4:23: strip[0].name must be one value");
	assert_told("4:14: strip[0].number: ");
	assert_told("5:25: strip[1].match[0]: ");
	assert_told("7:12: buses[0].name: ");
	assert_told("8:5: buses[1] must be keys");
	assert_told("9:17: routes[0].name: ");
	assert_told("9:35: routes[1]: needs a name");
	assert_told("10:13: osc.port: ");
	assert_told("10:24: osc.peers[0]: ");
	assert_told("10:43: osc.peers[2]: ");
	assert_told("11:6: tap: ");
	assert_told("12:7: grab: ");
	/* and nothing of a bus by a name that was refused */
	assert_int_equal(cli_lines(cli.err), 14);
	run("x check --json %s");
	assert_int_equal(cli.exit_code, 65);
	assert_non_null(strstr(cli.out, "\"ok\": false"));
	assert_non_null(strstr(cli.out, ":12:7: grab: \\\"all\\\" must be"));
}

/* It would keep nothing safe. Strips may be called anything one day. */
static void
a_pattern_that_names_nothing_is_told(void **state)
{
	(void)state;
	put("scenes:\n"
	    "  include: [/strip/*/gain, /strip/mpv/mute, /bus/main/gian]\n"
	    "  safe: [/strip/1/trim,\n"
	    "    /strip/17/trim, /strip/*/trmi]\n");
	run("x check %s");
	assert_int_equal(cli.exit_code, 65);
	assert_told("2:45: scenes.include[2]: \"/bus/main/gian\" names no ");
	assert_told("4:5: scenes.safe[1]: \"/strip/17/trim\" names no ");
	assert_told("4:21: scenes.safe[2]: \"/strip/*/trmi\" names no ");
	assert_int_equal(cli_lines(cli.err), 3);
	assert_string_equal(cli.out, "");
	run("x check --json %s");
	assert_int_equal(cli.exit_code, 65);
	assert_non_null(strstr(cli.out, "\"ok\": false"));
}

static void
what_is_good_and_what_cannot_be_read_are_told_apart(void **state)
{
	(void)state;
	put("strips: 4\nstrip: [{number: 1, match: [a]}]\n");
	run("x check %s");
	assert_int_equal(cli.exit_code, 0);
	assert_string_equal(cli.err, "");
	assert_non_null(strstr(cli.out, ": good: 4 strips, 2 buses, 1 rule\n"));
	put("strips: [\n");
	run("x check %s");
	assert_int_equal(cli.exit_code, 65);
	assert_told("2:1: not YAML");
	assert_int_equal(cli_lines(cli.err), 1);
	run("x check %s.not");
	assert_int_equal(cli.exit_code, 66);
	run("x check %s more");
	assert_int_equal(cli.exit_code, 64);
	run("x chek %s");
	assert_int_equal(cli.exit_code, 64);
}

static void
load_example(struct engine_config *config, const char *text)
{
	char why[CONFIG_WHY_MAX];

	put(text);
	engine_config_init(config);
	if (config_load(config, file, why) < 0)
		fail_msg("%s\n%s", why, text);
}

static void
uncomment(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from += *from == '\n') {
		size_t n = strcspn(from, "\n");
		/* a key or what is inside one, not a sentence */
		bool is_yaml =
			!strncmp(from, "# ", 2) &&
			(from[2] == ' ' ||
				strchr(from, ':') ==
					from + strcspn(from + 2, " :\n") + 2);

		if (is_yaml)
			from += 2, n -= 2;
		if (is_yaml || *from != '#') {
			memmove(to, from, n);
			to += n;
			*to++ = '\n';
		}
		from += n;
	}
	*to = '\0';
}

/* Whatever a program is called, the pattern is of it and of no other. */
static void
an_example_finds_the_programs_that_played(void **state)
{
	static const struct config_example_app apps[] = {
		{0, "Nowhere", "nowhere"},
		{1, "Spotify", "spotify"},
		{3, "it's: [a] *star*? \\ # no", "it's: [a] *star*? \\ # no"},
		{3, "\"Zwei\"", "zw\303\244i"},
		{4, "- yes", "@"},
	};
	struct engine_config *config = calloc(1, sizeof(*config));
	size_t n;
	char *text;

	(void)state;
	assert_int_equal(config_example(&text, &n, apps, 5), 0);
	assert_int_equal(n, strlen(text));
	load_example(config, text);
	assert_int_equal(config->model.rules, 4);
	for (int i = 0; i < 4; i++) {
		const struct model_rule *r = &config->model.rule[i];

		assert_int_equal(r->strip + 1, apps[i + 1].strip);
		for (int j = 0; j < 5; j++)
			assert_int_equal(!fnmatch(r->condition[0].pattern,
						 apps[j].key, FNM_CASEFOLD),
				j == i + 1);
	}
	assert_string_equal(config->model.strip_name[2], apps[2].name);
	free(text);
	free(config);
}

/* More programs than there may be rules, on more strips than by default, and
 * of keys that leave no room for a backslash. */
static void
what_an_example_has_of_many_programs_is_good(void **state)
{
	struct config_example_app *app = calloc(70, sizeof(*app));
	struct engine_config *config = calloc(1, sizeof(*config));
	size_t n;
	char *text;

	(void)state;
	for (uint32_t i = 0; i < 70; i++) {
		app[i].strip = i / 3 + 1;
		snprintf(app[i].name, sizeof(app[i].name), "App %u", i);
		snprintf(app[i].key, sizeof(app[i].key), "[%u%.*s", 100 + i,
			i < 35 ? 3 : 123,
			"****************************************"
			"****************************************"
			"*******************************************");
	}
	assert_int_equal(config_example(&text, &n, app, 70), 0);
	load_example(config, text);
	assert_int_equal(config->model.rules, RULES_MAX);
	assert_int_equal(config->model.strips, 24);
	for (uint32_t i = 0; i < RULES_MAX; i++)
		for (uint32_t j = 0; j < RULES_MAX; j++)
			assert_int_equal(!fnmatch(config->model.rule[i]
							  .condition[0]
							  .pattern,
						 app[j].key, FNM_CASEFOLD),
				j == i);
	free(text);
	free(config);
	free(app);
}

static void
what_an_example_has_as_comments_is_good(void **state)
{
	static const struct config_example_app app = {2, "mpv", "mpv"};
	struct engine_config *config = calloc(1, sizeof(*config));
	size_t n;
	char *text;

	(void)state;
	for (uint32_t apps = 0; apps < 2; apps++) {
		assert_int_equal(config_example(&text, &n, &app, apps), 0);
		uncomment(text);
		assert_non_null(strstr(text, "\nosc:\n"));
		load_example(config, text);
		assert_int_equal(config->model.rules, 1);
		assert_int_equal(config->model.buses, 3);
		assert_int_equal(config->osc.pushes, 1);
		free(text);
	}
	free(config);
}

static void
a_file_that_is_there_is_left_alone(void **state)
{
	struct stat st;

	(void)state;
	run("x init --port 9 %s"); /* nobody is there: no programs */
	assert_int_equal(cli.exit_code, 0);
	assert_non_null(strstr(cli.err, "no tapdeck is running"));
	run("x check %s");
	assert_int_equal(cli.exit_code, 0);
	put("strips: 7\n");
	run("x init --port 9 %s");
	assert_int_equal(cli.exit_code, 73);
	assert_non_null(strstr(cli.err, "is there already"));
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_size, strlen("strips: 7\n"));
	run("x init --port 9 -");
	assert_int_equal(cli.exit_code, 0);
	assert_non_null(strstr(cli.out, "# osc:\n"));
	run("x init --port 9 %s/no");
	assert_int_equal(cli.exit_code, 73);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(each_mistake_is_told_with_its_place),
		TEST(a_pattern_that_names_nothing_is_told),
		TEST(what_is_good_and_what_cannot_be_read_are_told_apart),
		TEST(an_example_finds_the_programs_that_played),
		TEST(what_an_example_has_of_many_programs_is_good),
		TEST(what_an_example_has_as_comments_is_good),
		TEST(a_file_that_is_there_is_left_alone),
	};

	return cmocka_run_group_tests_name("config command", tests, NULL, NULL);
}
