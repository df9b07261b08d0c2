/* SPDX-License-Identifier: GPL-3.0-or-later */
/* More devices than a hub remembers. */
#include "tests/midi_hub_rig.h"

#include "control/devices/hub_scan.h"
#include "control/devices/midi_hub_own.h"

/* Programs put their number into the names of their ports. */
static void
strangers_come_and_go(struct machine *m, uint32_t first, uint32_t n)
{
	for (uint32_t i = first; i < first + n; i++) {
		snprintf(m->plug[1].name, sizeof(m->plug[1].name),
			"Synth input port (%u:0)", i);
		hub_scan(m->hub);
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
	struct midi_hub_device d;
	int own;

	write_file(m, "ports.yaml",
		"name: Ports\ndevice: PipeWire\nport: pipewire\n"
		"takeover: jump\ncontrols:\n"
		"  - {on: cc 1, to: /strip/1/fader}\n");
	plug_in(m, "Grid");
	plug_in(m, "Synth");
	machine_start(m);
	own = midi_hub_add(m->hub, "PipeWire", MAPPING_PIPEWIRE, sent, m);
	assert_int_equal(own, 2);
	midi_hub_present(m->hub, own, true);
	strangers_come_and_go(m, 0, HUB_DEVICES_MAX);
	m->plug[0].plugged = false; /* the last to be forgotten */
	strangers_come_and_go(m, HUB_DEVICES_MAX, HUB_DEVICES_MAX / 2);
	midi_hub_take(m->hub, own, (const uint8_t[]){0xb0, 1, 127}, 3);
	assert_true(value_of(m, "/strip/1/fader") == 1.0);
	assert_true(midi_hub_device(m->hub, 0, &d));
	assert_string_equal(d.name, "Grid");
	assert_false(midi_hub_device(m->hub, HUB_DEVICES_MAX, &d));
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
