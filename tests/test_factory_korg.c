/* SPDX-License-Identifier: GPL-3.0-or-later */
/* nanoKONTROL2 in CC mode, after Korg's "nanoKONTROL2 MIDI Implementation": all
 * on channel 1; a button sends 127 and 0, and its lamp listens to the same,
 * when the LED mode of the scene is External. */
#include "tests/factory_rows.h"

#define LAMPS 25

static const struct row faders = FADERS(8, "B0 nn vv", EIGHT(0));
static const struct row knobs = TRIMS(8, "B0 nn vv", EIGHT(16));
static const struct row buttons[] = {
	/* M, S, R */
	BUTTONS(8, "mute", "B0 nn 7F", "B0 nn 00", "B0 nn 7F", "B0 nn 00",
		EIGHT(48)),
	BUTTONS(8, "cue", "B0 nn 7F", "B0 nn 00", "B0 nn 7F", "B0 nn 00",
		EIGHT(32)),
	BUTTONS(8, "send/loop", "B0 nn 7F", "B0 nn 00", "B0 nn 7F", "B0 nn 00",
		EIGHT(64)),
};

static void
plug(struct machine *m)
{
	desk_plug(m, "nanoKONTROL2 MIDI 1", "korg-nanokontrol2.yaml", LAMPS);
}

static void
faders_and_knobs_move_their_strips(void **state)
{
	plug(*state);
	row_moves(*state, &faders, -90.0, 12.0);
	row_moves(*state, &knobs, -24.0, 24.0);
}

static void
buttons_switch_and_are_lit(void **state)
{
	plug(*state);
	for (uint32_t i = 0; i < 3; i++)
		row_toggles(*state, &buttons[i]);
}

static void
s_feeds_main_while_cycle_is_held(void **state)
{
	static const struct row mains = BUTTONS(8, "send/main", "B0 nn 7F",
		"B0 nn 00", "B0 nn 7F", "B0 nn 00", EIGHT(32));

	plug(*state);
	hand(*state, "B0 2E 7F");
	shows(*state, "B0 2E 7F");
	row_toggles(*state, &mains);
	hand(*state, "B0 2E 00");
	shows(*state, "B0 2E 00");
	rows_are_shown(*state, buttons, 3);
}

static void
track_moves_the_bank(void **state)
{
	const char *right[] = {"B0 3B 7F", "B0 3B 00"};
	const char *left[] = {"B0 3A 7F", "B0 3A 00"};

	plug(*state);
	bank_moves(*state, right, left, &faders, &buttons[0], 9);
}

static void
marker_moves_the_bank_by_one(void **state)
{
	const char *right[] = {"B0 3E 7F", "B0 3E 00"};
	const char *left[] = {"B0 3D 7F", "B0 3D 00"};
	struct row second = row_at(&buttons[0], 2);

	plug(*state);
	press(*state, right[0], right[1]);
	press(*state, right[0], right[1]);
	press(*state, left[0], left[1]);
	row_toggles(*state, &second);
}

static void
everything_is_shown_anew(void **state)
{
	plug(*state);
	rows_are_shown(*state, buttons, 3);
	somebody(*state, "/strip/3/mute", whole(1));
	somebody(*state, "/strip/4/route", text("none"));
	resync_sends(*state, LAMPS);
	rows_are_shown(*state, buttons, 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(faders_and_knobs_move_their_strips),
		T(buttons_switch_and_are_lit),
		T(s_feeds_main_while_cycle_is_held),
		T(track_moves_the_bank),
		T(marker_moves_the_bank_by_one),
		T(everything_is_shown_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
