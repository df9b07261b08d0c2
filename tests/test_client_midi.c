/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tapdeck midi */
#include "tests/client_midi_rig.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include "control/cli/client.h"

static void
devices_are_listed_with_what_they_sent(void **state)
{
	static const char last[] = "ch 1 cc 1 = 127, ";
	struct server *s = *state;
	uint64_t said_ns;
	double ago_s;

	cli_run(&s->cli, cmd_midi, "midi");
	assert_int_equal(s->cli.exit_code, 0);
	assert_int_equal(cli_lines(s->cli.out), 2);
	assert_non_null(strstr(s->cli.out, "Knobs MIDI 1"));
	assert_non_null(strstr(s->cli.out, "in+out"));
	said_ns = loop_now_ns();
	say(s, 1, 127, 128);
	ask_until(s, cmd_midi, "midi", last);
	ago_s = strtod(strstr(s->cli.out, last) + strlen(last), NULL);
	assert_non_null(strstr(s->cli.out, " s ago"));
	/* to the second, and the machine may be slow */
	assert_true(ago_s <= (double)(loop_now_ns() - said_ns) / 1e9 + 0.5);
	ask_until(s, cmd_get, "get /strip/1/gain", "/strip/1/gain 12");
	cli_run(&s->cli, cmd_midi, "midi --json");
	assert_non_null(strstr(s->cli.out, "\"name\": \"Knobs MIDI 1\""));
	assert_non_null(strstr(s->cli.out, "\"mapping\": \"Knobs\""));
	assert_non_null(strstr(s->cli.out, "\"events\": 1"));
	assert_non_null(strstr(s->cli.out, "\"learned\": false"));
	cli_run(&s->cli, cmd_midi, "midi --resync");
	assert_int_equal(s->cli.exit_code, 0);
}

static int
setup_without_device(void **state)
{
	int ret;

	present = 0;
	ret = setup(state);
	present = 1;
	return ret;
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

/* How many lines it has said, of which the last is what was sent last. */
static unsigned
watch_begins(struct server *s, struct cli_process *p)
{
	unsigned lines = 2; /* the table comes first */
	char last[32];
	int i;

	cli_start(p, cmd_midi, "midi --watch");
	assert_int_equal(wait_lines(p, 2, WAIT_MS), 2);
	/* What comes before its first look is not said. */
	for (i = 0; i < 50 && lines == 2; i++) {
		say(s, 1, (uint8_t)i, (uint8_t)(i + 1));
		lines = wait_lines(p, 3, 200);
	}
	snprintf(last, sizeof(last), "cc 1 = %d\n", i - 1);
	return wait_said(p, last);
}

static void
a_watch_says_each_event_once(void **state)
{
	static const uint8_t clock = 0xf8;
	struct server *s = *state;
	struct cli_process p;
	unsigned lines = watch_begins(s, &p);

	for (int i = 0; i < 2; i++) {
		say(s, 1, 64, 65);
		lines++;
		/* and not with the next renewal of its lease, after 4 s */
		assert_int_equal(wait_lines(&p, lines, 2000), lines);
	}
	for (int i = 0; i < 30; i++) {
		assert_int_equal(write(s->midi, &clock, 1), 1);
		poll(NULL, 0, 10);
	}
	kill(p.pid, SIGINT);
	cli_wait(&p, &s->cli);
	assert_int_equal(s->cli.exit_code, 0);
	assert_int_equal(cli_lines(s->cli.out), lines);
	assert_non_null(strstr(s->cli.out, "\nKnobs MIDI 1: ch 1 cc 1 = 64\n"));
}

/* Far more than anybody could ask for one by one. */
static void
a_watch_loses_nothing(void **state)
{
	struct server *s = *state;
	struct cli_process p;
	unsigned lines = watch_begins(s, &p);

	for (int i = 0; i < 100; i++) {
		const uint8_t bytes[] = {0xb0, 9, (uint8_t)i};

		assert_int_equal(
			write(s->midi, bytes, sizeof(bytes)), sizeof(bytes));
	}
	assert_int_equal(wait_lines(&p, lines + 100, WAIT_MS), lines + 100);
	kill(p.pid, SIGINT);
	cli_wait(&p, &s->cli);
	assert_int_equal(s->cli.exit_code, 0);
	assert_int_equal(cli_lines(s->cli.out), lines + 100);
}

struct answers {
	unsigned events, errors;
	char error[256];
};

static void
on_answer(void *data, const struct client_message *m)
{
	struct answers *a = data;

	a->events += !strcmp(m->address, "/midi/event");
	if (!strcmp(m->address, "/error")) {
		a->errors++;
		snprintf(a->error, sizeof(a->error), "%s", client_string(m, 1));
	}
}

static void
watch_for(struct client *c, int seconds)
{
	assert_int_equal(client_send(c, "/midi/watch", "i", seconds), 0);
}

/* What comes while it lasts, and nothing after it ends; a minute at most. */
static void
a_lease_begins_and_ends(void **state)
{
	struct server *s = *state;
	struct client_args args = {.host = "127.0.0.1"};
	struct answers a = {0};
	struct client *c;

	assert_int_equal(client_open(&c, &args), 0);
	watch_for(c, 61);
	assert_int_equal(client_fence(c, on_answer, &a), 0);
	assert_int_equal(a.errors, 1);
	assert_non_null(strstr(a.error, "0 to 60 s"));
	watch_for(c, 30);
	assert_int_equal(client_fence(c, on_answer, &a), 0);
	for (int i = 0; i < 500 && a.events < 20; i++) {
		if (i == 0)
			say(s, 5, 0, 20);
		assert_int_equal(client_fence(c, on_answer, &a), 0);
		poll(NULL, 0, 10);
	}
	assert_int_equal(a.events, 20);
	watch_for(c, 0);
	assert_int_equal(client_fence(c, on_answer, &a), 0);
	say(s, 5, 20, 40);
	ask_until(s, cmd_midi, "midi", "ch 1 cc 5 = 39");
	assert_int_equal(client_fence(c, on_answer, &a), 0);
	assert_int_equal(a.events, 20);
	assert_int_equal(a.errors, 1);
	client_close(c);
}

static void
write_framed(int fd, const void *packet, uint32_t size)
{
	const uint32_t length = htonl(size);

	if (write(fd, &length, sizeof(length)) != sizeof(length) ||
		write(fd, packet, size) != (ssize_t)size)
		_exit(1);
}

/* An engine from before a device's socket was told. */
static void
earlier_engine(int listener)
{
	uint8_t packet[1024], row[512];
	lo_message m = lo_message_new();
	size_t row_bytes;
	uint32_t size;
	int fd;

	cli_die_with_parent();
	fd = accept(listener, NULL, NULL);
	lo_message_add(m, "sssssiiisf", "Knobs MIDI 1", "in", "open", "Knobs",
		"/x.yaml", 0, 3, 0, "ch 1 cc 1 = 2", 1.0);
	lo_message_serialise(m, "/midi", row, &row_bytes);
	while (read(fd, &size, sizeof(size)) == sizeof(size)) {
		size = ntohl(size);
		if (size > sizeof(packet) ||
			recv(fd, packet, size, MSG_WAITALL) != (ssize_t)size)
			_exit(1);
		if (strcmp((char *)packet, "/midi") == 0)
			write_framed(fd, row, (uint32_t)row_bytes);
		else
			write_framed(fd, packet, size);
	}
	_exit(0);
}

/* Until it is started anew, the one before goes on after an update. */
static void
devices_of_an_earlier_engine_are_listed(void **state)
{
	struct sockaddr_in own = {.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	socklen_t len = sizeof(own);
	struct server *s = *state;
	char line[64];

	assert_int_equal(bind(fd, (struct sockaddr *)&own, len), 0);
	assert_int_equal(listen(fd, 1), 0);
	getsockname(fd, (struct sockaddr *)&own, &len);
	for (int json = 0; json < 2; json++) {
		pid_t pid = fork();

		if (pid == 0)
			earlier_engine(fd);
		snprintf(line, sizeof(line), "midi --port %u%s",
			ntohs(own.sin_port), json ? " --json" : "");
		cli_run(&s->cli, cmd_midi, line);
		assert_int_equal(s->cli.exit_code, 0);
		assert_non_null(strstr(s->cli.out, "Knobs MIDI 1"));
		assert_non_null(strstr(s->cli.out, "ch 1 cc 1 = 2"));
		assert_int_equal(waitpid(pid, NULL, 0), pid);
	}
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(devices_are_listed_with_what_they_sent),
		cmocka_unit_test_setup_teardown(who_sees_no_device_is_told_why,
			setup_without_device, teardown),
		T(a_watch_says_each_event_once),
		T(a_watch_loses_nothing),
		T(a_lease_begins_and_ends),
		T(devices_of_an_earlier_engine_are_listed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
