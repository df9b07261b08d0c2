/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <qrencode.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "control/osc/transport/qr.h"

#define LINES_MAX 40

struct page {
	char line[LINES_MAX][QR_LINE_MAX];
	int lines;
};

static void
add_line(void *data, const char *line)
{
	struct page *p = data;

	assert_true(p->lines < LINES_MAX);
	snprintf(p->line[p->lines++], QR_LINE_MAX, "%s", line);
}

/* The block in this column: 0 " ", 1 upper, 2 lower, 3 both are light. */
static int
block_at(const char *line, int column)
{
	static const char *const blocks[] = {" ", "\u2580", "\u2584", "\u2588"};

	for (int x = 0;; x++) {
		int b = 0;

		while (b < 4 &&
			strncmp(line, blocks[b], strlen(blocks[b])) != 0)
			b++;
		assert_true(b < 4);
		if (x == column)
			return b;
		line += strlen(blocks[b]);
	}
}

static bool
is_light(const struct page *p, int x, int y)
{
	return block_at(p->line[y / 2], x) & (y % 2 ? 2 : 1);
}

/* What a camera sees is what the encoder made, with light around it. */
static void
every_module_is_where_it_belongs(void **state)
{
	static const char text[] = "192.168.100.200:65535";
	QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_L);
	struct page page = {.lines = 0};
	int width;

	(void)state;
	assert_non_null(code);
	width = code->width;
	assert_int_equal(qr_draw(text, false, add_line, &page), 0);
	assert_int_equal(page.lines, (width + 5) / 2);
	for (int y = 0; y < width + 4; y++)
		for (int x = 0; x < width + 4; x++) {
			bool inside = x >= 2 && y >= 2 && x < width + 2 &&
				      y < width + 2;
			bool dark = inside &&
				    code->data[(y - 2) * width + x - 2] & 1;

			if (is_light(&page, x, y) == dark)
				fail_msg("column %d, row %d", x, y);
		}
	QRcode_free(code);
}

static void
with_colour_each_line_is_black_and_white(void **state)
{
	struct page plain = {.lines = 0}, colour = {.lines = 0};
	char want[QR_LINE_MAX + 20];

	(void)state;
	assert_int_equal(qr_draw("x", false, add_line, &plain), 0);
	assert_int_equal(qr_draw("x", true, add_line, &colour), 0);
	assert_int_equal(plain.lines, colour.lines);
	for (int i = 0; i < plain.lines; i++) {
		snprintf(want, sizeof(want), "\033[97;40m%s\033[0m",
			plain.line[i]);
		assert_string_equal(colour.line[i], want);
	}
}

static void
what_no_terminal_has_room_for_is_not_drawn(void **state)
{
	struct page page = {.lines = 0};
	char text[2000];

	(void)state;
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(qr_draw(text, false, add_line, &page), -EINVAL);
	assert_int_equal(page.lines, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_module_is_where_it_belongs),
		cmocka_unit_test(with_colour_each_line_is_black_and_white),
		cmocka_unit_test(what_no_terminal_has_room_for_is_not_drawn),
	};

	return cmocka_run_group_tests_name("qr", tests, NULL, NULL);
}
