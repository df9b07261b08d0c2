/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From mono to stereo as it came. */
#include "core/message.h"
#include "core/samples.h"
#include "core/stage/stages.h"

static void
width_level(const struct stage_span *s)
{
	if (s->moves)
		samples_widen_by(s->to[0], s->to[1], s->moves, s->n);
	else
		samples_widen(s->to[0], s->to[1], s->level, s->n);
}

static const struct stage_value width[] = {
	{MIX_WIDTH, .least = 0.0f, .most = 1.0f, .rest = 1.0f},
};

const struct stage stage_width = {.name = "width",
	.value = width,
	.values = 1,
	.crosses = true,
	.level = width_level};
