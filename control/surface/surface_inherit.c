/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a surface leaves behind on its device, for the one that follows it. */
#include "control/surface/surface_own.h"

#include <errno.h>
#include <stdlib.h>

#include "control/surface/lights/surface_lamp.h"
#include "control/surface/lights/surface_output.h"
#include "control/surface/surface_input.h"

#define METER_NOT_OVER 0xF

/* ---- its lamps ---- */

static bool
is_held(const struct surface *s, int32_t control, uint64_t now_ns)
{
	const struct input *in = surface_input_of(s, control);

	return in && surface_hand_is_on(in, now_ns);
}

/* What puts a lamp out, or SURFACE_NOTHING: it is, or is to stay. A motor fader
 * stays where it is; a level falls by itself, its overload does not. */
static int64_t
leave_value(const struct surface *s, const struct lamp *lamp, int32_t control,
	uint64_t now_ns)
{
	int64_t dark = surface_lamp_dark(s, lamp);

	switch (s->mapping->control[lamp->first - 1].light.kind) {
	case MAPPING_LIGHT_METER:
		return lamp->message.number << 4 | METER_NOT_OVER;
	case MAPPING_LIGHT_TEXT:
		return 0;
	case MAPPING_LIGHT_WAY:
		if (lamp->message.kind == MIDI_BEND ||
			is_held(s, control, now_ns))
			return SURFACE_NOTHING;
		dark = 0;
		break;
	default:
		break;
	}
	return lamp->ever && lamp->sent == dark ? SURFACE_NOTHING : dark;
}

static void
leave(struct surface *s, const struct mapping_message *m, uint8_t channel,
	int64_t value)
{
	struct lamp *left = &s->left[s->lefts];

	*left = (struct lamp){.message = *m, .last = value};
	left->message.channel = channel;
	if (surface_lamp_find(s, m) < 0 &&
		surface_lamp_find(s, &left->message) < 0)
		s->lefts++;
}

/* ---- the hand ---- */

/* What told that it is touched will tell when it ends. */
static bool
ends_alike(const struct surface *s, uint32_t input,
	const struct surface *before, const struct input *was)
{
	for (uint32_t i = 0; i < s->inputs; i++) {
		const struct input *touch;

		if (s->input[i].touches != (int32_t)input)
			continue;
		touch = surface_input_find(before, &s->input[i].message);
		if (touch && touch->touches == was - before->input)
			return true;
	}
	return false;
}

static void
hand_stays(struct surface *s, const struct surface *before, uint64_t now_ns)
{
	for (uint32_t i = 0; i < s->inputs; i++) {
		struct input *in = &s->input[i];
		const struct input *was =
			surface_input_find(before, &in->message);

		if (!was)
			continue;
		in->touched = was->touched;
		in->doubt_ns = was->doubt_ns;
		if (in->doubt_ns == 0 && !ends_alike(s, i, before, was))
			in->doubt_ns = now_ns;
		in->moved = was->moved;
		in->moved_ns = was->moved_ns;
		/* Where a motor was sent to, it may not have. */
		in->way_known = was->way_known && was->spoke_for >= 0;
		in->way = was->way;
	}
}

int
surface_inherit(
	struct surface *s, const struct surface *before, uint64_t now_ns)
{
	uint32_t max = before->lamps + before->lefts - before->left_at;

	hand_stays(s, before, now_ns);
	s->left = calloc((size_t)max + 1, sizeof(*s->left));
	if (!s->left)
		return -ENOMEM;
	for (uint32_t i = before->left_at; i < before->lefts; i++)
		leave(s, &before->left[i].message,
			before->left[i].message.channel, before->left[i].last);
	for (uint32_t i = 0; i < before->lamps; i++) {
		const struct lamp *lamp = &before->lamp[i];
		int32_t control = surface_lamp_control(before, lamp);
		int64_t value = leave_value(before, lamp, control, now_ns);

		if (value != SURFACE_NOTHING)
			leave(s, &lamp->message,
				surface_lamp_channel(
					before, &lamp->message, control),
				value);
	}
	return 0;
}
