/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/model/console.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/model/console_state.h"
#include "core/mixer/mixer.h"
#include "driver/supervisor/supervisor.h"

#define RETRY_NS 5000000u /* the mixer's queue had no room */

_Static_assert(sizeof(struct keep) <= (size_t)SUPERVISOR_MEMORY_BYTES,
	"the values fit what the supervisor shares");
_Static_assert(ROUTES_MAX <= PARAM_CHOICES_MAX, "a route is a choice");
_Static_assert(STRIPS_MAX < SLUG_HASH / 2 && STRIPS_MAX < PLACE_BUS, "");

/* ---- the console ---- */

size_t
console_memory_bytes(void)
{
	return sizeof(struct keep);
}

int
console_new(
	struct console **out, const struct console_config *config, void *memory)
{
	char why[CONSOLE_CONFIG_WHY];
	struct console *c;
	int rc;

	*out = NULL;
	if ((uintptr_t)memory % _Alignof(struct keep))
		return -EINVAL;
	c = calloc(1, sizeof(*c));
	if (!c)
		return -ENOMEM;
	c->config = *config;
	c->keep = memory;
	rc = console_config_check(config, why);
	if (rc == 0) {
		console_config_routes(&c->config);
		for (uint32_t i = 0; i < c->config.rules; i++)
			c->reserved[c->config.rule[i].strip] = true;
		keep_open(c->keep, &c->config);
		rc = schedule_new(&c->schedule);
	}
	if (rc == 0)
		rc = params_init(&c->params, c);
	if (rc < 0) {
		console_free(c);
		return rc;
	}
	console_take_over(c);
	*out = c;
	return 0;
}

void
console_free(struct console *c)
{
	if (!c)
		return;
	schedule_free(c->schedule);
	params_done(&c->params);
	free(c->app);
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
	c->mixer = m;
	c->rate_hz = rate_hz;
	memset(c->said, 0, sizeof(c->said));
	schedule_mixer_gone(c->schedule);
	params_dirty_all(&c->params);
	params_flush(&c->params);
	console_wake(c);
}

void
console_mixer_stop(struct console *c)
{
	c->mixer = NULL;
	schedule_mixer_gone(c->schedule);
}

void
console_set_wake(struct console *c, void (*wake)(void *data), void *data)
{
	c->wake = wake;
	c->wake_data = data;
}

void
console_wake(struct console *c)
{
	if (c->wake)
		c->wake(c->wake_data);
}

uint64_t
console_run(struct console *c, uint64_t now_ns)
{
	uint64_t next_ns = schedule_run(c, now_ns);

	if (!params_flush(&c->params) && next_ns > RETRY_NS)
		next_ns = RETRY_NS;
	return next_ns;
}
