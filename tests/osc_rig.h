/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An OSC server with a real model on a thread of its own, and clients with
 * real sockets. Nothing waits by time: a client reads until what it waits for
 * has come, and WAIT_MS is only how long a failure takes. */
#ifndef OSC_RIG_H
#define OSC_RIG_H

#include "control/engine/services/services.h"
#include "control/model/row.h"
#include "tests/osc_client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <lo/lo.h>
#include <math.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct rig {
	struct loop *loop;
	struct model *model;
	struct osc *osc;
	struct services services;
	void *memory;
	pthread_t thread;
	bool running;
	char host[64];	 /* where clients find it */
	char source[64]; /* and come from; "": as it happens */
};

/* Registers more services before anything runs; NULL: none. */
static int (*rig_serve)(struct osc *o);

/* Of 16 strips and 2 buses. */
static inline uint32_t
parameters(void)
{
	static const uint32_t places[] = {[ROW_OF_STRIP] = 16,
		[ROW_OF_SEND] = 16 * 2,
		[ROW_OF_BUS] = 2,
		[ROW_OF_ALL] = 1};
	uint32_t n = 0;

	for (uint32_t i = 0; i < rows_count; i++)
		n += rows[i].inner ? 0 : places[rows[i].scope];
	return n;
}

static inline void *
rig_loop(void *data)
{
	loop_run(((struct rig *)data)->loop);
	return NULL;
}

static inline int
rig_open(struct rig *rig, const struct osc_config *config,
	const struct model_config *shape, const struct services_source *source)
{
	static const struct services_source none;
	struct model_config usual;
	int res;

	memset(rig, 0, sizeof(*rig));
	snprintf(rig->host, sizeof(rig->host), "127.0.0.1");
	model_config_init(&usual);
	rig->memory = calloc(1, model_memory_bytes());
	assert_non_null(rig->memory);
	assert_int_equal(loop_new(&rig->loop), 0);
	assert_int_equal(
		model_new(&rig->model, shape ? shape : &usual, rig->memory), 0);
	model_set_loop(rig->model, rig->loop);
	source = source ? source : &none;
	res = osc_open(&rig->osc, config, rig->loop, rig->model, &source->osc);
	if (res < 0)
		return res;
	assert_int_equal(services_init(&rig->services, rig->osc, rig->loop,
				 rig->model, source),
		0);
	if (rig_serve)
		assert_int_equal(rig_serve(rig->osc), 0);
	assert_int_equal(pthread_create(&rig->thread, NULL, rig_loop, rig), 0);
	rig->running = true;
	return 0;
}

static inline void
rig_close(struct rig *rig)
{
	if (rig->running) {
		loop_stop(rig->loop, 0);
		pthread_join(rig->thread, NULL);
	}
	osc_close(rig->osc);
	services_done(&rig->services);
	model_free(rig->model);
	loop_free(rig->loop);
	free(rig->memory);
}

/* A free port on 127.0.0.1. */
static inline struct osc_config
rig_config(void)
{
	struct osc_config config;

	osc_config_init(&config);
	config.port = 0;
	return config;
}

/* A numeric address of either family; its length. */
static inline socklen_t
address_of(struct sockaddr_storage *out, const char *host, uint16_t port)
{
	struct sockaddr_in *in = (void *)out;
	struct sockaddr_in6 *in6 = (void *)out;

	memset(out, 0, sizeof(*out));
	if (inet_pton(AF_INET, host, &in->sin_addr) == 1) {
		in->sin_family = AF_INET;
		in->sin_port = htons(port);
		return sizeof(*in);
	}
	assert_int_equal(inet_pton(AF_INET6, host, &in6->sin6_addr), 1);
	in6->sin6_family = AF_INET6;
	in6->sin6_port = htons(port);
	return sizeof(*in6);
}

static inline struct client *
client_new(const struct rig *rig, bool tcp)
{
	struct sockaddr_storage to, from;
	socklen_t len = address_of(&to, rig->host, osc_port(rig->osc));
	struct client *c = calloc(1, sizeof(*c));
	int on = 1;

	assert_non_null(c);
	c->tcp = tcp;
	osc_stream_init(&c->stream);
	c->stream.framing = OSC_FRAMING_LENGTH;
	c->fd = socket(to.ss_family, tcp ? SOCK_STREAM : SOCK_DGRAM, 0);
	assert_true(c->fd >= 0);
	if (tcp)
		setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (*rig->source) {
		address_of(&from, rig->source, 0);
		assert_int_equal(bind(c->fd, (struct sockaddr *)&from, len), 0);
	}
	assert_int_equal(connect(c->fd, (struct sockaddr *)&to, len), 0);
	return c;
}

/* Everything that was asked for before has been answered: the answers are in
 * the inbox. */
static inline void
client_collect(struct client *c)
{
	int32_t fence = ++c->fences;

	client_send(c, "/ping", M("i", fence));
	for (;;) {
		struct mail *mail = client_read(c);

		if (strcmp(mail->address, "/ping") != 0)
			continue;
		if (strcmp(lo_message_get_types(mail->message), "i") != 0 ||
			osc_arg_int(lo_message_get_argv(mail->message)[0]) !=
				fence)
			continue;
		lo_message_free(mail->message);
		c->mails--;
		return;
	}
}

static inline void
client_fence(struct client *c)
{
	client_forget(c);
	client_collect(c);
}

/* How many of the inbox are for this address. */
static inline uint32_t
client_count(const struct client *c, const char *address)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < c->mails; i++)
		n += strcmp(c->mail[i].address, address) == 0;
	return n;
}

/* Reads until a message for this address has come, and forgets the others. */
static inline lo_arg **
client_until(struct client *c, const char *address)
{
	for (;;) {
		struct mail *mail;

		client_forget(c);
		mail = client_read(c);
		if (strcmp(mail->address, address) == 0)
			return lo_message_get_argv(mail->message);
	}
}

/* Sends it, and returns the only answer, which must be for this address and of
 * these types. */
static inline lo_arg **
client_ask(struct client *c, const char *address, lo_message m,
	const char *answer, const char *types)
{
	client_send(c, address, m);
	client_fence(c);
	if (c->mails != 1)
		fail_msg("%s: %u answers instead of one", address, c->mails);
	assert_string_equal(c->mail[0].address, answer);
	assert_string_equal(lo_message_get_types(c->mail[0].message), types);
	return lo_message_get_argv(c->mail[0].message);
}

static inline double
client_get(struct client *c, const char *address)
{
	lo_arg **arg;
	char type;

	client_send(c, address, M(""));
	client_fence(c);
	assert_int_equal(c->mails, 1);
	assert_string_equal(c->mail[0].address, address);
	type = lo_message_get_types(c->mail[0].message)[0];
	arg = lo_message_get_argv(c->mail[0].message);
	return type == 'i' ? osc_arg_int(arg[0])
			   : (double)osc_arg_float(arg[0]);
}

/* It is refused, and the error says these words. */
static inline void
client_refused(
	struct client *c, const char *address, lo_message m, const char *words)
{
	lo_arg **arg = client_ask(c, address, m, "/error", "ss");
	const char *said = osc_arg_text(arg[1]);

	assert_string_equal(osc_arg_text(arg[0]), address);
	if (!said || !strstr(said, words))
		fail_msg("%s: \"%s\" instead of \"%s\"", address,
			said ? said : "", words);
}

/* It is taken without a word. */
static inline void
client_set(struct client *c, const char *address, lo_message m)
{
	client_send(c, address, m);
	client_fence(c);
	if (c->mails > 0)
		fail_msg("%s: %s", address,
			osc_arg_text(
				lo_message_get_argv(c->mail[0].message)[1]));
}

/* A timetag of so many seconds from now. */
static inline lo_timetag
timetag_in(double seconds)
{
	struct timespec t;
	double frac;
	lo_timetag tag;

	clock_gettime(CLOCK_REALTIME, &t);
	frac = (double)t.tv_nsec / 1e9 + seconds;
	tag.sec = (uint32_t)((uint64_t)t.tv_sec + 2208988800u +
			     (uint64_t)(int64_t)floor(frac));
	tag.frac = (uint32_t)((frac - floor(frac)) * 4294967296.0);
	return tag;
}

/* A number of /status. */
static inline double
client_status(struct client *c, const char *name)
{
	client_send(c, "/status", M(""));
	client_fence(c);
	for (uint32_t i = 0; i < c->mails; i++) {
		lo_message m = c->mail[i].message;

		const char *types = lo_message_get_types(m);
		lo_arg **arg = lo_message_get_argv(m);

		if (types[0] != 's' || strcmp(osc_arg_text(arg[0]), name) != 0)
			continue;
		if (strcmp(types, "si") == 0)
			return osc_arg_int(arg[1]);
		if (strcmp(types, "sf") == 0)
			return (double)osc_arg_float(arg[1]);
	}
	fail_msg("/status does not say %s", name);
	return 0.0;
}

/* What is waited for must come some time. */
static inline void
not_for_ever(uint64_t start_ns)
{
	if (loop_now_ns() - start_ns > WAIT_MS * UINT64_C(1000000))
		fail_msg("it does not come in %d ms", WAIT_MS);
}

/* Asks until this number of /status is at most that. */
static inline void
client_status_falls(struct client *c, const char *name, double to)
{
	uint64_t start_ns = loop_now_ns();

	while (client_status(c, name) > to)
		not_for_ever(start_ns);
}

#endif
