/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A mapping: which control of one MIDI device moves which parameter, and what
 * the device is shown in return. Read from YAML, tapdeck-mapping(5); plain data
 * that does not change afterwards. Ranges are expanded: a row of eight faders
 * is eight controls here. Control thread only. */
#ifndef MAPPING_H
#define MAPPING_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/midi/encoding.h"
#include "control/midi/midi.h"
#include "control/model/param.h"
#include "core/curve.h"

#define MAPPING_BYTES_MAX    ((size_t)256 * 1024) /* of a file */
#define MAPPING_WHY_MAX	     512		  /* bytes with the NUL */
#define MAPPING_NAME_MAX     64			  /* bytes with the NUL */
#define MAPPING_WORD_MAX     32			  /* bytes with the NUL */
#define MAPPING_DEVICES_MAX  8
#define MAPPING_LAYERS_MAX   8 /* the one that is always there included */
#define MAPPING_CONTROLS_MAX 1024
#define MAPPING_TARGETS_MAX  8
#define MAPPING_COLORS_MAX   16
#define MAPPING_SYSEX_MAX    64 /* bytes of one message in a mapping */
#define MAPPING_STARTS_MAX   32
#define MAPPING_REPEATS_MAX  4
#define MAPPING_SLOTS_MAX    8
#define MAPPING_TEXT_MAX     56	 /* characters of one display */
#define MAPPING_FILL_MAX     112 /* characters and values of one message */

#define MAPPING_CHANNEL_ANY 255	    /* mapping_message.channel */
#define MAPPING_NUMBER_ANY  0xffffu /* mapping_message.number */

struct params;

/* Where a sysex shows something: slot N that of target N, or of the last one.
 * Its byte `at` is a value; or with a length, a text of exactly so many ASCII
 * characters, padded with blanks, is inserted before it. */
struct mapping_slot {
	uint8_t at; /* 1.. */
	uint8_t length;
};

/* Which bytes: of a control, of its lamp, of its touch. */
struct mapping_message {
	/* MIDI_NOTE, POLY_PRESSURE, CC, PROGRAM, CHANNEL_PRESSURE, BEND, RPN,
	 * NRPN, START, CONTINUE, STOP, SYSEX */
	enum midi_kind kind;
	bool fine;	 /* MIDI_CC: 14 bits, number and low */
	uint8_t low;	 /* fine: the number of its lower half */
	bool meter;	 /* MIDI_CHANNEL_PRESSURE: meter `number`, 0..7, of the
			  * Mackie protocol; only of a lamp */
	uint8_t channel; /* 0..15, or MAPPING_CHANNEL_ANY: heard on any, sent
			  * on the one heard last, at first on 0 */
	/* MIDI_NOTE, POLY_PRESSURE, CC, RPN, NRPN: its number. MIDI_PROGRAM:
	 * the program that is a press of a button (it has no release), or
	 * MAPPING_NUMBER_ANY: the program's number is the value itself, a
	 * whole number or the index of a choice. */
	uint16_t number;
	/* MIDI_SYSEX: all of it, F0 and F7 included; as a lamp with slots, in
	 * their order. */
	uint8_t sysex[MAPPING_SYSEX_MAX];
	uint8_t sysex_bytes;
	uint8_t slots;
	struct mapping_slot slot[MAPPING_SLOTS_MAX];
};

/* What the control does with its targets. */
enum mapping_as {
	MAPPING_VALUE,	   /* moves them: a fader, a knob */
	MAPPING_TOGGLE,	   /* a press: from range[0] to range[1] and back */
	MAPPING_MOMENTARY, /* range[1] while held, range[0] when let go; with
			    * `invert` the other way round */
	MAPPING_LATCH,	   /* likewise on and off, of a button that the device
			    * keeps: nothing is held, so nothing ends by
			    * itself */
	MAPPING_UP,    /* a press: one `step` further, of a choice the next */
	MAPPING_DOWN,  /* likewise back */
	MAPPING_STEP,  /* a press: by `by` of the parameter's unit */
	MAPPING_CYCLE, /* a press: `by` choices on, round the end; all follow
			* the first */
	MAPPING_VELOCITY,   /* a press moves them: how hard is the position */
	MAPPING_SET,	    /* a press sets them to `value` */
	MAPPING_RADIO,	    /* likewise; lit while the first target is that */
	MAPPING_SHIFT,	    /* `to_layer` is in force while held */
	MAPPING_LAYER,	    /* a press: `to_layer` in force, or no longer */
	MAPPING_BANK_LEFT,  /* a press: the bank begins `strips` earlier */
	MAPPING_BANK_RIGHT, /* likewise later */
	MAPPING_REPAINT,    /* every lamp is sent again */
	MAPPING_SHOW,	    /* nothing arrives, only the lamp or text */
};

enum mapping_takeover {
	MAPPING_JUMP,
	MAPPING_PICKUP,
	MAPPING_SCALE,
};

enum mapping_light {
	MAPPING_DARK,	     /* no feedback */
	MAPPING_LIGHT_WAY,   /* the position, 0..127 or 0..16383 */
	MAPPING_LIGHT_LAMP,  /* lit or dark, or a color by value */
	MAPPING_LIGHT_RING,  /* a V-Pot ring of the Mackie protocol */
	MAPPING_LIGHT_TEXT,  /* values of targets as text, by sysex */
	MAPPING_LIGHT_METER, /* a meter of the Mackie protocol */
};

enum mapping_ring {
	MAPPING_RING_SINGLE, /* 0: one dot */
	MAPPING_RING_BOOST,  /* 1: from the middle */
	MAPPING_RING_WRAP,   /* 2: from the left */
	MAPPING_RING_SPREAD, /* 3 */
};

/* A parameter by pattern. strip > 0: it is /strip/STRIP/ADDRESS, STRIP counts
 * from 1 at the first strip of the bank; else it is ADDRESS. Addresses of
 * strips that the model does not have, or whose app is gone, name nothing. */
struct mapping_target {
	char address[PARAM_ADDRESS_MAX]; /* "fader", or "/bus/main/gain" */
	uint8_t strip;			 /* 1..64; 0: the address is whole */
	bool fixed;			 /* the bank does not move it */
};

/* The lamp's value while the first target has this value; of a meter, from this
 * level in dB on. */
struct mapping_color {
	char choice[MAPPING_WORD_MAX]; /* of a PARAM_TEXT; else "" */
	double number;		       /* of any other */
	uint16_t send;
};

struct mapping_feedback {
	enum mapping_light kind;
	struct mapping_message message;
	enum mapping_ring ring;
	/* A lamp: what is sent for off and on. As in the colors, 0..127, and
	 * 128 times what is added to the message's number, of a device that has
	 * a number for each color. Of an RPN or NRPN 0..16383. */
	uint16_t dark, lit;
	uint8_t colors;	 /* a lamp: [0] none; first fit wins, of a meter the
			  * last one; they rise */
	double above_db; /* the lamp of a meter without colors: lit from it */
	struct mapping_color color[MAPPING_COLORS_MAX];
};

struct mapping_control {
	uint32_t line;	  /* of the file, for messages */
	bool has_message; /* not of MAPPING_SHOW */
	/* MAPPING_SHOW: not the value of its one target is shown, but the level
	 * of the strip or bus that it is of. range is in dB. */
	bool meter;
	struct mapping_message message;
	enum mapping_as as;
	/* 0: in force in every layer that has no control on this message */
	uint8_t layer;
	uint8_t to_layer; /* MAPPING_SHIFT, MAPPING_LAYER: 1.. */
	uint8_t strips;	  /* MAPPING_BANK_*: how far */

	enum encoding coding;
	double step;		  /* of the way, per tick or press; 1/127 */
	double by;		  /* MAPPING_STEP, MAPPING_CYCLE: not 0 */
	double acceleration;	  /* at most this many times; 1: none */
	enum param_when quantise; /* of a button; PARAM_AS_SET: not said */

	enum mapping_takeover takeover; /* absolute, MAPPING_VALUE */
	bool has_range;
	double range[2]; /* in the unit of the parameter; else its min, max */
	bool invert;	 /* the way counts from the other end */
	uint8_t points;
	enum curve_shape curve;		   /* linear, audio, points */
	double point[CURVE_POINTS_MAX][2]; /* way, share of the range; both
					    * rise from 0 to 1 */

	/* MAPPING_SET, MAPPING_RADIO: a number or a text, as it goes into
	 * param_check() */
	struct param_value value;

	uint8_t targets; /* 0: shift, layer, bank */
	struct mapping_target target[MAPPING_TARGETS_MAX];

	struct mapping_feedback light;
	bool has_touch;
	struct mapping_message touch; /* MIDI_NOTE: on is touched */
};

/* Bytes that the device is sent when it appears. */
struct mapping_start {
	uint8_t byte[MAPPING_SYSEX_MAX];
	uint8_t bytes;
};

enum mapping_port {
	MAPPING_ALSA,	  /* by PortMidi */
	MAPPING_PIPEWIRE, /* the engine's own MIDI ports */
};

struct mapping {
	char name[MAPPING_NAME_MAX];
	char path[PATH_MAX]; /* where it came from */
	enum mapping_port port;
	uint32_t devices;
	char device[MAPPING_DEVICES_MAX][MAPPING_NAME_MAX];
	uint32_t which;		       /* of alike devices, from 1; 0: any */
	char socket[MAPPING_NAME_MAX]; /* pattern of where it is plugged in; ""
					* anywhere */
	uint32_t bank; /* strips of a bank, 1..64; 0: no banks */
	uint32_t layers;
	char layer[MAPPING_LAYERS_MAX][MAPPING_WORD_MAX]; /* [0] is "" */
	uint32_t starts;
	struct mapping_start start[MAPPING_STARTS_MAX];
	/* Sent again and again, every_ns after the start for the first time. */
	uint32_t repeats;
	struct mapping_start repeat[MAPPING_REPEATS_MAX];
	uint64_t every_ns;
	uint32_t controls;
	struct mapping_control *control; /* in order of the file */
};

/* Every target must exist: all of them in params, or all of them in a model
 * without a configuration (then those that are not in params name nothing).
 * params may be NULL. 0 and *out is the caller's; or *out is NULL, with one
 * line in why[MAPPING_WHY_MAX]: -EINVAL with file:line:column, what is wrong
 * and what is allowed; -ENOENT, -errno. */
int mapping_load(struct mapping **out, const char *path,
	const struct params *params, char *why);
/* The same of a text in memory; path is what messages call it. */
int mapping_parse(struct mapping **out, const void *text, size_t size_bytes,
	const char *path, const struct params *params, char *why);
void mapping_free(struct mapping *m); /* NULL is fine */

/* How well a device's name fits the patterns of `device:` (shell patterns,
 * upper or lower case): 0 not at all, 1 a pattern of wildcards only, 2 a name,
 * also one that the kernel has cut. */
int mapping_fits(const struct mapping *m, const char *device_name);

struct mapping_device {
	const char *name;
	const char *socket; /* "": unknown */
	uint32_t which;	    /* of those with this name, from 1 */
};

/* Likewise of one device among others: 2 more when `which:` or `socket:` tell
 * it apart, 0 when they speak of another one. */
int mapping_is_for(const struct mapping *m, const struct mapping_device *d);

/* The same bytes of a device could be both. */
bool mapping_message_meets(
	const struct mapping_message *a, const struct mapping_message *b);

/* One is an rpn or nrpn, the other a controller that one is sent by. Channels
 * do not matter. */
bool mapping_is_entry(
	const struct mapping_message *a, const struct mapping_message *b);

/* The address of a target while the bank begins at strip `first` (0..). 0, or
 * -ERANGE: beyond strip 64. */
int mapping_address(const struct mapping_target *t, uint32_t first,
	char address[PARAM_ADDRESS_MAX]);

/* Of a button: it says something when it is let go. */
bool mapping_has_release(const struct mapping_message *m);
/* 14 bits. */
bool mapping_is_wide(const struct mapping_message *m);
/* The last of its values. */
uint16_t mapping_last(const struct mapping_message *m);

/* From a value of the control's message to the share of its range; what belongs
 * to the parameter is a share, 0 to 1. */
void mapping_curve(const struct mapping_control *c, struct curve *out);

/* By it back from a share of the range to a position of the control, 0..1. */
double mapping_unshape(const struct mapping_control *c, double share);

/* The folders where mappings are looked for, the user's first:
 * $XDG_CONFIG_HOME/tapdeck/mappings, then $TAPDECK_MAPPINGS or the installed
 * ones. index from 0; 0, or -ENOENT (no more), -ENAMETOOLONG. */
int mapping_folder(uint32_t index, char *path, size_t size_bytes);

#endif
