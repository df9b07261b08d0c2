/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every limit of the realtime core, in one place. */
#ifndef LIMITS_H
#define LIMITS_H

#define STRIPS_MAX	 64   /* mixer strips */
#define BUSES_MAX	 8    /* stereo buses */
#define OUTPUTS_MAX	 136  /* buffers that a mixer fills: each bus and tap */
#define CHANNELS_MAX	 8    /* channels of one input: 7.1 */
#define INPUTS_MAX	 128  /* inputs of one mixer_run(): several per strip */
#define CHUNK_FRAMES	 256  /* of a block that are mixed at a time */
#define BLOCK_MIN	 16   /* frames */
#define BLOCK_MAX	 8192 /* frames; the longest PipeWire quantum */
#define RATE_MIN_HZ	 32000
#define RATE_MAX_HZ	 192000
#define RAMP_MS		 10    /* every gain change takes at least this */
#define HALVE_MS	 1     /* but for a strip that may be heard twice */
#define GAIN_MAX	 16.0f /* linear; above every range of the parameters */
#define QUEUE_MESSAGES	 16384 /* control to audio; a power of two */
#define PENDING_MESSAGES 16384 /* messages that wait for their frame */
/* for which each frame of a live block has time, at its start and within it */
#define FRAME_MESSAGES 4
#define PLAYS_MAX      1024 /* messages of the audio thread in a block */

#endif
