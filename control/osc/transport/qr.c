/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/osc/transport/qr.h"

#include <errno.h>
#include <qrencode.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define MARGIN	  2  /* modules around it */
#define WIDTH_MAX 45 /* modules: 49 columns, 25 lines */

/* Outside of the code it is light. */
static bool
is_dark(const QRcode *code, int x, int y)
{
	if (x < 0 || y < 0 || x >= code->width || y >= code->width)
		return false;
	return code->data[y * code->width + x] & 1;
}

static void
draw_line(const QRcode *code, int y, bool colour, char out[QR_LINE_MAX])
{
	static const char *const block[2][2] = {
		/* upper: light, dark; lower: light, dark */
		{"\u2588", "\u2580"}, {"\u2584", " "}};
	char *end = out;

	end = stpcpy(end, colour ? "\033[97;40m" : "");
	for (int x = -MARGIN; x < code->width + MARGIN; x++)
		end = stpcpy(end,
			block[is_dark(code, x, y)][is_dark(code, x, y + 1)]);
	stpcpy(end, colour ? "\033[0m" : "");
}

int
qr_draw(const char *text, bool colour, qr_line line, void *data)
{
	QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_L);
	char out[QR_LINE_MAX];

	_Static_assert((WIDTH_MAX + 2 * MARGIN) * 3 + 20 < QR_LINE_MAX,
		"three bytes a block");
	if (!code)
		return -errno;
	if (code->width > WIDTH_MAX) {
		QRcode_free(code);
		return -EINVAL;
	}
	for (int y = -MARGIN; y < code->width + MARGIN; y += 2) {
		draw_line(code, y, colour, out);
		line(data, out);
	}
	QRcode_free(code);
	return 0;
}
