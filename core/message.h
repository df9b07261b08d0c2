/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The full list of what the control thread says to the audio thread.
 *
 * A message is plain data of a fixed size. `frame` says when it takes effect,
 * counted like mixer_frame(); 0 or a frame that has passed means the start of
 * the next block. Messages for one frame apply in the order they were posted.
 * Levels are linear: decibels stay on the control side. */
#ifndef MESSAGE_H
#define MESSAGE_H

#include <stdint.h>

enum message_kind {
	MESSAGE_STRIP_GAIN,  /* strip, value: the fader, linear 0..GAIN_MAX */
	MESSAGE_STRIP_MUTE,  /* strip, value: 0 or 1 */
	MESSAGE_STRIP_TRIM,  /* strip, value: linear 0..GAIN_MAX */
	MESSAGE_STRIP_OPEN,  /* strip, value: 0 closes, 1 opens the input with
				a ramp; a tap that comes or goes. At once while
				nothing is connected to the strip. mask: it is
				kept out of these buses at once, whatever its
				sends */
	MESSAGE_STRIP_SEND,  /* strip, bus, value: 0 or 1 */
	MESSAGE_STRIP_ROUTE, /* strip, mask: bit b is bus b; sets every send */
	MESSAGE_BUS_GAIN,    /* bus, value: linear 0..GAIN_MAX */
	MESSAGE_BUS_MUTE,    /* bus, value: 0 or 1 */
};

struct message {
	uint64_t frame; /* when; 0: now */
	uint8_t kind;	/* enum message_kind */
	uint8_t strip;	/* 0..STRIPS_MAX-1 */
	uint8_t bus;	/* 0..BUSES_MAX-1 */
	uint8_t mask;	/* one bit per bus */
	float value;
};

#endif
