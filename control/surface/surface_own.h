/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a surface is made of; for surface*.c only.
 *
 * The mapping speaks of controls; a device has messages. Controls of several
 * layers share one fader, which has one hand on it: so the hand belongs to an
 * input, one per message that can arrive, and what was sent last to a lamp, one
 * per message that can be sent. */
#ifndef SURFACE_OWN_H
#define SURFACE_OWN_H

#include <stdbool.h>
#include <stdint.h>

#include "control/midi/encoding.h"
#include "control/mapping/mapping.h"
#include "control/midi/midi.h"
#include "control/model/param.h"
#include "control/surface/surface.h"
#include "control/surface/takeover.h"

#define SURFACE_BUCKETS	     256  /* of inputs; a power of two */
#define SURFACE_ECHOES	     1024 /* messages that may come back */
#define SURFACE_BURST_BYTES  256  /* sent at once ... */
#define SURFACE_BYTES_PER_MS 96	  /* ... and then this fast */
#define SURFACE_METER_BYTES  128  /* of the burst are not for meters */
#define SURFACE_NOTHING	     (-1) /* lamp.sent: what it shows is not known */

/* One parameter that a control moves. */
struct binding {
	uint32_t id;
	uint32_t next; /* binding + 1 of the same parameter; 0: none */
	uint32_t control;
	uint8_t target;	  /* of the control */
	double low, high; /* numbers of the parameter; of a choice, indices */
	enum param_type type;
	bool choice;
	/* Relative: where turning has brought it, finer than the parameter,
	 * true while that still is at way_number. */
	bool way_known;
	double way, way_number;
	/* Before the last message of the hand that may be none, and after. */
	double was, put;
	struct takeover takeover;
};

struct control {
	uint32_t first, count;	/* of binding[] */
	uint32_t room;		/* how many there may be */
	int32_t input;		/* -1: none */
	int32_t lamp;		/* -1: none */
	uint32_t next_of_input; /* control + 1 */
	uint32_t next_of_lamp;	/* likewise */
	bool metered;		/* a meter whose strip or bus is there: */
	bool of_bus;
	uint32_t meter_of; /* strip or bus, 0.. */
};

struct input {
	struct mapping_message message;
	uint32_t next;	   /* of its bucket: input + 1 */
	uint32_t next_low; /* of that of its LSB */
	uint32_t first;	   /* control + 1; 0: it is a touch only */
	int32_t touches;   /* the input that a touch is about, or -1 */
	uint16_t value;	   /* that came last */
	uint8_t channel;   /* heard last */
	bool touched;
	bool moved;	   /* moved_ns holds */
	bool was_moved;	   /* before the half that waits */
	bool way_known;	   /* where it stands, as far as that was told: way */
	bool guess;	   /* the last message is taken for a hand's, until
			    * another one comes back behind it */
	uint64_t doubt_ns; /* since then not surely touched; 0: surely */
	uint64_t moved_ns, was_moved_ns;
	int32_t pressed; /* control, or -1 */
	uint32_t pressed_order;
	double way;
	int32_t spoke_for; /* control that its last message went to, or -1 */
	struct pair pair;  /* of 14 bits */
	uint64_t frame;	   /* of the half that waits */
	struct acceleration acceleration;
	uint64_t back_ns; /* what comes back late does so after this ... */
	uint32_t backs;	  /* ... as so many in a row did; 0: not known */
	uint32_t back_at; /* of echo[]: what was sent before is not expected */
};

struct lamp {
	struct mapping_message message;
	uint32_t first; /* control + 1 */
	bool dirty;	/* what it shows may be another thing than it should */
	bool ever;	/* sent_ns and last hold */
	int64_t sent;	/* what it shows, or SURFACE_NOTHING */
	int64_t last;	/* what was sent last, whatever happened since */
	uint64_t sent_ns;
};

/* A lamp that shows a level, in one layer at least. */
struct meter {
	uint32_t lamp;
	/* Of the Mackie protocol; the lamp's `sent` is a level, 0..12. */
	uint64_t level_ns; /* when that was sent */
	int8_t over;	   /* the device shows overload; -1: not known */
	uint64_t over_ns;  /* it was too loud last; 0: long ago */
};

/* A message that was sent, by the name it would come back under. */
enum echo_as {
	ECHO_MESSAGE,
	ECHO_HALF, /* of 14 bits: the one behind it in echo[] is the whole */
	ECHO_PAIR, /* both halves: what they make when they come */
};

struct echo {
	enum echo_as as;
	struct midi_event event; /* sysex: number and value are a hash */
	uint64_t sent_ns;
	uint64_t until_ns;	/* 0: came back, or none */
	uint64_t thru_until_ns; /* likewise, of a device known to echo */
};

struct surface {
	struct params *params;
	const struct mapping *mapping;
	uint32_t source;
	surface_send send;
	surface_peak peak;
	void *data;

	uint32_t strips; /* that the model has */
	uint32_t bank;	 /* first strip, 0.. */
	uint32_t latched_layer;
	uint32_t layer; /* in force */
	uint32_t presses;

	struct control *control; /* [mapping->controls] */
	struct input *input;
	uint32_t inputs;
	uint32_t bucket[SURFACE_BUCKETS]; /* input + 1 */
	uint32_t low_bucket[SURFACE_BUCKETS];
	struct lamp *lamp;
	uint32_t lamps;
	uint32_t dirty; /* lamps that are */
	struct meter *meter;
	uint32_t meters;
	uint32_t meter_at;   /* the first one of the next look */
	uint64_t meter_ns;   /* of the next look, or SURFACE_IDLE: asleep */
	uint64_t metered_ns; /* of the last one */

	struct binding *binding;
	uint32_t *binding_of; /* [param_count()]: binding + 1 */
	uint32_t *ids;	      /* scratch: [param_count()] */
	bool by_name;	      /* targets move with names of strips or apps */
	bool rebind;
	bool pairs; /* a half waits somewhere */

	struct param_change *change; /* scratch of one event */
	uint32_t changes, changes_max;

	uint64_t repeat_ns; /* of the next round of mapping->repeat[]; 0: the
			     * first one is not set */
	uint32_t repeat_at; /* its next message */
	uint32_t greeting;  /* mapping->start[] not sent yet, from here */
	uint32_t lefts, left_at;
	uint32_t show_at;  /* the lamp that comes first the next time */
	struct lamp *left; /* of the one before; `last` is to be sent */
	double credit;	   /* bytes that may be sent now */
	uint64_t credit_ns;
	uint64_t sysex_ns; /* from then on a sysex may be sent */

	struct echo echo[SURFACE_ECHOES];
	uint32_t echo_at;  /* the next place */
	uint32_t echo_old; /* the oldest one that is not judged yet */
	uint64_t late_ns;  /* of what comes back; see surface_late() */
	uint64_t line_ns;  /* when a slow cable would be done */
	int thru;	   /* > 0: what is sent comes back */

	bool reflex_stale;
	uint32_t quantise; /* id of the row */
	bool blinks;	   /* something waits for the beat */
	bool shows_wait;   /* what is to come is shown now, not what is */
};

#endif
