/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A button whose press waits for the beat: its lamp, its second press, and the
 * fast path, which leaves it alone. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "control/mapping/mapping.h"
#include "control/surface/surface.h"
#include "core/reflex.h"
#include "tests/tempo_rig.h"

static const char text_of[] =
	"name: T\ndevice: T\ncontrols:\n"
	"  - {on: note 1, to: /strip/1/mute, light: same}\n"
	"  - {on: note 2, to: /strip/2/mute, light: same, quantise: bar}\n"
	"  - {on: note 3, to: /strip/3/mute, as: momentary}\n"
	"  - {on: note 4, to: /strip/4/gain, value: -6, quantise: beat}\n"
	"  - {on: note 5, to: /strip/1/route, as: radio, value: loop, light: "
	"same}\n"
	"  - {on: note 6, to: /strip/4/mute, quantise: \"off\"}\n";

struct desk {
	struct beat b;
	struct mapping *m;
	struct surface *s;
	uint32_t lit[8], dark[8]; /* so often sent, by note */
	uint64_t now_ns;
};

static void
on_send(void *data, const uint8_t *bytes, uint32_t n)
{
	struct desk *d = data;
	bool on = bytes[0] == 0x90 && bytes[2] > 0;

	if (n != 3 || bytes[1] >= 8)
		return;
	d->lit[bytes[1]] += on;
	d->dark[bytes[1]] += !on;
}

static void
desk_begin(struct desk *d, struct rig *r)
{
	char why[MAPPING_WHY_MAX];
	struct surface_config config = {
		.params = r->p, .source = 9, .send = on_send, .data = d};

	memset(d, 0, sizeof(*d));
	beat_begin(&d->b, r);
	if (mapping_parse(
		    &d->m, text_of, strlen(text_of), "x.yaml", r->p, why) < 0)
		fail_msg("%s", why);
	config.mapping = d->m;
	assert_int_equal(surface_new(&d->s, &config), 0);
	d->now_ns = SURFACE_MS * 1000;
	surface_run(d->s, d->now_ns);
	beat_start(&d->b, 5000);
	beat_run(&d->b, 5000 + BEAT + 1000);
}

static void
desk_end(struct desk *d)
{
	surface_free(d->s);
	mapping_free(d->m);
	beat_end(&d->b);
}

static void
note(struct desk *d, uint8_t number, bool on)
{
	const struct midi_event e = {
		.kind = MIDI_NOTE, .number = number, .value = on ? 100 : 0};

	d->now_ns += 40 * SURFACE_MS;
	assert_true(surface_event(d->s, &e, 0, d->now_ns));
}

static void
press(struct desk *d, uint8_t number)
{
	note(d, number, true);
	note(d, number, false);
}

/* What it shows in a second. */
static void
look(struct desk *d)
{
	memset(d->lit, 0, sizeof(d->lit));
	memset(d->dark, 0, sizeof(d->dark));
	for (int i = 0; i < 100; i++) {
		d->now_ns += 10 * SURFACE_MS;
		surface_run(d->s, d->now_ns);
	}
}

static void
what_a_button_says_of_itself_goes_before_quantise(void **state)
{
	struct rig *r = *state;
	struct desk d;

	desk_begin(&d, r);
	press(&d, 2);
	assert_true(get(r, "/strip/2/mute") == 0.0);
	assert_true(get(r, "/strip/2/pending") == 1.0);
	press(&d, 1); /* /quantise is off */
	assert_true(get(r, "/strip/1/mute") == 1.0);
	quantise(&d.b, "bar");
	press(&d, 1);
	assert_true(get(r, "/strip/1/mute") == 1.0);
	press(&d, 6); /* off, whatever that says */
	assert_true(get(r, "/strip/4/mute") == 1.0);
	note(&d, 3, true); /* a finger that stays */
	assert_true(get(r, "/strip/3/mute") == 1.0);
	note(&d, 3, false);
	assert_true(get(r, "/strip/3/mute") == 0.0);
	press(&d, 4);
	assert_true(get(r, "/strip/4/gain") == 0.0);
	beat_run(&d.b, 5000 + 2 * BEAT + 2000);
	assert_true(get(r, "/strip/4/gain") == -6.0);
	beat_run(&d.b, 5000 + BAR + 2000);
	assert_true(get(r, "/strip/1/mute") == 0.0);
	assert_true(get(r, "/strip/2/mute") == 1.0);
	desk_end(&d);
}

static void
a_lamp_blinks_until_then(void **state)
{
	struct rig *r = *state;
	struct desk d;

	desk_begin(&d, r);
	quantise(&d.b, "bar");
	look(&d);
	assert_int_equal(d.lit[1] + d.dark[1], 0);
	press(&d, 1);
	press(&d, 5);
	look(&d);
	/* 125 ms each way */
	assert_in_range(d.lit[1], 3, 5);
	assert_in_range(d.dark[1], 3, 5);
	assert_in_range(d.lit[5], 3, 5);
	assert_int_equal(d.lit[2], 0);
	beat_run(&d.b, 5000 + BAR + 2000);
	look(&d);
	look(&d);
	assert_int_equal(d.lit[1] + d.dark[1], 0); /* lit, and stays */
	desk_end(&d);
}

static void
a_second_press_takes_it_back(void **state)
{
	struct rig *r = *state;
	struct desk d;

	desk_begin(&d, r);
	press(&d, 2);
	press(&d, 2);
	assert_int_equal(param_pendings(r->p), 0);
	look(&d);
	look(&d);
	assert_int_equal(d.lit[2] + d.dark[2], 0);
	beat_run(&d.b, 5000 + BAR + 2000);
	assert_true(get(r, "/strip/2/mute") == 0.0);
	desk_end(&d);
}

static bool
is_fast(struct desk *d, uint8_t number)
{
	static struct reflex_table t;

	memset(&t, 0, sizeof(t));
	surface_reflex(d->s, &t);
	return t.at[REFLEX_NOTE][0][number] != 0;
}

static void
the_audio_thread_does_nothing_that_has_to_wait(void **state)
{
	struct rig *r = *state;
	struct desk d;

	desk_begin(&d, r);
	assert_true(is_fast(&d, 1));
	assert_false(is_fast(&d, 2));
	assert_true(is_fast(&d, 6));
	assert_false(surface_reflex_stale(d.s));
	quantise(&d.b, "beat");
	surface_changed(d.s, find(r, "/quantise"), 0);
	assert_true(surface_reflex_stale(d.s));
	assert_false(is_fast(&d, 1));
	assert_true(is_fast(&d, 3));
	assert_true(is_fast(&d, 6));
	desk_end(&d);
}

int
main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(what_a_button_says_of_itself_goes_before_quantise),
		T(a_lamp_blinks_until_then),
		T(a_second_press_takes_it_back),
		T(the_audio_thread_does_nothing_that_has_to_wait),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
