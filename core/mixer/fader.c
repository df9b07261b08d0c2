/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/mixer/fader.h"

RT void
fader_init(struct fader *f)
{
	glide_init(&f->level, 1.0f);
	ramp_jump(&f->gain, 1.0f);
	f->mute = f->follows = false;
}

RT void
fader_settle(struct fader *f, const struct glide_time *t)
{
	uint64_t end = f->level.ramp.end;

	if (!f->follows || end > t->start + t->at)
		return;
	glide_turn(&f->level, t->log,
		end > t->start ? (uint32_t)(end - t->start) : 0, &f->gain);
	f->follows = false;
}

/* By a straight line to where the fader will be at its end. */
static void
catch_up(struct fader *f, const struct glide_time *t)
{
	uint64_t frame = t->start + t->at, last = frame + t->usual - 1;
	struct ramp way = f->level.ramp;

	ramp_start(&way, frame, ramp_at(&f->gain, last), t->usual, RAMP_LINEAR);
	f->follows = !ramp_rests(&f->gain, last);
	/* It is there, and has no way to go at the end of which to follow. */
	if (f->follows && ramp_rests(&way, frame)) {
		way = f->gain;
		f->follows = false;
	}
	glide_turn(&f->level, t->log, t->at, &way);
}

static bool
is_together(const struct ramp *a, const struct ramp *b, uint64_t frame)
{
	return ramp_is(a, b) ||
	       (a->to == b->to && frame > a->end && frame > b->end);
}

RT void
fader_move(struct fader *f, const struct glide_time *t, float to,
	uint32_t frames, enum ramp_law law)
{
	uint64_t frame = t->start + t->at;
	bool together;

	fader_settle(f, t);
	together = is_together(&f->level.ramp, &f->gain, frame);
	ramp_start(&f->gain, frame, to, frames, law);
	if (f->mute)
		return;
	if (together)
		glide_turn(&f->level, t->log, t->at, &f->gain);
	else
		catch_up(f, t);
}

RT void
fader_mute(struct fader *f, const struct glide_time *t, bool mute)
{
	bool was = f->mute;

	fader_settle(f, t);
	f->mute = mute;
	if (mute) {
		glide_go(&f->level, t, 0.0f, t->usual, RAMP_LINEAR);
		f->follows = false;
	} else if (was) {
		catch_up(f, t);
	}
}
