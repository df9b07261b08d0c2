/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/engine/services/services.h"

static int
serve(struct services *s, const struct osc_service *service)
{
	uint32_t n = 0;

	while (service[n].pattern)
		n++;
	return osc_serve(s->osc, service, n, s);
}

int
services_init(struct services *s, struct osc *o, struct loop *l,
	struct model *c, const struct services_source *source)
{
	static const struct osc_service *const all[] = {osc_status_services,
		osc_assign_services, osc_explain_services, osc_midi_services,
		osc_midi_watch_services, osc_loudness_services};
	int res = 0;

	*s = (struct services){.osc = o, .model = c, .source = *source};
	timer_init(&s->learner_gone, l, osc_learner_tick, s);
	timer_init(&s->loud.timer, l, osc_loudness_tick, s);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]) && res == 0; i++)
		res = serve(s, all[i]);
	return res;
}

void
services_done(struct services *s)
{
	timer_done(&s->learner_gone);
	timer_done(&s->loud.timer);
	osc_midi_watch_done(s);
	osc_loudness_done(s);
}
