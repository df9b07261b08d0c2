/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The control thread's side of racks. */
#include "core/stage/rack.h"

#include <assert.h>
#include <string.h>

void
rack_plan_init(struct rack_plan *plan, const struct stage *const stages[])
{
	*plan = (struct rack_plan){0};
	memset(plan->value_of, RACK_NONE, sizeof(plan->value_of));
	for (uint32_t k = 0; stages[k]; k++) {
		const struct stage *s = stages[k];

		assert(k < RACK_STAGES_MAX && s->values <= STAGE_VALUES_MAX &&
			plan->values + s->values <= RACK_VALUES_MAX);
		plan->stage[k] = s;
		plan->first[k] = (uint8_t)plan->values;
		plan->state_at[k] = plan->state_bytes;
		plan->state_bytes += (s->state_bytes + STAGE_ALIGN - 1) /
				     STAGE_ALIGN * STAGE_ALIGN;
		for (uint32_t v = 0; v < s->values; v++) {
			plan->stage_of[plan->values] = (uint8_t)k;
			plan->value_of[s->value[v].parameter] =
				(uint8_t)plan->values++;
		}
		plan->stages = k + 1;
	}
}

void
rack_init(struct rack *r, const struct rack_plan *plan, void *state)
{
	*r = (struct rack){.state = state};
	for (uint32_t k = 0; k < plan->stages; k++)
		for (uint32_t v = 0; v < plan->stage[k]->values; v++)
			glide_init(&r->value[plan->first[k] + v],
				plan->stage[k]->value[v].rest);
	r->awake = (1u << plan->stages) - 1;
}
