/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>

#include "control/cli/cmd.h"
#include "control/cli/run_options.h"
#include "control/util/check.h"
#include "tests/cli.h"

static struct engine_config config;
static struct cli cli;

static int
setup(void **state)
{
	(void)state;
	memset(&config, 0, sizeof(config));
	engine_config_init(&config);
	return 0;
}

static bool
parse(const char *const words[])
{
	char *argv[CLI_WORDS_MAX] = {NULL};
	char line[CLI_TEXT_MAX];
	int argc = 0, exit_code;
	size_t at = 0;

	for (; words[argc]; argc++) {
		argv[argc] = strcpy(line + at, words[argc]);
		at += strlen(words[argc]) + 1;
	}
	return run_options_parse(&config, argc, argv, &exit_code);
}
#define PARSE(...) parse((const char *const[]){"run", __VA_ARGS__, NULL})

static void
without_options_the_usual_holds(void **state)
{
	(void)state;
	assert_true(parse((const char *const[]){"run", NULL}));
	assert_int_equal(config.model.strips, 16);
	assert_int_equal(config.model.buses, 2);
	assert_string_equal(config.model.bus_name[0], "main");
	assert_string_equal(config.model.bus_name[1], "loop");
	assert_string_equal(config.model.route[0].name, "both");
	assert_int_equal(config.model.route[0].mask, 3);
	assert_int_equal(config.osc.port, 9000);
	assert_true(config.cable);
	assert_false(config.grab_new);
}

static void
every_option_arrives(void **state)
{
	(void)state;
	assert_true(PARSE("--strips", "8", "--tap", "copy", "--osc-port",
		"9100", "--osc-bind", "0.0.0.0", "--osc-peer", "10.0.0.1",
		"--osc-peer", "10.0.0.0/8", "--osc-push", "10.0.0.1:9001",
		"--osc-push", "tablet.local:9001", "--network", "--block=64",
		"--grab", "new", "--rate", "follow", "--quiet", "--fresh",
		"--rule", "*spo=tify*=8", "--rule", "*mixxx*=2,pair=3"));
	assert_int_equal(config.model.strips, 8);
	assert_int_equal(config.model.tap, TAP_COPY);
	assert_int_equal(config.osc.port, 9100);
	assert_string_equal(config.osc.bind, "0.0.0.0");
	assert_int_equal(config.osc.peers, 2);
	assert_string_equal(config.osc.peer[1], "10.0.0.0/8");
	assert_true(config.osc.network);
	assert_int_equal(config.osc.pushes, 2);
	assert_string_equal(config.osc.push[0], "10.0.0.1:9001");
	assert_string_equal(config.osc.push[1], "tablet.local:9001");
	assert_int_equal(config.block_frames, 64);
	assert_true(config.grab_new && config.quiet && config.cable);
	assert_true(config.fresh);
	assert_int_equal(config.rate, RATE_FOLLOW);
	assert_int_equal(config.model.rules, 2);
	assert_string_equal(
		config.model.rule[0].condition[0].pattern, "*spo=tify*");
	assert_int_equal(config.model.rule[0].strip, 7);
	assert_int_equal(config.model.rule[0].pair, 0);
	assert_string_equal(
		config.model.rule[1].condition[0].pattern, "*mixxx*");
	assert_int_equal(config.model.rule[1].strip, 1);
	assert_int_equal(config.model.rule[1].pair, 3);
}

static void
buses_replace_the_usual_ones(void **state)
{
	(void)state;
	assert_true(PARSE("--route", "room=main+cue", "--bus", "main", "--bus",
		"cue=phones", "--bus", "loop", "--no-cable"));
	assert_int_equal(config.model.buses, 3);
	assert_string_equal(config.model.bus_name[1], "cue");
	assert_string_equal(config.bus_sink[1], "phones");
	assert_string_equal(config.bus_sink[2], "");
	assert_false(config.cable);
	assert_string_equal(
		config.model.route[config.model.routes - 1].name, "room");
	assert_int_equal(config.model.route[config.model.routes - 1].mask, 3);
}

/* Main's sink for the cue as well: then it starts split. */
static void
one_output_is_enough_for_a_cue(void **state)
{
	(void)state;
	assert_true(PARSE("--bus", "main=desk", "--bus", "cue=main"));
	assert_string_equal(config.bus_sink[1], "main");
	assert_true(config.model.cue_split);
	assert_true(PARSE("--bus", "main=desk", "--bus", "cue=phones"));
	assert_false(config.model.cue_split);
	assert_true(PARSE("--bus", "main", "--bus", "aux=main"));
	assert_false(config.model.cue_split);
	assert_false(PARSE("--bus", "cue=main", "--bus", "loop"));
}

static void
each_loop_device_can_be_fed(void **state)
{
	(void)state;
	assert_true(PARSE("--bus", "loop2", "--bus", "loop64", "--bus", "loo",
		"--bus", "main=phones"));
	assert_string_equal(config.model.bus_name[1], "loop64");
	assert_string_equal(config.bus_sink[3], "phones");
	assert_string_equal(config.model.route[0].name, "both");
	assert_int_equal(config.model.route[0].mask, 9);
}

static void
a_route_of_an_existing_name_keeps_its_place(void **state)
{
	uint32_t routes = config.model.routes;

	(void)state;
	assert_true(PARSE("--route", "both=loop"));
	assert_int_equal(config.model.routes, routes);
	assert_string_equal(config.model.route[0].name, "both");
	assert_int_equal(config.model.route[0].mask, 2);
}

/* Each is refused with exit code 64 and one line, which holds this text. */
static const struct {
	int (*command)(int, char **);
	const char *words;
	const char *want;
} refused[] = {
	{cmd_run, "run --strips 99", "tapdeck run: --strips 99: must be 1..64"},
	{cmd_run, "run --strips 0", "must be 1..64"},
	{cmd_run, "run --strips -1", "must be 1..64"},
	{cmd_run, "run --strips 4x", "must be 1..64"},
	{cmd_run, "run --strips 99999999999999999999", "must be 1..64"},
	{cmd_run, "run --strips", "--strips: needs a value: N"},
	{cmd_run, "run --stripes", "--stripes: no such option"},
	{cmd_run, "run --strps=8", "did you mean --strips?"},
	{cmd_run, "run --osc-prot 9", "did you mean --osc-port?"},
	{cmd_get, "get --lsit", "did you mean --list?"},
	{cmd_run, "run --quiet=1", "takes no value"},
	{cmd_run, "run -x", "-x: no such option"},
	{cmd_run, "run now", "now: takes no operands"},
	{cmd_run, "run --block 15", "must be 16..8192"},
	{cmd_run, "run --block 8193", "must be 16..8192"},
	{cmd_run, "run --tap steal", "must be take, copy or off"},
	{cmd_run, "run --grab all", "must be none or new"},
	{cmd_run, "run --rate 44100", "must be keep, follow or match-daw"},
	{cmd_run, "run --grab new --no-cable", "needs the cable"},
	{cmd_run, "run --osc-port 65536", "must be 0..65535"},
	{cmd_run, "run --osc-bind example.org", "numeric address"},
	{cmd_run, "run --osc-peer 1.2.3",
		"must be a numeric address, a subnet or a name, like "
		"192.168.1.20, 192.168.1.0/24 or tablet.local"},
	{cmd_run, "run --osc-bind 10.1", "numeric address"},
	{cmd_run, "run --osc-push 1.2.3.4", "must be HOST:PORT"},
	{cmd_run, "run --osc-push 1.2.3.4:0", "must be HOST:PORT"},
	{cmd_run, "run --osc-push 1.2.3:9001", "must be HOST:PORT"},
	{cmd_run, "run --osc-push desk^2:9001", "must be HOST:PORT"},
	{cmd_run, "run --osc-push desk:", "must be HOST:PORT"},
	{cmd_run, "run --osc-push ::1:9001", "must be HOST:PORT"},
	{cmd_run, "run --bus Main",
		"--bus Main: \"Main\" cannot be a name; 1 to 31 of a-z, "},
	{cmd_run, "run --bus abcdefghijklmnopqrstuvwxyz012345",
		"cannot be a name; 1 to 31 of a-z, "},
	{cmd_run, "run --bus =x", "needs a name"},
	{cmd_run, "run --bus loop-5",
		"--bus loop-5: \"loop-5\" cannot be a bus; what begins with "
		"loop is loop, loop2, loop3 and so on to loop64"},
	{cmd_run, "run --bus loop99", "\"loop99\" cannot be a bus"},
	{cmd_run, "run --bus loop65", "\"loop65\" cannot be a bus"},
	{cmd_run, "run --bus loop2 --bus loop2x", "\"loop2x\" cannot be a bus"},
	{cmd_run, "run --bus loop0", "\"loop0\" cannot be a bus"},
	{cmd_run, "run --bus loop1", "\"loop1\" cannot be a bus"},
	{cmd_run, "run --bus loop02", "\"loop02\" cannot be a bus"},
	{cmd_run, "run --bus loopback", "\"loopback\" cannot be a bus"},
	{cmd_run, "run --bus loop=hdmi",
		"\"hdmi\" cannot be the sink of loop, which feeds its loop "
		"device"},
	{cmd_run, "run --bus main=tapdeck.cable",
		"\"tapdeck.cable\" is tapdeck's own"},
	{cmd_run, "run --bus both", "name of a route"},
	{cmd_run, "run --bus a --bus a", "\"a\" is there twice"},
	{cmd_run,
		"run --bus a --bus b --bus c --bus d --bus e --bus f --bus g "
		"--bus h --bus i",
		"is one too many; at most 8 buses"},
	{cmd_run, "run --route x", "must be NAME=BUS+BUS"},
	{cmd_run, "run --route x=main^loop",
		"\"main loop\" must be main or loop"},
	{cmd_run, "run --route x=", "--route x=: must be main or loop"},
	{cmd_run, "run --route custom=main", "sends that are no route"},
	{cmd_run, "run --route X=main", "cannot be a name"},
	{cmd_run, "run --rule deck", "must be PATTERN=STRIP"},
	{cmd_run, "run --rule =1", "must be PATTERN=STRIP"},
	{cmd_run, "run --rule deck,pair=1", "must be PATTERN=STRIP"},
	{cmd_run, "run --rule deck=1,pair=0", "the pair must be 1..32"},
	{cmd_run, "run --rule deck=1,pair=33", "the pair must be 1..32"},
	{cmd_run, "run --rule deck=1,pair=", "the pair must be 1..32"},
	{cmd_run, "run --rule deck=1,pair=2x", "the pair must be 1..32"},
	{cmd_run, "run --rule deck=1x,pair=2", "the strip must be 1..16"},
	{cmd_run, "run --rule deck=17", "the strip must be 1..16"},
	{cmd_run, "run --strips 4 --rule deck=5", "the strip must be 1..4"},
	{cmd_render, "render --bus loopback=x.wav",
		"\"loopback\" cannot be a bus"},
	{cmd_engine, "engine --strips 0", "must be 1..64"},
	{cmd_set, "set", "wants ADDRESS VALUE"},
	{cmd_set, "set /strip/1/gain", "wants ADDRESS VALUE"},
	{cmd_set, "set strip/1/gain 1", "an address begins with /"},
	{cmd_get, "get gain", "an address begins with /"},
	{cmd_get, "get --port 0 /x", "must be 1..65535"},
	{cmd_record, "record", "wants one FILE"},
	{cmd_record, "record a.wav b.wav", "wants one FILE"},
	{cmd_record, "record a.mp3", "must end with .wav, .rf64 or .flac"},
	{cmd_record, "record .wav", "must end with .wav, .rf64 or .flac"},
	{cmd_record, "record --duration 0 a.wav", "more than 0"},
	{cmd_record, "record --duration nan a.wav", "must be 0..10000000"},
	{cmd_watch, "watch now", "takes no operands"},
};

static void
every_refusal_is_one_line_and_exit_code_64(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		cli_run(&cli, refused[i].command, refused[i].words);
		if (cli.exit_code != 64 || cli_lines(cli.err) != 1 ||
			*cli.out || !strstr(cli.err, refused[i].want))
			fail_msg("%s: exit code %d: %s", refused[i].words,
				cli.exit_code, cli.err);
	}
}

static void
every_command_explains_itself(void **state)
{
	static int (*const commands[])(int, char **) = {cmd_run, cmd_render,
		cmd_record, cmd_apps, cmd_get, cmd_set, cmd_watch, cmd_status,
		cmd_retake, cmd_config, cmd_assign, cmd_device, cmd_layout,
		cmd_learn, cmd_map, cmd_midi, cmd_scene};

	(void)state;
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		cli_run(&cli, commands[i], "x --help");
		assert_int_equal(cli.exit_code, 0);
		assert_string_equal(cli.err, "");
		assert_non_null(strstr(cli.out, "Usage: tapdeck "));
		assert_non_null(strstr(cli.out, "\nExample"));
		assert_non_null(strstr(cli.out, "\nExit codes: "));
		for (const char *line = cli.out; *line;
			line += strcspn(line, "\n") + 1)
			assert_true(strcspn(line, "\n") <= 80);
	}
}

static void
a_bad_tapdeck_port_is_refused(void **state)
{
	(void)state;
	setenv("TAPDECK_PORT", "9000x", 1);
	cli_run(&cli, cmd_status, "status");
	assert_int_equal(cli.exit_code, 64);
	assert_string_equal(cli.err,
		"tapdeck status: TAPDECK_PORT=9000x: must be 1..65535\n");
	unsetenv("TAPDECK_PORT");
}

/* The file comes first, and an option may take away what it stands on. */
static void
the_file_and_the_options_must_fit_each_other(void **state)
{
	char why[CHECK_WHY_MAX];

	(void)state;
	config.model.strips = 8;
	assert_int_equal(
		model_config_match(&config.model, "*mixxx*", 4, 0, why), 0);
	assert_true(PARSE("--strips", "5"));
	assert_false(PARSE("--strips", "4"));
	assert_int_equal(model_config_check(&config.model, why), -EINVAL);
	assert_string_equal(why, "the rule \"*mixxx*\" for strip 5: the strip "
				 "must be 1..4");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup(f, setup)
		T(without_options_the_usual_holds),
		T(every_option_arrives),
		T(buses_replace_the_usual_ones),
		T(one_output_is_enough_for_a_cue),
		T(each_loop_device_can_be_fed),
		T(a_route_of_an_existing_name_keeps_its_place),
		T(every_refusal_is_one_line_and_exit_code_64),
		T(every_command_explains_itself),
		T(a_bad_tapdeck_port_is_refused),
		T(the_file_and_the_options_must_fit_each_other),
	};

	/* not the configuration of whoever runs the tests */
	setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
