/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mixer: strips times buses, 32-bit float, stereo buses.
 *
 * A stage at rest (unity) is skipped, so a strip at unity into a bus of its own
 * is bit-identical from input to output. Sums are made in the order of the
 * inputs, then of the strips. Every change ramps, linearly over RAMP_MS unless
 * its message says otherwise, as a function of the frame and not of the block,
 * so the same input and the same messages give the same bytes whatever the
 * block size, unless blocks are given little time for messages. EQ, filter and
 * crossfader have smoothers of their own besides. A change at frame 0 is where
 * the mix starts and does not ramp.
 *
 * Start values: every fader, trim and bus gain at unity, nothing muted, soloed
 * or cued, every strip open and sent to no bus; bus b goes to output b. */
#ifndef MIXER_H
#define MIXER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/limits.h"
#include "core/message.h"
#include "core/meter.h"
#include "core/mixer/sink.h"
#include "core/rt.h"

struct mixer;

/* Where a channel belongs. Four bits each, so that a layout fits a word. */
enum channel {
	CHANNEL_NONE, /* not there: the layout ends here */
	CHANNEL_MONO, /* to both sides at unity */
	CHANNEL_FL,
	CHANNEL_FR,
	CHANNEL_FC,  /* to both sides at -3 dB (ITU-R BS.775) */
	CHANNEL_LFE, /* left out, as BS.775 has it */
	CHANNEL_SL,  /* sides, rears and rear centre at -3 dB */
	CHANNEL_SR,
	CHANNEL_RL,
	CHANNEL_RR,
	CHANNEL_RC,
};

/* Channel c of a layout is (layout >> 4 * c) & 15. */
#define LAYOUT_MONO   0x1u
#define LAYOUT_STEREO 0x32u

/* any: the usual layout of 1..8 channels in WAV order (1 mono, 2 stereo,
 * 3 FL FR FC, 4 FL FR RL RR, 5 3/2, 6 5.1, 7 6.1, 8 7.1); 0 for another count
 */
uint32_t layout_for_channels(uint32_t channels);

/* One source of sound for one strip in one block. Several may name the same
 * strip: they are summed. ch[c] is NULL for a channel that is not connected;
 * an input of which all are NULL costs nothing. Buffers hold the block's
 * frames, are not written to, and may be shared. */
struct mixer_input {
	uint32_t strip;
	uint32_t layout;
	const float *ch[CHANNELS_MAX];
	/* How many frames of ch[c] are there, where these are fewer than the
	 * block's: the rest is silence. 0: all. */
	uint32_t frames[CHANNELS_MAX];
};

struct mixer_config {
	uint32_t strips;    /* 1..STRIPS_MAX */
	uint32_t buses;	    /* 1..BUSES_MAX */
	uint32_t rate_hz;   /* RATE_MIN_HZ..RATE_MAX_HZ */
	uint32_t block_max; /* frames, BLOCK_MIN..BLOCK_MAX */
	uint32_t outputs;   /* up to OUTPUTS_MAX; 0: as many as buses */
	/* For how many messages each frame of a block has time, 0: for any
	 * number. So many are taken at its start, and so many within it. What
	 * is put off is done in the next block, in its order, at the first
	 * frame; no part of a batch is. */
	uint32_t frame_messages;
	/* What buses are for, as sets; see MIX_SET_MAX. */
	uint32_t loops; /* recorded: solo leaves them alone unless told */
	uint32_t cue;	/* of the headphones: one, or 0: none */
	uint32_t room;	/* main: one, or 0: none */
};

struct mixer_counters {
	uint64_t frames;	 /* mixed so far */
	uint64_t bad_samples;	 /* NaN or infinity from a program, silenced,
				  * and stages that gave some */
	uint64_t late_messages;	 /* came after their frame (not those with 0) */
	uint64_t refused_blocks; /* longer than block_max: given as silence */
};

/* control: 0 and *out is the caller's, or -EINVAL, -ENOMEM and *out is NULL.
 * All memory is allocated, touched and, where allowed, locked here. */
int mixer_new(struct mixer **out, const struct mixer_config *config);

/* control, when no audio thread uses it: NULL is fine */
void mixer_free(struct mixer *m);

/* control, when no audio thread uses it: from the next block on frames have
 * this rate, or -EINVAL if none can. Every value stays, and frames are counted
 * on; a ramp that is on its way takes as many frames. What waits for a frame is
 * forgotten, since that comes at another time now, and mixer_clock() waits for
 * the next block. */
int mixer_set_rate(struct mixer *m, uint32_t rate_hz);

/* control: from its next block on the audio thread uses these sinks and no
 * others. 0, or -EINVAL (a place or output that does not exist, a strip that
 * goes to a ring, two sinks for one output or ring, or two outputs for one tap)
 * or -ENOSPC, and the sinks stay. The rings stay the caller's. */
int mixer_set_sinks(struct mixer *m, const struct sink *sinks, uint32_t count);

/* control: has the audio thread taken what was set? Then nothing is written to
 * the rings that are not in it. While no audio thread uses the mixer nothing is
 * written to them in any case. */
bool mixer_sinks_taken(const struct mixer *m);

/* control: of the sinks, this ring is that of this bus, in the place of what
 * was; NULL takes it away. */
void mixer_set_ring(struct mixer *m, uint32_t bus, struct ring_writer *w);

/* audio: mixes n frames (1..block_max). out[output][side] is where a sink goes,
 * or NULL where nobody wants it; it must not alias an input. One that no sink
 * names is silence. */
RT void mixer_run(struct mixer *m, const struct mixer_input *in,
	uint32_t inputs, float *const (*out)[2], uint32_t n);

/* audio: while true, time is not real (freewheel): rings are not written */
RT void mixer_set_freewheel(struct mixer *m, bool freewheel);

/* audio, before mixer_run(): the graph missed a block; the rings' readers are
 * told. Their frames have no gap for it: it was never mixed. */
RT void mixer_count_xrun(struct mixer *m);

/* control: posts count messages that the audio thread will see together, all
 * or none; false when there is no room. A message with a parameter, place or
 * target that cannot be is an own mistake: assert. */
bool mixer_post(struct mixer *m, const struct message *msgs, uint32_t count);

/* control: so many wait that one posted now would take effect later than in a
 * few ms: what is a value by then had better be said then. Never where blocks
 * have time for any number. */
bool mixer_is_behind(const struct mixer *m);

/* control: how many messages were posted so far; wraps */
uint32_t mixer_posted(const struct mixer *m);

/* audio: how many of them it has taken; wraps */
RT uint32_t mixer_taken(const struct mixer *m);

/* audio, before mixer_run(): the next block applies this at msg->frame, which
 * is in that block and not before that of the call before, after what control
 * posted for the same frame. False: too many for one block, it is left out. */
RT bool mixer_play(struct mixer *m, const struct message *msg);

/* any: the frame that the next block starts with */
RT uint64_t mixer_frame(const struct mixer *m);

/* any: a pair of (frame, CLOCK_MONOTONIC ns at which it was or is due),
 * consistent; false before the first block */
bool mixer_clock(const struct mixer *m, uint64_t *frame, uint64_t *time_ns);

/* audio, before mixer_run(): the next block's first frame is due at time_ns */
RT void mixer_set_clock(struct mixer *m, uint64_t time_ns);

/* control: hold and RMS are measured from the next block on; else they stay as
 * they are. They begin anew, with silence. */
void mixer_measure(struct mixer *m, bool all);

/* any: linear; side 0 left, 1 right. A strip's is before its fader, a bus's
 * after its. */
float mixer_strip_meter(const struct mixer *m, enum mixer_meter kind,
	uint32_t strip, uint32_t side);
float mixer_bus_meter(const struct mixer *m, enum mixer_meter kind,
	uint32_t bus, uint32_t side);

/* any: frames by which a bus came late in the last block, by its stages */
uint32_t mixer_bus_delay(const struct mixer *m, uint32_t bus);

/* any */
void mixer_counters(const struct mixer *m, struct mixer_counters *out);

#endif
