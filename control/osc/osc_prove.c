/* SPDX-License-Identifier: GPL-3.0-or-later */
/* /prove "TOKEN": a peer on a network is where it says; see osc_proof.h. */
#include "control/osc/answers/osc_answer.h"
#include "control/osc/osc_services.h"
#include "control/osc/subscribers/osc_subs.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void
osc_prove(void *data, const struct osc_request *r)
{
	struct osc *o = data;
	struct osc_out *out;
	char token[9];

	/* Not answered, whatever it says: it may be forged. */
	if (r->from->client || r->args != 1 || r->types[0] != 's')
		return;
	for (uint32_t i = 0; (out = osc_out_at(o, i)); i++) {
		if (out->proof.proved || !out->proof.token ||
			!osc_peer_same_host(&out->to, r->from))
			continue;
		snprintf(token, sizeof(token), "%08" PRIx32, out->proof.token);
		if (strcmp(token, osc_arg_text(r->arg[0])) != 0)
			continue;
		out->proof.proved = true;
		osc_out_wake(o);
		osc_feedback_soon(o->subs);
		return;
	}
}
