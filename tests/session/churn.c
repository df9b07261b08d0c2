/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changes of the graph, as fast as they go.
 *
 *	churn links N OUT_NODE IN_NODE IN_PORT...
 *
 * links the first output of a node to one of the ports, and unlinks it again, N
 * times; up to HELD links are there at once.
 *
 *	churn apps N NAMES NAME
 *
 * N programs one after the other, called NAME-0 to NAME-(NAMES - 1): each is a
 * client of its own, plays some blocks and leaves. Prints what was done. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <pipewire/pipewire.h>
#include <spa/param/audio/format-utils.h>

#define HELD	   8
#define PORTS_MAX  64
#define BLOCKS	   3
#define WAIT_NS	   20000000000ull
#define SLOW_EVERY 16	   /* of so many changes one waits for the audio */
#define SLOW_NS	   5000000 /* so long */
#define RATE_HZ	   48000

static uint64_t
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void
doze(long ns)
{
	const struct timespec t = {0, ns};

	nanosleep(&t, NULL);
}

struct peer {
	struct pw_main_loop *main;
	struct pw_loop *loop;
	struct pw_context *context;
	struct pw_core *core;
	struct spa_hook listener;
	int sync;
	bool synced, lost;
};

static void
on_done(void *data, uint32_t id, int seq)
{
	struct peer *p = data;

	if (id == PW_ID_CORE && seq == p->sync)
		p->synced = true;
}

static void
on_error(void *data, uint32_t id, int seq, int res, const char *message)
{
	struct peer *p = data;

	(void)seq;
	if (id == PW_ID_CORE && res == -EPIPE)
		p->lost = true;
	else if (id == PW_ID_CORE)
		fprintf(stderr, "churn: %s\n", message);
}

static const struct pw_core_events core_events = {
	PW_VERSION_CORE_EVENTS,
	.done = on_done,
	.error = on_error,
};

static int
peer_open(struct peer *p, const char *name)
{
	memset(p, 0, sizeof(*p));
	p->main = pw_main_loop_new(NULL);
	p->loop = pw_main_loop_get_loop(p->main);
	p->context = pw_context_new(
		p->loop, pw_properties_new(PW_KEY_APP_NAME, name, NULL), 0);
	p->core = p->context ? pw_context_connect(p->context, NULL, 0) : NULL;
	if (!p->core)
		return -1;
	pw_core_add_listener(p->core, &p->listener, &core_events, p);
	pw_loop_enter(p->loop);
	return 0;
}

static void
peer_close(struct peer *p)
{
	pw_loop_leave(p->loop);
	spa_hook_remove(&p->listener);
	pw_context_destroy(p->context);
	pw_main_loop_destroy(p->main);
}

/* Until the daemon has done all that we asked. */
static int
peer_sync(struct peer *p)
{
	uint64_t until_ns = now_ns() + WAIT_NS;

	p->synced = false;
	p->sync = pw_core_sync(p->core, PW_ID_CORE, 0);
	while (!p->synced && !p->lost && now_ns() < until_ns)
		pw_loop_iterate(p->loop, 100);
	return p->synced ? 0 : -1;
}

/* ---- links ---- */

struct port {
	uint32_t id, node;
	bool output;
	char name[64];
};

struct links {
	struct peer peer;
	const char *out_name, *in_name;
	uint32_t out_node, in_node;
	struct port port[512];
	uint32_t ports;
	struct pw_proxy *held[HELD];
};

static const char *
property(const struct spa_dict *props, const char *key)
{
	const char *value = spa_dict_lookup(props, key);

	return value ? value : "";
}

static void
on_global(void *data, uint32_t id, uint32_t permissions, const char *type,
	uint32_t version, const struct spa_dict *props)
{
	struct links *l = data;
	struct port *port = &l->port[l->ports];

	(void)permissions, (void)version;
	if (!props)
		return;
	if (!strcmp(type, PW_TYPE_INTERFACE_Node)) {
		if (!strcmp(property(props, PW_KEY_NODE_NAME), l->out_name))
			l->out_node = id;
		if (!strcmp(property(props, PW_KEY_NODE_NAME), l->in_name))
			l->in_node = id;
	} else if (!strcmp(type, PW_TYPE_INTERFACE_Port) &&
		   l->ports < SPA_N_ELEMENTS(l->port)) {
		port->id = id;
		port->node = (uint32_t)atoi(property(props, PW_KEY_NODE_ID));
		port->output =
			!strcmp(property(props, PW_KEY_PORT_DIRECTION), "out");
		snprintf(port->name, sizeof(port->name), "%s",
			property(props, PW_KEY_PORT_NAME));
		l->ports++;
	}
}

static const struct pw_registry_events registry_events = {
	PW_VERSION_REGISTRY_EVENTS,
	.global = on_global,
};

static const struct port *
port_find(const struct links *l, uint32_t node, bool output, const char *name)
{
	for (uint32_t i = 0; i < l->ports; i++) {
		const struct port *p = &l->port[i];

		if (p->node == node && p->output == output &&
			(!name || !strcmp(p->name, name)))
			return p;
	}
	return NULL;
}

static struct pw_proxy *
link_make(struct links *l, const struct port *out, const struct port *in)
{
	struct pw_properties *props =
		pw_properties_new(PW_KEY_OBJECT_LINGER, "false", NULL);
	struct pw_proxy *link;

	pw_properties_setf(props, PW_KEY_LINK_OUTPUT_NODE, "%u", out->node);
	pw_properties_setf(props, PW_KEY_LINK_OUTPUT_PORT, "%u", out->id);
	pw_properties_setf(props, PW_KEY_LINK_INPUT_NODE, "%u", in->node);
	pw_properties_setf(props, PW_KEY_LINK_INPUT_PORT, "%u", in->id);
	link = pw_core_create_object(l->peer.core, "link-factory",
		PW_TYPE_INTERFACE_Link, PW_VERSION_LINK, &props->dict, 0);
	pw_properties_free(props);
	return link;
}

static int
links_change(struct links *l, uint32_t count, const struct port *out,
	const struct port *const *in, uint32_t ins)
{
	unsigned seed = 1;
	uint32_t i;

	for (i = 0; i < count; i++) {
		struct pw_proxy **held = &l->held[i % HELD];

		if (*held)
			pw_proxy_destroy(*held);
		*held = link_make(l, out, in[(uint32_t)rand_r(&seed) % ins]);
		if (peer_sync(&l->peer) < 0)
			break;
		if (i % SLOW_EVERY == 0)
			doze(SLOW_NS);
	}
	for (uint32_t h = 0; h < HELD; h++)
		if (l->held[h])
			pw_proxy_destroy(l->held[h]);
	return peer_sync(&l->peer) == 0 && i == count ? 0 : -1;
}

static int
links_run(uint32_t count, int names, char **name)
{
	static struct links l;
	static struct spa_hook listener;
	const struct port *out, *in[PORTS_MAX];
	struct pw_registry *registry;
	uint64_t start_ns = now_ns();
	int ret, ins = 0;

	l.out_name = name[0];
	l.in_name = name[1];
	if (peer_open(&l.peer, "churn") < 0)
		return 69;
	registry = pw_core_get_registry(l.peer.core, PW_VERSION_REGISTRY, 0);
	pw_registry_add_listener(registry, &listener, &registry_events, &l);
	peer_sync(&l.peer);
	out = port_find(&l, l.out_node, true, NULL);
	for (int i = 2; i < names && ins < PORTS_MAX; i++)
		if ((in[ins] = port_find(&l, l.in_node, false, name[i])))
			ins++;
	if (!out || ins == 0) {
		fprintf(stderr, "churn: %s or %s has no such port\n", name[0],
			name[1]);
		return 66;
	}
	ret = links_change(&l, count, out, in, (uint32_t)ins);
	pw_proxy_destroy((struct pw_proxy *)registry);
	peer_close(&l.peer);
	if (ret == 0)
		printf("%u links made and removed in %.1f s\n", count,
			(double)(now_ns() - start_ns) / 1e9);
	return ret == 0 ? 0 : 1;
}

/* ---- apps ---- */

struct app {
	struct peer peer;
	struct pw_stream *stream;
	struct spa_hook listener;
	_Atomic uint32_t blocks;
};

static void
on_process(void *data)
{
	struct app *a = data;
	struct pw_buffer *b = pw_stream_dequeue_buffer(a->stream);
	struct spa_data *d;

	if (!b)
		return;
	d = &b->buffer->datas[0];
	memset(d->data, 0, d->maxsize);
	d->chunk->offset = 0;
	d->chunk->stride = 2 * sizeof(float);
	d->chunk->size = SPA_MIN(d->maxsize, 256 * 2 * (uint32_t)sizeof(float));
	pw_stream_queue_buffer(a->stream, b);
	a->blocks++;
}

static const struct pw_stream_events stream_events = {
	PW_VERSION_STREAM_EVENTS,
	.process = on_process,
};

static int
app_play(const char *name)
{
	static struct app a;
	uint8_t room[1024];
	struct spa_pod_builder builder;
	const struct spa_pod *format;
	struct spa_audio_info_raw info = {
		.format = SPA_AUDIO_FORMAT_F32,
		.rate = RATE_HZ,
		.channels = 2,
		.position = {SPA_AUDIO_CHANNEL_FL, SPA_AUDIO_CHANNEL_FR},
	};
	uint64_t until_ns = now_ns() + WAIT_NS;
	bool played;

	memset(&a, 0, sizeof(a));
	if (peer_open(&a.peer, name) < 0)
		return -1;
	spa_pod_builder_init(&builder, room, sizeof(room));
	format = spa_format_audio_raw_build(
		&builder, SPA_PARAM_EnumFormat, &info);
	a.stream = pw_stream_new(a.peer.core, name,
		pw_properties_new(PW_KEY_MEDIA_TYPE, "Audio", PW_KEY_NODE_NAME,
			name, PW_KEY_NODE_LATENCY, "256/48000", NULL));
	pw_stream_add_listener(a.stream, &a.listener, &stream_events, &a);
	pw_stream_connect(a.stream, PW_DIRECTION_OUTPUT, PW_ID_ANY,
		PW_STREAM_FLAG_AUTOCONNECT | PW_STREAM_FLAG_MAP_BUFFERS,
		&format, 1);
	while (a.blocks < BLOCKS && !a.peer.lost && now_ns() < until_ns)
		pw_loop_iterate(a.peer.loop, 100);
	played = a.blocks >= BLOCKS;
	pw_stream_destroy(a.stream);
	peer_close(&a.peer);
	return played ? 0 : -1;
}

static int
apps_run(uint32_t count, uint32_t names, const char *base)
{
	uint64_t start_ns = now_ns();
	uint32_t bad = 0;
	char name[64];

	for (uint32_t i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "%s-%u", base, i % names);
		if (app_play(name) < 0) {
			fprintf(stderr, "churn: start %u, %s, did not play\n",
				i, name);
			if (++bad == 5)
				return 1;
		}
	}
	printf("%u programs started in %.1f s\n", count,
		(double)(now_ns() - start_ns) / 1e9);
	return bad ? 1 : 0;
}

int
main(int argc, char **argv)
{
	uint32_t count = argc > 2 ? (uint32_t)atoi(argv[2]) : 0;
	int status = 64;

	pw_init(NULL, NULL);
	if (argc > 5 && count && !strcmp(argv[1], "links"))
		status = links_run(count, argc - 3, argv + 3);
	else if (argc == 5 && count && !strcmp(argv[1], "apps") &&
		 atoi(argv[3]) > 0)
		status = apps_run(count, (uint32_t)atoi(argv[3]), argv[4]);
	else
		fprintf(stderr, "usage: churn links N OUT IN PORT... | "
				"churn apps N NAMES NAME\n");
	pw_deinit();
	return status;
}
