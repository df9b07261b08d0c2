/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A fader whose device says late, or in its own way, what it is sent. */
#ifndef SURFACE_PEER_H
#define SURFACE_PEER_H

#include "tests/surface_rig.h"

/* What it makes of a value, and after how long it says so. */
struct peer {
	struct desk *desk;
	int by;
	uint64_t late_ns;
	uint32_t every; /* so many it answers one; 0: all */
	uint32_t at;	/* of sent[] */
	bool fine;	/* in two halves */
};

static inline void
hear_fine(struct desk *d, uint16_t value)
{
	hear(d, MIDI_CC, 0, 7, value >> 7);
	hear(d, MIDI_CC, 0, 39, value & 127);
}

static inline void
peer_speaks(struct peer *p)
{
	struct desk *d = p->desk;

	while (p->at < d->sents &&
		d->sent[p->at].time_ns + p->late_ns <= d->now_ns) {
		const struct sent *s = &d->sent[p->at++];
		int value = s->byte[2] + p->by;

		if (p->every > 0 && p->at % p->every != 0)
			continue;
		if (p->fine && s->byte[1] == 39)
			hear_fine(d, (uint16_t)(s[-1].byte[2] * 128 + value));
		else if (!p->fine && value >= 0 && value <= 127)
			hear(d, MIDI_CC, 0, 7, (uint16_t)value);
	}
}

static inline void
peer_wait(struct peer *p, int ms)
{
	for (int i = 0; i < ms; i++) {
		peer_speaks(p);
		wait_ms(p->desk, 1);
	}
}

static inline void
fader(struct desk *d, struct peer *p)
{
	struct mapping_control *c = add(d, MIDI_CC, 0, 7, MAPPING_VALUE);

	c->takeover = MAPPING_JUMP;
	c->message.fine = p->fine;
	c->message.low = 39;
	aim(c, 1, "fader");
	light_same(c, MAPPING_LIGHT_WAY);
	start(d);
	p->desk = d;
	p->at = 0;
}

static inline double
now_at(struct desk *d)
{
	return value_of(d, "/strip/1/fader");
}

#endif
