/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many programs that play, in one process.
 *
 *	crowd PROGRAMS STREAMS NAME
 *
 * PROGRAMS clients, called NAME-0, NAME-1 ..., each with STREAMS streams that
 * play silence. "playing" is printed when all of them run; SIGTERM or SIGINT
 * end it. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pipewire/pipewire.h>
#include <spa/param/audio/format-utils.h>

#define RATE_HZ 48000

struct crowd;

struct one {
	struct crowd *crowd;
	struct pw_stream *stream;
	struct spa_hook listener;
	bool runs;
};

struct crowd {
	struct pw_main_loop *main;
	struct pw_context *context;
	struct one *one;
	uint32_t count, running;
};

static void
on_process(void *data)
{
	struct one *o = data;
	struct pw_buffer *b = pw_stream_dequeue_buffer(o->stream);
	struct spa_data *d;
	uint32_t n;

	if (!b)
		return;
	d = &b->buffer->datas[0];
	n = d->maxsize;
	if (b->requested && b->requested * 2 * sizeof(float) < n)
		n = (uint32_t)(b->requested * 2 * sizeof(float));
	memset(d->data, 0, n);
	d->chunk->offset = 0;
	d->chunk->stride = 2 * sizeof(float);
	d->chunk->size = n;
	pw_stream_queue_buffer(o->stream, b);
}

static void
on_state(void *data, enum pw_stream_state old, enum pw_stream_state state,
	const char *error)
{
	struct one *o = data;

	(void)old;
	if (state == PW_STREAM_STATE_ERROR) {
		fprintf(stderr, "crowd: %s\n", error);
		exit(70);
	}
	if (state != PW_STREAM_STATE_STREAMING || o->runs)
		return;
	o->runs = true;
	if (++o->crowd->running < o->crowd->count)
		return;
	puts("playing");
	fflush(stdout);
}

static const struct pw_stream_events stream_events = {
	PW_VERSION_STREAM_EVENTS,
	.state_changed = on_state,
	.process = on_process,
};

static int
one_start(struct one *o, struct pw_core *core, const char *name)
{
	uint8_t memory[1024];
	struct spa_pod_builder b = SPA_POD_BUILDER_INIT(memory, sizeof(memory));
	struct spa_audio_info_raw info = {
		.format = SPA_AUDIO_FORMAT_F32,
		.rate = RATE_HZ,
		.channels = 2,
		.position = {SPA_AUDIO_CHANNEL_FL, SPA_AUDIO_CHANNEL_FR},
	};
	const struct spa_pod *format[] = {
		spa_format_audio_raw_build(&b, SPA_PARAM_EnumFormat, &info)};

	o->stream = pw_stream_new(core, name,
		pw_properties_new(PW_KEY_MEDIA_TYPE, "Audio",
			PW_KEY_MEDIA_CATEGORY, "Playback", PW_KEY_NODE_NAME,
			name, NULL));
	if (!o->stream)
		return -1;
	pw_stream_add_listener(o->stream, &o->listener, &stream_events, o);
	return pw_stream_connect(o->stream, PW_DIRECTION_OUTPUT, PW_ID_ANY,
		PW_STREAM_FLAG_AUTOCONNECT | PW_STREAM_FLAG_MAP_BUFFERS |
			PW_STREAM_FLAG_RT_PROCESS,
		format, 1);
}

/* One process of many names: each client says that it is another one. */
static int
program_start(
	struct crowd *c, uint32_t program, uint32_t streams, const char *of)
{
	char name[64];
	struct pw_properties *props;
	struct pw_core *core;

	snprintf(name, sizeof(name), "%s-%u", of, program);
	props = pw_properties_new(
		PW_KEY_APP_NAME, name, PW_KEY_APP_PROCESS_BINARY, name, NULL);
	pw_properties_setf(
		props, PW_KEY_APP_PROCESS_ID, "%u", 1000000 + program);
	core = pw_context_connect(c->context, props, 0);
	if (!core)
		return -1;
	for (uint32_t s = 0; s < streams; s++) {
		struct one *o = &c->one[program * streams + s];

		o->crowd = c;
		if (one_start(o, core, name) < 0)
			return -1;
	}
	return 0;
}

static void
on_signal(void *data, int signo)
{
	struct crowd *c = data;

	(void)signo;
	pw_main_loop_quit(c->main);
}

int
main(int argc, char **argv)
{
	struct crowd c = {0};
	uint32_t programs = argc == 4 ? (uint32_t)atoi(argv[1]) : 0;
	uint32_t streams = argc == 4 ? (uint32_t)atoi(argv[2]) : 0;
	struct pw_loop *loop;

	if (!programs || !streams) {
		fprintf(stderr, "usage: crowd PROGRAMS STREAMS NAME\n");
		return 64;
	}
	pw_init(NULL, NULL);
	c.main = pw_main_loop_new(NULL);
	loop = pw_main_loop_get_loop(c.main);
	pw_loop_add_signal(loop, SIGTERM, on_signal, &c);
	pw_loop_add_signal(loop, SIGINT, on_signal, &c);
	c.context = pw_context_new(loop, NULL, 0);
	c.count = programs * streams;
	c.one = calloc(c.count, sizeof(*c.one));
	if (!c.context || !c.one)
		return 71;
	for (uint32_t p = 0; p < programs; p++) {
		if (program_start(&c, p, streams, argv[3]) < 0) {
			fprintf(stderr, "crowd: no PipeWire to talk to\n");
			return 69;
		}
	}
	pw_main_loop_run(c.main);
	pw_context_destroy(c.context);
	pw_main_loop_destroy(c.main);
	free(c.one);
	return 0;
}
