/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/devices_rig.h"

static bool
scanned_again(struct machine *m)
{
	return m->scans > 1;
}

#define METER                                                                  \
	"name: Meter\ndevice: \"Meter*\"\ncontrols:\n"                         \
	"  - {meter: /strip/1, light: meter 3}\n"

static bool
meter_is_lit(struct machine *m)
{
	const struct plug *p = &m->plug[0];

	for (uint32_t i = 0; i + 1 < p->outs; i++)
		if (p->out[i] == 0xd0 && p->out[i + 1] == 0x3c)
			return true;
	return false;
}

static void
levels_are_shown_also_when_a_device_comes_back(void **state)
{
	struct machine *m = *state;

	write_file(m, "meter.yaml", METER);
	plug_in(m, "Meter MIDI 1");
	m->level = 1.0f;
	machine_start(m);
	assert_true(machine_until(m, meter_is_lit, WAIT_NS));
	m->plug[0].plugged = false;
	devices_news(m->devices);
	assert_true(machine_until(m, scanned_again, WAIT_NS));
	m->plug[0].outs = 0;
	m->plug[0].plugged = true;
	devices_news(m->devices);
	assert_true(machine_until(m, meter_is_lit, 2000 * MS));
}

static uint8_t meter_last;
static uint32_t meters_sent;

static void
meter_send(void *data, const uint8_t *bytes, uint32_t n)
{
	(void)data;
	if (n == 2 && bytes[0] == 0xd0) {
		meter_last = bytes[1];
		meters_sent++;
	}
}

static bool
meter_is_up(struct machine *m)
{
	(void)m;
	return meter_last == 0x3c;
}

static bool
meter_is_down(struct machine *m)
{
	(void)m;
	return meter_last == 0x30;
}

/* Of a port that nobody polls: only the news of audio wakes the devices. */
static void
meters_sleep_while_no_audio_runs(void **state)
{
	struct machine *m = *state;
	uint32_t sent;
	int device;

	write_file(m, "meter.yaml",
		"name: Meter\ndevice: \"*\"\nport: pipewire\ncontrols:\n"
		"  - {meter: /strip/1, light: meter 3}\n");
	m->level = -1.0f;
	meters_sent = 0;
	machine_start(m);
	device = devices_add(
		m->devices, "Meter", MAPPING_PIPEWIRE, meter_send, NULL);
	assert_true(device >= 0);
	devices_present(m->devices, device, true);
	assert_true(machine_until(m, meter_is_down, WAIT_NS));
	sent = meters_sent;
	m->level = 1.0f;
	machine_run(m, 200 * MS);
	assert_int_equal(meters_sent, sent); /* asleep */
	devices_sound(m->devices);
	assert_true(machine_until(m, meter_is_up, WAIT_NS));
	m->level = -1.0f;
	devices_sound(m->devices);
	assert_true(machine_until(m, meter_is_down, WAIT_NS));
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, machine_up, machine_down)
	const struct CMUnitTest tests[] = {
		T(levels_are_shown_also_when_a_device_comes_back),
		T(meters_sleep_while_no_audio_runs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
