/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events as text, a line each, so that two streams compare as strings. */
#ifndef MIDI_LOG_H
#define MIDI_LOG_H

#include <stdio.h>
#include <string.h>

#include "control/midi/midi.h"

#define MIDI_LOG_MAX 262144

struct midi_log {
	size_t n;
	char text[MIDI_LOG_MAX];
};

/* A midi_listener. Times are left out: they depend on the cut. */
static void
midi_log_add(void *data, const struct midi_event *e, uint64_t time)
{
	struct midi_log *l = data;

	(void)time;
	l->n += (size_t)snprintf(l->text + l->n, MIDI_LOG_MAX - l->n,
		"%s %u %u %u", midi_words[e->kind], e->channel, e->number,
		e->value);
	if (e->part == MIDI_UP || e->part == MIDI_DOWN)
		l->n += (size_t)snprintf(l->text + l->n, MIDI_LOG_MAX - l->n,
			e->part == MIDI_UP ? " up" : " down");
	for (uint32_t i = 0; i < e->sysex_bytes && l->n < MIDI_LOG_MAX; i++)
		l->n += (size_t)snprintf(l->text + l->n, MIDI_LOG_MAX - l->n,
			" %02X", e->sysex[i]);
	if (l->n < MIDI_LOG_MAX - 1) {
		l->text[l->n++] = '\n';
		l->text[l->n] = '\0';
	}
}

#endif
