/* SPDX-License-Identifier: GPL-3.0-or-later */
/* X-Touch Mini in standard mode, on channel 11, as measured on devices: layer A
 * has encoders 1 to 8, pushes 0 to 7, buttons 8 to 23 and fader 9; layer B
 * encoders 11 to 18, pushes 24 to 31, buttons 32 to 47 and fader 10. A ring
 * listens to its encoder's controller, a lamp to its button's note: 0 is off, 1
 * is on, 2 blinks. */
#include "tests/factory_rows.h"

#define LAMPS 48

static const struct row encoders = {.to = "/strip/%u/fader",
	.level = "/strip/%u/gain",
	.on = "BA nn vv",
	.lit = "BA nn vv",
	.columns = 16,
	.number = {EIGHT(1), EIGHT(11)}};
static const struct row pushes = BUTTONS(
	16, "gain", "9A nn 7F", "8A nn 00", NULL, NULL, EIGHT(0), EIGHT(24));
static const struct row main_fader = BUS_FADER("main", "BA 09 vv");
static const struct row loop_fader = BUS_FADER("loop", "BA 0A vv");
static const struct row buttons[] = {
	BUTTONS(16, "mute", "9A nn 7F", "8A nn 00", "9A nn 01", "9A nn 00",
		EIGHT(8), EIGHT(32)),
	BUTTONS(16, "send/loop", "9A nn 7F", "8A nn 00", "9A nn 01", "9A nn 00",
		EIGHT(16), EIGHT(40)),
};

static void
plug(struct machine *m)
{
	desk_plug(
		m, "X-TOUCH MINI MIDI 1", "behringer-x-touch-mini.yaml", LAMPS);
}

static void
encoders_move_their_strips_and_rings_follow(void **state)
{
	plug(*state);
	for (uint32_t i = 0; i < 16; i++)
		row_shows(*state, encoders.lit, &encoders, i, 95 << 7);
	row_moves(*state, &encoders, -90.0, 12.0);
	for (uint32_t i = 0; i < 16; i++)
		row_shows(*state, encoders.lit, &encoders, i, 4000 + 700 * i);
	somebody(*state, "/strip/2/gain", number(12.0));
	somebody(*state, "/strip/9/gain", number(-90.0));
	shows(*state, "BA 02 7F");
	shows(*state, "BA 0B 00");
}

static void
a_push_sets_unity(void **state)
{
	plug(*state);
	row_sets(*state, &pushes, -12.0, 0.0);
	for (uint32_t i = 0; i < 16; i++)
		row_shows(*state, encoders.lit, &encoders, i, 95 << 7);
}

static void
the_fader_moves_a_bus(void **state)
{
	plug(*state);
	row_moves(*state, &main_fader, -90.0, 12.0);
	row_moves(*state, &loop_fader, -90.0, 12.0);
}

static void
buttons_switch_and_are_lit(void **state)
{
	plug(*state);
	row_toggles(*state, &buttons[0]);
	row_toggles(*state, &buttons[1]);
}

static void
everything_is_shown_anew(void **state)
{
	plug(*state);
	rows_are_shown(*state, buttons, 2);
	somebody(*state, "/strip/3/mute", whole(1));
	somebody(*state, "/strip/12/route", text("none"));
	resync_sends(*state, LAMPS);
	rows_are_shown(*state, buttons, 2);
	for (uint32_t i = 0; i < 16; i++)
		row_shows(*state, encoders.lit, &encoders, i, 95 << 7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(encoders_move_their_strips_and_rings_follow),
		T(a_push_sets_unity),
		T(the_fader_moves_a_bus),
		T(buttons_switch_and_are_lit),
		T(everything_is_shown_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
