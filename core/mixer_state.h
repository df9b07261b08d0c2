/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a mixer is made of; for mixer*.c only. "audio" beside a field: only the
 * audio thread touches it, once audio runs. */
#ifndef MIXER_STATE_H
#define MIXER_STATE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/mixer.h"
#include "core/queue.h"
#include "core/ramp.h"

_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "64-bit atomics hide a lock");
_Static_assert(INPUTS_MAX <= INT16_MAX, "an input's number fits int16_t");

struct peak_meter {
	int32_t bits[2];	/* audio; the largest sample of this block */
	_Atomic float shown[2]; /* linear; audio writes, any reads */
};

struct strip {
	struct ramp trim;	     /* audio */
	struct ramp level;	     /* audio; gain x mute x open */
	struct ramp send[BUSES_MAX]; /* audio; 0 or 1, or on the way */
	float gain;		     /* audio; linear, the fader */
	bool mute;		     /* audio */
	bool open;		     /* audio */
	uint8_t kept_out;	     /* audio; bit b: it never reaches bus b */
	int16_t first;		     /* audio; this block's first input or -1 */
	struct peak_meter meter;
};

struct bus {
	struct ramp level; /* audio; gain x mute */
	float gain;	   /* audio; linear */
	bool mute;	   /* audio */
	bool started[2];   /* audio; this side has sound in it already */
	float *to[2];	   /* audio; where this block goes */
	float *own[2];	   /* [block_max]; audio; where nobody wants it */
	struct ring_writer *ring; /* or NULL; set while no audio runs */
	struct peak_meter meter;
};

/* A pair of words that a reader sees together or not at all. */
struct clock_pair {
	_Atomic uint64_t version; /* odd: being written; 0: never was */
	_Atomic uint64_t frame;
	_Atomic uint64_t time_ns;
};

struct mixer {
	struct mixer_config config; /* set before audio starts */
	size_t size_bytes;	    /* of all that was allocated */
	double fall_per_frame;	    /* of the meters; set before audio starts */

	uint64_t frame; /* audio; the frame that comes next */
	bool freewheel; /* audio */
	float *side[2]; /* [block_max]; audio; a strip once it is changed */
	float *clean;	/* [block_max]; audio; a channel without its NaNs,
			   or with its end */
	float *values;	/* [block_max]; audio; the values of a ramp */
	struct ramp_clock ramps;	/* audio */
	int16_t next_input[INPUTS_MAX]; /* audio; of the same strip, or -1 */
	struct strip strip[STRIPS_MAX];
	struct bus bus[BUSES_MAX];

	_Atomic uint64_t frames;      /* audio writes, any reads; so do */
	_Atomic uint64_t bad_samples; /* these three */
	_Atomic uint64_t late_messages;
	_Atomic uint64_t refused_blocks;
	struct clock_pair clock; /* audio writes, any reads */

	/* Messages for a frame, counted when posted and when applied: the
	 * difference is never more than can wait. */
	uint64_t timed_posted;	     /* control */
	_Atomic uint64_t timed_done; /* audio writes, control reads */

	/* What mixer_play() was given for the next block, and how far that has
	 * been applied. audio */
	struct message play[PLAYS_MAX];
	uint32_t plays, play_at;

	struct pending pending; /* audio */
	struct queue queue;	/* control to audio */
	_Alignas(64) float scratch[];
};

/* ---- mixer_message.c ---- */

/* audio: one more of a counter that others read */
RT void mixer_count(_Atomic uint64_t *counter, uint64_t more);

/* audio, at the start of a block: what control posted */
RT void mixer_messages_take(struct mixer *m);
/* audio: those whose frame m->frame is */
RT void mixer_messages_apply(struct mixer *m);
/* audio: the frame of the next one, or UINT64_MAX */
RT uint64_t mixer_message_next(const struct mixer *m);
/* audio: at the end of a block */
RT void mixer_plays_drop(struct mixer *m);

#endif
