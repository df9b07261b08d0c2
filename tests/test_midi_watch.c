/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sequencer of this test's own stands before that of alsa-lib: two devices of
 * others, and events that wait in a queue. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <alsa/asoundlib.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "control/util/loop.h"
#include "control/devices/midi_watch.h"

#define CLIENT_US  130
#define CLIENT_DAW 131 /* of a port "out", and of one like a device's */

static struct {
	int pipe[2];
	bool there[3]; /* clients 20, 24, 28 */
	int deaf;      /* the client that nobody may listen to, or 0 */
	int connected; /* the one that is listened to already, or 0 */
	snd_seq_event_t event[16];
	int events, at;
	int news, inputs;
	struct loop *loop;
} machine;

/* ---- the sequencer ---- */

int
access(const char *path, int mode)
{
	(void)path, (void)mode;
	return 0;
}

int
snd_seq_open(snd_seq_t **seq, const char *name, int streams, int mode)
{
	(void)name, (void)streams, (void)mode;
	*seq = (snd_seq_t *)&machine;
	return 0;
}

int
snd_seq_close(snd_seq_t *seq)
{
	(void)seq;
	return 0;
}

int
snd_seq_set_client_name(snd_seq_t *seq, const char *name)
{
	(void)seq, (void)name;
	return 0;
}

int
snd_seq_create_simple_port(
	snd_seq_t *seq, const char *name, unsigned caps, unsigned type)
{
	(void)seq, (void)name, (void)caps, (void)type;
	return 0;
}

int
snd_seq_connect_from(snd_seq_t *seq, int mine, int client, int port)
{
	(void)seq, (void)mine, (void)port;
	if (client && client == machine.deaf)
		return -EPERM;
	return client && client == machine.connected ? -EBUSY : 0;
}

int
snd_seq_poll_descriptors(
	snd_seq_t *seq, struct pollfd *p, unsigned space, short events)
{
	(void)seq, (void)space;
	p->fd = machine.pipe[0];
	p->events = events;
	return 1;
}

int
snd_seq_event_input(snd_seq_t *seq, snd_seq_event_t **event)
{
	char byte;

	(void)seq;
	if (machine.at == machine.events)
		return -EAGAIN;
	assert_int_equal(read(machine.pipe[0], &byte, 1), 1);
	*event = &machine.event[machine.at++];
	return 0;
}

/* 0 (the system), 20 to 28 (others), 130 (ours) */
int
snd_seq_query_next_client(snd_seq_t *seq, snd_seq_client_info_t *info)
{
	int after = snd_seq_client_info_get_client(info);

	(void)seq;
	for (int i = 0; i < 3; i++) {
		if (!machine.there[i] || 20 + 4 * i <= after)
			continue;
		snd_seq_client_info_set_client(info, 20 + 4 * i);
		return 0;
	}
	if (after < CLIENT_US)
		snd_seq_client_info_set_client(info, CLIENT_US);
	else if (after < CLIENT_DAW)
		snd_seq_client_info_set_client(info, CLIENT_DAW);
	else
		return -ENOENT;
	return 0;
}

snd_seq_client_type_t
snd_seq_client_info_get_type(const snd_seq_client_info_t *info)
{
	return snd_seq_client_info_get_client(info) < CLIENT_US
		       ? SND_SEQ_KERNEL_CLIENT
		       : SND_SEQ_USER_CLIENT;
}

int
snd_seq_client_info_get_pid(const snd_seq_client_info_t *info)
{
	return snd_seq_client_info_get_client(info) == CLIENT_US ? getpid()
								 : -1;
}

int
snd_seq_query_next_port(snd_seq_t *seq, snd_seq_port_info_t *info)
{
	int port = snd_seq_port_info_get_port(info);

	(void)seq;
	port = port == 255 ? 0 : port + 1; /* -1 */
	if (port > (snd_seq_port_info_get_client(info) == CLIENT_DAW))
		return -ENOENT;
	snd_seq_port_info_set_port(info, port);
	snd_seq_port_info_set_name(info, port == 1 ? "out" : "Knobs MIDI 1");
	snd_seq_port_info_set_capability(
		info, SND_SEQ_PORT_CAP_READ | SND_SEQ_PORT_CAP_SUBS_READ);
	return 0;
}

/* Cards 0 and 1, of clients 20 and 24. */
int
snd_seq_client_info_get_card(const snd_seq_client_info_t *info)
{
	int client = snd_seq_client_info_get_client(info);

	return client < CLIENT_US ? (client - 20) / 4 : -1;
}

int
snd_card_get_longname(int card, char **name)
{
	if (card < 0)
		return -ENODEV;
	*name = strdup(card == 0 ? "Knobs at usb-1-2, full speed"
				 : "Knobs at usb-1-3, full speed");
	return 0;
}

/* ---- tests ---- */

static void
put(int type, int client)
{
	snd_seq_event_t *e = &machine.event[machine.events++];

	memset(e, 0, sizeof(*e));
	e->type = (snd_seq_event_type_t)type;
	e->source.client = SND_SEQ_CLIENT_SYSTEM;
	e->source.port = SND_SEQ_PORT_SYSTEM_ANNOUNCE;
	e->data.addr.client = (unsigned char)client;
	assert_int_equal(write(machine.pipe[1], "", 1), 1);
}

static void
on_news(void *data)
{
	(void)data;
	machine.news++;
}

static void
on_input(void *data)
{
	(void)data;
	machine.inputs++;
}

static void
on_end(void *data)
{
	if (machine.at == machine.events)
		loop_stop(data, 0);
}

/* Runs until all events are read; how often there was news. */
static int
news_of_all(void)
{
	int timer = loop_timer(machine.loop, 0, 1000000, on_end, machine.loop);

	machine.news = 0;
	loop_run(machine.loop);
	loop_timer_remove(machine.loop, timer);
	return machine.news;
}

static void
news_are_what_changes_at_others(void **state)
{
	static const struct midi_watch_events events = {on_news, on_input};
	struct midi_watch *w;

	(void)state;
	assert_int_equal(pipe(machine.pipe), 0);
	assert_int_equal(loop_new(&machine.loop), 0);
	machine.there[0] = machine.there[1] = true;
	assert_int_equal(midi_watch_open(&w, machine.loop, &events, NULL), 0);
	/* our own, as at every scan */
	put(SND_SEQ_EVENT_CLIENT_EXIT, CLIENT_US);
	put(SND_SEQ_EVENT_CLIENT_START, CLIENT_US);
	put(SND_SEQ_EVENT_PORT_START, CLIENT_US);
	assert_int_equal(news_of_all(), 0);
	/* one more */
	machine.there[2] = true;
	put(SND_SEQ_EVENT_PORT_START, 28);
	assert_int_equal(news_of_all(), 1);
	/* Pulled out and put back before we looked, as after a sleep of the
	 * machine: the same as before, and all connections are gone. */
	put(SND_SEQ_EVENT_PORT_EXIT, 24);
	put(SND_SEQ_EVENT_CLIENT_EXIT, 24);
	put(SND_SEQ_EVENT_CLIENT_START, 24);
	put(SND_SEQ_EVENT_PORT_START, 24);
	assert_int_equal(news_of_all(), 1);
	/* a program that was never of interest */
	put(SND_SEQ_EVENT_CLIENT_START, 140);
	put(SND_SEQ_EVENT_CLIENT_EXIT, 140);
	assert_int_equal(news_of_all(), 0);
	assert_int_equal(machine.inputs, 0);
	midi_watch_close(w);
	loop_free(machine.loop);
	close(machine.pipe[0]);
	close(machine.pipe[1]);
}

static void
programs_are_told_from_devices(void **state)
{
	static const struct midi_watch_events events = {on_news, on_input};
	struct midi_watch *w;

	(void)state;
	assert_int_equal(pipe(machine.pipe), 0);
	assert_int_equal(loop_new(&machine.loop), 0);
	machine.there[0] = true;
	assert_int_equal(midi_watch_open(&w, machine.loop, &events, NULL), 0);
	assert_true(midi_watch_is_program(w, "out"));
	assert_false(midi_watch_is_program(w, "Knobs MIDI 1"));
	assert_false(midi_watch_is_program(w, "nobody"));
	/* What is not there cannot tell when it sends something. */
	assert_true(midi_watch_listen(w, "Knobs MIDI 1"));
	assert_false(midi_watch_listen(w, "nobody"));
	machine.connected = 20;
	assert_true(midi_watch_listen(w, "Knobs MIDI 1"));
	machine.deaf = 20; /* though one of a program's of that name can */
	assert_false(midi_watch_listen(w, "Knobs MIDI 1"));
	machine.connected = machine.deaf = 0;
	machine.there[0] = machine.there[1] = machine.there[2] = false;
	assert_true(midi_watch_is_program(w, "Knobs MIDI 1"));
	midi_watch_close(w);
	loop_free(machine.loop);
	close(machine.pipe[0]);
	close(machine.pipe[1]);
}

/* As PortMidi lists them; a program's has none. */
static void
each_port_of_a_name_has_its_socket(void **state)
{
	static const struct midi_watch_events events = {on_news, on_input};
	static const char *const want[] = {"usb-1-2", "usb-1-3", "", "", ""};
	char socket[MIDI_SOCKET_MAX];
	struct midi_watch *w;

	(void)state;
	assert_int_equal(pipe(machine.pipe), 0);
	assert_int_equal(loop_new(&machine.loop), 0);
	machine.there[0] = machine.there[1] = true;
	assert_int_equal(midi_watch_open(&w, machine.loop, &events, NULL), 0);
	for (uint32_t i = 0; i < 5; i++) {
		midi_watch_socket(w, "Knobs MIDI 1", i, socket);
		assert_string_equal(socket, want[i]);
	}
	machine.there[0] = machine.there[1] = false;
	midi_watch_close(w);
	loop_free(machine.loop);
	close(machine.pipe[0]);
	close(machine.pipe[1]);
}

static void
a_socket_is_read_from_the_name_of_its_card(void **state)
{
	static const char *const rows[][2] = {
		{"KORG INC. nanoKONTROL2 at usb-0000:00:14.0-2, full speed",
			"usb-0000:00:14.0-2"},
		{"Look at usb-me at usb-xhci-hcd.0.auto-1.4.2, high speed",
			"usb-xhci-hcd.0.auto-1.4.2"},
		{"X at usb-1", "usb-1"},
		{"HDA Intel PCH at 0xf7d30000 irq 32", ""},
		{"Virtual MIDI Card 1", ""},
		{"", ""},
	};
	char socket[MIDI_SOCKET_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		midi_watch_socket_of(rows[i][0], socket);
		assert_string_equal(socket, rows[i][1]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(news_are_what_changes_at_others),
		cmocka_unit_test(programs_are_told_from_devices),
		cmocka_unit_test(each_port_of_a_name_has_its_socket),
		cmocka_unit_test(a_socket_is_read_from_the_name_of_its_card),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
