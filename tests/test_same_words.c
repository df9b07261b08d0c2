/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whatever is wrong is told in the same words by tapdeck.yaml, by an option of
 * run, by render and by the engine: only what stands before them differs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdbool.h>

#include "control/cli/cmd.h"
#include "control/config/config.h"
#include "control/util/check.h"
#include "tests/cli.h"

#define LONG_NAME "abcdefghijklmnopqrstuvwxyz012345"
#define TEXT_50	  "12345678901234567890123456789012345678901234567890"
#define TEXT_200  TEXT_50 TEXT_50 TEXT_50 TEXT_50
#define SHAPE	  "cannot be a name; 1 to 31 of a-z, 0-9 and -"
#define LOOPS                                                                  \
	"cannot be a bus; what begins with loop is loop, loop2, loop3 and so " \
	"on to loop64, each for the device of its number"
#define PEER                                                                   \
	"must be a numeric address, a subnet or a name, like 192.168.1.20, "   \
	"192.168.1.0/24 or tablet.local"
#define PUSH "must be HOST:PORT, like 192.168.1.20:9001 or tablet.local:9001"
#define BIND "must be a numeric address, like 192.168.1.20"
#define FOUR "{name: a}, {name: b}, {name: c}, {name: d}, "
#define MORE "{name: e}, {name: f}, {name: g}, {name: h}, "

static struct engine_config config;
static char why[CONFIG_WHY_MAX];

/* ---- bad values that only an engine is given ---- */

static void
no_strips(void)
{
	config.model.strips = 0;
}

static void
bus_main_capital(void)
{
	strcpy(config.model.bus_name[1], "Main");
}

static void
bus_long(void)
{
	memcpy(config.model.bus_name[1], LONG_NAME, 31);
	config.model.bus_name[1][30] = '!';
}

static void
bus_loopback(void)
{
	strcpy(config.model.bus_name[1], "loopback");
}

static void
bus_both(void)
{
	strcpy(config.model.bus_name[1], "both");
}

static void
bus_twice(void)
{
	strcpy(config.model.bus_name[1], "main");
}

static void
bus_unnamed(void)
{
	config.model.bus_name[1][0] = '\0';
}

static void
sink_own(void)
{
	strcpy(config.bus_sink[0], "tapdeck.loop");
}

static void
sink_of_loop(void)
{
	strcpy(config.bus_sink[1], "hdmi");
}

static void
route_custom(void)
{
	strcpy(config.model.route[0].name, "custom");
}

static void
route_capital(void)
{
	strcpy(config.model.route[0].name, "X");
}

static struct model_rule *
rule(const char *match)
{
	struct model_rule *r = &config.model.rule[config.model.rules++];

	r->conditions = 1;
	strcpy(r->condition[0].pattern, match);
	return r;
}

static void
rule_strip(void)
{
	rule("deck")->strip = 16;
}

static void
rule_pair(void)
{
	rule("deck")->pair = 33;
}

static void
rule_tab(void)
{
	rule("a\tb");
}

static void
bind_name(void)
{
	strcpy(config.osc.bind, "localhost");
}

static void
peer_short(void)
{
	strcpy(config.osc.peer[config.osc.peers++], "10.0.0");
}

static void
push_portless(void)
{
	strcpy(config.osc.push[config.osc.pushes++], "10.0.0.1");
}

static void
grab_without_cable(void)
{
	config.grab_new = true;
	config.cable = false;
}

static void
tap_none(void)
{
	config.model.tap = (enum tap_mode)3;
}

/* ---- and by everybody ---- */

static const struct {
	const char *want; /* behind each of what follows */
	const char *yaml, *place;
	const char *run, *option;
	const char *render, *render_option; /* NULL: has no such value */
	void (*spoil)(void);
	const char *whole;
} rows[] = {
	{"must be 1..64", "strips: 0", "1:9: strips: \"0\" ", "--strips 0",
		"--strips 0: ", "--strips 0", "--strips 0: ", no_strips,
		"the number of strips "},
	{"must be 1..64", "strips: 4x", "1:9: strips: \"4x\" ", "--strips 4x",
		"--strips 4x: ", "--strips 4x", "--strips 4x: ", NULL, NULL},
	{"must be 1..64", "strips: 99999999999999999999",
		"1:9: strips: \"99999999999999999999\" ",
		"--strips 99999999999999999999",
		"--strips 99999999999999999999: ",
		"--strips 99999999999999999999",
		"--strips 99999999999999999999: ", NULL, NULL},
	{SHAPE, "buses: [{name: main}, {name: Main}]",
		"1:30: buses[1].name: \"Main\" ", "--bus Main",
		"--bus Main: \"Main\" ", "--bus Main=x.wav",
		"--bus Main=x.wav: \"Main\" ", bus_main_capital,
		"bus \"Main\" "},
	{SHAPE, "buses: [{name: " LONG_NAME "}]",
		"1:16: buses[0].name: \"" LONG_NAME "\" ", "--bus " LONG_NAME,
		"--bus " LONG_NAME ": \"" LONG_NAME "\" ",
		"--bus " LONG_NAME "=x",
		"--bus " LONG_NAME "=x: \"" LONG_NAME "\" ", bus_long,
		"bus \"abcdefghijklmnopqrstuvwxyz0123!\" "},
	{LOOPS, "buses: [{name: main}, {name: loopback}]",
		"1:30: buses[1].name: \"loopback\" ", "--bus loopback",
		"--bus loopback: \"loopback\" ", "--bus loopback=x.wav",
		"--bus loopback=x.wav: \"loopback\" ", bus_loopback,
		"bus \"loopback\" "},
	{"is the name of a route", "buses: [{name: both}]",
		"1:16: buses[0].name: \"both\" ", "--bus both",
		"--bus both: \"both\" ", "--bus both=x.wav",
		"--bus both=x.wav: \"both\" ", bus_both, "bus \"both\" "},
	{"is there twice", "buses: [{name: main}, {name: main}]",
		"1:30: buses[1].name: \"main\" ", "--bus main --bus main",
		"--bus main: \"main\" ", NULL, NULL, bus_twice,
		"bus \"main\" "},
	{"needs a name", "buses: [{name: ''}]", "1:16: buses[0].name: ",
		"--bus =x", "--bus =x: ", NULL, NULL, bus_unnamed, "bus \"\" "},
	{"is one too many; at most 8 buses", "buses: [" FOUR MORE "{name: i}]",
		"1:104: buses[8].name: \"i\" ",
		"--bus a --bus b --bus c --bus d --bus e --bus f --bus g --bus "
		"h --bus i",
		"--bus i: \"i\" ",
		"--bus a=a --bus b=b --bus c=c --bus d=d --bus e=e --bus f=f "
		"--bus i=x",
		"--bus i=x: \"i\" ", NULL, NULL},
	{"is tapdeck's own: it would hear itself",
		"buses: [{name: main, sink: tapdeck.loop}]",
		"1:28: buses[0].sink: \"tapdeck.loop\" ",
		"--bus main=tapdeck.loop",
		"--bus main=tapdeck.loop: \"tapdeck.loop\" ", NULL, NULL,
		sink_own, "sink \"tapdeck.loop\" "},
	{"cannot be the sink of loop, which feeds its loop device",
		"buses: [{name: loop, sink: hdmi}]",
		"1:28: buses[0].sink: \"hdmi\" ", "--bus loop=hdmi",
		"--bus loop=hdmi: \"hdmi\" ", NULL, NULL, sink_of_loop,
		"sink \"hdmi\" "},
	{"means sends that are no route", "routes: [{name: custom, buses: []}]",
		"1:17: routes[0].name: \"custom\" ", "--route custom=main",
		"--route custom=main: \"custom\" ", NULL, NULL, route_custom,
		"route \"custom\" "},
	{SHAPE, "routes: [{name: X, buses: []}]",
		"1:17: routes[0].name: \"X\" ", "--route X=main",
		"--route X=main: \"X\" ", NULL, NULL, route_capital,
		"route \"X\" "},
	{"must be main or loop", "routes: [{name: a, buses: [main, cue]}]",
		"1:34: routes[0].buses[1]: \"cue\" ", "--route a=main+cue",
		"--route a=main+cue: \"cue\" ", NULL, NULL, NULL, NULL},
	{"must be 1..16", "strip: [{number: 17, match: [deck]}]",
		"1:18: strip[0].number: \"17\" ", "--rule deck=17",
		"--rule deck=17: the strip ", NULL, NULL, rule_strip,
		"the rule \"deck\" for strip 17: the strip "},
	{"must be 1..4", "strips: 4\nstrip: [{number: x}]",
		"2:18: strip[0].number: \"x\" ", "--rule deck=x --strips 4",
		"--rule deck=x: the strip ", NULL, NULL, NULL, NULL},
	{"must be 1..32", "strip: [{number: 1, pair: 33, match: [deck]}]",
		"1:27: strip[0].pair: \"33\" ", "--rule deck=1,pair=33",
		"--rule deck=1,pair=33: the pair ", NULL, NULL, rule_pair,
		"the rule \"deck\" for strip 1: the pair "},
	{"must be UTF-8 text without control characters",
		"strip: [{number: 1, match: [\"a\\tb\"]}]",
		"1:29: strip[0].match[0]: \"a?b\" ", "--rule a\tb=1",
		"--rule a\tb=1: \"a\tb\" ", NULL, NULL, rule_tab,
		"the rule \"a\tb\" for strip 1 "},
	{"is too long; at most 127 bytes",
		"strip: [{number: 1, match: [" TEXT_200 "]}]",
		"1:29: strip[0].match[0]: "
		"\"1234567890123456789012345678901234567890\" ",
		"--rule " TEXT_200 "=1",
		"--rule " TEXT_200 "=1: \"" TEXT_50 "1234567890\" ", NULL, NULL,
		NULL, NULL},
	{BIND, "osc: {bind: localhost}", "1:13: osc.bind: \"localhost\" ",
		"--osc-bind localhost", "--osc-bind localhost: ", NULL, NULL,
		bind_name, "osc bind \"localhost\" "},
	{PEER, "osc: {peers: [10.0.0]}", "1:15: osc.peers[0]: \"10.0.0\" ",
		"--osc-peer 10.0.0", "--osc-peer 10.0.0: ", NULL, NULL,
		peer_short, "osc peer \"10.0.0\" "},
	{PUSH, "osc: {push: [10.0.0.1]}", "1:14: osc.push[0]: \"10.0.0.1\" ",
		"--osc-push 10.0.0.1", "--osc-push 10.0.0.1: ", NULL, NULL,
		push_portless, "osc push \"10.0.0.1\" "},
	{"must be 0..65535", "osc: {port: 65536}", "1:13: osc.port: \"65536\" ",
		"--osc-port 65536", "--osc-port 65536: ", NULL, NULL, NULL,
		NULL},
	{"must be take, copy or off", "tap: steal", "1:6: tap: \"steal\" ",
		"--tap steal", "--tap steal: ", NULL, NULL, tap_none,
		"tap \"3\" "},
	{"must be keep, follow or match-daw", "rate: 44100",
		"1:7: rate: \"44100\" ", "--rate 44100", "--rate 44100: ", NULL,
		NULL, NULL, NULL},
	{"must be none or new", "grab: all", "1:7: grab: \"all\" ",
		"--grab all", "--grab all: ", NULL, NULL, NULL, NULL},
	{"must be 16..8192, or 0", "block: 15", "1:8: block: \"15\" ",
		"--block 15", "--block 15: ", NULL, NULL, NULL, NULL},
	{"needs the cable, without --no-cable or cable: false",
		"cable: no\ngrab: new", "2:7: grab: \"new\" ",
		"--grab new --no-cable", "--grab new: ", NULL, NULL,
		grab_without_cable, "grab \"new\" "},
};

static void
assert_words(const char *who, const char *got, const char *before,
	const char *want, const char *after)
{
	char line[2 * CONFIG_WHY_MAX];

	snprintf(line, sizeof(line), "%s%s%s", before, want, after);
	if (strcmp(got, line) != 0)
		fail_msg("%s says\n%s, not\n%s", who, got, line);
}

static void
file_says(
	const char *file, const char *yaml, const char *place, const char *want)
{
	char before[CONFIG_WHY_MAX];
	FILE *f = fopen(file, "w");

	assert_non_null(f);
	fputs(yaml, f);
	fclose(f);
	engine_config_init(&config);
	assert_int_equal(config_load(&config, file, why), -EINVAL);
	snprintf(before, sizeof(before), "%s:%s", file, place);
	assert_words("the file", why, before, want, "");
}

static void
command_says(int (*command)(int, char **), const char *name, const char *words,
	const char *option, const char *want)
{
	static struct cli cli;
	char line[CONFIG_WHY_MAX], before[CONFIG_WHY_MAX];

	snprintf(line, sizeof(line), "%s %s", name, words);
	cli_run(&cli, command, line);
	assert_int_equal(cli.exit_code, 64);
	snprintf(before, sizeof(before), "tapdeck %s: %s", name, option);
	assert_words(name, cli.err, before, want, "\n");
}

static void
engine_says(void (*spoil)(void), const char *whole, const char *want)
{
	engine_config_init(&config);
	assert_int_equal(engine_config_check(&config, why), 0);
	spoil();
	assert_int_equal(engine_config_check(&config, why), -EINVAL);
	assert_words("the engine", why, whole, want, "");
}

static void
everybody_says_the_same(void **state)
{
	const char *file = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		file_says(file, rows[i].yaml, rows[i].place, rows[i].want);
		command_says(cmd_run, "run", rows[i].run, rows[i].option,
			rows[i].want);
		command_says(cmd_engine, "run", rows[i].run, rows[i].option,
			rows[i].want);
		if (rows[i].render)
			command_says(cmd_render, "render", rows[i].render,
				rows[i].render_option, rows[i].want);
		if (rows[i].spoil)
			engine_says(rows[i].spoil, rows[i].whole, rows[i].want);
	}
}

/* What was good in the file may not be with the options. */
static void
the_engine_refuses_what_lists_cannot_hold(void **state)
{
	static uint32_t *const count[] = {&config.model.buses,
		&config.model.routes, &config.model.rules, &config.osc.peers,
		&config.osc.pushes};

	(void)state;
	for (size_t i = 0; i < sizeof(count) / sizeof(count[0]); i++) {
		engine_config_init(&config);
		*count[i] = 1000000;
		assert_int_equal(engine_config_check(&config, why), -EINVAL);
	}
	engine_config_init(&config);
	memset(config.bus_sink[0], 'x', sizeof(config.bus_sink[0]));
	assert_int_equal(engine_config_check(&config, why), -EINVAL);
	engine_config_init(&config);
	memset(config.osc.bind, '1', sizeof(config.osc.bind));
	assert_int_equal(engine_config_check(&config, why), -EINVAL);
}

static char directory[64], path[96];

static int
set_up(void **state)
{
	strcpy(directory, "/tmp/tapdeck-words.XXXXXX");
	if (!mkdtemp(directory))
		return -1;
	setenv("XDG_CONFIG_HOME", directory, 1); /* no tapdeck.yaml there */
	snprintf(path, sizeof(path), "%s/t.yaml", directory);
	*state = path;
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	unlink(path);
	rmdir(directory);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			everybody_says_the_same, set_up, tear_down),
		cmocka_unit_test(the_engine_refuses_what_lists_cannot_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
