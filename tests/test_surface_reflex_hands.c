/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the audio thread would do with a message by itself is what the surface
 * then does: for every factory mapping, hands that do anything, and tables that
 * are as new as they can be. */
#include "tests/surface_reflex_rig.h"

#include <glob.h>

#define STEPS 6000

static uint32_t
message_of(struct ears *e, const struct mapping_message *m, uint16_t value,
	uint8_t bytes[3])
{
	uint8_t channel = m->channel == MAPPING_CHANNEL_ANY
				  ? (uint8_t)chance(e, 16)
				  : m->channel;

	bytes[1] = m->number & 127;
	bytes[2] = value & 127;
	switch (m->kind) {
	case MIDI_NOTE:
		bytes[0] = (value == 0 && chance(e, 2) ? 0x80 : 0x90) | channel;
		return 3;
	case MIDI_POLY_PRESSURE:
		bytes[0] = 0xa0 | channel;
		return 3;
	case MIDI_CC:
		bytes[0] = 0xb0 | channel;
		if (m->fine && chance(e, 2))
			bytes[1] = m->low;
		return 3;
	case MIDI_PROGRAM:
		bytes[0] = 0xc0 | channel;
		return 2;
	case MIDI_CHANNEL_PRESSURE:
		bytes[0] = 0xd0 | channel;
		bytes[1] = bytes[2];
		return 2;
	case MIDI_BEND:
		bytes[0] = 0xe0 | channel;
		bytes[1] = chance(e, 128) & 127;
		return 3;
	default:
		bytes[0] = 0xb0 | channel;
		return 3;
	}
}

/* A control of the mapping: a fader goes on from where it is, a button is hit.
 */
static uint32_t
hand(struct ears *e, uint16_t *at, uint8_t bytes[3])
{
	const struct mapping *m = e->desk->surface ? &e->desk->mapping : NULL;
	uint32_t i = chance(e, m->controls);
	const struct mapping_control *c = &m->control[i];
	int value;

	if (!c->has_message)
		return 0;
	if (c->as == MAPPING_VALUE) {
		value = at[i] + (int)chance(e, 13) - 6;
		at[i] = (uint16_t)(value < 0 ? 0 : value > 127 ? 127 : value);
	} else {
		at[i] = at[i] && chance(e, 4)
				? 0
				: (uint16_t)(chance(e, 3) ? 127
							  : chance(e, 127));
	}
	return message_of(e, &c->message, at[i], bytes);
}

static void
somebody(struct ears *e)
{
	struct params *p = e->desk->rig->p;
	struct param_change change = {.id = chance(e, param_count(p))};
	struct param_value v = {.type = PARAM_FLOAT};
	struct param_info info;
	char why[PARAM_WHY_MAX];

	param_info(p, change.id, &info);
	if (info.read_only || (info.type == PARAM_TEXT && info.choices == 0))
		return;
	v.f = info.min + (info.max - info.min) * chance(e, 128) / 127.0;
	if (info.type != PARAM_FLOAT) {
		v.type = PARAM_INT;
		v.i = (int64_t)v.f;
	}
	if (param_check(p, change.id, &v, &change.value, why) == 0)
		param_apply(p, &change, 1, 0, SOMEBODY);
}

static void
play_mapping(struct desk *d, const char *path, uint32_t *done)
{
	struct surface_config config = {.params = d->rig->p,
		.source = SOURCE}; /* no feedback: no echo is expected */
	struct mapping *mapping;
	struct ears e = {0};
	uint16_t *at;
	char why[MAPPING_WHY_MAX];

	if (mapping_load(&mapping, path, NULL, why) < 0)
		fail_msg("%s", why);
	config.mapping = mapping;
	d->mapping = *mapping;
	at = calloc(mapping->controls, sizeof(*at));
	assert_int_equal(surface_new(&d->surface, &config), 0);
	ears_open(&e, d);
	for (int i = 0; i < STEPS; i++) {
		uint8_t bytes[3];
		uint32_t n = hand(&e, at, bytes);

		if (chance(&e, 20) == 0)
			somebody(&e);
		if (surface_reflex_stale(d->surface))
			table_make(&e);
		if (n > 0)
			both_hear(&e, bytes, n);
		*done += e.count;
		d->now_ns += chance(&e, 40) * MS;
		surface_run(d->surface, d->now_ns);
		if (i % 500 == 0)
			mixer_plays_drop(e.mixer);
	}
	ears_close(&e);
	surface_free(d->surface);
	d->surface = NULL;
	mapping_free(mapping);
	free(at);
}

static void
both_do_the_same_whatever_the_hand_does(void **state)
{
	struct desk *d = *state;
	glob_t files;

	assert_int_equal(glob("mappings/*.yaml", 0, NULL, &files), 0);
	assert_int_equal(glob("tests/fuzz/mapping/everything.yaml", GLOB_APPEND,
				 NULL, &files),
		0);
	for (size_t i = 0; i < files.gl_pathc; i++) {
		uint32_t done = 0;

		play_mapping(d, files.gl_pathv[i], &done);
		/* It would prove nothing. */
		if (done < STEPS / 50)
			fail_msg("%s: %u reflexes only", files.gl_pathv[i],
				done);
	}
	globfree(&files);
	d->mapping.control = d->control;
	d->mapping.controls = 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(both_do_the_same_whatever_the_hand_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
