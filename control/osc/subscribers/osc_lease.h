/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Leases in memory that outlives the process: after a crash its successor goes
 * on telling the subscribers what they asked for. The process may be killed
 * between any two stores, so a lease counts only while it is live, and what is
 * read is checked. Control thread only. */
#ifndef OSC_LEASE_H
#define OSC_LEASE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/osc/transport/osc_room.h"
#include "core/limits.h"
#include "core/mixer/mixer.h"

#define OSC_LEASE_TEXT_MAX 2048 /* bytes of patterns, with their NULs */

struct osc_sub;

struct osc_metering {
	uint64_t period_ns; /* 0: none */
	/* By enum mixer_meter: all of them as one, or some as floats */
	bool blob[MIXER_METERS];
	bool wanted[MIXER_METERS][STRIPS_MAX + BUSES_MAX];
};

struct osc_lease {
	_Atomic uint32_t live; /* complete; over UDP only */
	uint32_t text_bytes;
	struct osc_peer peer;
	uint64_t end_ns; /* CLOCK_MONOTONIC */
	bool single;	 /* it reads no bundles */
	struct osc_metering meters;
	char text[OSC_LEASE_TEXT_MAX]; /* patterns, one behind the other */
};

struct osc_leases {
	uint64_t magic;
	uint32_t version;
	uint32_t size_bytes;
	struct osc_lease lease[OSC_ROOM_MAX];
};

/* Zeroed memory, or that of an earlier server: what is no use is cleared. */
void osc_leases_open(struct osc_leases *leases);

void osc_lease_clear(struct osc_lease *lease);
/* A lease that is live and sound, copied; or false. */
bool osc_lease_read(const struct osc_lease *lease, struct osc_lease *out);
/* Adds a pattern. 0, also when it is there already; -ENOSPC. */
int osc_lease_add(struct osc_lease *lease, const char *pattern);
/* The pattern behind this one, NULL for the first; NULL after the last. */
const char *osc_lease_next(const struct osc_lease *lease, const char *pattern);
/* The subscription is as it is now, should the process die. */
void osc_lease_keep(struct osc_sub *sub);

#endif
