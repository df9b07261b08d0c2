/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A surface: one mapping at work on one device.
 *
 * Messages of the device move parameters; parameters that change, whoever
 * changed them, come back as messages to LEDs, rings and motor faders. The hand
 * is never fought: a control that is touched, or was moved within the last 300
 * ms, is sent nothing, and then it settles at the value of that time. What was
 * sent and comes back (a device that passes MIDI through) moves nothing. A
 * control is sent at most one change per 20 ms.
 *
 * Control thread. Nothing here allocates after surface_new(), reads a clock or
 * knows of a port: time is what the caller says it is, so that a file can be
 * played through a surface as well as a desk. */
#ifndef SURFACE_H
#define SURFACE_H

#include <stdbool.h>
#include <stdint.h>

#define SURFACE_MS	 UINT64_C(1000000)
#define SURFACE_HAND_NS	 (300 * SURFACE_MS)  /* the hand has left after this */
#define SURFACE_DOUBT_NS (2000 * SURFACE_MS) /* see surface_doubt() */
#define SURFACE_GAP_NS	 (20 * SURFACE_MS)   /* of messages to a control */
#define SURFACE_SYSEX_NS (5 * SURFACE_MS)    /* of sysex to a device */
#define SURFACE_ECHO_NS	 (30 * SURFACE_MS)   /* what was sent may come back */
#define SURFACE_BLINK_NS (125 * SURFACE_MS)  /* of a lamp that waits */
#define SURFACE_METER_NS (50 * SURFACE_MS)   /* between looks at the levels */
#define SURFACE_IDLE	 UINT64_MAX	     /* surface_run(): nothing waits */

struct mapping;
struct midi_event;
struct params;
struct reflex_table;
struct surface;

/* One whole MIDI message for the device. */
typedef void (*surface_send)(void *data, const uint8_t *bytes, uint32_t n);

/* The peak of a strip (0..) or of a bus now, linear; less than 0 while no audio
 * runs. */
typedef float (*surface_peak)(void *data, bool bus, uint32_t index);

struct surface_config {
	struct params *params;
	const struct mapping *mapping; /* the caller's; outlives the surface */
	uint32_t source; /* of its changes, not PARAM_SOURCE_NONE; a number of
			    its own among all sources */
	uint32_t bank;	 /* its first strip, from 0; less when there are not so
			    many, 0 without banks */
	surface_send send; /* NULL: no feedback (a file) */
	surface_peak peak; /* NULL: meters are not shown */
	void *data;
};

/* 0 and *out is the caller's, or -ENOMEM. Sends nothing yet: see
 * surface_resync(). */
int surface_new(struct surface **out, const struct surface_config *config);
void surface_free(struct surface *s); /* NULL is fine */

/* It comes in the place of another one on the same device, after its
 * surface_resync(): the hand stays where it is. Lamps that `before` has lit and
 * that s does not have go dark, before anything else is shown. 0 or -ENOMEM:
 * they stay lit. */
int surface_inherit(
	struct surface *s, const struct surface *before, uint64_t now_ns);

/* A message came from the device: applied at this frame of the mixer (0: the
 * next block). now_ns never goes back. True: a control of the mapping took it
 * (also when takeover or an echo kept it from moving anything). */
bool surface_event(struct surface *s, const struct midi_event *e,
	uint64_t frame, uint64_t now_ns);

/* Likewise while messages are to move nothing, not even a button: only that a
 * hand is there is noted, so that it is not fought. */
void surface_feel(
	struct surface *s, const struct midi_event *e, uint64_t now_ns);

/* What is sent comes back so much later than by a cable, if it does. */
void surface_late(struct surface *s, uint64_t late_ns);
/* It was not heard for a moment. A fader that is touched might have been let
 * go: it is unless it moves or is touched again in time. Buttons stay as they
 * are: the finger is likely to be there still, and a strip is not to be heard
 * because something else was plugged in. */
void surface_doubt(struct surface *s, uint64_t now_ns);
/* Messages of the device are lost. Likewise, but buttons are let go: what stays
 * on nobody would switch off again. */
void surface_lost(struct surface *s, uint64_t now_ns);

/* A parameter changed: the owner passes on what param_listen() tells it,
 * changes by this very surface too. Only marks; surface_run() sends. */
void surface_changed(struct surface *s, uint32_t id, uint32_t source);

/* Audio starts or ends, or a meter is another one: meters that slept are looked
 * at again. */
void surface_sound(struct surface *s);

/* Sends what is due. Returns the ns until it wants to be called again, or
 * SURFACE_IDLE; a change or an event may make it sooner. */
uint64_t surface_run(struct surface *s, uint64_t now_ns);

/* The device knows nothing any more (it was just plugged in): its greeting and
 * every LED, ring and fader are sent again by surface_run(), and soft takeover
 * starts over. What is held ends, see surface_let_go(). */
void surface_resync(struct surface *s);

/* Likewise when it may be another device of its kind by now, or one more: who
 * has a hand on it is not fought. */
void surface_replaced(struct surface *s, uint64_t now_ns);

/* Its lamps may have gone out, nothing else: they are sent again, and who has a
 * hand on it keeps it. */
void surface_repaint(struct surface *s);
/* Somebody asks: the greeting goes before that. */
void surface_refresh(struct surface *s);

/* What buttons hold down ends, shifts too: their release will not be heard. */
void surface_let_go(struct surface *s);

/* What the device's messages would do at this moment, for the audio thread to
 * do it by itself (core/reflex.h): all that hangs on nothing but the message.
 * It goes into t, as far as there is room. May allocate. */
void surface_reflex(struct surface *s, struct reflex_table *t);
/* That would be another table now. */
bool surface_reflex_stale(const struct surface *s);

/* Which strips are in reach now, from 0: the first of the bank, and how many.
 */
void surface_bank(const struct surface *s, uint32_t *first, uint32_t *count);

#endif
