/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much a UDP peer on a network may be sent before it has proved that it is
 * where it says: no more than it sent, and 200 bytes, so that nobody can have
 * us flood a third machine with a forged sender's address. tapdeck sends it
 * /prove "TOKEN"; it sends the same back. This machine needs none of it.
 * Control thread only. */
#ifndef OSC_PROOF_H
#define OSC_PROOF_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OSC_PROOF_HOSTS 64 /* whose bytes are counted at a time */

struct osc;
struct osc_out;
struct osc_peer;

/* Of one struct osc_out, zeroed when it is made. */
struct osc_proof {
	bool proved;
	uint32_t token; /* that it was sent last; 0: none */
	uint64_t asked_ns;
};

/* Of one address, whatever its port: payload of what has not been proved. */
struct osc_proof_host {
	struct in6_addr ip;
	uint64_t got_bytes, sent_bytes;
	uint64_t free_bytes; /* that it may be sent besides */
	uint64_t used_ns;    /* 0: free */
};

/* May it be sent a datagram of so many bytes of payload now? When not, it is
 * asked to prove itself. */
bool osc_proof_allows(struct osc *o, struct osc_out *out, size_t size_bytes);
/* Who was not allowed and has yet to: worth another try after so long. */
#define OSC_UNPROVED_NS UINT64_C(100000000)
bool osc_proof_lacks(struct osc *o, const struct osc_out *out);

/* A datagram of so many bytes has left for it, or has come. */
void osc_proof_sent(struct osc *o, struct osc_out *out, size_t size_bytes);
void osc_proof_heard(
	struct osc *o, const struct osc_peer *from, size_t size_bytes);

#endif
