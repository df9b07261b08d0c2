/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What osc_tcp.c, which reads and writes, and osc_tcp_accept.c, which lets in
 * and sends away, share. Control thread only. */
#ifndef OSC_TCP_OWN_H
#define OSC_TCP_OWN_H

#include "control/osc/transport/osc_room.h"
#include "control/osc/transport/osc_socket.h"
#include "control/osc/transport/osc_stream.h"
#include "control/util/timer.h"

#define OSC_CLIENTS_MAX	 OSC_ROOM_MAX
#define OSC_TCP_IN_BYTES 16384 /* read at once */

struct osc_tcp_client {
	struct osc_tcp *tcp;
	struct osc_peer peer;
	int fd; /* -1: free */
	struct osc_stream stream;
	uint8_t *in; /* [OSC_TCP_IN_BYTES] of struct osc_tcp: what was read */
	size_t in_at, in_end; /* and not yet taken */
	struct osc_buffer out;
	uint64_t progress_ns; /* when it last read something, or had to */
	uint64_t heard_ns;    /* a packet of it, or that it connected */
	uint64_t begun_ns;    /* a packet that has not ended; 0: none */
	bool took;	      /* one has ended just now */
	bool spoke;	      /* it has sent a packet */
	bool far;	      /* of another machine */
	bool ended;	      /* it sends no more: closed when out is empty */
	bool dead;	      /* closed at the end of this callback */
};

struct osc_tcp_listener {
	struct osc_tcp *tcp;
	int fd;
};

struct osc_tcp {
	struct osc_transport t; /* first */
	uint32_t listeners;
	struct osc_tcp_listener listener[OSC_PLACES_MAX];
	int spare_fd; /* given up to refuse a client when there are no more */
	uint32_t last_number;
	struct osc_tcp_client client[OSC_CLIENTS_MAX];
	uint8_t *in;	    /* [OSC_CLIENTS_MAX][OSC_TCP_IN_BYTES] */
	struct timer again; /* what was read and not yet taken */
	struct timer idle;  /* while there are clients */
};

/* osc_tcp_client.c. Closed at the end of this callback. why NULL: not worth a
 * line. */
void osc_tcp_drop(struct osc_tcp_client *c, const char *why);
void osc_tcp_client_close(struct osc_tcp_client *c);
/* After a callback: sends, asks for what it waits for, or closes. */
void osc_tcp_settle(struct osc_tcp_client *c);
void osc_tcp_client_ready(void *data, short revents);
/* What waits goes out, as far as it takes it. */
void osc_tcp_client_flush(struct osc_tcp_client *c);
/* Takes packets from what was read, as far as this turn's work allows. */
void osc_tcp_client_work(struct osc_tcp_client *c);

/* osc_tcp_accept.c */
int osc_tcp_listen(struct osc_tcp *t, const struct osc_sockets *sockets);
void osc_tcp_idle_tick(void *data);

#endif
