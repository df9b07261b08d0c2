/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MIDImix and APC mini, both kinds. The numbers are those that Akai's own
 * scripts for a sequencer use; those of the mk2's lamps are in its
 * "Communications Protocol". A lamp goes out by a note of velocity 0, never by
 * a note off. */
#include "tests/factory_rows.h"

/* ---- MIDImix: all on channel 1, buttons by notes ---- */

#define MIX_LAMPS 26

static const struct row mix_faders =
	FADERS(8, "B0 nn vv", 19, 23, 27, 31, 49, 53, 57, 61);
static const struct row mix_bands[] = {
	BANDS(8, "high", "B0 nn vv", 16, 20, 24, 28, 46, 50, 54, 58),
	BANDS(8, "mid", "B0 nn vv", 17, 21, 25, 29, 47, 51, 55, 59),
	BANDS(8, "low", "B0 nn vv", 18, 22, 26, 30, 48, 52, 56, 60),
};
/* while SOLO is held */
static const struct row mix_trims =
	TRIMS(8, "B0 nn vv", 16, 20, 24, 28, 46, 50, 54, 58);
static const struct row mix_filters =
	FILTERS(8, "B0 nn vv", 18, 22, 26, 30, 48, 52, 56, 60);
static const struct row mix_master = BUS_FADER("main", "B0 3E vv");
static const struct row mix_buttons[] = {
	/* MUTE, REC ARM */
	BUTTONS(8, "mute", "90 nn 7F", "90 nn 00", "90 nn 7F", "90 nn 00", 1, 4,
		7, 10, 13, 16, 19, 22),
	BUTTONS(8, "send/loop", "90 nn 7F", "80 nn 00", "90 nn 7F", "90 nn 00",
		3, 6, 9, 12, 15, 18, 21, 24),
};
/* MUTE while SOLO is held; its lamp is that of MUTE */
static const struct row mix_cues = BUTTONS(8, "cue", "90 nn 7F", "90 nn 00",
	"90 nn 7F", "90 nn 00", 2, 5, 8, 11, 14, 17, 20, 23);
static const struct row mix_mains = BUTTONS(8, "send/main", "90 nn 7F",
	"90 nn 00", "90 nn 7F", "90 nn 00", 3, 6, 9, 12, 15, 18, 21, 24);

static void
plug_mix(struct machine *m)
{
	desk_plug(m, "MIDI Mix MIDI 1", "akai-midimix.yaml", MIX_LAMPS);
}

static void
mix_faders_and_knobs_move_their_strips(void **state)
{
	plug_mix(*state);
	row_moves(*state, &mix_faders, -90.0, 12.0);
	for (uint32_t i = 0; i < 3; i++) {
		row_moves(*state, &mix_bands[i], -90.0, 6.0);
		row_is_flat_in_the_middle(*state, &mix_bands[i]);
	}
	row_moves(*state, &mix_master, -90.0, 12.0);
}

static void
mix_knobs_are_others_while_solo_is_held(void **state)
{
	plug_mix(*state);
	hand(*state, "90 1B 7F");
	row_moves(*state, &mix_trims, -24.0, 24.0);
	row_moves(*state, &mix_filters, -1.0, 1.0);
	somebody(*state, "/strip/1/resonance", number(4.0));
	hand(*state, "B0 11 7F B0 11 00");
	is_at(*state, "/strip/1/resonance", (double)0.7f);
	hand(*state, "90 1B 00");
	is_at(*state, "/strip/1/eq/high", 0.0);
	hand(*state, "B0 12 3F B0 12 40 B0 12 00");
	is_at(*state, "/strip/1/eq/low", -90.0);
}

static void
mix_buttons_switch_and_are_lit(void **state)
{
	plug_mix(*state);
	row_toggles(*state, &mix_buttons[0]);
	row_toggles(*state, &mix_buttons[1]);
	hand(*state, "90 1B 7F"); /* SOLO itself */
	row_toggles(*state, &mix_cues);
	row_toggles(*state, &mix_mains);
	hand(*state, "90 1B 00");
	rows_are_shown(*state, mix_buttons, 2);
}

static void
mix_bank_buttons_move_the_bank(void **state)
{
	const char *right[] = {"90 1A 7F", "90 1A 00"};
	const char *left[] = {"90 19 7F", "90 19 00"};

	plug_mix(*state);
	shows(*state, "90 19 00");
	shows(*state, "90 1A 7F");
	press(*state, right[0], right[1]);
	shows(*state, "90 19 7F");
	shows(*state, "90 1A 00");
	press(*state, left[0], left[1]);
	bank_moves(*state, right, left, &mix_faders, &mix_buttons[0], 9);
}

/* It sends where everything is: nothing jumps there, and what moves on from
 * where its strip is takes it along. */
static void
mix_send_all_moves_nothing(void **state)
{
	plug_mix(*state);
	hand(*state, "B0 10 10 B0 13 00 B0 14 7F B0 17 7F B0 3E 20 B0 18 3F");
	is_at(*state, "/strip/1/fader", 0.75);
	is_at(*state, "/strip/2/gain", 0.0);
	is_at(*state, "/strip/1/eq/high", 0.0);
	is_at(*state, "/strip/2/eq/high", 0.0);
	is_at(*state, "/bus/main/gain", 0.0);
	hand(*state, "B0 18 40 B0 18 44");
	is_at(*state, "/strip/3/eq/high", level_from_knob(68 / 127.0));
}

static void
mix_is_shown_anew(void **state)
{
	plug_mix(*state);
	rows_are_shown(*state, mix_buttons, 2);
	somebody(*state, "/strip/3/mute", whole(1));
	somebody(*state, "/strip/4/route", text("none"));
	resync_sends(*state, MIX_LAMPS);
	rows_are_shown(*state, mix_buttons, 2);
	shows(*state, "90 19 00");
	shows(*state, "90 1A 7F");
}

/* ---- APC mini: all on channel 1; pads count from the lower left. A pad is
 * off, green, red or yellow by 0, 1, 3, 5; a round button off or on by 0, 1
 * ---- */

#define MINI_LAMPS 50

static const struct row mini_faders = FADERS(8, "B0 nn vv", EIGHT(48));
static const struct row mini_master = BUS_FADER("main", "B0 38 vv");
static const struct row mini_mutes = BUTTONS(
	8, "mute", "90 nn 7F", "80 nn 7F", "90 nn 03", "90 nn 01", EIGHT(0));
static const struct row mini_routes[] = {
	ROUTES(8, "both", "90 nn 7F", "80 nn 7F", "90 nn 01", "90 nn 00",
		EIGHT(56)),
	ROUTES(8, "main", "90 nn 7F", "80 nn 7F", "90 nn 01", "90 nn 00",
		EIGHT(48)),
	ROUTES(8, "loop", "90 nn 7F", "80 nn 7F", "90 nn 05", "90 nn 00",
		EIGHT(40)),
	ROUTES(8, "none", "90 nn 7F", "80 nn 7F", "90 nn 03", "90 nn 00",
		EIGHT(32)),
};

static void
plug_mini(struct machine *m)
{
	desk_plug(m, "APC MINI MIDI 1", "akai-apc-mini.yaml", MINI_LAMPS);
}

static void
mini_faders_move_their_strips(void **state)
{
	plug_mini(*state);
	row_moves(*state, &mini_faders, -90.0, 12.0);
	row_moves(*state, &mini_master, -90.0, 12.0);
}

static const struct row mini_scenes = {.on = "90 nn 7F",
	.off = "80 nn 7F",
	.lit = "90 nn 01",
	.dark = "90 nn 00",
	.columns = 8,
	.number = {EIGHT(82)}};

static void
mini_buttons_at_the_right_recall_scenes(void **state)
{
	plug_mini(*state);
	row_recalls(*state, &mini_scenes);
	hand(*state, "90 62 7F");
	row_saves(*state, &mini_scenes);
	hand(*state, "80 62 7F");
	row_recalls(*state, &mini_scenes);
}

static void
mini_pads_switch_and_are_lit(void **state)
{
	plug_mini(*state);
	row_toggles(*state, &mini_mutes);
	rows_choose(*state, mini_routes, 4);
}

static void
mini_arrows_move_the_bank(void **state)
{
	const char *right[] = {"90 43 7F", "80 43 7F"};
	const char *left[] = {"90 42 7F", "80 42 7F"};

	plug_mini(*state);
	shows(*state, "90 42 00");
	shows(*state, "90 43 01");
	press(*state, right[0], right[1]);
	shows(*state, "90 42 01");
	shows(*state, "90 43 00");
	press(*state, left[0], left[1]);
	bank_moves(*state, right, left, &mini_faders, &mini_mutes, 9);
}

static void
mini_is_shown_anew(void **state)
{
	plug_mini(*state);
	rows_are_shown(*state, mini_routes, 4);
	somebody(*state, "/strip/3/mute", whole(1));
	somebody(*state, "/strip/4/route", text("none"));
	resync_sends(*state, MINI_LAMPS);
	rows_are_shown(*state, &mini_mutes, 1);
	rows_are_shown(*state, mini_routes, 4);
	shows(*state, "90 43 01");
}

/* ---- APC mini mk2: the same pads; the channel of a pad's lamp is how bright,
 * 7 is full, its velocity a color of 128: 5 red, 13 yellow, 21 green, 45 blue.
 * The round buttons have other notes ---- */

static const struct row mk2_mutes = BUTTONS(
	8, "mute", "90 nn 7F", "80 nn 00", "96 nn 05", "96 nn 15", EIGHT(0));
static const struct row mk2_routes[] = {
	ROUTES(8, "both", "90 nn 7F", "80 nn 00", "96 nn 15", "96 nn 00",
		EIGHT(56)),
	ROUTES(8, "main", "90 nn 7F", "80 nn 00", "96 nn 2D", "96 nn 00",
		EIGHT(48)),
	ROUTES(8, "loop", "90 nn 7F", "80 nn 00", "96 nn 0D", "96 nn 00",
		EIGHT(40)),
	ROUTES(8, "none", "90 nn 7F", "80 nn 00", "96 nn 05", "96 nn 00",
		EIGHT(32)),
};

static void
plug_mk2(struct machine *m)
{
	desk_plug(m, "APC mini mk2 Control", "akai-apc-mini-mk2.yaml",
		MINI_LAMPS);
}

static void
mk2_faders_move_their_strips(void **state)
{
	plug_mk2(*state);
	row_moves(*state, &mini_faders, -90.0, 12.0);
	row_moves(*state, &mini_master, -90.0, 12.0);
}

static const struct row mk2_scenes = {.on = "90 nn 7F",
	.off = "80 nn 7F",
	.lit = "90 nn 01",
	.dark = "90 nn 00",
	.columns = 8,
	.number = {EIGHT(112)}};

static void
mk2_buttons_at_the_right_recall_scenes(void **state)
{
	plug_mk2(*state);
	row_recalls(*state, &mk2_scenes);
	hand(*state, "90 7A 7F");
	row_saves(*state, &mk2_scenes);
	hand(*state, "80 7A 7F");
	row_recalls(*state, &mk2_scenes);
}

static void
mk2_pads_switch_and_are_lit(void **state)
{
	plug_mk2(*state);
	row_toggles(*state, &mk2_mutes);
	rows_choose(*state, mk2_routes, 4);
}

static void
mk2_arrows_move_the_bank(void **state)
{
	const char *right[] = {"90 6B 7F", "80 6B 00"};
	const char *left[] = {"90 6A 7F", "80 6A 00"};

	plug_mk2(*state);
	shows(*state, "90 6A 00");
	shows(*state, "90 6B 01");
	press(*state, right[0], right[1]);
	shows(*state, "90 6A 01");
	shows(*state, "90 6B 00");
	press(*state, left[0], left[1]);
	bank_moves(*state, right, left, &mini_faders, &mk2_mutes, 9);
}

static void
mk2_is_shown_anew(void **state)
{
	plug_mk2(*state);
	rows_are_shown(*state, mk2_routes, 4);
	somebody(*state, "/strip/3/mute", whole(1));
	somebody(*state, "/strip/4/route", text("none"));
	resync_sends(*state, MINI_LAMPS);
	rows_are_shown(*state, &mk2_mutes, 1);
	rows_are_shown(*state, mk2_routes, 4);
	shows(*state, "90 6B 01");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(mix_faders_and_knobs_move_their_strips),
		T(mix_knobs_are_others_while_solo_is_held),
		T(mix_buttons_switch_and_are_lit),
		T(mix_bank_buttons_move_the_bank),
		T(mix_send_all_moves_nothing),
		T(mix_is_shown_anew),
		T(mini_faders_move_their_strips),
		T(mini_pads_switch_and_are_lit),
		T(mini_buttons_at_the_right_recall_scenes),
		T(mini_arrows_move_the_bank),
		T(mini_is_shown_anew),
		T(mk2_faders_move_their_strips),
		T(mk2_pads_switch_and_are_lit),
		T(mk2_buttons_at_the_right_recall_scenes),
		T(mk2_arrows_move_the_bank),
		T(mk2_is_shown_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
