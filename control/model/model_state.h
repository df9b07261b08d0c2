/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a model is made of; for control/model/ only. Types: what is done with
 * a part stands in its own header. Each knows those before it:
 *
 *	values < names < fades (where values are that move) < row
 *	< params (read) < feed (what the mixer was told)
 *	< change (set, note, tell) < schedule < fade < apps < model
 */
#ifndef MODEL_STATE_H
#define MODEL_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "control/model/scene/fades.h"
#include "control/model/scene/rows_scene.h"
#include "control/model/model.h"
#include "control/model/param.h"
#include "control/model/row.h"
#include "control/model/rules/hands.h"
#include "control/util/timer.h"
#include "core/message.h"

#define LISTENERS_MAX 8
#define SLUG_HASH     256 /* places; a power of two, well above STRIPS_MAX */
#define TAIL_HASH     256 /* as well, above the parameters of one strip or bus */

/* What messages can set; see feed.c. */
#define MESSAGE_KEYS (MIX_COUNT * STRIPS_MAX)

/* The part of an address behind /strip/N/ or /bus/BUS/, or all of it. */
struct tail {
	char text[PARAM_ADDRESS_MAX / 2];
	uint8_t row;
	uint8_t bus; /* of a send */
};

/* Where a tail stands. */
enum tail_scope {
	TAILS_OF_STRIP,
	TAILS_OF_BUS,
	TAILS_OF_ALL, /* the one mixer */
	TAIL_SCOPES
};

/* A scope's tails; the parameter of strip or bus i with tail t is number
 * first + i * count + t. */
struct tails {
	struct tail *tail;
	uint32_t count;
	uint32_t first;
	uint16_t hash[TAIL_HASH]; /* tail + 1; 0: empty */
};

struct params {
	struct model *model;
	uint32_t count;
	struct tails value[TAIL_SCOPES];
	uint16_t row_first[ROWS_MAX]; /* tail of its first parameter */
	uint32_t set_count;	      /* with the actions, which come behind */
	struct tails action[TAIL_SCOPES];
};

/* What the mixer was told, and what it was not. */
struct feed {
	struct mixer *mixer; /* NULL: no audio */
	uint32_t rate_hz;
	uint64_t moment_ns; /* what is scheduled up to here was made */
	/* When it was said to the mixer last: mixer_posted() after it, and the
	 * latest frame for which; and that of those that were not scheduled. */
	struct {
		uint32_t posted;
		uint64_t frame, ahead;
	} said[MESSAGE_KEYS];
	bool eq_due; /* it has not heard of the crossovers */
	bool *dirty; /* [params.count]: it has not heard of this */
	uint32_t dirty_count;
	uint32_t *ids;		  /* [params.count]: of what is dirty */
	struct message *messages; /* [2 * params.count] */
	/* Of the MIDI message at hand. */
	const struct reflex_done *done;
	uint32_t dones;
	void (*wake)(void *data); /* or NULL */
	void *wake_data;
};

/* Of one parameter. */
struct change_of {
	bool noted;	  /* it is in news, */
	uint32_t source;  /* made by whom */
	uint64_t made;	  /* the last change that set it itself */
	uint64_t batched; /* that which said it to the mixer */
};

struct change {
	struct change_of *of; /* [params.count] */
	uint32_t *news;	      /* [params.count], a ring: what listeners have not
			       * been told yet, oldest first */
	uint32_t news_at, news_count;
	uint32_t source; /* of the change that is being made */
	uint64_t number; /* of that change; counts on */
	uint32_t *batch; /* [params.count]: what it says to the mixer */
	uint32_t batch_count;
	bool tapped; /* how an app is to be tapped has changed */
	bool telling;
	struct param_gate gate; /* take NULL: none */
	struct {
		param_listener changed; /* NULL: free */
		void *data;
	} listener[LISTENERS_MAX];
	/* How a strip's app is to be tapped is another way. */
	void (*tap)(struct model *c);
};

/* How an app has come to be where it is. */
enum placed {
	PLACED_BY_HAND,
	PLACED_BY_RULE,
	PLACED_AS_BEFORE,
	PLACED_FREE,
	IGNORED_BY_HAND,
	IGNORED_BY_RULE,
	IGNORED_UNLISTED,
	NO_STRIP_IS_FREE,
};

struct app_slot {
	struct app app; /* as the driver told; text made clean */
	int strip;	/* or -1 */
	enum placed placed;
	int asked_strip; /* what the driver was asked for last, or -1 */
	enum tap_mode asked_tap;
	uint32_t asked_pair;
};

struct rules;

struct apps {
	struct rules *rules;
	bool reserved[STRIPS_MAX]; /* a rule or a hand names it */
	struct hands *hands;	   /* the caller's, or: */
	struct hands own_hands;
	struct app_slot *app;
	uint32_t count, cap;
	double lefts;	   /* counts on; see ROW_STRIP_LEFT */
	uint32_t assigned; /* by model_assign() */
	model_tap tap;
	void *tap_data;
};

struct schedule;

struct model {
	struct model_config config;
	struct kept kept;
	char told[STRIPS_MAX][PARAM_TEXT_MAX]; /* row app: apps.c writes */
	uint32_t held[STRIPS_MAX];	       /* apps on a strip: as well */
	uint8_t slugs[SLUG_HASH];	       /* strip + 1; 0: empty */
	uint64_t names; /* counts on when a strip is called otherwise */
	struct params params;
	struct fades fades;
	struct scene_rows scene;
	struct feed feed;
	struct change change;
	struct schedule *schedule;
	struct apps apps;
	struct timer timer; /* of model_run(); no loop: none */
};

#endif
