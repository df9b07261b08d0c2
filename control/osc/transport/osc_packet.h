/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is a packet sound? The complete structural check of an OSC message or
 * bundle, made before any parser sees it: liblo's own check of a blob reads
 * beyond the packet.
 *
 * Any thread; no state, no allocation, and never a read outside of the packet.
 * What passes here may be walked without a further check of sizes. */
#ifndef OSC_PACKET_H
#define OSC_PACKET_H

#include <stddef.h>
#include <stdint.h>

#define OSC_PACKET_MAX	      65536 /* bytes; a UDP datagram always fits */
#define OSC_BUNDLE_HEAD_BYTES 16    /* the tag and its NUL, the timetag */
#define OSC_DEPTH_MAX	      8	    /* bundles in bundles */
#define OSC_ARGS_MAX	      1024  /* of one message */
#define OSC_ELEMENTS_MAX      8192  /* messages and bundles of one packet */

/* NULL when the packet is sound, else what is wrong with it: a few words that
 * stay valid. */
const char *osc_packet_check(const void *packet, size_t size_bytes);

/* The same for the bundles of a packet only: what they hold may be walked, and
 * each message in them wants an osc_packet_check() of its own. */
const char *osc_packet_frame_check(const void *packet, size_t size_bytes);

/* Is it a message whose address and type tags can be read, but which has a type
 * that we do not know, or an address of other letters than OSC's? Such a one
 * has not passed, and can be answered. */
_Bool osc_packet_is_strange(const void *packet, size_t size_bytes);

_Bool osc_packet_is_bundle(const void *packet, size_t size_bytes);

/* The rest is for packets that have passed. */

/* An OSC timetag as it stands in a bundle: NTP seconds and 2^-32 fractions. */
uint64_t osc_packet_timetag(const void *bundle);

/* Walks the elements of a bundle: *at starts as 0; NULL after the last. */
const void *osc_packet_next(const void *bundle, size_t bundle_bytes, size_t *at,
	size_t *element_bytes);

/* A bundle that is written: its head, without a time, and an element behind its
 * length. Both return where the next one goes. */
uint8_t *osc_packet_begin(uint8_t *out);
uint8_t *osc_packet_put(uint8_t *out, const void *packet, size_t size_bytes);

/* The type tags of a message without the comma; "" also where an old sender
 * left the tags out of a message without arguments. */
const char *osc_packet_types(const void *message, size_t size_bytes);

/* CLOCK_REALTIME of a timetag, to the nearest nanosecond; 0 for "immediately".
 * Seconds below 2^31 are those after 2036-02-07 (RFC 4330). */
uint64_t osc_timetag_realtime_ns(uint64_t timetag);

#endif
