/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/devices_rig.h"

#define HELD(name)                                                             \
	"name: " name "\ndevice: \"Knobs*\"\ntakeover: jump\ncontrols:\n"      \
	"  - {on: note 2, to: /strip/2/mute, as: momentary}\n"                 \
	"  - {on: note 3, as: shift fx}\n"                                     \
	"  - {on: cc 1, to: /strip/1/fader}\n"                                 \
	"  - {on: cc 1, layer: fx, to: /strip/2/fader}\n"                      \
	"  - {on: bend, to: /strip/3/fader, light: same, touch: note 104}\n"

static void
ports_start(struct machine *m)
{
	write_file(m, "knobs.yaml", HELD("Knobs"));
	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	assert_true(machine_until(m, first_is_open, WAIT_NS));
}

static bool
is_muted(struct machine *m)
{
	return value_of(m, "/strip/2/mute") == 1;
}

static bool
is_not_muted(struct machine *m)
{
	return !is_muted(m);
}

static void
what_is_held_ends_when_its_release_is_lost(void **state)
{
	struct machine *m = *state;
	struct plug *p = &m->plug[0];

	ports_start(m);
	plug_say(p, 0x90, 2, 127);
	plug_say(p, 0x90, 3, 127);
	assert_true(machine_until(m, is_muted, WAIT_NS));
	assert_true(machine_until(m, all_is_read, WAIT_NS));
	plug_say(p, 0x90, 2, 0);
	plug_say(p, 0x90, 3, 0);
	p->overflow = true;
	assert_true(machine_until(m, is_not_muted, WAIT_NS));
	somebody_sets(m, "/strip/1/fader", 0);
	plug_say(p, 0xb0, 1, 127);
	assert_true(machine_until(m, strip_1_is_up, WAIT_NS));
}

static bool
came_and_is_open(struct machine *m)
{
	return m->scans == 2 && m->plug[0].open;
}

static void
what_is_held_stays_when_another_device_comes(void **state)
{
	struct machine *m = *state;

	ports_start(m);
	plug_say(&m->plug[0], 0x90, 2, 127);
	assert_true(machine_until(m, is_muted, WAIT_NS));
	plug_in(m, "Grid");
	devices_news(m->devices);
	assert_true(machine_until(m, came_and_is_open, WAIT_NS));
	machine_run(m, 100 * MS);
	assert_true(is_muted(m));
	plug_say(&m->plug[0], 0x90, 2, 0);
	assert_true(machine_until(m, is_not_muted, WAIT_NS));
}

/* Which of them it is that is held, nobody knows any more. */
static void
what_is_held_ends_when_an_equal_device_comes(void **state)
{
	struct machine *m = *state;

	ports_start(m);
	plug_say(&m->plug[0], 0x90, 2, 127);
	assert_true(machine_until(m, is_muted, WAIT_NS));
	plug_in(m, "Knobs MIDI 1");
	devices_news(m->devices);
	assert_true(machine_until(m, is_not_muted, WAIT_NS));
	plug_say(&m->plug[0], 0x90, 2, 0);
	assert_true(machine_until(m, all_is_read, WAIT_NS));
	assert_true(is_not_muted(m));
}

static void
on_sent(void *data, const uint8_t *bytes, uint32_t n)
{
	(void)data, (void)bytes, (void)n;
}

static void
what_is_held_ends_when_one_more_is_linked(void **state)
{
	struct machine *m = *state;
	int device;

	write_file(m, "own.yaml",
		"name: Own\ndevice: PipeWire\nport: pipewire\ncontrols:\n"
		"  - {on: note 2, to: /strip/2/mute, as: momentary}\n");
	machine_start(m);
	device = devices_add(
		m->devices, "PipeWire", MAPPING_PIPEWIRE, on_sent, NULL);
	devices_present(m->devices, device, true);
	devices_take(m->devices, device, (const uint8_t[]){0x90, 2, 127}, 3);
	assert_true(is_muted(m));
	devices_present(m->devices, device, true);
	assert_true(is_not_muted(m));
	devices_take(m->devices, device, (const uint8_t[]){0x90, 2, 0}, 3);
	assert_true(is_not_muted(m));
}

static bool
equal_is_open(struct machine *m)
{
	return m->plug[1].open;
}

static bool
log_says_other(struct machine *m)
{
	return strstr(m->log, "Other") != NULL;
}

/* While it is touched: file saved, an equal device plugged in. */
static void
a_motor_does_not_pull_at_a_finger(void **state)
{
	struct machine *m = *state;
	struct plug *p = &m->plug[0];

	ports_start(m);
	machine_run(m, 300 * MS);
	plug_say(p, 0x90, 104, 127);
	assert_true(machine_until(m, all_is_read, WAIT_NS));
	p->outs = 0;
	somebody_sets(m, "/strip/3/fader", 0.25);
	write_file(m, "knobs.yaml", HELD("Other"));
	assert_true(machine_until(m, log_says_other, WAIT_NS));
	machine_run(m, 100 * MS);
	assert_int_equal(p->outs, 0);
	plug_in(m, "Knobs MIDI 1");
	devices_news(m->devices);
	assert_true(machine_until(m, equal_is_open, WAIT_NS));
	machine_run(m, 100 * MS);
	assert_int_equal(p->outs, 0);
}

static bool
motor_runs(struct machine *m)
{
	const struct plug *p = &m->plug[0];

	for (uint32_t i = 0; i + 3 <= p->outs; i += 3)
		if (p->out[i] == 0xe0)
			return true;
	return false;
}

static void
learn(struct machine *m)
{
	char why[MAPPING_WHY_MAX];

	assert_int_equal(devices_learn(m->devices, "/strip/5/fader", why), 0);
}

/* While somebody learns nobody hears of its end. */
static void
what_is_held_ends_when_somebody_learns(void **state)
{
	struct machine *m = *state;
	struct plug *p = &m->plug[0];

	ports_start(m);
	plug_say(p, 0x90, 2, 127);
	plug_say(p, 0x90, 3, 127);
	plug_say(p, 0x90, 104, 127);
	assert_true(machine_until(m, all_is_read, WAIT_NS));
	assert_true(is_muted(m));
	learn(m);
	assert_true(is_not_muted(m));
	plug_say(p, 0x90, 2, 0);
	plug_say(p, 0x90, 3, 0);
	plug_say(p, 0x90, 104, 0);
	assert_true(machine_until(m, all_is_read, WAIT_NS));
	devices_learn_cancel(m->devices);
	assert_true(is_not_muted(m));
	plug_say(p, 0xb0, 1, 127);
	assert_true(machine_until(m, strip_1_is_up, WAIT_NS));
	p->outs = 0;
	somebody_sets(m, "/strip/3/fader", 0.1);
	assert_true(machine_until(m, motor_runs, WAIT_NS));
}

static bool
is_done(struct machine *m)
{
	struct devices_learning l;

	devices_learning(m->devices, &l);
	return !strcmp(l.state, "done");
}

/* It began to touch while somebody learned, and another control was that. */
static void
a_touch_is_known_after_learning(void **state)
{
	struct machine *m = *state;
	struct plug *p = &m->plug[0];

	ports_start(m);
	assert_true(machine_until(m, motor_runs, WAIT_NS));
	machine_run(m, 50 * MS);
	p->outs = 0;
	learn(m);
	plug_say(p, 0x90, 104, 127);
	for (uint8_t v = 10; v < 20; v++)
		plug_say(p, 0xb0, 9, v);
	assert_true(machine_until(m, is_done, WAIT_NS));
	machine_run(m, 500 * MS);
	assert_false(motor_runs(m));
	plug_say(p, 0x90, 104, 0);
	assert_true(machine_until(m, motor_runs, WAIT_NS));
}

/* A fader that was moved in vain goes back to where it belongs. */
static void
what_was_moved_while_somebody_learned_is_set_right(void **state)
{
	struct machine *m = *state;
	struct plug *p = &m->plug[0];

	ports_start(m);
	assert_true(machine_until(m, motor_runs, WAIT_NS));
	learn(m);
	plug_say(p, 0xe0, 0, 100);
	assert_true(machine_until(m, all_is_read, WAIT_NS));
	p->outs = 0;
	devices_learn_cancel(m->devices);
	assert_true(machine_until(m, motor_runs, WAIT_NS));
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, machine_up, machine_down)
	const struct CMUnitTest tests[] = {
		T(what_is_held_ends_when_its_release_is_lost),
		T(what_is_held_stays_when_another_device_comes),
		T(what_is_held_ends_when_an_equal_device_comes),
		T(what_is_held_ends_when_one_more_is_linked),
		T(a_motor_does_not_pull_at_a_finger),
		T(what_is_held_ends_when_somebody_learns),
		T(a_touch_is_known_after_learning),
		T(what_was_moved_while_somebody_learned_is_set_right),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
