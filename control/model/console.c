/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/model/console.h"

#include <errno.h>
#include <stdlib.h>

#include "control/model/apps.h"
#include "control/model/change.h"
#include "control/model/feed.h"
#include "control/model/names.h"
#include "control/model/schedule.h"
#include "driver/supervisor/supervisor.h"

#define RETRY_NS 5000000u /* the mixer's queue had no room */

_Static_assert(sizeof(struct values) <= (size_t)SUPERVISOR_MEMORY_BYTES,
	"the values fit what the supervisor shares");
_Static_assert(ROUTES_MAX <= PARAM_CHOICES_MAX, "a route is a choice");
_Static_assert(STRIPS_MAX < SLUG_HASH / 2 && STRIPS_MAX < PLACE_BUS, "");

/* ---- the console ---- */

size_t
console_memory_bytes(void)
{
	return sizeof(struct values);
}

/* Of a configuration that is good. */
static int
parts_open(struct console *c)
{
	int rc;

	console_config_routes(&c->config);
	values_open(c->kept.values, console_config_hash(&c->config));
	rc = rows_open(c);
	rc = rc < 0 ? rc : params_init(&c->params, c);
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
console_new(
	struct console **out, const struct console_config *config, void *memory)
{
	char why[CONSOLE_CONFIG_WHY];
	struct console *c;
	int rc;

	*out = NULL;
	if ((uintptr_t)memory % _Alignof(struct values))
		return -EINVAL;
	c = calloc(1, sizeof(*c));
	if (!c)
		return -ENOMEM;
	c->config = *config;
	c->kept.values = memory;
	rc = console_config_check(config, why);
	if (rc == 0)
		rc = parts_open(c);
	if (rc < 0) {
		console_free(c);
		return rc;
	}
	*out = c;
	return 0;
}

void
console_free(struct console *c)
{
	if (!c)
		return;
	timer_done(&c->timer);
	apps_free(c);
	schedule_free(c->schedule);
	change_done(c);
	feed_done(c);
	params_done(&c->params);
	free(c);
}

struct params *
console_params(struct console *c)
{
	return &c->params;
}

const struct console_config *
console_config(const struct console *c)
{
	return &c->config;
}

void
console_mixer_start(struct console *c, struct mixer *m, uint32_t rate_hz)
{
	schedule_mixer_gone(c->schedule);
	feed_start(c, m, rate_hz);
}

void
console_mixer_stop(struct console *c)
{
	schedule_mixer_gone(c->schedule);
	feed_stop(c);
}

void
console_done_begin(
	struct console *c, const struct reflex_done *done, uint32_t n)
{
	/* What the mixer passed before it, as param_apply() does; the message
	 * may come to nothing. */
	if (n > 0)
		schedule_settle(c, 0);
	feed_done_begin(c, done, n);
}

void
console_done_end(struct console *c, uint64_t frame, uint32_t taken)
{
	feed_done_end(c, frame, taken);
}

static void
on_time(void *data)
{
	console_run(data, loop_now_ns());
}

static void
on_wake(void *data)
{
	struct console *c = data;

	timer_sooner(&c->timer, 0);
}

void
console_set_loop(struct console *c, struct loop *l)
{
	timer_init(&c->timer, l, on_time, c);
	c->feed.wake = on_wake;
	c->feed.wake_data = c;
	on_wake(c);
}

uint64_t
console_run(struct console *c, uint64_t now_ns)
{
	uint64_t next_ns = schedule_run(c, now_ns);

	if (!feed_flush(c) && next_ns > RETRY_NS)
		next_ns = RETRY_NS;
	if (c->timer.loop)
		timer_sooner(&c->timer, next_ns);
	return next_ns;
}
