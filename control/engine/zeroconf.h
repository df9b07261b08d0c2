/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tells the network by the Avahi daemon where tapdeck listens, so that tablets
 * find it by themselves: _osc._udp and _osc._tcp, "tapdeck on HOST". A thread
 * of its own, since the daemon is asked by D-Bus calls that wait. Without the
 * daemon it says so in one line, and goes on waiting for it. Control thread
 * only. */
#ifndef ZEROCONF_H
#define ZEROCONF_H

#include <stdbool.h>
#include <stdint.h>

struct zeroconf;

/* interface: its index, -1 for all; quiet: says nothing. 0 or -errno */
int zeroconf_start(
	struct zeroconf **out, uint16_t port, int interface, bool quiet);
/* It is found no more. NULL is fine. */
void zeroconf_stop(struct zeroconf *z);

#endif
