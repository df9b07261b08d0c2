/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A server that is on a network, with this machine and others as clients. */
#ifndef OSC_RIG_NET_H
#define OSC_RIG_NET_H

#include "tests/net_rig.h"
#include "tests/osc_rig.h"

#define US   "198.51.100.1"
#define PEER "198.51.100.7"

static struct rig rig;

/* Listens everywhere, and hears the others; patience: NULL, or another one. */
static inline void
listen_with(const struct osc_patience *patience)
{
	struct osc_config config = rig_config();

	snprintf(config.bind, sizeof(config.bind), "0.0.0.0");
	config.peers = 1;
	snprintf(config.peer[0], sizeof(config.peer[0]), "198.51.100.0/24");
	if (patience)
		config.patience = *patience;
	assert_int_equal(rig_open(&rig, &config, NULL, NULL), 0);
}

static inline struct client *
client_of(const char *source, bool tcp)
{
	snprintf(rig.source, sizeof(rig.source), "%s", source);
	return client_new(&rig, tcp);
}

static inline struct client *
far_client(uint32_t machine, bool tcp)
{
	char source[64];

	snprintf(source, sizeof(source), "198.51.100.%u", 10 + machine);
	snprintf(rig.host, sizeof(rig.host), US);
	return client_of(source, tcp);
}

static inline struct client *
near_client(bool tcp)
{
	snprintf(rig.host, sizeof(rig.host), "127.0.0.1");
	return client_of("", tcp);
}

static inline int
net_close(void **state)
{
	(void)state;
	rig_close(&rig);
	return 0;
}

#endif
