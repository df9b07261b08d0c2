/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/cli/cmd.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "control/cli/client.h"
#include "control/util/loop.h"
#include "control/util/text.h"

#define LEASE_S	  10
#define RENEW_NS  UINT64_C(4000000000)
#define SEQUENCER "/dev/snd/seq"

/* Arguments of /midi. */
enum {
	NAME,
	WAYS,
	STATE,
	MAPPING,
	FILE_PATH,
	LEARNED,
	EVENTS,
	LOST,
	LAST,
	AGO,
	ARGS_LEAST,
	SOCKET = ARGS_LEAST, /* an earlier engine tells no more */
	ALIKE,
	ARGS,
};

struct midi {
	struct client_args args; /* first */
	bool watch, resync;
	struct table *table;
	uint32_t count;
	bool alsa;	   /* there is a device that is not PipeWire's */
	char refused[256]; /* --watch: why */
};

static const struct option_row rows[] = {
	OPTION_FLAG("watch", midi, watch,
		"go on, and print what each device sends, until Ctrl-C"),
	OPTION_FLAG("resync", midi, resync,
		"send everything to all devices anew: lamps, rings, faders"),
	OPTION_END,
};

static const struct command command = {
	.name = "midi",
	.operands = "",
	.about = "Lists the MIDI devices of the running tapdeck: the mapping "
		 "of each, and what it sent last. A device without a mapping "
		 "is opened by --watch. "
		 "Of devices of one name the socket is told. "
		 "STATE is open; gone: pulled out; not linked: the ports of "
		 "PipeWire; or why it cannot be opened.",
	.options = rows,
	.more = client_rows,
	.after = "Examples:\n"
		 "  tapdeck midi\n"
		 "  tapdeck midi --watch\n"
		 "  tapdeck midi --json | jq -r '.[].mapping'\n"
		 "\n"
		 "Exit codes: 0 done, 64 bad option, 69 no tapdeck is "
		 "running",
};

static void
device_json(struct midi *d, const struct client_message *m)
{
	static const char *const keys[] = {"name", "ports", "state", "mapping",
		"file", "learned", "events", "lost", "last", "seconds_ago",
		"socket", "alike"};

	printf(d->count ? ",\n" : "\n");
	for (int i = 0; i < ARGS && i < m->count; i++) {
		printf("%s\"%s\": ", i ? ", " : "  {", keys[i]);
		if (i == LEARNED || i == ALIKE)
			fputs(client_number(m, i) > 0.0 ? "true" : "false",
				stdout);
		else
			client_json(m, i, stdout);
	}
	putchar('}');
}

static void
cell(struct table *t, const char *from)
{
	char clean[512];

	text_clean(clean, sizeof(clean), from[0] ? from : "-");
	table_cell(t, clean);
}

static void
device_row(struct midi *d, const struct client_message *m)
{
	static const char *const heads[] = {
		"DEVICE", "PORTS", "STATE", "MAPPING", "LAST EVENT"};
	const char *mapping = client_string(m, MAPPING);
	char text[256];

	for (int i = 0; d->count == 0 && i < 5; i++)
		table_cell(d->table, heads[i]);
	if (client_number(m, ALIKE) > 0.0 && client_string(m, SOCKET)[0])
		snprintf(text, sizeof(text), "%s (%s)", client_string(m, NAME),
			client_string(m, SOCKET));
	else
		snprintf(text, sizeof(text), "%s", client_string(m, NAME));
	cell(d->table, text);
	cell(d->table, client_string(m, WAYS));
	cell(d->table, client_string(m, STATE));
	snprintf(text, sizeof(text), "%s%s", mapping,
		client_number(m, LEARNED) > 0.0 ? " + learned" : "");
	cell(d->table, text);
	if (client_number(m, AGO) >= 0.0)
		snprintf(text, sizeof(text), "%s, %.0f s ago",
			client_string(m, LAST), client_number(m, AGO));
	else
		text[0] = '\0';
	cell(d->table, text);
}

static void
list_take(void *data, const struct client_message *m)
{
	struct midi *d = data;

	if (strcmp(m->address, "/midi") != 0 || m->count < ARGS_LEAST)
		return;
	if (d->args.json)
		device_json(d, m);
	else
		device_row(d, m);
	d->alsa |= strcmp(client_string(m, NAME), "PipeWire") != 0;
	d->count++;
}

/* Who has plugged in a device and does not see it here wants to know. */
static void
say_no_sequencer(const struct midi *d)
{
	if (d->alsa || strcmp(d->args.host, "127.0.0.1") != 0 ||
		access(SEQUENCER, R_OK | W_OK) == 0)
		return;
	fprintf(stderr,
		"tapdeck midi: no devices but PipeWire's ports: %s: "
		"%s; %s\n",
		SEQUENCER, strerror(errno),
		errno == EACCES ? "may you use it? See the group audio"
				: "try `modprobe snd-seq`, as root");
}

static void
watch_take(void *data, const struct client_message *m)
{
	struct midi *d = data;
	char name[512], last[512];

	if (!d->refused[0])
		client_refused(m, d->refused, sizeof(d->refused));
	if (strcmp(m->address, "/midi/event") != 0 || m->count < 2)
		return;
	if (d->args.json) {
		fputs("{\"name\": ", stdout);
		client_json(m, 0, stdout);
		fputs(", \"last\": ", stdout);
		client_json(m, 1, stdout);
		puts("}");
		return;
	}
	text_clean(name, sizeof(name), client_string(m, 0));
	text_clean(last, sizeof(last), client_string(m, 1));
	printf("%s: %s\n", name, last);
}

static volatile sig_atomic_t interrupted;

static void
on_interrupt(int signo)
{
	(void)signo;
	interrupted = 1;
}

/* Until Ctrl-C, which comes while it waits and at no other time. */
static int
watch(struct midi *d, struct client *c)
{
	struct sigaction action = {.sa_handler = on_interrupt};
	const struct timespec wait = {.tv_sec = 1};
	uint64_t renewed_ns = 0;
	struct pollfd p = {.fd = client_fd(c), .events = POLLIN};
	sigset_t stop, before;
	int r = 0;

	sigemptyset(&stop);
	sigaddset(&stop, SIGINT);
	sigaddset(&stop, SIGTERM);
	sigprocmask(SIG_BLOCK, &stop, &before);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	while (r == 0 && !interrupted && !d->refused[0]) {
		if (loop_now_ns() - renewed_ns >= RENEW_NS) {
			renewed_ns = loop_now_ns();
			r = client_send(c, "/midi/watch", "i", LEASE_S);
		}
		if (r == 0 && ppoll(&p, 1, &wait, &before) > 0)
			r = client_receive(c, watch_take, d);
		if (fflush(stdout) != 0)
			break;
	}
	if (d->refused[0])
		return command_fail("midi", EX_UNAVAILABLE, "%s", d->refused);
	return interrupted ? 0 : r;
}

static int
list(struct midi *d, struct client *c)
{
	int r;

	d->table = table_new("lllll");
	if (d->args.json && !d->watch)
		putchar('[');
	r = client_ask(c, list_take, d, "/midi", "");
	if (d->args.json && !d->watch)
		printf("%s]\n", d->count ? "\n" : "");
	else if (r == 0 && d->count == 0)
		puts("no MIDI device");
	table_print(d->table, stdout);
	table_free(d->table);
	if (r == 0 && !d->args.json) {
		fflush(stdout);
		say_no_sequencer(d);
	}
	return r;
}

static int
run(void *data, struct client *c, char **operands)
{
	struct midi *d = data;
	int r = 0;

	(void)operands;
	if (d->resync)
		r = client_ask(c, NULL, NULL, "/midi", "s", "resync");
	if (r == 0 && !(d->watch ? d->args.json : d->resync))
		r = list(d, c);
	return r == 0 && d->watch ? watch(d, c) : r;
}

int
cmd_midi(int argc, char **argv)
{
	struct midi d = {0};
	int exit_code;

	if (options_parse(&command, &d, argc, argv, &exit_code) < 0)
		return exit_code;
	return client_run("midi", &d, run, NULL);
}
