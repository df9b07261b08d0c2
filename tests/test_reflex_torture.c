/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The audio thread moves the mixer by itself, control moves it a while later,
 * and both hear of the other too late. Whatever comes in whatever order, once
 * it is quiet the mixer has to be what the parameters say. */
#include "tests/reflex_torture_rig.h"

#define EVENTS_MAX 24u
#define QUIET_NS   (700 * MS)  /* longer than a hand stays */
#define LOOP_NS	   (2500 * MS) /* what goes round comes to rest later */

/* ---- what happens: hands on two controllers, OSC, bundles with a time,
 * banks, layers, learning, a loop from midi_out to midi_in, new mixers ---- */

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
		out->id %= 2 * w->p->value[TAILS_OF_STRIP].count;
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
			now_ns + REALTIME_NS + chance(w, 150) * MS / 2, 8,
			&share_here);
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
		for (int i = 0; w->learning && i < DEVICES; i++)
			surface_let_go(w->device[i].surface);
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
		model_run(w->model, now_ns);
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

/* Audio first where both are due; it is late now and then, control often, by up
 * to some blocks, and tables later still. */
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
compare_one(struct world *w, uint32_t id, struct message want)
{
	const struct mixer *m = w->driver.node.cycle->mixer;
	const struct strip *s = &m->strip[want.place % STRIPS_MAX];
	const struct bus *b = &m->bus[want.place % BUSES_MAX];
	double is = 0, should = want.target;

	switch ((enum mix)want.parameter) {
	case MIX_GAIN:
		is = s->fader.gain.to;
		break;
	case MIX_MUTE:
		is = s->fader.mute;
		break;
	case MIX_TRIM:
		is = s->rack.value[m->of_strip.value_of[MIX_TRIM]].ramp.to;
		break;
	case MIX_SEND:
		s = &m->strip[want.place / BUSES_MAX];
		is = s->send[want.place % BUSES_MAX].ramp.to;
		break;
	case MIX_ROUTE:
		for (uint32_t i = 0; i < BUSES; i++)
			is += s->send[i].ramp.to != 0.0f ? 1u << i : 0;
		break;
	case MIX_BUS_GAIN:
		is = b->fader.gain.to;
		break;
	case MIX_BUS_MUTE:
		is = b->fader.mute;
		break;
	default:
		return;
	}
	if (is - should > 1e-6 * should || should - is > 1e-6 * should)
		differs(w, id, is, should);
}

static void
compare(struct world *w)
{
	for (uint32_t id = 0; id < w->p->count; id++) {
		struct message want;

		if (feed_message(w->p->model, id, 0, &want))
			compare_one(w, id, want);
	}
}

static void
play(struct world *w, uint64_t seed)
{
	world_open(w, seed, control_turn);
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
