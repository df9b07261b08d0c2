/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/osc/transport/osc_buffer.h"

#include <stdlib.h>
#include <string.h>

#define CAP_FIRST_BYTES 4096

uint8_t *
osc_buffer_reserve(struct osc_buffer *b, size_t more_bytes, size_t max_bytes)
{
	size_t cap = b->cap_bytes ? b->cap_bytes : CAP_FIRST_BYTES;
	uint8_t *bytes;

	if (b->end_bytes + more_bytes <= b->cap_bytes)
		return b->bytes + b->end_bytes;
	if (b->at_bytes > 0) {
		b->end_bytes -= b->at_bytes;
		memmove(b->bytes, b->bytes + b->at_bytes, b->end_bytes);
		b->at_bytes = 0;
	}
	if (b->end_bytes + more_bytes > max_bytes)
		return NULL;
	while (cap < b->end_bytes + more_bytes)
		cap *= 2;
	if (cap > b->cap_bytes) {
		bytes = realloc(b->bytes, cap);
		if (!bytes)
			return NULL;
		b->bytes = bytes;
		b->cap_bytes = cap;
	}
	return b->bytes + b->end_bytes;
}

void
osc_buffer_done(struct osc_buffer *b)
{
	free(b->bytes);
	memset(b, 0, sizeof(*b));
}
