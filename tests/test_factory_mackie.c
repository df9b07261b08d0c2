/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mackie Control Universal, and the X-Touch in MC mode, by the protocol as it
 * is published: faders are pitch bend of 14 bits, the lower seven first, of a
 * channel each; all else is on channel 1. */
#include "tests/factory_rows.h"

#include "control/surface/surface.h"

/* Here I am; and the lamps of the channels tell of a signal. */
#define SIGNAL(n) "F0 00 00 66 14 20 0" #n " 01 F7 "
#define GREETING                                                               \
	"F0 00 00 66 14 00 F7 " SIGNAL(0) SIGNAL(1) SIGNAL(2) SIGNAL(3)        \
		SIGNAL(4) SIGNAL(5) SIGNAL(6) SIGNAL(7)
#define GREETINGS 9
#define LAMPS	  74

static const struct row faders = {.to = "/strip/%u/fader",
	.level = "/strip/%u/gain",
	.on = "E# ww vv",
	.columns = 8,
	.jumps = true};
static const struct row master = {.to = "/bus/main/fader",
	.level = "/bus/main/gain",
	.on = "E8 ww vv",
	.columns = 1,
	.jumps = true};
static const struct row touches = {.on = "90 nn 7F",
	.off = "90 nn 00",
	.columns = 9,
	.number = {EIGHT(104), 112}};
/* V-Pots: the ring's byte is 10 from the middle, and 1 to 11. */
static const struct row pots = {.to = "/strip/%u/trim",
	.on = "B0 nn 01",
	.off = "B0 nn 41",
	.columns = 8,
	.number = {EIGHT(16)},
	.lamp = {EIGHT(48)}};
static const struct row pushes =
	BUTTONS(8, "trim", "90 nn 7F", "90 nn 00", NULL, NULL, EIGHT(32));
static const struct row buttons[] = {
	/* MUTE, SOLO, REC */
	BUTTONS(8, "mute", "90 nn 7F", "90 nn 00", "90 nn 7F", "90 nn 00",
		EIGHT(16)),
	BUTTONS(8, "cue", "90 nn 7F", "90 nn 00", "90 nn 7F", "90 nn 00",
		EIGHT(8)),
	BUTTONS(8, "send/loop", "90 nn 7F", "90 nn 00", "90 nn 7F", "90 nn 00",
		EIGHT(0)),
};

static void
plug(struct machine *m)
{
	desk_plug(m, "X-TOUCH_INT", "mackie-control.yaml", GREETINGS + LAMPS);
	begins_with(m, GREETING);
}

static void
faders_move_their_strips(void **state)
{
	plug(*state);
	row_moves(*state, &faders, -90.0, 12.0);
	row_moves(*state, &master, -90.0, 12.0);
	hand(*state, "E0 70 7F"); /* the top of one of 10 bits */
	is_at(*state, "/strip/1/gain", 12.0);
}

static void
motors_follow(void **state)
{
	plug(*state);
	for (uint32_t i = 0; i < 8; i++)
		row_shows(*state, faders.on, &faders, i, 12287);
	shows(*state, "E8 7F 5F");
	for (uint32_t i = 0; i < 8; i++) {
		somebody(*state, row_to(&faders, i),
			number((2000 + i) / (double)TOP));
		row_shows(*state, faders.on, &faders, i, 2000 + i);
	}
	somebody(*state, "/bus/main/gain", number(12.0));
	shows(*state, "E8 7F 7F");
	somebody(*state, "/strip/8/gain", number(-90.0));
	shows(*state, "E7 00 00");
}

/* Touched, a motor rests, whoever moves the strip; let go, it is sent where the
 * hand or the other one has left it. */
static void
a_touched_fader_is_left_alone(void **state)
{
	struct machine *m = *state;

	plug(m);
	for (uint32_t i = 0; i < 8; i++) {
		row_sends(m, touches.on, &touches, i, 0);
		row_sends(m, faders.on, &faders, i, 9000 + i);
		row_is_at_way(m, &faders, i, 9000 + i);
	}
	hand(m, "90 70 7F E8 00 30");
	somebody(m, "/strip/2/gain", number(12.0));
	desk.from = m->plug[0].outs;
	machine_run(m, SURFACE_HAND_NS + QUIET_NS);
	for (uint32_t i = desk.from; i < m->plug[0].outs; i++)
		assert_int_not_equal(m->plug[0].out[i] & 0xf0, 0xe0);
	for (uint32_t i = 0; i < 9; i++)
		row_sends(m, touches.off, &touches, i, 0);
	for (uint32_t i = 0; i < 8; i++)
		row_shows(m, faders.on, &faders, i, i == 1 ? TOP : 9000 + i);
	shows(m, "E8 00 30");
}

static void
pots_turn_trims_and_rings_follow(void **state)
{
	plug(*state);
	row_turns(*state, &pots, 0.48, 1.0);
	hand(*state, "B0 12 0F"); /* 15 ticks at once */
	is_at(*state, "/strip/3/trim", 7.2);
	hand(*state, "B0 12 4F");
	is_at(*state, "/strip/3/trim", 0.0);
	for (uint32_t i = 0; i < 8; i++) {
		row_shows(*state, "B0 mm 16", &pots, i, 0);
		somebody(*state, row_to(&pots, i), number(24.0));
		row_shows(*state, "B0 mm 1B", &pots, i, 0);
		somebody(*state, row_to(&pots, i), number(-24.0));
		row_shows(*state, "B0 mm 11", &pots, i, 0);
	}
	row_sets(*state, &pushes, 6.0, 0.0);
	for (uint32_t i = 0; i < 8; i++)
		row_shows(*state, "B0 mm 16", &pots, i, 0);
}

/* EQ, SEND, PLUG-IN and INST: V-Pots, their rings and the lower row of the
 * display are the bands and the filters. */
static void
pots_are_the_eq_and_the_filters(void **state)
{
	static const struct {
		const char *lit, *off, *dark, *to, *level, *text_of;
		double tick, more;
	} keys[] = {
		{"90 2C 7F", "90 2C 00", "90 2C 00", "/strip/%u/eq/low/knob",
			"/strip/%u/eq/low", "36 2E 30 20 20 20 20", 0.01, 6.0},
		{"90 29 7F", "90 29 00", "90 29 00", "/strip/%u/eq/mid/knob",
			"/strip/%u/eq/mid", "36 2E 30 20 20 20 20", 0.01, 6.0},
		{"90 2B 7F", "90 2B 00", "90 2B 00", "/strip/%u/eq/high/knob",
			"/strip/%u/eq/high", "36 2E 30 20 20 20 20", 0.01, 6.0},
		{"90 2D 7F", "90 2D 00", "90 2D 00", "/strip/%u/filter",
			"/strip/%u/filter", "31 2E 30 30 20 20 20", 0.02, 1.0},
	};
	static const uint8_t places[] = {
		0x38, 0x3f, 0x46, 0x4d, 0x54, 0x5b, 0x62, 0x69};
	struct machine *m = *state;

	plug(m);
	for (uint32_t n = 0; n < 4; n++) {
		struct row r = pots, push = pushes, lower = {.columns = 8};
		char text_of[64];

		r.to = keys[n].to;
		push.to = keys[n].level;
		memcpy(lower.number, places, sizeof(places));
		snprintf(text_of, sizeof(text_of), "F0 00 00 66 14 12 nn %s F7",
			keys[n].text_of);
		press(m, keys[n].lit, keys[n].off);
		shows(m, keys[n].lit);
		if (n > 0)
			shows(m, keys[n - 1].dark);
		/* two ticks: one stays where an EQ rests */
		hand(m, "B0 10 02");
		is_at(m, row_to(&r, 0), (n < 3 ? 0.5 : 0.0) + 2 * keys[n].tick);
		row_sets(m, &push, 0.5, 0.0);
		for (uint32_t i = 0; i < 8; i++) {
			row_shows(m, "B0 mm 16", &r, i, 0);
			somebody(m, row_to(&push, i), number(keys[n].more));
			row_shows(m, "B0 mm 1B", &r, i, 0);
			row_shows(m, text_of, &lower, i, 0);
		}
	}
	is_at(m, "/strip/1/trim", 0.0);
	press(m, keys[3].lit, keys[3].off);
	for (uint32_t i = 0; i < 8; i++)
		row_shows(m, "B0 mm 16", &pots, i, 0);
	shows(m, "F0 00 00 66 14 12 38 30 2E 30 20 20 20 20 F7");
}

static void
buttons_switch_and_are_lit(void **state)
{
	plug(*state);
	for (uint32_t i = 0; i < 3; i++)
		row_toggles(*state, &buttons[i]);
}

static void
shift_and_solo_feed_main(void **state)
{
	static const struct row mains = BUTTONS(8, "send/main", "90 nn 7F",
		"90 nn 00", "90 nn 7F", "90 nn 00", EIGHT(8));

	plug(*state);
	hand(*state, "90 46 7F");
	shows(*state, "90 46 7F");
	row_toggles(*state, &mains);
	hand(*state, "90 46 00");
	shows(*state, "90 46 00");
	rows_are_shown(*state, buttons, 3);
}

/* F1 to F8; UNDO, CANCEL, ENTER. */
static void
function_keys_recall_and_save_scenes(void **state)
{
	static const struct row keys = {.on = "90 nn 7F",
		.off = "90 nn 00",
		.lit = "90 nn 7F",
		.dark = "90 nn 00",
		.columns = 8,
		.number = {EIGHT(54)}};

	plug(*state);
	row_recalls(*state, &keys);
	hand(*state, "90 46 7F");
	row_saves(*state, &keys);
	hand(*state, "90 46 00");
	press(*state, "90 51 7F", "90 51 00");
	is_asked(MODEL_SCENE_UNDO, "");
	press(*state, "90 52 7F", "90 52 00");
	is_asked(MODEL_SCENE_STOP, "");
	press(*state, "90 53 7F", "90 53 00");
	is_asked(MODEL_SCENE_FINISH, "");
}

static void
bank_moves_eight_strips(void **state)
{
	const char *right[] = {"90 2F 7F", "90 2F 00"};
	const char *left[] = {"90 2E 7F", "90 2E 00"};

	plug(*state);
	shows(*state, "90 2E 00");
	shows(*state, "90 2F 7F");
	somebody(*state, "/strip/9/name", text("Ninth"));
	press(*state, right[0], right[1]);
	shows(*state, "90 2E 7F");
	shows(*state, "90 2F 00");
	shows(*state, "F0 00 00 66 14 12 00 4E 69 6E 74 68 20 20 F7");
	press(*state, left[0], left[1]);
	bank_moves(*state, right, left, &faders, &buttons[0], 9);
}

static void
channel_moves_one_strip(void **state)
{
	const char *right[] = {"90 31 7F", "90 31 00"};
	const char *left[] = {"90 30 7F", "90 30 00"};
	struct row second = row_at(&buttons[0], 2);

	plug(*state);
	shows(*state, "90 30 00");
	shows(*state, "90 31 7F");
	press(*state, right[0], right[1]);
	shows(*state, "90 30 7F");
	press(*state, right[0], right[1]);
	press(*state, left[0], left[1]);
	row_toggles(*state, &second);
	press(*state, left[0], left[1]);
	shows(*state, "90 30 00");
	row_toggles(*state, &buttons[0]);
}

/* The upper row, of 56 characters, 7 for each strip; then the lower one. */
static void
the_display_has_names_and_levels(void **state)
{
	static const struct row upper = {.to = "/strip/%u/name",
		.columns = 8,
		.number = {0x00, 0x07, 0x0e, 0x15, 0x1c, 0x23, 0x2a, 0x31}};
	static const struct row lower = {.to = "/strip/%u/gain",
		.columns = 8,
		.number = {0x38, 0x3f, 0x46, 0x4d, 0x54, 0x5b, 0x62, 0x69}};

	plug(*state);
	for (uint32_t i = 0; i < 8; i++) {
		row_shows(*state,
			"F0 00 00 66 14 12 nn 30 2E 30 20 20 20 20 F7", &lower,
			i, 0);
		somebody(*state, row_to(&upper, i), text("Mixxx deck"));
		row_shows(*state,
			"F0 00 00 66 14 12 nn 4D 69 78 78 78 20 64 F7", &upper,
			i, 0);
		somebody(*state, row_to(&lower, i), number(-6.5));
		row_shows(*state,
			"F0 00 00 66 14 12 nn 2D 36 2E 35 20 20 20 F7", &lower,
			i, 0);
		somebody(*state, row_to(&lower, i), number(-90.0));
		row_shows(*state,
			"F0 00 00 66 14 12 nn 2D 69 6E 66 20 64 42 F7", &lower,
			i, 0);
	}
}

static void
everything_is_shown_anew(void **state)
{
	plug(*state);
	rows_are_shown(*state, buttons, 3);
	somebody(*state, "/strip/3/mute", whole(1));
	somebody(*state, "/strip/4/route", text("none"));
	resync_sends(*state, GREETINGS + LAMPS);
	begins_with(*state, GREETING);
	rows_are_shown(*state, buttons, 3);
	for (uint32_t i = 0; i < 8; i++) {
		row_shows(*state, faders.on, &faders, i, 12287);
		row_shows(*state, "B0 mm 16", &pots, i, 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(faders_move_their_strips),
		T(motors_follow),
		T(a_touched_fader_is_left_alone),
		T(pots_turn_trims_and_rings_follow),
		T(pots_are_the_eq_and_the_filters),
		T(buttons_switch_and_are_lit),
		T(shift_and_solo_feed_main),
		T(function_keys_recall_and_save_scenes),
		T(bank_moves_eight_strips),
		T(channel_moves_one_strip),
		T(the_display_has_names_and_levels),
		T(everything_is_shown_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
