/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/mixer/solo.h"

RT void
solo_init(struct solo *s)
{
	for (int k = 0; k < SOLO_GATES; k++)
		glide_init(&s->gate[k], 1.0f);
	s->on = false;
}

static void
gate_turn(struct glide *g, const struct glide_time *t, bool open)
{
	const float to = open ? 1.0f : 0.0f;

	if (g->ramp.to != to)
		glide_go(g, t, to, t->usual, RAMP_LINEAR);
}

RT void
solo_turn(struct solo *s, const struct solos *all, const struct glide_time *t)
{
	bool heard = all->count == 0 || s->on;

	gate_turn(&s->gate[SOLO_ROOM], t, heard);
	gate_turn(&s->gate[SOLO_LOOP], t, heard || !all->loop);
}
