/* SPDX-License-Identifier: GPL-3.0-or-later */
/* APC40 mkII, after Akai's "APC40 Mk2 Communications Protocol": what belongs to
 * a track is on the track's channel, all else on channel 1; a pad's color is a
 * velocity: 5 red, 13 yellow, 21 green, 45 blue. */
#include "tests/factory_rows.h"

#define GREETING 17
#define LAMPS	 88

static const struct row faders = FADERS(8, "B# 07 vv", 0);
static const struct row master = BUS_FADER("main", "B0 0E vv");
static const struct row cue = {
	.to = "/cue/gain", .on = "B0 2F 01", .off = "B0 2F 7F", .columns = 1};
/* with SHIFT */
static const struct row shift_cue = {.to = "/bus/loop/fader",
	.on = "B0 2F 01",
	.off = "B0 2F 7F",
	.columns = 1};
/* The computer draws their rings. */
static const struct row knobs = {.to = "/strip/%u/trim",
	.on = "B0 nn vv",
	.lit = "B0 nn vv",
	.columns = 8,
	.number = {EIGHT(48)},
	.jumps = true};
static const struct row filters = {.to = "/strip/%u/filter",
	.on = "B0 nn vv",
	.lit = "B0 nn vv",
	.columns = 8,
	.number = {EIGHT(16)},
	.jumps = true};
#define BAND(name)                                                             \
	{                                                                      \
		.to = "/strip/%u/eq/" name "/knob",                            \
		.level = "/strip/%u/eq/" name, .on = "B0 nn vv",               \
		.lit = "B0 nn vv", .columns = 8, .number = {EIGHT(48)},        \
		.jumps = true                                                  \
	}
/* with PAN, SENDS, USER */
static const struct row bands[] = {BAND("high"), BAND("mid"), BAND("low")};
static const struct row crossfader = {
	.to = "/crossfader", .on = "B0 0F vv", .columns = 1};
static const struct row buttons[] = {
	/* 1 to 8, which are lit while their track is heard; S; REC ARM */
	BUTTONS(8, "mute", "9# 32 7F", "8# 32 7F", "9# 32 00", "9# 32 7F", 0),
	BUTTONS(8, "cue", "9# 31 7F", "8# 31 7F", "9# 31 7F", "9# 31 00", 0),
	BUTTONS(8, "send/loop", "9# 30 7F", "8# 30 7F", "9# 30 7F", "9# 30 00",
		0),
};
/* Rows of pads, from the top. */
static const struct row routes[] = {
	ROUTES(8, "both", "90 nn 7F", "80 nn 7F", "90 nn 15", "90 nn 00",
		EIGHT(32)),
	ROUTES(8, "main", "90 nn 7F", "80 nn 7F", "90 nn 2D", "90 nn 00",
		EIGHT(24)),
	ROUTES(8, "loop", "90 nn 7F", "80 nn 7F", "90 nn 0D", "90 nn 00",
		EIGHT(16)),
	ROUTES(8, "none", "90 nn 7F", "80 nn 7F", "90 nn 05", "90 nn 00",
		EIGHT(8)),
};

static void
plug(struct machine *m)
{
	desk_plug(m, "APC40 mkII MIDI 1", "akai-apc40-mk2.yaml",
		GREETING + LAMPS);
}

/* Its mode in which the computer has all lamps, then the style of the rings:
 * 3, from the middle. */
static void
greeting_is_exact(void **state)
{
	plug(*state);
	begins_with(*state, "F0 47 7F 29 60 00 04 42 01 00 00 F7"
			    "B0 38 03 B0 39 03 B0 3A 03 B0 3B 03"
			    "B0 3C 03 B0 3D 03 B0 3E 03 B0 3F 03"
			    "B0 18 03 B0 19 03 B0 1A 03 B0 1B 03"
			    "B0 1C 03 B0 1D 03 B0 1E 03 B0 1F 03");
}

static void
faders_move_their_strips(void **state)
{
	plug(*state);
	row_moves(*state, &faders, -90.0, 12.0);
	row_moves(*state, &master, -90.0, 12.0);
}

static void
cue_level_is_that_of_what_is_cued(void **state)
{
	plug(*state);
	somebody(*state, cue.to, number(0.0));
	hand(*state, "B0 2F 01");
	is_at(*state, cue.to, level_from_fader(0.75 + 1 / 127.0));
	hand(*state, "B0 2F 7F");
	is_at(*state, cue.to, 0.0);
	hand(*state, "90 62 7F");
	row_turns(*state, &shift_cue, 1 / 127.0, 4.0);
	hand(*state, "80 62 7F");
	is_at(*state, cue.to, 0.0);
}

static void
shift_and_s_feed_main(void **state)
{
	static const struct row mains = BUTTONS(8, "send/main", "9# 31 7F",
		"8# 31 7F", "9# 31 7F", "9# 31 00", 0);

	plug(*state);
	hand(*state, "90 62 7F");
	row_toggles(*state, &mains);
	hand(*state, "80 62 7F");
	rows_are_shown(*state, buttons, 3);
}

static void
scene_launch_recalls_and_saves(void **state)
{
	static const struct row scenes = {.on = "90 nn 7F",
		.off = "80 nn 7F",
		.lit = "90 nn 15",
		.dark = "90 nn 00",
		.columns = 5,
		.number = {FOUR(82), 86}};

	plug(*state);
	row_recalls(*state, &scenes);
	hand(*state, "90 62 7F");
	row_saves(*state, &scenes);
	hand(*state, "80 62 7F");
	row_recalls(*state, &scenes);
}

static void
knobs_move_trims_and_rings_follow(void **state)
{
	plug(*state);
	for (uint32_t i = 0; i < 8; i++)
		row_shows(*state, knobs.lit, &knobs, i, 64 << 7);
	row_moves(*state, &knobs, -24.0, 24.0);
	for (uint32_t i = 0; i < 8; i++)
		row_shows(*state, knobs.lit, &knobs, i, 4000 + 700 * i);
	somebody(*state, "/strip/3/trim", number(-24.0));
	somebody(*state, "/strip/8/trim", number(24.0));
	shows(*state, "B0 32 00");
	shows(*state, "B0 37 7F");
}

static void
rings_show(struct machine *m, const struct row *r, uint32_t value)
{
	for (uint32_t i = 0; i < r->columns; i++)
		row_shows(m, r->lit, r, i, value);
}

static void
device_knobs_are_the_filters(void **state)
{
	plug(*state);
	rings_show(*state, &filters, 64 << 7);
	row_moves(*state, &filters, -1.0, 1.0);
	somebody(*state, "/strip/3/filter", number(-1.0));
	shows(*state, "B0 12 00");
	row_moves(*state, &crossfader, 0.0, 1.0);
}

/* One at a time; the rings are the trims again when it is put out. */
static void
pan_sends_and_user_are_the_eq(void **state)
{
	static const char *const keys[][3] = {
		{"90 57 7F", "80 57 7F", "90 57 00"},
		{"90 58 7F", "80 58 7F", "90 58 00"},
		{"90 59 7F", "80 59 7F", "90 59 00"}};
	struct machine *m = *state;

	plug(m);
	for (uint32_t i = 0; i < 8; i++)
		somebody(m, row_to(&knobs, i), number(24.0));
	rings_show(m, &knobs, TOP);
	for (uint32_t i = 0; i < 3; i++) {
		press(m, keys[i][0], keys[i][1]);
		shows(m, keys[i][0]);
		if (i > 0)
			shows(m, keys[i - 1][2]);
		rings_show(m, &bands[i], 64 << 7);
		row_moves(m, &bands[i], -90.0, 6.0);
		row_is_flat_in_the_middle(m, &bands[i]);
	}
	press(m, keys[2][0], keys[2][1]);
	shows(m, keys[2][2]);
	rings_show(m, &knobs, TOP);
	is_at(m, "/strip/1/trim", 24.0);
}

static void
a_b_is_the_side(void **state)
{
	static const char *const shown[] = {"9# 42 00", "9# 42 01", "9# 42 02"};
	static const struct row sides = {.to = "/strip/%u/side",
		.on = "9# 42 7F",
		.off = "8# 42 7F",
		.columns = 8};

	plug(*state);
	for (uint32_t n = 1; n <= 4; n++) {
		for (uint32_t i = 0; i < 8; i++) {
			row_presses(*state, &sides, i);
			is_at(*state, row_to(&sides, i), n % 3);
			row_shows(*state, shown[n % 3], &sides, i, 0);
		}
	}
	somebody(*state, "/strip/8/side", whole(2));
	shows(*state, "97 42 02");
}

static void
buttons_switch_and_are_lit(void **state)
{
	plug(*state);
	for (uint32_t i = 0; i < 3; i++)
		row_toggles(*state, &buttons[i]);
}

static void
pads_choose_the_route(void **state)
{
	plug(*state);
	rows_choose(*state, routes, 4);
}

static void
arrows_move_the_bank(void **state)
{
	const char *right[] = {"90 60 7F", "80 60 7F"};
	const char *left[] = {"90 61 7F", "80 61 7F"};

	plug(*state);
	bank_moves(*state, right, left, &faders, &buttons[0], 9);
}

static void
everything_is_shown_anew(void **state)
{
	plug(*state);
	rows_are_shown(*state, buttons, 3);
	somebody(*state, "/strip/3/mute", whole(1));
	somebody(*state, "/strip/4/route", text("none"));
	resync_sends(*state, GREETING + LAMPS);
	rows_are_shown(*state, buttons, 3);
	rows_are_shown(*state, routes, 4);
	for (uint32_t i = 0; i < 8; i++)
		row_shows(*state, knobs.lit, &knobs, i, 64 << 7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(greeting_is_exact),
		T(faders_move_their_strips),
		T(cue_level_is_that_of_what_is_cued),
		T(shift_and_s_feed_main),
		T(scene_launch_recalls_and_saves),
		T(knobs_move_trims_and_rings_follow),
		T(device_knobs_are_the_filters),
		T(pan_sends_and_user_are_the_eq),
		T(a_b_is_the_side),
		T(buttons_switch_and_are_lit),
		T(pads_choose_the_route),
		T(arrows_move_the_bank),
		T(everything_is_shown_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
