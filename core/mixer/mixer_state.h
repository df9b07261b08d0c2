/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a mixer is made of; for mixer*.c only. "audio" beside a field: only the
 * audio thread touches it, once audio runs. */
#ifndef MIXER_STATE_H
#define MIXER_STATE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/mixer/cross.h"
#include "core/mixer/cue.h"
#include "core/mixer/fader.h"
#include "core/mixer/frames.h"
#include "core/mixer/glide.h"
#include "core/meter.h"
#include "core/mixer/mixer.h"
#include "core/mixer/solo.h"
#include "core/queue.h"
#include "core/ring/pair.h"
#include "core/stage/rack.h"

_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "64-bit atomics hide a lock");
_Static_assert(INPUTS_MAX <= INT16_MAX, "an input's number fits int16_t");

struct strip {
	struct rack rack;	      /* audio; up to the gate: */
	struct glide open;	      /* audio; from there to PRE; 1 open */
	struct fader fader;	      /* audio; from there to POST */
	struct cross_side cross;      /* audio; before POST as well */
	struct glide send[BUSES_MAX]; /* audio; 0, 1, a half, or on the way */
	uint8_t moving;	  /* audio; bit b: that send may be neither 0 nor 1 */
	uint8_t routed;	  /* audio; bit b: it was told to be 1 */
	uint8_t halved;	  /* audio; bit b: that is a half for now */
	uint8_t kept_out; /* audio; bit b: it never reaches bus b */
	bool gated;	  /* audio; a gate may not be open */
	int16_t first;	  /* audio; this block's first input or -1 */
	struct meter meter;
	struct glide cue; /* audio; from PRE to the headphones; 1 heard */
	struct solo solo; /* audio; from POST to the buses */
};

struct bus {
	struct fader fader;	    /* audio */
	struct rack rack;	    /* audio; what comes after it */
	const struct frames *heard; /* audio; where its level is not silence */
	struct frames room;	    /* audio; for that */
	struct frames started[2]; /* audio; where the side has sound already */
	float *to[2];		  /* audio; where this block goes */
	float *own[2];	       /* [block_max]; audio; where nobody wants it */
	_Atomic uint32_t late; /* frames; audio writes, any reads */
	struct meter meter;
};

#define SINKS_MAX (OUTPUTS_MAX + BUSES_MAX)
#define SINKS_NEW 0x80u

/* Whoever has it in its hand may write it. */
struct sinks {
	uint32_t count;
	struct sink sink[SINKS_MAX];
	int16_t bus[OUTPUTS_MAX];   /* that goes to an output, or -1 */
	int16_t tap[STRIPS_MAX][2]; /* TAP_PRE, TAP_POST: the output, or -1 */
};

_Static_assert(OUTPUTS_MAX >= BUSES_MAX + 2 * STRIPS_MAX,
	"an output for each bus and tap");

struct mixer {
	struct mixer_config config; /* set before audio starts */
	size_t size_bytes;	    /* of all that was allocated */
	double fall_per_frame;	    /* of the meters; set before audio starts */
	double mean_per_frame;	    /* as well, as is */
	uint32_t hold_frames;	    /* this */
	struct rack_plan of_strip;  /* set before audio starts, as is */
	struct rack_plan of_bus;    /* this */

	_Atomic bool asked; /* control writes, audio reads: for hold and RMS */
	bool measures;	    /* audio; in this block */
	bool measured;	    /* audio; and in the one before */
	uint64_t frame;	    /* audio; the frame that comes next */
	bool freewheel;	    /* audio */
	uint32_t usual; /* frames of a ramp of RAMP_MS; set before audio starts
			 */
	/* audio; strips, once they are changed */
	float side[RACK_TURNS][2][CHUNK_FRAMES];
	float clean[CHUNK_FRAMES];    /* audio; a channel without its NaNs, or
					 with its end */
	struct passage passage;	      /* audio */
	struct cross cross;	      /* audio */
	struct cue cue;		      /* audio */
	struct solos solos;	      /* audio */
	float gated[2][CHUNK_FRAMES]; /* audio; a strip that a gate
					 holds back */
	/* audio; of the newest word that each place has heard */
	uint64_t token[MIX_COUNT][STRIPS_MAX * BUSES_MAX];
	/* audio; the frame of the last word that was played there */
	uint64_t played[MIX_COUNT][STRIPS_MAX * BUSES_MAX];
	int16_t next_input[INPUTS_MAX]; /* audio; of the same strip, or -1 */
	struct strip strip[STRIPS_MAX];
	struct bus bus[BUSES_MAX];
	uint32_t heard; /* audio; bit b: that bus is, in this chunk */

	/* One of the lists each, and SINKS_NEW while audio has not taken what
	 * is in the mail. */
	struct sinks sinks[3];
	_Atomic uint32_t mail;	       /* both exchange it for their own */
	uint32_t sinks_used;	       /* audio */
	uint32_t sinks_spare;	       /* control */
	struct sink wanted[SINKS_MAX]; /* control; what was set last */
	uint32_t wanted_count;	       /* control */

	_Atomic uint64_t frames;      /* audio writes, any reads; so do */
	_Atomic uint64_t bad_samples; /* these three */
	_Atomic uint64_t late_messages;
	_Atomic uint64_t refused_blocks;
	struct word_pair clock; /* frame, CLOCK_MONOTONIC ns; as they are */
	uint64_t clock_version; /* audio */

	/* Messages for a frame, counted when posted and when applied: the
	 * difference is never more than can wait. */
	uint64_t timed_posted;	     /* control */
	_Atomic uint64_t timed_done; /* audio writes, control reads */

	/* What mixer_play() was given for the next block, and how far that has
	 * been applied. audio */
	struct message play[PLAYS_MAX];
	uint32_t plays, play_at;
	uint32_t left; /* audio; messages for which this block still has time */

	struct pending pending; /* audio */
	struct queue queue;	/* control to audio */
	_Alignas(64) float scratch[];
};

/* ---- mixer_setup.c ---- */

/* control: mixer_new(), with these stages, lists that NULL ends. */
int mixer_new_staged(struct mixer **out, const struct mixer_config *config,
	const struct stage *const strip[], const struct stage *const bus[]);

/* ---- mixer_message.c ---- */

/* audio: one more of a counter that others read */
RT void mixer_count(_Atomic uint64_t *counter, uint64_t more);

/* audio, at the start of a block: what control posted, and no more than so many
 * messages or one batch */
RT void mixer_messages_take(struct mixer *m, uint32_t most);
/* audio: those of the next n frames, from m->frame on; of how many frames that
 * was, where there is no room for more or one must come first in a chunk */
RT uint32_t mixer_messages_apply(struct mixer *m, uint32_t n);
/* audio: at the end of a block */
RT void mixer_plays_drop(struct mixer *m);

/* ---- mixer_chunk.c ---- */

/* What of a block is mixed at a time. */
struct chunk {
	const struct mixer_input *in;
	float *const (*out)[2]; /* whole blocks; or NULL */
	uint32_t at;		/* frame of the block */
	uint32_t n;		/* 1..CHUNK_FRAMES */
};

/* audio: the messages of its frames have been applied */
RT void mixer_chunk_mix(struct mixer *m, const struct chunk *p);
/* audio: the largest sample of x[n], which holds numbers only when it returns:
 * finite samples can have become infinite by a sum or a gain */
RT int32_t mixer_peak_and_clean(struct mixer *m, float *x, uint32_t n);

/* ---- mixer_send.c ---- */

/* audio: both sides through a level; which of these frames are heard then,
 * NULL: none, and nothing was done */
RT const struct frames *mixer_level_pass(const struct glide *g,
	struct side side[2], struct passage *t, const struct frames *of,
	struct frames *room);
/* audio: what is listened to of a strip before its fader, into the headphones
 */
RT void mixer_strip_cue(struct mixer *m, struct strip *s,
	const struct side side[2], const struct frames *open,
	const struct chunk *p);
/* audio: what is heard of a strip, into the buses it feeds */
RT void mixer_strip_send(struct mixer *m, struct strip *s,
	const struct side side[2], const struct frames *heard,
	const struct chunk *p);

/* ---- sinks.c, sinks_setup.c ---- */

/* control, before audio starts: bus b goes to output b */
void mixer_sinks_init(struct mixer *m);
/* audio, at the start of a block and at its end */
RT void mixer_sinks_begin(struct mixer *m, float *const (*out)[2], uint32_t n);
RT void mixer_sinks_finish(struct mixer *m, float *const (*out)[2], uint32_t n);
/* audio: a strip's chunk at a tap */
RT void mixer_sinks_tap(struct mixer *m, enum tap_point point,
	const struct strip *s, const struct side side[2],
	const struct chunk *p);
/* audio: the next block's first frame is due then */
RT void mixer_sinks_clock(struct mixer *m, uint64_t time_ns);

#endif
