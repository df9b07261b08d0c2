/* SPDX-License-Identifier: GPL-3.0-or-later */
/* /apps/explain: why each stream is where it is, and what a rule could ask of
 * it. */
#include "control/engine/services/services.h"

#include "control/osc/answers/osc_reply.h"
#include "control/osc/answers/osc_service.h"
#include "control/osc/osc_own.h"

struct telling {
	const struct services *s;
	const struct osc_request *r;
};

static void
add_word(void *data, const char *property, const char *value)
{
	lo_message m = data;

	lo_message_add_string(m, property);
	lo_message_add_string(m, value);
}

/* strip (0: none), key, name, why; then property and value, again and again */
static void
tell(void *data, uint32_t app_id, const struct driver_stream *s)
{
	const struct telling *t = data;
	char why[MODEL_EXPLAIN_MAX];
	lo_message m;
	int strip;

	if (!osc_may_answer(t->r->osc) ||
		!model_explain(t->s->model, app_id, &strip, why))
		return;
	m = lo_message_new();
	if (!m)
		return;
	t->r->osc->replies_left--;
	t->r->osc->work += 4;
	lo_message_add_int32(m, strip + 1);
	lo_message_add_string(m, s->key);
	lo_message_add_string(m, s->name);
	lo_message_add_string(m, why);
	s->words(s->of, add_word, m);
	osc_send(t->r->osc, t->r->from, "/apps/explain", m);
}

static void
apps_explain(void *data, const struct osc_request *r)
{
	const struct services *s = data;
	struct telling t = {s, r};

	if (osc_no_arguments(r) && s->source.streams)
		s->source.streams(s->source.osc.data, tell, &t);
}

const struct osc_service osc_explain_services[] = {
	{.pattern = "/apps/explain", .call = apps_explain, .answer = "is"},
	{.pattern = NULL},
};
