/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A server with two clients, whose thread is halted by a third one. */
#ifndef OSC_RIG_HALT_H
#define OSC_RIG_HALT_H

#include <semaphore.h>

#include "tests/osc_rig_two.h"

static struct client *asker;
static sem_t halted, halts;

/* What the server's thread does when it is asked for its status. */
static void (*act)(void);

static inline void
on_status(void *data, struct driver_status *out)
{
	(void)data;
	memset(out, 0, sizeof(*out));
	if (act)
		act();
}

static inline void
do_on_thread(void (*what)(void))
{
	act = what;
	client_send(asker, "/status", M(""));
	client_fence(asker);
	act = NULL;
}

static inline void
halt_here(void)
{
	sem_post(&halted);
	sem_wait(&halts);
}

static inline void
halt(void)
{
	act = halt_here;
	client_send(asker, "/status", M(""));
	sem_wait(&halted);
}

static inline void
resume(void)
{
	act = NULL;
	sem_post(&halts);
	client_fence(asker);
}

/* Goes on for a turn, in which b is served, and no further. */
static inline void
one_turn(void)
{
	client_send(b, "/strip/4/trim", M(""));
	client_send(asker, "/status", M(""));
	sem_post(&halts);
	client_until(b, "/strip/4/trim");
	sem_wait(&halted);
}

static inline void
halt_open(const struct model_config *shape)
{
	const struct services_source source = {.status = on_status};

	sem_init(&halted, 0, 0);
	sem_init(&halts, 0, 0);
	act = NULL;
	two_open(shape, &source);
	asker = client_new(&rig, false);
}

static inline void
halt_close(void **state)
{
	client_free(asker);
	for (int i = 0; i < 4; i++) /* where a test has failed */
		sem_post(&halts);
	two_close(state);
	sem_destroy(&halted);
	sem_destroy(&halts);
}

static inline lo_bundle
gain_at(lo_timetag t, double db)
{
	lo_bundle bundle = lo_bundle_new(t);

	lo_bundle_add_message(bundle, "/strip/1/gain", M("f", db));
	return bundle;
}

/* The first moment has a service in front of its change. */
static inline lo_bundle
gain_behind_ping(lo_timetag t, double db)
{
	lo_bundle bundle = lo_bundle_new(t);

	lo_bundle_add_message(bundle, "/ping", M("s", "first"));
	lo_bundle_add_message(bundle, "/strip/1/gain", M("f", db));
	return bundle;
}

#endif
