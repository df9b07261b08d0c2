/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lamps that are lit by sysex: slowly, in turn, and in nobody's way. */
#include "tests/surface_rig.h"

#define PADS 16

static const uint8_t pad_bytes[] = {
	0xf0, 0, 0x20, 0x6b, 0x7f, 0x42, 2, 0, 0x10, 0x70, 0, 0xf7};
#define PAD_AT	 9
#define VALUE_AT 10

static void
pads_make(struct desk *d)
{
	for (uint8_t i = 0; i < PADS; i++) {
		struct mapping_control *c =
			add(d, MIDI_NOTE, 0, 36 + i, MAPPING_TOGGLE);
		struct mapping_message *m = &c->light.message;

		aim(c, (uint8_t)(i / 2 + 1), i % 2 ? "send/main" : "mute");
		light_same(c, MAPPING_LIGHT_LAMP);
		m->kind = MIDI_SYSEX;
		memcpy(m->sysex, pad_bytes, sizeof(pad_bytes));
		m->sysex[PAD_AT] += i;
		m->sysex_bytes = sizeof(pad_bytes);
		m->slot[0].at = VALUE_AT;
		m->slots = 1;
	}
}

static bool
is_sysex(const struct sent *s)
{
	return s->byte[0] == 0xf0;
}

static void
assert_gaps(const struct desk *d)
{
	uint64_t last_ns = 0;

	for (uint32_t i = 0; i < d->sents; i++) {
		if (!is_sysex(&d->sent[i]))
			continue;
		assert_true(d->sent[i].time_ns - last_ns >= 5 * MS);
		last_ns = d->sent[i].time_ns;
	}
}

static void
sysex_comes_with_gaps_and_all_else_at_once(void **state)
{
	static const struct mapping_start hello = {{0xf0, 1, 0xf7}, 3};
	struct desk *d = *state;
	struct mapping_control *c;
	uint32_t n = 0;
	uint64_t start_ns;

	pads_make(d);
	c = add(d, MIDI_CC, 0, 7, MAPPING_VALUE);
	aim(c, 1, "fader");
	light_same(c, MAPPING_LIGHT_WAY);
	d->mapping.start[0] = d->mapping.start[1] = hello;
	d->mapping.starts = 2;
	start(d);
	surface_refresh(d->surface);
	start_ns = d->now_ns;
	wait_ms(d, 5 * (PADS + 2));
	assert_int_equal(d->sents, 2 + PADS + 1);
	assert_gaps(d);
	/* The greeting is the first, and the fader waits for nothing else. */
	for (uint32_t i = 0; i < d->sents; i++) {
		n += is_sysex(&d->sent[i]);
		if (!is_sysex(&d->sent[i]))
			assert_true(d->sent[i].time_ns <= start_ns + 10 * MS);
	}
	assert_int_equal(n, 2 + PADS);
	assert_int_equal(d->sent[1].bytes, 3);
}

/* More than the gaps have room for. */
static void
each_has_its_turn(void **state)
{
	struct desk *d = *state;
	uint32_t shown[PADS] = {0};

	pads_make(d);
	start(d);
	for (int ms = 0; ms < 2000; ms++) {
		char address[32];

		for (int i = 1; i <= PADS / 2; i++) {
			snprintf(address, sizeof(address), "/strip/%d/mute", i);
			somebody_sets(d, address, ms / 7 % 2);
			snprintf(address, sizeof(address),
				"/strip/%d/send/main", i);
			somebody_sets(d, address, ms / 7 % 2);
		}
		wait_ms(d, 1);
	}
	assert_gaps(d);
	for (uint32_t i = 0; i < d->sents; i++)
		shown[d->sent[i].byte[PAD_AT] - pad_bytes[PAD_AT]]++;
	for (int i = 0; i < PADS; i++)
		assert_in_range(shown[i], 20, 30);
}

/* Neither what is shown nor what is waited for makes it late; a device that is
 * new is greeted first. */
static void
what_is_repeated_goes_on(void **state)
{
	static const struct mapping_start alive = {{0xa0, 0, 0}, 3};
	static const struct mapping_start hello = {{0xf0, 1, 0xf7}, 3};
	struct desk *d = *state;
	uint64_t last_ns = 0;
	uint32_t n = 0;

	pads_make(d);
	d->mapping.start[0] = hello;
	d->mapping.starts = 1;
	d->mapping.repeat[0] = alive;
	d->mapping.repeats = 1;
	d->mapping.every_ns = 250 * MS;
	start(d);
	for (int ms = 0; ms < 5000; ms++) {
		somebody_sets(d, "/strip/1/mute", ms / 7 % 2);
		wait_ms(d, 1);
	}
	for (uint32_t i = 0; i < d->sents; i++) {
		if (memcmp(d->sent[i].byte, alive.byte, 3) != 0)
			continue;
		if (n > 0)
			assert_in_range(d->sent[i].time_ns - last_ns, 245 * MS,
				255 * MS);
		last_ns = d->sent[i].time_ns;
		n++;
	}
	assert_in_range(n, 19, 21);
	d->sents = 0;
	surface_resync(d->surface);
	wait_ms(d, 245);
	assert_memory_equal(d->sent[0].byte, hello.byte, 3);
	for (uint32_t i = 0; i < d->sents; i++)
		assert_int_not_equal(d->sent[i].byte[0], 0xa0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(sysex_comes_with_gaps_and_all_else_at_once),
		T(each_has_its_turn),
		T(what_is_repeated_goes_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
