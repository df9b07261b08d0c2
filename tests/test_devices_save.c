/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is learned is put on a disk that may be slow, and nobody waits for it;
 * who reads of devices changes nothing. */
#include "tests/devices_rig.h"

#include <poll.h>
#include <stdatomic.h>

#include "control/util/file_new.h"

#define SLOW_MS 2000

static atomic_bool may_sync, syncs;

/* Instead of the C library's: until it may, but not for ever. */
int
fsync(int fd)
{
	(void)fd;
	atomic_store(&syncs, true);
	for (int ms = 0; ms < SLOW_MS && !atomic_load(&may_sync); ms++)
		poll(NULL, 0, 1);
	return 0;
}

static const char *
learn_state(struct machine *m)
{
	struct devices_learning l;

	devices_learning(m->devices, &l);
	return l.state;
}

static bool
is_being_saved(struct machine *m)
{
	(void)m;
	return atomic_load(&syncs);
}

static bool
is_done(struct machine *m)
{
	return !strcmp(learn_state(m), "done");
}

static void
learn_knob(struct machine *m, const char *address)
{
	char why[MAPPING_WHY_MAX];

	atomic_store(&may_sync, false);
	atomic_store(&syncs, false);
	assert_int_equal(devices_learn(m->devices, address, why), 0);
	for (uint8_t v = 10; v < 20; v++)
		plug_say(&m->plug[0], 0xb0, 1, v);
	assert_true(machine_until(m, is_being_saved, WAIT_NS));
}

/* The loop goes on, and it is said to be learned when it is. */
static void
nothing_waits_for_the_disk(void **state)
{
	struct machine *m = *state;
	uint64_t start_ns;

	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	start_ns = loop_now_ns();
	learn_knob(m, "/strip/2/trim");
	machine_run(m, 100 * MS);
	assert_string_equal(learn_state(m), "move");
	assert_true(loop_now_ns() - start_ns < SLOW_MS * MS);
	atomic_store(&may_sync, true);
	assert_true(machine_until(m, is_done, WAIT_NS));
	plug_say(&m->plug[0], 0xb0, 1, 127);
	assert_true(machine_until(m, all_is_read, WAIT_NS));
}

/* The path of a file in the folder of what was learned. */
static const char *
learned_path(const struct machine *m, const char *name)
{
	static char path[PATH_MAX + 64];

	snprintf(path, sizeof(path), "%s/state/tapdeck/mappings/%s", m->folder,
		name);
	return path;
}

static void
what_killed_writers_left_is_taken_away(void **state)
{
	static const char left[] = "Knobs MIDI 1.yaml.unfinished-a1B2c3";
	static const char mine[] = "Knobs MIDI 1.yaml.backup";
	struct machine *m = *state;

	assert_int_equal(file_new(learned_path(m, left), "name: Le", 8), 0);
	assert_int_equal(file_new(learned_path(m, mine), "name: Le", 8), 0);
	machine_start(m);
	assert_int_equal(access(learned_path(m, left), F_OK), -1);
	assert_int_equal(access(learned_path(m, mine), F_OK), 0);
}

/* It is on the disk all the same when all ends meanwhile. */
static void
what_was_begun_is_finished(void **state)
{
	struct machine *m = *state;

	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	learn_knob(m, "/strip/2/trim");
	devices_close(m->devices);
	m->devices = NULL;
	assert_int_equal(access(learned_path(m, "Knobs MIDI 1.yaml"), F_OK), 0);
}

/* ---- reading ---- */

static uint32_t heard;
static char last[96];

static void
on_heard(void *data, const char *device, const struct midi_event *e)
{
	(void)data;
	assert_string_equal(device, "Box MIDI 1");
	midi_text(e, last, sizeof(last));
	heard++;
}

static bool
ten_were_heard(struct machine *m)
{
	(void)m;
	return heard >= 10;
}

static void
who_reads_opens_nothing(void **state)
{
	struct machine *m = *state;
	struct midi_device d;
	struct plug *p = plug_in(m, "Box MIDI 1"); /* no mapping is for it */

	machine_start(m);
	for (int i = 0; i < 10; i++) {
		assert_true(devices_at(m->devices, 0, &d));
		machine_run(m, 5 * MS);
	}
	assert_int_equal(p->opens, 0);
	heard = 0;
	devices_listen(m->devices, 60000 * MS, on_heard, NULL);
	assert_true(machine_until(m, first_is_open, WAIT_NS));
	for (uint8_t v = 1; v <= 10; v++)
		plug_say(p, 0xb0, 5, v);
	assert_true(machine_until(m, ten_were_heard, WAIT_NS));
	assert_int_equal(heard, 10);
	assert_string_equal(last, "ch 1 cc 5 = 10");
	/* Nobody listens any more. */
	devices_listen(m->devices, 0, NULL, NULL);
	plug_say(p, 0xb0, 5, 11);
	assert_true(machine_until(m, all_is_read, WAIT_NS));
	assert_int_equal(heard, 10);
	/* Nor when the time is over that somebody wanted to. */
	devices_listen(m->devices, 20 * MS, on_heard, NULL);
	machine_run(m, 30 * MS);
	plug_say(p, 0xb0, 5, 12);
	assert_true(machine_until(m, all_is_read, WAIT_NS));
	assert_int_equal(heard, 10);
}

#define T(name) cmocka_unit_test_setup_teardown(name, machine_up, machine_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(nothing_waits_for_the_disk),
		T(what_was_begun_is_finished),
		T(what_killed_writers_left_is_taken_away),
		T(who_reads_opens_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
