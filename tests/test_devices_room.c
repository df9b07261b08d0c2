/* SPDX-License-Identifier: GPL-3.0-or-later */
/* More devices than are remembered. */
#include "tests/devices_rig.h"

#include "control/devices/devices_scan.h"
#include "control/devices/devices_own.h"

/* Programs put their number into the names of their ports. */
static void
strangers_come_and_go(struct machine *m, uint32_t first, uint32_t n)
{
	for (uint32_t i = first; i < first + n; i++) {
		snprintf(m->plug[1].name, sizeof(m->plug[1].name),
			"Synth input port (%u:0)", i);
		devices_scan(m->devices);
	}
}

static void
sent(void *data, const uint8_t *bytes, uint32_t n)
{
	(void)data;
	(void)bytes;
	(void)n;
}

static void
ports_of_ones_own_outlast_all_strangers(void **state)
{
	struct machine *m = *state;
	struct midi_device d;
	int own;

	write_file(m, "ports.yaml",
		"name: Ports\ndevice: PipeWire\nport: pipewire\n"
		"takeover: jump\ncontrols:\n"
		"  - {on: cc 1, to: /strip/1/fader}\n");
	plug_in(m, "Grid");
	plug_in(m, "Synth");
	machine_start(m);
	own = devices_add(m->devices, "PipeWire", MAPPING_PIPEWIRE, sent, m);
	assert_int_equal(own, 2);
	devices_present(m->devices, own, true);
	strangers_come_and_go(m, 0, DEVICES_MAX);
	m->plug[0].plugged = false; /* the last to be forgotten */
	strangers_come_and_go(m, DEVICES_MAX, DEVICES_MAX / 2);
	devices_take(m->devices, own, (const uint8_t[]){0xb0, 1, 127}, 3);
	assert_true(value_of(m, "/strip/1/fader") == 1.0);
	assert_true(devices_at(m->devices, 0, &d));
	assert_string_equal(d.name, "Grid");
	assert_false(devices_at(m->devices, DEVICES_MAX, &d));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			ports_of_ones_own_outlast_all_strangers, machine_up,
			machine_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
