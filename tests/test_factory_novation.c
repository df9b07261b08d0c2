/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Launch Control XL with the template Factory 1, which is on channel 9, after
 * Novation's "Launch Control XL Programmer's Reference": a lamp's byte is 16
 * times green, 0 to 3, and red, 0 to 3, and 12. */
#include "tests/factory_rows.h"

#define GREETING "F0 00 20 29 02 11 77 08 F7"
#define LAMPS	 44

#define FOCUS	FOUR(41), FOUR(57)
#define CONTROL FOUR(73), FOUR(89)

static const struct row faders = FADERS(8, "B8 nn vv", EIGHT(77));
/* The lamps below them: green, amber, red. */
#define ROW(n)                                                                 \
	(n), (n) + 16, (n) + 32, (n) + 48, (n) + 64, (n) + 80, (n) + 96,       \
		(n) + 112
#define KNOB_ROW(what, decibels, first, row_)                                  \
	{                                                                      \
		.to = "/strip/%u/" what, .level = decibels, .on = "B8 nn vv",  \
		.columns = 8, .number = {EIGHT(first)}, .lamp = {              \
			ROW(row_)                                              \
		}                                                              \
	}
static const struct row bands[] = {
	KNOB_ROW("eq/high/knob", "/strip/%u/eq/high", 13, 13),
	KNOB_ROW("eq/mid/knob", "/strip/%u/eq/mid", 29, 14),
	KNOB_ROW("eq/low/knob", "/strip/%u/eq/low", 49, 15),
};
/* while DEVICE is held */
static const struct row trims = KNOB_ROW("trim", NULL, 13, 13);
static const struct row resonances = KNOB_ROW("resonance", NULL, 29, 14);
static const struct row filters = KNOB_ROW("filter", NULL, 49, 15);
static const struct row buttons[] = {
	/* TRACK FOCUS: red and green; TRACK CONTROL: amber and dark */
	BUTTONS(8, "mute", "98 nn 7F", "88 nn 00", "98 nn 0F", "98 nn 1C",
		FOCUS),
	BUTTONS(8, "send/loop", "98 nn 7F", "88 nn 00", "98 nn 3F", "98 nn 0C",
		CONTROL),
};
static const struct row shifted = BUTTONS(
	8, "send/main", "98 nn 7F", "88 nn 00", "98 nn 3F", "98 nn 0C", FOCUS);

/* with SOLO lit: green */
static const struct row cues = BUTTONS(
	8, "cue", "98 nn 7F", "88 nn 00", "98 nn 3C", "98 nn 0C", CONTROL);

static void
plug(struct machine *m)
{
	desk_plug(m, "Launch Control XL MIDI 1",
		"novation-launch-control-xl.yaml", 1 + LAMPS);
	begins_with(m, GREETING);
}

static void
faders_and_knobs_move_their_strips(void **state)
{
	plug(*state);
	row_moves(*state, &faders, -90.0, 12.0);
	for (uint32_t i = 0; i < 3; i++) {
		row_moves(*state, &bands[i], -90.0, 6.0);
		row_is_flat_in_the_middle(*state, &bands[i]);
	}
}

static void
knobs_are_others_while_device_is_held(void **state)
{
	plug(*state);
	hand(*state, "98 69 7F");
	row_moves(*state, &trims, -24.0, 24.0);
	for (uint32_t i = 0; i < 8; i++)
		somebody(*state, row_to(&resonances, i), number(2.35));
	row_moves(*state, &resonances, (double)0.7f, 4.0);
	row_moves(*state, &filters, -1.0, 1.0);
	hand(*state, "88 69 00");
	is_at(*state, "/strip/1/eq/low", 0.0);
}

/* Green in the middle, amber above, red below; from 7 bits there is no nearer
 * to it. */
static void
knob_is_a_color(struct machine *m, const struct row *r, double more,
	double less, double flat)
{
	for (uint32_t i = 0; i < 8; i++) {
		row_shows(m, "98 mm 1C", r, i, 0);
		somebody(m, row_to(r, i), number(more));
		row_shows(m, "98 mm 3F", r, i, 0);
		somebody(m, row_to(r, i), number(less));
		row_shows(m, "98 mm 0D", r, i, 0);
		somebody(m, row_to(r, i), number(flat));
		row_shows(m, "98 mm 1C", r, i, 0);
	}
}

static void
a_knob_is_a_color(void **state)
{
	plug(*state);
	for (uint32_t i = 0; i < 3; i++)
		knob_is_a_color(*state, &bands[i], 0.6, 0.4, 0.5);
	hand(*state, "B8 0D 38 B8 0D 50"); /* by hand, past the middle */
	is_at(*state, "/strip/1/eq/high", level_from_knob(80 / 127.0));
	shows(*state, "98 0D 3F");
	hand(*state, "98 69 7F");
	knob_is_a_color(*state, &trims, 3.0, -3.0, 64 * 48 / 127.0 - 24.0);
	knob_is_a_color(*state, &filters, 0.1, -0.1, 128 / 127.0 - 1.0);
	row_shows(*state, "98 mm 1C", &resonances, 0, 0);
	somebody(*state, "/strip/1/resonance", number(3.0));
	row_shows(*state, "98 mm 3F", &resonances, 0, 0);
}

static void
buttons_switch_and_are_lit(void **state)
{
	plug(*state);
	row_toggles(*state, &buttons[0]);
	row_toggles(*state, &buttons[1]);
}

static void
focus_is_main_while_device_is_held(void **state)
{
	plug(*state);
	shows(*state, "98 69 0C");
	hand(*state, "98 69 7F");
	shows(*state, "98 69 3E");
	row_toggles(*state, &shifted);
	for (uint32_t i = 0; i < 8; i++)
		is_at(*state, row_to(&buttons[0], i), 0);
	hand(*state, "88 69 00");
	shows(*state, "98 69 0C");
	rows_are_shown(*state, buttons, 2);
	row_toggles(*state, &buttons[0]);
}

static void
control_is_the_cue_while_solo_is_lit(void **state)
{
	plug(*state);
	shows(*state, "98 6B 0C");
	press(*state, "98 6B 7F", "88 6B 00");
	shows(*state, "98 6B 3E");
	row_toggles(*state, &cues);
	for (uint32_t i = 0; i < 8; i++)
		is_at(*state, row_to(&buttons[1], i), 1);
	press(*state, "98 6B 7F", "88 6B 00");
	shows(*state, "98 6B 0C");
	rows_are_shown(*state, buttons, 2);
}

static void
track_select_moves_the_bank(void **state)
{
	const char *right[] = {"B8 6B 7F", "B8 6B 00"};
	const char *left[] = {"B8 6A 7F", "B8 6A 00"};

	plug(*state);
	shows(*state, "B8 6A 0C");
	shows(*state, "B8 6B 0F");
	press(*state, right[0], right[1]);
	shows(*state, "B8 6A 0F");
	shows(*state, "B8 6B 0C");
	press(*state, left[0], left[1]);
	bank_moves(*state, right, left, &faders, &buttons[0], 9);
}

/* It tells which template somebody chose on it: a lamp that it was sent
 * meanwhile was lost. */
static void
lamps_are_sent_when_its_template_is_back(void **state)
{
	struct machine *m = *state;

	plug(m);
	hand(m, "F0 00 20 29 02 11 77 00 F7");
	machine_run(m, QUIET_NS);
	assert_int_equal(messages(m), 1 + LAMPS);
	desk.from = m->plug[0].outs;
	hand(m, GREETING);
	desk.want_messages = LAMPS;
	machine_until(m, are_all_sent, WAIT_NS);
	rows_are_shown(m, buttons, 2);
	machine_run(m, QUIET_NS);
	assert_int_equal(messages(m), LAMPS);
}

static void
everything_is_shown_anew(void **state)
{
	plug(*state);
	rows_are_shown(*state, buttons, 2);
	somebody(*state, "/strip/3/mute", whole(1));
	somebody(*state, "/strip/4/route", text("none"));
	resync_sends(*state, 1 + LAMPS);
	begins_with(*state, GREETING);
	rows_are_shown(*state, buttons, 2);
	for (uint32_t i = 0; i < 8; i++)
		for (uint32_t n = 0; n < 3; n++)
			row_shows(*state, "98 mm 1C", &bands[n], i, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(faders_and_knobs_move_their_strips),
		T(knobs_are_others_while_device_is_held),
		T(a_knob_is_a_color),
		T(buttons_switch_and_are_lit),
		T(focus_is_main_while_device_is_held),
		T(control_is_the_cue_while_solo_is_lit),
		T(track_select_moves_the_bank),
		T(lamps_are_sent_when_its_template_is_back),
		T(everything_is_shown_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
