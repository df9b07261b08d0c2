/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mapping_rig.h"

#include <glob.h>
#include <math.h>

#include "control/model/model.h"

static void
expect_address(const struct mapping_target *t, uint32_t first, const char *want)
{
	char address[PARAM_ADDRESS_MAX];

	assert_int_equal(mapping_address(t, first, address), 0);
	assert_string_equal(address, want);
}

static void
every_factory_file_is_good(void **state)
{
	struct rig *r = *state;
	glob_t files;

	assert_int_equal(glob("mappings/*.yaml", 0, NULL, &files), 0);
	assert_true(files.gl_pathc >= 12);
	for (size_t i = 0; i < files.gl_pathc; i++) {
		int rc = mapping_load(&r->m, files.gl_pathv[i], NULL, r->why);

		assert_string_equal(r->why, "");
		assert_int_equal(rc, 0);
		assert_string_equal(r->m->path, files.gl_pathv[i]);
		assert_true(r->m->controls > 0);
		mapping_free(r->m);
		r->m = NULL;
	}
	globfree(&files);
}

/* The factory file that fits best, as each system calls the device. */
static void
factory_files_fit_their_devices(void **state)
{
	static const char *const names[][2] = {
		{"nanoKONTROL2 MIDI 1", "Korg nanoKONTROL2"},
		{"nanoKONTROL2 nanoKONTROL2 _ CTR", "Korg nanoKONTROL2"},
		{"nanoKONTROL2 SLIDER/KNOB", "Korg nanoKONTROL2"},
		{"MIDI Mix MIDI 1", "Akai MIDImix"},
		{"MIDI Mix", "Akai MIDImix"},
		{"APC MINI MIDI 1", "Akai APC mini"},
		{"APC MINI", "Akai APC mini"},
		{"APC mini mk2 Control", "Akai APC mini mk2"},
		{"APC mini mk2 APC mini mk2 Contr", "Akai APC mini mk2"},
		{"APC mini mk2 Notes", "Generic CC"},
		{"APC40 mkII MIDI 1", "Akai APC40 mkII"},
		{"Launch Control XL MIDI 1", "Novation Launch Control XL"},
		{"Launch Control XL Launch Contro",
			"Novation Launch Control XL"},
		{"Launch Control XL HUI", "Generic CC"},
		{"X-TOUCH MINI MIDI 1", "Behringer X-Touch Mini"},
		{"X-TOUCH_INT", "Mackie Control Universal"},
		{"X-Touch X-TOUCH_INT", "Mackie Control Universal"},
		{"DDJ-400 MIDI 1", "Pioneer DDJ-400"},
		{"DDJ-FLX4 MIDI 1", "Pioneer DDJ-FLX4"},
		{"XONE:K2 MIDI 1", "Allen & Heath Xone:K2"},
		{"Arturia BeatStep MIDI 1", "Arturia BeatStep"},
		{"Some Keyboard MIDI 1", "Generic CC"},
	};
	struct rig *r = *state;
	glob_t files;

	assert_int_equal(glob("mappings/*.yaml", 0, NULL, &files), 0);
	for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++) {
		char best[MAPPING_NAME_MAX] = "";
		int best_fit = 0, as_good = 0;

		for (size_t i = 0; i < files.gl_pathc; i++) {
			int fit;

			assert_int_equal(mapping_load(&r->m, files.gl_pathv[i],
						 NULL, r->why),
				0);
			fit = mapping_fits(r->m, names[n][0]);
			as_good = fit > best_fit ? 1
						 : as_good + (fit == best_fit);
			if (fit > best_fit) {
				best_fit = fit;
				strcpy(best, r->m->name);
			}
			mapping_free(r->m);
			r->m = NULL;
		}
		assert_string_equal(best, names[n][1]);
		assert_int_equal(as_good, 1);
	}
	globfree(&files);
}

static void
a_range_is_a_row(void **state)
{
	struct rig *r = *state;
	const struct mapping_control *c;
	char address[PARAM_ADDRESS_MAX];

	parse(r, "#  - {on: ch 3 cc 0-7, to: '/strip/{1-8}/fader'}\n");
	assert_int_equal(r->m->controls, 8);
	for (uint32_t i = 0; i < 8; i++) {
		c = &r->m->control[i];
		assert_int_equal(c->message.kind, MIDI_CC);
		assert_int_equal(c->message.channel, 2);
		assert_int_equal(c->message.number, i);
		assert_int_equal(c->as, MAPPING_VALUE);
		assert_int_equal(c->takeover, MAPPING_PICKUP);
		assert_int_equal(c->line, 4);
		assert_int_equal(c->targets, 1);
		assert_int_equal(c->target[0].strip, i + 1);
		assert_string_equal(c->target[0].address, "fader");
		snprintf(address, sizeof(address), "/strip/%u/fader", i + 1);
		expect_address(&c->target[0], 0, address);
	}
}

static void
rows_step_go_down_and_list(void **state)
{
	static const uint16_t number[] = {19, 23, 27, 31, 62, 3, 2, 1};
	static const char *const address[] = {"/strip/8/send/main",
		"/strip/7/send/loop", "/strip/6/send/main",
		"/strip/5/send/loop", "/strip/4/send/main",
		"/strip/3/send/loop", "/strip/2/send/main",
		"/strip/1/send/loop"};
	struct rig *r = *state;

	parse(r, "#  - {on: 'note 19-31/4,62,3-1', to: \"/strip/{8-1}/send/"
		 "{main,loop,main,loop,main,loop,main,loop}\"}\n");
	assert_int_equal(r->m->controls, 8);
	for (uint32_t i = 0; i < 8; i++) {
		assert_int_equal(r->m->control[i].message.number, number[i]);
		assert_int_equal(r->m->control[i].as, MAPPING_TOGGLE);
		expect_address(&r->m->control[i].target[0], 0, address[i]);
	}
}

static void
messages_of_every_kind_are_read(void **state)
{
	static const struct {
		const char *text;
		struct mapping_message want;
	} rows[] = {
		{"cc 7", {.kind = MIDI_CC, .number = 7}},
		{"ch 16 cc14 31", {.kind = MIDI_CC,
					  .fine = true,
					  .channel = 15,
					  .number = 31,
					  .low = 63}},
		{"cc14 68/69", {.kind = MIDI_CC,
				       .fine = true,
				       .number = 68,
				       .low = 69}},
		{"cc14 95", {.kind = MIDI_CC,
				    .fine = true,
				    .number = 95,
				    .low = 127}},
		{"cc14 0 ch any", {.kind = MIDI_CC,
					  .fine = true,
					  .low = 32,
					  .channel = MAPPING_CHANNEL_ANY}},
		{"bend ch 9", {.kind = MIDI_BEND, .channel = 8}},
		{"nrpn 16383", {.kind = MIDI_NRPN, .number = 16383}},
		{"rpn 0", {.kind = MIDI_RPN}},
		{"pressure", {.kind = MIDI_CHANNEL_PRESSURE}},
		{"poly 36", {.kind = MIDI_POLY_PRESSURE, .number = 36}},
		{"program",
			{.kind = MIDI_PROGRAM, .number = MAPPING_NUMBER_ANY}},
	};
	struct rig *r = *state;
	char text[200];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(text, sizeof(text),
			"#  - {on: %s, to: /strip/1/fader}\n", rows[i].text);
		parse(r, text);
		assert_memory_equal(&r->m->control[0].message, &rows[i].want,
			sizeof(rows[i].want));
		assert_int_equal(r->m->control[0].as, MAPPING_VALUE);
	}
}

static void
buttons_of_every_kind_are_read(void **state)
{
	static const uint8_t stop[] = {0xf0, 0x7f, 0x7f, 6, 1, 0xf7};
	struct rig *r = *state;
	const struct mapping_control *c;

	parse(r, "#  - {on: note 36, to: /strip/1/mute}\n"
		 "  - {on: program 5, to: /strip/1/route, as: set, value: "
		 "loop}\n"
		 "  - {on: start, to: /strip/1/gain, value: -6}\n"
		 "  - {on: sysex F0 7f 7F 06 01 F7, to: /strip/1/mute}\n"
		 "  - {on: cc 1-4, to: /strip/1/route, as: radio,\n"
		 "     value: '{both,main,loop,none}', light: same}\n"
		 "  - {on: cc 9, to: /strip/1/mute, as: momentary,\n"
		 "     invert: yes}\n"
		 "  - {on: cc 10, to: /strip/1/mute, as: latch}\n");
	c = r->m->control;
	assert_int_equal(c[0].as, MAPPING_TOGGLE);
	assert_int_equal(c[1].message.number, 5);
	assert_int_equal(c[1].as, MAPPING_SET);
	assert_int_equal(c[1].value.type, PARAM_TEXT);
	assert_string_equal(c[1].value.s, "loop");
	assert_int_equal(c[2].message.kind, MIDI_START);
	assert_int_equal(c[2].as, MAPPING_SET);
	assert_int_equal(c[2].value.type, PARAM_FLOAT);
	assert_true(c[2].value.f == -6.0);
	assert_int_equal(c[3].message.sysex_bytes, sizeof(stop));
	assert_memory_equal(c[3].message.sysex, stop, sizeof(stop));
	assert_int_equal(c[5].as, MAPPING_RADIO);
	assert_string_equal(c[5].value.s, "main");
	assert_string_equal(c[7].value.s, "none");
	assert_int_equal(c[7].light.kind, MAPPING_LIGHT_LAMP);
	assert_int_equal(c[7].light.message.number, 4);
	assert_int_equal(c[7].light.lit, 127);
	assert_int_equal(c[7].light.dark, 0);
	assert_int_equal(c[8].as, MAPPING_MOMENTARY);
	assert_true(c[8].invert);
	assert_int_equal(c[9].as, MAPPING_LATCH);
}

static void
ways_of_moving_are_read(void **state)
{
	struct rig *r = *state;
	const struct mapping_control *c;

	parse(r, "@takeover: scale\ncontrols:\n"
		 "  - {on: cc 1, to: /strip/1/fader}\n"
		 "  - {on: cc 2, to: /strip/1/gain, takeover: jump,\n"
		 "     range: [-60, 6], curve: audio}\n"
		 "  - {on: cc 3, to: /strip/1/gain, relative: sign-up,\n"
		 "     step: 0.02, acceleration: 4}\n"
		 "  - {on: cc 4, to: /strip/1/gain, relative: twos}\n"
		 "  - {on: cc 5, to: /strip/1/gain,\n"
		 "     curve: [[0, 0], [0.5, 0.2], [1, 1]]}\n"
		 "  - {on: bend, to: /strip/1/gain, touch: note 104}\n"
		 "  - {on: note 7, to: /strip/1/gain, relative: on-off}\n"
		 "  - {on: nrpn 8, to: /strip/1/gain, relative: clicks}\n"
		 "  - {on: nrpn 9, to: /strip/1/gain, step: 0.01}\n"
		 "  - {on: note 10, to: /strip/1/route, as: up}\n"
		 "  - {on: cc 11, to: /strip/1/gain, as: down, step: 0.1}\n");
	c = r->m->control;
	assert_int_equal(c[6].as, MAPPING_VALUE);
	assert_int_equal(c[6].coding, ENCODING_ON_OFF);
	assert_int_equal(c[7].coding, ENCODING_CLICKS);
	assert_int_equal(c[8].coding, ENCODING_ABSOLUTE);
	assert_true(c[8].step == 0.01);
	assert_int_equal(c[9].as, MAPPING_UP);
	assert_int_equal(c[10].as, MAPPING_DOWN);
	assert_int_equal(c[0].takeover, MAPPING_SCALE);
	assert_false(c[0].has_range);
	assert_int_equal(c[1].takeover, MAPPING_JUMP);
	assert_true(c[1].has_range);
	assert_true(c[1].range[0] == -60.0 && c[1].range[1] == 6.0);
	assert_int_equal(c[1].curve, CURVE_AUDIO);
	assert_int_equal(c[2].coding, ENCODING_SIGN_UP);
	assert_true(c[2].step == 0.02 && c[2].acceleration == 4.0);
	assert_int_equal(c[3].coding, ENCODING_TWOS);
	assert_true(c[3].step == 1.0 / 127.0 && c[3].acceleration == 1.0);
	assert_int_equal(c[4].curve, CURVE_POINTS);
	assert_int_equal(c[4].points, 3);
	assert_true(c[4].point[1][0] == 0.5 && c[4].point[1][1] == 0.2);
	assert_true(c[5].has_touch);
	assert_int_equal(c[5].touch.number, 104);
}

static void
lights_of_every_kind_are_read(void **state)
{
	static const uint8_t pad[] = {0xf0, 0x10, 0x71, 0, 0xf7};
	static const uint8_t text[] = {0xf0, 0x12, 0x07, 0, 0xf7};
	struct rig *r = *state;
	const struct mapping_control *c;

	parse(r, "#  - {on: cc 1, to: /strip/1/fader, light: cc14 2}\n"
		 "  - {on: cc 16, to: /strip/1/trim, light: cc 48,\n"
		 "     ring: boost}\n"
		 "  - {on: note 1-2, to: '/strip/{1-2}/mute', lit: 16,\n"
		 "     light: sysex F0 10 70-71 vv F7}\n"
		 "  - {to: '/strip/{1-2}/name', light: sysex F0 12 0-7/7 t7 "
		 "t5 vv F7}\n"
		 "  - {on: note 3, to: /strip/1/route, value: loop,\n"
		 "     light: ch 7 note 3, colors: [loop 5, none 0], dark: 1}\n"
		 "  - {on: note 4, to: /strip/1/mute, light: off}\n"
		 "  - {on: note 55, to: /strip/1/route, value: loop,\n"
		 "     light: same, lit: +72, dark: 5, colors: [both +36]}\n");
	c = r->m->control;
	assert_int_equal(c[8].light.lit, 72 << 7 | 127);
	assert_int_equal(c[8].light.dark, 5);
	assert_int_equal(c[8].light.color[0].send, 36 << 7 | 127);
	assert_int_equal(c[0].light.kind, MAPPING_LIGHT_WAY);
	assert_true(c[0].light.message.fine);
	assert_int_equal(c[1].light.kind, MAPPING_LIGHT_RING);
	assert_int_equal(c[1].light.ring, MAPPING_RING_BOOST);
	assert_int_equal(c[1].light.message.number, 48);
	assert_int_equal(c[3].light.kind, MAPPING_LIGHT_LAMP);
	assert_int_equal(c[3].light.lit, 16);
	assert_int_equal(c[3].light.message.slots, 1);
	assert_int_equal(c[3].light.message.slot[0].at, 3);
	assert_int_equal(c[3].light.message.sysex_bytes, sizeof(pad));
	assert_memory_equal(c[3].light.message.sysex, pad, sizeof(pad));
	assert_int_equal(c[5].as, MAPPING_SHOW);
	assert_false(c[5].has_message);
	assert_int_equal(c[5].light.kind, MAPPING_LIGHT_TEXT);
	assert_int_equal(c[5].light.message.slot[0].at, 3);
	assert_int_equal(c[5].light.message.slot[0].length, 7);
	assert_int_equal(c[5].light.message.slots, 3);
	assert_int_equal(c[5].light.message.slot[1].length, 5);
	assert_int_equal(c[5].light.message.slot[2].length, 0);
	assert_int_equal(c[5].light.message.slot[2].at, 3);
	assert_memory_equal(c[5].light.message.sysex, text, sizeof(text));
	assert_int_equal(c[6].light.message.channel, 6);
	assert_int_equal(c[6].light.colors, 2);
	assert_string_equal(c[6].light.color[0].choice, "loop");
	assert_int_equal(c[6].light.color[0].send, 5);
	assert_int_equal(c[6].light.dark, 1);
	assert_int_equal(c[7].light.kind, MAPPING_DARK);
}

static void
banks_layers_and_the_top_are_read(void **state)
{
	struct rig *r = *state;
	const struct mapping_control *c;
	const struct mapping_target *t;
	char address[PARAM_ADDRESS_MAX];

	parse(r, "@bank: 4\nport: pipewire\nchannel: 5\n"
		 "start: [B0 38-39 03, F0 01 F7, C0 01]\n"
		 "repeat: [A0 00 00-01]\nevery: 0.25 s\n"
		 "controls:\n"
		 "  - {on: note 9, to: /strip/4/mute, layer: fx}\n"
		 "  - {on: note 1, as: bank-left}\n"
		 "  - {on: note 2, as: bank-right 1}\n"
		 "  - {on: note 3, as: shift fx}\n"
		 "  - {on: sysex F0 77 08 F7, as: repaint}\n"
		 "  - {on: cc 1, fixed: yes, to: [/strip/4/gain,\n"
		 "     /strip/spotify/gain, '/strip/*/gain', /app/mpv/gain,\n"
		 "     /bus/main/gain]}\n");
	assert_int_equal(r->m->bank, 4);
	assert_int_equal(r->m->port, MAPPING_PIPEWIRE);
	assert_int_equal(r->m->starts, 4);
	assert_int_equal(r->m->start[1].byte[1], 0x39);
	assert_int_equal(r->m->start[3].bytes, 2);
	assert_int_equal(r->m->repeats, 2);
	assert_int_equal(r->m->repeat[1].byte[2], 1);
	assert_true(r->m->every_ns == 250000000);
	assert_int_equal(r->m->layers, 2);
	assert_string_equal(r->m->layer[1], "fx");
	c = r->m->control;
	assert_int_equal(c[0].layer, 1);
	assert_int_equal(c[0].message.channel, 4);
	expect_address(&c[0].target[0], 8, "/strip/12/mute");
	assert_int_equal(
		mapping_address(&c[0].target[0], 61, address), -ERANGE);
	assert_int_equal(c[1].strips, 4);
	assert_int_equal(c[2].strips, 1);
	assert_int_equal(c[3].to_layer, 1);
	assert_int_equal(c[4].as, MAPPING_REPAINT);
	t = c[5].target;
	assert_int_equal(c[5].targets, 5);
	expect_address(&t[0], 8, "/strip/4/gain");
	expect_address(&t[1], 8, "/strip/spotify/gain");
	expect_address(&t[2], 8, "/strip/*/gain");
	expect_address(&t[4], 8, "/bus/main/gain");
}

/* A model with other buses: the user's mapping speaks of those, one that is
 * for everyone of main and loop; a mixture is a mistake. */
static void
targets_are_those_of_the_model_or_of_everyone(void **state)
{
	struct rig *r = *state;
	struct model_config config;
	struct model *model;
	void *memory = calloc(1, model_memory_bytes());

	model_config_init(&config);
	config.routes = 0;
	config.buses = 1;
	strcpy(config.bus_name[0], "room");
	model_config_routes(&config);
	assert_int_equal(model_new(&model, &config, memory), 0);
	r->params = model_params(model);
	parse(r, "#  - {on: cc 1, to: /bus/room/gain}\n");
	parse(r, "#  - {on: cc 1, to: /bus/loop/gain}\n");
	assert_refused(r,
		"#  - {on: cc 1, to: /bus/room/gain}\n"
		"  - {on: cc 2, to: /bus/loop/gain}\n",
		":5:20: controls[1].to: no parameter \"/bus/loop/gain\"; "
		"did you mean /bus/room/gain?");
	r->params = NULL;
	assert_refused(r, "#  - {on: cc 1, to: /bus/room/gain}\n",
		":4:20: controls[0].to: no parameter \"/bus/room/gain\"; "
		"did you mean /bus/loop/gain?");
	model_free(model);
	free(memory);
}

static void
curves_turn_round_and_keep_their_ends(void **state)
{
	static const char *const more[] = {"curve: linear", "curve: audio",
		"curve: [[0, 0], [0.5, 0.2], [1, 1]]",
		"curve: [[0, 0], [0.25, 0.75], [1, 1]], invert: on",
		"curve: audio, invert: true"};
	struct rig *r = *state;
	char text[200];

	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++) {
		const struct mapping_control *c;
		double last = -1.0;

		snprintf(text, sizeof(text),
			"#  - {on: cc 1, to: /strip/1/gain, %s}\n", more[i]);
		parse(r, text);
		c = r->m->control;
		for (int k = 0; k <= 127; k++) {
			double way = k / 127.0;
			double share = share_at(c, c->invert ? 1 - way : way);
			double back = mapping_unshape(c, share);

			assert_true(share > last);
			last = share;
			assert_true(fabs((c->invert ? 1 - back : back) - way) <
				    1e-9);
		}
		assert_true(share_at(c, c->invert) == 0.0);
		assert_true(share_at(c, !c->invert) == 1.0);
		assert_true(share_at(c, 7.0) == !c->invert);
		assert_true(share_at(c, NAN) == 0.0 || c->invert);
	}
	parse(r, "#  - {on: cc 1, to: /strip/1/gain,\n"
		 "     curve: [[0, 0], [0.5, 0.2], [1, 1]]}\n");
	assert_true(fabs(share_at(r->m->control, 0.25) - 0.1) < 1e-12);
	assert_true(fabs(share_at(r->m->control, 0.75) - 0.6) < 1e-12);
	parse(r, "#  - {on: cc 1, to: /strip/1/gain, curve: audio}\n");
	assert_true(fabs(share_at(r->m->control, 0.75) - 90.0 / 102.0) < 1e-12);
}

static void
the_users_folder_comes_first(void **state)
{
	char path[256];

	(void)state;
	setenv("XDG_CONFIG_HOME", "/home/x/.config", 1);
	setenv("TAPDECK_MAPPINGS", "/build/mappings", 1);
	assert_int_equal(mapping_folder(0, path, sizeof(path)), 0);
	assert_string_equal(path, "/home/x/.config/tapdeck/mappings");
	assert_int_equal(mapping_folder(1, path, sizeof(path)), 0);
	assert_string_equal(path, "/build/mappings");
	assert_int_equal(mapping_folder(2, path, sizeof(path)), -ENOENT);
	unsetenv("TAPDECK_MAPPINGS");
	assert_int_equal(mapping_folder(1, path, sizeof(path)), 0);
	assert_string_equal(
		path + strlen(path) - 23, "/share/tapdeck/mappings");
	assert_int_equal(mapping_folder(0, path, 30), -ENAMETOOLONG);
	unsetenv("XDG_CONFIG_HOME");
	unsetenv("HOME");
	setenv("TAPDECK_MAPPINGS", "/build/mappings", 1);
	assert_int_equal(mapping_folder(0, path, sizeof(path)), 0);
	assert_string_equal(path, "/build/mappings");
	assert_int_equal(mapping_folder(1, path, sizeof(path)), -ENOENT);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(every_factory_file_is_good),
		TEST(factory_files_fit_their_devices),
		TEST(a_range_is_a_row),
		TEST(rows_step_go_down_and_list),
		TEST(messages_of_every_kind_are_read),
		TEST(buttons_of_every_kind_are_read),
		TEST(ways_of_moving_are_read),
		TEST(lights_of_every_kind_are_read),
		TEST(banks_layers_and_the_top_are_read),
		TEST(targets_are_those_of_the_model_or_of_everyone),
		TEST(curves_turn_round_and_keep_their_ends),
		TEST(the_users_folder_comes_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
