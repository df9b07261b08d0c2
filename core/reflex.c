/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The audio thread's side. */
#include "core/reflex.h"

#include <string.h>

#include "core/mixer/mixer.h"

RT void
reflex_look(struct reflex *x)
{
	/* relaxed: the exchange below is what orders the table */
	uint32_t middle =
		atomic_load_explicit(&x->middle, memory_order_relaxed);

	if (!(middle & REFLEX_FRESH))
		return;
	/* acquire: the table is whole, see reflex_publish(); release: control
	 * may fill the one that is given back, all has been read */
	x->front = atomic_exchange_explicit(
			   &x->middle, x->front, memory_order_acq_rel) &
		   ~REFLEX_FRESH;
	x->halted = false;
	memset(x->fired, 0, sizeof(x->fired));
	memset(x->msb, 0, sizeof(x->msb));
}

/* A message of these bytes, exactly one. */
struct heard {
	enum reflex_message message;
	uint32_t channel, number, value;
};

static bool
hear(const uint8_t *b, uint32_t n, struct heard *out)
{
	uint32_t status = n > 0 ? b[0] >> 4 : 0;
	uint32_t length = status == 0xc || status == 0xd ? 2 : 3;

	if (status < 0x8 || status > 0xe || n != length || b[1] > 127 ||
		(length == 3 && b[2] > 127))
		return false;
	out->channel = b[0] & 15;
	out->number = b[1];
	out->value = length == 3 ? b[2] : b[1];
	switch (status) {
	case 0x8:
		out->message = REFLEX_NOTE;
		out->value = 0;
		return true;
	case 0xd:
		out->message = REFLEX_PRESSURE;
		out->number = 0;
		return true;
	case 0xe:
		out->message = REFLEX_BEND;
		out->number = 0;
		out->value = (uint32_t)b[2] << 7 | b[1];
		return true;
	default:
		out->message = (enum reflex_message)(status - 0x9);
		return true;
	}
}

_Static_assert(REFLEX_NOTE == 0 && REFLEX_POLY == 1 && REFLEX_CC == 2 &&
		       REFLEX_PROGRAM == 3,
	"in the order of their status bytes");

static bool
may_fire(struct reflex *x, const struct reflex_entry *e, uint32_t entry,
	uint32_t value)
{
	uint64_t bit = UINT64_C(1) << entry % 64;

	if (!e->once || value < e->once_from)
		return true;
	if (x->fired[entry / 64] & bit)
		return false;
	x->fired[entry / 64] |= bit;
	return true;
}

/* The value of 14 bits, where this is its LSB; false: no MSB came before. */
static bool
join(struct reflex *x, const struct reflex_entry *e, uint32_t *value)
{
	uint32_t msb;

	if (e->msb == 0)
		return true;
	msb = x->msb[e->msb - 1];
	x->msb[e->msb - 1] = 0;
	*value |= (msb - 1) << 7;
	return msb > 0;
}

RT uint32_t
reflex_run(struct reflex *x, struct mixer *m, const uint8_t *bytes, uint32_t n,
	uint64_t frame, struct reflex_done *done)
{
	const struct reflex_table *t = x->table[x->front];
	const struct reflex_entry *e;
	struct heard h;
	uint32_t at, count = 0;

	if (x->halted || !hear(bytes, n, &h))
		return 0;
	at = t->at[h.message][h.channel][h.number];
	if (at == 0)
		return 0;
	e = &t->entry[at - 1];
	if (e->kind == REFLEX_HALT) {
		x->halted = true;
		return 0;
	}
	if (e->kind == REFLEX_MSB) {
		x->msb[at - 1] = (uint8_t)(h.value + 1);
		return 0;
	}
	if (!may_fire(x, e, at - 1, h.value) || !join(x, e, &h.value))
		return 0;
	for (uint32_t i = e->first; i < (uint32_t)e->first + e->count; i++) {
		const struct reflex_move *move = &t->move[i];
		struct message msg = {.frame = frame,
			.parameter = move->parameter,
			.place = move->place,
			.target =
				curve_target(&t->curve[move->curve], h.value)};

		if (msg.target != msg.target)
			continue;
		if (!mixer_play(m, &msg)) /* nor any that follows */
			break;
		done[count++] = (struct reflex_done){move->id, msg};
	}
	return count;
}
