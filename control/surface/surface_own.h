/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a surface is made of; for surface*.c only.
 *
 * The mapping speaks of controls; a device has messages. Controls of several
 * layers share one fader, which has one hand on it: so the hand belongs to an
 * inlet, one per message that can arrive, and what was sent last to a lamp, one
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

#define SURFACE_BUCKETS	     256  /* of inlets; a power of two */
#define SURFACE_ECHOES	     1024 /* messages that may come back */
#define SURFACE_BURST_BYTES  256  /* sent at once ... */
#define SURFACE_BYTES_PER_MS 96	  /* ... and then this fast */
#define SURFACE_METER_BYTES  128  /* of the burst are not for meters */
#define SURFACE_NOTHING	     (-1) /* lamp.sent: what it shows is not known */

/* One parameter that a control moves. */
struct bound {
	uint32_t id;
	uint32_t next; /* bound + 1 of the same parameter; 0: none */
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
	uint32_t first, count;	/* of bound[] */
	uint32_t room;		/* how many there may be */
	int32_t inlet;		/* -1: none */
	int32_t lamp;		/* -1: none */
	uint32_t next_of_inlet; /* control + 1 */
	uint32_t next_of_lamp;	/* likewise */
	bool metered;		/* a meter whose strip or bus is there: */
	bool of_bus;
	uint32_t meter_of; /* strip or bus, 0.. */
};

struct inlet {
	struct mapping_message message;
	uint32_t next;	   /* of its bucket: inlet + 1 */
	uint32_t next_low; /* of that of its LSB */
	uint32_t first;	   /* control + 1; 0: it is a touch only */
	int32_t touches;   /* the inlet that a touch is about, or -1 */
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

	uint32_t strips; /* that the console has */
	uint32_t bank;	 /* first strip, 0.. */
	uint32_t latched_layer;
	uint32_t layer; /* in force */
	uint32_t presses;

	struct control *control; /* [mapping->controls] */
	struct inlet *inlet;
	uint32_t inlets;
	uint32_t bucket[SURFACE_BUCKETS]; /* inlet + 1 */
	uint32_t low_bucket[SURFACE_BUCKETS];
	struct lamp *lamp;
	uint32_t lamps;
	uint32_t dirty; /* lamps that are */
	struct meter *meter;
	uint32_t meters;
	uint32_t meter_at;   /* the first one of the next look */
	uint64_t meter_ns;   /* of the next look, or SURFACE_IDLE: asleep */
	uint64_t metered_ns; /* of the last one */

	struct bound *bound;
	uint32_t *bound_of; /* [param_count()]: bound + 1 */
	uint32_t *ids;	    /* scratch: [param_count()] */
	bool by_name;	    /* targets move with names of strips or apps */
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
};

/* ---- surface_bind.c ---- */

bool surface_same_message(
	const struct mapping_message *a, const struct mapping_message *b);

/* Inlets, lamps and room for targets. 0 or -ENOMEM. */
int surface_lay_out(struct surface *s);
/* Bound anew, it would not move all that it moves now. */
bool surface_is_leaving(struct surface *s, uint32_t control);
/* Looks the targets up for the bank of now. */
void surface_bind(struct surface *s);

/* ---- surface_move.c ---- */

/* The inlet of a message: the one for its own channel first; or NULL. */
struct inlet *surface_inlet(struct surface *s, const struct midi_event *e);
/* Of several inlets for one message the highest has it. */
#define SURFACE_RANKS 8
int surface_inlet_rank(const struct inlet *in);
/* The control that an inlet's messages go to now, or -1. */
int32_t surface_in_force(const struct surface *s, const struct inlet *in);
/* It says "on", of a message that also says "off". */
bool surface_is_press(const struct mapping_message *m, uint16_t value);
/* What a hand says, as one value. */
void surface_speak(struct surface *s, struct inlet *in, uint16_t value,
	uint64_t frame, uint64_t now_ns);
/* What was said last was no hand: what it did is undone, unless something else
 * has moved it since. */
void surface_take_back(struct surface *s, struct inlet *in, uint64_t frame);

/* As a change of the parameter is given; see param_check(). */
struct param_value surface_value(const struct bound *b, double number);
/* What the targets of a button are set to when it is pressed, or let go. */
void surface_press(struct surface *s, int32_t control, bool on, uint64_t frame);

/* One change more of this event, and all of them at once. */
void surface_change_number(
	struct surface *s, const struct bound *b, double number);
void surface_change_apply(struct surface *s, uint64_t frame);

/* ---- surface_event.c ---- */

/* Values of 14 bits whose other half does not come. Returns the ns until it is
 * wanted again. */
uint64_t surface_run_pairs(struct surface *s, uint64_t now_ns);

/* ---- surface_turn.c ---- */

/* Ticks of a knob without an end; of a button that steps, presses. */
void surface_step(struct surface *s, struct inlet *in, int32_t control,
	int ticks, uint64_t frame, uint64_t now_ns);
/* The ticks that a value says. */
void surface_turn(struct surface *s, struct inlet *in, int32_t control,
	uint16_t value, uint64_t frame, uint64_t now_ns);
/* Data entry that says no position: a click of its own controllers, or a knob
 * whose bytes are ticks. Of those only the upper half counts: the lower one
 * would count twice. True: it is done. */
bool surface_turn_entry(struct surface *s, struct inlet *in,
	const struct midi_event *e, uint64_t frame, uint64_t now_ns);

/* ---- surface_hold.c ---- */

/* Shifts were pressed or let go, or another layer is latched. */
void surface_layer_update(struct surface *s);
/* The strips are about to be others; see surface_let_go(). */
void surface_let_go_of_bank(struct surface *s, uint64_t frame);
/* Names have moved: what they leave behind is let go of. */
void surface_let_go_of_names(struct surface *s);
/* in: the inlet of the touch. */
void surface_touch(struct surface *s, const struct inlet *in, uint16_t value);

/* ---- surface_reflex.c ---- */

/* This parameter changed: is it one that reflexes look at? */
void surface_reflex_changed(struct surface *s, const struct bound *b);

/* ---- surface_value.c ---- */

/* The parameter as a number, and as a position of the control. */
double surface_number(const struct surface *s, const struct bound *b);
double surface_way(const struct surface *s, const struct bound *b);
/* From a value of its message to a number of the parameter. */
void surface_curve(
	const struct surface *s, const struct bound *b, struct curve *out);
double surface_number_at(
	const struct surface *s, const struct bound *b, double way);
/* What a button sets it to: pressed, or let go; of a toggle, on or off. */
double surface_end(const struct surface *s, const struct bound *b, bool high);
/* The larger share of the range: switched on. */
bool surface_is_on(const struct surface *s, const struct bound *b);
/* Is the parameter what the control would set it to? */
bool surface_is_value(const struct surface *s, const struct bound *b);

/* ---- surface_lamp.c ---- */

/* The control that a lamp belongs to now, or -1: all of them are covered by
 * those of the layer in force. */
int32_t surface_lamp_control(const struct surface *s, const struct lamp *lamp);
/* More than one value goes into it: it is sent what fills its slots. */
bool surface_is_filled(const struct mapping_message *m);
/* What it is to show as one number, or SURFACE_NOTHING: leave it. Of one that
 * is filled, the number stands for the fill. */
int64_t surface_lamp_value(const struct surface *s, const struct lamp *lamp,
	int32_t control, uint8_t fill[MAPPING_FILL_MAX]);
/* What a lamp is sent that none of its controls has now, or SURFACE_NOTHING. */
int64_t surface_lamp_dark(const struct surface *s, const struct lamp *lamp);
/* A position on a ring of this kind. */
int64_t surface_ring(const struct mapping_feedback *f, double way);

/* ---- surface_show.c ---- */

void surface_mark(struct surface *s, int32_t lamp);
void surface_mark_all(struct surface *s);
/* The device changed this lamp by itself: what it shows is not known. */
void surface_forget(struct surface *s, int32_t lamp);
/* What the lamps wait for; returns the ns until the next. */
uint64_t surface_show(struct surface *s, uint64_t now_ns);
/* What the device wants to hear again and again; returns the ns until then. */
uint64_t surface_repeat(struct surface *s, uint64_t now_ns);
/* What goes before all else is not sent yet. */
bool surface_greets(const struct surface *s);
/* The channel that it is sent on. */
uint8_t surface_lamp_channel(const struct surface *s,
	const struct mapping_message *m, int32_t control);
/* Sends it, whatever the credit; it is shown then. fill: what its slots show,
 * one behind the other; NULL: the value in each, texts are blank. */
void surface_lamp_send(struct surface *s, struct lamp *lamp, int32_t control,
	int64_t value, const uint8_t *fill, uint64_t now_ns);
/* What time has brought is added to the credit. */
void surface_earn(struct surface *s, uint64_t now_ns);
/* When a message may be sent: now, or later. */
uint64_t surface_free_ns(
	const struct surface *s, enum midi_kind kind, uint64_t now_ns);

/* ---- surface_meter.c ---- */

/* After the lamps are laid out: 0 or -ENOMEM. */
int surface_meters_lay_out(struct surface *s);
/* The bank or names have moved. */
void surface_meters_bind(struct surface *s);
/* What the device shows is not known. */
void surface_meters_forget(struct surface *s);
/* This lamp shows a level now. */
bool surface_is_metered(
	const struct surface *s, const struct lamp *lamp, int32_t control);
/* Looks at the levels soon. */
void surface_meters_wake(struct surface *s);
/* Likewise surface_show(), with what credit the others leave. What cannot be
 * sent is dropped: the next look finds another level. */
uint64_t surface_meters_run(struct surface *s, uint64_t now_ns);

/* ---- surface_echo.c ---- */

void surface_echo_put(struct surface *s, const struct midi_event *e,
	enum echo_as as, uint32_t bytes, uint64_t now_ns);
/* It is one of ours: not to be heard as the hand. Never for the halves of a
 * fader or a knob with ends: there the value that they make is asked about. */
bool surface_echo_take(
	struct surface *s, const struct midi_event *e, uint64_t now_ns);
bool surface_echo_take_whole(
	struct surface *s, struct inlet *in, uint16_t value, uint64_t now_ns);
/* This upper half may be the first one of ours. */
bool surface_echo_may_begin(
	const struct surface *s, const struct midi_event *e);

#endif
