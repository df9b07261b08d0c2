/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trim and fader: louder or softer. */
#include "core/message.h"
#include "core/samples.h"
#include "core/stage/stages.h"

static void
gain_level(const struct stage_span *s)
{
	for (int i = 0; i < 2; i++) {
		if (!s->x[i])
			continue;
		if (s->moves)
			samples_multiply(s->to[i], s->x[i], s->moves, s->n);
		else
			samples_scale(s->to[i], s->x[i], s->level, s->n);
	}
}

static const struct stage_value trim[] = {
	{MIX_TRIM, .least = 0.0f, .most = GAIN_MAX, .rest = 1.0f},
};

const struct stage stage_trim = {.name = "trim",
	.value = trim,
	.values = 1,
	.scales = true,
	.level = gain_level};

static const struct stage_value unity[] = {{.rest = 1.0f}};

const struct stage stage_fader = {.name = "fader",
	.value = unity,
	.values = 1,
	.scales = true,
	.level = gain_level};
