/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each device gets its own mapping by the name that the system gives it, and
 * what is not known the one for any device. */
#include "tests/factory_rows.h"

/* As ALSA's sequencer and PortMidi call them; second ports of a device that are
 * for something else have no mapping of their own. */
static const char *const names[][2] = {
	{"nanoKONTROL2 MIDI 1", "korg-nanokontrol2.yaml"},
	{"nanoKONTROL2 nanoKONTROL2 _ CTR", "korg-nanokontrol2.yaml"},
	{"nanoKONTROL2", "korg-nanokontrol2.yaml"},
	{"MIDI Mix MIDI 1", "akai-midimix.yaml"},
	{"MIDI Mix", "akai-midimix.yaml"},
	{"APC MINI MIDI 1", "akai-apc-mini.yaml"},
	{"APC MINI", "akai-apc-mini.yaml"},
	{"APC mini mk2 Control", "akai-apc-mini-mk2.yaml"},
	{"APC mini mk2 APC mini mk2 Contro", "akai-apc-mini-mk2.yaml"},
	{"APC mini mk2 Notes", "generic-cc.yaml"},
	{"APC40 mkII MIDI 1", "akai-apc40-mk2.yaml"},
	{"APC40 mkII", "akai-apc40-mk2.yaml"},
	{"Launch Control XL MIDI 1", "novation-launch-control-xl.yaml"},
	{"Launch Control XL Launch Contro", "novation-launch-control-xl.yaml"},
	{"Launch Control XL", "novation-launch-control-xl.yaml"},
	{"Launch Control XL 2", "novation-launch-control-xl.yaml"},
	{"Launch Control XL MIDI 2", "generic-cc.yaml"},
	{"Launch Control XL HUI", "generic-cc.yaml"},
	{"X-TOUCH MINI MIDI 1", "behringer-x-touch-mini.yaml"},
	{"X-TOUCH MINI", "behringer-x-touch-mini.yaml"},
	{"X-TOUCH_INT", "mackie-control.yaml"},
	{"X-Touch X-TOUCH_INT", "mackie-control.yaml"},
	{"X-TOUCH_EXT", "generic-cc.yaml"},
	{"DDJ-400 MIDI 1", "pioneer-ddj-400.yaml"},
	{"DDJ-400", "pioneer-ddj-400.yaml"},
	{"DDJ-FLX4 MIDI 1", "pioneer-ddj-flx4.yaml"},
	{"DDJ-FLX4", "pioneer-ddj-flx4.yaml"},
	{"XONE:K2 MIDI 1", "allen-heath-xone-k2.yaml"},
	{"XONE:K2", "allen-heath-xone-k2.yaml"},
	{"Arturia BeatStep MIDI 1", "arturia-beatstep.yaml"},
	{"Arturia BeatStep", "arturia-beatstep.yaml"},
	{"Arturia BeatStep Pro MIDI 1", "generic-cc.yaml"},
	{"nanoKONTROL Studio MIDI 1", "generic-cc.yaml"},
	{"APC Key 25 MIDI 1", "generic-cc.yaml"},
	{"DDJ-200 MIDI 1", "generic-cc.yaml"},
	{"XONE:K1 MIDI 1", "generic-cc.yaml"},
	{"Some Keyboard MIDI 1", "generic-cc.yaml"},
};
#define NAMES (sizeof(names) / sizeof(names[0]))

static const char *
file_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* As many at a time as the machine has sockets. */
static void
every_device_gets_its_own_mapping(void **state)
{
	struct machine *m = *state;
	struct midi_hub_device d;

	for (size_t at = 0; at < NAMES; at += m->plugs) {
		midi_hub_close(m->hub);
		m->plugs = 0;
		while (m->plugs < PLUGS_MAX && at + m->plugs < NAMES)
			plug_in(m, names[at + m->plugs][0]);
		machine_start(m);
		for (uint32_t i = 0; i < m->plugs; i++) {
			assert_true(midi_hub_device(m->hub, i, &d));
			assert_string_equal(d.name, names[at + i][0]);
			if (strcmp(file_of(d.path), names[at + i][1]) != 0)
				fail_msg("%s has %s", d.name, d.path);
		}
	}
}

/* A name fits one file besides that for any device, or none. */
static void
no_device_is_claimed_twice(void **state)
{
	static const char *const files[] = {"akai-apc-mini",
		"akai-apc-mini-mk2", "akai-apc40-mk2", "akai-midimix",
		"allen-heath-xone-k2", "arturia-beatstep",
		"behringer-x-touch-mini", "generic-cc", "korg-nanokontrol2",
		"mackie-control", "novation-launch-control-xl",
		"pioneer-ddj-400", "pioneer-ddj-flx4"};
	int claims[NAMES] = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		char path[64], why[MAPPING_WHY_MAX];
		struct mapping *mapping;

		snprintf(path, sizeof(path), "mappings/%s.yaml", files[i]);
		assert_int_equal(mapping_load(&mapping, path, NULL, why), 0);
		for (size_t n = 0; n < NAMES; n++) {
			int fit = mapping_fits(mapping, names[n][0]);
			bool own = !strcmp(path + 9, names[n][1]);

			if (!strcmp(files[i], "generic-cc"))
				assert_int_equal(fit, 1);
			else
				assert_int_equal(fit, own ? 2 : 0);
			claims[n] += fit == 2;
		}
		mapping_free(mapping);
	}
	for (size_t n = 0; n < NAMES; n++)
		assert_true(claims[n] <= 1);
}

/* ---- the mapping for any device: the volume, controller 7, of a channel ----
 */

static const struct row volumes = FADERS(16, "B# 07 vv", 0);

static void
volume_of_a_channel_is_its_strip(void **state)
{
	desk_plug(*state, "Some Keyboard MIDI 1", "generic-cc.yaml", 0);
	row_moves(*state, &volumes, -90.0, 12.0);
	hand(*state, "B0 01 7F 90 3C 64 80 3C 00 E0 00 50 C0 05");
	row_is_at_way(*state, &volumes, 0, 4000);
	assert_int_equal(messages(*state), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(every_device_gets_its_own_mapping),
		T(no_device_is_claimed_twice),
		T(volume_of_a_channel_is_its_strip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
