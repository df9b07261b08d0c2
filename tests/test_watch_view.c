/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/cli/watch/watch_view.h"

static struct watch_model model;
static char *drawn;

static int
setup(void **state)
{
	(void)state;
	watch_model_init(&model);
	snprintf(model.version, sizeof(model.version), "0.1.0");
	model.strips = 16;
	model.buses = 2;
	snprintf(model.bus[0].name, PARAM_TEXT_MAX, "main");
	snprintf(model.bus[1].name, PARAM_TEXT_MAX, "loop");
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	free(drawn);
	drawn = NULL;
	return 0;
}

static void
draw(uint32_t columns, uint32_t rows)
{
	const struct watch_view view = {.columns = columns, .rows = rows};
	size_t size = 0;
	FILE *to;

	free(drawn);
	to = open_memstream(&drawn, &size);
	watch_view_draw(&view, &model, to);
	fclose(to);
}

/* Lines on the screen, and the longest of them. */
static uint32_t
lines(uint32_t *longest)
{
	uint32_t n = 1, column = 0;

	*longest = 0;
	for (const char *c = drawn; *c; c++) {
		if (*c == '\033') {
			while (!strchr("HJKm", *c))
				c++;
			continue;
		}
		n += *c == '\n';
		column = *c == '\r' || *c == '\n' ? 0 : column + 1;
		*longest = column > *longest ? column : *longest;
	}
	return n;
}

static void
play(uint32_t strip, const char *app)
{
	snprintf(model.strip[strip - 1].app, PARAM_TEXT_MAX, "%s", app);
	snprintf(model.strip[strip - 1].tap, PARAM_TEXT_MAX, "take");
	snprintf(model.strip[strip - 1].route, PARAM_TEXT_MAX, "both");
	model.strip[strip - 1].gain_db = -12.5;
	model.strip[strip - 1].mute = true;
}

static void
strips_that_are_empty_are_one_line(void **state)
{
	(void)state;
	play(1, "Mixxx");
	play(4, "Spotify");
	snprintf(model.strip[9].name, PARAM_TEXT_MAX, "Decks");
	draw(80, 24);
	assert_non_null(strstr(drawn, "Mixxx"));
	assert_non_null(strstr(drawn, "2-3 empty"));
	assert_non_null(strstr(drawn, "5-9 empty"));
	assert_non_null(strstr(drawn, "Decks"));
	assert_non_null(strstr(drawn, "11-16 empty"));
	assert_null(strstr(drawn, "more strips"));
}

static void
many_strips_fit_80_by_24(void **state)
{
	uint32_t longest;

	(void)state;
	model.strips = 64;
	for (uint32_t s = 1; s <= 64; s++)
		snprintf(model.strip[s - 1].name, PARAM_TEXT_MAX,
			"a name of twenty-nine letters");
	for (uint32_t s = 60; s <= 64; s++)
		play(s, "a program with quite a long name");
	draw(80, 24);
	assert_true(lines(&longest) <= 24);
	assert_true(longest <= 80);
	/* Names without a program have given way. */
	assert_non_null(strstr(drawn, "1-59 empty"));
	assert_null(strstr(drawn, "more strips"));
	assert_non_null(strstr(drawn, "loop"));
	for (uint32_t s = 1; s <= 64; s++)
		play(s, "a program with quite a long name");
	draw(80, 24);
	assert_true(lines(&longest) <= 24);
	assert_true(longest <= 80);
	assert_non_null(strstr(drawn, "and 46 more strips"));
	assert_non_null(strstr(drawn, "loop"));
}

static void
without_colors_there_are_none(void **state)
{
	(void)state;
	play(1, "Mixxx");
	draw(80, 24);
	assert_null(strstr(drawn, "\033[3"));
	assert_null(strstr(drawn, "\033[7m"));
	assert_null(strstr(drawn, "\033[2m"));
	assert_non_null(strstr(drawn, "MUTE"));
}

/* The hold is a mark in the bar, where it is. */
static void
levels_are_numbers_and_marks(void **state)
{
	(void)state;
	play(1, "Mixxx");
	model.strip[0].peak_db[0] = -40.0;
	model.strip[0].hold_db[1] = -6.25;
	model.strip[0].rms_db[0] = -43.5;
	snprintf(model.bus[0].loud_short, 16, "-14.1");
	snprintf(model.bus[0].loud_all, 16, "-");
	draw(80, 24);
	assert_non_null(strstr(drawn, "####       |    "));
	assert_non_null(strstr(drawn, "-6.2  -43.5  -12.5 MUTE take both"));
	assert_non_null(strstr(drawn, "LUFS   3 s    all\033[K"));
	assert_non_null(strstr(drawn, " -14.1      -\033[K"));
	/* one that has heard of no loudness shows none */
	assert_null(strstr(strstr(drawn, "loop"), "LUFS"));
}

static void
a_tempo_is_shown_while_there_is_a_beat(void **state)
{
	(void)state;
	model.tempo_bpm = 127.96;
	model.beat = 3;
	snprintf(model.quantise, PARAM_TEXT_MAX, "bar");
	draw(100, 40);
	assert_null(strstr(drawn, "BPM"));
	model.tempo_runs = true;
	draw(100, 40);
	assert_non_null(strstr(drawn, "  128.0 BPM  3/4  bar\033"));
	snprintf(model.quantise, PARAM_TEXT_MAX, "off");
	draw(100, 40);
	assert_non_null(strstr(drawn, "  128.0 BPM  3/4\033"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
		T(strips_that_are_empty_are_one_line),
		T(many_strips_fit_80_by_24),
		T(a_tempo_is_shown_while_there_is_a_beat),
		T(without_colors_there_are_none),
		T(levels_are_numbers_and_marks),
	};

	return cmocka_run_group_tests_name("watch view", tests, NULL, NULL);
}
