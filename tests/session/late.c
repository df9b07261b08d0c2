/* SPDX-License-Identifier: GPL-3.0-or-later */
/* late NAME FRAMES CLOCK: a place for sound that says to be late by so many
 * frames, as a card with a large buffer does, on the clock of this name. What
 * comes is thrown away. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include <pipewire/filter.h>
#include <pipewire/pipewire.h>
#include <spa/param/latency-utils.h>
#include <spa/pod/builder.h>

struct late {
	struct pw_main_loop *loop;
	struct pw_filter *filter;
	void *port[2];
};

static void
on_process(void *data, struct spa_io_position *position)
{
	struct late *l = data;

	for (int i = 0; i < 2; i++)
		pw_filter_get_dsp_buffer(
			l->port[i], (uint32_t)position->clock.duration);
}

static const struct pw_filter_events events = {
	PW_VERSION_FILTER_EVENTS,
	.process = on_process,
};

static void
on_signal(void *data, int signal_number)
{
	struct late *l = data;

	(void)signal_number;
	pw_main_loop_quit(l->loop);
}

static void *
port_new(struct late *l, const char *name, const char *channel)
{
	return pw_filter_add_port(l->filter, PW_DIRECTION_INPUT,
		PW_FILTER_PORT_FLAG_MAP_BUFFERS, 8,
		pw_properties_new(PW_KEY_FORMAT_DSP, "32 bit float mono audio",
			PW_KEY_PORT_NAME, name, PW_KEY_AUDIO_CHANNEL, channel,
			NULL),
		NULL, 0);
}

int
main(int argc, char **argv)
{
	struct late l = {0};
	struct spa_latency_info latency = SPA_LATENCY_INFO(SPA_DIRECTION_INPUT);
	uint8_t memory[256];
	struct spa_pod_builder b = SPA_POD_BUILDER_INIT(memory, sizeof(memory));
	const struct spa_pod *param;

	if (argc != 4) {
		fprintf(stderr, "usage: late NAME FRAMES CLOCK\n");
		return 64;
	}
	pw_init(NULL, NULL);
	l.loop = pw_main_loop_new(NULL);
	pw_loop_add_signal(
		pw_main_loop_get_loop(l.loop), SIGTERM, on_signal, &l);
	l.filter = pw_filter_new_simple(pw_main_loop_get_loop(l.loop), argv[1],
		pw_properties_new(
			PW_KEY_NODE_NAME, argv[1], "clock.name", argv[3], NULL),
		&events, &l);
	l.port[0] = port_new(&l, "input_FL", "FL");
	l.port[1] = port_new(&l, "input_FR", "FR");
	latency.min_rate = latency.max_rate = (uint32_t)atoi(argv[2]);
	param = spa_latency_build(&b, SPA_PARAM_Latency, &latency);
	if (pw_filter_connect(l.filter, PW_FILTER_FLAG_RT_PROCESS, NULL, 0) <
			0 ||
		pw_filter_update_params(l.filter, l.port[0], &param, 1) < 0 ||
		pw_filter_update_params(l.filter, l.port[1], &param, 1) < 0) {
		perror("late");
		return 69;
	}
	pw_main_loop_run(l.loop);
	pw_filter_destroy(l.filter);
	pw_main_loop_destroy(l.loop);
	pw_deinit();
	return 0;
}
