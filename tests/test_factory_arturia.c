/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BeatStep in control mode with absolute encoders, as it was measured: it is
 * set to any channel; pads send notes, and pressure while they are held. A
 * pad's lamp listens to no note but to a sysex: 0 off, 1 red. */
#include "tests/factory_rows.h"

#define LAMPS 16

#define ENCODERS 10, 74, 71, 76, 77, 93, 73, 75, 114, 18, 19, 16, 17, 91, 79, 72
#define PAD	 "F0 00 20 6B 7F 42 02 00 10 mm "

static const struct row encoders = FADERS(16, "B0 nn vv", ENCODERS);
static const struct row encoders_10 = FADERS(16, "B9 nn vv", ENCODERS);
static const struct row pads = {.to = "/strip/%u/mute",
	.on = "90 nn 64 A0 nn 50",
	.off = "A0 nn 10 80 nn 00",
	.lit = PAD "01 F7",
	.dark = PAD "00 F7",
	.columns = 16,
	.number = {EIGHT(44), EIGHT(36)},
	.lamp = {EIGHT(0x70), EIGHT(0x78)}};
static const struct row pads_10 = {.to = "/strip/%u/mute",
	.on = "99 nn 64 A9 nn 50",
	.off = "A9 nn 10 89 nn 00",
	.lit = PAD "01 F7",
	.dark = PAD "00 F7",
	.columns = 16,
	.number = {EIGHT(44), EIGHT(36)},
	.lamp = {EIGHT(0x70), EIGHT(0x78)}};

static void
plug(struct machine *m)
{
	desk_plug(m, "Arturia BeatStep MIDI 1", "arturia-beatstep.yaml", LAMPS);
}

static void
encoders_move_their_strips(void **state)
{
	plug(*state);
	row_moves(*state, &encoders, -90.0, 12.0);
}

static void
pads_mute_and_are_lit(void **state)
{
	plug(*state);
	row_toggles(*state, &pads);
}

static void
any_channel_will_do(void **state)
{
	plug(*state);
	row_moves(*state, &encoders_10, -90.0, 12.0);
	row_toggles(*state, &pads_10);
}

static void
everything_is_shown_anew(void **state)
{
	plug(*state);
	rows_are_shown(*state, &pads, 1);
	somebody(*state, "/strip/3/mute", whole(1));
	resync_sends(*state, LAMPS);
	rows_are_shown(*state, &pads, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(encoders_move_their_strips),
		T(pads_mute_and_are_lit),
		T(any_channel_will_do),
		T(everything_is_shown_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
