/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a Standard MIDI File: it is refused with a reason, or its events
 * come in order of their frames. */
#include <stdlib.h>

#include "control/midi/midi_file.h"

#define RATE_HZ 48000

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void
order_check(void *data, const struct midi_event *e, uint64_t frame)
{
	uint64_t *last = data;

	if (frame < *last || e->channel > 15 || e->value > 16383)
		abort();
	*last = frame;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	char why[MIDI_FILE_WHY_MAX] = "";
	struct midi_file *file;
	uint64_t last = 0, frame;

	if (midi_file_parse(&file, bytes, n, "x.mid", RATE_HZ, why) < 0) {
		if (file || !why[0])
			abort();
		return 0;
	}
	while (midi_file_next(file, &frame))
		midi_file_play(file, frame, order_check, &last);
	midi_file_free(file);
	return 0;
}
