/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What to type into a tablet, and what it finds by itself. */
#include "control/engine/engine_network.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "control/engine/engine_shared.h"
#include "control/engine/zeroconf.h"
#include "control/osc/transport/osc_net.h"
#include "control/osc/transport/osc_peer.h"
#include "control/osc/transport/qr.h"
#include "control/util/text.h"
#include "core/log.h"

#define SHOWN_MAX 4 /* addresses of this machine */

static void
line(void *data, const char *text)
{
	(void)data;
	log_line("%s", text);
}

/* A camera reads it, and the tablet's clipboard takes it. */
static void
draw(const char *host, uint16_t port)
{
	char text[80];

	snprintf(text, sizeof(text), "%s:%u", host, port);
	qr_draw(text, text_may_color(), line, NULL);
}

static uint32_t
find_addresses(struct osc_peer found[SHOWN_MAX])
{
	struct osc_here here = {0};

	return osc_here_list(&here, found, SHOWN_MAX);
}

static void
say_addresses(struct engine *e)
{
	struct osc_peer found[SHOWN_MAX];
	uint16_t port = osc_port(e->osc);
	char ip[INET6_ADDRSTRLEN], text[160];
	uint32_t n;

	n = find_addresses(found);
	if (n == 0)
		engine_say(e, "this machine is in no private network; a tablet "
			      "of another one is heard with --osc-peer");
	for (uint32_t i = 0; i < n; i++) {
		inet_ntop(AF_INET, found[i].ip.s6_addr + 12, ip, sizeof(ip));
		snprintf(text, sizeof(text),
			i == 0 ? "tablets: host %s, port %u"
			       : "tablets of another network: host %s, port %u",
			ip, port);
		engine_say(e, text);
		/* Once, and not for each engine that follows a crash. */
		if (i == 0 && e->config->terminal && !e->config->quiet &&
			(!e->shared ||
				atomic_load(&e->shared->engine_starts) <= 1))
			draw(ip, port);
	}
}

/* The interface of the one address that it listens on; -1: all of them. */
static int
interface_of(const struct osc_peer *bound)
{
	struct ifaddrs *list;
	int index = -1;

	if (osc_peer_is_any(bound) || getifaddrs(&list) < 0)
		return -1;
	for (struct ifaddrs *i = list; i; i = i->ifa_next) {
		struct osc_peer own;

		if (i->ifa_addr && osc_peer_from_sockaddr(&own, i->ifa_addr) &&
			osc_peer_same_host(&own, bound))
			index = (int)if_nametoindex(i->ifa_name);
	}
	freeifaddrs(list);
	return index > 0 ? index : -1;
}

void
engine_network_start(struct engine *e)
{
	const struct osc_config *config = &e->config->osc;
	struct osc_peer bound;
	bool usual = strcmp(config->bind, OSC_BIND_USUAL) == 0;

	if (config->network)
		say_addresses(e);
	if (osc_peer_parse(config->network && usual ? "::" : config->bind, 0,
		    &bound) < 0 ||
		osc_peer_is_loopback(&bound))
		return;
	zeroconf_start(&e->zeroconf, osc_port(e->osc), interface_of(&bound),
		e->config->quiet);
}
