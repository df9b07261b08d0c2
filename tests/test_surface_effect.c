/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a value of a control would do is one thing for the hand and for the
 * audio thread: for every row, every kind of control, and any value. */
#include "tests/surface_reflex_rig.h"

#include "core/curve.h"

#define DESKS  400
#define EVENTS 120

/* ---- the law of each parameter ---- */

/* A number, by the curve and by what a hand sets. */
static void
one_number(struct rig *r, uint32_t id, const struct curve *c, uint32_t value)
{
	struct param_value from = {.type = PARAM_FLOAT}, checked;
	float target = curve_target(c, value);
	char why[PARAM_WHY_MAX];
	struct param_info info;
	struct message m;

	param_info(r->p, id, &info);
	from.f = c->shape == CURVE_NUMBER
			 ? value
			 : curve_number(c, curve_way(c, value));
	if (info.type != PARAM_FLOAT) {
		from.i = llround(from.f);
		from.type = PARAM_INT;
	}
	if (param_check(r->p, id, &from, &checked, why) < 0) {
		assert_true(isnan(target));
		return;
	}
	assert_true(param_message(r->p, id, &checked, &m));
	if (m.target != target)
		fail_msg("%s: value %u: %g, and should be %g", info.address,
			value, (double)target, (double)m.target);
}

static void
each_row_has_its_law(void **state)
{
	struct desk *d = *state;
	struct params *p = d->rig->p;
	uint32_t said = 0;

	for (uint32_t id = 0; id < param_count(p); id++) {
		struct curve c = {.last = 16383, .full = 16368};
		struct param_info info;
		struct message to;
		struct param_value now;

		param_info(p, id, &info);
		param_get(p, id, &now);
		assert_int_equal(param_curve(p, id, &to, &c),
			!info.read_only && param_message(p, id, &now, &to));
		if (!param_curve(p, id, &to, &c))
			continue;
		said++;
		c.low = info.min;
		c.high = info.max;
		for (uint32_t v = 0; v <= c.last; v += 1 + v % 7)
			one_number(d->rig, id, &c, v);
		c.shape = CURVE_NUMBER;
		for (uint32_t v = 0; v < 128; v++)
			one_number(d->rig, id, &c, v);
	}
	assert_true(said > param_count(p) / 2);
}

/* ---- all kinds of controls ---- */

static const struct {
	enum midi_kind kind;
	bool fine;
} messages[] = {{MIDI_NOTE, false}, {MIDI_POLY_PRESSURE, false},
	{MIDI_CC, false}, {MIDI_CC, true}, {MIDI_PROGRAM, false},
	{MIDI_CHANNEL_PRESSURE, false}, {MIDI_BEND, false}, {MIDI_NRPN, false}};

static const enum mapping_as acts[] = {MAPPING_VALUE, MAPPING_VALUE,
	MAPPING_VALUE, MAPPING_TOGGLE, MAPPING_MOMENTARY, MAPPING_LATCH,
	MAPPING_UP, MAPPING_STEP, MAPPING_CYCLE, MAPPING_VELOCITY, MAPPING_SET,
	MAPPING_RADIO};

static const char *const targets[] = {"gain", "fader", "mute", "trim", "route",
	"route/index", "eq/mid/knob", "side", "send/loop", "tap"};

static void
curve_any(struct ears *e, struct mapping_control *c)
{
	c->curve = (enum curve_shape)chance(e, 3);
	c->invert = chance(e, 3) == 0;
	c->takeover = (enum mapping_takeover)chance(e, 3);
	c->coding = chance(e, 6) == 0 ? ENCODING_TWOS : ENCODING_ABSOLUTE;
	if (c->curve != CURVE_POINTS)
		return;
	c->points = 3;
	c->point[1][0] = 0.1 + 0.8 * chance(e, 100) / 99.0;
	c->point[1][1] = 0.1 + 0.8 * chance(e, 100) / 99.0;
	c->point[2][0] = c->point[2][1] = 1.0;
}

/* One or two targets of one kind, with a range of its own or not. */
static void
aim_any(struct ears *e, struct mapping_control *c)
{
	const char *target =
		targets[chance(e, sizeof(targets) / sizeof(targets[0]))];
	bool level = !strcmp(target, "gain") || !strcmp(target, "trim");

	aim(c, (uint8_t)(1 + chance(e, 3)), target);
	if (chance(e, 3) == 0)
		aim(c, (uint8_t)(4 + chance(e, 3)), target);
	c->has_range = level && chance(e, 2);
	c->range[0] = -24.0 + chance(e, 20);
	c->range[1] = c->range[0] + 1.0 + chance(e, 12);
	c->by = (chance(e, 2) ? 1.0 : -1.0) * (1.0 + chance(e, 3));
	c->value = (struct param_value){.type = PARAM_INT, .i = chance(e, 2)};
}

static void
control_any(struct ears *e, uint8_t i)
{
	uint32_t m = chance(e, sizeof(messages) / sizeof(messages[0]));
	enum mapping_as as = acts[chance(e, sizeof(acts) / sizeof(acts[0]))];
	struct mapping_control *c = add(e->desk, messages[m].kind, i, i, as);

	c->message.fine = messages[m].fine;
	c->message.low = (uint8_t)(i + 32);
	if (c->message.kind == MIDI_PROGRAM && as == MAPPING_VALUE)
		c->message.number = MAPPING_NUMBER_ANY;
	if (c->message.fine)
		c->as = MAPPING_VALUE;
	curve_any(e, c);
	aim_any(e, c);
}

/* The bytes of one value; more than one message has its pieces in a row. */
static uint32_t
bytes_of(const struct mapping_message *m, uint16_t v, uint8_t out[4][3])
{
	uint8_t ch = m->channel, high = v >> 7 & 127, low = v & 127;
	uint8_t number = m->number & 127;

	out[0][1] = number;
	out[0][2] = low;
	switch (m->kind) {
	case MIDI_NOTE:
		out[0][0] = 0x90 | ch;
		return 1;
	case MIDI_POLY_PRESSURE:
		out[0][0] = 0xa0 | ch;
		return 1;
	case MIDI_PROGRAM:
		out[0][0] = 0xc0 | ch;
		out[0][1] = m->number == MAPPING_NUMBER_ANY ? low & 7 : number;
		return 1;
	case MIDI_CHANNEL_PRESSURE:
		out[0][0] = 0xd0 | ch;
		out[0][1] = low;
		return 1;
	case MIDI_BEND:
		memcpy(out[0], (uint8_t[]){0xe0 | ch, low, high}, 3);
		return 1;
	case MIDI_NRPN:
		memcpy(out[0], (uint8_t[]){0xb0 | ch, 99, 0}, 3);
		memcpy(out[1], (uint8_t[]){0xb0 | ch, 98, number}, 3);
		memcpy(out[2], (uint8_t[]){0xb0 | ch, 6, high}, 3);
		memcpy(out[3], (uint8_t[]){0xb0 | ch, 38, low}, 3);
		return 4;
	default:
		memcpy(out[0], (uint8_t[]){0xb0 | ch, number, low}, 3);
		if (!m->fine)
			return 1;
		out[0][2] = high;
		memcpy(out[1], (uint8_t[]){0xb0 | ch, m->low, low}, 3);
		return 2;
	}
}

static uint16_t
value_any(struct ears *e, const struct mapping_control *c, uint16_t *at)
{
	int step = (int)chance(e, 400) - 200;
	int v = chance(e, 4) == 0 ? (int)chance(e, 16384) : *at + step;

	if (c->as != MAPPING_VALUE) /* about its threshold, or all the way */
		v = chance(e, 2) ? (int)(60 + chance(e, 8))
				 : (int)chance(e, 2) * 127;
	if (c->as != MAPPING_VALUE && c->message.kind == MIDI_BEND)
		v *= 129;
	*at = (uint16_t)(v < 0 ? 0 : v > 16383 ? 16383 : v);
	return c->as == MAPPING_VALUE && !mapping_is_wide(&c->message)
		       ? *at >> 7
		       : *at;
}

/* A control whose values the audio thread is to know, each one. */
static bool
is_promised(const struct mapping_control *c)
{
	return strcmp(c->target[0].address, "tap") != 0 &&
	       c->as == MAPPING_VALUE && c->coding == ENCODING_ABSOLUTE &&
	       (c->takeover == MAPPING_JUMP ||
		       c->message.kind == MIDI_PROGRAM) &&
	       !c->message.fine && c->message.kind != MIDI_NRPN;
}

static uint32_t
count_changes(
	const struct desk *d, const struct mapping_control *c, float before[2])
{
	char address[PARAM_ADDRESS_MAX];
	uint32_t n = 0;

	for (uint32_t t = 0; t < c->targets; t++) {
		struct message m;

		assert_int_equal(mapping_address(&c->target[t], 0, address), 0);
		if (!feed_message(d->rig->model, find(d->rig, address), 0, &m))
			continue; /* a tap */
		n += m.target != before[t];
		before[t] = m.target;
	}
	return n;
}

static uint32_t
play(struct ears *e, uint16_t *at)
{
	struct desk *d = e->desk;
	const struct mapping_control *c =
		&d->control[chance(e, d->mapping.controls)];
	uint16_t v = value_any(e, c, &at[c - d->control]);
	uint8_t bytes[4][3];
	uint32_t n = bytes_of(&c->message, v, bytes), done = 0;
	float now[2] = {0};

	count_changes(d, c, now);
	mixer_plays_drop(e->mixer);
	for (uint32_t i = 0; i < n; i++) {
		if (surface_reflex_stale(d->surface))
			table_make(e);
		both_hear(e, bytes[i], (bytes[i][0] & 0xe0) == 0xc0 ? 2 : 3);
		done += e->count;
		d->now_ns += MS;
	}
	if (is_promised(c) && count_changes(d, c, now) > done)
		fail_msg("control %u: the hand alone moved it",
			(unsigned)(c - d->control));
	surface_run(d->surface, d->now_ns += chance(e, 400) * MS);
	return done;
}

static void
the_hand_and_the_audio_thread_do_the_same(void **state)
{
	const char *from = getenv("SEED");
	uint64_t seed = from ? strtoull(from, NULL, 10) : 1;
	struct desk *d = *state;
	uint32_t done = 0;

	for (uint64_t end = seed + DESKS; seed < end; seed++) {
		struct surface_config config = {.params = d->rig->p,
			.mapping = &d->mapping,
			.source = SOURCE};
		uint16_t at[8] = {0};
		struct ears e = {0};

		memset(d->control, 0, sizeof(d->control));
		d->mapping.controls = 0;
		ears_open(&e, d);
		e.random = seed;
		for (uint8_t i = 0; i < 8; i++)
			control_any(&e, i);
		assert_int_equal(surface_new(&d->surface, &config), 0);
		for (int i = 0; i < EVENTS; i++)
			done += play(&e, at);
		surface_free(d->surface);
		d->surface = NULL;
		ears_close(&e);
	}
	assert_true(done > DESKS * EVENTS / 5); /* it would prove nothing */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(each_row_has_its_law),
		T(the_hand_and_the_audio_thread_do_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
