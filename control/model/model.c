/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/model/model.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control/model/apps.h"
#include "control/model/change.h"
#include "control/model/scene/fade.h"
#include "control/model/feed.h"
#include "control/model/names.h"
#include "control/model/place.h"
#include "control/model/rules/rules.h"
#include "control/model/schedule.h"
#include "control/util/check.h"
#include "control/util/name.h"
#include "driver/supervisor/supervisor.h"

#define RETRY_NS 5000000u /* the mixer's queue had no room */

_Static_assert(sizeof(struct values) <= (size_t)SUPERVISOR_MEMORY_BYTES,
	"the values fit what the supervisor shares");
_Static_assert(ROUTES_MAX <= PARAM_CHOICES_MAX, "a route is a choice");
_Static_assert(STRIPS_MAX < SLUG_HASH / 2 && STRIPS_MAX < PLACE_BUS, "");

/* ---- the model ---- */

size_t
model_memory_bytes(void)
{
	return sizeof(struct values);
}

/* Of a configuration that is good. */
static int
parts_open(struct model *c, model_restore restore, void *data)
{
	bool old;
	int rc;

	model_config_routes(&c->config);
	old = values_open(c->kept.values, model_config_hash(&c->config));
	rc = apps_init(c);
	rc = rc < 0 ? rc : rows_open(c);
	if (rc == 0 && !old && restore)
		restore(data, c);
	if (rc == 0)
		values_opened(c->kept.values);
	rc = rc < 0 ? rc : params_init(&c->params, c);
	rc = rc < 0 ? rc : fades_init(&c->fades);
	rc = rc < 0 ? rc : feed_init(c);
	rc = rc < 0 ? rc : change_init(c);
	rc = rc < 0 ? rc : schedule_new(&c->schedule);
	if (rc < 0)
		return rc;
	names_open(c);
	apps_open(c);
	return 0;
}

int
model_new(struct model **out, const struct model_config *config, void *memory)
{
	return model_new_kept(out, config, memory, NULL, NULL);
}

int
model_new_kept(struct model **out, const struct model_config *config,
	void *memory, model_restore restore, void *data)
{
	char why[CHECK_WHY_MAX];
	struct model *c;
	int rc;

	*out = NULL;
	if ((uintptr_t)memory % _Alignof(struct values))
		return -EINVAL;
	c = calloc(1, sizeof(*c));
	if (!c)
		return -ENOMEM;
	c->config = *config;
	c->kept.values = memory;
	rc = model_config_check(config, why);
	if (rc == 0)
		rc = parts_open(c, restore, data);
	if (rc < 0) {
		model_free(c);
		return rc;
	}
	*out = c;
	return 0;
}

static int
rules_reload(struct model *c, const struct model_config *next)
{
	struct rules *rules;
	int rc = rules_new(&rules, next->rule, next->rules);

	if (rc < 0)
		return rc;
	rules_free(c->apps.rules);
	c->apps.rules = rules;
	memcpy(c->config.rule, next->rule, sizeof(c->config.rule));
	c->config.rules = next->rules;
	return 0;
}

/* A name that the file does not give any more stays until another app comes. */
static void
names_reload(struct model *c, const struct model_config *next)
{
	struct changed changed = {.count = 0};

	for (uint32_t i = 0; i < c->config.strips; i++) {
		const char *name = next->strip_name[i];
		char present[PARAM_TEXT_MAX];

		if (!strcmp(name, c->config.strip_name[i]))
			continue;
		name_copy(present, sizeof(present), names_of(c, i));
		names_set(c, i, name[0] ? name : present, name[0] != '\0',
			&changed);
		change_made(c, &changed);
		changed.count = 0;
	}
	memcpy(c->config.strip_name, next->strip_name,
		sizeof(c->config.strip_name));
}

int
model_reload(struct model *c, const struct model_config *next)
{
	int rc = rules_reload(c, next);

	if (rc < 0)
		return rc;
	c->config.unlisted_ignore = next->unlisted_ignore;
	c->config.tap = next->tap;
	c->config.tempo = next->tempo;
	memcpy(c->config.eq_hz, next->eq_hz, sizeof(c->config.eq_hz));
	feed_crossovers(c);
	names_reload(c, next);
	place_reserve(c);
	change_tell(c);
	return 0;
}

void
model_free(struct model *c)
{
	if (!c)
		return;
	timer_done(&c->timer);
	apps_free(c);
	schedule_free(c->schedule);
	change_done(c);
	feed_done(c);
	fades_done(&c->fades);
	params_done(&c->params);
	free(c);
}

struct params *
model_params(struct model *c)
{
	return &c->params;
}

const struct model_config *
model_config(const struct model *c)
{
	return &c->config;
}

void
model_mixer_start(struct model *c, struct mixer *m, uint32_t rate_hz)
{
	schedule_mixer_gone(c->schedule);
	feed_start(c, m, rate_hz);
}

void
model_mixer_stop(struct model *c)
{
	schedule_mixer_gone(c->schedule);
	feed_stop(c);
}

void
model_done_begin(struct model *c, const struct reflex_done *done, uint32_t n)
{
	/* What the mixer passed before it, as param_apply() does; the message
	 * may come to nothing. */
	if (n > 0)
		schedule_settle(c, 0);
	feed_done_begin(c, done, n);
}

void
model_done_end(struct model *c, uint64_t frame, uint32_t taken)
{
	feed_done_end(c, frame, taken);
}

static void
on_time(void *data)
{
	model_run(data, loop_now_ns());
}

static void
on_wake(void *data)
{
	struct model *c = data;

	timer_sooner(&c->timer, 0);
}

void
model_set_loop(struct model *c, struct loop *l)
{
	timer_init(&c->timer, l, on_time, c);
	c->feed.wake = on_wake;
	c->feed.wake_data = c;
	on_wake(c);
}

uint64_t
model_run(struct model *c, uint64_t now_ns)
{
	uint64_t next_ns = schedule_run(c, now_ns);
	uint64_t fade_ns = fade_run(c);

	next_ns = fade_ns < next_ns ? fade_ns : next_ns;
	if (!feed_flush(c) && next_ns > RETRY_NS)
		next_ns = RETRY_NS;
	if (c->timer.loop)
		timer_sooner(&c->timer, next_ns);
	return next_ns;
}

/* ---- what somebody asks for; it may have to wait for the beat ---- */

void
param_set_gate(struct params *p, const struct param_gate *gate)
{
	p->model->change.gate =
		gate ? *gate : (struct param_gate){.take = NULL};
}

bool
param_pending(const struct params *p, uint32_t id, struct param_value *out)
{
	const struct param_gate *g = &p->model->change.gate;

	return g->take && g->pending(g->data, id, out);
}

uint32_t
param_pendings(const struct params *p)
{
	const struct param_gate *g = &p->model->change.gate;

	return g->take ? g->count(g->data) : 0;
}

void
param_cancel(struct params *p, const char *why)
{
	const struct param_gate *g = &p->model->change.gate;

	if (g->take)
		g->cancel(g->data, why);
}

bool
param_waits(const struct params *p, uint32_t id, enum param_when when)
{
	const struct param_gate *g = &p->model->change.gate;

	return g->take &&
	       g->waits(g->data, params_row(p, id, NULL)->waits, when);
}

/* What a switch comes to by now. False: it does nothing; of a step nobody knows
 * before its moment. */
static bool
resolve(const struct model *c, const struct param_change *from,
	struct param_change *out)
{
	const struct params *p = &c->params;
	struct place at;
	const struct row *row = params_row(p, from->id, &at);

	*out = *from;
	if (!param_is_action(p, from->id))
		return true;
	if (row->action != ROW_TOGGLE || !from->value.i)
		return false;
	out->id = params_id(p, row_name_of(row), at);
	param_get(p, out->id, &out->value);
	out->value.i = out->value.i == 0;
	return true;
}

/* True: it waits, or does no more. */
static bool
gate_takes(struct model *c, const struct param_change *change, uint32_t source,
	enum param_when when)
{
	const struct param_gate *g = &c->change.gate;
	struct param_change now;

	return resolve(c, change, &now) &&
	       g->take(g->data, &now,
		       params_row(&c->params, now.id, NULL)->waits, source,
		       when);
}

void
param_request(struct params *p, const struct param_change *changes, uint32_t n,
	uint64_t frame, uint32_t source, enum param_when when)
{
	struct model *c = p->model;
	struct param_change *now = NULL;
	uint32_t count = 0;

	/* A switch goes by what is there now, as param_apply() does. */
	schedule_settle(c, 0);
	if (c->change.gate.take)
		now = malloc(n * sizeof(*now));
	if (!now) {
		param_apply(p, changes, n, frame, source);
		return;
	}
	for (uint32_t i = 0; i < n; i++)
		if (!gate_takes(c, &changes[i], source, when))
			now[count++] = changes[i];
	if (count > 0)
		param_apply(p, now, count, frame, source);
	free(now);
}
