/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An OSC client with a real socket, that reads what it is sent. Nothing waits
 * by time: WAIT_MS is only how long a failure takes. */
#ifndef OSC_CLIENT_H
#define OSC_CLIENT_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <lo/lo.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "control/osc/answers/osc_arg.h"
#include "control/osc/transport/osc_packet.h"
#include "control/osc/transport/osc_stream.h"

#define WAIT_MS	  10000
#define INBOX_MAX 8192

/* One message that came. */
struct mail {
	char address[128];
	lo_message message;
};

struct client {
	int fd;
	bool tcp;
	bool proves_nothing; /* a forged sender, or an old surface */
	struct osc_stream stream;
	uint8_t in[65536]; /* TCP: read and not yet taken */
	size_t in_at, in_end;
	uint8_t bundle[65536]; /* what came in one: taken up to bundle_at */
	size_t bundle_at, bundle_bytes;
	uint32_t bundles, packets;
	struct mail mail[INBOX_MAX]; /* what came before the last fence */
	uint32_t mails;
	int32_t fences;
};

static inline void
client_forget(struct client *c)
{
	for (uint32_t i = 0; i < c->mails; i++)
		lo_message_free(c->mail[i].message);
	c->mails = 0;
}

static inline void
client_free(struct client *c)
{
	client_forget(c);
	osc_stream_done(&c->stream);
	close(c->fd);
	free(c);
}

static inline void
client_send_bytes(struct client *c, const void *bytes, size_t size)
{
	const uint8_t *p = bytes;

	while (size > 0) {
		ssize_t sent = send(c->fd, p, size, MSG_NOSIGNAL);

		assert_true(sent > 0);
		p += sent;
		size -= (size_t)sent;
	}
}

static inline void
client_send_packet(struct client *c, const void *packet, size_t size)
{
	uint8_t *framed;

	if (!c->tcp) {
		client_send_bytes(c, packet, size);
		return;
	}
	framed = malloc(osc_stream_bound(&c->stream, size));
	assert_non_null(framed);
	size = osc_stream_frame(&c->stream, packet, size, framed);
	client_send_bytes(c, framed, size);
	free(framed);
}

static inline void
client_send(struct client *c, const char *address, lo_message m)
{
	size_t size;
	void *packet = lo_message_serialise(m, address, NULL, &size);

	assert_non_null(packet);
	client_send_packet(c, packet, size);
	free(packet);
	lo_message_free(m);
}

static inline void
client_send_bundle(struct client *c, lo_bundle b)
{
	size_t size;
	void *packet = lo_bundle_serialise(b, NULL, &size);

	assert_non_null(packet);
	client_send_packet(c, packet, size);
	free(packet);
	lo_bundle_free_recursive(b);
}

static inline lo_message
message_of(const char *types, ...)
{
	lo_message m = lo_message_new();
	va_list args;

	va_start(args, types);
	assert_int_equal(lo_message_add_varargs_internal(
				 m, types, args, __FILE__, __LINE__),
		0);
	return m;
}

/* The arguments stand between types and the end marks of liblo. */
#define M(...) message_of(__VA_ARGS__, LO_MARKER_A, LO_MARKER_B)

static inline bool
client_wait(struct client *c, int wait_ms)
{
	struct pollfd p = {.fd = c->fd, .events = POLLIN};

	return poll(&p, 1, wait_ms) == 1;
}

/* A packet as it came; see client_packet(). */
static inline void *
client_raw_packet(struct client *c, size_t *size)
{
	for (;;) {
		uint64_t broken = 0;
		void *packet = NULL;
		ssize_t got;

		if (c->tcp && c->in_at < c->in_end) {
			int used = osc_stream_take(&c->stream, c->in + c->in_at,
				c->in_end - c->in_at, &packet, size, &broken);

			assert_true(used > 0 && broken == 0);
			c->in_at += (size_t)used;
			if (packet)
				return packet;
			continue;
		}
		if (!client_wait(c, WAIT_MS))
			fail_msg("nothing came in %d ms", WAIT_MS);
		got = recv(c->fd, c->in, sizeof(c->in), 0);
		if (got <= 0)
			return NULL;
		c->in_at = 0;
		c->in_end = (size_t)got;
		if (!c->tcp) {
			*size = c->in_end;
			return c->in;
		}
	}
}

/* A message or what came in a bundle, valid until the next call; NULL when the
 * other end has closed. */
static inline void *
client_packet(struct client *c, size_t *size)
{
	const void *element = NULL;
	void *packet;

	if (c->bundle_bytes > 0)
		element = osc_packet_next(
			c->bundle, c->bundle_bytes, &c->bundle_at, size);
	if (element)
		return (void *)element;
	c->bundle_bytes = 0;
	packet = client_raw_packet(c, size);
	c->packets++;
	if (!packet || *size == 0 || !osc_packet_is_bundle(packet, *size))
		return packet;
	assert_null(osc_packet_check(packet, *size));
	assert_true(*size <= 1200);
	c->bundles++;
	memcpy(c->bundle, packet, *size);
	c->bundle_bytes = *size;
	c->bundle_at = 0;
	return client_packet(c, size);
}

/* The next packet that is no question whether it is there, to which it says
 * yes. */
static inline void *
client_proved_packet(struct client *c, size_t *size)
{
	for (;;) {
		void *packet = client_packet(c, size);

		if (!packet || c->proves_nothing ||
			strcmp(packet, "/prove") != 0)
			return packet;
		client_send_packet(c, packet, *size);
	}
}

/* The next message, added to the inbox. */
static inline struct mail *
client_read(struct client *c)
{
	struct mail *mail = &c->mail[c->mails];
	int result = 0;
	size_t size = 0;
	void *packet = client_proved_packet(c, &size);

	assert_non_null(packet);
	assert_true(c->mails < INBOX_MAX);
	assert_null(osc_packet_check(packet, size));
	assert_true(strlen(packet) < sizeof(mail->address));
	memcpy(mail->address, packet, strlen(packet) + 1);
	mail->message = *osc_packet_types(packet, size)
				? lo_message_deserialise(packet, size, &result)
				: lo_message_new();
	assert_non_null(mail->message);
	c->mails++;
	return mail;
}

/* Reads until the other end has closed. */
static inline void
client_closed(struct client *c)
{
	while (client_wait(c, WAIT_MS)) {
		ssize_t got = recv(c->fd, c->in, sizeof(c->in), 0);

		if (got <= 0)
			return;
	}
	fail_msg("it was not closed");
}

/* Where it speaks from. */
static inline uint16_t
client_port(const struct client *c)
{
	struct sockaddr_in own;
	socklen_t len = sizeof(own);

	assert_int_equal(getsockname(c->fd, (struct sockaddr *)&own, &len), 0);
	return ntohs(own.sin_port);
}

#endif
