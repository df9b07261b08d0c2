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
#include "control/cli/listing.h"
#include "control/util/loop.h"

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
	struct listing list;
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
		 "is opened by --watch. Of devices of one name the socket is "
		 "told. STATE is open; gone: pulled out; not linked: the ports "
		 "of PipeWire; or why it cannot be opened.",
	.options = rows,
	.more = client_rows,
	.after = "Examples:\n"
		 "  tapdeck midi\n"
		 "  tapdeck midi --watch\n"
		 "  tapdeck midi --json | jq -r '.[].mapping'\n"
		 "\n"
		 "Exit codes: 0 done, 64 bad option, 69 no tapdeck is running",
};

static void
device_json(struct midi *d, const struct client_message *m)
{
	static const struct listing_column keys[ARGS] = {
		[NAME] = {.key = "name"},
		[WAYS] = {.key = "ports"},
		[STATE] = {.key = "state"},
		[MAPPING] = {.key = "mapping"},
		[FILE_PATH] = {.key = "file"},
		[LEARNED] = {.key = "learned", .truth = true},
		[EVENTS] = {.key = "events"},
		[LOST] = {.key = "lost"},
		[LAST] = {.key = "last"},
		[AGO] = {.key = "seconds_ago"},
		[SOCKET] = {.key = "socket"},
		[ALIKE] = {.key = "alike", .truth = true},
	};

	listing_row(&d->list, m, 0, keys, m->count < ARGS ? m->count : ARGS);
}

static void
cell(struct midi *d, const char *text)
{
	table_cell(d->list.table, text[0] ? text : "-");
}

static void
device_row(struct midi *d, const struct client_message *m)
{
	static const char *const heads[] = {
		"DEVICE", "PORTS", "STATE", "MAPPING", "LAST EVENT"};
	const char *mapping = client_string(m, MAPPING);
	char text[256];

	for (int i = 0; d->list.rows == 0 && i < 5; i++)
		table_cell(d->list.table, heads[i]);
	listing_next(&d->list);
	if (client_number(m, ALIKE) > 0.0 && client_string(m, SOCKET)[0])
		snprintf(text, sizeof(text), "%s (%s)", client_string(m, NAME),
			client_string(m, SOCKET));
	else
		snprintf(text, sizeof(text), "%s", client_string(m, NAME));
	cell(d, text);
	cell(d, client_string(m, WAYS));
	cell(d, client_string(m, STATE));
	snprintf(text, sizeof(text), "%s%s", mapping,
		client_number(m, LEARNED) > 0.0 ? " + learned" : "");
	cell(d, text);
	if (client_number(m, AGO) >= 0.0)
		snprintf(text, sizeof(text), "%s, %.0f s ago",
			client_string(m, LAST), client_number(m, AGO));
	else
		text[0] = '\0';
	cell(d, text);
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

	listing_begin(&d->list, d->args.json, "[]", "lllll");
	r = client_ask(c, list_take, d, "/midi", "");
	listing_end(&d->list, r == 0 ? "no MIDI device" : NULL);
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
