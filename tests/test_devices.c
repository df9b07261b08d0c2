/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/devices_rig.h"

static bool
second_is_open(struct machine *m)
{
	return m->plug[1].open;
}

static bool
scanned_again(struct machine *m)
{
	return m->scans > 1;
}

static bool
has_scanned(struct machine *m)
{
	return m->scans >= m->want_scans;
}

static bool
all_of_second_is_read(struct machine *m)
{
	return m->plug[1].in_at == m->plug[1].in_end;
}

static void
a_machine_without_midi_is_quiet(void **state)
{
	struct machine *m = *state;
	struct midi_device d;

	write_file(m, "knobs.yaml", KNOBS);
	machine_start(m);
	machine_run(m, 50 * MS);
	assert_false(devices_at(m->devices, 0, &d));
	assert_string_equal(m->log, "");
}

static void
the_machines_own_midi_may_be_missing(void **state)
{
	struct machine *m = *state;
	const struct devices_config config = {.loop = m->loop,
		.params = m->rig->p,
		.say = machine_say,
		.data = m};

	assert_int_equal(devices_open(&m->devices, &config), 0);
	machine_run(m, 20 * MS);
	devices_news(m->devices);
	machine_run(m, 400 * MS);
}

static void
a_device_moves_its_strip_and_is_shown_it(void **state)
{
	struct machine *m = *state;
	struct midi_device d;
	char last[64];

	write_file(m, "knobs.yaml", KNOBS);
	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	assert_true(machine_until(m, first_is_open, WAIT_NS));
	plug_say(&m->plug[0], 0xb0, 1, 127);
	assert_true(machine_until(m, strip_1_is_up, WAIT_NS));
	somebody_sets(m, "/strip/1/mute", 1);
	assert_true(machine_until(m, mute_is_lit, WAIT_NS));
	assert_true(devices_at(m->devices, 0, &d));
	assert_string_equal(d.name, "Knobs MIDI 1");
	assert_string_equal(d.mapping, "Knobs");
	assert_int_equal(d.events, 1);
	midi_text(&d.last, last, sizeof(last));
	assert_string_equal(last, "ch 1 cc 1 = 127");
	/* A clock that ticks on is no event to be told of each time. */
	for (int i = 0; i < 3; i++)
		plug_say(&m->plug[0], 0xf8, 0xf8, 0xf8);
	assert_true(machine_until(m, all_is_read, WAIT_NS));
	assert_true(devices_at(m->devices, 0, &d));
	assert_int_equal(d.events, 1);
	assert_false(devices_at(m->devices, 1, &d));
}

static unsigned
log_lines(const struct machine *m, const char *word)
{
	unsigned n = 0;

	for (const char *at = m->log; (at = strstr(at, word)) != NULL; at++)
		n++;
	return n;
}

static bool
tried_again(struct machine *m)
{
	return m->plug[0].opens >= 2;
}

static bool
is_free_and_lit(struct machine *m)
{
	return m->plug[0].open && mute_is_lit(m);
}

static void
what_a_device_did_not_take_is_sent_again(void **state)
{
	struct machine *m = *state;
	struct midi_device d;

	write_file(m, "knobs.yaml", KNOBS);
	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	assert_true(machine_until(m, first_is_open, WAIT_NS));
	m->plug[0].full = 1;
	somebody_sets(m, "/strip/1/mute", 1);
	assert_true(machine_until(m, mute_is_lit, WAIT_NS));
	assert_int_equal(m->plug[0].full, 0);
	assert_true(devices_at(m->devices, 0, &d));
	assert_int_equal(d.lost, 1);
}

/* Another program has one half, or both, and lets go of it later. */
static void
a_half_that_cannot_be_opened_is_tried_again(void **state)
{
	struct machine *m = *state;
	struct midi_device d;
	struct plug *p;
	uint64_t start_ns;

	write_file(m, "knobs.yaml", KNOBS);
	p = plug_in(m, "Knobs MIDI 1");
	p->out_busy = true;
	start_ns = loop_now_ns();
	machine_start(m);
	somebody_sets(m, "/strip/1/mute", 1);
	assert_true(machine_until(m, first_is_open, WAIT_NS));
	plug_say(p, 0xb0, 1, 127);
	assert_true(machine_until(m, strip_1_is_up, WAIT_NS));
	assert_true(devices_at(m->devices, 0, &d));
	assert_true(d.in_open);
	assert_false(d.out_open);
	assert_int_equal(d.error, -EBUSY);
	assert_int_equal(d.lost, 0);
	assert_true(machine_until(m, tried_again, WAIT_NS));
	assert_true(loop_now_ns() - start_ns > 1500 * MS);
	assert_int_equal(log_lines(m, strerror(EBUSY)), 1);
	p->out_busy = false;
	assert_true(machine_until(m, is_free_and_lit, WAIT_NS));
	assert_true(devices_at(m->devices, 0, &d));
	assert_int_equal(d.error, 0);
	assert_int_equal(log_lines(m, "is open now"), 1);
}

static void
a_device_that_comes_later_is_found(void **state)
{
	struct machine *m = *state;
	uint64_t start_ns;

	write_file(m, "knobs.yaml", KNOBS);
	machine_start(m);
	somebody_sets(m, "/strip/1/mute", 1);
	machine_run(m, 20 * MS);
	plug_in(m, "Knobs MIDI 1");
	start_ns = loop_now_ns();
	devices_news(m->devices);
	assert_true(machine_until(m, mute_is_lit, WAIT_NS));
	assert_true(loop_now_ns() - start_ns < 2000 * MS);
}

static void
a_device_that_comes_back_is_restored(void **state)
{
	struct machine *m = *state;
	struct midi_device d;

	write_file(m, "knobs.yaml", KNOBS);
	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	assert_true(machine_until(m, first_is_open, WAIT_NS));
	somebody_sets(m, "/strip/1/mute", 1);
	assert_true(machine_until(m, mute_is_lit, WAIT_NS));
	m->plug[0].plugged = false;
	devices_news(m->devices);
	assert_true(machine_until(m, scanned_again, WAIT_NS));
	assert_true(devices_at(m->devices, 0, &d));
	assert_false(d.present);
	m->plug[0].outs = 0;
	m->plug[0].plugged = true;
	devices_news(m->devices);
	assert_true(machine_until(m, mute_is_lit, 2000 * MS));
	plug_say(&m->plug[0], 0xb0, 1, 127);
	assert_true(machine_until(m, strip_1_is_up, WAIT_NS));
	assert_non_null(strstr(m->log, "is gone"));
	assert_non_null(strstr(m->log, "is back"));
}

#define MOTOR                                                                  \
	"name: Motor\ndevice: \"Motor*\"\nstart: [F0 01 F7]\ncontrols:\n"      \
	"  - {on: bend, to: /strip/1/fader, light: same, touch: note 104,\n"   \
	"     takeover: pickup}\n"                                             \
	"  - {on: note 1, to: /strip/1/mute, as: toggle, light: same}\n"

static bool
motor_runs(struct machine *m)
{
	return memchr(m->plug[0].out, 0xe0, m->plug[0].outs) != NULL;
}

static bool
motor_is_at_the_top(struct machine *m)
{
	return plug_got(&m->plug[0], 0xe0, 127, 127);
}

/* A tablet that asks for everything pulls no fader out of a hand. */
static void
a_resync_leaves_a_fader_to_the_hand(void **state)
{
	struct machine *m = *state;
	struct plug *p;

	write_file(m, "motor.yaml", MOTOR);
	p = plug_in(m, "Motor MIDI 1");
	machine_start(m);
	somebody_sets(m, "/strip/1/mute", 1);
	assert_true(machine_until(m, mute_is_lit, WAIT_NS));
	assert_true(machine_until(m, motor_runs, WAIT_NS));
	plug_say(p, 0x90, 104, 127);
	assert_true(machine_until(m, all_is_read, WAIT_NS));
	somebody_sets(m, "/strip/1/fader", 1);
	p->outs = 0;
	devices_resync(m->devices);
	assert_true(machine_until(m, mute_is_lit, WAIT_NS));
	machine_run(m, 50 * MS);
	assert_int_equal(p->out[0], 0xf0); /* the greeting is said again */
	assert_false(motor_runs(m));
	plug_say(p, 0x90, 104, 0);
	assert_true(machine_until(m, motor_is_at_the_top, WAIT_NS));
}

/* A scan does not see whether it was away for a moment, and has forgotten what
 * the greeting told it. */
static void
a_scan_greets_those_that_stay(void **state)
{
	struct machine *m = *state;
	struct plug *p;

	write_file(m, "motor.yaml", MOTOR);
	p = plug_in(m, "Motor MIDI 1");
	machine_start(m);
	somebody_sets(m, "/strip/1/mute", 1);
	assert_true(machine_until(m, mute_is_lit, WAIT_NS));
	p->outs = 0;
	devices_news(m->devices);
	assert_true(machine_until(m, mute_is_lit, WAIT_NS));
	assert_int_equal(p->out[0], 0xf0);
}

/* The message that ends a touch is lost with others, or between the two halves
 * of a scan. */
static void
a_touch_that_nobody_ends_is_not_for_ever(void **state)
{
	struct machine *m = *state;
	struct plug *p;

	write_file(m, "motor.yaml", MOTOR);
	p = plug_in(m, "Motor MIDI 1");
	machine_start(m);
	assert_true(machine_until(m, first_is_open, WAIT_NS));
	for (int i = 0; i < 2; i++) {
		plug_say(p, 0x90, 104, 127);
		assert_true(machine_until(m, all_is_read, WAIT_NS));
		somebody_sets(m, "/strip/1/fader", i == 0);
		p->outs = 0;
		plug_say(p, 0x90, 104, 0);
		p->overflow = i == 0;
		if (i == 1) {
			p->in_at = p->in_end;
			devices_news(m->devices);
		}
		assert_true(machine_until(
			m, i == 0 ? motor_is_at_the_top : motor_runs, WAIT_NS));
	}
}

static bool
is_looked_at_often(struct machine *m)
{
	return m->plug[0].reads >= 600;
}

/* What came before a scan is read before it; a hand is waited for. */
static void
others_lose_nothing_when_one_comes(void **state)
{
	struct machine *m = *state;
	uint64_t news_ns;
	struct midi_device d;

	write_file(m, "knobs.yaml", KNOBS);
	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	assert_true(machine_until(m, first_is_open, WAIT_NS));
	m->plug[0].moves = true;
	m->plug[0].reads = 0;
	plug_in(m, "Knobs 2 MIDI 1");
	news_ns = loop_now_ns();
	devices_news(m->devices);
	/* 300 turns, of which a slow machine makes not even one in 16 ms */
	assert_true(machine_until(m, is_looked_at_often, 6 * WAIT_NS));
	/* Not in the middle of it, unless that takes too long. */
	assert_true(m->scans == 1 || m->scan_ns - news_ns >= 1000 * MS);
	m->plug[0].moves = false;
	plug_say(&m->plug[0], 0xb0, 1, 127);
	assert_true(machine_until(m, second_is_open, WAIT_NS));
	assert_true(strip_1_is_up(m));
	assert_true(devices_at(m->devices, 0, &d));
	assert_int_equal(d.events, m->plug[0].in_end / 3);
}

/* How long after the news it was looked. The shortest of a few times: the
 * machine may be slow, but not we. */
static uint64_t
news_take_ns(struct machine *m, uint64_t enough_ns)
{
	uint64_t least_ns = UINT64_MAX;

	for (int i = 0; i < 5 && least_ns > enough_ns; i++) {
		uint64_t news_ns = loop_now_ns();

		m->want_scans = m->scans + 1;
		devices_news(m->devices);
		assert_true(machine_until(m, has_scanned, WAIT_NS));
		if (m->scan_ns - news_ns < least_ns)
			least_ns = m->scan_ns - news_ns;
	}
	return least_ns;
}

static void
a_clock_is_no_hand_that_is_waited_for(void **state)
{
	struct machine *m = *state;

	write_file(m, "knobs.yaml", KNOBS);
	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	assert_true(machine_until(m, first_is_open, WAIT_NS));
	m->plug[0].ticks = true;
	assert_true(news_take_ns(m, 500 * MS) < 800 * MS);
}

static void
a_hand_that_never_rests_is_not_waited_for_long(void **state)
{
	struct machine *m = *state;
	uint64_t took_ns;

	write_file(m, "knobs.yaml", KNOBS);
	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	assert_true(machine_until(m, first_is_open, WAIT_NS));
	m->plug[0].moves = true;
	took_ns = news_take_ns(m, 1200 * MS);
	assert_in_range(took_ns, 1000 * MS, 1500 * MS);
}

static bool
second_is_listed(struct machine *m)
{
	struct midi_device d;

	return devices_at(m->devices, 1, &d);
}

/* The volumes of a song that a DAW plays are not for our strips. */
static void
a_program_is_not_just_any_device(void **state)
{
	struct machine *m = *state;
	struct midi_device d;

	write_file(m, "any.yaml",
		"name: Any\ndevice: \"*\"\ncontrols:\n"
		"  - {on: cc 1, to: /strip/1/fader}\n");
	write_file(m, "song.yaml",
		"name: Song\ndevice: \"Song*\"\ncontrols:\n"
		"  - {on: cc 1, to: /strip/1/fader}\n");
	plug_in(m, "DAW out")->program = true;
	plug_in(m, "Song out")->program = true;
	plug_in(m, "A device");
	machine_start(m);
	assert_true(machine_until(m, second_is_listed, WAIT_NS));
	assert_true(devices_at(m->devices, 0, &d));
	assert_string_equal(d.mapping, "");
	assert_true(devices_at(m->devices, 1, &d));
	assert_string_equal(d.mapping, "Song");
	assert_true(devices_at(m->devices, 2, &d));
	assert_string_equal(d.mapping, "Any");
}

static void
two_equal_devices_are_two(void **state)
{
	struct machine *m = *state;
	struct midi_device d;

	write_file(m, "knobs.yaml", KNOBS);
	plug_in(m, "Knobs MIDI 1");
	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	assert_true(machine_until(m, second_is_open, WAIT_NS));
	plug_say(&m->plug[1], 0xb0, 1, 127);
	assert_true(machine_until(m, strip_1_is_up, WAIT_NS));
	assert_true(devices_at(m->devices, 1, &d));
	assert_int_equal(d.events, 1);
	assert_true(devices_at(m->devices, 0, &d));
	assert_int_equal(d.events, 0);
}

/* The second takes the place of the first, and its fader stands elsewhere. */
static void
one_of_two_equal_devices_may_go(void **state)
{
	struct machine *m = *state;

	write_file(m, "knobs.yaml",
		"name: Knobs\ndevice: \"Knobs*\"\ncontrols:\n"
		"  - {on: cc 1, to: /strip/1/fader}\n");
	plug_in(m, "Knobs MIDI 1");
	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	assert_true(machine_until(m, second_is_open, WAIT_NS));
	for (uint8_t v = 0; v < 128; v++)
		plug_say(&m->plug[0], 0xb0, 1, v);
	assert_true(machine_until(m, strip_1_is_up, WAIT_NS));
	m->plug[0].plugged = false;
	devices_news(m->devices);
	assert_true(machine_until(m, scanned_again, WAIT_NS));
	for (uint8_t v = 10; v < 20; v++)
		plug_say(&m->plug[1], 0xb0, 1, v);
	assert_true(machine_until(m, all_of_second_is_read, WAIT_NS));
	assert_true(strip_1_is_up(m));
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, machine_up, machine_down)
	const struct CMUnitTest tests[] = {
		T(a_machine_without_midi_is_quiet),
		T(the_machines_own_midi_may_be_missing),
		T(a_device_moves_its_strip_and_is_shown_it),
		T(what_a_device_did_not_take_is_sent_again),
		T(a_half_that_cannot_be_opened_is_tried_again),
		T(a_device_that_comes_later_is_found),
		T(a_device_that_comes_back_is_restored),
		T(a_resync_leaves_a_fader_to_the_hand),
		T(a_scan_greets_those_that_stay),
		T(a_touch_that_nobody_ends_is_not_for_ever),
		T(others_lose_nothing_when_one_comes),
		T(a_clock_is_no_hand_that_is_waited_for),
		T(a_hand_that_never_rests_is_not_waited_for_long),
		T(a_program_is_not_just_any_device),
		T(two_equal_devices_are_two),
		T(one_of_two_equal_devices_may_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
