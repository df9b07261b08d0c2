/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parameters: one table of everything that can be set or read by name.
 *
 * OSC, MIDI, scenes, the state file and the command line are views of it: a new
 * parameter is one more row in rows.c. Handlers of a protocol only
 * decode, and call param_check() and param_apply().
 *
 * A parameter is named by a number from 0 to param_count() - 1, the same for
 * the life of the table. Everything here runs on the control thread. */
#ifndef PARAM_H
#define PARAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/util/share.h"

#define PARAM_TEXT_MAX	   64  /* bytes with the NUL */
#define PARAM_ADDRESS_MAX  96  /* bytes with the NUL */
#define PARAM_NAMED_MAX	   128 /* bytes with the NUL: by a name */
#define PARAM_WHY_MAX	   200 /* bytes with the NUL */
#define PARAM_CHOICES_MAX  16
#define PARAM_AHEAD_MAX_NS UINT64_C(10000000000)

struct curve;
struct message;
struct params;

enum param_type {
	PARAM_FLOAT = 'f',
	PARAM_INT = 'i',
	PARAM_TEXT = 's',
};

struct param_value {
	enum param_type type;
	union {
		double f; /* on the way in: any number of OSC, exactly */
		int64_t i;
		char s[PARAM_TEXT_MAX]; /* without a NUL: it was too long */
	};
};

struct param_info {
	char address[PARAM_ADDRESS_MAX]; /* by number: /strip/3/gain */
	enum param_type type;
	double min, max; /* numbers; of a choice, its indices */
	struct param_value initial;
	const char *unit; /* "dB", "" */
	const char *help; /* a few words */
	bool read_only;
	bool fleeting;	  /* of this moment: not saved, in no scene */
	bool asks;	  /* set, it has something done, and is no value */
	uint32_t choices; /* > 0: PARAM_TEXT that is one of these names */
	const char *choice[PARAM_CHOICES_MAX];
};

struct param_change {
	uint32_t id;
	struct param_value value; /* as param_check() gave it */
};

/* Who made a change: a subscriber is not told of its own. What only follows
 * from it (a fader from a gain, what an action comes to) is nobody's. */
#define PARAM_SOURCE_NONE 0u

uint32_t param_count(const struct params *p);

/* The parameter at an address; strips by number, by slug, or by /app/SLUG.
 * -ENOENT: no such address. */
int param_find(const struct params *p, const char *address);

/* Every parameter that an OSC 1.0 pattern names (numbers and slugs, each
 * parameter once, in order of id): how many; at most max are put into ids[]. A
 * plain address is a pattern too. */
uint32_t param_match(const struct params *p, const char *pattern, uint32_t *ids,
	uint32_t max);

/* How an address names a strip; a bus has its name only. */
enum param_form {
	PARAM_BY_NUMBER, /* /strip/3/gain, /bus/main/gain */
	PARAM_BY_SLUG,	 /* /strip/spotify/gain */
	PARAM_BY_APP,	 /* /app/spotify/gain, while the app is there */
	PARAM_FORMS
};

/* As param_match(): those that the pattern names in this form, by slug only
 * where not by number as well. */
uint32_t param_match_form(const struct params *p, const char *pattern,
	enum param_form form, uint32_t *ids, uint32_t max);

/* May a pattern name something one day, when a strip is called so? */
bool param_may_match(const struct params *p, const char *pattern);

/* The address in this form; false: it has none now. */
bool param_address(const struct params *p, uint32_t id, enum param_form form,
	char out[PARAM_NAMED_MAX]);

/* Another number than before: strips may be called otherwise. Listeners are
 * told of a change of the strip's name or app after that. */
uint64_t param_names(const struct params *p);

/* Actions are set and never read: /strip/1/mute/toggle, /strip/1/gain/step.
 * Their numbers follow those of the parameters, up to param_set_count() - 1,
 * and are good for param_info(), param_check(), param_apply() and
 * param_schedule() only. An action that is scheduled acts at its moment, not at
 * its sample. */
uint32_t param_set_count(const struct params *p);
bool param_is_action(const struct params *p, uint32_t id);

/* As param_match(), for what can be set: actions as well, when the pattern has
 * their word. */
uint32_t param_match_set(const struct params *p, const char *pattern,
	uint32_t *ids, uint32_t max);

/* Does an action need no value: is it just done? */
bool param_is_press(const struct params *p, uint32_t id);

/* The address that somebody may have meant by one that is none, or false. */
bool param_nearest(const struct params *p, const char *address,
	char out[PARAM_ADDRESS_MAX]);

/* Is the last part of an address the word of an action? */
bool param_names_action(const char *address);

void param_info(const struct params *p, uint32_t id, struct param_info *out);

/* The value as it was set last. */
void param_get(const struct params *p, uint32_t id, struct param_value *out);

/* That whose value it shows on another scale, or a part of; or itself. */
uint32_t param_keeper(const struct params *p, uint32_t id);
/* May a scene set it? Not what a strip is called or holds. */
bool param_in_scene(const struct params *p, uint32_t id);

/* The number that a value is; a text may be one, and "true" and "false" are.
 * false: none, or NaN. */
bool param_number(const struct param_value *v, double *out);

/* A value that came from outside, made one of this parameter: numbers are
 * clamped and converted, choices taken by name or index, text checked (UTF-8,
 * length). 0, or -EINVAL (wrong type, NaN, no such choice), -EPERM (read-only),
 * -ERANGE (text too long), with one line in why[PARAM_WHY_MAX]: what was wrong
 * and what is allowed. */
int param_check(const struct params *p, uint32_t id,
	const struct param_value *from, struct param_value *out, char *why);

/* Sets all of them as one, at one frame of the mixer (0: the next block).
 * Values from param_check(). Never fails: what the audio thread has no room for
 * now is sent again later. */
void param_apply(struct params *p, const struct param_change *changes,
	uint32_t n, uint64_t frame, uint32_t source);

/* The same at a moment of CLOCK_REALTIME, sample-accurate while audio runs; a
 * moment that has passed means now. -E2BIG: further ahead than
 * PARAM_AHEAD_MAX_NS; -ENOBUFS: too many of this machine wait already. Then
 * nothing is done. Several are given in the order of their moments, without
 * model_run() between: the mixer may have passed them already. */
int param_schedule(struct params *p, const struct param_change *changes,
	uint32_t n, uint64_t realtime_ns, uint32_t source,
	const struct share_who *who);

/* A moment of CLOCK_REALTIME as param_schedule() has it: CLOCK_MONOTONIC, now
 * if it has passed. */
uint64_t param_schedule_moment(struct params *p, uint64_t realtime_ns);
/* What is scheduled for later than this CLOCK_MONOTONIC is not made, even if
 * its moment has come or the mixer has passed it, since something earlier is
 * still to be done; UINT64_MAX: nothing is. model_run() makes it then. */
void param_schedule_behind(struct params *p, uint64_t moment_ns);

/* How many more changes of this machine param_schedule() has room for; *max:
 * at most */
uint32_t param_schedule_room(
	const struct params *p, const struct share_who *who, uint32_t *max);

/* Takes room that is used later, false: there is not so much; and gives it
 * back. */
bool param_schedule_hold(
	struct params *p, const struct share_who *who, uint32_t n);
void param_schedule_drop(
	struct params *p, const struct share_who *who, uint32_t n);

/* The same at one frame of the mixer, which is to come, of this machine's own:
 * it lands on that, whatever its clock says meanwhile. At once where there is
 * no clock or no room. */
void param_schedule_frame(struct params *p, const struct param_change *changes,
	uint32_t n, uint64_t frame, uint32_t source);

/* ---- on the beat ---- */

enum param_when {
	PARAM_AS_SET,  /* as /quantise says, where its row goes by that */
	PARAM_AT_ONCE, /* whatever that says */
	PARAM_ON_BEAT,
	PARAM_ON_BAR,
	PARAM_ON_2BARS,
	PARAM_ON_4BARS,
	PARAM_WHENS
};
/* Their words from PARAM_AT_ONCE on, "off" first; ends in NULL. */
extern const char *const param_when_words[];

/* Who keeps what waits; see control/tempo/. Without it nothing does. */
struct param_gate {
	/* Has it wait: a change of a parameter, which may go by /quantise or
	 * not. False: it is to be made at once. */
	bool (*take)(void *data, const struct param_change *change,
		bool by_quantise, uint32_t source, enum param_when when);
	/* Would one have to wait, if a clock runs? */
	bool (*waits)(void *data, bool by_quantise, enum param_when when);
	/* What this parameter waits to become; false: nothing. */
	bool (*pending)(void *data, uint32_t id, struct param_value *out);
	uint32_t (*count)(void *data); /* of those that do */
	void (*cancel)(void *data, const char *why);
	void *data;
};
void param_set_gate(struct params *p, const struct param_gate *gate);

/* What somebody asks for: as param_apply(), but what is to wait does, and what
 * waits already, and is asked for again or for what it is, does no more. */
void param_request(struct params *p, const struct param_change *changes,
	uint32_t n, uint64_t frame, uint32_t source, enum param_when when);
bool param_waits(const struct params *p, uint32_t id, enum param_when when);
bool param_pending(
	const struct params *p, uint32_t id, struct param_value *out);
uint32_t param_pendings(const struct params *p);
/* Nothing that waits is done; why is for the log. What is on its way to the
 * mixer already is followed by the value of now. */
void param_cancel(struct params *p, const char *why);
/* Listeners are told of its value once more, as nobody's change. */
void param_tell(struct params *p, uint32_t id);

/* What the mixer is told of this value, when that is all that a change to it
 * does, whatever the other values are; else false. */
bool param_message(const struct params *p, uint32_t id,
	const struct param_value *value, struct message *out);

/* Likewise of every value that a control may say: where the mixer is told it,
 * and in *out the range, the law and the choices. */
bool param_curve(const struct params *p, uint32_t id, struct message *to,
	struct curve *out);

/* Called on every change of a value, also one made by param_schedule() when
 * its moment has come. Up to 8 listeners. */
typedef void (*param_listener)(void *data, uint32_t id, uint32_t source);
int param_listen(struct params *p, param_listener changed, void *data);
void param_unlisten(struct params *p, param_listener changed, void *data);

#endif
