/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Puts back what a killed tapdeck has left, and waits, bounded, until it is so.
 * The parking does it; here is only a loop of its own for it. */
#include "driver/supervisor/supervisor.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driver/supervisor/claim.h"
#include "driver/supervisor/park/park.h"
#include "driver/timer.h"

#define WAIT_MS	 2000
#define CHECK_MS 5

struct recovery {
	struct pw_main_loop *main_loop;
	struct pw_loop *loop;
	struct spa_source *timer;
	struct journal *journal;
	struct park park;
	bool recovered;
	int left_ms;
};

static void
on_check(void *data, uint64_t expirations)
{
	struct recovery *r = data;

	r->left_ms -= CHECK_MS * (int)SPA_MIN(expirations, (uint64_t)WAIT_MS);
	if (r->left_ms <= 0 || (r->recovered && park_settled(&r->park)))
		pw_main_loop_quit(r->main_loop);
}

static void
on_recovered(void *data)
{
	struct recovery *r = data;

	r->recovered = true;
}

static const struct park_events park_events = {
	.recovered = on_recovered,
};

static int
recovery_run(struct recovery *r)
{
	struct park_config config = {.park_sink = ""};
	int res;

	r->left_ms = WAIT_MS;
	r->main_loop = pw_main_loop_new(NULL);
	if (!r->main_loop)
		return -ENOMEM;
	r->loop = pw_main_loop_get_loop(r->main_loop);
	r->timer = pw_loop_add_timer(r->loop, on_check, r);
	if (!r->timer)
		return -ENOMEM;
	timer_every(r->loop, r->timer, CHECK_MS * UINT64_C(1000000));
	config.loop = r->loop;
	config.journal = r->journal;
	res = park_open(&r->park, &config, &park_events, r);
	if (res < 0)
		return res;
	pw_main_loop_run(r->main_loop);
	return r->recovered && park_settled(&r->park) ? 0 : -ETIMEDOUT;
}

static int
recovery_locked(void)
{
	char path[PATH_MAX];
	struct recovery *r;
	int res = journal_path(path, sizeof(path));

	if (res < 0)
		return res;
	if (access(path, F_OK) < 0)
		return 0; /* nothing was left */
	if (!(r = calloc(1, sizeof(*r))))
		return -ENOMEM;
	res = journal_open(&r->journal, path);
	if (res == 0)
		res = recovery_run(r);
	park_close(&r->park);
	source_end(r->loop, &r->timer);
	if (r->main_loop)
		pw_main_loop_destroy(r->main_loop);
	journal_close(r->journal);
	free(r);
	return res;
}

int
supervisor_recover(void)
{
	pid_t holder;
	int lock = session_lock_take(&holder);
	int res;

	/* A new supervisor is there already: it does it. */
	if (lock == -EBUSY)
		return 0;
	if (lock < 0)
		return lock;
	pw_init(NULL, NULL);
	res = recovery_locked();
	pw_deinit();
	close(lock);
	return res;
}
