/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows: whatever a strip or a bus has a value of, and all that there is to
 * know about it.
 *
 * A row stands for one value of every strip, of every strip and bus, of every
 * bus, or of the one mixer. Getting, setting, resetting, checking and keeping
 * it, its message to the mixer and its place in the schedule and on the fast
 * path follow from the row. A new one is a row in rows.c, at the end of the
 * table if nothing needs to call it by name, and, if the mixer has to know it,
 * a parameter in core/message.h with its use in a stage. For control/model/
 * only. */
#ifndef ROW_H
#define ROW_H

#include <stdbool.h>
#include <stdint.h>

#include "control/model/model.h"
#include "control/model/param.h"
#include "control/model/values.h"
#include "core/curve.h"
#include "core/message.h"

#define ROWS_MAX    64
#define LEFT_MAX    1125899906842624.0 /* 2^50: four times as much is whole */
#define PLACE_BUS   255 /* place.strip: it belongs to a bus, or to all */
#define CHANGED_MAX (2 * ROWS_MAX + BUSES_MAX)

/* Those that somebody calls by name. */
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
	ROW_STRIP_MAIN_OUT,
	ROW_STRIP_BY_HAND,
	ROW_STRIP_LEFT,
	ROW_STRIP_SLUG,
	ROW_STRIP_KEY,
	ROW_BUS_GAIN,
	ROW_BUS_FADER,
	ROW_BUS_MUTE,
	ROW_EQ_LOW,
	ROW_EQ_MID,
	ROW_EQ_HIGH,
	ROW_SCENE,
};

enum row_scope {
	ROW_OF_STRIP, /* /strip/N/name */
	ROW_OF_SEND,  /* /strip/N/name/BUS */
	ROW_OF_BUS,   /* /bus/BUS/name */
	ROW_OF_ALL,   /* /name */
};

/* What can be done to a row's value without knowing it: an address of its own
 * behind that of the parameter, which can be set and has no value. */
enum row_action {
	ROW_NO_ACTION,
	ROW_STEP,   /* /step: this much more, or less */
	ROW_TOGGLE, /* /toggle: 0 becomes 1, 1 becomes 0 */
};

/* Which one of a row's values. */
struct place {
	uint8_t strip; /* or PLACE_BUS */
	uint8_t bus;
};

/* The values that have become others, oldest first. */
struct changed {
	uint32_t count;
	struct {
		enum row_name row;
		struct place at;
	} value[CHANGED_MAX];
};

/* What is to be kept of a row. */
struct row_word {
	enum row_name row;
	double keep;
};

#define ROW_WORDS_MAX 4

struct row {
	const char *name;
	enum row_scope scope;
	enum param_type type;	  /* a text with choices is kept as a number */
	double min, max, initial; /* max of a text: bytes; 0: PARAM_TEXT_MAX */
	const char *unit;
	const char *help;
	enum row_action action;
	enum curve_law scale; /* CURVE_FADER, CURVE_KNOB: of the decibels that
			       * are kept */
	bool read_only;
	bool inner;    /* has no address */
	bool stays;    /* on its strip when another app comes to that */
	bool fleeting; /* of this moment: not saved, in no scene */
	bool waits;    /* for the beat, when /quantise says so */
	bool told; /* not kept: model.told, or model.scene.last, has it, which
		    * another part writes */

	bool again; /* told each time that it is set, also to what it is */
	bool asks;  /* setting it asks another part for something: not kept */
	/* What it asks for; where it is told again, only that it be told. */
	enum model_scene_ask scene;
	/* MIX_NONE: that of the row it shows, and if there is none nothing. */
	enum mix mix;

	/* The row whose value it shows on another scale; NULL: it has its own,
	 * which may itself be kept on another scale than it is shown. */
	const struct row *of;
	/* NULL: shown as it is kept, or on its scale; see row_shown(). */
	double (*show)(const struct model *c, struct place at, double kept);
	double (*keep)(
		const struct model *c, struct place at, double now, double v);
	/* Of what is kept. NULL: `initial`, `max` */
	double (*start)(const struct model *c);
	double (*most)(const struct model *c);
	const char *(*start_text)(const struct model *c, struct place at);
	/* NULL both: free text or a number. What is shown is the index of one
	 * of these, which end in NULL, or of those of this model. */
	const char *const *words;
	uint32_t (*choices)(
		const struct model *c, const char *choice[PARAM_CHOICES_MAX]);
	const char *no_choice; /* shown where the index is -1 */

	/* From the value to the mixer's; NULL: the same. */
	float (*law)(double v);

	/* Where setting it keeps other rows as well: all of them and itself,
	 * at the same place, in this order; how many. */
	uint32_t (*keeps)(const struct model *c, struct place at, double keep,
		struct row_word word[ROW_WORDS_MAX]);
	/* Where setting it is something else. */
	void (*set_text)(struct model *c, struct place at, const char *text,
		struct changed *out);
};

/* Where the values of the rows are kept. */
struct kept {
	struct values *values;
	uint8_t slot[ROWS_MAX];
};

static inline struct place
strip_place(uint32_t strip)
{
	return (struct place){.strip = (uint8_t)strip};
}

static inline _Atomic double *
kept_at(const struct kept *k, enum row_name row, struct place at)
{
	return &k->values->number[k->slot[row]]
				 [at.strip == PLACE_BUS ? at.bus : at.strip];
}

static inline double
kept_number(const struct kept *k, enum row_name row, struct place at)
{
	return values_number(kept_at(k, row, at));
}

static inline struct values_text *
kept_text(const struct kept *k, enum row_name row, uint32_t strip)
{
	return &k->values->text[k->slot[row]][strip];
}

extern const struct row rows[];
extern const uint32_t rows_count;

/* The slot of each, new ones with their first values, and those that are there
 * put into their range. 0, or -ENOSPC. */
int rows_open(struct model *c);

enum row_name row_name_of(const struct row *row);
/* Is its place a strip, or one in a strip? */
static inline bool
row_is_of_strip(const struct row *row)
{
	return row->scope == ROW_OF_STRIP || row->scope == ROW_OF_SEND;
}

/* Setting it is no more than keeping it. */
static inline bool
row_is_plain(const struct row *row)
{
	return !row->keeps && !row->again;
}

static inline bool
row_has_choices(const struct row *row)
{
	return row->words || row->choices;
}

/* How many; 0: it has none. */
uint32_t row_choices(const struct model *c, const struct row *row,
	const char *choice[PARAM_CHOICES_MAX]);

/* The row that keeps the value. */
static inline const struct row *
row_keeper(const struct row *row)
{
	return row->of ? row->of : row;
}

/* What is shown of a kept number, and what is kept, where `now` was, when v is
 * to be shown. */
double row_shown(const struct model *c, const struct row *row, struct place at,
	double kept);
double row_kept(const struct model *c, const struct row *row, struct place at,
	double now, double v);

/* Has it a text of its own, or a number? */
bool row_keeps_text(const struct row *row);
bool row_keeps_number(const struct row *row);

/* What is kept of it first. */
double row_first(const struct model *c, const struct row *row);

/* Puts what is kept into its range. */
void row_check(const struct model *c, const struct row *row, struct place at);

void row_get(const struct model *c, const struct row *row, struct place at,
	struct param_value *out);
void row_initial(const struct model *c, const struct row *row, struct place at,
	struct param_value *out);

/* What the mixer is told of value v, or of the present one when v is NULL.
 * false: nothing. */
bool row_message(const struct model *c, const struct row *row, struct place at,
	const struct param_value *v, struct message *out);

/* Its part of what a control's values are to the mixer; false: that cannot be
 * said. */
bool row_curve(const struct model *c, const struct row *row, struct place at,
	struct curve *out);

/* Each adds to *out what it has changed. v is checked. */
void row_set(struct model *c, const struct row *row, struct place at,
	const struct param_value *v, struct changed *out);
void row_act(struct model *c, const struct row *row, struct place at,
	const struct param_value *v, struct changed *out);
void row_keep(struct model *c, enum row_name row, struct place at, double keep,
	struct changed *out);
/* Likewise, while it fades: that goes on. */
void row_move(struct model *c, enum row_name row, struct place at, double keep,
	struct changed *out);
/* The values of a strip to which another app comes. */
void rows_renew(struct model *c, uint32_t strip, struct changed *out);

static inline void
changed_add(struct changed *out, enum row_name row, struct place at)
{
	if (out->count == CHANGED_MAX)
		return;
	out->value[out->count].row = row;
	out->value[out->count++].at = at;
}

#endif
