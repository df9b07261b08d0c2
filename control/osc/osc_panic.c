/* SPDX-License-Identifier: GPL-3.0-or-later */
/* /panic recalls the scene `safe`, or mutes every strip. */
#include "control/model/scene/fade.h"
#include "control/osc/osc_own.h"
#include "control/osc/osc_services.h"

static void
mute_all(struct osc *o)
{
	const struct param_value on = {.type = PARAM_INT, .i = 1};
	struct param_change change[STRIPS_MAX];
	char why[PARAM_WHY_MAX];
	uint32_t n, count = 0;

	n = param_match(
		o->params, "/strip/*/mute", o->ids, param_count(o->params));
	for (uint32_t i = 0; i < n && count < STRIPS_MAX; i++) {
		change[count].id = o->ids[i];
		if (param_check(o->params, o->ids[i], &on, &change[count].value,
			    why) == 0)
			count++;
	}
	/* Nobody's: the one who asked wants to see the mutes as well. */
	param_apply(o->params, change, count, 0, PARAM_SOURCE_NONE);
}

void
osc_panic(void *data, const struct osc_request *r)
{
	struct osc *o = data;

	if (!osc_press(r))
		return;
	param_fade_stop(o->params);
	if (!o->source.panic || !o->source.panic(o->source.data))
		mute_all(o);
	/* It would undo some of that on its beat. */
	param_cancel(o->params, "panic");
}
