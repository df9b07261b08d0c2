/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All that the real program has between a port and the mixer, in one thread and
 * on a clock that is turned by hand. */
#ifndef REFLEX_TORTURE_RIG_H
#define REFLEX_TORTURE_RIG_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <pipewire/filter.h>
#include <spa/control/control.h>
#include <spa/node/io.h>
#include <spa/pod/builder.h>

#include "control/model/feed.h"
#include "control/mapping/mapping.h"
#include "control/midi/midi_parse.h"
#include "control/surface/surface.h"
#include "core/mixer/mixer_state.h"
#include "driver/pipewire/driver_own.h"

#define RATE_HZ	     48000u
#define MS	     UINT64_C(1000000)
#define START_NS     (1000 * 1000 * MS)
#define REALTIME_NS  (UINT64_C(1700000000) * 1000 * MS)
#define BUFFER_BYTES 4096u
#define BACK_MAX     65536u /* of a loop */
#define DEVICES	     2	    /* the ports, and one that has no reflexes */
#define STRIPS	     6u
#define BUSES	     3u

static const char mapping_text[] =
	"name: Torture\n"
	"device: T\n"
	"takeover: jump\n"
	"bank: 2\n"
	"controls:\n"
	"  - {on: cc 1-2, to: \"/strip/{1-2}/gain\", range: [-90, 0], "
	"light: same}\n"
	"  - {on: cc 3-4, to: \"/strip/{1-2}/fader\", takeover: pickup, "
	"light: same}\n"
	"  - {on: cc 5-6, to: \"/strip/{1-2}/trim\", takeover: scale}\n"
	"  - {on: cc 7, to: [\"/strip/{1}/gain\", /bus/main/gain, "
	"/bus/cue/gain], curve: audio}\n"
	"  - {on: cc 8, to: \"/strip/{1}/gain\", relative: twos}\n"
	"  - {on: cc 9, to: \"/strip/{2}/route\"}\n"
	"  - {on: cc14 10, to: \"/strip/{1}/gain\"}\n"
	"  - {on: bend, to: \"/strip/{2}/gain\", light: same}\n"
	"  - {on: pressure, to: /bus/loop/gain, invert: true}\n"
	"  - {on: program, to: /strip/1/route}\n"
	"  - {on: note 1-2, to: \"/strip/{1-2}/mute\", as: toggle, "
	"light: same}\n"
	"  - {on: note 3, to: [/strip/1/mute, /strip/2/mute, /bus/main/mute], "
	"as: toggle}\n"
	"  - {on: note 4, to: \"/strip/{1}/mute\", as: momentary, "
	"light: same}\n"
	"  - {on: note 5, to: \"/strip/{2}/mute\", as: momentary, "
	"invert: true, light: same}\n"
	"  - {on: note 6, to: \"/strip/{1}/route\", as: radio, value: none, "
	"light: same}\n"
	"  - {on: note 7, to: \"/strip/{1}/route\", as: radio, value: both, "
	"light: same}\n"
	"  - {on: note 8, to: \"/strip/{1}/send/cue\", as: toggle, "
	"light: same}\n"
	"  - {on: note 9, as: bank-left}\n"
	"  - {on: note 10, as: bank-right, light: same}\n"
	"  - {on: note 11, as: shift fx}\n"
	"  - {on: note 12, as: layer fx, light: same}\n"
	"  - {on: cc 1, to: \"/strip/{2}/trim\", layer: fx, takeover: pickup}\n"
	"  - {on: note 1, to: \"/strip/{2}/mute\", layer: fx, as: momentary}\n";

struct device {
	struct world *world;
	struct surface *surface;
	struct midi_parser parser;
	uint8_t at[128]; /* where its knobs are */
};

struct port {
	struct pw_buffer buffer;
	struct spa_buffer spa;
	struct spa_data data;
	struct spa_chunk chunk;
	_Alignas(8) uint8_t bytes[BUFFER_BYTES];
};

struct world {
	void *memory;
	struct model *model;
	struct params *p;
	struct mapping *mapping;
	struct device device[DEVICES];
	struct driver driver;
	struct port in, out;
	float sound[BLOCK_MAX];
	struct port sound_in; /* has it */

	uint64_t random, seed;
	uint64_t block_ns;   /* when the next cycle is due */
	uint32_t block;	     /* frames of it */
	uint64_t control_ns; /* when control runs next */
	/* Control runs once; also in the middle of a cycle. */
	void (*control_turn)(struct world *w);
	bool stale_publish; /* surfaces changed since the last table */
	bool learning;
	bool loops; /* midi_out is linked to midi_in */
	bool quiet; /* nobody touches anything any more */
	bool in_cycle;
	uint32_t lag; /* one in so many times a new table is published */

	uint8_t back[BACK_MAX]; /* on its way through the loop, 3 bytes each */
	uint32_t backs;
	uint64_t done, events;
};

static struct world *the_world;
static uint64_t now_ns;

/* In the place of the C library's: time is what we say it is. */
int
clock_gettime(clockid_t clock, struct timespec *t)
{
	uint64_t ns = now_ns + (clock == CLOCK_REALTIME ? REALTIME_NS : 0);

	t->tv_sec = (time_t)(ns / 1000000000u);
	t->tv_nsec = (long)(ns % 1000000000u);
	return 0;
}

static inline uint32_t
chance(struct world *w, uint32_t of)
{
	w->random = w->random * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(w->random >> 33) % of;
}

/* ---- in the place of PipeWire's own ---- */

struct pw_buffer *
pw_filter_dequeue_buffer(void *port)
{
	struct world *w = the_world;
	struct port *p = port;

	/* What came is heard, and nothing is mixed yet: control is as quick as
	 * it can be. */
	if (p == &w->out && chance(w, 8) == 0)
		w->control_turn(w);
	return p ? &p->buffer : NULL;
}

int
pw_filter_queue_buffer(void *port, struct pw_buffer *buffer)
{
	(void)port;
	(void)buffer;
	return 0;
}

void *
pw_filter_get_dsp_buffer(void *port, uint32_t n)
{
	(void)n;
	return port;
}

static inline void
port_init(struct port *p)
{
	p->buffer.buffer = &p->spa;
	p->spa.n_datas = 1;
	p->spa.datas = &p->data;
	p->data.data = p->bytes;
	p->data.maxsize = BUFFER_BYTES;
	p->data.chunk = &p->chunk;
}

/* ---- the devices, as far as it matters ---- */

static inline void
on_event(void *data, const struct midi_event *e, uint64_t time)
{
	struct device *d = data;

	(void)time;
	d->world->events++;
	if (d->world->learning)
		surface_feel(d->surface, e, now_ns);
	else
		surface_event(d->surface, e, 0, now_ns);
}

static inline void
on_send(void *data, const uint8_t *bytes, uint32_t n)
{
	struct device *d = data;
	struct world *w = d->world;

	if (d == &w->device[0])
		driver_midi_write(&w->driver, bytes, n);
}

static inline void
on_param(void *data, uint32_t id, uint32_t source)
{
	struct world *w = data;

	for (int i = 0; i < DEVICES; i++)
		if (w->device[i].surface)
			surface_changed(w->device[i].surface, id, source);
}

static inline void
publish(struct world *w, bool now)
{
	struct surface *s = w->device[0].surface;
	struct reflex_table *t;

	if (!w->stale_publish && !surface_reflex_stale(s))
		return;
	if (!now && chance(w, w->lag) != 0)
		return;
	w->stale_publish = false;
	t = reflex_begin(w->driver.node.cycle->midi.reflex);
	if (!w->learning)
		surface_reflex(s, t);
	reflex_publish(w->driver.node.cycle->midi.reflex);
}

/* As engine_midi.c does it. */
static inline void
on_heard(void *data, const struct driver_midi *midi)
{
	struct world *w = data;
	struct device *d = &w->device[0];

	w->done += midi->count;
	model_done_begin(w->model, midi->done, midi->count);
	midi_parse_bytes(&d->parser, midi->bytes, midi->n, now_ns);
	model_done_end(w->model, midi->frame, midi->taken);
}

static inline void
surface_make(struct world *w, int i)
{
	const struct surface_config config = {.params = w->p,
		.mapping = w->mapping,
		.source = 0x4d000001u + (uint32_t)i,
		.send = on_send,
		.data = &w->device[i]};

	if (w->device[i].surface)
		surface_let_go(w->device[i].surface);
	surface_free(w->device[i].surface);
	w->device[i].surface = NULL;
	assert_int_equal(surface_new(&w->device[i].surface, &config), 0);
	surface_resync(w->device[i].surface);
	w->device[i].world = w;
	midi_parser_init(&w->device[i].parser, on_event, &w->device[i]);
	w->stale_publish = true;
}

/* ---- the driver, as far as it matters ---- */

static inline void
audio_begin(struct world *w)
{
	const struct mixer_config shape = {.strips = STRIPS,
		.buses = BUSES,
		.rate_hz = RATE_HZ,
		.block_max = BLOCK_MAX};
	struct cycle *c = aligned_alloc(64, (sizeof(*c) + 63) / 64 * 64);

	memset(c, 0, sizeof(*c));
	w->driver.node.cycle = c;
	assert_int_equal(mixer_new(&c->mixer, &shape), 0);
	assert_int_equal(reflex_new(&c->midi.reflex), 0);
	c->rate_hz = RATE_HZ;
	c->strips = STRIPS;
	c->buses = BUSES;
	c->midi.in = &w->in;
	c->midi.out = &w->out;
	port_init(&w->sound_in);
	w->sound_in.data.data = w->sound;
	w->sound_in.data.maxsize = w->sound_in.chunk.size = sizeof(w->sound);
	for (uint32_t s = 0; s < STRIPS; s++)
		c->in[s][0] = &w->sound_in;
	model_mixer_start(w->model, c->mixer, RATE_HZ);
	w->driver.running = true;
	w->stale_publish = true;
	publish(w, true);
}

/* As engine_sound.c: control forgets the mixer, then hears the rest. */
static inline void
audio_end(struct world *w)
{
	struct cycle *c = w->driver.node.cycle;

	w->driver.running = false;
	model_mixer_stop(w->model);
	driver_midi_read(&w->driver, on_heard, w);
	w->driver.node.cycle = NULL;
	mixer_free(c->mixer);
	reflex_free(c->midi.reflex);
	free(c);
}

/* ---- set up ---- */

static inline void
world_open(
	struct world *w, uint64_t seed, void (*control_turn)(struct world *w))
{
	char path[] = "/tmp/tapdeck-torture-XXXXXX", why[MAPPING_WHY_MAX];
	struct model_config config;
	int fd = mkstemp(path);

	memset(w, 0, sizeof(*w));
	the_world = w;
	w->random = w->seed = seed;
	w->control_turn = control_turn;
	now_ns = START_NS;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, mapping_text, sizeof(mapping_text) - 1),
		sizeof(mapping_text) - 1);
	close(fd);
	model_config_init(&config);
	config.strips = STRIPS;
	config.buses = BUSES;
	strcpy(config.bus_name[2], "cue");
	config.routes = 0;
	model_config_routes(&config);
	w->memory = calloc(1, model_memory_bytes());
	assert_int_equal(model_new(&w->model, &config, w->memory), 0);
	w->p = model_params(w->model);
	if (mapping_load(&w->mapping, path, w->p, why) < 0)
		fail_msg("%s", why);
	unlink(path);
	assert_int_equal(param_listen(w->p, on_param, w), 0);
	port_init(&w->in);
	port_init(&w->out);
	for (int i = 0; i < DEVICES; i++)
		surface_make(w, i);
	w->block = 64u << chance(w, 5);
	w->lag = 1 + chance(w, 6);
	w->loops = chance(w, 3) == 0;
	w->block_ns = w->control_ns = now_ns;
	audio_begin(w);
}

static inline void
world_close(struct world *w)
{
	audio_end(w);
	for (int i = 0; i < DEVICES; i++)
		surface_free(w->device[i].surface);
	mapping_free(w->mapping);
	model_free(w->model);
	free(w->memory);
}

#endif
