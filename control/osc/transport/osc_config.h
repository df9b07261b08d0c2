/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the OSC server is told before it starts. Pure functions; those that read
 * a text give 0, or -EINVAL and why[CHECK_WHY_MAX], in the words of check.h. */
#ifndef OSC_CONFIG_H
#define OSC_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "control/osc/transport/transport.h"

#define OSC_PEERS_MAX  32
#define OSC_BIND_USUAL "127.0.0.1"

struct osc_leases;

struct osc_config {
	char bind[64];	/* numeric address; "127.0.0.1" by default */
	bool network;	/* listens everywhere unless bind says otherwise, and
			 * hears private subnets unless peers are named */
	uint16_t port;	/* 9000; 0: any free one */
	uint32_t peers; /* when bound elsewhere: who may speak */
	char peer[OSC_PEERS_MAX][64];
	/* host:port that get every change without subscribing */
	uint32_t pushes;
	char push[OSC_PEERS_MAX][64];
	/* [osc_leases_bytes()], zeroed or as an earlier server left it: who is
	 * subscribed outlives the process. NULL: not. */
	struct osc_leases *leases;
	struct osc_patience patience;
};

void osc_config_init(struct osc_config *config);

/* A numeric address: names would have to be asked of a network first. */
int osc_config_bind(struct osc_config *config, const char *text, char *why);
int osc_config_port(struct osc_config *config, const char *text, char *why);

/* One more: ADDR, ADDR/BITS or NAME may speak; HOST:PORT is sent all. */
int osc_config_peer(struct osc_config *config, const char *text, char *why);
int osc_config_push(struct osc_config *config, const char *text, char *why);

/* The whole, made again of its parts. */
int osc_config_check(const struct osc_config *config, char *why);

#endif
