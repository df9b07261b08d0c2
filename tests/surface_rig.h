/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A surface with a mapping of plain structs, a device that notes what it is
 * sent, and a clock that is turned by hand. */
#ifndef SURFACE_RIG_H
#define SURFACE_RIG_H

#include "tests/param_rig.h"

#include <math.h>
#include <stdio.h>

#include "control/mapping/mapping.h"
#include "control/midi/midi.h"
#include "control/midi/midi_parse.h"
#include "control/surface/surface.h"

#define MS	 UINT64_C(1000000)
#define SENT_MAX 4096
#define CONTROLS 24
#define SOURCE	 0x4D000001u
#define SOMEBODY 7u

struct sent {
	uint8_t byte[128];
	uint32_t bytes;
	uint64_t time_ns;
};

struct desk {
	struct rig *rig;
	struct mapping mapping;
	struct mapping_control control[CONTROLS];
	struct surface *surface;
	struct sent sent[SENT_MAX];
	uint32_t sents;
	uint64_t now_ns;
	/* What is sent comes back after this. */
	bool thru;
	uint64_t thru_ns;
	uint32_t thru_at;	    /* of sent[], the next one to come back */
	surface_peak peak;	    /* NULL: no meters */
	bool silent;		    /* no audio runs */
	float peaks[2][STRIPS_MAX]; /* of strips, of buses */
};

static inline void
on_sent(void *data, const uint8_t *bytes, uint32_t n)
{
	struct desk *d = data;
	struct sent *s = &d->sent[d->sents++];

	assert_true(d->sents < SENT_MAX && n <= sizeof(s->byte));
	memcpy(s->byte, bytes, n);
	s->bytes = n;
	s->time_ns = d->now_ns;
}

static inline void
on_change(void *data, uint32_t id, uint32_t source)
{
	struct desk *d = data;

	if (d->surface)
		surface_changed(d->surface, id, source);
}

static inline struct mapping_control *
add(struct desk *d, enum midi_kind kind, uint8_t channel, uint16_t number,
	enum mapping_as as)
{
	struct mapping_control *c = &d->control[d->mapping.controls++];

	assert_true(d->mapping.controls <= CONTROLS);
	c->has_message = as != MAPPING_SHOW;
	c->message.kind = kind;
	c->message.channel = channel;
	c->message.number = number;
	c->as = as;
	c->step = 1.0 / 127.0;
	c->acceleration = 1.0;
	c->takeover = MAPPING_PICKUP;
	return c;
}

static inline void
aim(struct mapping_control *c, uint8_t strip, const char *address)
{
	struct mapping_target *t = &c->target[c->targets++];

	t->strip = strip;
	snprintf(t->address, sizeof(t->address), "%s", address);
}

static inline void
light_same(struct mapping_control *c, enum mapping_light kind)
{
	c->light.kind = kind;
	c->light.message = c->message;
	c->light.lit = 127;
}

/* Runs until a moment, and gives back what the device sends back. */
static inline void run_until(struct desk *d, uint64_t until_ns);

static inline void
start(struct desk *d)
{
	const struct surface_config config = {.params = d->rig->p,
		.mapping = &d->mapping,
		.source = SOURCE,
		.send = on_sent,
		.peak = d->peak,
		.data = d};

	assert_int_equal(surface_new(&d->surface, &config), 0);
	surface_resync(d->surface);
	run_until(d, d->now_ns + 2000 * MS);
	d->sents = d->thru_at = 0;
}

static inline int
desk_up(void **state)
{
	struct desk *d = calloc(1, sizeof(*d));
	void *rig = NULL;

	if (!d || set_up(&rig) < 0)
		return -1;
	d->rig = rig;
	d->mapping.control = d->control;
	d->mapping.bank = 8;
	d->mapping.layers = 1;
	d->now_ns = 1000 * MS;
	assert_int_equal(param_listen(d->rig->p, on_change, d), 0);
	*state = d;
	return 0;
}

static inline int
desk_down(void **state)
{
	struct desk *d = *state;
	void *rig = d->rig;

	surface_free(d->surface);
	free(d);
	return tear_down(&rig);
}

static inline bool
hear(struct desk *d, enum midi_kind kind, uint8_t channel, uint16_t number,
	uint16_t value)
{
	const struct midi_event e = {.kind = kind,
		.channel = channel,
		.number = number,
		.value = value};
	bool taken = surface_event(d->surface, &e, 0, d->now_ns);

	surface_run(d->surface, d->now_ns);
	return taken;
}

static inline void
on_echo(void *data, const struct midi_event *e, uint64_t time)
{
	struct desk *d = data;

	(void)time;
	surface_event(d->surface, e, 0, d->now_ns);
}

static inline void
come_back(struct desk *d)
{
	struct midi_parser parser;

	midi_parser_init(&parser, on_echo, d);
	while (d->thru && d->thru_at < d->sents &&
		d->sent[d->thru_at].time_ns + d->thru_ns <= d->now_ns) {
		const struct sent *s = &d->sent[d->thru_at++];

		midi_parse_bytes(&parser, s->byte, s->bytes, d->now_ns);
	}
}

static inline void
run_until(struct desk *d, uint64_t until_ns)
{
	for (;;) {
		uint64_t wait_ns, step_ns = MS;

		come_back(d);
		wait_ns = surface_run(d->surface, d->now_ns);
		if (wait_ns < step_ns)
			step_ns = wait_ns > 0 ? wait_ns : 1;
		if (d->now_ns + step_ns > until_ns)
			break;
		d->now_ns += step_ns;
	}
	d->now_ns = until_ns;
}

static inline void
wait_ms(struct desk *d, uint64_t ms)
{
	run_until(d, d->now_ns + ms * MS);
}

static inline void
somebody_sets(struct desk *d, const char *address, double value)
{
	struct param_change change = {.id = find(d->rig, address)};
	struct param_value v = number(value);

	assert_int_equal(param_check(d->rig->p, change.id, &v, &change.value,
				 d->rig->why),
		0);
	param_apply(d->rig->p, &change, 1, 0, SOMEBODY);
}

static inline double
value_of(struct desk *d, const char *address)
{
	struct param_value v = get(d->rig, address);

	return v.type == PARAM_FLOAT ? v.f : (double)v.i;
}

static inline void
assert_near(double is, double want)
{
	if (fabs(is - want) > 1e-5)
		fail_msg("%g instead of %g", is, want);
}

static inline void
assert_last(const struct desk *d, uint8_t a, uint8_t b, uint8_t c)
{
	const struct sent *s;

	assert_true(d->sents > 0);
	s = &d->sent[d->sents - 1];
	assert_int_equal(s->bytes, 3);
	if (s->byte[0] != a || s->byte[1] != b || s->byte[2] != c)
		fail_msg("%02x %02x %02x instead of %02x %02x %02x", s->byte[0],
			s->byte[1], s->byte[2], a, b, c);
}

#define T(name) cmocka_unit_test_setup_teardown(name, desk_up, desk_down)

#endif
