/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tapdeck midi and tapdeck learn against the real server with one device, which
 * sends what is written into a pipe. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <lo/lo.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "control/cmd.h"
#include "control/console.h"
#include "control/loop.h"
#include "control/midi_hub.h"
#include "control/osc.h"
#include "tests/cli.h"

#define WAIT_MS 10000

struct server {
	pid_t pid;
	int midi; /* what is written here the device sends */
	struct cli cli;
	char folder[64];
};

/* ---- in the process of the server ---- */

static int device_fd = -1;
static uint32_t devices = 1;
static struct midi_hub *hub;

static uint32_t
device_scan(void *data, struct midi_port *out, uint32_t max)
{
	(void)data, (void)max;
	out[0] = (struct midi_port){
		.name = "Knobs MIDI 1", .input = true, .output = true};
	return devices;
}

static int
device_open(void *data, uint32_t port, bool *in, bool *out)
{
	(void)data, (void)port;
	*in = *out = true;
	return 0;
}

static int
device_read(void *data, uint32_t port, uint8_t *bytes, uint32_t max)
{
	ssize_t n = read(device_fd, bytes, max);

	(void)data, (void)port;
	return n > 0 ? (int)n : 0;
}

static int
device_write(void *data, uint32_t port, const uint8_t *bytes, uint32_t n)
{
	(void)data, (void)port, (void)bytes, (void)n;
	return 0;
}

static void
status_fill(void *data, struct driver_status *out)
{
	(void)data;
	*out = (struct driver_status){.rate_hz = 48000, .block_frames = 256};
}

static struct mixer *
mixer_none(void *data)
{
	(void)data;
	return NULL;
}

static _Bool
counter_none(void *data, uint32_t i, char name[32], double *value)
{
	(void)data, (void)i, (void)name, (void)value;
	return 0;
}

static struct midi_hub *
the_hub(void *data)
{
	(void)data;
	return hub;
}

static void
server_run(int ready_fd)
{
	static const struct midi_backend backend = {.scan = device_scan,
		.open = device_open,
		.read = device_read,
		.write = device_write};
	static struct console_config config;
	struct osc_source source = {.status = status_fill,
		.mixer = mixer_none,
		.counter = counter_none,
		.midi = the_hub};
	struct midi_hub_config hub_config = {.backend = &backend};
	struct osc_config osc_config;
	struct console *console;
	struct osc *osc;
	uint16_t port;

	cli_die_with_parent();
	console_config_init(&config);
	osc_config_init(&osc_config);
	osc_config.port = 0;
	osc_config.log = NULL;
	if (loop_new(&hub_config.loop) < 0 ||
		console_new(&console, &config,
			calloc(1, console_memory_bytes())) < 0 ||
		osc_open(&osc, &osc_config, hub_config.loop, console, &source) <
			0)
		_exit(1);
	hub_config.params = console_params(console);
	if (midi_hub_open(&hub, &hub_config) < 0)
		_exit(1);
	port = osc_port(osc);
	if (write(ready_fd, &port, sizeof(port)) != sizeof(port))
		_exit(1);
	loop_run(hub_config.loop);
	_exit(0);
}

/* ---- set up ---- */

static void
folders_make(struct server *s)
{
	static const struct {
		const char *name, *end;
	} folders[] = {{"XDG_CONFIG_HOME", "config"}, {"XDG_STATE_HOME", "st"},
		{"TAPDECK_MAPPINGS", "factory"}};
	char path[128];
	FILE *f;

	snprintf(s->folder, sizeof(s->folder), "/tmp/tapdeck-midi-XXXXXX");
	assert_non_null(mkdtemp(s->folder));
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		snprintf(
			path, sizeof(path), "%s/%s", s->folder, folders[i].end);
		assert_int_equal(mkdir(path, 0700), 0);
		setenv(folders[i].name, path, 1);
	}
	snprintf(path, sizeof(path), "%s/factory/knobs.yaml", s->folder);
	f = fopen(path, "we");
	assert_non_null(f);
	fputs("name: Knobs\ndevice: \"Knobs*\"\ntakeover: jump\ncontrols:\n"
	      "  - {on: cc 1, to: /strip/1/gain}\n",
		f);
	assert_int_equal(fclose(f), 0);
}

static int
setup(void **state)
{
	struct server *s = calloc(1, sizeof(*s));
	int ready[2], midi[2];
	uint16_t port = 0;
	char text[16];

	if (!s || pipe(ready) < 0 || pipe2(midi, O_NONBLOCK) < 0)
		return -1;
	folders_make(s);
	device_fd = midi[0];
	s->midi = midi[1];
	s->pid = fork();
	if (s->pid == 0)
		server_run(ready[1]);
	close(ready[1]);
	close(midi[0]);
	if (read(ready[0], &port, sizeof(port)) != sizeof(port))
		return -1;
	close(ready[0]);
	snprintf(text, sizeof(text), "%u", port);
	setenv("TAPDECK_PORT", text, 1);
	*state = s;
	return 0;
}

static int
setup_without_device(void **state)
{
	int ret;

	devices = 0;
	ret = setup(state);
	devices = 1;
	return ret;
}

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st, (void)kind, (void)at;
	return remove(path);
}

static int
teardown(void **state)
{
	struct server *s = *state;

	kill(s->pid, SIGKILL);
	waitpid(s->pid, NULL, 0);
	close(s->midi);
	nftw(s->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(s);
	return 0;
}

/* ---- tests ---- */

static void
say(struct server *s, uint8_t number, uint8_t from, uint8_t to)
{
	for (uint8_t v = from; v < to; v++) {
		uint8_t bytes[] = {0xb0, number, v};

		assert_int_equal(
			write(s->midi, bytes, sizeof(bytes)), sizeof(bytes));
	}
}

/* Runs a command until its answer has this in it. */
static void
ask_until(struct server *s, int (*command)(int, char **), const char *words,
	const char *want)
{
	for (int i = 0; i < WAIT_MS / 10; i++) {
		cli_run(&s->cli, command, words);
		if (strstr(s->cli.out, want))
			return;
		poll(NULL, 0, 10);
	}
	fail_msg("%s: no \"%s\" in \"%s\"", words, want, s->cli.out);
}

/* Waits until a command that runs has printed this; how many lines by then. */
static unsigned
wait_said(struct cli_process *p, const char *want)
{
	char text[CLI_TEXT_MAX];

	for (int i = 0; i < WAIT_MS / 10; i++) {
		ssize_t n = pread(fileno(p->out), text, sizeof(text) - 1, 0);

		text[n > 0 ? n : 0] = '\0';
		if (strstr(text, want))
			return cli_lines(text);
		poll(NULL, 0, 10);
	}
	fail_msg("no \"%s\" in \"%s\"", want, text);
	return 0;
}

static void
devices_are_listed_with_what_they_sent(void **state)
{
	struct server *s = *state;

	cli_run(&s->cli, cmd_midi, "midi");
	assert_int_equal(s->cli.exit_code, 0);
	assert_int_equal(cli_lines(s->cli.out), 2);
	assert_non_null(strstr(s->cli.out, "Knobs MIDI 1"));
	assert_non_null(strstr(s->cli.out, "in+out"));
	say(s, 1, 127, 128);
	ask_until(s, cmd_midi, "midi", "ch 1 cc 1 = 127, 0 s ago");
	ask_until(s, cmd_get, "get /strip/1/gain", "/strip/1/gain 12");
	cli_run(&s->cli, cmd_midi, "midi --json");
	assert_non_null(strstr(s->cli.out, "\"name\": \"Knobs MIDI 1\""));
	assert_non_null(strstr(s->cli.out, "\"mapping\": \"Knobs\""));
	assert_non_null(strstr(s->cli.out, "\"events\": 1"));
	assert_non_null(strstr(s->cli.out, "\"learned\": false"));
	cli_run(&s->cli, cmd_midi, "midi --resync");
	assert_int_equal(s->cli.exit_code, 0);
}

static void
who_sees_no_device_is_told_why(void **state)
{
	struct server *s = *state;
	bool sequencer = access("/dev/snd/seq", R_OK | W_OK) == 0;

	cli_run(&s->cli, cmd_midi, "midi");
	assert_int_equal(s->cli.exit_code, 0);
	assert_string_equal(s->cli.out, "no MIDI device\n");
	assert_int_equal(cli_lines(s->cli.err), sequencer ? 0 : 1);
	assert_int_equal(
		strstr(s->cli.err, "/dev/snd/seq: ") != NULL, !sequencer);
	cli_run(&s->cli, cmd_midi, "midi --json");
	assert_string_equal(s->cli.out, "[]\n");
	assert_string_equal(s->cli.err, "");
}

/* Waits until a command that runs has printed so many lines; how many. */
static unsigned
wait_lines(struct cli_process *p, unsigned want, int max_ms)
{
	char text[CLI_TEXT_MAX];
	unsigned lines = 0;

	for (int i = 0; i <= max_ms / 10 && lines < want; i++) {
		ssize_t n = pread(fileno(p->out), text, sizeof(text) - 1, 0);

		text[n > 0 ? n : 0] = '\0';
		lines = cli_lines(text);
		if (lines < want)
			poll(NULL, 0, 10);
	}
	return lines;
}

static void
a_watch_says_each_event_once(void **state)
{
	static const uint8_t clock = 0xf8;
	struct server *s = *state;
	struct cli_process p;
	unsigned lines = 2; /* the table comes first */
	char last[32];
	int i;

	cli_start(&p, cmd_midi, "midi --watch");
	assert_int_equal(wait_lines(&p, 2, WAIT_MS), 2);
	/* What comes before its first look is not said. */
	for (i = 0; i < 50 && lines == 2; i++) {
		say(s, 1, (uint8_t)i, (uint8_t)(i + 1));
		lines = wait_lines(&p, 3, 200);
	}
	snprintf(last, sizeof(last), "cc 1 = %d\n", i - 1);
	lines = wait_said(&p, last);
	for (i = 0; i < 2; i++) {
		say(s, 1, 64, 65);
		lines++;
		assert_int_equal(wait_lines(&p, lines, WAIT_MS), lines);
	}
	for (i = 0; i < 30; i++) {
		assert_int_equal(write(s->midi, &clock, 1), 1);
		poll(NULL, 0, 10);
	}
	kill(p.pid, SIGINT);
	cli_wait(&p, &s->cli);
	assert_int_equal(s->cli.exit_code, 0);
	assert_int_equal(cli_lines(s->cli.out), lines);
	assert_non_null(strstr(s->cli.out, "\nKnobs MIDI 1: ch 1 cc 1 = 64\n"));
}

static void
a_control_is_learned_listed_and_forgotten(void **state)
{
	struct server *s = *state;
	struct cli_process p;

	cli_run(&s->cli, cmd_learn, "learn --list");
	assert_string_equal(s->cli.out, "nothing was learned yet\n");
	cli_start(&p, cmd_learn, "learn /strip/2/gain");
	wait_said(&p, "move the fader, knob or button for /strip/2/gain\n");
	say(s, 7, 30, 50);
	cli_wait(&p, &s->cli);
	assert_int_equal(s->cli.exit_code, 0);
	assert_string_equal(s->cli.out,
		"move the fader, knob or button for /strip/2/gain\n"
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
		wait_said(&p,
			"move the fader, knob or button for /strip/2/gain\n");
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
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(devices_are_listed_with_what_they_sent),
		cmocka_unit_test_setup_teardown(who_sees_no_device_is_told_why,
			setup_without_device, teardown),
		T(a_watch_says_each_event_once),
		T(a_control_is_learned_listed_and_forgotten),
		T(what_cannot_be_learned_is_told),
		T(who_stops_waiting_stops_learning),
		T(a_tablet_that_asks_no_more_stops_learning),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
