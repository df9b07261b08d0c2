/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program that plays and records in one process, as an effect or a meeting
 * does: it plays a counter, by which a missing frame would be seen, and records
 * what it is told to.
 *
 *	echo NAME
 *
 * reads from stdin "record TARGET" (a node.name) and "stop"; ends with it. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <pipewire/pipewire.h>
#include <spa/param/audio/format-utils.h>

#define RATE_HZ	    48000
#define CHANNELS    2
#define BLOCK	    256
#define FRAME_BYTES ((uint32_t)(CHANNELS * sizeof(float)))
#define COUNT_UNIT  8388608.0f /* 2^23: each step is exact */
#define COUNT_MAX   (1u << 20)

struct echo {
	const char *name;
	struct pw_main_loop *main;
	struct pw_core *core;
	struct pw_stream *play;
	struct pw_stream *record;
	struct spa_hook listener;
	char line[256];
	size_t length;
	uint32_t count; /* audio thread only */
};

static void
on_play(void *data)
{
	struct echo *e = data;
	struct pw_buffer *b = pw_stream_dequeue_buffer(e->play);
	struct spa_data *d;
	float *frame;
	uint32_t frames = BLOCK;

	if (!b)
		return;
	d = &b->buffer->datas[0];
	frame = d->data;
	if (frames > d->maxsize / FRAME_BYTES)
		frames = d->maxsize / FRAME_BYTES;
	for (uint32_t i = 0; i < frames; i++) {
		*frame++ = (float)(e->count + 1) / COUNT_UNIT;
		*frame++ = (float)(e->count + 1) / COUNT_UNIT;
		e->count = (e->count + 1) % COUNT_MAX;
	}
	d->chunk->offset = 0;
	d->chunk->stride = FRAME_BYTES;
	d->chunk->size = frames * FRAME_BYTES;
	pw_stream_queue_buffer(e->play, b);
}

static void
on_record(void *data)
{
	struct echo *e = data;
	struct pw_buffer *b = pw_stream_dequeue_buffer(e->record);

	if (b)
		pw_stream_queue_buffer(e->record, b);
}

static const struct pw_stream_events play_events = {
	PW_VERSION_STREAM_EVENTS,
	.process = on_play,
};

static const struct pw_stream_events record_events = {
	PW_VERSION_STREAM_EVENTS,
	.process = on_record,
};

static struct pw_stream *
stream_new(struct echo *e, enum pw_direction direction, const char *target,
	const struct pw_stream_events *events, struct spa_hook *listener)
{
	uint8_t room[1024];
	struct spa_pod_builder builder;
	struct spa_audio_info_raw info = {
		.format = SPA_AUDIO_FORMAT_F32,
		.rate = RATE_HZ,
		.channels = CHANNELS,
		.position = {SPA_AUDIO_CHANNEL_FL, SPA_AUDIO_CHANNEL_FR},
	};
	const struct spa_pod *format;
	struct pw_properties *props =
		pw_properties_new(PW_KEY_MEDIA_TYPE, "Audio", PW_KEY_NODE_NAME,
			e->name, PW_KEY_APP_NAME, e->name, NULL);
	struct pw_stream *stream;

	spa_pod_builder_init(&builder, room, sizeof(room));
	format = spa_format_audio_raw_build(
		&builder, SPA_PARAM_EnumFormat, &info);
	if (target) {
		pw_properties_set(props, PW_KEY_TARGET_OBJECT, target);
		pw_properties_setf(props, PW_KEY_NODE_NAME, "%s.in", e->name);
	}
	stream = pw_stream_new(e->core, e->name, props);
	if (!stream)
		return NULL;
	pw_stream_add_listener(stream, listener, events, e);
	if (pw_stream_connect(stream, direction, PW_ID_ANY,
		    PW_STREAM_FLAG_AUTOCONNECT | PW_STREAM_FLAG_MAP_BUFFERS |
			    PW_STREAM_FLAG_RT_PROCESS,
		    &format, 1) < 0) {
		pw_stream_destroy(stream);
		return NULL;
	}
	return stream;
}

static void
obey(struct echo *e, const char *line)
{
	static struct spa_hook listener;

	if (e->record) {
		pw_stream_destroy(e->record);
		e->record = NULL;
	}
	if (!strncmp(line, "record ", 7)) {
		memset(&listener, 0, sizeof(listener));
		e->record = stream_new(e, PW_DIRECTION_INPUT, line + 7,
			&record_events, &listener);
	}
}

static void
on_input(void *data, int fd, uint32_t mask)
{
	struct echo *e = data;
	char c;

	(void)mask;
	if (read(fd, &c, 1) != 1) {
		pw_main_loop_quit(e->main);
		return;
	}
	if (c != '\n' && e->length < sizeof(e->line) - 1) {
		e->line[e->length++] = c;
		return;
	}
	e->line[e->length] = '\0';
	e->length = 0;
	obey(e, e->line);
}

int
main(int argc, char **argv)
{
	struct echo e = {.name = argc > 1 ? argv[1] : "echo"};
	struct pw_context *context;
	struct pw_loop *loop;

	pw_init(NULL, NULL);
	e.main = pw_main_loop_new(NULL);
	loop = pw_main_loop_get_loop(e.main);
	context = pw_context_new(
		loop, pw_properties_new(PW_KEY_APP_NAME, e.name, NULL), 0);
	e.core = context ? pw_context_connect(context, NULL, 0) : NULL;
	if (!e.core) {
		fprintf(stderr, "%s: no PipeWire\n", e.name);
		return 69;
	}
	e.play = stream_new(
		&e, PW_DIRECTION_OUTPUT, NULL, &play_events, &e.listener);
	pw_loop_add_io(loop, 0, SPA_IO_IN | SPA_IO_HUP, false, on_input, &e);
	if (e.play)
		pw_main_loop_run(e.main);
	obey(&e, "stop");
	if (e.play)
		pw_stream_destroy(e.play);
	pw_context_destroy(context);
	pw_main_loop_destroy(e.main);
	pw_deinit();
	return 0;
}
