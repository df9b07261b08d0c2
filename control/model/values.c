/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/model/values.h"

#include <errno.h>
#include <string.h>

#include "control/util/name.h"

#define VALUES_MAGIC 0x7461706465636b32u /* "tapdeck2" */

/* ---- slots ---- */

struct values_slots
values_numbers(struct values *v)
{
	return (struct values_slots){v->number_name, VALUES_NUMBERS};
}

struct values_slots
values_texts(struct values *v)
{
	return (struct values_slots){v->text_name, VALUES_TEXTS};
}

int
values_find(struct values_slots in, const char *name)
{
	for (uint32_t i = 0; i < in.count; i++)
		if (!strncmp(in.name[i], name, VALUES_NAME_MAX))
			return (int)i;
	return -1;
}

static bool
is_own(const char *name, const char *const *own, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (!strncmp(name, own[i], VALUES_NAME_MAX))
			return true;
	return false;
}

/* A free one first, then that of a name that nobody here knows. */
int
values_take(struct values_slots in, const char *const *own, uint32_t n)
{
	int slot = values_find(in, "");

	for (uint32_t i = 0; slot < 0 && i < in.count; i++)
		if (!is_own(in.name[i], own, n))
			slot = (int)i;
	if (slot < 0)
		return -ENOSPC;
	memset(in.name[slot], 0, VALUES_NAME_MAX);
	/* release: it has lost its name before it is filled */
	atomic_thread_fence(memory_order_release);
	return slot;
}

void
values_name(struct values_slots in, int slot, const char *name)
{
	/* release: what it holds is there before its name is */
	atomic_thread_fence(memory_order_release);
	name_copy(in.name[slot], VALUES_NAME_MAX, name);
}

/* ---- texts ---- */

void
values_put_text(struct values_text *to, const char *text, bool by_user)
{
	/* relaxed: only this thread stores */
	uint32_t half =
		~atomic_load_explicit(&to->shown, memory_order_relaxed) & 1;

	name_copy(to->half[half], sizeof(to->half[half]), text);
	/* release: the text is whole before it is shown */
	atomic_store_explicit(
		&to->shown, half | (by_user ? 2u : 0u), memory_order_release);
}

const char *
values_text(const struct values_text *from)
{
	/* relaxed: only this thread stores */
	return from->half[atomic_load_explicit(
				  &from->shown, memory_order_relaxed) &
			  1];
}

bool
values_text_by_user(const struct values_text *from)
{
	/* relaxed: only this thread stores */
	return atomic_load_explicit(&from->shown, memory_order_relaxed) & 2;
}

bool
values_text_is_good(const struct values_text *t, size_t size_bytes)
{
	const char *s = values_text(t);

	/* relaxed: only this thread stores */
	return atomic_load_explicit(&t->shown, memory_order_relaxed) <= 3 &&
	       memchr(s, '\0', size_bytes) && name_is_printable(s);
}

/* ---- the whole ---- */

bool
values_open(struct values *v, uint64_t fingerprint)
{
	/* acquire: pairs with the release in values_opened() */
	if (atomic_load_explicit(&v->magic, memory_order_acquire) ==
			VALUES_MAGIC &&
		v->size_bytes == sizeof(*v) && v->fingerprint == fingerprint)
		return true;
	/* relaxed, then release: a half-emptied one is not taken for whole */
	atomic_store_explicit(&v->magic, 0, memory_order_relaxed);
	atomic_thread_fence(memory_order_release);
	memset((char *)v + sizeof(v->magic), 0, sizeof(*v) - sizeof(v->magic));
	v->size_bytes = sizeof(*v);
	v->fingerprint = fingerprint;
	return false;
}

void
values_opened(struct values *v)
{
	/* release: pairs with the acquire in values_open() */
	atomic_store_explicit(&v->magic, VALUES_MAGIC, memory_order_release);
}
