/* SPDX-License-Identifier: GPL-3.0-or-later */
/* /ping comes back as it was, so that an answer looks like a question: two
 * servers that are made to ask each other would go on for ever. Of pings that
 * are the same and come fast over UDP each 16th is not answered. That ends such
 * a round, since neither begins one; a client that wants to know asks again. */
#include "control/osc/osc_services.h"
#include "control/osc/answers/osc_answer.h"
#include "core/hash.h"

#include <string.h>

#define SAME_MAX  16
#define WINDOW_NS UINT64_C(1000000000)

static bool
goes_round(struct osc *o, const struct osc_request *r)
{
	const struct osc_peer *from = r->from;
	uint64_t now_ns = loop_now_ns();
	uint32_t place = HASH_START;

	if (now_ns - o->pings_since_ns > WINDOW_NS) {
		memset(o->pings, 0, sizeof(o->pings));
		o->pings_since_ns = now_ns;
	}
	place = hash_bytes(place, &from->ip, sizeof(from->ip));
	place = hash_bytes(place, &from->port, sizeof(from->port));
	place = hash_bytes(place, r->packet, r->size_bytes) % OSC_PINGS;
	return ++o->pings[place] % SAME_MAX == 0;
}

void
osc_ping(void *data, const struct osc_request *r)
{
	struct osc *o = data;

	if (r->from->client > 0 || !goes_round(o, r))
		osc_out_answer(o, r->from, r->packet, r->size_bytes);
}
