/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tapdeck learn, and tablets that learn. */
#include "tests/client_midi_rig.h"

#include <arpa/inet.h>
#include <lo/lo.h>
#include <sys/socket.h>

static void
a_control_is_learned_listed_and_forgotten(void **state)
{
	struct server *s = *state;
	struct cli_process p;

	cli_run(&s->cli, cmd_learn, "learn --list");
	assert_string_equal(s->cli.out, "nothing was learned yet\n");
	cli_start(&p, cmd_learn, "learn /strip/2/gain");
	wait_said(&p, "move the fader or knob for /strip/2/gain\n");
	say(s, 7, 30, 50);
	cli_wait(&p, &s->cli);
	assert_int_equal(s->cli.exit_code, 0);
	assert_string_equal(s->cli.out,
		"move the fader or knob for /strip/2/gain\n"
		"Knobs MIDI 1: ch 1 cc 7 moves /strip/2/gain\n");
	say(s, 7, 0, 128);
	ask_until(s, cmd_get, "get /strip/2/gain", "/strip/2/gain 12");
	cli_run(&s->cli, cmd_learn, "learn --list");
	assert_non_null(strstr(s->cli.out, "/strip/2/gain"));
	assert_non_null(strstr(s->cli.out, "ch 1 cc 7"));
	cli_run(&s->cli, cmd_learn, "learn --forget /strip/2/gain");
	assert_int_equal(s->cli.exit_code, 0);
	cli_run(&s->cli, cmd_learn, "learn --forget /strip/2/gain");
	assert_int_equal(s->cli.exit_code, 1);
	cli_run(&s->cli, cmd_learn, "learn --list");
	assert_string_equal(s->cli.out, "nothing was learned yet\n");
}

static void
what_cannot_be_learned_is_told(void **state)
{
	struct server *s = *state;

	cli_run(&s->cli, cmd_learn, "learn /strip/99/gain");
	assert_int_equal(s->cli.exit_code, 65);
	assert_int_equal(cli_lines(s->cli.err), 1);
	cli_run(&s->cli, cmd_learn, "learn /strip/1/name");
	assert_int_equal(s->cli.exit_code, 65);
	cli_run(&s->cli, cmd_learn, "learn strip/1/gain");
	assert_int_equal(s->cli.exit_code, 64);
	cli_run(&s->cli, cmd_learn, "learn --list --forget /strip/1/gain");
	assert_int_equal(s->cli.exit_code, 64);
}

static void
a_button_is_not_learned_for_a_level(void **state)
{
	struct server *s = *state;
	struct cli_process p;

	cli_start(&p, cmd_learn, "learn /strip/2/gain");
	wait_said(&p, "move the fader or knob for /strip/2/gain\n");
	say(s, 7, 127, 128);
	say(s, 7, 0, 1);
	cli_wait(&p, &s->cli);
	assert_int_equal(s->cli.exit_code, 1);
	assert_non_null(strstr(s->cli.out,
		"/strip/2/gain has a whole range: a knob or fader can move it, "
		"a button cannot"));
}

/* Ctrl-C, the end of a script, a terminal that is closed, one that dies without
 * a word: controls move again at once. */
static void
who_stops_waiting_stops_learning(void **state)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGKILL};
	struct server *s = *state;

	for (uint8_t i = 0; i < 4; i++) {
		struct cli_process p;
		char want[32];

		cli_start(&p, cmd_learn, "learn /strip/2/gain");
		wait_said(&p, "move the fader or knob for /strip/2/gain\n");
		kill(p.pid, signals[i]);
		cli_wait(&p, &s->cli);
		assert_int_equal(
			s->cli.exit_code, signals[i] == SIGKILL ? -SIGKILL : 1);
		cli_run(&s->cli, cmd_get, "get /strip/1/gain"); /* a fence */
		say(s, 1, i % 2 ? 0 : 127, i % 2 ? 1 : 128);
		snprintf(want, sizeof(want), "/strip/1/gain %s",
			i % 2 ? "-" : "12");
		ask_until(s, cmd_get, "get /strip/1/gain", want);
	}
}

/* A socket of one's own, as a tablet has. */
static int
tablet(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)atoi(getenv("TAPDECK_PORT"))),
		.sin_addr = {htonl(INADDR_LOOPBACK)}};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	return fd;
}

static void
tablet_says(int fd, const char *word)
{
	lo_message m = lo_message_new();
	uint8_t bytes[256];
	size_t n = sizeof(bytes);

	if (word)
		lo_message_add_string(m, word);
	assert_true(lo_message_length(m, "/learn") <= n);
	lo_message_serialise(m, "/learn", bytes, &n);
	assert_int_equal(send(fd, bytes, n, 0), n);
	lo_message_free(m);
}

/* The state that it is told when it asks. */
static void
tablet_asks(int fd, char *state, size_t size_bytes)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	uint8_t bytes[1024];
	lo_message m;
	ssize_t n;

	tablet_says(fd, NULL);
	assert_int_equal(poll(&p, 1, WAIT_MS), 1);
	n = recv(fd, bytes, sizeof(bytes), 0);
	assert_true(n > 0);
	m = lo_message_deserialise(bytes, (size_t)n, NULL);
	assert_non_null(m);
	assert_string_equal(lo_message_get_types(m), "sss");
	snprintf(state, size_bytes, "%s", &lo_message_get_argv(m)[0]->s);
	lo_message_free(m);
}

/* One that asks how it goes, and then asks no more. One that never asks, but
 * listens only, is left alone. */
static void
a_tablet_that_asks_no_more_stops_learning(void **state)
{
	struct server *s = *state;
	int one = tablet(), other = tablet();
	char now[16] = "move";

	(void)s;
	tablet_says(one, "/strip/2/gain");
	tablet_asks(one, now, sizeof(now));
	assert_string_equal(now, "move");
	for (int i = 0; i < WAIT_MS / 10 && !strcmp(now, "move"); i++) {
		tablet_asks(other, now, sizeof(now));
		poll(NULL, 0, 10);
	}
	assert_string_equal(now, "idle");
	tablet_says(one, "/strip/2/gain");
	for (int i = 0; i < 300; i++) {
		tablet_asks(other, now, sizeof(now));
		assert_string_equal(now, "move");
		poll(NULL, 0, 10);
	}
	close(one);
	close(other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_control_is_learned_listed_and_forgotten),
		T(what_cannot_be_learned_is_told),
		T(a_button_is_not_learned_for_a_level),
		T(who_stops_waiting_stops_learning),
		T(a_tablet_that_asks_no_more_stops_learning),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
