/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/pipewire/node/node.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <pipewire/filter.h>
#include <spa/param/format.h>
#include <spa/param/param.h>
#include <spa/pod/builder.h>

#include "core/resident.h"
#include "driver/pipewire/compat.h"
#include "driver/supervisor/supervisor.h"

#define BLOCK_GUESS 1024

/* A cycle is over in the time of a block; 0.2 s in all. */
#define PAUSE_STEP_NS 100000
#define PAUSE_STEPS   2000

static void
on_state(void *data, enum pw_filter_state old, enum pw_filter_state state,
	const char *error)
{
	struct node *node = data;

	(void)error;
	if (state == PW_FILTER_STATE_ERROR ||
		(state == PW_FILTER_STATE_UNCONNECTED && old > state &&
			!node->leaving))
		node->failed = true;
}

static void
on_process(void *data, struct spa_io_position *position)
{
	struct node *node = data;

	cycle_run(node->cycle, position);
}

static void
on_param(void *data, void *port, uint32_t id, const struct spa_pod *param)
{
	if (id == SPA_PARAM_Latency)
		latency_heard(data, port, param);
}

static const struct pw_filter_events filter_events = {
	PW_VERSION_FILTER_EVENTS,
	.state_changed = on_state,
	.param_changed = on_param,
	.process = on_process,
};

#define AUDIO "32 bit float mono audio"
#define MIDI  "8 bit raw midi"

/* Control messages of any kind: from 1.4 on a port of raw bytes offers nothing
 * else by itself, and is not linked to one that has UMP only. What we send, its
 * mixer converts; what it sends, the cycle reads. */
static const struct spa_pod *
any_control(struct spa_pod_builder *b)
{
	return spa_pod_builder_add_object(b, SPA_TYPE_OBJECT_Format,
		SPA_PARAM_EnumFormat, SPA_FORMAT_mediaType,
		SPA_POD_Id(SPA_MEDIA_TYPE_application), SPA_FORMAT_mediaSubtype,
		SPA_POD_Id(SPA_MEDIA_SUBTYPE_control));
}

static void *
port_new(struct node *node, enum pw_direction direction, const char *name,
	const char *format, const char *channel)
{
	uint8_t memory[256];
	struct spa_pod_builder b = SPA_POD_BUILDER_INIT(memory, sizeof(memory));
	const struct spa_pod *any = any_control(&b);
	bool is_midi = !strcmp(format, MIDI);
	struct pw_properties *props = pw_properties_new(
		PW_KEY_FORMAT_DSP, format, PW_KEY_PORT_NAME, name, NULL);

	if (props && channel)
		pw_properties_set(props, PW_KEY_AUDIO_CHANNEL, channel);
	return pw_filter_add_port(node->filter, direction,
		PW_FILTER_PORT_FLAG_MAP_BUFFERS, sizeof(struct latency_port),
		props, is_midi ? &any : NULL, is_midi ? 1 : 0);
}

static int
add_pair(struct node *node, enum pw_direction direction, const char *of,
	void *ports[2])
{
	static const char *const sides[] = {"FL", "FR"};
	char name[BUS_NAME_MAX + 8];

	for (int i = 0; i < 2; i++) {
		snprintf(name, sizeof(name), "%s_%s", of, sides[i]);
		if (!(ports[i] = port_new(
			      node, direction, name, AUDIO, sides[i])))
			return -errno;
	}
	return 0;
}

static int
add_ports(struct node *node, const struct driver_config *config)
{
	struct cycle *c = node->cycle;
	char name[BUS_NAME_MAX];
	int ret = 0;

	for (uint32_t s = 0; s < c->strips && !ret; s++) {
		snprintf(name, sizeof(name), "strip%u", s + 1);
		ret = add_pair(node, PW_DIRECTION_INPUT, name, c->in[s]);
	}
	for (uint32_t b = 0; b < c->buses && !ret; b++)
		ret = add_pair(node, PW_DIRECTION_OUTPUT, config->bus_name[b],
			c->out[b]);
	for (uint32_t w = 0; w < WIDES && !ret; w++) {
		for (uint32_t i = 0; i < CHANNELS_MAX && !ret; i++) {
			snprintf(name, sizeof(name), "wide%u_%u", w + 1, i + 1);
			c->wide[w][i] = port_new(
				node, PW_DIRECTION_INPUT, name, AUDIO, NULL);
			ret = c->wide[w][i] ? 0 : -errno;
		}
	}
	if (ret < 0)
		return ret;
	c->midi.in = port_new(node, PW_DIRECTION_INPUT, "midi_in", MIDI, NULL);
	c->midi.out =
		port_new(node, PW_DIRECTION_OUTPUT, "midi_out", MIDI, NULL);
	return c->midi.in && c->midi.out ? 0 : -errno;
}

/* Asks for the block, where one is wanted. */
static void
set_latency(struct pw_properties *props, const struct driver_config *config,
	uint32_t rate_hz)
{
	if (props && config->block_frames)
		pw_properties_setf(props, PW_KEY_NODE_LATENCY, "%u/%u",
			config->block_frames, rate_hz);
}

static struct pw_properties *
filter_props(
	const struct driver_config *config, uint32_t rate_hz, bool force_rate)
{
	struct pw_properties *props = pw_properties_new(PW_KEY_NODE_NAME,
		NODE_NAME, PW_KEY_NODE_DESCRIPTION, "Tapdeck mixer",
		PW_KEY_MEDIA_TYPE, "Audio", PW_KEY_MEDIA_CATEGORY, "Filter",
		PW_KEY_MEDIA_ROLE, "DSP", PW_KEY_NODE_ALWAYS_PROCESS, "true",
		NULL);

	set_latency(props, config, rate_hz);
	if (props)
		pw_properties_set(props, PW_KEY_NODE_GROUP, compat_group());
	if (props && force_rate)
		pw_properties_setf(
			props, PW_KEY_NODE_FORCE_RATE, "%u", rate_hz);
	return props;
}

/* What else of a cycle hangs on the rate. */
static int
reflex_make(struct cycle *c, uint32_t rate_hz)
{
	c->rate_hz = rate_hz;
	c->changes++;
	for (uint32_t b = 0; b < c->buses; b++)
		fold_set_rate(&c->fold[b], rate_hz);
	return reflex_new(&c->midi.reflex);
}

static int
mixer_make(
	struct node *node, const struct driver_config *config, uint32_t rate_hz)
{
	struct bus_uses uses = {0};
	struct mixer_config shape = {
		.strips = config->strips,
		.buses = config->buses,
		.rate_hz = rate_hz,
		.block_max = BLOCK_MAX,
		.frame_messages = FRAME_MESSAGES,
	};
	int ret;

	for (uint32_t b = 0; b < config->buses; b++)
		bus_name_use(&uses, config->bus_name[b], b);
	shape.loops = uses.loops;
	shape.cue = uses.cue;
	shape.room = uses.room;
	ret = mixer_new(&node->mixer, &shape);
	node->cycle->mixer = node->mixer;
	return ret < 0 ? ret : reflex_make(node->cycle, rate_hz);
}

static void
mixer_drop(struct node *node)
{
	mixer_free(node->mixer);
	reflex_free(node->cycle->midi.reflex);
	node->mixer = node->cycle->mixer = NULL;
	node->cycle->midi.reflex = NULL;
}

static int
cycle_new(
	struct node *node, const struct driver_config *config, uint32_t rate_hz)
{
	struct cycle *c;
	struct supervisor_shared *shared =
		supervisor_client_shared(config->supervisor);

	node->cycle = c = resident_new(sizeof(*c));
	if (!c)
		return -ENOMEM;
	c->strips = config->strips;
	c->buses = config->buses;
	c->turns = shared ? &shared->audio_turns : NULL;
	for (uint32_t s = 0; s < c->strips; s++) {
		c->inputs[s].strip = s;
		c->inputs[s].layout = LAYOUT_STEREO;
	}
	for (uint32_t b = 0; b < c->buses; b++)
		fold_init(&c->fold[b], rate_hz);
	atomic_init(&c->block_seen, BLOCK_GUESS);
	return mixer_make(node, config, rate_hz);
}

int
node_init(struct node *node, struct pw_core *core,
	const struct driver_config *config, uint32_t rate_hz, bool force_rate,
	int bell)
{
	int ret;

	memset(node, 0, sizeof(*node));
	if ((ret = cycle_new(node, config, rate_hz)) < 0)
		return ret;
	node->cycle->midi.bell = bell;
	node->filter = pw_filter_new(
		core, NODE_NAME, filter_props(config, rate_hz, force_rate));
	if (!node->filter)
		return -errno;
	pw_filter_add_listener(
		node->filter, &node->listener, &filter_events, node);
	return add_ports(node, config);
}

int
node_start(struct node *node)
{
	return pw_filter_connect(node->filter,
		PW_FILTER_FLAG_RT_PROCESS | PW_FILTER_FLAG_CUSTOM_LATENCY, NULL,
		0);
}

int
node_pause(struct node *node)
{
	const struct timespec moment = {0, PAUSE_STEP_NS};
	struct cycle *c = node->cycle;

	/* seq_cst: audio stores `inside` and then looks at `paused` */
	atomic_store_explicit(&c->paused, 1, memory_order_seq_cst);
	for (int i = 0; i < PAUSE_STEPS; i++) {
		if (!atomic_load_explicit(&c->inside, memory_order_seq_cst))
			return 0;
		nanosleep(&moment, NULL);
	}
	atomic_store_explicit(&c->paused, 0, memory_order_seq_cst);
	return -ETIMEDOUT;
}

void
node_resume(struct node *node)
{
	/* seq_cst, and so a release: what was changed is seen with it */
	atomic_store_explicit(&node->cycle->paused, 0, memory_order_seq_cst);
}

int
node_set_rate(
	struct node *node, const struct driver_config *config, uint32_t rate_hz)
{
	struct pw_properties *props = pw_properties_new(NULL, NULL);
	int ret = mixer_set_rate(node->mixer, rate_hz);

	reflex_free(node->cycle->midi.reflex);
	node->cycle->midi.reflex = NULL;
	set_latency(props, config, rate_hz);
	if (props && props->dict.n_items > 0)
		pw_filter_update_properties(node->filter, NULL, &props->dict);
	pw_properties_free(props);
	return ret < 0 ? ret : reflex_make(node->cycle, rate_hz);
}

void
node_force_rate(struct node *node, uint32_t rate_hz)
{
	char text[16];
	struct spa_dict_item item = {PW_KEY_NODE_FORCE_RATE, text};

	snprintf(text, sizeof(text), "%u", rate_hz);
	pw_filter_update_properties(
		node->filter, NULL, &SPA_DICT_INIT(&item, 1));
}

void
node_done(struct node *node)
{
	if (node->filter)
		pw_filter_destroy(node->filter);
	if (node->cycle)
		mixer_drop(node);
	resident_free(node->cycle, sizeof(*node->cycle));
	memset(node, 0, sizeof(*node));
}

uint32_t
node_id(const struct node *node)
{
	return node->filter ? pw_filter_get_node_id(node->filter)
			    : SPA_ID_INVALID;
}

/* 0 when it is gone */
static pid_t
thread_id(pthread_t thread)
{
	clockid_t clock;

	/* Linux: the id, inverted, above three bits of kind */
	return pthread_getcpuclockid(thread, &clock) == 0 ? ~(clock >> 3) : 0;
}

void
node_scheduler(const struct node *node, char out[32])
{
	struct sched_param param;
	int policy;
	pid_t id;

	out[0] = '\0';
	/* acquire: pairs with the release in cycle_run() */
	if (!node->cycle || !atomic_load_explicit(&node->cycle->thread_known,
				    memory_order_acquire))
		return;
	id = thread_id(atomic_load_explicit(
		&node->cycle->thread, memory_order_relaxed));
	/* The kernel is asked: pthread_getschedparam() repeats what the C
	 * library has set itself, and RTKit does it from outside. */
	policy = id ? sched_getscheduler(id) : -1;
	if (policy < 0 || sched_getparam(id, &param) < 0)
		return;
	policy &= ~SCHED_RESET_ON_FORK;
	snprintf(out, 32, "%s %d",
		policy == SCHED_FIFO ? "SCHED_FIFO"
		: policy == SCHED_RR ? "SCHED_RR"
				     : "SCHED_OTHER",
		param.sched_priority);
}
