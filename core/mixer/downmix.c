/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/mixer/downmix.h"

#define MINUS_3_DB 0.70710678f

RT const float *
downmix_gains(uint32_t channel)
{
	static const float gains[16][2] = {
		[CHANNEL_MONO] = {1.0f, 1.0f},
		[CHANNEL_FL] = {1.0f, 0.0f},
		[CHANNEL_FR] = {0.0f, 1.0f},
		[CHANNEL_FC] = {MINUS_3_DB, MINUS_3_DB},
		[CHANNEL_SL] = {MINUS_3_DB, 0.0f},
		[CHANNEL_SR] = {0.0f, MINUS_3_DB},
		[CHANNEL_RL] = {MINUS_3_DB, 0.0f},
		[CHANNEL_RR] = {0.0f, MINUS_3_DB},
		[CHANNEL_RC] = {MINUS_3_DB, MINUS_3_DB},
	};

	return gains[channel & 15];
}

#define LAYOUT(a, b, c, d, e, f, g, h)                                         \
	((uint32_t)CHANNEL_##a | (uint32_t)CHANNEL_##b << 4 |                  \
		(uint32_t)CHANNEL_##c << 8 | (uint32_t)CHANNEL_##d << 12 |     \
		(uint32_t)CHANNEL_##e << 16 | (uint32_t)CHANNEL_##f << 20 |    \
		(uint32_t)CHANNEL_##g << 24 | (uint32_t)CHANNEL_##h << 28)

uint32_t
layout_for_channels(uint32_t channels)
{
	static const uint32_t layouts[CHANNELS_MAX + 1] = {
		0,
		LAYOUT_MONO,
		LAYOUT_STEREO,
		LAYOUT(FL, FR, FC, NONE, NONE, NONE, NONE, NONE),
		LAYOUT(FL, FR, RL, RR, NONE, NONE, NONE, NONE),
		LAYOUT(FL, FR, FC, RL, RR, NONE, NONE, NONE),
		LAYOUT(FL, FR, FC, LFE, RL, RR, NONE, NONE),
		LAYOUT(FL, FR, FC, LFE, RC, SL, SR, NONE),
		LAYOUT(FL, FR, FC, LFE, RL, RR, SL, SR),
	};

	return channels <= CHANNELS_MAX ? layouts[channels] : 0;
}
