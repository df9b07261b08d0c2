/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where sound leaves the mixer: a list of sinks, each a tap and what it goes
 * to. The list is swapped whole while audio runs, and neither thread waits.
 *
 * There are three lists: one that the audio thread uses, one that control
 * fills next, and one in the mail between them. Each side takes what is in the
 * mail by putting its own there, in one step, so nothing is ever freed and the
 * audio thread can never be left behind by however many swaps. The rejected
 * alternative, lists that control frees, needs it to know of each of them when
 * it was read for the last time. */
#ifndef SINK_H
#define SINK_H

#include <stdint.h>

#include "core/limits.h"

struct ring_writer;

enum tap_point {
	TAP_BUS,  /* of a bus, after its gain */
	TAP_PRE,  /* of a strip, before its fader; silent while it is closed */
	TAP_POST, /* of a strip, after its fader, whatever its sends */
	TAP_POINTS
};

struct sink {
	enum tap_point point;
	uint32_t place;		  /* a bus or a strip */
	struct ring_writer *ring; /* of two channels, of a bus; or NULL: */
	uint32_t output;	  /* a number in mixer_run()'s out */
};

#endif
