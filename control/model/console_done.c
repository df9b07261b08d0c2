/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the audio thread did by itself, and what control makes of the same
 * message a little later. Control decides. Mostly it decides the same: then the
 * mixer has that value already, and saying it again would undo what came since.
 * Where it decides otherwise (a bank was moved just before, a fader was not
 * picked up any more, another surface spoke in between) the mixer is told what
 * holds. */
#include "control/model/console_state.h"
#include "core/mixer/mixer.h"
#include "core/reflex.h"

void
console_done_begin(
	struct console *c, const struct reflex_done *done, uint32_t n)
{
	/* What the mixer passed before it, as param_apply() does; the message
	 * may come to nothing. */
	if (n > 0)
		schedule_settle(c, 0);
	c->done = done;
	c->dones = n;
}

static bool
is_done(const struct console *c, uint32_t id)
{
	for (uint32_t i = 0; i < c->dones; i++)
		if (c->done[i].id == id)
			return true;
	return false;
}

uint32_t
console_done_leave(const struct console *c, uint32_t *ids, uint32_t n)
{
	uint32_t left = 0;

	for (uint32_t i = 0; i < n; i++)
		if (!is_done(c, ids[i]))
			ids[left++] = ids[i];
	return left;
}

static bool
is_same(const struct message *a, const struct message *b)
{
	return a->parameter == b->parameter && a->target == b->target;
}

void
console_done_end(struct console *c, uint64_t frame, uint32_t taken)
{
	const struct reflex_done *done = c->done;
	uint32_t n = c->dones;

	c->done = NULL;
	c->dones = 0;
	for (uint32_t i = 0; c->mixer && i < n; i++) {
		uint32_t id = done[i].id;
		struct message now = params_message_now(&c->params, id);

		if (is_same(&now, &done[i].message) &&
			!schedule_said_since(c, &now, taken, frame))
			continue;
		if (!params_post(&c->params, &id, 1, 0))
			params_dirty(&c->params, id);
	}
}
