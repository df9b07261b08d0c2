/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A native program whose audio thread hangs while the rest of it lives: from
 * SIGUSR1 to SIGUSR2. It plays a square wave.
 *
 *	hang NAME
 */
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

#include <pipewire/pipewire.h>
#include <spa/param/audio/format-utils.h>

#define RATE_HZ	 48000
#define CHANNELS 2
#define LEVEL	 0.125f
#define HALF	 64 /* frames of half a wave */

struct player {
	struct pw_main_loop *main;
	struct pw_stream *stream;
	uint32_t at;
};

static _Atomic int hung;

static void
on_signal(int signal)
{
	atomic_store(&hung, signal == SIGUSR1);
}

static void
on_process(void *data)
{
	const struct timespec moment = {0, 1000000};
	struct player *p = data;
	struct pw_buffer *b;
	struct spa_data *d;
	uint32_t n;
	float *to;

	while (atomic_load(&hung))
		nanosleep(&moment, NULL);
	if (!(b = pw_stream_dequeue_buffer(p->stream)))
		return;
	d = &b->buffer->datas[0];
	n = d->maxsize / (CHANNELS * sizeof(float));
	if (b->requested && b->requested < n)
		n = (uint32_t)b->requested;
	to = d->data;
	for (uint32_t i = 0; i < n; i++, p->at++)
		to[2 * i] = to[2 * i + 1] = p->at / HALF % 2 ? -LEVEL : LEVEL;
	d->chunk->offset = 0;
	d->chunk->stride = CHANNELS * sizeof(float);
	d->chunk->size = n * CHANNELS * sizeof(float);
	pw_stream_queue_buffer(p->stream, b);
}

static const struct pw_stream_events events = {
	PW_VERSION_STREAM_EVENTS,
	.process = on_process,
};

static int
play(struct player *p, const char *name)
{
	uint8_t bytes[1024];
	struct spa_pod_builder b = SPA_POD_BUILDER_INIT(bytes, sizeof(bytes));
	struct spa_audio_info_raw info = {
		.format = SPA_AUDIO_FORMAT_F32,
		.rate = RATE_HZ,
		.channels = CHANNELS,
		.position = {SPA_AUDIO_CHANNEL_FL, SPA_AUDIO_CHANNEL_FR},
	};
	const struct spa_pod *format =
		spa_format_audio_raw_build(&b, SPA_PARAM_EnumFormat, &info);

	p->stream = pw_stream_new_simple(pw_main_loop_get_loop(p->main), name,
		pw_properties_new(PW_KEY_MEDIA_TYPE, "Audio",
			PW_KEY_MEDIA_CATEGORY, "Playback", PW_KEY_APP_NAME,
			name, PW_KEY_NODE_NAME, name, PW_KEY_APP_PROCESS_BINARY,
			name, NULL),
		&events, p);
	if (!p->stream)
		return -1;
	return pw_stream_connect(p->stream, PW_DIRECTION_OUTPUT, PW_ID_ANY,
		PW_STREAM_FLAG_AUTOCONNECT | PW_STREAM_FLAG_MAP_BUFFERS |
			PW_STREAM_FLAG_RT_PROCESS,
		&format, 1);
}

int
main(int argc, char *argv[])
{
	struct player p = {0};

	if (argc != 2) {
		fprintf(stderr, "usage: hang NAME\n");
		return 64;
	}
	signal(SIGUSR1, on_signal);
	signal(SIGUSR2, on_signal);
	pw_init(&argc, &argv);
	p.main = pw_main_loop_new(NULL);
	if (!p.main || play(&p, argv[1]) < 0) {
		fprintf(stderr, "hang: no stream\n");
		return 69;
	}
	pw_main_loop_run(p.main);
	return 0;
}
