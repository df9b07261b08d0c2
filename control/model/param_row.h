/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of the parameter table, and what a setter may call. For param*.c
 * and console*.c only.
 *
 * A row stands for one parameter of every strip, of every strip and bus, or of
 * every bus. To add one: its name in enum row_name, the row itself, a getter
 * and a setter in param_table.c, and a field in keep.h if it is a value that
 * outlives the process (which makes KEEP_VERSION one more). */
#ifndef PARAM_ROW_H
#define PARAM_ROW_H

#include <stdbool.h>
#include <stdint.h>

#include "control/model/param.h"
#include "core/message.h"

struct console;

enum row_name {
	ROW_STRIP_GAIN,
	ROW_STRIP_FADER,
	ROW_STRIP_MUTE,
	ROW_STRIP_TRIM,
	ROW_STRIP_ROUTE,
	ROW_STRIP_ROUTE_INDEX,
	ROW_STRIP_SEND,
	ROW_STRIP_TAP,
	ROW_STRIP_NAME,
	ROW_STRIP_APP,
	ROW_BUS_GAIN,
	ROW_BUS_FADER,
	ROW_BUS_MUTE,
	ROWS
};

enum row_scope {
	ROW_OF_STRIP, /* /strip/N/name */
	ROW_OF_SEND,  /* /strip/N/name/BUS */
	ROW_OF_BUS,   /* /bus/BUS/name */
};

/* What can be done to a row's value without knowing it: an address of its own
 * behind that of the parameter, which can be set and has no value. */
enum row_action {
	ROW_NO_ACTION,
	ROW_STEP,   /* /step: this much more, or less */
	ROW_TOGGLE, /* /toggle: 0 becomes 1, 1 becomes 0 */
};

#define PLACE_BUS 255 /* place.strip: it belongs to a bus, not a strip */

/* Which one of a row's parameters. */
struct place {
	uint8_t strip; /* or PLACE_BUS */
	uint8_t bus;
};

struct row {
	const char *name;
	enum row_scope scope;
	enum param_type type;
	double min, max, initial;
	const char *unit;
	const char *help;
	enum row_action action;
	bool read_only;
	bool more; /* a change is more than its message, or that hangs on more
		    * than the value */

	/* NULL: free text or a number. A number with choices is the index of
	 * one. */
	uint32_t (*choices)(
		const struct console *c, const char *choice[PARAM_CHOICES_MAX]);
	/* NULL: `initial` */
	void (*start)(const struct console *c, struct place at,
		struct param_value *out);
	/* out->type and the number's rounding to a float are the caller's */
	void (*get)(const struct console *c, struct place at,
		struct param_value *out);
	/* Stores a checked value, and calls params_note() for each parameter
	 * whose value is another one by that. NULL: read-only. */
	void (*set)(struct console *c, struct place at,
		const struct param_value *v);
	/* What the mixer is told of value v, or of the present one when v is
	 * NULL. NULL: nothing. */
	void (*message)(const struct console *c, struct place at,
		const struct param_value *v, struct message *out);
};

extern const struct row param_rows[ROWS];

/* The value of this parameter is another one: listeners will be told. */
void params_note(struct console *c, enum row_name row, struct place at);

#endif
