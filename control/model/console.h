/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The console: strips, buses, routes, and which app is on which strip.
 *
 * It owns the parameters and is the only one who talks to the mixer's queue.
 * Its values live in memory that the caller gives, so that they can outlive
 * the process: what is found there valid is taken over. Control thread only. */
#ifndef CONSOLE_H
#define CONSOLE_H

#include <stddef.h>
#include <stdint.h>

#include "control/model/console_config.h"
#include "control/model/param.h"
#include "driver/driver.h"

struct console;
struct loop;
struct mixer;
struct reflex_done;

size_t console_memory_bytes(void); /* fits SUPERVISOR_MEMORY_BYTES */

/* memory[console_memory_bytes()], zeroed or as an earlier console of the same
 * configuration left it. 0, or -ENOMEM, -EINVAL. */
int console_new(struct console **out, const struct console_config *config,
	void *memory);
void console_free(struct console *c);

struct params *console_params(struct console *c);
const struct console_config *console_config(const struct console *c);

/* The driver's news. The mixer gets every value at once. */
void console_mixer_start(struct console *c, struct mixer *m, uint32_t rate_hz);
void console_mixer_stop(struct console *c);
void console_app(struct console *c, const struct app *app);
void console_app_gone(struct console *c, uint32_t app_id);
void console_apps_gone(struct console *c);

/* Between these two a MIDI message of the audio thread is handled, which has
 * done something with it already: done[n], the caller's, at this frame, after
 * it had taken so many messages; see core/reflex.h. The mixer is not told that
 * again; where the values are others in the end, it is told those. */
void console_done_begin(
	struct console *c, const struct reflex_done *done, uint32_t n);
void console_done_end(struct console *c, uint64_t frame, uint32_t taken);

/* How the console asks for taps; NULL: it does not (render). */
typedef int (*console_tap)(void *data, uint32_t app_id, int strip,
	enum tap_mode mode, uint32_t pair);
void console_set_tap(struct console *c, console_tap tap, void *data);

/* Puts an app by key on a strip as if it had been seen (render: --app). Its
 * strip, 0.., or -EINVAL (no key), -ENOMEM, -ENOSPC (no strip is free). */
int console_assign(struct console *c, const char *key, const char *name);

/* Apps that play now, in order of strip; those without a strip last. */
struct console_app_view {
	struct app app;
	char slug[PARAM_TEXT_MAX]; /* of its strip, or "" */
};
uint32_t console_apps(
	const struct console *c, struct console_app_view *out, uint32_t max);

/* Works off what waits (scheduled changes, values the queue had no room for).
 * now is CLOCK_MONOTONIC. Returns the ns until it wants to be called again,
 * UINT64_MAX for not at all. */
uint64_t console_run(struct console *c, uint64_t now_ns);

/* From now on it is called by this loop in time, whoever calls it besides. */
void console_set_loop(struct console *c, struct loop *l);

#endif
