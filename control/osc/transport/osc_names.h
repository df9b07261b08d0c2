/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Peers that are given by name ("tablet.local"). A name is looked up on a
 * thread of its own, since that may take as long as a network likes, and again
 * from time to time: a tablet's address changes. Control thread only. */
#ifndef OSC_NAMES_H
#define OSC_NAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "control/osc/transport/osc_peer.h"

#define OSC_NAME_MAX	   64 /* bytes with the NUL */
#define OSC_NAMES_MAX	   64
#define OSC_NAME_ADDRESSES 8 /* of one name that are kept */

struct loop;
struct osc_names;

/* A host's name, and no mistyped address. */
bool osc_name_is(const char *text);

/* "tablet:9001", "192.168.1.7:9001", "[::1]:9001": 0 or -EINVAL */
int osc_name_split(const char *text, char host[OSC_NAME_MAX], uint16_t *port);

/* What came out of a lookup that is new: ip[count], IPv4 first; 0: there is no
 * such host. */
typedef void (*osc_name_found)(void *data, uint32_t index, const char *host,
	const struct osc_peer *ip, uint32_t count);

int osc_names_new(struct osc_names **out, struct loop *l, osc_name_found found,
	void *data);
void osc_names_free(struct osc_names *n); /* NULL is fine */
/* index >= 0, or -ENOMEM; before osc_names_start(). */
int osc_names_add(struct osc_names *n, const char *host);
void osc_names_start(struct osc_names *n);
/* One of the addresses of name i? */
bool osc_names_has(
	const struct osc_names *n, uint32_t i, const struct osc_peer *peer);

#endif
