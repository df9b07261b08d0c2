/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The model: strips, buses, routes, and which app is on which strip.
 *
 * It owns the parameters and is the only one who talks to the mixer's queue.
 * Its values live in memory that the caller gives, so that they can outlive
 * the process: what is found there valid is taken over. Control thread only. */
#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/model/model_config.h"
#include "control/model/param.h"
#include "driver/driver.h"

struct model;
struct hands;
struct loop;
struct mixer;
struct reflex_done;

size_t model_memory_bytes(void); /* fits SUPERVISOR_MEMORY_BYTES */

/* memory[model_memory_bytes()], zeroed or as an earlier model of the same
 * configuration left it. 0, or -ENOMEM, -EINVAL. */
int model_new(
	struct model **out, const struct model_config *config, void *memory);
void model_free(struct model *c);

/* The same, and memory that is new is filled by restore(), with keep_put() of
 * control/model/keep/keep.h and nothing else of the model. Killed in the midst
 * of it, the process has left nothing that another one would take over. */
typedef void (*model_restore)(void *data, struct model *c);
int model_new_kept(struct model **out, const struct model_config *config,
	void *memory, model_restore restore, void *data);

struct params *model_params(struct model *c);
const struct model_config *model_config(const struct model *c);

/* Rules, what becomes of the rest, names of strips, the tap of new ones and the
 * EQ's crossovers are those of next from now on, which is good. Who knows more
 * of a stream than its key and name is to be asked again for the app's rule,
 * see driver_regroup(). 0, or -ENOMEM and all is as before. */
int model_reload(struct model *c, const struct model_config *next);

/* The driver's news. The mixer gets every value at once. */
void model_mixer_start(struct model *c, struct mixer *m, uint32_t rate_hz);
void model_mixer_stop(struct model *c);
/* Which rule a stream falls under, as struct app has it; puts what tells it
 * from its program's other streams behind key and name. */
uint32_t model_stream(const struct model *c, const struct driver_stream *s,
	char key[APP_KEY_MAX], char name[APP_NAME_MAX]);
void model_app(struct model *c, const struct app *app);
void model_app_gone(struct model *c, uint32_t app_id);
void model_apps_gone(struct model *c);

/* Between these two a MIDI message of the audio thread is handled, which has
 * done something with it already: done[n], the caller's, at this frame, after
 * it had taken so many messages; see core/reflex.h. The mixer is not told that
 * again; where the values are others in the end, it is told those. */
void model_done_begin(
	struct model *c, const struct reflex_done *done, uint32_t n);
void model_done_end(struct model *c, uint64_t frame, uint32_t taken);

/* How the model asks for taps; NULL: it does not (render). */
typedef int (*model_tap)(void *data, uint32_t app_id, int strip,
	enum tap_mode mode, uint32_t pair);
void model_set_tap(struct model *c, model_tap tap, void *data);

/* How the parameters /scene, /scene/save, /scene/undo, /scene/finish and
 * /scene/stop ask for what they say, once the change that set them is made;
 * NULL: nobody does it. */
enum model_scene_ask {
	MODEL_SCENE_RECALL,
	MODEL_SCENE_SAVE,
	MODEL_SCENE_UNDO,
	MODEL_SCENE_FINISH,
	MODEL_SCENE_STOP,
};
typedef void (*model_scene)(
	void *data, enum model_scene_ask what, const char *name);
void model_set_scenes(struct model *c, model_scene ask, void *data);
/* While it asks: at which frame of the mixer, 0: now. */
uint64_t model_scene_frame(const struct model *c);
/* What /scene tells, with those that set something just now. */
void model_scene_is(struct model *c, const char *name);

/* Puts an app by key on a strip as if it had been seen (render: --app). Its
 * strip, 0.., or -EINVAL (no key), -ENOMEM, -ENOSPC (no strip is free). */
int model_assign(struct model *c, const char *key, const char *name);

/* Apps by hand, whatever the rules say. The table is the caller's, zeroed or as
 * an earlier model left it. */
#define MODEL_STRIP_AUTO (-1000)
void model_set_hands(struct model *c, struct hands *memory);
/* The key of an app that plays or has a strip, by slug, key or name */
bool model_app_key(
	const struct model *c, const char *app, char key[APP_KEY_MAX]);
/* Where it is, or would be: from 0, or -1 */
int model_app_strip(const struct model *c, const char *key);
/* A strip by number or slug, from 0; HANDS_NOWHERE for "none",
 * MODEL_STRIP_AUTO for "auto"; -ENOENT. */
int model_strip_named(const struct model *c, const char *strip);
/* One of these for the app of this key, now and when it comes again; it plays
 * on. save: for those who save. False: there is no room, see hands.h */
bool model_hand(struct model *c, const char *key, int strip, bool save);

bool model_hand_is_saved(const struct model *c, const char *key);

#define MODEL_EXPLAIN_MAX 400 /* bytes with the NUL */
/* Of an app that plays: its strip, from 0, or -1, and in words why it is there;
 * false: there is no such app. */
bool model_explain(const struct model *c, uint32_t app_id, int *strip,
	char why[MODEL_EXPLAIN_MAX]);

/* Apps that play now, in order of strip; those without a strip last. */
struct model_app_view {
	struct app app;
	char slug[PARAM_TEXT_MAX]; /* of its strip, or "" */
};
uint32_t model_apps(
	const struct model *c, struct model_app_view *out, uint32_t max);

/* Works off what waits (scheduled changes, values the queue had no room for).
 * now is CLOCK_MONOTONIC. Returns the ns until it wants to be called again,
 * UINT64_MAX for not at all. */
uint64_t model_run(struct model *c, uint64_t now_ns);

/* From now on it is called by this loop in time, whoever calls it besides. */
void model_set_loop(struct model *c, struct loop *l);

#endif
