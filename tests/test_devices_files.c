/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/devices_rig.h"

static bool
log_says_mistake(struct machine *m)
{
	return strstr(m->log, "the mapping stays as it was") != NULL;
}

static void
the_users_mapping_comes_before_the_factorys(void **state)
{
	struct machine *m = *state;
	struct midi_device d;

	write_file(m, "../../../factory/a.yaml", KNOBS_LEFT);
	write_file(m, "z.yaml", KNOBS);
	write_file(m, "a.yaml",
		"name: Any\ndevice: \"*\"\ncontrols:\n"
		"  - {on: cc 1, to: /strip/3/fader}\n");
	plug_in(m, "KNOBS");
	plug_in(m, "Other");
	plug_in(m, "Midi Through Port-0");
	machine_start(m);
	assert_true(devices_at(m->devices, 0, &d));
	assert_non_null(strstr(d.path, "/z.yaml"));
	assert_true(devices_at(m->devices, 1, &d));
	assert_string_equal(d.mapping, "Any");
	assert_true(devices_at(m->devices, 2, &d));
	assert_string_equal(d.mapping, "");
}

/* Moves the fader until its strip follows. */
static bool
strip_follows(struct machine *m, bool (*is_up)(struct machine *m))
{
	for (int i = 0; i < 100 && !is_up(m); i++) {
		plug_say(&m->plug[0], 0xb0, 1, 127);
		machine_until(m, is_up, 50 * MS);
	}
	return is_up(m);
}

static bool
strip_1_follows(struct machine *m)
{
	return strip_follows(m, strip_1_is_up);
}

static bool
strip_2_follows(struct machine *m)
{
	return strip_follows(m, strip_2_is_up);
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
	assert_true(strip_2_follows(m));
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

/* A new file from elsewhere over the old one; or the old one set aside, and a
 * new one. */
static void
editors_save_in_their_own_ways(void **state)
{
	struct machine *m = *state;

	write_file(m, "knobs.yaml", KNOBS);
	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	assert_true(machine_until(m, first_is_open, WAIT_NS));
	write_file(m, "../knobs.tmp", KNOBS_LEFT);
	rename_file(m, "../knobs.tmp", "knobs.yaml");
	assert_true(strip_2_follows(m));
	write_file(m, "4913", "");
	rename_file(m, "knobs.yaml", "knobs.yaml~");
	write_file(m, "knobs.yaml", KNOBS);
	somebody_sets(m, "/strip/1/fader", 0);
	assert_true(strip_1_follows(m));
	assert_null(strstr(m->log, "no mapping fits"));
}

static void
remove_file(struct machine *m, const char *name)
{
	char path[PATH_MAX + 64];

	snprintf(path, sizeof(path), "%s/config/tapdeck/mappings/%s", m->folder,
		name);
	assert_int_equal(unlink(path), 0);
}

static bool
log_says_broken(struct machine *m)
{
	return strstr(m->log, "broken.yaml") != NULL;
}

static bool
log_says_none_fits(struct machine *m)
{
	return strstr(m->log, "no mapping fits") != NULL;
}

/* Some write over a slow network, and the old file is away until they have. */
static void
a_file_that_is_away_for_a_moment_is_not_deleted(void **state)
{
	struct machine *m = *state;

	write_file(m, "knobs.yaml", KNOBS);
	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	assert_true(machine_until(m, first_is_open, WAIT_NS));
	remove_file(m, "knobs.yaml");
	write_file(m, "broken.yaml", "controlz: 3");
	assert_true(machine_until(m, log_says_broken, WAIT_NS));
	assert_false(log_says_none_fits(m));
	write_file(m, "knobs.yaml", KNOBS_LEFT);
	assert_true(strip_2_follows(m));
	assert_false(log_says_none_fits(m));
	remove_file(m, "knobs.yaml");
	assert_true(machine_until(m, log_says_none_fits, WAIT_NS));
}

static void
make_link(struct machine *m, const char *to, const char *from)
{
	char path[PATH_MAX + 64];

	snprintf(path, sizeof(path), "%s/%s", m->folder, from);
	assert_int_equal(symlink(to, path), 0);
}

/* As those who keep all their settings in one folder have it: of links, one
 * behind the other. */
static void
a_link_is_followed_to_where_the_file_is_saved(void **state)
{
	struct machine *m = *state;
	char path[PATH_MAX + 64];

	snprintf(path, sizeof(path), "%s/dotfiles", m->folder);
	assert_int_equal(mkdir(path, 0700), 0);
	write_file(m, "../../../dotfiles/knobs", KNOBS);
	make_link(m, "../dotfiles/knobs", "config/link");
	make_link(m, "../../link", "config/tapdeck/mappings/knobs.yaml");
	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	assert_true(machine_until(m, first_is_open, WAIT_NS));
	/* Saved in place, then a new one over it, then one link over another.
	 */
	write_file(m, "../../../dotfiles/knobs", KNOBS_LEFT);
	assert_true(strip_2_follows(m));
	somebody_sets(m, "/strip/1/fader", 0);
	write_file(m, "../../../dotfiles/new", KNOBS);
	rename_file(m, "../../../dotfiles/new", "../../../dotfiles/knobs");
	assert_true(strip_1_follows(m));
	somebody_sets(m, "/strip/2/fader", 0);
	write_file(m, "../../../dotfiles/other", KNOBS_LEFT);
	make_link(m, "../dotfiles/other", "config/new");
	rename_file(m, "../../new", "../../link");
	assert_true(strip_2_follows(m));
	assert_false(log_says_none_fits(m));
}

static void
a_link_may_be_there_before_its_file(void **state)
{
	struct machine *m = *state;

	make_link(m, "../../../late", "config/tapdeck/mappings/knobs.yaml");
	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	write_file(m, "../../../late", KNOBS);
	assert_true(machine_until(m, first_is_open, WAIT_NS));
}

static void
a_link_may_be_made_meanwhile(void **state)
{
	struct machine *m = *state;

	write_file(m, "../../../early", KNOBS);
	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	make_link(m, "../../../early", "config/tapdeck/mappings/knobs.yaml");
	assert_true(machine_until(m, first_is_open, WAIT_NS));
}

static void
a_long_name_is_as_good_as_a_short_one(void **state)
{
	struct machine *m = *state;
	struct midi_device d;
	char name[241];

	memset(name, 'x', sizeof(name));
	memcpy(name + sizeof(name) - 6, ".yaml", 6);
	write_file(m, name, KNOBS);
	plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	assert_true(devices_at(m->devices, 0, &d));
	assert_string_equal(d.mapping, "Knobs");
}

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
	devices_news(m->devices);
	assert_true(machine_until(m, is_not_muted, WAIT_NS));
}

#define LIT(controls)                                                          \
	"name: Knobs\ndevice: \"Knobs*\"\ntakeover: "                          \
	"jump\ncontrols:\n" controls
#define LAMP_1 "  - {on: note 1, to: /strip/1/mute, as: toggle, light: same}\n"
#define LAMP_2 "  - {on: note 2, to: /strip/2/mute, as: toggle, light: same}\n"
#define LAMP_3                                                                 \
	"  - {on: note 3, to: /strip/1/mute, as: toggle,\n"                    \
	"     light: ch 4 note 1}\n"
#define MOTOR "  - {on: bend, to: /strip/1/fader, light: same}\n"
#define RING  "  - {on: cc 9, to: /strip/1/fader, light: same}\n"

static bool
all_are_lit(struct machine *m)
{
	const struct plug *p = &m->plug[0];

	return plug_got(p, 0x90, 1, 127) && plug_got(p, 0x90, 2, 127) &&
	       plug_got(p, 0xb0, 9, 127) && plug_got(p, 0xe0, 127, 127);
}

static bool
third_is_lit(struct machine *m)
{
	return plug_got(&m->plug[0], 0x93, 1, 127);
}

static bool
third_is_dark(struct machine *m)
{
	return plug_got(&m->plug[0], 0x93, 1, 0);
}

static void
lamps_that_are_no_longer_mapped_go_dark(void **state)
{
	struct machine *m = *state;
	struct plug *p;

	write_file(m, "knobs.yaml", LIT(LAMP_1 LAMP_2 MOTOR RING));
	p = plug_in(m, "Knobs MIDI 1");
	machine_start(m);
	somebody_sets(m, "/strip/1/mute", 1);
	somebody_sets(m, "/strip/2/mute", 1);
	somebody_sets(m, "/strip/1/fader", 1);
	assert_true(machine_until(m, all_are_lit, WAIT_NS));
	p->outs = 0;
	write_file(m, "knobs.yaml", LIT(LAMP_2 LAMP_3));
	assert_true(machine_until(m, third_is_lit, WAIT_NS));
	/* First, for it may be the same lamp by another name. */
	assert_memory_equal(p->out, "\x90\x01\x00", 3);
	assert_true(plug_got(p, 0xb0, 9, 0));
	assert_false(plug_got(p, 0x90, 2, 0));
	assert_null(memchr(p->out, 0xe0, p->outs)); /* a motor stands still */
	p->outs = 0;
	remove_file(m, "knobs.yaml");
	assert_true(machine_until(m, third_is_dark, WAIT_NS));
	assert_true(plug_got(p, 0x90, 2, 0));
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
	static const uint8_t down[] = {0xb0, 1, 0};
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
	device = devices_add(
		m->devices, "Knobs", MAPPING_PIPEWIRE, other_send, NULL);
	assert_true(device >= 0);
	devices_present(m->devices, device, true);
	devices_take(m->devices, device, up, sizeof(up));
	assert_true(strip_2_is_up(m));
	assert_false(strip_1_is_up(m));
	/* What is torn is not continued. */
	devices_take(m->devices, device, down, 2);
	devices_lost(m->devices, device);
	devices_take(m->devices, device, down + 2, 1);
	assert_true(strip_2_is_up(m));
	devices_take(m->devices, device, down, 3);
	assert_false(strip_2_is_up(m));
	assert_true(machine_until(m, other_was_sent, WAIT_NS));
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, machine_up, machine_down)
	const struct CMUnitTest tests[] = {
		T(the_users_mapping_comes_before_the_factorys),
		T(a_mapping_that_is_saved_is_in_force),
		T(editors_save_in_their_own_ways),
		T(a_file_that_is_away_for_a_moment_is_not_deleted),
		T(a_link_is_followed_to_where_the_file_is_saved),
		T(a_link_may_be_there_before_its_file),
		T(a_link_may_be_made_meanwhile),
		T(a_long_name_is_as_good_as_a_short_one),
		T(a_mapping_that_is_saved_stays_in_its_bank),
		T(what_is_held_ends_with_its_mapping_or_device),
		T(lamps_that_are_no_longer_mapped_go_dark),
		T(a_port_of_another_kind_has_its_own_mappings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
