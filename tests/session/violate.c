/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A filter whose audio thread does one thing that it must not, in its tenth
 * cycle: shows that tests/interpose sees it. "none" does nothing wrong and
 * ends after twenty cycles. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <pipewire/filter.h>
#include <pipewire/pipewire.h>

#define WRONG_AT 10
#define END_AT	 20
#define CHECK_NS 20000000

struct state {
	const char *wrong;
	void *port;
	struct pw_main_loop *main;
	struct spa_hook listener;
	_Atomic unsigned cycles;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static void *volatile block; /* so that nothing is optimised away */

static void
do_wrong(const char *wrong)
{
	const struct timespec moment = {0, 1000};

	if (!strcmp(wrong, "malloc")) {
		block = malloc(100);
	} else if (!strcmp(wrong, "free")) {
		free(block);
	} else if (!strcmp(wrong, "lock")) {
		pthread_mutex_lock(&mutex);
		pthread_mutex_unlock(&mutex);
	} else if (!strcmp(wrong, "printf")) {
		printf("%d\n", END_AT);
	} else if (!strcmp(wrong, "file")) {
		block = fopen("/dev/null", "r");
	} else if (!strcmp(wrong, "write")) {
		if (write(1, "", 0) < 0)
			abort();
	} else if (!strcmp(wrong, "sleep")) {
		nanosleep(&moment, NULL);
	}
}

static void
on_process(void *data, struct spa_io_position *position)
{
	struct state *s = data;

	pw_filter_get_dsp_buffer(s->port, (uint32_t)position->clock.duration);
	if (atomic_fetch_add(&s->cycles, 1) == WRONG_AT)
		do_wrong(s->wrong);
}

static const struct pw_filter_events events = {
	PW_VERSION_FILTER_EVENTS,
	.process = on_process,
};

static void
on_time(void *data, uint64_t expirations)
{
	struct state *s = data;

	(void)expirations;
	if (atomic_load(&s->cycles) >= END_AT)
		pw_main_loop_quit(s->main);
}

int
main(int argc, char **argv)
{
	struct state s = {.wrong = argc > 1 ? argv[1] : "none"};
	struct timespec every = {0, CHECK_NS};
	struct pw_context *context;
	struct pw_core *core;
	struct pw_loop *loop;
	struct spa_source *timer;
	struct pw_filter *filter;

	pw_init(NULL, NULL);
	block = malloc(100);
	s.main = pw_main_loop_new(NULL);
	loop = pw_main_loop_get_loop(s.main);
	timer = pw_loop_add_timer(loop, on_time, &s);
	pw_loop_update_timer(loop, timer, &every, &every, false);
	context = pw_context_new(loop, NULL, 0);
	core = context ? pw_context_connect(context, NULL, 0) : NULL;
	if (!core)
		return 69;
	filter = pw_filter_new(core, "violate",
		pw_properties_new(PW_KEY_NODE_ALWAYS_PROCESS, "true", NULL));
	pw_filter_add_listener(filter, &s.listener, &events, &s);
	s.port = pw_filter_add_port(filter, PW_DIRECTION_OUTPUT,
		PW_FILTER_PORT_FLAG_MAP_BUFFERS, 0,
		pw_properties_new(
			PW_KEY_FORMAT_DSP, "32 bit float mono audio", NULL),
		NULL, 0);
	if (pw_filter_connect(filter, PW_FILTER_FLAG_RT_PROCESS, NULL, 0) < 0)
		return 70;
	pw_main_loop_run(s.main);
	pw_filter_destroy(filter);
	pw_context_destroy(context);
	pw_main_loop_destroy(s.main);
	free(block);
	pw_deinit();
	return 0;
}
