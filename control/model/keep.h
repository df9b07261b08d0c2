/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What outlives the process: the values of a console, in memory of the caller.
 *
 * The process may be killed between any two stores, and the next one goes on
 * with what it finds. So a number is one aligned store, and a text is written
 * into the slot that is not shown, then shown by one store. Control only. */
#ifndef KEEP_H
#define KEEP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "control/model/console.h"
#include "core/limits.h"
#include "driver/driver.h"

#define KEEP_TEXT_MAX APP_KEY_MAX

_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "64-bit stores in one piece");
_Static_assert(PARAM_TEXT_MAX <= KEEP_TEXT_MAX, "a name fits");

struct keep_text {
	_Atomic uint32_t shown; /* bit 0: the slot; bit 1: set by the user */
	char slot[2][KEEP_TEXT_MAX];
};

struct keep_strip {
	_Atomic double gain_db;
	_Atomic double trim_db;
	_Atomic uint64_t
		left; /* order in which its last app went; 0: is here */
	_Atomic uint32_t mute;
	_Atomic uint32_t sends;	      /* bit b is bus b */
	_Atomic uint32_t tap;	      /* enum tap_mode, as asked */
	_Atomic uint32_t tap_by_hand; /* somebody has said take */
	_Atomic uint32_t main_out;    /* copying has taken it off main */
	struct keep_text name;
	struct keep_text slug;
	struct keep_text key; /* of its app, which may be gone; "": none ever */
};

struct keep_bus {
	_Atomic double gain_db;
	_Atomic uint32_t mute;
};

struct keep {
	_Atomic uint64_t magic; /* last of all: the rest is complete */
	uint32_t version;
	uint32_t size_bytes;
	uint64_t fingerprint; /* of the configuration */
	struct keep_strip strip[STRIPS_MAX];
	struct keep_bus bus[BUSES_MAX];
};

static inline void
keep_put(_Atomic double *to, double value)
{
	/* relaxed: one value, nothing else has to become visible with it */
	atomic_store_explicit(to, value, memory_order_relaxed);
}

static inline double
keep_value(const _Atomic double *from)
{
	/* relaxed: only this thread stores */
	return atomic_load_explicit(from, memory_order_relaxed);
}

static inline void
keep_put_word(_Atomic uint32_t *to, uint32_t value)
{
	/* relaxed: one value, nothing else has to become visible with it */
	atomic_store_explicit(to, value, memory_order_relaxed);
}

static inline uint32_t
keep_word(const _Atomic uint32_t *from)
{
	/* relaxed: only this thread stores */
	return atomic_load_explicit(from, memory_order_relaxed);
}

void keep_put_text(struct keep_text *to, const char *text, bool by_user);
const char *keep_text(const struct keep_text *from);
bool keep_text_by_user(const struct keep_text *from);

/* Takes over what is there, each value put back into its range, or fills it
 * with the values that a new console has. true: taken over. */
bool keep_open(struct keep *k, const struct console_config *config);

/* The bus that is heard in the room, as a bit; 0 when there is none. */
uint32_t keep_main(const struct console_config *config);

/* The buses of a new strip: a copied app is heard by itself, not in main. */
uint32_t keep_first_sends(const struct console_config *config);

/* The values, not the names, of a new console's strip. */
void keep_reset_strip(
	struct keep_strip *s, const struct console_config *config);

#endif
