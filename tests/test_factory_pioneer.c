/* SPDX-License-Identifier: GPL-3.0-or-later */
/* DDJ-FLX4 and DDJ-400, after Pioneer's "List of MIDI messages" of each and
 * what a device was seen to send: decks on channels 1 and 2, the mixer on 7,
 * the pads on 8 and 10. A fader sends its upper seven bits, then its lower ones
 * 32 higher. A lamp goes out by a note of velocity 0, never by a note off. */
#include "tests/factory_rows.h"

#define LAMPS 36

static const struct row faders = FADERS(2, "B# 13 vv B# 33 ww", 0);
static const struct row trims = TRIMS(2, "B# 04 vv B# 24 ww", 0);
static const struct row bands[] = {
	BANDS(2, "high", "B# 07 vv B# 27 ww", 0),
	BANDS(2, "mid", "B# 0B vv B# 2B ww", 0),
	BANDS(2, "low", "B# 0F vv B# 2F ww", 0),
};
static const struct row filters = {.to = "/strip/%u/filter",
	.on = "B6 nn vv B6 mm ww",
	.columns = 2,
	.number = {0x17, 0x18},
	.lamp = {0x37, 0x38}};
static const struct row crossfader = {
	.to = "/crossfader", .on = "B6 1F vv B6 3F ww", .columns = 1};
static const struct row master = BUS_FADER("main", "B6 08 vv B6 28 ww");
static const struct row browse = {.to = "/bus/loop/fader",
	.on = "B6 40 01",
	.off = "B6 40 7F",
	.columns = 1};
static const struct row push = {.to = "/bus/loop/gain",
	.on = "96 41 7F",
	.off = "96 41 00",
	.columns = 1};
static const struct row buttons[] = {
	/* PLAY, lit while heard; CUE of the headphones */
	BUTTONS(2, "mute", "9# 0B 7F", "9# 0B 00", "9# 0B 00", "9# 0B 7F", 0),
	BUTTONS(2, "cue", "9# 54 7F", "9# 54 00", "9# 54 7F", "9# 54 00", 0),
	/* with SHIFT */
	BUTTONS(2, "send/loop", "9# 68 7F", "9# 68 00", "9# 68 7F", "9# 68 00",
		0),
};
static const struct row cue_mix = {
	.to = "/cue/mix", .on = "B6 0C vv B6 2C ww", .columns = 1};
/* Pads in SAMPLER, and with SHIFT. */
#define SCENES(bytes)                                                          \
	{                                                                      \
		.on = bytes " nn 7F", .off = bytes " nn 00",                   \
		.lit = bytes " nn 7F", .dark = bytes " nn 00", .columns = 8,   \
		.number = {                                                    \
			EIGHT(48)                                              \
		}                                                              \
	}
static const struct row recalls[] = {SCENES("97"), SCENES("99")};
static const struct row saves[] = {SCENES("98"), SCENES("9A")};
/* Pads 1 to 4 in HOT CUE. */
static const struct row pads[][4] = {
	{
		ROUTES(1, "both", "97 00 7F", "97 00 00", "97 00 7F",
			"97 00 00", 0),
		ROUTES(1, "main", "97 01 7F", "97 01 00", "97 01 7F",
			"97 01 00", 0),
		ROUTES(1, "loop", "97 02 7F", "97 02 00", "97 02 7F",
			"97 02 00", 0),
		ROUTES(1, "none", "97 03 7F", "97 03 00", "97 03 7F",
			"97 03 00", 0),
	},
	{
		ROUTES(1, "both", "99 00 7F", "99 00 00", "99 00 7F",
			"99 00 00", 0),
		ROUTES(1, "main", "99 01 7F", "99 01 00", "99 01 7F",
			"99 01 00", 0),
		ROUTES(1, "loop", "99 02 7F", "99 02 00", "99 02 7F",
			"99 02 00", 0),
		ROUTES(1, "none", "99 03 7F", "99 03 00", "99 03 7F",
			"99 03 00", 0),
	},
};

/* Pads 5 to 7: through, A, B. */
static const char *const sides[][3] = {
	{"97 04", "97 05", "97 06"}, {"99 04", "99 05", "99 06"}};

static const struct pioneer {
	const char *name, *file, *greeting, *repeat;
} models[] = {
	{"DDJ-FLX4 MIDI 1", "pioneer-ddj-flx4.yaml",
		"F0 00 40 05 00 00 04 05 00 50 02 F7",
		"F0 00 40 05 00 00 04 05 00 50 02 F7"},
	{"DDJ-400 MIDI 1", "pioneer-ddj-400.yaml",
		"F0 00 40 05 00 00 02 06 00 03 01 F7", NULL},
};

static void
plug(struct machine *m, const struct pioneer *model)
{
	desk.repeat_of = model->repeat;
	desk_plug(m, model->name, model->file, 1 + LAMPS);
	begins_with(m, model->greeting);
}

static void
mixer_moves(struct machine *m, const struct pioneer *model)
{
	plug(m, model);
	row_moves(m, &faders, -90.0, 12.0);
	row_moves(m, &trims, -24.0, 24.0);
	row_moves(m, &master, -90.0, 12.0);
	row_turns(m, &browse, 1 / 127.0, 4.0);
	row_sets(m, &push, -6.0, 0.0);
}

static void
sound_is_shaped(struct machine *m, const struct pioneer *model)
{
	plug(m, model);
	for (uint32_t i = 0; i < 3; i++) {
		row_moves(m, &bands[i], -90.0, 6.0);
		row_is_flat_in_the_middle(m, &bands[i]);
	}
	row_moves(m, &filters, -1.0, 1.0);
	row_moves(m, &crossfader, 0.0, 1.0);
}

static void
pad_is(struct machine *m, const char *pad, bool lit)
{
	char bytes[16];

	snprintf(bytes, sizeof(bytes), "%s %s", pad, lit ? "7F" : "00");
	shows(m, bytes);
}

static void
pads_choose_sides(struct machine *m, const struct pioneer *model)
{
	plug(m, model);
	for (int n = 4; n >= -2; n--) {
		for (int deck = 0; deck < 2; deck++) {
			const char *to =
				deck ? "/strip/2/side" : "/strip/1/side";
			int side = (n + 6 + deck) % 3;
			char on[16], off[16];

			snprintf(on, sizeof(on), "%s 7F", sides[deck][side]);
			snprintf(off, sizeof(off), "%s 00", sides[deck][side]);
			if (n >= 0)
				press(m, on, off);
			else
				somebody(m, to, whole(side));
			is_at(m, to, side);
			for (int i = 0; i < 3; i++)
				pad_is(m, sides[deck][i], i == side);
		}
	}
}

static void
buttons_switch(struct machine *m, const struct pioneer *model)
{
	plug(m, model);
	for (uint32_t i = 0; i < 3; i++)
		row_toggles(m, &buttons[i]);
}

static void
phones_move(struct machine *m, const struct pioneer *model)
{
	plug(m, model);
	somebody(m, "/cue/mix", number(0.5));
	row_moves(m, &cue_mix, 0.0, 1.0);
	somebody(m, "/cue/gain", number(0.0));
	hand(m, "B6 0D 5F B6 2D 7F B6 0D 7F B6 2D 7F");
	is_at(m, "/cue/gain", 12.0);
	hand(m, "B6 0D 00 B6 2D 00");
	is_at(m, "/cue/gain", -90.0);
}

static void
sampler_recalls(struct machine *m, const struct pioneer *model)
{
	plug(m, model);
	for (int deck = 0; deck < 2; deck++) {
		row_recalls(m, &recalls[deck]);
		row_saves(m, &saves[deck]);
	}
}

static void
pads_choose(struct machine *m, const struct pioneer *model)
{
	struct row second[4];

	plug(m, model);
	rows_choose(m, pads[0], 4);
	for (uint32_t i = 0; i < 4; i++)
		second[i] = row_at(&pads[1][i], 2);
	rows_choose(m, second, 4);
}

static void
call_moves(struct machine *m, const struct pioneer *model)
{
	const char *right[] = {"90 53 7F", "90 53 00"};
	const char *left[] = {"91 51 7F", "91 51 00"};

	plug(m, model);
	bank_moves(m, right, left, &faders, &buttons[0], 3);
	press(m, "91 53 7F", "91 53 00");
	row_lamp_is(m, &buttons[0], 1, true); /* strip 4, as it was left */
	press(m, "90 51 7F", "90 51 00");
	row_lamp_is(m, &buttons[0], 1, false);
}

static void
all_is_shown(struct machine *m, const struct pioneer *model)
{
	plug(m, model);
	rows_are_shown(m, buttons, 3);
	somebody(m, "/strip/2/mute", whole(1));
	somebody(m, "/strip/1/route", text("loop"));
	resync_sends(m, 1 + LAMPS);
	begins_with(m, model->greeting);
	rows_are_shown(m, buttons, 3);
	rows_are_shown(m, pads[0], 4);
}

static void
flx4_mixer_moves_its_strips(void **state)
{
	mixer_moves(*state, &models[0]);
}

static void
flx4_knobs_shape_the_sound(void **state)
{
	sound_is_shaped(*state, &models[0]);
}

static void
flx4_pads_choose_the_side(void **state)
{
	pads_choose_sides(*state, &models[0]);
}

static void
flx4_phones_have_their_knobs(void **state)
{
	phones_move(*state, &models[0]);
}

static void
flx4_sampler_recalls_scenes(void **state)
{
	sampler_recalls(*state, &models[0]);
}

static void
flx4_buttons_switch_and_are_lit(void **state)
{
	buttons_switch(*state, &models[0]);
}

static void
flx4_pads_choose_the_route(void **state)
{
	pads_choose(*state, &models[0]);
}

static void
flx4_call_moves_the_bank(void **state)
{
	call_moves(*state, &models[0]);
}

static void
flx4_is_shown_anew(void **state)
{
	all_is_shown(*state, &models[0]);
}

static bool
is_asked_again(struct machine *m)
{
	const struct plug *p = &m->plug[0];
	const uint8_t *at = p->out, *end = p->out + p->outs;
	uint32_t n = 0;

	for (; at < end; at += message_bytes(at, end))
		n += message_bytes(at, end) == desk.repeat_bytes &&
		     !memcmp(at, desk.repeat, desk.repeat_bytes);
	return n >= 4;
}

/* Every 200 ms, for as long as it is there. */
static void
flx4_is_kept_awake(void **state)
{
	struct machine *m = *state;
	uint64_t start_ns = loop_now_ns();

	plug(m, &models[0]);
	assert_true(machine_until(m, is_asked_again, WAIT_NS));
	assert_true(loop_now_ns() - start_ns >= 600 * MS);
}

static void
ddj_400_mixer_moves_its_strips(void **state)
{
	mixer_moves(*state, &models[1]);
}

static void
ddj_400_knobs_shape_the_sound(void **state)
{
	sound_is_shaped(*state, &models[1]);
}

static void
ddj_400_pads_choose_the_side(void **state)
{
	pads_choose_sides(*state, &models[1]);
}

static void
ddj_400_phones_have_their_knobs(void **state)
{
	phones_move(*state, &models[1]);
}

static void
ddj_400_sampler_recalls_scenes(void **state)
{
	sampler_recalls(*state, &models[1]);
}

static void
ddj_400_buttons_switch_and_are_lit(void **state)
{
	buttons_switch(*state, &models[1]);
}

static void
ddj_400_pads_choose_the_route(void **state)
{
	pads_choose(*state, &models[1]);
}

static void
ddj_400_call_moves_the_bank(void **state)
{
	call_moves(*state, &models[1]);
}

static void
ddj_400_is_shown_anew(void **state)
{
	all_is_shown(*state, &models[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(flx4_mixer_moves_its_strips),
		T(flx4_knobs_shape_the_sound),
		T(flx4_pads_choose_the_side),
		T(flx4_phones_have_their_knobs),
		T(flx4_sampler_recalls_scenes),
		T(flx4_buttons_switch_and_are_lit),
		T(flx4_pads_choose_the_route),
		T(flx4_call_moves_the_bank),
		T(flx4_is_shown_anew),
		T(flx4_is_kept_awake),
		T(ddj_400_mixer_moves_its_strips),
		T(ddj_400_knobs_shape_the_sound),
		T(ddj_400_pads_choose_the_side),
		T(ddj_400_phones_have_their_knobs),
		T(ddj_400_sampler_recalls_scenes),
		T(ddj_400_buttons_switch_and_are_lit),
		T(ddj_400_pads_choose_the_route),
		T(ddj_400_call_moves_the_bank),
		T(ddj_400_is_shown_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
