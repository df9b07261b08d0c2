/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a console is made of; for param*.c, schedule.c and console*.c only. */
#ifndef CONSOLE_STATE_H
#define CONSOLE_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "control/model/console.h"
#include "control/model/keep.h"
#include "control/util/name.h"
#include "control/model/param.h"
#include "control/model/param_row.h"
#include "core/message.h"

#define LISTENERS_MAX 8
#define SLUG_HASH     256 /* places; a power of two, well above STRIPS_MAX */
#define TAIL_HASH     256 /* as well, above the parameters of one strip or bus */

/* What messages can set; see message_key(). */
#define MESSAGE_KEYS (MIX_COUNT * STRIPS_MAX)
_Static_assert(BUSES_MAX <= STRIPS_MAX, "a bus has the key of its number");

/* The part of an address behind /strip/N/ or /bus/BUS/. */
struct tail {
	char text[PARAM_ADDRESS_MAX / 2];
	uint8_t row;
	uint8_t bus; /* of a send */
};

/* A scope's tails; the parameter of strip or bus i with tail t is number
 * first + i * count + t. */
struct tails {
	struct tail *tail;
	uint32_t count;
	uint32_t first;
	uint16_t hash[TAIL_HASH]; /* tail + 1; 0: empty */
};

struct news {
	uint32_t id;
	uint32_t source;
};

struct params {
	struct console *console;
	uint32_t count;
	struct tails strips;
	struct tails buses;
	uint16_t row_first[ROWS]; /* tail of its first parameter */
	uint32_t set_count;	  /* with the actions, which come behind */
	struct tails strip_actions;
	struct tails bus_actions;
	uint64_t names; /* counts on when a strip is called otherwise */

	/* What listeners have not been told yet, oldest first. */
	struct news *news; /* [count], a ring */
	bool *noted;	   /* [count]: it is in news */
	uint32_t news_at, news_count;
	uint64_t notes;	 /* counts on */
	uint32_t source; /* of the change that is being made */
	uint64_t *made;	 /* [count]: the last change that set it itself */
	bool telling;
	struct {
		param_listener changed; /* NULL: free */
		void *data;
	} listener[LISTENERS_MAX];

	/* What the mixer has not been told yet. */
	bool *dirty; /* [count] */
	uint32_t dirty_count;
	uint32_t *batch;   /* [count]: what the change at hand says to it */
	uint64_t *batched; /* [count]: in which change */
	uint64_t change;   /* counts on */
	struct message *messages; /* [count] */
};

struct app_slot {
	struct app app;	 /* as the driver told; text made clean */
	int strip;	 /* or -1 */
	int asked_strip; /* what the driver was asked for last, or -1 */
	enum tap_mode asked_tap;
	uint32_t asked_pair;
};

struct schedule;

struct console {
	struct console_config config;
	struct keep *keep;
	struct params params;
	struct schedule *schedule;

	struct mixer *mixer; /* NULL: no audio */
	uint32_t rate_hz;
	uint64_t moment_ns; /* what is scheduled up to here was made */
	/* When it was said to the mixer last: mixer_posted() after it, and the
	 * frame for which; see console_done.c. */
	struct {
		uint32_t posted;
		uint64_t frame;
	} said[MESSAGE_KEYS];
	const struct reflex_done *done; /* of the MIDI message at hand */
	uint32_t dones;

	uint8_t slugs[SLUG_HASH];  /* strip + 1; 0: empty */
	bool reserved[STRIPS_MAX]; /* a rule names it */

	struct app_slot *app;
	uint32_t apps, apps_cap;
	uint32_t held[STRIPS_MAX]; /* apps on a strip */
	uint64_t lefts;		   /* counts on; see struct keep_strip */
	uint32_t assigned;	   /* by console_assign() */
	console_tap tap;
	void *tap_data;
	void (*wake)(void *data); /* or NULL */
	void *wake_data;
};

/* ---- console.c ---- */

/* Something waits for console_run(). */
void console_wake(struct console *c);

/* ---- param.c ---- */

int params_init(struct params *p, struct console *c);
void params_done(struct params *p);

/* Sets checked values. posted: the mixer knows them already, but for those that
 * param_message() has none for. */
void params_set(struct params *p, const struct param_change *changes,
	uint32_t n, uint64_t frame, uint32_t source, bool posted);

/* Tells listeners what was noted. */
void params_tell(struct params *p);

/* Posts the present values of ids[n], which have messages, as one. False: there
 * is no room. */
bool params_post(
	struct params *p, const uint32_t *ids, uint32_t n, uint64_t frame);

/* The mixer has not heard of this one: params_flush() says it. */
void params_dirty(struct params *p, uint32_t id);

/* What the mixer is to hear of this parameter, with the value of now. */
struct message params_message_now(const struct params *p, uint32_t id);

/* What the mixer is to hear of this value; false: nothing. */
bool params_message(const struct params *p, const struct param_change *change,
	struct message *out);

/* Everything is news to the mixer. */
void params_dirty_all(struct params *p);
/* Sends it what it has not heard; true when nothing is left. */
bool params_flush(struct params *p);

/* Of an action: that of the parameter it acts on. */
const struct row *params_row(
	const struct params *p, uint32_t id, struct place *at);
/* The numbers that can be set. */
struct span {
	enum param_type type;
	double min, max;
};
struct span params_span(const struct params *p, uint32_t id);

uint32_t params_id(const struct params *p, enum row_name row, struct place at);

/* ---- param_match.c ---- */

/* Fills the scopes' tails and hashes. 0 or -ENOMEM. */
int params_name(struct params *p);
/* After a slug has changed. */
void params_slugs(struct params *p);
/* The strip with this slug, or -1. */
int params_slug_strip(const struct params *p, const char *slug);
/* Which of the tails a pattern names, in hit[]; false: none. */
bool params_tails_match(
	const struct tails *t, const char *pattern, bool hit[TAIL_HASH]);

/* ---- schedule.c ---- */

int schedule_new(struct schedule **out);
void schedule_free(struct schedule *s);
/* Makes the changes whose moment has come. now_ns 0: what time it is. */
void schedule_settle(struct console *c, uint64_t now_ns);
/* That, and posts what comes soon. Returns the ns until the next time. */
uint64_t schedule_run(struct console *c, uint64_t now_ns);
/* The mixer has forgotten what it was posted. */
void schedule_mixer_gone(struct schedule *s);
/* The token of a word of now: later than what was made so far, and earlier than
 * what is still to be made. */
uint64_t schedule_token(const struct console *c);
/* The mixer was told this. */
void schedule_said(struct console *c, const struct message *m);
/* What m sets was set by us as well, after the audio thread had taken so many
 * messages or for a later frame. */
bool schedule_said_since(const struct console *c, const struct message *m,
	uint32_t taken, uint64_t frame);

/* ---- console_done.c ---- */

/* Takes what the audio thread has done itself out of ids[n]; how many are left.
 */
uint32_t console_done_leave(const struct console *c, uint32_t *ids, uint32_t n);

/* ---- console_names.c ---- */

/* The name on a strip, and its slug. */
void console_name_strip(
	struct console *c, uint32_t strip, const char *name, bool by_user);
/* After keep_open(): slugs, order of leaving. */
void console_take_over(struct console *c);
/* The app or apps that a strip holds, for people. */
void console_strip_app(
	const struct console *c, uint32_t strip, char out[PARAM_TEXT_MAX]);
/* ---- console_apps.c ---- */

/* Asks the driver for what is not as it should be. */
void console_retap(struct console *c);

#endif
