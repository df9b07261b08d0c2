/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes that wait for a descriptor that takes no more: put in at the end, taken
 * out at the start. Grows up to a bound. Control thread only. */
#ifndef OSC_BUFFER_H
#define OSC_BUFFER_H

#include <stddef.h>
#include <stdint.h>

struct osc_buffer {
	uint8_t *bytes;
	size_t at_bytes, end_bytes; /* what waits is between them */
	size_t cap_bytes;
};

/* Where `more` bytes may be put, added by end_bytes += what was put; NULL when
 * it would hold more than max_bytes, or there is no memory. */
uint8_t *osc_buffer_reserve(
	struct osc_buffer *b, size_t more_bytes, size_t max_bytes);
void osc_buffer_done(struct osc_buffer *b);

static inline size_t
osc_buffer_waiting(const struct osc_buffer *b)
{
	return b->end_bytes - b->at_bytes;
}

#endif
