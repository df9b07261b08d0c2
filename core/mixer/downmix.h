/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From any layout to two sides, with the coefficients of ITU-R BS.775. */
#ifndef DOWNMIX_H
#define DOWNMIX_H

#include <stdint.h>

#include "core/mixer/mixer.h"
#include "core/rt.h"

/* any: how much of a channel goes to side 0 (left) and 1 (right), linear;
 * nothing of a channel that does not exist */
RT const float *downmix_gains(uint32_t channel);

/* any: channel c of a layout */
RT static inline uint32_t
layout_channel(uint32_t layout, uint32_t c)
{
	return layout >> 4 * c & 15;
}

#endif
