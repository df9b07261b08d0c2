/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/midi_hub_rig.h"

#include <math.h>

#include "control/midi_hub_own.h"

#define KNOBS                                                                  \
	"name: Knobs\ndevice: \"Knobs*\"\ntakeover: jump\ncontrols:\n"         \
	"  - {on: cc 1, to: /strip/1/fader, light: same}\n"                    \
	"  - {on: note 1, to: /strip/1/mute, as: toggle, light: same}\n"
#define KNOBS_LEFT                                                             \
	"name: Knobs\ndevice: \"Knobs*\"\ntakeover: jump\ncontrols:\n"         \
	"  - {on: cc 1, to: /strip/2/fader}\n"

static double
value_of(struct machine *m, const char *address)
{
	struct param_value v = get(m->rig, address);

	return v.type == PARAM_FLOAT ? v.f : (double)v.i;
}

static void
somebody_sets(struct machine *m, const char *address, double to)
{
	struct param_change change = {.id = find(m->rig, address)};
	struct param_value v = number(to);

	assert_int_equal(param_check(m->rig->p, change.id, &v, &change.value,
				 m->rig->why),
		0);
	param_apply(m->rig->p, &change, 1, 0, 7);
}

static bool
first_is_open(struct machine *m)
{
	return m->plug[0].open;
}

static bool
second_is_open(struct machine *m)
{
	return m->plug[1].open;
}

static bool
strip_1_is_up(struct machine *m)
{
	return value_of(m, "/strip/1/fader") > 0.99;
}

static bool
strip_2_is_up(struct machine *m)
{
	return value_of(m, "/strip/2/fader") > 0.99;
}

static bool
both_strips_are_down(struct machine *m)
{
	return value_of(m, "/strip/1/fader") < 0.01 &&
	       value_of(m, "/strip/2/fader") < 0.01;
}

static bool
mute_is_lit(struct machine *m)
{
	return plug_got(&m->plug[0], 0x90, 1, 127);
}

static bool
scanned_again(struct machine *m)
{
	return m->scans > 1;
}

static bool
all_is_read(struct machine *m)
{
	return m->plug[0].in_at == m->plug[0].in_end;
}

static bool
all_of_second_is_read(struct machine *m)
{
	return m->plug[1].in_at == m->plug[1].in_end;
}

static bool
log_says_mistake(struct machine *m)
{
	return strstr(m->log, "the mapping stays as it was") != NULL;
}

static void
a_machine_without_midi_is_quiet(void **state)
{
	struct machine *m = *state;
	struct midi_hub_device d;

	write_file(m, "knobs.yaml", KNOBS);
	machine_start(m);
	machine_run(m, 50 * MS);
	assert_false(midi_hub_device(m->hub, 0, &d));
	assert_string_equal(m->log, "");
}

static void
the_machines_own_midi_may_be_missing(void **state)
{
	struct machine *m = *state;
	const struct midi_hub_config config = {.loop = m->loop,
		.params = m->rig->p,
		.say = machine_say,
		.data = m};

	assert_int_equal(midi_hub_open(&m->hub, &config), 0);
	machine_run(m, 20 * MS);
	midi_hub_news(m->hub);
	machine_run(m, 400 * MS);
}

static void
a_device_moves_its_strip_and_is_shown_it(void **state)
{
	struct machine *m = *state;
	struct midi_hub_device d;
	char last[64];

	write_file(m, "knobs.yaml", KNOBS);
	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	assert_true(machine_until(m, first_is_open, WAIT_NS));
	plug_say(&m->plug[0], 0xb0, 1, 127);
	assert_true(machine_until(m, strip_1_is_up, WAIT_NS));
	somebody_sets(m, "/strip/1/mute", 1);
	assert_true(machine_until(m, mute_is_lit, WAIT_NS));
	assert_true(midi_hub_device(m->hub, 0, &d));
	assert_string_equal(d.name, "Knobs MIDI 1");
	assert_string_equal(d.mapping, "Knobs");
	assert_int_equal(d.events, 1);
	midi_hub_text(&d.last, last, sizeof(last));
	assert_string_equal(last, "ch 1 cc 1 = 127");
	/* A clock that ticks on is no event to be told of each time. */
	for (int i = 0; i < 3; i++)
		plug_say(&m->plug[0], 0xf8, 0xf8, 0xf8);
	assert_true(machine_until(m, all_is_read, WAIT_NS));
	assert_true(midi_hub_device(m->hub, 0, &d));
	assert_int_equal(d.events, 1);
	assert_false(midi_hub_device(m->hub, 1, &d));
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
	midi_hub_news(m->hub);
	assert_true(machine_until(m, mute_is_lit, WAIT_NS));
	assert_true(loop_now_ns() - start_ns < 2000 * MS);
}

static void
a_device_that_comes_back_is_restored(void **state)
{
	struct machine *m = *state;
	struct midi_hub_device d;

	write_file(m, "knobs.yaml", KNOBS);
	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	assert_true(machine_until(m, first_is_open, WAIT_NS));
	somebody_sets(m, "/strip/1/mute", 1);
	assert_true(machine_until(m, mute_is_lit, WAIT_NS));
	m->plug[0].plugged = false;
	midi_hub_news(m->hub);
	assert_true(machine_until(m, scanned_again, WAIT_NS));
	assert_true(midi_hub_device(m->hub, 0, &d));
	assert_false(d.present);
	m->plug[0].outs = 0;
	m->plug[0].plugged = true;
	midi_hub_news(m->hub);
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
	midi_hub_resync(m->hub);
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
	midi_hub_news(m->hub);
	assert_true(machine_until(m, mute_is_lit, WAIT_NS));
	assert_int_equal(p->out[0], 0xf0);
}

static void
say_a_lot(void *data)
{
	struct machine *m = data;

	plug_say(
		&m->plug[0], 0xb0, 1, (uint8_t)((m->plug[0].in_end / 3) % 120));
}

/* What came before a scan is read before it; a hand is waited for. */
static void
others_lose_nothing_when_one_comes(void **state)
{
	struct machine *m = *state;
	uint64_t news_ns;
	int timer;
	struct midi_hub_device d;

	write_file(m, "knobs.yaml", KNOBS);
	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	assert_true(machine_until(m, first_is_open, WAIT_NS));
	timer = loop_timer(m->loop, 0, 2 * MS, say_a_lot, m);
	machine_run(m, 20 * MS);
	plug_in(m, "Knobs 2 MIDI 1");
	news_ns = loop_now_ns();
	midi_hub_news(m->hub);
	machine_run(m, 500 * MS);
	assert_int_equal(m->scans, 1); /* not in the middle of it */
	loop_timer_remove(m->loop, timer);
	plug_say(&m->plug[0], 0xb0, 1, 127);
	assert_true(machine_until(m, second_is_open, 2000 * MS));
	assert_true(m->scan_ns - news_ns < 1500 * MS);
	assert_true(strip_1_is_up(m));
	assert_true(midi_hub_device(m->hub, 0, &d));
	assert_int_equal(d.events, m->plug[0].in_end / 3);
}

static void
say_clock(void *data)
{
	struct machine *m = data;

	plug_say(&m->plug[0], 0xf8, 0xf8, 0xf8);
}

static void
a_clock_is_no_hand_that_is_waited_for(void **state)
{
	struct machine *m = *state;
	uint64_t news_ns;

	write_file(m, "knobs.yaml", KNOBS);
	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	assert_true(machine_until(m, first_is_open, WAIT_NS));
	loop_timer(m->loop, 0, 20 * MS, say_clock, m);
	plug_in(m, "Knobs 2 MIDI 1");
	news_ns = loop_now_ns();
	midi_hub_news(m->hub);
	assert_true(machine_until(m, second_is_open, WAIT_NS));
	assert_true(m->scan_ns - news_ns < 800 * MS);
}

static void
a_hand_that_never_rests_is_not_waited_for_long(void **state)
{
	struct machine *m = *state;

	write_file(m, "knobs.yaml", KNOBS);
	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	assert_true(machine_until(m, first_is_open, WAIT_NS));
	loop_timer(m->loop, 0, 2 * MS, say_a_lot, m);
	plug_in(m, "Knobs 2 MIDI 1");
	midi_hub_news(m->hub);
	assert_true(machine_until(m, second_is_open, 2000 * MS));
}

static void
two_equal_devices_are_two(void **state)
{
	struct machine *m = *state;
	struct midi_hub_device d;

	write_file(m, "knobs.yaml", KNOBS);
	plug_in(m, "Knobs MIDI 1");
	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	assert_true(machine_until(m, second_is_open, WAIT_NS));
	plug_say(&m->plug[1], 0xb0, 1, 127);
	assert_true(machine_until(m, strip_1_is_up, WAIT_NS));
	assert_true(midi_hub_device(m->hub, 1, &d));
	assert_int_equal(d.events, 1);
	assert_true(midi_hub_device(m->hub, 0, &d));
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
	midi_hub_news(m->hub);
	assert_true(machine_until(m, scanned_again, WAIT_NS));
	for (uint8_t v = 10; v < 20; v++)
		plug_say(&m->plug[1], 0xb0, 1, v);
	assert_true(machine_until(m, all_of_second_is_read, WAIT_NS));
	assert_true(strip_1_is_up(m));
}

static void
the_users_mapping_comes_before_the_factorys(void **state)
{
	struct machine *m = *state;
	struct midi_hub_device d;

	write_file(m, "../../../factory/a.yaml", KNOBS_LEFT);
	write_file(m, "z.yaml", KNOBS);
	write_file(m, "a.yaml",
		"name: Any\ndevice: \"*\"\ncontrols:\n"
		"  - {on: cc 1, to: /strip/3/fader}\n");
	plug_in(m, "KNOBS");
	plug_in(m, "Other");
	plug_in(m, "Midi Through Port-0");
	machine_start(m);
	assert_true(midi_hub_device(m->hub, 0, &d));
	assert_non_null(strstr(d.path, "/z.yaml"));
	assert_true(midi_hub_device(m->hub, 1, &d));
	assert_string_equal(d.mapping, "Any");
	assert_true(midi_hub_device(m->hub, 2, &d));
	assert_string_equal(d.mapping, "");
}

static void
a_mapping_that_is_saved_is_in_force(void **state)
{
	struct machine *m = *state;

	write_file(m, "knobs.yaml", KNOBS);
	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	assert_true(machine_until(m, first_is_open, WAIT_NS));
	machine_run(m, 20 * MS);
	write_file(m, "knobs.yaml", "name: Knobs\ndevice: Knobs*\ncontrolz: 3");
	assert_true(machine_until(m, log_says_mistake, WAIT_NS));
	assert_non_null(strstr(m->log, "knobs.yaml:3:"));
	plug_say(&m->plug[0], 0xb0, 1, 127);
	assert_true(machine_until(m, strip_1_is_up, WAIT_NS));
	write_file(m, "knobs.yaml", KNOBS_LEFT);
	for (int i = 0; i < 100 && !strip_2_is_up(m); i++) {
		plug_say(&m->plug[0], 0xb0, 1, 127);
		machine_until(m, strip_2_is_up, 50 * MS);
	}
	assert_true(strip_2_is_up(m));
}

static void
rename_file(struct machine *m, const char *from, const char *to)
{
	char path[2][PATH_MAX + 64];

	snprintf(path[0], sizeof(path[0]), "%s/config/tapdeck/mappings/%s",
		m->folder, from);
	snprintf(path[1], sizeof(path[1]), "%s/config/tapdeck/mappings/%s",
		m->folder, to);
	assert_int_equal(rename(path[0], path[1]), 0);
}

/* Moves the fader until strip 2 follows. */
static bool
strip_2_follows(struct machine *m)
{
	for (int i = 0; i < 100 && !strip_2_is_up(m); i++) {
		plug_say(&m->plug[0], 0xb0, 1, 127);
		machine_until(m, strip_2_is_up, 50 * MS);
	}
	return strip_2_is_up(m);
}

/* A new file over the old one; or the old one set aside, and a new one. */
static void
editors_save_in_their_own_ways(void **state)
{
	struct machine *m = *state;

	write_file(m, "knobs.yaml", KNOBS);
	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	assert_true(machine_until(m, first_is_open, WAIT_NS));
	write_file(m, ".knobs.yaml.tmp", KNOBS_LEFT);
	rename_file(m, ".knobs.yaml.tmp", "knobs.yaml");
	assert_true(strip_2_follows(m));
	write_file(m, "4913", "");
	rename_file(m, "knobs.yaml", "knobs.yaml~");
	write_file(m, "knobs.yaml", KNOBS);
	somebody_sets(m, "/strip/1/fader", 0);
	for (int i = 0; i < 100 && !strip_1_is_up(m); i++) {
		plug_say(&m->plug[0], 0xb0, 1, 127);
		machine_until(m, strip_1_is_up, 50 * MS);
	}
	assert_true(strip_1_is_up(m));
	assert_null(strstr(m->log, "no mapping fits"));
}

static void
a_long_name_is_as_good_as_a_short_one(void **state)
{
	struct machine *m = *state;
	struct midi_hub_device d;
	char name[241];

	memset(name, 'x', sizeof(name));
	memcpy(name + sizeof(name) - 6, ".yaml", 6);
	write_file(m, name, KNOBS);
	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	assert_true(midi_hub_device(m->hub, 0, &d));
	assert_string_equal(d.mapping, "Knobs");
}

#define BANKED(name)                                                           \
	"name: " name "\ndevice: \"Knobs*\"\nbank: 8\ncontrols:\n"             \
	"  - {on: note 1-8, to: \"/strip/{1-8}/mute\"}\n"                      \
	"  - {on: note 9, as: bank-right}\n"

static bool
log_says_other(struct machine *m)
{
	return strstr(m->log, "Other bank") != NULL;
}

static void
a_mapping_that_is_saved_stays_in_its_bank(void **state)
{
	struct machine *m = *state;

	write_file(m, "knobs.yaml", BANKED("Knobs"));
	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	assert_true(machine_until(m, first_is_open, WAIT_NS));
	plug_say(&m->plug[0], 0x90, 9, 127);
	plug_say(&m->plug[0], 0x90, 9, 0);
	assert_true(machine_until(m, all_is_read, WAIT_NS));
	write_file(m, "knobs.yaml", BANKED("Other bank"));
	assert_true(machine_until(m, log_says_other, WAIT_NS));
	plug_say(&m->plug[0], 0x90, 2, 127);
	assert_true(machine_until(m, all_is_read, WAIT_NS));
	assert_true(value_of(m, "/strip/10/mute") == 1);
}

#define HELD(name)                                                             \
	"name: " name "\ndevice: \"Knobs*\"\ncontrols:\n"                      \
	"  - {on: note 1, to: /strip/1/mute, as: momentary, light: same}\n"

static bool
is_muted(struct machine *m)
{
	return value_of(m, "/strip/1/mute") == 1;
}

static bool
is_not_muted(struct machine *m)
{
	return !is_muted(m);
}

/* Its release is never heard. */
static void
what_is_held_ends_with_its_mapping_or_device(void **state)
{
	struct machine *m = *state;

	write_file(m, "knobs.yaml", HELD("Knobs"));
	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	assert_true(machine_until(m, first_is_open, WAIT_NS));
	plug_say(&m->plug[0], 0x90, 1, 127);
	assert_true(machine_until(m, is_muted, WAIT_NS));
	write_file(m, "knobs.yaml", HELD("Other"));
	assert_true(machine_until(m, is_not_muted, WAIT_NS));
	plug_say(&m->plug[0], 0x90, 1, 0);
	plug_say(&m->plug[0], 0x90, 1, 127);
	assert_true(machine_until(m, is_muted, WAIT_NS));
	m->plug[0].plugged = false;
	midi_hub_news(m->hub);
	assert_true(machine_until(m, is_not_muted, WAIT_NS));
}

static const char *
learn_state(struct machine *m)
{
	struct midi_hub_learning l;

	midi_hub_learning(m->hub, &l);
	return l.state;
}

static bool
learned(struct machine *m)
{
	return strcmp(learn_state(m), "move") != 0;
}

static bool
asked_left(struct machine *m)
{
	return !strcmp(learn_state(m), "left");
}

static bool
is_done(struct machine *m)
{
	return !strcmp(learn_state(m), "done");
}

static void
what_is_learned_stands_before_the_mapping(void **state)
{
	struct machine *m = *state;
	char why[MAPPING_WHY_MAX];
	double before;

	write_file(m, "knobs.yaml", KNOBS);
	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	assert_true(machine_until(m, first_is_open, WAIT_NS));
	before = value_of(m, "/strip/1/fader");
	assert_int_equal(
		midi_hub_learn(m->hub, "/strip/99/fader", why), -EINVAL);
	assert_int_equal(midi_hub_learn(m->hub, "/strip/2/fader", why), 0);
	for (uint8_t v = 10; v < 20; v++)
		plug_say(&m->plug[0], 0xb0, 1, v);
	assert_true(machine_until(m, learned, WAIT_NS));
	assert_string_equal(learn_state(m), "done");
	assert_true(value_of(m, "/strip/1/fader") == before);
	/* pickup: from the bottom to the top, past the fader */
	for (uint8_t v = 20; v < 128; v++)
		plug_say(&m->plug[0], 0xb0, 1, v);
	assert_true(machine_until(m, strip_2_is_up, WAIT_NS));
	assert_true(value_of(m, "/strip/1/fader") == before);
	somebody_sets(
		m, "/strip/1/mute", 1); /* the rest of the mapping is there */
	assert_true(machine_until(m, mute_is_lit, WAIT_NS));
	assert_int_equal(midi_hub_forget(m->hub, "/strip/2/fader", why), 1);
	assert_int_equal(midi_hub_forget(m->hub, "/strip/2/fader", why), 0);
	plug_say(&m->plug[0], 0xb0, 1, 127);
	assert_true(machine_until(m, strip_1_is_up, WAIT_NS));
}

/* Whatever bank the rest of the device is in. */
static void
what_is_learned_stays_with_its_strip(void **state)
{
	struct machine *m = *state;
	char why[MAPPING_WHY_MAX];

	write_file(m, "knobs.yaml", BANKED("Knobs"));
	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	assert_true(machine_until(m, first_is_open, WAIT_NS));
	plug_say(&m->plug[0], 0x90, 9, 127); /* strips 9 to 16 */
	plug_say(&m->plug[0], 0x90, 9, 0);
	plug_say(&m->plug[0], 0x90, 1, 127);
	assert_true(machine_until(m, all_is_read, WAIT_NS));
	assert_true(value_of(m, "/strip/9/mute") == 1);
	assert_int_equal(midi_hub_learn(m->hub, "/strip/2/fader", why), 0);
	for (uint8_t v = 10; v < 20; v++)
		plug_say(&m->plug[0], 0xb0, 1, v);
	assert_true(machine_until(m, learned, WAIT_NS));
	plug_say(&m->plug[0], 0x90, 9, 127);
	plug_say(&m->plug[0], 0x90, 9, 0);
	for (uint8_t v = 20; v < 128; v++)
		plug_say(&m->plug[0], 0xb0, 1, v);
	assert_true(machine_until(m, strip_2_is_up, WAIT_NS));
}

/* A file with a line that is refused would take all others with it. */
static void
what_cannot_be_learned_leaves_the_rest_alone(void **state)
{
	struct machine *m = *state;
	struct midi_hub_learning l;
	struct midi_hub_device d;
	char why[MAPPING_WHY_MAX];

	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	assert_int_equal(midi_hub_learn(m->hub, "/strip/2/fader", why), 0);
	assert_true(machine_until(m, first_is_open, WAIT_NS));
	for (uint8_t v = 10; v < 20; v++)
		plug_say(&m->plug[0], 0xb0, 1, v);
	assert_true(machine_until(m, is_done, WAIT_NS));
	assert_int_equal(midi_hub_learn(m->hub, "/strip/1/route", why), 0);
	plug_say(&m->plug[0], 0x90, 5, 127);
	plug_say(&m->plug[0], 0x90, 5, 0);
	assert_true(machine_until(m, learned, WAIT_NS));
	midi_hub_learning(m->hub, &l);
	assert_string_equal(l.state, "failed");
	assert_non_null(strstr(l.text, "no button can move it"));
	/* some of these are texts */
	assert_int_equal(midi_hub_learn(m->hub, "/strip/1/*", why), 0);
	for (uint8_t v = 10; v < 20; v++)
		plug_say(&m->plug[0], 0xb0, 2, v);
	assert_true(machine_until(m, learned, WAIT_NS));
	assert_string_equal(learn_state(m), "failed");
	midi_hub_close(m->hub);
	machine_start(m);
	assert_true(midi_hub_device(m->hub, 0, &d));
	assert_true(d.learned);
}

static void
say_fine(struct plug *p, unsigned from, unsigned to)
{
	for (unsigned v = from; v < to; v += 50) {
		plug_say(p, 0xb0, 7, (uint8_t)(v >> 7));
		plug_say(p, 0xb0, 39, (uint8_t)(v & 127));
	}
	plug_say(p, 0xb0, 7, 127);
	plug_say(p, 0xb0, 39, 127);
}

/* Learned as 7 bits, then as 14: its second half is no control any more. */
static void
fourteen_bits_take_the_place_of_seven(void **state)
{
	struct machine *m = *state;
	char why[MAPPING_WHY_MAX];
	double before;

	write_file(m, "knobs.yaml",
		"name: Knobs\ndevice: \"Knobs*\"\ntakeover: jump\ncontrols:\n"
		"  - {on: cc 39, to: /strip/1/fader}\n");
	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	before = value_of(m, "/strip/1/fader");
	assert_true(machine_until(m, first_is_open, WAIT_NS));
	assert_int_equal(midi_hub_learn(m->hub, "/strip/3/fader", why), 0);
	for (uint8_t v = 10; v < 20; v++)
		plug_say(&m->plug[0], 0xb0, 7, v);
	assert_true(machine_until(m, is_done, WAIT_NS));
	assert_int_equal(midi_hub_learn(m->hub, "/strip/2/fader", why), 0);
	say_fine(&m->plug[0], 1000, 3000);
	assert_true(machine_until(m, is_done, WAIT_NS));
	say_fine(&m->plug[0], 1000, 16000);
	assert_true(machine_until(m, strip_2_is_up, WAIT_NS));
	assert_true(value_of(m, "/strip/1/fader") == before);
	assert_int_equal(midi_hub_forget(m->hub, "/strip/3/fader", why), 0);
}

static void
learning_ends_also_when_nothing_is_there(void **state)
{
	struct machine *m = *state;
	struct midi_hub_learning l;
	char why[MAPPING_WHY_MAX];
	uint64_t start_ns = loop_now_ns();

	machine_start(m);
	assert_int_equal(midi_hub_learn(m->hub, "/strip/2/fader", why), 0);
	assert_true(hub_learn_run(m->hub, loop_now_ns()) <= LEARN_NS);
	midi_hub_learning(m->hub, &l);
	assert_string_equal(l.state, "move");
	hub_learn_run(m->hub, start_ns + LEARN_NS + WAIT_NS);
	midi_hub_learning(m->hub, &l);
	assert_string_equal(l.state, "failed");
	assert_non_null(strstr(l.text, "no MIDI device"));
	/* With one that says nothing it ends as well, for another reason. */
	plug_in(m, "Knobs MIDI 1");
	midi_hub_news(m->hub);
	assert_int_equal(midi_hub_learn(m->hub, "/strip/2/fader", why), 0);
	assert_true(machine_until(m, first_is_open, WAIT_NS));
	hub_learn_run(m->hub, loop_now_ns() + LEARN_NS);
	midi_hub_learning(m->hub, &l);
	assert_string_equal(l.state, "failed");
	assert_non_null(strstr(l.text, "nothing clear"));
}

static void
a_device_without_mapping_learns_a_knob_without_end(void **state)
{
	struct machine *m = *state;
	char why[MAPPING_WHY_MAX];

	plug_in(m, "Something [1] \"new\"");
	machine_start(m);
	assert_int_equal(midi_hub_learn(m->hub, "/strip/2/fader", why), 0);
	assert_true(machine_until(m, first_is_open, WAIT_NS));
	for (int i = 0; i < 10; i++)
		plug_say(&m->plug[0], 0xb3, 16, 1);
	assert_true(machine_until(m, asked_left, WAIT_NS));
	machine_run(m, 450 * MS); /* the rest that it asks for */
	for (int i = 0; i < 5; i++)
		plug_say(&m->plug[0], 0xb3, 16, 65);
	assert_true(machine_until(m, is_done, WAIT_NS));
	for (int i = 0; i < 127; i++)
		plug_say(&m->plug[0], 0xb3, 16, 1);
	assert_true(machine_until(m, strip_2_is_up, WAIT_NS));
	for (int i = 0; i < 3; i++)
		plug_say(&m->plug[0], 0xb3, 16, 127);
	somebody_sets(m, "/strip/1/fader", 0.0);
	assert_true(machine_until(m, both_strips_are_down, WAIT_NS));
}

static uint32_t others_bytes;

static void
other_send(void *data, const uint8_t *bytes, uint32_t n)
{
	(void)data;
	(void)bytes;
	others_bytes += n;
}

static bool
other_was_sent(struct machine *m)
{
	(void)m;
	return others_bytes > 0;
}

static void
a_port_of_another_kind_has_its_own_mappings(void **state)
{
	static const uint8_t up[] = {0xb0, 1, 127};
	struct machine *m = *state;
	int device;

	write_file(m, "a.yaml", KNOBS);
	write_file(m, "b.yaml",
		"name: Graph\ndevice: \"*\"\nport: pipewire\n"
		"takeover: jump\ncontrols:\n"
		"  - {on: cc 1, to: /strip/2/fader}\n"
		"  - {on: note 1, to: /strip/1/mute, light: same}\n");
	machine_start(m);
	others_bytes = 0;
	device = midi_hub_add(
		m->hub, "Knobs", MAPPING_PIPEWIRE, other_send, NULL);
	assert_true(device >= 0);
	midi_hub_present(m->hub, device, true);
	midi_hub_take(m->hub, device, up, sizeof(up));
	assert_true(strip_2_is_up(m));
	assert_false(strip_1_is_up(m));
	assert_true(machine_until(m, other_was_sent, WAIT_NS));
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, machine_up, machine_down)
	const struct CMUnitTest tests[] = {
		T(a_machine_without_midi_is_quiet),
		T(the_machines_own_midi_may_be_missing),
		T(a_device_moves_its_strip_and_is_shown_it),
		T(a_device_that_comes_later_is_found),
		T(a_device_that_comes_back_is_restored),
		T(a_resync_leaves_a_fader_to_the_hand),
		T(a_scan_greets_those_that_stay),
		T(others_lose_nothing_when_one_comes),
		T(a_clock_is_no_hand_that_is_waited_for),
		T(a_hand_that_never_rests_is_not_waited_for_long),
		T(two_equal_devices_are_two),
		T(one_of_two_equal_devices_may_go),
		T(the_users_mapping_comes_before_the_factorys),
		T(a_mapping_that_is_saved_is_in_force),
		T(editors_save_in_their_own_ways),
		T(a_long_name_is_as_good_as_a_short_one),
		T(a_mapping_that_is_saved_stays_in_its_bank),
		T(what_is_held_ends_with_its_mapping_or_device),
		T(what_is_learned_stands_before_the_mapping),
		T(what_is_learned_stays_with_its_strip),
		T(what_cannot_be_learned_leaves_the_rest_alone),
		T(fourteen_bits_take_the_place_of_seven),
		T(learning_ends_also_when_nothing_is_there),
		T(a_device_without_mapping_learns_a_knob_without_end),
		T(a_port_of_another_kind_has_its_own_mappings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
