/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each device gets its own mapping by the name that the system gives it, and
 * what is not known the one for any device. */
#include "tests/factory_rows.h"

#include <glob.h>
#include <sound/asound.h>

/* As the kernel names a port (sound/usb/midi.c): the product and the name of
 * the jack, or "MIDI N" where the device has none, as much as fits into the
 * name of a substream. The sequencer and PortMidi take that over. NULL: the
 * bare name, as it is elsewhere. Second ports that are for something else have
 * no mapping of their own. */
static const struct {
	const char *product, *jack, *file;
} names[] = {
	{"nanoKONTROL2", "MIDI 1", "korg-nanokontrol2.yaml"},
	{"nanoKONTROL2", "nanoKONTROL2 _ CTRL", "korg-nanokontrol2.yaml"},
	{"nanoKONTROL2", NULL, "korg-nanokontrol2.yaml"},
	{"MIDI Mix", "MIDI 1", "akai-midimix.yaml"},
	{"MIDI Mix", NULL, "akai-midimix.yaml"},
	{"APC MINI", "MIDI 1", "akai-apc-mini.yaml"},
	{"APC MINI", NULL, "akai-apc-mini.yaml"},
	{"APC mini mk2", "Control", "akai-apc-mini-mk2.yaml"},
	{"APC mini mk2", "APC mini mk2 Control", "akai-apc-mini-mk2.yaml"},
	{"APC mini mk2", "Notes", "generic-cc.yaml"},
	{"APC mini mk2", "APC mini mk2 Notes", "generic-cc.yaml"},
	{"APC40 mkII", "MIDI 1", "akai-apc40-mk2.yaml"},
	{"APC40 mkII", NULL, "akai-apc40-mk2.yaml"},
	{"Launch Control XL", "MIDI 1", "novation-launch-control-xl.yaml"},
	{"Launch Control XL", "Launch Control XL",
		"novation-launch-control-xl.yaml"},
	{"Launch Control XL", NULL, "novation-launch-control-xl.yaml"},
	{"Launch Control XL 2", NULL, "novation-launch-control-xl.yaml"},
	{"Launch Control XL", "MIDI 2", "generic-cc.yaml"},
	{"Launch Control XL", "HUI", "generic-cc.yaml"},
	{"X-TOUCH MINI", "MIDI 1", "behringer-x-touch-mini.yaml"},
	{"X-TOUCH MINI", NULL, "behringer-x-touch-mini.yaml"},
	{"X-TOUCH_INT", NULL, "mackie-control.yaml"},
	{"X-Touch", "X-TOUCH_INT", "mackie-control.yaml"},
	{"X-TOUCH_EXT", NULL, "generic-cc.yaml"},
	{"DDJ-400", "MIDI 1", "pioneer-ddj-400.yaml"},
	{"DDJ-400", NULL, "pioneer-ddj-400.yaml"},
	{"DDJ-FLX4", "MIDI 1", "pioneer-ddj-flx4.yaml"},
	{"DDJ-FLX4", NULL, "pioneer-ddj-flx4.yaml"},
	{"XONE:K2", "MIDI 1", "allen-heath-xone-k2.yaml"},
	{"XONE:K2", NULL, "allen-heath-xone-k2.yaml"},
	{"Arturia BeatStep", "MIDI 1", "arturia-beatstep.yaml"},
	{"Arturia BeatStep", NULL, "arturia-beatstep.yaml"},
	{"Arturia BeatStep Pro", "MIDI 1", "generic-cc.yaml"},
	{"nanoKONTROL Studio", "MIDI 1", "generic-cc.yaml"},
	{"APC Key 25", "MIDI 1", "generic-cc.yaml"},
	{"DDJ-200", "MIDI 1", "generic-cc.yaml"},
	{"XONE:K1", "MIDI 1", "generic-cc.yaml"},
	{"Some Keyboard", "MIDI 1", "generic-cc.yaml"},
};
#define NAMES (sizeof(names) / sizeof(names[0]))

#define NAME_BYTES sizeof(((struct snd_rawmidi_info *)0)->subname)

static const char *
name_of(size_t i, char out[NAME_BYTES])
{
	const char *jack = names[i].jack;

	if (snprintf(out, NAME_BYTES, "%s%s%s", names[i].product,
		    jack ? " " : "", jack ? jack : "") < 0)
		fail();
	return out;
}

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
	struct midi_device d;
	char name[NAME_BYTES];

	for (size_t at = 0; at < NAMES; at += m->plugs) {
		devices_close(m->devices);
		m->plugs = 0;
		while (m->plugs < PLUGS_MAX && at + m->plugs < NAMES)
			plug_in(m, name_of(at + m->plugs, name));
		machine_start(m);
		for (uint32_t i = 0; i < m->plugs; i++) {
			assert_true(devices_at(m->devices, i, &d));
			assert_string_equal(d.name, name_of(at + i, name));
			if (strcmp(file_of(d.path), names[at + i].file) != 0)
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
			char name[NAME_BYTES];
			int fit = mapping_fits(mapping, name_of(n, name));
			bool own = !strcmp(path + 9, names[n].file);

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

/* What a pattern spells out before it ends or begins to be a pattern fits into
 * a name of the kernel's; and each is the pattern of a name that there is. */
static void
no_pattern_is_longer_than_a_name(void **state)
{
	glob_t files;

	(void)state;
	assert_int_equal(glob("mappings/*.yaml", 0, NULL, &files), 0);
	for (size_t i = 0; i < files.gl_pathc; i++) {
		char why[MAPPING_WHY_MAX];
		struct mapping *m;

		assert_int_equal(
			mapping_load(&m, files.gl_pathv[i], NULL, why), 0);
		for (uint32_t k = 0; k < m->devices; k++)
			if (strcspn(m->device[k], "*?") >= NAME_BYTES)
				fail_msg("%s: \"%s\" is longer than a name",
					m->path, m->device[k]);
		mapping_free(m);
	}
	globfree(&files);
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
		T(no_pattern_is_longer_than_a_name),
		T(volume_of_a_channel_is_its_strip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
