/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "control/mapping/mapping.h"

#define BEND_TOP 16368 /* a fader of 10 bits at its end */

bool
mapping_has_release(const struct mapping_message *m)
{
	switch (m->kind) {
	case MIDI_PROGRAM:
	case MIDI_START:
	case MIDI_CONTINUE:
	case MIDI_STOP:
	case MIDI_SYSEX:
		return false;
	default:
		return true;
	}
}

bool
mapping_is_wide(const struct mapping_message *m)
{
	return m->fine || m->kind == MIDI_BEND || midi_is_entry(m->kind);
}

uint16_t
mapping_last(const struct mapping_message *m)
{
	return mapping_is_wide(m) ? 16383 : 127;
}

void
mapping_curve(const struct mapping_control *c, struct curve *out)
{
	out->shape = (uint8_t)(c->message.kind == MIDI_PROGRAM ? CURVE_NUMBER
							       : c->curve);
	out->law = CURVE_SAME;
	out->invert = c->invert;
	out->choices = 0;
	out->last = mapping_last(&c->message);
	out->full = c->message.kind == MIDI_BEND ? BEND_TOP : out->last;
	out->points = c->points;
	out->low = out->min = 0.0;
	out->high = out->max = 1.0;
	memcpy(out->point, c->point, c->points * sizeof(c->point[0]));
}

double
mapping_unshape(const struct mapping_control *c, double share)
{
	struct curve k;

	mapping_curve(c, &k);
	return curve_unshare(&k, share);
}
