/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/engine/services.h"

int
services_init(struct services *s, struct osc *o, struct loop *l,
	struct model *c, const struct services_source *source)
{
	int res;

	*s = (struct services){.osc = o, .model = c, .source = *source};
	res = osc_status_serve(s);
	res = res < 0 ? res : osc_assign_serve(s);
	res = res < 0 ? res : osc_explain_serve(s);
	res = res < 0 ? res : osc_midi_serve(s, l);
	res = res < 0 ? res : osc_midi_watch_serve(s);
	return res < 0 ? res : osc_loudness_serve(s, l);
}

void
services_done(struct services *s)
{
	osc_midi_done(s);
	osc_midi_watch_done(s);
	osc_loudness_done(s);
}
