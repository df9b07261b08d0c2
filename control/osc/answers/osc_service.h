/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Services: addresses that are no parameters. Each is one file, here or
 * further up, and registers itself by osc_serve(): nothing else knows it.
 * Control thread only. */
#ifndef OSC_SERVICE_H
#define OSC_SERVICE_H

#include <lo/lo_lowlevel.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/osc/answers/osc_arg.h"
#include "control/osc/transport/osc_peer.h"

#define OSC_SERVICES_MAX 64
#define OSC_PLACES_OF	 4  /* one pattern, at most */
#define OSC_PLACE_BYTES	 64 /* with the NUL */

struct osc;
struct osc_served;

/* One message, decoded. */
struct osc_request {
	struct osc *osc;
	const struct osc_peer *from;
	const char *address;
	const char *types; /* without the comma */
	uint32_t args;
	lo_arg **arg;	    /* in host order; [args] */
	lo_message message; /* owns arg; NULL when there are none */
	const void *packet;
	size_t size_bytes;
	const struct osc_served *service; /* NULL: for a parameter, or nobody */
	/* What stands in the places of the service's pattern, in order. */
	char place[OSC_PLACES_OF][OSC_PLACE_BYTES];
};

struct osc_service {
	/* "/ping", "/scene/NAME/recall": a part in capitals is a place that
	 * any part of an address fills. What is registered first goes first. */
	const char *pattern;
	/* Decodes the arguments, and calls what does it; NULL: not answered. */
	void (*call)(void *data, const struct osc_request *r);
	/* The types that our own answers begin with and no request has: another
	 * server's answer is never answered, or two would go on for ever. NULL:
	 * there are none. */
	const char *answer;
	/* A client asks for everything anew; or it has gone. NULL is fine. */
	void (*resync)(void *data);
	void (*gone)(void *data, const struct osc_peer *peer);
};

/* Each of service[n], which must stay as long as the server does, is called
 * with this data. 0, or -ENOMEM when there are too many, -EINVAL when a pattern
 * has too many places. */
int osc_serve(struct osc *o, const struct osc_service *service, uint32_t n,
	void *data);

/* It has no arguments, or it is refused. */
bool osc_no_arguments(const struct osc_request *r);
/* Argument i as a number, put into a range; false: it is none, or NaN. */
bool osc_number(const struct osc_request *r, uint32_t i, double min, double max,
	double *out);
/* How often a second it is to be told, when it says so; 0.0: no more. False: it
 * is refused. */
bool osc_hz(const struct osc_request *r, double max, double *hz);
/* Is a service without arguments to be done? It may be on a button, which sends
 * a number: 0 when it is let go, which does nothing. False also when it was
 * refused. */
bool osc_press(const struct osc_request *r);

#endif
