/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What subscribers asked for, as parameters. A pattern stays as it was given:
 * it may name a program that does not play yet, and goes with it when it moves
 * to another strip. */
#include "control/osc/subscribers/osc_subs.h"

#include <errno.h>
#include <string.h>

/* The parameters that a pattern names in this form, in o->ids; "" names all by
 * number. */
static uint32_t
match(struct osc *o, const char *pattern, enum param_form form)
{
	uint32_t all = param_count(o->params);

	if (*pattern)
		return param_match_form(o->params, pattern, form, o->ids, all);
	if (form != PARAM_BY_NUMBER)
		return 0;
	for (uint32_t id = 0; id < all; id++)
		o->ids[id] = id;
	return all;
}

static void
add(struct osc_subs *subs, struct osc_sub *sub, const char *pattern)
{
	for (int form = 0; form < PARAM_FORMS; form++) {
		uint32_t n = match(subs->osc, pattern, (enum param_form)form);

		for (uint32_t i = 0; i < n; i++) {
			uint32_t id = subs->osc->ids[i];

			if (!bit_get(sub->by[form], id))
				bit_set(sub->first, id);
			else if (sub->again_ns == 0) /* else on its way */
				bit_set(sub->again, id);
			bit_set(sub->by[form], id);
			bit_set(sub->wanted, id);
		}
	}
}

int
osc_sub_want(struct osc_subs *subs, struct osc_sub *sub, const char *pattern)
{
	int res = osc_lease_add(sub->lease, pattern);

	if (res < 0)
		return res;
	add(subs, sub, pattern);
	osc_lease_keep(sub);
	osc_feedback_first(subs, sub);
	osc_feedback_again(subs, sub);
	return 0;
}

void
osc_sub_want_again(struct osc_subs *subs, struct osc_sub *sub)
{
	for (const char *p = NULL; (p = osc_lease_next(sub->lease, p));)
		add(subs, sub, p);
	memset(sub->again, 0, subs->words * sizeof(*sub->again));
	osc_feedback_first(subs, sub);
}

/* What it is told by name is news: the name is another one's, or another. */
static void
resolve(struct osc_subs *subs, struct osc_sub *sub)
{
	size_t bytes = subs->words * sizeof(*sub->wanted);

	for (int form = 0; form < PARAM_FORMS; form++)
		memset(sub->by[form], 0, bytes);
	memset(sub->wanted, 0, bytes);
	for (const char *p = NULL; (p = osc_lease_next(sub->lease, p));) {
		for (int form = 0; form < PARAM_FORMS; form++) {
			uint32_t n = match(subs->osc, p, (enum param_form)form);

			for (uint32_t i = 0; i < n; i++) {
				uint32_t id = subs->osc->ids[i];

				bit_set(sub->by[form], id);
				bit_set(sub->wanted, id);
				if (form != PARAM_BY_NUMBER)
					bit_set(sub->dirty, id);
			}
		}
	}
	for (uint32_t w = 0; w < subs->words; w++) {
		sub->dirty[w] &= sub->wanted[w];
		sub->first[w] &= sub->wanted[w];
		sub->again[w] &= sub->wanted[w];
		sub->resting[w] &= sub->wanted[w];
	}
}

static void
renamed(struct osc_subs *subs)
{
	subs->names = param_names(subs->osc->params);
	for (struct osc_sub *sub = NULL; (sub = osc_sub_next(subs, sub));)
		resolve(subs, sub);
	osc_feedback_soon(subs);
}

/* listener: only while somebody is there, so that a change costs nothing */
void
osc_subs_changed(void *data, uint32_t id, uint32_t source)
{
	struct osc_subs *subs = data;

	if (subs->used == 0)
		return;
	if (param_names(subs->osc->params) != subs->names)
		renamed(subs);
	for (struct osc_sub *sub = NULL; (sub = osc_sub_next(subs, sub));)
		if (bit_get(sub->wanted, id))
			osc_feedback_changed(subs, sub, id, source);
}
