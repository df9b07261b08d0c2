/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much a peer may be sent before it has proved that it is where it says.
 * Control thread only. */
#ifndef OSC_PROOF_H
#define OSC_PROOF_H

#include <stddef.h>
#include <stdint.h>

struct osc;
struct osc_out;

/* Of one struct osc_out, zeroed when it is made. */
struct osc_proof {
	uint64_t sent_bytes; /* payload of the datagrams it was sent */
};

/* Bytes of payload that this peer may be sent now; SIZE_MAX: no limit. */
size_t osc_proof_room(const struct osc *o, const struct osc_out *out);

/* A datagram of so many bytes has left for it. */
void osc_proof_sent(struct osc *o, struct osc_out *out, size_t size_bytes);

#endif
