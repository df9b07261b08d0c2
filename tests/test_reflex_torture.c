/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The audio thread moves the mixer by itself, control moves it a while later,
 * and both hear of the other too late. Whatever comes in whatever order, once
 * it is quiet the mixer has to be what the parameters say.
 *
 * All that the real program has between a port and the mixer, in one thread and
 * on a clock that is turned by hand: hands on two controllers, OSC, bundles
 * with a time, banks, layers, learning, a patchbay loop from midi_out to
 * midi_in, new mixers. Control runs late by up to some blocks, tables later
 * still, and control also runs in the middle of a cycle. */
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

#include "control/console_state.h"
#include "control/mapping.h"
#include "control/midi_parse.h"
#include "control/surface.h"
#include "core/mixer_state.h"
#include "driver/pw_private.h"

#define RATE_HZ	     48000u
#define MS	     UINT64_C(1000000)
#define START_NS     (1000 * 1000 * MS)
#define REALTIME_NS  (UINT64_C(1700000000) * 1000 * MS)
#define BUFFER_BYTES 4096u
#define BACK_MAX     65536u /* of a loop */
#define DEVICES	     2	    /* the ports, and one that has no reflexes */
#define STRIPS	     6u
#define BUSES	     3u
#define EVENTS_MAX   24u
#define QUIET_NS     (700 * MS)	 /* longer than a hand stays */
#define LOOP_NS	     (2500 * MS) /* what goes round comes to rest later */

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
	"  - {on: note 4-5, to: \"/strip/{1-2}/mute\", as: momentary, "
	"light: same}\n"
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
	struct console *console;
	struct params *p;
	struct mapping *mapping;
	struct device device[DEVICES];
	struct driver driver;
	struct port in, out;
	float sound[BLOCK_MAX];

	uint64_t random, seed;
	uint64_t block_ns;   /* when the next cycle is due */
	uint32_t block;	     /* frames of it */
	uint64_t control_ns; /* when control runs next */
	bool stale_publish;  /* surfaces changed since the last table */
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

static uint32_t
chance(struct world *w, uint32_t of)
{
	w->random = w->random * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(w->random >> 33) % of;
}

/* ---- in the place of PipeWire's own ---- */

static void control_turn(struct world *w);

struct pw_buffer *
pw_filter_dequeue_buffer(void *port)
{
	struct world *w = the_world;
	struct port *p = port;

	/* What came is heard, and nothing is mixed yet: control is as quick as
	 * it can be. */
	if (p == &w->out && chance(w, 8) == 0)
		control_turn(w);
	return &p->buffer;
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

static void
port_init(struct port *p)
{
	p->buffer.buffer = &p->spa;
	p->spa.n_datas = 1;
	p->spa.datas = &p->data;
	p->data.data = p->bytes;
	p->data.maxsize = BUFFER_BYTES;
	p->data.chunk = &p->chunk;
}

/* ---- the hub, as far as it matters ---- */

static void
on_event(void *data, const struct midi_event *e, uint64_t time)
{
	struct device *d = data;

	(void)time;
	d->world->events++;
	if (!d->world->learning)
		surface_event(d->surface, e, 0, now_ns);
}

static void
on_send(void *data, const uint8_t *bytes, uint32_t n)
{
	struct device *d = data;
	struct world *w = d->world;

	if (d == &w->device[0])
		driver_midi_write(&w->driver, bytes, n);
}

static void
on_param(void *data, uint32_t id, uint32_t source)
{
	struct world *w = data;

	for (int i = 0; i < DEVICES; i++)
		if (w->device[i].surface)
			surface_changed(w->device[i].surface, id, source);
}

static void
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
static void
on_heard(void *data, const struct driver_midi *midi)
{
	struct world *w = data;
	struct device *d = &w->device[0];

	w->done += midi->count;
	console_done_begin(w->console, midi->done, midi->count);
	midi_parse_bytes(&d->parser, midi->bytes, midi->n, now_ns);
	console_done_end(w->console, midi->frame, midi->taken);
}

static void
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

static void
audio_begin(struct world *w)
{
	const struct mixer_config shape = {STRIPS, BUSES, RATE_HZ, BLOCK_MAX};
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
	for (uint32_t s = 0; s < STRIPS; s++)
		c->in[s][0] = w->sound;
	console_mixer_start(w->console, c->mixer, RATE_HZ);
	w->driver.running = true;
	w->stale_publish = true;
	publish(w, true);
}

/* As engine_sound.c: control forgets the mixer, then hears the rest. */
static void
audio_end(struct world *w)
{
	struct cycle *c = w->driver.node.cycle;

	w->driver.running = false;
	console_mixer_stop(w->console);
	driver_midi_read(&w->driver, on_heard, w);
	w->driver.node.cycle = NULL;
	mixer_free(c->mixer);
	reflex_free(c->midi.reflex);
	free(c);
}

/* ---- what happens ---- */

static uint32_t
message(struct world *w, struct device *d, uint8_t bytes[3])
{
	uint32_t n = 1 + chance(w, 12);
	int at;

	bytes[1] = (uint8_t)n;
	switch (chance(w, 9)) {
	case 0:
		bytes[0] = 0xe0;
		bytes[1] = (uint8_t)chance(w, 128);
		bytes[2] = (uint8_t)chance(w, 128);
		return 3;
	case 1:
		bytes[0] = chance(w, 2) ? 0xd0 : 0xc0;
		bytes[1] = (uint8_t)chance(w, bytes[0] == 0xc0 ? 6 : 128);
		return 2;
	case 2:
	case 3:
	case 4:
		bytes[0] = 0xb0;
		at = d->at[n] + (int)chance(w, 21) - 10;
		at = chance(w, 6) == 0 ? (int)chance(w, 128) : at;
		d->at[n] = (uint8_t)(at < 0 ? 0 : at > 127 ? 127 : at);
		bytes[2] =
			n == 8 ? (uint8_t)(chance(w, 2) ? 1 : 127) : d->at[n];
		if (n == 10 && chance(w, 2))
			bytes[1] += 32;
		return 3;
	default:
		bytes[0] = chance(w, 3) ? 0x90 : 0x80;
		bytes[2] = chance(w, 2) ? 127 : 0;
		return 3;
	}
}

static bool
change_any(struct world *w, struct param_change *out)
{
	struct param_value v = {.type = PARAM_FLOAT};
	struct param_info info;
	char why[PARAM_WHY_MAX];

	/* Mostly what the controllers move as well. */
	out->id = chance(w, param_count(w->p));
	if (chance(w, 4))
		out->id %= 2 * w->p->strips.count;
	param_info(w->p, out->id, &info);
	if (info.read_only || (info.type == PARAM_TEXT && info.choices == 0))
		return false;
	v.f = info.min + (info.max - info.min) * chance(w, 128) / 127.0;
	if (info.type != PARAM_FLOAT) {
		v.type = PARAM_INT;
		v.i = (int64_t)v.f;
	}
	return param_check(w->p, out->id, &v, &out->value, why) == 0;
}

static void
osc(struct world *w)
{
	struct param_change change[4];
	uint32_t n = 0;

	for (uint32_t i = 1 + chance(w, 4); i > 0; i--)
		n += change_any(w, &change[n]);
	if (n == 0)
		return;
	if (chance(w, 2))
		param_apply(w->p, change, n, 0, 7);
	else
		param_schedule(w->p, change, n,
			now_ns + REALTIME_NS + chance(w, 150) * MS / 2, 8);
}

static void
other_device(struct world *w)
{
	struct device *d = &w->device[1];
	uint8_t bytes[3];
	uint32_t n = message(w, d, bytes);

	midi_parse_bytes(&d->parser, bytes, n, now_ns);
}

static void
control_does(struct world *w)
{
	switch (chance(w, 60)) {
	case 0:
		w->learning = !w->learning;
		w->stale_publish = true;
		publish(w, true);
		break;
	case 1:
		surface_make(w, 0);
		break;
	case 2:
		surface_resync(w->device[0].surface);
		break;
	case 3:
		if (!w->in_cycle) {
			audio_end(w);
			audio_begin(w);
		}
		break;
	case 4:
	case 5:
	case 6:
	case 7:
	case 8:
	case 9:
		other_device(w);
		break;
	default:
		osc(w);
		break;
	}
}

static void
control_turn(struct world *w)
{
	if (!w->quiet && chance(w, 3) == 0)
		control_does(w);
	if (w->quiet || chance(w, 3))
		driver_midi_read(&w->driver, on_heard, w);
	if (!w->quiet && chance(w, 6) == 0)
		control_does(w);
	if (w->quiet || chance(w, 2))
		console_run(w->console, now_ns);
	for (int i = 0; i < DEVICES; i++)
		surface_run(w->device[i].surface, now_ns);
	publish(w, false);
}

static void
lay_midi(struct world *w)
{
	struct spa_pod_builder b =
		SPA_POD_BUILDER_INIT(w->in.bytes, BUFFER_BYTES);
	struct spa_pod_frame frame;
	uint32_t offset = 0, count = chance(w, EVENTS_MAX);
	uint8_t bytes[3];

	spa_pod_builder_push_sequence(&b, &frame, 0);
	for (uint32_t i = 0; i + 3 <= w->backs; i += 3) {
		spa_pod_builder_control(&b, 0, SPA_CONTROL_Midi);
		spa_pod_builder_bytes(&b, w->back + i, 3);
	}
	w->backs = 0;
	if (w->quiet || chance(w, 3))
		count = 0;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t n = message(w, &w->device[0], bytes);

		offset += chance(w, 2 * w->block / count + 1);
		spa_pod_builder_control(&b,
			offset < w->block ? offset : w->block - 1,
			SPA_CONTROL_Midi);
		spa_pod_builder_bytes(&b, bytes, n);
	}
	spa_pod_builder_pop(&b, &frame);
	w->in.chunk.size = b.state.offset;
}

/* What was sent comes in with the next cycle. */
static void
bring_back(struct world *w)
{
	const struct spa_pod_sequence *s = (const void *)w->out.bytes;
	const struct spa_pod_control *c;

	if (!w->loops)
		return;
	SPA_POD_SEQUENCE_FOREACH(s, c)
	{
		if (SPA_POD_BODY_SIZE(&c->value) != 3 || w->backs > 300)
			continue;
		memcpy(w->back + w->backs, SPA_POD_BODY(&c->value), 3);
		w->backs += 3;
	}
}

static void
cycle(struct world *w)
{
	struct spa_io_position position = {0};

	lay_midi(w);
	position.clock.nsec = w->block_ns;
	position.clock.duration = w->block;
	position.clock.rate.num = 1;
	position.clock.rate.denom = RATE_HZ;
	w->in_cycle = true;
	cycle_run(w->driver.node.cycle, &position);
	w->in_cycle = false;
	bring_back(w);
}

/* Audio first where both are due; it is late now and then, control often. */
static void
step(struct world *w)
{
	if (w->block_ns <= w->control_ns) {
		uint64_t late_ns =
			chance(w, 8) == 0 ? chance(w, 900) * 1000 : 20000;

		if (now_ns < w->block_ns + late_ns)
			now_ns = w->block_ns + late_ns;
		cycle(w);
		w->block_ns += w->block * UINT64_C(1000000000) / RATE_HZ;
		return;
	}
	if (now_ns < w->control_ns)
		now_ns = w->control_ns;
	control_turn(w);
	w->control_ns = now_ns + (chance(w, 30) == 0 ? chance(w, 60) * MS
						     : chance(w, 5) * MS);
}

/* ---- what has to come of it ---- */

static void
differs(struct world *w, uint32_t id, double is, double want)
{
	struct param_info info;

	param_info(w->p, id, &info);
	fail_msg("seed %llu: %s: the mixer is at %g and should be at %g",
		(unsigned long long)w->seed, info.address, is, want);
}

static void
compare_one(struct world *w, uint32_t id)
{
	const struct mixer *m = w->driver.node.cycle->mixer;
	struct message want = params_message_now(w->p, id);
	const struct strip *s = &m->strip[want.strip];
	const struct bus *b = &m->bus[want.bus];
	double is = 0, should = want.value;

	switch ((enum message_kind)want.kind) {
	case MESSAGE_STRIP_GAIN:
		is = s->gain;
		break;
	case MESSAGE_STRIP_MUTE:
		is = s->mute;
		break;
	case MESSAGE_STRIP_TRIM:
		is = s->trim.to;
		break;
	case MESSAGE_STRIP_SEND:
		is = s->send[want.bus].to;
		break;
	case MESSAGE_STRIP_ROUTE:
		for (uint32_t i = 0; i < BUSES; i++)
			is += s->send[i].to != 0.0f ? 1u << i : 0;
		should = want.mask;
		break;
	case MESSAGE_STRIP_OPEN:
		return;
	case MESSAGE_BUS_GAIN:
		is = b->gain;
		break;
	case MESSAGE_BUS_MUTE:
		is = b->mute;
		break;
	}
	if (is - should > 1e-6 * should || should - is > 1e-6 * should)
		differs(w, id, is, should);
}

static void
compare(struct world *w)
{
	for (uint32_t id = 0; id < w->p->count; id++) {
		struct place at;

		if (params_row(w->p, id, &at)->message)
			compare_one(w, id);
	}
}

static void
world_open(struct world *w, uint64_t seed)
{
	char path[] = "/tmp/tapdeck-torture-XXXXXX", why[MAPPING_WHY_MAX];
	struct console_config config;
	int fd = mkstemp(path);

	memset(w, 0, sizeof(*w));
	the_world = w;
	w->random = w->seed = seed;
	now_ns = START_NS;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, mapping_text, sizeof(mapping_text) - 1),
		sizeof(mapping_text) - 1);
	close(fd);
	console_config_init(&config);
	config.strips = STRIPS;
	config.buses = BUSES;
	strcpy(config.bus_name[2], "cue");
	config.routes = 0;
	console_config_routes(&config);
	w->memory = calloc(1, console_memory_bytes());
	assert_int_equal(console_new(&w->console, &config, w->memory), 0);
	w->p = console_params(w->console);
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

static void
world_close(struct world *w)
{
	audio_end(w);
	for (int i = 0; i < DEVICES; i++)
		surface_free(w->device[i].surface);
	mapping_free(w->mapping);
	console_free(w->console);
	free(w->memory);
}

static void
play(struct world *w, uint64_t seed)
{
	world_open(w, seed);
	for (int round = 0; round < 12; round++) {
		uint64_t until_ns;

		w->quiet = false;
		for (uint32_t i = 20 + chance(w, 200); i > 0; i--)
			step(w);
		w->quiet = true;
		w->learning = false;
		w->stale_publish = true;
		until_ns = now_ns + (w->loops ? LOOP_NS : QUIET_NS);
		while (now_ns < until_ns)
			step(w);
		compare(w);
	}
}

static void
the_mixer_ends_where_the_parameters_are(void **state)
{
	const char *from = getenv("SEED"), *rounds = getenv("SEEDS");
	uint64_t seed = from ? strtoull(from, NULL, 10) : 1;
	uint64_t end = seed + (rounds ? strtoull(rounds, NULL, 10) : 300);
	struct world *w = malloc(sizeof(*w));
	uint64_t done = 0, events = 0;

	(void)state;
	for (; seed < end; seed++) {
		play(w, seed);
		done += w->done;
		events += w->events;
		world_close(w);
	}
	free(w);
	print_message("%llu messages, %llu reflexes\n",
		(unsigned long long)events, (unsigned long long)done);
	assert_true(done > events / 20); /* it would prove nothing */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_mixer_ends_where_the_parameters_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
