/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Our own ports are announced as well, at every scan. So an announcement is
 * only a reason to look whether the ports of the others have changed. */
#include "control/devices/midi_watch.h"

#include <alsa/asoundlib.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "control/util/loop.h"
#include "core/hash.h"

#define SEQUENCER "/dev/snd/seq"

struct midi_watch {
	struct loop *loop;
	struct midi_watch_events events;
	void *data;
	snd_seq_t *seq; /* NULL: there is none */
	int seq_fd;
	int input;	 /* our port that what they send comes to */
	int notify;	 /* inotify, -1: none */
	uint32_t others; /* hash of the others' ports */
	bool other[256]; /* client: had a port then */
};

static uint32_t
hash_port(uint32_t hash, const snd_seq_port_info_t *port)
{
	const char *name = snd_seq_port_info_get_name(port);

	hash = hash_number(hash, (uint32_t)snd_seq_port_info_get_client(port));
	hash = hash_number(hash, (uint32_t)snd_seq_port_info_get_port(port));
	hash = hash_number(hash, snd_seq_port_info_get_capability(port));
	return hash_bytes(hash, name, strlen(name) + 1);
}

/* The next client after this one, -1 for the first; not ours. */
static bool
client_next(snd_seq_t *seq, int *id)
{
	snd_seq_client_info_t *client;

	snd_seq_client_info_alloca(&client);
	snd_seq_client_info_set_client(client, *id);
	do {
		if (snd_seq_query_next_client(seq, client) < 0)
			return false;
		*id = snd_seq_client_info_get_client(client);
	} while (*id == SND_SEQ_CLIENT_SYSTEM ||
		 snd_seq_client_info_get_pid(client) == getpid());
	return true;
}

static uint32_t
others_hash(snd_seq_t *seq, bool other[256])
{
	snd_seq_port_info_t *port;
	uint32_t hash = HASH_START;

	memset(other, 0, 256 * sizeof(*other));
	snd_seq_port_info_alloca(&port);
	for (int id = -1; client_next(seq, &id);) {
		snd_seq_port_info_set_client(port, id);
		snd_seq_port_info_set_port(port, -1);
		while (snd_seq_query_next_port(seq, port) >= 0) {
			hash = hash_port(hash, port);
			other[id & 255] = true;
		}
	}
	return hash;
}

/* What went may be back under the same number by now, as after a sleep of the
 * machine; its connections are not. */
static bool
is_gone(const struct midi_watch *w, const snd_seq_event_t *e)
{
	return (e->type == SND_SEQ_EVENT_CLIENT_EXIT ||
		       e->type == SND_SEQ_EVENT_PORT_EXIT) &&
	       w->other[e->data.addr.client];
}

static void
on_sequencer(void *data, short revents)
{
	struct midi_watch *w = data;
	bool news = false, gone = false, input = false;
	snd_seq_event_t *event;
	uint32_t others;
	int ret;

	(void)revents;
	for (;;) {
		ret = snd_seq_event_input(w->seq, &event);
		if (ret == -EINTR)
			continue;
		if (ret == -ENOSPC) { /* some were lost */
			news = input = true;
			continue;
		}
		if (ret < 0)
			break;
		if (event->source.client == SND_SEQ_CLIENT_SYSTEM) {
			news = true;
			gone |= is_gone(w, event);
		} else /* a clock ticks on and moves nothing */
			input |= event->type != SND_SEQ_EVENT_CLOCK &&
				 event->type != SND_SEQ_EVENT_SENSING;
	}
	if (input)
		w->events.input(w->data);
	others = news ? others_hash(w->seq, w->other) : w->others;
	if (others == w->others && !gone)
		return;
	w->others = others;
	w->events.news(w->data);
}

static int
port_open(struct midi_watch *w, const char *name)
{
	/* Nobody else may connect to it. */
	return snd_seq_create_simple_port(w->seq, name,
		SND_SEQ_PORT_CAP_WRITE | SND_SEQ_PORT_CAP_NO_EXPORT,
		SND_SEQ_PORT_TYPE_APPLICATION);
}

/* -errno: not now. */
static int
sequencer_open(struct midi_watch *w)
{
	struct pollfd p;
	int port, ret;

	if (access(SEQUENCER, F_OK) != 0)
		return -ENOENT;
	ret = snd_seq_open(&w->seq, "hw", SND_SEQ_OPEN_INPUT, SND_SEQ_NONBLOCK);
	if (ret < 0) {
		w->seq = NULL;
		return ret;
	}
	snd_seq_set_client_name(w->seq, "tapdeck");
	port = port_open(w, "announce");
	w->input = port_open(w, "input");
	ret = port < 0	     ? port
	      : w->input < 0 ? w->input
			     : snd_seq_connect_from(w->seq, port,
				       SND_SEQ_CLIENT_SYSTEM,
				       SND_SEQ_PORT_SYSTEM_ANNOUNCE);
	if (ret == 0 && snd_seq_poll_descriptors(w->seq, &p, 1, POLLIN) == 1) {
		ret = loop_add(w->loop, p.fd, POLLIN, on_sequencer, w);
		w->seq_fd = p.fd;
	}
	if (ret < 0) {
		snd_seq_close(w->seq);
		w->seq = NULL;
		return ret;
	}
	w->others = others_hash(w->seq, w->other);
	return 0;
}

static void
notify_close(struct midi_watch *w)
{
	if (w->notify < 0)
		return;
	loop_remove(w->loop, w->notify);
	close(w->notify);
	w->notify = -1;
}

/* Something came into /dev or /dev/snd: the sequencer, perhaps. */
static void
on_dev(void *data, short revents)
{
	struct midi_watch *w = data;
	char events[4096];

	(void)revents;
	while (read(w->notify, events, sizeof(events)) > 0)
		;
	/* Whichever is there by now; a second watch is the first again. */
	inotify_add_watch(w->notify, "/dev/snd", IN_CREATE | IN_ATTRIB);
	if (sequencer_open(w) < 0)
		return;
	notify_close(w);
	w->events.news(w->data);
}

static void
notify_open(struct midi_watch *w)
{
	w->notify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (w->notify < 0)
		return;
	/* IN_ATTRIB: the rights come after the file. */
	inotify_add_watch(w->notify, "/dev", IN_CREATE | IN_ONLYDIR);
	inotify_add_watch(w->notify, "/dev/snd", IN_CREATE | IN_ATTRIB);
	if (loop_add(w->loop, w->notify, POLLIN, on_dev, w) < 0) {
		close(w->notify);
		w->notify = -1;
	}
}

int
midi_watch_open(struct midi_watch **out, struct loop *l,
	const struct midi_watch_events *events, void *data)
{
	struct midi_watch *w = calloc(1, sizeof(*w));

	*out = w;
	if (!w)
		return -ENOMEM;
	w->loop = l;
	w->events = *events;
	w->data = data;
	w->notify = -1;
	midi_alsa_quiet();
	if (sequencer_open(w) < 0)
		notify_open(w);
	return 0;
}

/* A second connection is the first. */
static bool
client_listen(
	struct midi_watch *w, int client, const char *name, uint32_t *ports)
{
	snd_seq_port_info_t *port;
	bool all = true;

	snd_seq_port_info_alloca(&port);
	snd_seq_port_info_set_client(port, client);
	snd_seq_port_info_set_port(port, -1);
	while (snd_seq_query_next_port(w->seq, port) >= 0) {
		const unsigned readable =
			SND_SEQ_PORT_CAP_READ | SND_SEQ_PORT_CAP_SUBS_READ;
		int ret;

		if ((snd_seq_port_info_get_capability(port) & readable) !=
				readable ||
			strcmp(snd_seq_port_info_get_name(port), name) != 0)
			continue;
		ret = snd_seq_connect_from(w->seq, w->input, client,
			snd_seq_port_info_get_port(port));
		all &= ret == 0 || ret == -EBUSY;
		(*ports)++;
	}
	return all;
}

bool
midi_watch_listen(struct midi_watch *w, const char *name)
{
	uint32_t ports = 0;
	bool all = true;

	for (int id = -1; w->seq && client_next(w->seq, &id);)
		all &= client_listen(w, id, name, &ports);
	return all && ports > 0;
}

/* How many ports of this name the client has. */
static uint32_t
client_count(struct midi_watch *w, int client, const char *name)
{
	snd_seq_port_info_t *port;
	uint32_t n = 0;

	snd_seq_port_info_alloca(&port);
	snd_seq_port_info_set_client(port, client);
	snd_seq_port_info_set_port(port, -1);
	while (snd_seq_query_next_port(w->seq, port) >= 0)
		n += !strcmp(snd_seq_port_info_get_name(port), name);
	return n;
}

bool
midi_watch_is_program(struct midi_watch *w, const char *name)
{
	snd_seq_client_info_t *client;
	bool any = false;

	if (!w->seq)
		return false;
	snd_seq_client_info_alloca(&client);
	snd_seq_client_info_set_client(client, -1);
	while (snd_seq_query_next_client(w->seq, client) >= 0) {
		if (client_count(w, snd_seq_client_info_get_client(client),
			    name) == 0)
			continue;
		if (snd_seq_client_info_get_type(client) != SND_SEQ_USER_CLIENT)
			return false;
		any = true;
	}
	return any;
}

void
midi_watch_socket_of(const char *card_name, char socket[MIDI_SOCKET_MAX])
{
	static const char at[] = " at usb-";
	const char *found = NULL, *next = card_name;
	size_t n;

	socket[0] = '\0';
	while ((next = strstr(next, at)) != NULL)
		found = next++;
	if (!found)
		return;
	found += strlen(" at ");
	n = strcspn(found, ", ");
	if (n >= MIDI_SOCKET_MAX)
		return;
	memcpy(socket, found, n);
	socket[n] = '\0';
}

/* Clients come in the order in which PortMidi lists their ports. */
void
midi_watch_socket(struct midi_watch *w, const char *name, uint32_t which,
	char socket[MIDI_SOCKET_MAX])
{
	snd_seq_client_info_t *client;
	char *card_name = NULL;
	uint32_t n = 0;

	socket[0] = '\0';
	if (!w->seq)
		return;
	snd_seq_client_info_alloca(&client);
	snd_seq_client_info_set_client(client, -1);
	while (snd_seq_query_next_client(w->seq, client) >= 0) {
		int id = snd_seq_client_info_get_client(client);

		n += client_count(w, id, name);
		if (n <= which)
			continue;
		if (snd_card_get_longname(snd_seq_client_info_get_card(client),
			    &card_name) < 0)
			return;
		midi_watch_socket_of(card_name, socket);
		free(card_name);
		return;
	}
}

void
midi_watch_close(struct midi_watch *w)
{
	if (!w)
		return;
	if (w->seq) {
		loop_remove(w->loop, w->seq_fd);
		snd_seq_close(w->seq);
	}
	notify_close(w);
	free(w);
}
