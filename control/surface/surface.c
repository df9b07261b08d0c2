/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/surface/surface.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "control/surface/effect.h"
#include "control/surface/lights/surface_lamp.h"
#include "control/surface/lights/surface_meter.h"
#include "control/surface/lights/surface_show.h"
#include "control/surface/surface_event.h"
#include "control/surface/surface_layout.h"
#include "control/surface/surface_own.h"
#include "control/surface/surface_target.h"
#include "control/surface/surface_value.h"
#include "control/util/timer.h"

int
surface_new(struct surface **out, const struct surface_config *config)
{
	struct surface *s = calloc(1, sizeof(*s));
	int ret;

	*out = NULL;
	if (!s)
		return -ENOMEM;
	assert(config->source != PARAM_SOURCE_NONE);
	s->params = config->params;
	s->mapping = config->mapping;
	s->source = config->source;
	s->send = config->send;
	s->peak = config->peak;
	s->data = config->data;
	s->quantise = (uint32_t)param_find(s->params, "/quantise");
	ret = surface_lay_out(s);
	if (ret < 0) {
		surface_free(s);
		return ret;
	}
	s->strips = surface_match(s, "/strip/*/mute");
	s->bank = surface_bank_within(s, config->bank);
	s->greeting = s->mapping->starts;
	s->reflex_stale = true;
	surface_bind(s);
	for (uint32_t i = 0; i < s->lamps; i++)
		s->lamp[i].dirty = false;
	s->dirty = 0;
	*out = s;
	return 0;
}

void
surface_free(struct surface *s)
{
	if (!s)
		return;
	free(s->control);
	free(s->input);
	free(s->lamp);
	free(s->left);
	free(s->meter);
	free(s->binding);
	free(s->binding_of);
	free(s->ids);
	free(s->change);
	free(s);
}

/* A parameter of free text is a name: it may have moved an address. */
static bool
is_name(const struct surface *s, uint32_t id)
{
	struct param_info info;

	param_info(s->params, id, &info);
	return info.type == PARAM_TEXT && info.choices == 0;
}

void
surface_changed(struct surface *s, uint32_t id, uint32_t source)
{
	(void)source; /* what the hand keeps from being sent, surface_show()
		       * knows; a lamp shows its own button as well */
	if (s->by_name && !s->rebind)
		s->rebind = is_name(s, id);
	s->reflex_stale |= id == s->quantise;
	for (uint32_t i = s->binding_of[id]; i; i = s->binding[i - 1].next) {
		const struct control *k =
			&s->control[s->binding[i - 1].control];

		if (i - 1 == k->first ||
			(k->lamp >= 0 && s->lamp[k->lamp].message.slots > 1))
			surface_mark(s, k->lamp);
		s->reflex_stale |= !effect_lasts(s, &s->binding[i - 1]);
	}
}

uint64_t
surface_run(struct surface *s, uint64_t now_ns)
{
	uint64_t next_ns = surface_run_pairs(s, now_ns);

	if (s->rebind)
		surface_bind(s);
	next_ns = timer_first(next_ns, surface_blink(s, now_ns));
	next_ns = timer_first(next_ns, surface_repeat(s, now_ns));
	next_ns = timer_first(next_ns, surface_show(s, now_ns));
	if (surface_greets(s))
		return next_ns;
	return timer_first(next_ns, surface_meters_run(s, now_ns));
}

static void
start_over(struct surface *s)
{
	s->greeting = 0;
	s->repeat_ns = 0;
	surface_let_go(s);
	for (uint32_t i = 0; i < s->inputs; i++) {
		struct input *in = &s->input[i];

		in->way_known = false;
		in->spoke_for = -1;
		pair_reset(&in->pair);
	}
	for (uint32_t i = 0; i < s->lamps; i++)
		s->lamp[i].sent = s->lamp[i].last = SURFACE_NOTHING;
	surface_meters_forget(s);
	surface_bind(s); /* takeover starts over */
}

void
surface_resync(struct surface *s)
{
	for (uint32_t i = 0; i < s->inputs; i++)
		s->input[i].touched = s->input[i].moved = false;
	start_over(s);
}

void
surface_doubt(struct surface *s, uint64_t now_ns)
{
	for (uint32_t i = 0; i < s->inputs; i++)
		if (s->input[i].doubt_ns == 0)
			s->input[i].doubt_ns = now_ns;
	surface_mark_all(s);
}

void
surface_lost(struct surface *s, uint64_t now_ns)
{
	surface_let_go(s);
	surface_doubt(s, now_ns);
}

void
surface_replaced(struct surface *s, uint64_t now_ns)
{
	surface_lost(s, now_ns);
	start_over(s);
}
