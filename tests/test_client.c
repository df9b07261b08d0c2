/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <sys/socket.h>
#include <netinet/in.h>

#include "control/cli/cmd.h"
#include "control/model/model.h"
#include "control/util/loop.h"
#include "control/engine/services/services.h"
#include "control/util/version.h"
#include "tests/cli.h"

/* The real server without sound, in a process of its own. */
struct server {
	pid_t pid;
	struct cli cli;
	char line[1024];
};

static void
status_fill(void *data, struct driver_status *out)
{
	(void)data;
	*out = (struct driver_status){.rate_hz = 48000,
		.block_frames = 256,
		.scheduler = "SCHED_OTHER 0"};
}

static _Bool
counter_none(void *data, uint32_t i, char name[32], double *value)
{
	(void)data, (void)i, (void)name, (void)value;
	return 0;
}

static void
server_run(int ready_fd)
{
	static struct model_config config;
	const struct app app = {.id = 1,
		.key = "org.deck",
		.name = "De\033ck",
		.streams = 2,
		.strip = -1,
		.tap = TAP_COPY,
		.tappable = true,
		.note = "only a copy"};
	struct services_source source = {
		.status = status_fill, .counter = counter_none};
	static struct services services;
	struct osc_config osc_config;
	struct model *model;
	struct osc *osc;
	struct loop *loop;
	uint16_t port;

	cli_die_with_parent();
	model_config_init(&config);
	osc_config_init(&osc_config);
	osc_config.port = 0;
	if (loop_new(&loop) < 0 ||
		model_new(&model, &config, calloc(1, model_memory_bytes())) <
			0 ||
		osc_open(&osc, &osc_config, loop, model, NULL) < 0 ||
		services_init(&services, osc, loop, model, &source) < 0)
		_exit(1);
	model_app(model, &app);
	port = osc_port(osc);
	if (write(ready_fd, &port, sizeof(port)) != sizeof(port))
		_exit(1);
	loop_run(loop);
	_exit(0);
}

static int
setup(void **state)
{
	struct server *s = calloc(1, sizeof(*s));
	uint16_t port = 0;
	int ready[2];
	char text[16];

	if (!s || pipe(ready) < 0)
		return -1;
	s->pid = fork();
	if (s->pid == 0)
		server_run(ready[1]);
	close(ready[1]);
	if (read(ready[0], &port, sizeof(port)) != sizeof(port))
		return -1;
	close(ready[0]);
	snprintf(text, sizeof(text), "%u", port);
	setenv("TAPDECK_PORT", text, 1);
	*state = s;
	return 0;
}

static int
teardown(void **state)
{
	struct server *s = *state;

	kill(s->pid, SIGKILL);
	waitpid(s->pid, NULL, 0);
	free(s);
	return 0;
}

static void
prints_addresses_and_values(void **state)
{
	struct server *s = *state;

	cli_run(&s->cli, cmd_get, "get /strip/[1-2]/gain /bus/loop/mute");
	assert_int_equal(s->cli.exit_code, 0);
	assert_string_equal(s->cli.out, "/strip/1/gain 0\n"
					"/strip/2/gain 0\n"
					"/bus/loop/mute 0\n");
}

static void
what_is_set_can_be_got(void **state)
{
	struct server *s = *state;

	cli_run(&s->cli, cmd_set,
		"set /strip/1/gain -6.5 /strip/2/mute true /strip/3/name 808 "
		"/strip/4/route loop /strip/5/route 1 /bus/main/gain -3");
	assert_string_equal(s->cli.err, "");
	assert_int_equal(s->cli.exit_code, 0);
	cli_run(&s->cli, cmd_get,
		"get --json /strip/1/gain /strip/2/mute /strip/3/name "
		"/strip/4/route /strip/5/route /bus/main/gain");
	assert_string_equal(s->cli.out, "{\n"
					"  \"/strip/1/gain\": -6.5,\n"
					"  \"/strip/2/mute\": 1,\n"
					"  \"/strip/3/name\": \"808\",\n"
					"  \"/strip/4/route\": \"loop\",\n"
					"  \"/strip/5/route\": \"main\",\n"
					"  \"/bus/main/gain\": -3\n"
					"}\n");
}

static void
a_value_that_is_not_as_asked_is_told(void **state)
{
	struct server *s = *state;

	cli_run(&s->cli, cmd_set, "set /strip/1/gain 99 /strip/2/gain -6");
	assert_int_equal(s->cli.exit_code, 0);
	assert_string_equal(s->cli.out, "");
	assert_string_equal(s->cli.err,
		"tapdeck set: /strip/1/gain: set to 12, the nearest it can "
		"be\n");
}

static void
several_are_set_together_or_not_at_all(void **state)
{
	struct server *s = *state;

	cli_run(&s->cli, cmd_set, "set /strip/1/gain -20 /strip/99/gain -20");
	assert_int_equal(s->cli.exit_code, 65);
	assert_int_equal(cli_lines(s->cli.err), 1);
	assert_non_null(strstr(s->cli.err, "tapdeck set: /strip/99/gain: "));
	cli_run(&s->cli, cmd_set, "set /strip/1/gain -20 /strip/2/route zzz");
	assert_int_equal(s->cli.exit_code, 65);
	assert_non_null(strstr(s->cli.err, "zzz"));
	cli_run(&s->cli, cmd_get, "get --json /strip/1/gain");
	assert_string_equal(s->cli.out, "{\n  \"/strip/1/gain\": 0\n}\n");
}

static void
get_without_a_pattern_prints_every_parameter(void **state)
{
	struct server *s = *state;
	unsigned values;

	cli_run(&s->cli, cmd_get, "get");
	assert_int_equal(s->cli.exit_code, 0);
	values = cli_lines(s->cli.out);
	assert_non_null(strstr(s->cli.out, "/strip/16/trim"));
	cli_run(&s->cli, cmd_get, "get --list");
	assert_int_equal(cli_lines(s->cli.out), values);
	assert_true(values > 16 * 5);
}

static void
an_address_that_is_not_there_is_an_error(void **state)
{
	struct server *s = *state;

	cli_run(&s->cli, cmd_get, "get /nope");
	assert_int_equal(s->cli.exit_code, 65);
	assert_int_equal(cli_lines(s->cli.err), 1);
	assert_string_equal(s->cli.out, "");
}

static void
what_does_something_is_not_asked(void **state)
{
	static const char *const addresses[] = {"/panic", "/retake",
		"/scene/x/recall", "/scene/x/save", "/loudness/main/reset",
		"/strip/1/mute/toggle"};
	struct server *s = *state;

	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		char line[64];

		snprintf(line, sizeof(line), "get %s", addresses[i]);
		cli_run(&s->cli, cmd_get, line);
		assert_int_equal(s->cli.exit_code, 65);
		assert_non_null(strstr(s->cli.err, "it does something"));
	}
	cli_run(&s->cli, cmd_get, "get /strip/1/mute");
	assert_non_null(strstr(s->cli.out, "/strip/1/mute 0"));
}

static void
apps_are_a_table_safe_for_a_terminal(void **state)
{
	struct server *s = *state;

	cli_run(&s->cli, cmd_apps, "apps");
	assert_int_equal(s->cli.exit_code, 0);
	assert_int_equal(cli_lines(s->cli.out), 2);
	assert_non_null(strstr(s->cli.out, "STRIP  SLUG"));
	assert_non_null(strstr(s->cli.out, "org.deck"));
	assert_non_null(strstr(s->cli.out, "only a copy"));
	assert_null(strchr(s->cli.out, '\033'));
	cli_run(&s->cli, cmd_apps, "apps --json");
	assert_non_null(strstr(s->cli.out, "\"streams\": 2"));
	assert_non_null(strstr(s->cli.out, "\"key\": \"org.deck\""));
}

static void
status_tells_the_version(void **state)
{
	struct server *s = *state;

	cli_run(&s->cli, cmd_status, "status --json");
	assert_int_equal(s->cli.exit_code, 0);
	assert_non_null(
		strstr(s->cli.out, "\"version\": \"" TAPDECK_VERSION "\""));
}

static void
status_names_the_way_out_of_no_realtime(void **state)
{
	struct server *s = *state;

	cli_run(&s->cli, cmd_status, "status");
	assert_int_equal(s->cli.exit_code, 0);
	assert_non_null(strstr(s->cli.out, "SCHED_OTHER 0\n"));
	assert_int_equal(cli_lines(s->cli.err), 1);
	assert_non_null(strstr(s->cli.err, "install rtkit, or allow it in "
					   "/etc/security/limits.d"));
}

/* Reads until the text is there; the test's own time limit ends it else. */
static void
wait_for_text(FILE *from, const char *want)
{
	static char text[CLI_TEXT_MAX];
	ssize_t n;

	alarm(20);
	do {
		n = pread(fileno(from), text, sizeof(text) - 1, 0);
		text[n > 0 ? n : 0] = '\0';
		if (!strstr(text, want))
			usleep(2000);
	} while (!strstr(text, want));
	alarm(0);
}

static void
watch_prints_the_state_and_then_changes(void **state)
{
	struct server *s = *state;
	struct cli_process watch;
	struct cli result;

	cli_start(&watch, cmd_watch, "watch");
	wait_for_text(watch.out, "/strip/16/gain 0\n");
	cli_run(&s->cli, cmd_set, "set /strip/1/gain -7");
	assert_int_equal(s->cli.exit_code, 0);
	wait_for_text(watch.out, "/strip/1/gain -7\n");
	kill(watch.pid, SIGTERM);
	cli_wait(&watch, &result);
	assert_int_equal(result.exit_code, 0);
	assert_string_equal(result.err, "");
}

static void
a_server_that_is_not_there_is_exit_code_69(void **state)
{
	static int (*const commands[])(int, char **) = {
		cmd_get, cmd_apps, cmd_status, cmd_watch, cmd_retake};
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t size = sizeof(address);
	struct server *s = *state;
	/* bound and not listening: nobody else can have this port meanwhile */
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
	getsockname(fd, (struct sockaddr *)&address, &size);
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		snprintf(s->line, sizeof(s->line), "x --port %u",
			ntohs(address.sin_port));
		cli_run(&s->cli, commands[i], s->line);
		assert_int_equal(s->cli.exit_code, 69);
		assert_int_equal(cli_lines(s->cli.err), 1);
		assert_non_null(
			strstr(s->cli.err, "no tapdeck is running on port"));
		assert_non_null(strstr(s->cli.err, "`tapdeck run`"));
	}
	close(fd);
}

static int
connect_here(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	to.sin_port = htons((uint16_t)atoi(getenv("TAPDECK_PORT")));
	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	return fd;
}

static void
a_server_that_has_no_place_left_says_so(void **state)
{
	struct server *s = *state;
	int fd[32];

	for (int i = 0; i < 32; i++)
		fd[i] = connect_here();
	cli_run(&s->cli, cmd_get, "get /strip/1/gain");
	assert_int_equal(s->cli.exit_code, 69);
	if (!strstr(s->cli.err, "there are 32 clients over TCP already, 32 of "
				"this machine and 0 of others"))
		fail_msg("%s", s->cli.err);
	for (int i = 0; i < 32; i++)
		close(fd[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
		T(prints_addresses_and_values),
		T(what_is_set_can_be_got),
		T(a_value_that_is_not_as_asked_is_told),
		T(several_are_set_together_or_not_at_all),
		T(get_without_a_pattern_prints_every_parameter),
		T(an_address_that_is_not_there_is_an_error),
		T(what_does_something_is_not_asked),
		T(apps_are_a_table_safe_for_a_terminal),
		T(status_tells_the_version),
		T(status_names_the_way_out_of_no_realtime),
		T(watch_prints_the_state_and_then_changes),
		T(a_server_that_is_not_there_is_exit_code_69),
		T(a_server_that_has_no_place_left_says_so),
	};

	return cmocka_run_group_tests_name("client", tests, NULL, NULL);
}
