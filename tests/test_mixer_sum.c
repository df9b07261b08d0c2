/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole mixer against the plainest one that can be written: sample by
 * sample, in double precision. */
#include "tests/mixer_rig.h"

#include <math.h>

#define FRAMES	 6000u
#define MOVES	 2000u
#define LONG_AGO (-1000000)

struct plain_level {
	double from, to;
	int64_t start, length;
};

struct plain_strip {
	double gain;
	bool mute;
	struct plain_level trim, width, open, level, send[BUSES_MAX];
	uint32_t kept_out, halved, routed; /* bit b: of bus b */
};

struct plain_bus {
	double gain;
	bool mute;
	struct plain_level level;
};

struct plain {
	int64_t length; /* of a ramp, frames */
	struct plain_strip strip[STRIPS_MAX];
	struct plain_bus bus[BUSES_MAX];
};

static double
level_at(const struct plain_level *l, int64_t frame)
{
	double way = (double)(frame + 1 - l->start) / (double)l->length;

	return way < 1.0 ? l->from + (l->to - l->from) * way : l->to;
}

/* What the rounding of a level is measured by: near the end of a ramp the level
 * may be small, but what it is computed from is not. */
static double
level_size(const struct plain_level *l)
{
	return l->from > l->to ? l->from : l->to;
}

static void
level_go(struct plain_level *l, int64_t frame, double to, int64_t length)
{
	if (l->to == to && (l->length == length || level_at(l, frame) == to))
		return;
	l->from = frame == 0 ? to : level_at(l, frame - 1);
	l->to = to;
	l->start = frame;
	l->length = length;
}

static void
level_set(
	const struct plain *p, struct plain_level *l, int64_t frame, double to)
{
	level_go(l, frame, to, p->length);
}

static void
send_set(struct plain_strip *s, int bus, int64_t frame, int64_t length)
{
	double full = s->halved >> bus & 1 ? 0.5 : 1.0;

	level_go(&s->send[bus], frame, s->routed >> bus & 1 ? full : 0.0,
		length);
}

/* Those of `of` are told again. */
static void
plain_route(const struct plain *p, struct plain_strip *s, uint32_t set,
	uint32_t of, int64_t frame)
{
	s->routed = set;
	for (int b = 0; b < BUSES_MAX; b++)
		if (of >> b & 1)
			send_set(s, b, frame, p->length);
}

static void
plain_halve(
	const struct plain *p, struct plain_strip *s, uint32_t set, int64_t n)
{
	uint32_t others = s->halved ^ set;

	s->halved = set;
	for (int b = 0; b < BUSES_MAX; b++)
		if (others >> b & 1)
			send_set(s, b, n,
				1 + (p->length - 1) * HALVE_MS / RAMP_MS);
}

static void
plain_init(struct plain *p, uint32_t rate_hz)
{
	const int64_t length = llround(rate_hz * RAMP_MS / 1000.0);
	const struct plain_level unity = {1.0, 1.0, LONG_AGO, length};

	memset(p, 0, sizeof(*p));
	p->length = length;
	for (int s = 0; s < STRIPS_MAX; s++) {
		p->strip[s].gain = 1.0;
		p->strip[s].open = unity;
		p->strip[s].trim = unity;
		p->strip[s].width = unity;
		p->strip[s].level = unity;
		for (int b = 0; b < BUSES_MAX; b++)
			p->strip[s].send[b] = (struct plain_level){
				0.0, 0.0, LONG_AGO, length};
	}
	for (int b = 0; b < BUSES_MAX; b++) {
		p->bus[b].gain = 1.0;
		p->bus[b].level = unity;
	}
}

static void
plain_apply(struct plain *p, const struct message *msg, int64_t frame)
{
	enum mix parameter = (enum mix)msg->parameter;
	uint32_t strip =
		parameter == MIX_SEND ? msg->place / BUSES_MAX : msg->place;
	uint32_t bus = parameter == MIX_SEND ? msg->place % BUSES_MAX : 0;
	struct plain_strip *s = &p->strip[strip];
	struct plain_bus *b =
		&p->bus[parameter >= MIX_BUS_GAIN ? msg->place : bus];
	uint32_t set = (uint32_t)msg->target;
	bool on = msg->target != 0.0f;

	if (parameter == MIX_GAIN)
		s->gain = (double)msg->target;
	if (parameter == MIX_MUTE)
		s->mute = on;
	if (parameter == MIX_OPEN)
		level_set(p, &s->open, frame, on ? 1.0 : 0.0);
	if (parameter == MIX_KEPT_OUT)
		s->kept_out = set;
	if (parameter == MIX_TRIM)
		level_set(p, &s->trim, frame, (double)msg->target);
	if (parameter == MIX_WIDTH)
		level_set(p, &s->width, frame, (double)msg->target);
	if (parameter == MIX_HALVED)
		plain_halve(p, s, set, frame);
	if (parameter == MIX_SEND)
		set = (s->routed & ~(1u << bus)) | (uint32_t)on << bus;
	if (parameter == MIX_SEND || parameter == MIX_ROUTE)
		plain_route(p, s, set,
			parameter == MIX_SEND ? 1u << bus : MIX_SET_MAX, frame);
	if (parameter == MIX_BUS_GAIN)
		b->gain = (double)msg->target;
	if (parameter == MIX_BUS_MUTE)
		b->mute = on;
	level_set(p, &s->level, frame, s->mute ? 0.0 : s->gain);
	level_set(p, &b->level, frame, b->mute ? 0.0 : b->gain);
}

/* One frame of every bus must be what the plain mixer makes of it. */
static void
assert_frame(const struct plain *p, const struct rig *r, uint32_t n)
{
	for (uint32_t b = 0; b < r->config.buses; b++) {
		const struct plain_level *bus = &p->bus[b].level;
		double left = 0.0, right = 0.0;
		double size = 0.0; /* of all that is added */

		for (uint32_t s = 0; s < r->config.strips; s++) {
			const struct plain_strip *ps = &p->strip[s];
			double sent = ps->kept_out >> b & 1 ? 0.0 : 1.0;
			double gain = sent * level_at(&ps->trim, n) *
				      level_at(&ps->open, n) *
				      level_at(&ps->level, n) *
				      level_at(&ps->send[b], n) *
				      level_at(bus, n);

			double middle = gain * (double)r->in[s][0][n] / 2;
			double side = gain * (double)r->in[s][1][n] / 2;
			double sum = middle + side;

			side = (middle - side) * level_at(&ps->width, n);
			left += sum + side;
			right += sum - side;
			size += level_size(&ps->trim) * level_size(&ps->level) *
				level_size(&ps->send[b]) * level_size(bus);
		}
		assert_float_equal(r->out[b][0][n], left, 4e-7 * size);
		assert_float_equal(r->out[b][1][n], right, 4e-7 * size);
	}
}

static int
by_frame(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void
sums_to_what_a_plain_mixer_makes(
	uint32_t strips, uint32_t buses, uint32_t rate_hz, uint32_t block)
{
	struct rig *r = rig_new(strips, buses, FRAMES);
	struct plain *p = malloc(sizeof(*p));
	static struct message move[MOVES];
	static uint32_t frame[MOVES];
	uint32_t next = 0;

	assert_non_null(p);
	plain_init(p, rate_hz);
	r->config.rate_hz = rate_hz;
	rig_restart(r);
	for (uint32_t i = 0; i < MOVES; i++) /* the first half at the start */
		frame[i] = i < MOVES / 2 ? 0 : rig_random(r) % FRAMES;
	qsort(frame, MOVES, sizeof(frame[0]), by_frame);
	for (uint32_t i = 0; i < MOVES; i++)
		move[i] = rig_random_level(r), move[i].frame = frame[i];
	assert_true(mixer_post(r->m, move, MOVES));
	rig_run_all(r, block);
	for (uint32_t n = 0; n < FRAMES; n++) {
		while (next < MOVES && move[next].frame <= n)
			plain_apply(p, &move[next++], n);
		assert_frame(p, r, n);
	}
	free(p);
	rig_free(r);
}

static void
sixty_four_strips_on_eight_buses_are_a_plain_mixers(void **state)
{
	(void)state;
	sums_to_what_a_plain_mixer_makes(64, 8, 48000, 64);
	sums_to_what_a_plain_mixer_makes(64, 8, 192000, 1000);
}

static void
few_strips_at_any_rate_are_a_plain_mixers(void **state)
{
	(void)state;
	sums_to_what_a_plain_mixer_makes(1, 1, 32000, 16);
	sums_to_what_a_plain_mixer_makes(3, 2, 44100, 77);
	sums_to_what_a_plain_mixer_makes(16, 4, 96000, 512);
}

/* What is behind the end of a short buffer is not heard, wherever the block is
 * cut by a message. */
static void
a_short_input_ends_in_silence(void **state)
{
	const uint32_t there = 150, n = 400;

	(void)state;
	for (uint32_t cut = 0; cut < n; cut += 100) {
		struct rig *r = rig_new(1, 2, n);
		struct message elsewhere = {.frame = cut,
			.parameter = MIX_BUS_GAIN,
			.place = 1,
			.target = 0.5f};

		rig_route(r, 0, 1);
		rig_post(r, &elsewhere);
		r->input[0].frames[0] = there;
		rig_run(r, n);
		for (uint32_t i = 0; i < n; i++) {
			assert_true(r->out[0][0][i] ==
				    (i < there ? r->in[0][0][i] : 0.0f));
			assert_true(r->out[0][1][i] == r->in[0][1][i]);
		}
		rig_free(r);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			sixty_four_strips_on_eight_buses_are_a_plain_mixers),
		cmocka_unit_test(a_short_input_ends_in_silence),
		cmocka_unit_test(few_strips_at_any_rate_are_a_plain_mixers),
	};

	return cmocka_run_group_tests_name("mixer_sum", tests, NULL, NULL);
}
