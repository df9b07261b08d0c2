/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What outlives the process: numbers and texts, each by a name and a place, in
 * memory of the caller.
 *
 * The memory says itself what is in it: it is a set of slots, and each bears
 * the name of what it holds. Who finds it takes what he has a name for. What he
 * has and it has not is new, and what it has and he has not stays for whoever
 * knows it. So another program, older or newer, reads it as well.
 *
 * The process may be killed between any two stores, and the next one goes on
 * with what it finds. So a number is one aligned store, a text is written into
 * the half that is not shown, then shown by one store, and a slot is filled
 * before it gets its name. Control only. */
#ifndef VALUES_H
#define VALUES_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/limits.h"
#include "driver/driver.h"

#define VALUES_NUMBERS	80 /* slots */
#define VALUES_TEXTS	6
#define VALUES_NAME_MAX 24 /* bytes with the NUL */
#define VALUES_TEXT_MAX APP_KEY_MAX

_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "64-bit stores in one piece");
_Static_assert(BUSES_MAX <= STRIPS_MAX, "a bus has the place of its number");

struct values_text {
	_Atomic uint32_t shown; /* bit 0: the half; bit 1: set by the user */
	char half[2][VALUES_TEXT_MAX];
};

struct values {
	_Atomic uint64_t magic; /* last of all: the rest is complete */
	uint64_t size_bytes;
	uint64_t fingerprint; /* of the configuration */
	char number_name[VALUES_NUMBERS][VALUES_NAME_MAX]; /* "": free */
	char text_name[VALUES_TEXTS][VALUES_NAME_MAX];
	_Atomic double number[VALUES_NUMBERS][STRIPS_MAX];
	struct values_text text[VALUES_TEXTS][STRIPS_MAX];
};

/* Takes over what is there, or makes it empty when it was made for another
 * configuration, or was never filled. true: taken over. */
bool values_open(struct values *v, uint64_t fingerprint);
/* It is filled: the next one takes it over. */
void values_opened(struct values *v);

/* The slots of one kind, by their names. */
struct values_slots {
	char (*name)[VALUES_NAME_MAX];
	uint32_t count;
};
struct values_slots values_numbers(struct values *v);
struct values_slots values_texts(struct values *v);

/* The slot of this name, or -1 */
int values_find(struct values_slots in, const char *name);

/* One whose name is not among own[n]: it has lost it, and has anything in it
 * until it is filled and named. -ENOSPC: there is none. */
int values_take(struct values_slots in, const char *const *own, uint32_t n);
void values_name(struct values_slots in, int slot, const char *name);

static inline void
values_put(_Atomic double *to, double value)
{
	/* relaxed: one value, nothing else has to become visible with it */
	atomic_store_explicit(to, value, memory_order_relaxed);
}

static inline double
values_number(const _Atomic double *from)
{
	/* relaxed: only this thread stores */
	return atomic_load_explicit(from, memory_order_relaxed);
}

void values_put_text(struct values_text *to, const char *text, bool by_user);
const char *values_text(const struct values_text *from);
bool values_text_by_user(const struct values_text *from);

/* Of damaged memory, which is not longer than size_bytes with its NUL. */
bool values_text_is_good(const struct values_text *t, size_t size_bytes);

#endif
