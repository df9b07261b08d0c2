/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The control thread's side of reflexes. */
#include "core/reflex.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "core/resident.h"

int
reflex_new(struct reflex **out)
{
	struct reflex *x = resident_new(sizeof(*x));

	*out = NULL;
	if (!x)
		return -ENOMEM;
	for (uint32_t i = 0; i < 3; i++) {
		x->table[i] = resident_new(sizeof(*x->table[i]));
		if (!x->table[i]) {
			reflex_free(x);
			return -ENOMEM;
		}
	}
	x->front = 0;
	x->back = 1;
	atomic_init(&x->middle, 2);
	*out = x;
	return 0;
}

void
reflex_free(struct reflex *x)
{
	if (!x)
		return;
	for (uint32_t i = 0; i < 3; i++)
		resident_free(x->table[i], sizeof(*x->table[i]));
	resident_free(x, sizeof(*x));
}

struct reflex_table *
reflex_begin(struct reflex *x)
{
	struct reflex_table *t = x->table[x->back];

	memset(t->at, 0, sizeof(t->at));
	t->entries = t->moves = t->curves = 0;
	return t;
}

void
reflex_publish(struct reflex *x)
{
	/* release: the table is whole; acquire: what comes back is no longer
	 * read, see reflex_look() */
	x->back = atomic_exchange_explicit(&x->middle, x->back | REFLEX_FRESH,
			  memory_order_acq_rel) &
		  ~REFLEX_FRESH;
}

/* Two that tell nothing are the same, too. */
static bool
is_same(double a, double b)
{
	return a == b || (isnan(a) && isnan(b));
}

static bool
curve_is(const struct curve *a, const struct curve *b)
{
	bool same = a->shape == b->shape && a->law == b->law &&
		    a->invert == b->invert && a->points == b->points &&
		    a->choices == b->choices && a->last == b->last &&
		    a->full == b->full && is_same(a->low, b->low) &&
		    is_same(a->high, b->high) && is_same(a->min, b->min) &&
		    is_same(a->max, b->max);

	for (uint32_t i = 0; same && i < a->points; i++)
		same = is_same(a->point[i][0], b->point[i][0]) &&
		       is_same(a->point[i][1], b->point[i][1]);
	for (uint32_t i = 0; same && i < a->choices; i++)
		same = is_same((double)a->choice[i], (double)b->choice[i]);
	return same;
}

/* Faders in a row have the same: the last one is the likeliest. */
int
reflex_curve(struct reflex_table *t, const struct curve *c)
{
	for (uint32_t i = t->curves; i > 0; i--)
		if (curve_is(&t->curve[i - 1], c))
			return (int)i - 1;
	if (t->curves == REFLEX_CURVES_MAX)
		return -ENOSPC;
	t->curve[t->curves] = *c;
	return (int)t->curves++;
}

int
reflex_add(struct reflex_table *t, const struct reflex_entry *entry,
	const struct reflex_move *moves, uint32_t count)
{
	struct reflex_entry *e = &t->entry[t->entries];

	if (t->entries == REFLEX_ENTRIES_MAX || count > REFLEX_TARGETS_MAX ||
		count > REFLEX_MOVES_MAX - t->moves)
		return -ENOSPC;
	*e = *entry;
	e->first = (uint16_t)t->moves;
	e->count = (uint16_t)count;
	if (count > 0)
		memcpy(&t->move[t->moves], moves, count * sizeof(*moves));
	t->moves += count;
	return (int)++t->entries;
}
