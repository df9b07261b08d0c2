/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A taken stream that its user sends to where main is heard, in a mixer, is
 * there until the supervisor's answer has brought it back, and in main as well.
 * The session manager tells the word as it asks for the link, which runs within
 * half a millisecond, and it takes it away a millisecond or two later. Nobody
 * sees in which block it runs: a strip that is out of main while the link is
 * seen is at times silent for a block, and one that is not is at times doubled.
 * So from the word on it is at half its level in main, until it is heard there
 * no more: whichever comes first, the room hears between a half and one and a
 * half of it. The same goes for one that is being taken or left, and is heard
 * there; but not for one that is taken before it begins: as a rule it is
 * elsewhere before its first frame, and that would come on the way back from
 * the half.
 *
 * In loop it is whole all the while. */
#include "driver/pipewire/twice.h"

#include <string.h>

#include "driver/pipewire/choice.h"
#include "driver/pipewire/heard.h"
#include "driver/pipewire/say.h"
#include "driver/pipewire/sinks/buses_where.h"
#include "driver/pipewire/tap_strip.h"

/* The session manager has made the link by then, or is not going to: after its
 * user's word, which the supervisor answers; after the answer. */
#define WORD_NS	  (100 * MS)
#define ANSWER_NS (10 * MS)

/* One that closes while others came to its strip leaves them whole. */
static bool
may_be_twice(struct driver *d, struct stream *s)
{
	if (!s->linked || s->aside || s->begins)
		return false;
	if (stream_heard(d, s, HEARD_IN_ROOM)) {
		s->sent_ns = 0;
		return s->early || s->step == STEP_PARKING ||
		       s->step == STEP_LEAVING ||
		       (s->step == STEP_CLOSING &&
			       !tap_strip_has(d, s, s->strip, ANY));
	}
	if (driver_now_ns() >= s->sent_ns)
		return false;
	d->waiting = true;
	return s->parked;
}

static void
halve(struct driver *d, uint32_t strip, bool on)
{
	const struct message m = {.parameter = MIX_HALVED,
		.place = (uint16_t)strip,
		.target = on ? tap_main_set(d) : 0.0f};

	if (d->strip_halved[strip] == on)
		return;
	if (mixer_post(d->node.mixer, &m, 1))
		d->strip_halved[strip] = on;
	else
		d->waiting = true;
}

void
twice_look(struct driver *d)
{
	bool on[STRIPS_MAX] = {false};
	struct stream *s;

	if (!d->running)
		return;
	for (s = NULL; (s = driver_next_stream(d, s));)
		if (s->strip >= 0 && may_be_twice(d, s)) {
			on[s->strip] = true;
			if (s->old_strip >= 0)
				on[s->old_strip] = true;
		}
	for (uint32_t i = 0; i < d->config.strips; i++)
		halve(d, i, on[i]);
}

void
twice_sent(void *driver, struct graph_object *node)
{
	struct driver *d = driver;
	struct stream *s = node->follower;
	const struct graph_object *park = buses_park_sink(d);
	uint64_t now = driver_now_ns();

	if (!s || !s->parked || s->begins || s->step > STEP_ON || !park)
		return;
	if (!node->target_object || strcmp(node->target_object, park->name))
		s->sent_ns = choice_elsewhere(d, s, node) ? 0 : now + WORD_NS;
	else if (now < s->sent_ns)
		s->sent_ns = now + ANSWER_NS;
	twice_look(d);
}
