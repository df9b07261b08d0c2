/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A MIDI device of any name at the ALSA sequencer, as a controller's is:
 *
 *	midi_device NAME
 *
 * sends what is read from stdin, a message of hexadecimal bytes per line, and
 * prints what it is sent in the same way. It is pulled out at stdin's end. */
#include <alsa/asoundlib.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BYTES_MAX 256

struct device {
	snd_seq_t *seq;
	int port;
	snd_midi_event_t *encoder, *decoder;
};

__attribute__((noreturn)) static void
die(const char *what, int error)
{
	fprintf(stderr, "midi_device: %s: %s\n", what, snd_strerror(error));
	exit(1);
}

static void
device_open(struct device *d, const char *name)
{
	int ret = snd_seq_open(&d->seq, "hw", SND_SEQ_OPEN_DUPLEX, 0);

	if (ret < 0)
		die("sequencer", ret);
	snd_seq_set_client_name(d->seq, name);
	d->port = snd_seq_create_simple_port(d->seq, name,
		SND_SEQ_PORT_CAP_READ | SND_SEQ_PORT_CAP_SUBS_READ |
			SND_SEQ_PORT_CAP_WRITE | SND_SEQ_PORT_CAP_SUBS_WRITE |
			SND_SEQ_PORT_CAP_DUPLEX,
		SND_SEQ_PORT_TYPE_MIDI_GENERIC);
	if (d->port < 0)
		die(name, d->port);
	if (snd_midi_event_new(BYTES_MAX, &d->encoder) < 0 ||
		snd_midi_event_new(BYTES_MAX, &d->decoder) < 0)
		die(name, -ENOMEM);
	snd_midi_event_no_status(d->decoder, 1); /* each with its status */
}

static void
device_send(struct device *d, const char *line)
{
	snd_seq_event_t event;
	char *end;

	snd_midi_event_reset_encode(d->encoder);
	for (;; line = end) {
		unsigned long byte = strtoul(line, &end, 16);

		if (end == line)
			return;
		snd_seq_ev_clear(&event);
		if (snd_midi_event_encode_byte(d->encoder, (int)byte, &event) !=
			1)
			continue;
		snd_seq_ev_set_source(&event, (unsigned char)d->port);
		snd_seq_ev_set_subs(&event);
		snd_seq_ev_set_direct(&event);
		snd_seq_event_output_direct(d->seq, &event);
	}
}

static void
device_print(struct device *d)
{
	unsigned char bytes[BYTES_MAX];
	snd_seq_event_t *event;

	do {
		long n;

		if (snd_seq_event_input(d->seq, &event) < 0)
			return;
		n = snd_midi_event_decode(
			d->decoder, bytes, sizeof(bytes), event);
		for (long i = 0; i < n; i++)
			printf(i < n - 1 ? "%02X " : "%02X\n", bytes[i]);
	} while (snd_seq_event_input_pending(d->seq, 0) > 0);
	fflush(stdout);
}

int
main(int argc, char **argv)
{
	struct pollfd fds[2] = {{.fd = 0, .events = POLLIN}};
	struct device d = {0};
	char line[4 * BYTES_MAX];

	if (argc != 2)
		die("one name", -EINVAL);
	device_open(&d, argv[1]);
	if (snd_seq_poll_descriptors(d.seq, &fds[1], 1, POLLIN) != 1)
		die("sequencer", -EIO);
	setvbuf(stdin, NULL, _IONBF, 0); /* or poll() misses what is in it */
	while (poll(fds, 2, -1) > 0) {
		if (fds[1].revents)
			device_print(&d);
		if (!fds[0].revents)
			continue;
		if (!fgets(line, sizeof(line), stdin))
			break;
		device_send(&d, line);
	}
	snd_seq_close(d.seq);
	snd_midi_event_free(d.encoder);
	snd_midi_event_free(d.decoder);
	return 0;
}
