/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A QR code for a terminal, drawn with half blocks: two rows of it a line.
 * Control thread only. */
#ifndef QR_H
#define QR_H

#define QR_LINE_MAX 400 /* bytes of a line with the NUL */

typedef void (*qr_line)(void *data, const char *line);

/* Calls line() from top to bottom. colour: black and white whatever the
 * terminal has; without it the letters must be the lighter part. 0, or -EINVAL
 * when the text is too long for a terminal. */
int qr_draw(const char *text, _Bool colour, qr_line line, void *data);

#endif
