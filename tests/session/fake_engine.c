/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An engine without audio, for tests of the supervisor; and its stop-watch.
 *
 *   fake_engine run [--cable] [--grab]   supervisor_run() with ourselves as
 *engine fake_engine engine                   parks every playing stream, beats
 *   fake_engine recover                  supervisor_recover()
 *   fake_engine time STREAM SINK SIGNAL PID
 *	sends the signal (0: none) and prints the ms until the stream's link to
 *	the sink is active; ends with 1 after 5 s
 *
 * FAKE_ENGINE_EXIT=N: the engine ends at once with code N. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <pipewire/pipewire.h>

#include "driver/supervisor/supervisor.h"

#define OBJECTS_MAX 4096

struct object {
	uint32_t id;
	char name[128];	  /* a node's */
	uint32_t out, in; /* a link's nodes */
	bool active;
	struct spa_hook hook;
	struct pw_proxy *proxy;
	struct fake *fake;
};

struct fake {
	struct pw_main_loop *main_loop;
	struct pw_loop *loop;
	struct pw_context *context;
	struct pw_core *core;
	struct pw_registry *registry;
	struct spa_hook core_hook, registry_hook;
	struct object *objects[OBJECTS_MAX];
	/* engine */
	struct supervisor_client *supervisor;
	/* time */
	const char *stream, *sink;
	int signal;
	pid_t pid;
	int synced;
	struct timespec struck;
	bool done;
	bool lost;
};

/* ---- engine ---- */

static void
on_beat(void *data, uint64_t expirations)
{
	struct fake *f = data;
	struct supervisor_shared *s = supervisor_client_shared(f->supervisor);

	(void)expirations;
	atomic_store(&s->audio_runs, 1);
	atomic_store(&s->block_ns, 21333333);
	atomic_fetch_add(&s->audio_turns, 2);
	atomic_fetch_add(&s->control_beats, 1);
}

static void
on_supervisor(void *data, int fd, uint32_t mask)
{
	struct fake *f = data;

	(void)fd;
	(void)mask;
	supervisor_client_dispatch(f->supervisor);
}

static void
on_quit(void *data)
{
	struct fake *f = data;

	pw_main_loop_quit(f->main_loop);
}

static void
on_orphaned(void *data)
{
	int res = supervisor_recover();

	fprintf(stderr, "fake: orphaned, recovered %d\n", res);
	on_quit(data);
}

static const struct supervisor_events supervisor_events = {
	.quit = on_quit,
	.orphaned = on_orphaned,
};

/* ---- time ---- */

static void
check(struct fake *f)
{
	struct timespec t;

	if (!f->stream || !f->struck.tv_sec || f->done)
		return;
	for (size_t i = 0; i < OBJECTS_MAX; i++) {
		struct object *l = f->objects[i], *out, *in;

		if (!l || !l->active || l->out >= OBJECTS_MAX ||
			l->in >= OBJECTS_MAX)
			continue;
		out = f->objects[l->out];
		in = f->objects[l->in];
		if (!out || !in || strcmp(out->name, f->stream) != 0 ||
			strcmp(in->name, f->sink) != 0)
			continue;
		clock_gettime(CLOCK_MONOTONIC, &t);
		printf("%.1f\n",
			(double)(t.tv_sec - f->struck.tv_sec) * 1e3 +
				(double)(t.tv_nsec - f->struck.tv_nsec) / 1e6);
		f->done = true;
		pw_main_loop_quit(f->main_loop);
		return;
	}
}

static void
on_link(void *data, const struct pw_link_info *info)
{
	struct object *o = data;

	o->active = info->state == PW_LINK_STATE_ACTIVE;
	check(o->fake);
}

static const struct pw_link_events link_events = {
	PW_VERSION_LINK_EVENTS,
	.info = on_link,
};

static void
on_timeout(void *data, uint64_t expirations)
{
	struct fake *f = data;

	(void)expirations;
	pw_main_loop_quit(f->main_loop);
}

/* ---- both ---- */

static void
on_global(void *data, uint32_t id, uint32_t permissions, const char *type,
	uint32_t version, const struct spa_dict *props)
{
	struct fake *f = data;
	struct object *o;
	const char *text;

	(void)permissions;
	(void)version;
	if (id >= OBJECTS_MAX || !props || !(o = calloc(1, sizeof(*o))))
		return;
	f->objects[id] = o;
	o->id = id;
	o->fake = f;
	if ((text = spa_dict_lookup(props, PW_KEY_NODE_NAME)))
		snprintf(o->name, sizeof(o->name), "%s", text);
	text = spa_dict_lookup(props, PW_KEY_MEDIA_CLASS);
	if (f->supervisor && text && !strcmp(text, "Stream/Output/Audio") &&
		!strcmp(type, PW_TYPE_INTERFACE_Node)) {
		text = spa_dict_lookup(props, PW_KEY_OBJECT_SERIAL);
		supervisor_client_park(f->supervisor,
			text ? strtoull(text, NULL, 10) : 0, false);
	}
	if (!strcmp(type, PW_TYPE_INTERFACE_Link) && f->stream) {
		text = spa_dict_lookup(props, PW_KEY_LINK_OUTPUT_NODE);
		o->out = text ? (uint32_t)atoi(text) : PW_ID_ANY;
		text = spa_dict_lookup(props, PW_KEY_LINK_INPUT_NODE);
		o->in = text ? (uint32_t)atoi(text) : PW_ID_ANY;
		o->proxy = pw_registry_bind(
			f->registry, id, type, PW_VERSION_LINK, 0);
		pw_proxy_add_object_listener(
			o->proxy, &o->hook, &link_events, o);
	}
}

static void
on_global_remove(void *data, uint32_t id)
{
	struct fake *f = data;
	struct object *o = id < OBJECTS_MAX ? f->objects[id] : NULL;

	if (!o)
		return;
	if (o->proxy) {
		spa_hook_remove(&o->hook);
		pw_proxy_destroy(o->proxy);
	}
	f->objects[id] = NULL;
	free(o);
}

static const struct pw_registry_events registry_events = {
	PW_VERSION_REGISTRY_EVENTS,
	.global = on_global,
	.global_remove = on_global_remove,
};

/* Twice: once for the globals, once for what was bound of them. */
static void
on_done(void *data, uint32_t id, int seq)
{
	struct fake *f = data;

	(void)seq;
	if (id != PW_ID_CORE || !f->stream)
		return;
	if (f->synced++ == 0) {
		pw_core_sync(f->core, PW_ID_CORE, 0);
		return;
	}
	clock_gettime(CLOCK_MONOTONIC, &f->struck);
	if (f->signal)
		kill(f->pid, f->signal);
	check(f);
}

static void
on_error(void *data, uint32_t id, int seq, int res, const char *message)
{
	struct fake *f = data;

	(void)seq;
	(void)message;
	if (id != PW_ID_CORE || res != -EPIPE)
		return;
	f->lost = true;
	pw_main_loop_quit(f->main_loop);
}

static const struct pw_core_events core_events = {
	PW_VERSION_CORE_EVENTS,
	.done = on_done,
	.error = on_error,
};

static void
timer(struct fake *f, void (*call)(void *, uint64_t), long first_ms,
	long every_ms)
{
	struct spa_source *s = pw_loop_add_timer(f->loop, call, f);
	struct timespec first = {first_ms / 1000, first_ms % 1000 * 1000000};
	struct timespec every = {every_ms / 1000, every_ms % 1000 * 1000000};

	pw_loop_update_timer(f->loop, s, &first, &every, false);
}

static int
fake_run(struct fake *f)
{
	pw_init(NULL, NULL);
	f->main_loop = pw_main_loop_new(NULL);
	f->loop = pw_main_loop_get_loop(f->main_loop);
	f->context = pw_context_new(f->loop, NULL, 0);
	f->core = pw_context_connect(f->context, NULL, 0);
	if (!f->core)
		return 69;
	pw_core_add_listener(f->core, &f->core_hook, &core_events, f);
	f->registry = pw_core_get_registry(f->core, PW_VERSION_REGISTRY, 0);
	pw_registry_add_listener(
		f->registry, &f->registry_hook, &registry_events, f);
	pw_core_sync(f->core, PW_ID_CORE, 0);
	if (f->supervisor) {
		pw_loop_add_io(f->loop, supervisor_client_fd(f->supervisor),
			SPA_IO_IN, false, on_supervisor, f);
		timer(f, on_beat, 10, 20);
	} else {
		timer(f, on_timeout, 5000, 0);
	}
	pw_main_loop_run(f->main_loop);
	return 0;
}

static int
engine(void)
{
	static struct fake f;
	const char *code = getenv("FAKE_ENGINE_EXIT");
	int res = supervisor_client_open(&f.supervisor, &supervisor_events, &f);

	signal(SIGPIPE, SIG_IGN); /* our stderr ends with the supervisor */
	if (code)
		return atoi(code);
	if (res < 0) {
		fprintf(stderr, "fake: supervisor_client_open: %s\n",
			strerror(-res));
		return 70;
	}
	/* The next one takes its time, so that a test can see the programs at
	 * home meanwhile. */
	if (atomic_load(
		    &supervisor_client_shared(f.supervisor)->engine_starts) > 1)
		sleep(1);
	res = fake_run(&f);
	supervisor_client_close(f.supervisor);
	return f.core && !f.lost ? res : 1;
}

int
main(int argc, char **argv)
{
	static struct fake f;
	char *const engine_argv[] = {argv[0], (char[]){"engine"}, NULL};
	struct supervisor_options options = {.engine_argv = engine_argv};

	if (argc >= 2 && !strcmp(argv[1], "engine"))
		return engine();
	if (argc >= 2 && !strcmp(argv[1], "recover"))
		return supervisor_recover() < 0;
	if (argc == 6 && !strcmp(argv[1], "time")) {
		f.stream = argv[2];
		f.sink = argv[3];
		f.signal = atoi(argv[4]);
		f.pid = atoi(argv[5]);
		return fake_run(&f) || !f.done;
	}
	if (argc < 2 || strcmp(argv[1], "run") != 0)
		return 64;
	for (int i = 2; i < argc; i++) {
		options.cable = options.cable || !strcmp(argv[i], "--cable");
		options.grab_new =
			options.grab_new || !strcmp(argv[i], "--grab");
	}
	return supervisor_run(&options);
}
