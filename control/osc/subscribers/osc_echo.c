/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A number with a fraction comes back to the last bit, and a hand hardly ever
 * finds it: it is an echo for half a second. A button has two values, so there
 * the time is shorter than a finger, unless the client is known for echoes.
 * surface_echo.c does the same for MIDI. */
#include "control/osc/subscribers/osc_echo.h"

#include <stdlib.h>
#include <string.h>

#include "core/hash.h"

#define ECHOES	  1024 /* half a second of 34 parameters that move */
#define ECHO_NS	  UINT64_C(500000000)
#define FINGER_NS UINT64_C(30000000)
#define KNOWN	  3 /* more echoes than values that did not come back */
#define KNOWN_MAX 16

struct echo {
	uint64_t sent_ns; /* 0: it has come back */
	uint64_t value;
	uint32_t id;
};

struct osc_echoes {
	uint32_t at, old; /* count on; [old, at) may still come */
	int known;
	struct echo echo[ECHOES];
};

struct osc_echoes *
osc_echoes_new(void)
{
	return calloc(1, sizeof(struct osc_echoes));
}

void
osc_echoes_free(struct osc_echoes *e)
{
	free(e);
}

static uint64_t
bits_of(const struct param_value *v)
{
	float single;
	uint32_t bits;

	if (v->type == PARAM_INT)
		return (uint64_t)v->i;
	if (v->type == PARAM_FLOAT) {
		single = (float)v->f;
		memcpy(&bits, &single, sizeof(bits));
		return bits;
	}
	return hash_bytes(HASH_START, v->s, strlen(v->s));
}

/* What did not come back in its time. */
static void
judge(struct osc_echoes *e, uint64_t now_ns)
{
	for (; e->old != e->at; e->old++) {
		const struct echo *echo = &e->echo[e->old % ECHOES];

		if (echo->sent_ns && now_ns - echo->sent_ns <= ECHO_NS)
			return;
		if (echo->sent_ns && e->known > 0)
			e->known--;
	}
}

void
osc_echoes_put(struct osc_echoes *e, uint32_t id,
	const struct param_value *value, uint64_t now_ns)
{
	if (!e)
		return;
	judge(e, now_ns);
	if (e->at - e->old == ECHOES)
		e->old++;
	e->echo[e->at++ % ECHOES] = (struct echo){now_ns, bits_of(value), id};
}

bool
osc_echoes_take(struct osc_echoes *e, uint32_t id,
	const struct param_value *value, uint64_t now_ns)
{
	uint64_t bits = bits_of(value);

	if (!e)
		return false;
	judge(e, now_ns);
	for (uint32_t i = e->old; i != e->at; i++) {
		struct echo *echo = &e->echo[i % ECHOES];
		bool known = value->type == PARAM_FLOAT || e->known >= KNOWN ||
			     now_ns - echo->sent_ns <= FINGER_NS;

		if (!echo->sent_ns || echo->id != id || echo->value != bits)
			continue;
		echo->sent_ns = 0;
		if (e->known < KNOWN_MAX)
			e->known++;
		return known;
	}
	return false;
}
