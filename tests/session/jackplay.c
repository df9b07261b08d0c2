/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A JACK client: plays a file, and MIDI messages at frames of that file, both
 * from the same cycle on; prints the messages that it gets.
 *
 *	jackplay [-f] FILE [FRAME:HEX...]
 *
 * It is called jackplay and has the ports out_1, out_2 and so on, one for each
 * channel of the file, midi_out, midi_in. It begins when out_1, and midi_out if
 * there are messages, are connected, ends a second after the file, and prints
 * lines of "HEX", with -f "FRAME HEX", by the frame of the file. The status is
 *75 when cycles were missed, and how many, by the frames that it saw, on
 *standard error: what was heard then proves nothing.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <jack/jack.h>
#include <jack/midiport.h>
#include <jack/ringbuffer.h>
#include <sndfile.h>

#define CHANNELS_MAX 8
#define EVENTS_MAX   4096
/* Cycles until a link that was made is one through which something comes. */
#define LINKED_CYCLES 10
#define BYTES_MAX     256

struct event {
	uint64_t frame;
	size_t bytes;
	uint8_t byte[BYTES_MAX];
};

struct player {
	jack_client_t *client;
	jack_port_t *out[CHANNELS_MAX], *midi_out, *midi_in;
	int channels;
	float *frames; /* [count][channels] */
	uint64_t count, at;
	jack_nframes_t time; /* of the cycle that comes next */
	uint32_t linked;     /* cycles so far */
	struct event *event;
	size_t events, next;
	bool tells_frames;
	jack_ringbuffer_t *got;	 /* a length byte, the frame, the message */
	_Atomic uint32_t missed; /* cycles */
	_Atomic bool ended;
};

static void
play_midi(struct player *p, jack_nframes_t n)
{
	void *buffer = jack_port_get_buffer(p->midi_out, n);

	jack_midi_clear_buffer(buffer);
	for (; p->next < p->events && p->event[p->next].frame < p->at + n;
		p->next++) {
		const struct event *e = &p->event[p->next];

		jack_midi_event_write(buffer,
			(jack_nframes_t)(e->frame - p->at), e->byte, e->bytes);
	}
}

static void
get_midi(struct player *p, jack_nframes_t n)
{
	void *buffer = jack_port_get_buffer(p->midi_in, n);
	uint32_t count = jack_midi_get_event_count(buffer);
	jack_midi_event_t e;

	for (uint32_t i = 0; i < count; i++) {
		uint64_t frame;
		uint8_t length;

		if (jack_midi_event_get(&e, buffer, i) != 0 ||
			e.size > BYTES_MAX - 1)
			continue;
		length = (uint8_t)e.size;
		frame = p->at + e.time;
		if (jack_ringbuffer_write_space(p->got) <
			e.size + 1 + sizeof(frame))
			continue;
		jack_ringbuffer_write(p->got, (const char *)&length, 1);
		jack_ringbuffer_write(
			p->got, (const char *)&frame, sizeof(frame));
		jack_ringbuffer_write(p->got, (const char *)e.buffer, e.size);
	}
}

static bool
is_connected(const struct player *p)
{
	return jack_port_connected(p->out[0]) > 0 &&
	       (p->events == 0 || jack_port_connected(p->midi_out) > 0);
}

/* Frames that were jumped over, or that came twice. */
static uint32_t
missed_cycles(jack_nframes_t frames, jack_nframes_t n)
{
	int32_t cycles = (int32_t)frames / (int32_t)n;

	return cycles > 0 ? (uint32_t)cycles : 1;
}

static int
on_process(jack_nframes_t n, void *data)
{
	struct player *p = data;
	float *to[CHANNELS_MAX];
	jack_nframes_t time = jack_last_frame_time(p->client);
	bool runs;

	for (int c = 0; c < p->channels; c++)
		to[c] = jack_port_get_buffer(p->out[c], n);
	p->linked = is_connected(p) ? p->linked + 1 : 0;
	runs = p->at > 0 || p->linked > LINKED_CYCLES;
	if (p->at > 0 && time != p->time)
		atomic_fetch_add(&p->missed, missed_cycles(time - p->time, n));
	p->time = time + n;
	get_midi(p, n);
	if (!runs)
		jack_midi_clear_buffer(jack_port_get_buffer(p->midi_out, n));
	else
		play_midi(p, n);
	for (jack_nframes_t i = 0; i < n; i++) {
		uint64_t at = p->at + i;

		const float *from = p->frames + at * (uint64_t)p->channels;

		for (int c = 0; c < p->channels; c++)
			to[c][i] = runs && at < p->count ? from[c] : 0.0f;
	}
	if (runs)
		p->at += n;
	if (p->at > p->count + 48000)
		atomic_store(&p->ended, true);
	return 0;
}

static void
print_midi(struct player *p)
{
	uint8_t length, byte[BYTES_MAX];
	uint64_t frame;

	while (jack_ringbuffer_peek(p->got, (char *)&length, 1) == 1 &&
		jack_ringbuffer_read_space(p->got) > length + sizeof(frame)) {
		jack_ringbuffer_read(p->got, (char *)&length, 1);
		jack_ringbuffer_read(p->got, (char *)&frame, sizeof(frame));
		jack_ringbuffer_read(p->got, (char *)byte, length);
		if (p->tells_frames)
			printf("%llu ", (unsigned long long)frame);
		for (uint8_t i = 0; i < length; i++)
			printf("%s%02X", i ? " " : "", byte[i]);
		printf("\n");
	}
	fflush(stdout);
}

static int
event_parse(struct event *e, const char *text)
{
	char *end;

	e->frame = strtoull(text, &end, 10);
	if (end == text || *end != ':')
		return -EINVAL;
	for (end++; end[0] && end[1]; end += 2) {
		const char pair[] = {end[0], end[1], '\0'};

		if (e->bytes == BYTES_MAX)
			return -E2BIG;
		e->byte[e->bytes++] = (uint8_t)strtoul(pair, NULL, 16);
	}
	return e->bytes > 0 && !*end ? 0 : -EINVAL;
}

static int
file_load(struct player *p, const char *path)
{
	SF_INFO info = {0};
	SNDFILE *file = sf_open(path, SFM_READ, &info);

	if (!file || info.channels > CHANNELS_MAX)
		return -EINVAL;
	p->count = (uint64_t)info.frames;
	p->channels = info.channels;
	p->frames = calloc(p->count * (uint64_t)p->channels, sizeof(float));
	if (!p->frames)
		return -ENOMEM;
	sf_readf_float(file, p->frames, info.frames);
	sf_close(file);
	return 0;
}

static int
client_start(struct player *p)
{
	char name[16];

	p->client = jack_client_open("jackplay", JackNoStartServer, NULL);
	if (!p->client)
		return -ENOTCONN;
	for (int c = 0; c < p->channels; c++) {
		snprintf(name, sizeof(name), "out_%d", c + 1);
		p->out[c] = jack_port_register(p->client, name,
			JACK_DEFAULT_AUDIO_TYPE, JackPortIsOutput, 0);
		if (!p->out[c])
			return -ENOMEM;
	}
	p->midi_out = jack_port_register(p->client, "midi_out",
		JACK_DEFAULT_MIDI_TYPE, JackPortIsOutput, 0);
	p->midi_in = jack_port_register(p->client, "midi_in",
		JACK_DEFAULT_MIDI_TYPE, JackPortIsInput, 0);
	if (!p->midi_out || !p->midi_in)
		return -ENOMEM;
	jack_set_process_callback(p->client, on_process, p);
	return jack_activate(p->client) == 0 ? 0 : -EIO;
}

int
main(int argc, char **argv)
{
	struct player p = {0};
	const struct timespec pause = {.tv_nsec = 2000000};
	int ret;

	if (argc > 1 && !strcmp(argv[1], "-f")) {
		p.tells_frames = true;
		argc--;
		argv++;
	}
	p.events = argc > 2 ? (size_t)argc - 2 : 0;
	if (argc < 2 || p.events > EVENTS_MAX) {
		fprintf(stderr, "usage: jackplay [-f] FILE [FRAME:HEX...]\n");
		return 64;
	}
	p.event = calloc(p.events + 1, sizeof(*p.event));
	p.got = jack_ringbuffer_create(1 << 16);
	ret = p.event && p.got ? file_load(&p, argv[1]) : -ENOMEM;
	for (size_t i = 0; i < p.events && ret == 0; i++)
		ret = event_parse(&p.event[i], argv[i + 2]);
	if (ret == 0)
		ret = client_start(&p);
	if (ret < 0) {
		fprintf(stderr, "jackplay: %s\n", strerror(-ret));
		return 66;
	}
	while (!atomic_load(&p.ended)) {
		print_midi(&p);
		nanosleep(&pause, NULL);
	}
	jack_client_close(p.client);
	print_midi(&p);
	if (p.missed == 0)
		return 0;
	fprintf(stderr, "jackplay: %u cycles missed\n", p.missed);
	return 75;
}
