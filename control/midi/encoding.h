/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How controls say more than 7 bits: steps of encoders that turn without end,
 * and values of 14 bits in two CCs. Plain data and pure functions on it. */
#ifndef ENCODING_H
#define ENCODING_H

#include <stdbool.h>
#include <stdint.h>

#include "control/midi/midi.h"

/* What a message's value means. Named by what they do: the names that hosts and
 * makers use contradict each other. First byte: a step up, second: a step down.
 */
enum encoding {
	ENCODING_ABSOLUTE,  /* a position */
	ENCODING_TWOS,	    /* 1, 127: two's complement */
	ENCODING_OFFSET,    /* 65, 63: binary offset */
	ENCODING_SIGN_DOWN, /* 1, 65: sign and magnitude, bit 6 is down */
	ENCODING_SIGN_UP,   /* 65, 1: the other way round */
	ENCODING_OFFSET_16, /* 17, 15 */
	ENCODING_ON_OFF,    /* 127, 0 */
	ENCODING_CLICKS,    /* of an RPN or NRPN: CC 96 up, 97 down, which count
			     * with every encoding; no value does */
};

/* What each is called in mapping files; ends with NULL. */
extern const char *const encoding_words[];

/* Steps that a data byte of 0..127 says, up is positive. */
int encoding_steps(enum encoding e, uint8_t byte);

/* Faster turns make longer steps, for encoders that do not do so themselves.
 * From ACCELERATION_SLOW_NS between events down to ACCELERATION_FAST_NS a step
 * grows from 1 to the factor that is asked for. */
#define ACCELERATION_SLOW_NS UINT64_C(100000000)
#define ACCELERATION_FAST_NS UINT64_C(10000000)

struct acceleration {
	uint64_t last_ns;
	uint64_t interval_ns; /* mean of the last few; 0: no event yet */
	int direction;	      /* of the last step */
};

/* steps times 1..factor_max (>= 1; 1 is none). The first event, one after a
 * rest, and one that turns back count as slow. */
double acceleration_steps(
	struct acceleration *a, int steps, double factor_max, uint64_t now_ns);

/* A value in two halves. An MSB sets the LSB to 0, as the specification says,
 * and an LSB alone moves the fine part. Were that told at once, a knob that
 * turns evenly would jump back at every new MSB until its LSB comes; so a half
 * waits PAIR_WAIT_NS for the other one and is told alone only after that, and
 * a control that never sent an LSB does not wait at all; its MSB is the whole
 * way, so that 127 is the top.
 *
 * Devices that send the LSB first are told by time: the two halves of a value
 * are closer to each other than to the next one. Where a number is told before
 * a value (NRPN), the half behind it is the first. There an MSB does not reset
 * the LSB that came before it. */
#define PAIR_WAIT_NS UINT64_C(10000000)

struct pair {
	bool msb_known; /* before that there is no value */
	bool fine;	/* an LSB has come, ever */
	uint8_t msb, lsb;
	uint8_t waits;	  /* for the other half: 0, 'm' or 'l' is here */
	uint64_t wait_ns; /* since then */
	bool expects;	  /* an LSB behind the next MSB, though none came yet:
			   * the caller's to set */
	uint8_t last;	  /* half that came last: 0, 'm' or 'l' */
	int8_t order;	  /* > 0: MSB first, < 0: LSB first, 0: not known */
	uint64_t last_ns; /* when it came */
	uint64_t ml_ns;	  /* from an MSB to the LSB after it; 0: not known */
	uint64_t lm_ns;	  /* from an LSB to the MSB after it; 0: not known */
};

void pair_reset(struct pair *p);

/* A half came: true and *value 0..16383 when that makes a value now. */
bool pair_msb(struct pair *p, uint8_t msb, uint64_t now_ns, uint16_t *value);
bool pair_lsb(struct pair *p, uint8_t lsb, uint64_t now_ns, uint16_t *value);

/* The half that comes next is the first of its value. */
void pair_begins(struct pair *p, bool with_msb);
/* Both at once: what was waited for comes no more. */
void pair_whole(struct pair *p, uint16_t value);

/* The MSB comes first, and then an LSB makes the value, whenever it comes. */
bool pair_is_msb_first(const struct pair *p);

/* True and a value when a half has waited long enough. */
bool pair_run(struct pair *p, uint64_t now_ns, uint16_t *value);

/* Nanoseconds until pair_run() is wanted; UINT64_MAX: nothing waits. */
uint64_t pair_wait_ns(const struct pair *p, uint64_t now_ns);

#endif
