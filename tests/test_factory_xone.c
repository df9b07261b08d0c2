/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Xone:K2, after Allen & Heath's "XONE:K2 User Guide": channel 15, always
 * momentary. A lamp is red by the note of its button, amber and green by notes
 * 36 and 72 higher, and out by velocity 0 on its button's; that of LAYER, note
 * 12, is amber and green 4 and 8 higher. */
#include "tests/factory_rows.h"

#define LAMPS 29

static const struct row faders = FADERS(4, "BE nn vv", FOUR(16));
static const struct row bands[] = {
	BANDS(4, "high", "BE nn vv", FOUR(4)),
	BANDS(4, "mid", "BE nn vv", FOUR(8)),
	BANDS(4, "low", "BE nn vv", FOUR(12)),
};
static const struct row encoders = {.to = "/strip/%u/filter",
	.on = "BE nn 01",
	.off = "BE nn 7F",
	.columns = 4,
	.number = {FOUR(0)}};
static const struct row pushes =
	BUTTONS(4, "filter", "9E nn 7F", "8E nn 00", NULL, NULL, FOUR(52));
/* while LAYER is held */
static const struct row layer_encoders = {.to = "/strip/%u/trim",
	.on = "BE nn 01",
	.off = "BE nn 7F",
	.columns = 4,
	.number = {FOUR(0)}};
static const struct row layer_pushes =
	BUTTONS(4, "trim", "9E nn 7F", "8E nn 00", NULL, NULL, FOUR(52));
static const struct row loop_encoder = {.to = "/bus/loop/fader",
	.on = "BE 14 01",
	.off = "BE 14 7F",
	.columns = 1};
static const struct row loop_push = {.to = "/bus/loop/gain",
	.on = "9E 0D 7F",
	.off = "8E 0D 00",
	.columns = 1};
static const struct row main_encoder = {.to = "/bus/main/fader",
	.on = "BE 15 01",
	.off = "BE 15 7F",
	.columns = 1};
static const struct row main_push = {.to = "/bus/main/gain",
	.on = "9E 0E 7F",
	.off = "8E 0E 00",
	.columns = 1};

/* mm is the color: of the mutes green, for while it is heard. */
static const struct row buttons[] = {
	{.to = "/strip/%u/mute",
		.on = "9E nn 7F",
		.off = "8E nn 00",
		.lit = "9E nn 7F",
		.dark = "9E mm 7F",
		.columns = 4,
		.number = {FOUR(48)},
		.lamp = {FOUR(120)}},
	{.to = "/strip/%u/cue",
		.on = "9E nn 7F",
		.off = "8E nn 00",
		.lit = "9E mm 7F",
		.dark = "9E nn 00",
		.columns = 4,
		.number = {FOUR(44)},
		.lamp = {FOUR(116)}},
	{.to = "/strip/%u/send/loop",
		.on = "9E nn 7F",
		.off = "8E nn 00",
		.lit = "9E mm 7F",
		.dark = "9E nn 00",
		.columns = 4,
		.number = {FOUR(40)},
		.lamp = {FOUR(76)}},
};
/* Rows A to D: green, green, amber, red. */
static const struct row routes[] = {
	{.to = "/strip/%u/route",
		.choice = "both",
		.on = "9E nn 7F",
		.off = "8E nn 00",
		.lit = "9E mm 7F",
		.dark = "9E nn 00",
		.columns = 4,
		.number = {FOUR(36)},
		.lamp = {FOUR(108)}},
	{.to = "/strip/%u/route",
		.choice = "main",
		.on = "9E nn 7F",
		.off = "8E nn 00",
		.lit = "9E mm 7F",
		.dark = "9E nn 00",
		.columns = 4,
		.number = {FOUR(32)},
		.lamp = {FOUR(104)}},
	{.to = "/strip/%u/route",
		.choice = "loop",
		.on = "9E nn 7F",
		.off = "8E nn 00",
		.lit = "9E mm 7F",
		.dark = "9E nn 00",
		.columns = 4,
		.number = {FOUR(28)},
		.lamp = {FOUR(64)}},
	{.to = "/strip/%u/route",
		.choice = "none",
		.on = "9E nn 7F",
		.off = "8E nn 00",
		.lit = "9E nn 7F",
		.dark = "9E nn 00",
		.columns = 4,
		.number = {FOUR(24)}},
};

/* The button whose lamp a note is for. */
static uint8_t
button_of(const uint8_t *message)
{
	uint8_t note = message[1];

	if (note < 24)
		return note == 16 || note == 20 ? 12 : note;
	return (uint8_t)((note - 24) % 36 + 24);
}

static void
plug(struct machine *m)
{
	desk_plug(m, "XONE:K2 MIDI 1", "allen-heath-xone-k2.yaml", LAMPS);
	desk.lamp_of = button_of;
}

static void
faders_move_their_strips(void **state)
{
	plug(*state);
	row_moves(*state, &faders, -90.0, 12.0);
}

static void
knobs_are_the_eq(void **state)
{
	plug(*state);
	for (uint32_t i = 0; i < 3; i++) {
		row_moves(*state, &bands[i], -90.0, 6.0);
		row_is_flat_in_the_middle(*state, &bands[i]);
	}
}

static void
encoders_turn_trims_while_layer_is_held(void **state)
{
	plug(*state);
	hand(*state, "9E 0C 7F");
	shows(*state, "9E 10 7F");
	row_turns(*state, &layer_encoders, 48 / 127.0, 4.0);
	row_sets(*state, &layer_pushes, 6.0, 0.0);
	hand(*state, "8E 0C 00");
	shows(*state, "9E 0C 00");
	is_at(*state, "/strip/1/filter", 0.0);
	row_turns(*state, &encoders, 2 / 127.0, 4.0);
}

static void
encoders_turn_filters_and_buses(void **state)
{
	plug(*state);
	row_turns(*state, &encoders, 2 / 127.0, 4.0);
	row_sets(*state, &pushes, 0.5, 0.0);
	row_turns(*state, &loop_encoder, 1 / 127.0, 4.0);
	row_sets(*state, &loop_push, 6.0, 0.0);
	row_turns(*state, &main_encoder, 1 / 127.0, 4.0);
	row_sets(*state, &main_push, 6.0, 0.0);
}

static void
buttons_switch_in_their_colors(void **state)
{
	plug(*state);
	for (uint32_t i = 0; i < 3; i++)
		row_toggles(*state, &buttons[i]);
}

static void
rows_choose_the_route(void **state)
{
	plug(*state);
	rows_choose(*state, routes, 4);
}

static void
layer_and_exit_move_the_bank(void **state)
{
	const char *right[] = {"9E 0F 7F", "8E 0F 00"};
	const char *left[] = {"9E 0C 7F 9E 0F 7F", "8E 0F 00 8E 0C 00"};

	plug(*state);
	bank_moves(*state, right, left, &faders, &buttons[0], 5);
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
	rows_are_shown(*state, routes, 4);
	shows(*state, "9E 0C 00");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(faders_move_their_strips),
		T(knobs_are_the_eq),
		T(encoders_turn_filters_and_buses),
		T(encoders_turn_trims_while_layer_is_held),
		T(buttons_switch_in_their_colors),
		T(rows_choose_the_route),
		T(layer_and_exit_move_the_bank),
		T(everything_is_shown_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
