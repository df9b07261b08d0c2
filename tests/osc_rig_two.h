/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A server with two clients over UDP, made anew for each test. */
#ifndef OSC_RIG_TWO_H
#define OSC_RIG_TWO_H

#include "tests/osc_rig.h"

static struct rig rig;
static struct client *a, *b;

/* As rig_open() takes them; 0. */
static inline int
two_open(const struct model_config *shape, const struct services_source *source)
{
	struct osc_config config = rig_config();

	assert_int_equal(rig_open(&rig, &config, shape, source), 0);
	a = client_new(&rig, false);
	b = client_new(&rig, false);
	return 0;
}

static inline int
two_close(void **state)
{
	(void)state;
	client_free(a);
	client_free(b);
	rig_close(&rig);
	return 0;
}

#endif
