/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/osc/transport/osc_names.h"

#include <ctype.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/util/timer.h"

#define AGAIN_NS UINT64_C(60000000000) /* after a round */

struct name {
	char host[OSC_NAME_MAX];
	bool asked; /* its first answer has come */
	uint32_t count;
	struct osc_peer ip[OSC_NAME_ADDRESSES];
};

struct osc_names {
	struct loop *loop;
	osc_name_found found;
	void *data;
	int fd;		    /* answers, while a round is on; -1 */
	struct timer timer; /* the next round */
	uint32_t count;
	struct name name[OSC_NAMES_MAX];
};

/* What the thread owns: nobody waits for it, and it may outlive us. */
struct round {
	int fd;
	uint32_t count;
	char host[OSC_NAMES_MAX][OSC_NAME_MAX];
};

/* One datagram between them. */
struct answer {
	uint32_t index;
	uint32_t count;
	struct osc_peer ip[OSC_NAME_ADDRESSES];
};

bool
osc_name_is(const char *text)
{
	const char *last = strrchr(text, '.');
	size_t len = strlen(text);
	bool letter = false;

	if (len == 0 || len >= OSC_NAME_MAX || *text == '.' || *text == '-')
		return false;
	for (const char *c = text; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("-._", *c))
			return false;
	/* 10.1 and 1.2.3 are addresses that lack something. */
	for (const char *c = last ? last + 1 : text; *c; c++)
		letter |= isalpha((unsigned char)*c) != 0;
	return letter;
}

/* The port behind the last colon; 0: there is none. */
static uint16_t
port_of(const char *text)
{
	const char *colon = strrchr(text, ':');
	size_t digits = colon ? strspn(colon + 1, "0123456789") : 0;
	unsigned long port;

	if (digits == 0 || digits > 5 || colon[1 + digits])
		return 0;
	port = strtoul(colon + 1, NULL, 10);
	return port <= UINT16_MAX ? (uint16_t)port : 0;
}

int
osc_name_split(const char *text, char host[OSC_NAME_MAX], uint16_t *port)
{
	bool brackets = *text == '[', ok;
	size_t len = strcspn(text, brackets ? "]" : ":");
	struct osc_peer peer;

	*port = port_of(text);
	if (*port == 0 || len - brackets >= OSC_NAME_MAX)
		return -EINVAL;
	snprintf(host, OSC_NAME_MAX, "%.*s", (int)(len - brackets),
		text + brackets);
	if (brackets && text[len] != ']')
		return -EINVAL;
	text += len + brackets;
	if (*text != ':' || strchr(text + 1, ':'))
		return -EINVAL;
	ok = osc_peer_parse(host, 0, &peer) == 0 &&
	     brackets == (strchr(host, ':') != NULL);
	return ok || (!brackets && osc_name_is(host)) ? 0 : -EINVAL;
}

/* ---- the thread ---- */

static void
take_family(struct answer *a, const struct addrinfo *list, int family)
{
	for (; list; list = list->ai_next)
		if (list->ai_family == family && a->count < OSC_NAME_ADDRESSES)
			a->count += osc_peer_from_sockaddr(
				&a->ip[a->count], list->ai_addr);
}

static void *
look_up(void *data)
{
	struct round *r = data;
	const struct addrinfo hints = {.ai_socktype = SOCK_DGRAM};

	for (uint32_t i = 0; i < r->count; i++) {
		struct answer a = {.index = i};
		struct addrinfo *list = NULL;

		if (getaddrinfo(r->host[i], NULL, &hints, &list) == 0) {
			/* What speaks OSC speaks IPv4. */
			take_family(&a, list, AF_INET);
			take_family(&a, list, AF_INET6);
			freeaddrinfo(list);
		}
		if (send(r->fd, &a, sizeof(a), MSG_NOSIGNAL) < 0)
			break;
	}
	close(r->fd);
	free(r);
	return NULL;
}

/* Its signals are the control thread's. */
static int
run_round(struct round *r)
{
	pthread_attr_t attr;
	sigset_t all, before;
	pthread_t thread;
	int res;

	sigfillset(&all);
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	res = pthread_create(&thread, &attr, look_up, r);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attr);
	return -res;
}

/* ---- the control thread ---- */

static void
end_round(struct osc_names *n)
{
	if (n->fd < 0)
		return;
	loop_remove(n->loop, n->fd);
	close(n->fd);
	n->fd = -1;
}

static bool
is_news(const struct name *name, const struct answer *a)
{
	if (!name->asked || name->count != a->count)
		return true;
	for (uint32_t i = 0; i < a->count; i++)
		if (!osc_peer_same_host(&name->ip[i], &a->ip[i]))
			return true;
	return false;
}

static void
take_answer(struct osc_names *n, const struct answer *a)
{
	struct name *name = &n->name[a->index];

	/* A network that has gone for a while takes no address away. */
	if (!is_news(name, a) || (name->count > 0 && a->count == 0))
		return;
	name->asked = true;
	name->count = a->count;
	memcpy(name->ip, a->ip, sizeof(name->ip));
	n->found(n->data, a->index, name->host, name->ip, name->count);
}

static void
ready(void *data, short revents)
{
	struct osc_names *n = data;
	struct answer a;
	ssize_t got;

	(void)revents;
	while ((got = recv(n->fd, &a, sizeof(a), MSG_DONTWAIT)) ==
		(ssize_t)sizeof(a))
		take_answer(n, &a);
	if (got == 0) {
		end_round(n);
		timer_set(&n->timer, AGAIN_NS);
	}
}

static void
round_tick(void *data)
{
	struct osc_names *n = data;
	struct round *r;
	int fd[2];

	end_round(n);
	timer_set(&n->timer, AGAIN_NS);
	r = calloc(1, sizeof(*r));
	if (!r)
		return;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fd) < 0) {
		free(r);
		return;
	}
	r->fd = fd[1];
	for (r->count = 0; r->count < n->count; r->count++)
		memcpy(r->host[r->count], n->name[r->count].host, OSC_NAME_MAX);
	n->fd = fd[0];
	if (loop_add(n->loop, n->fd, POLLIN, ready, n) < 0 ||
		run_round(r) < 0) {
		end_round(n);
		close(fd[1]);
		free(r);
	}
}

int
osc_names_new(struct osc_names **out, struct loop *l, osc_name_found found,
	void *data)
{
	struct osc_names *n = calloc(1, sizeof(*n));

	*out = n;
	if (!n)
		return -ENOMEM;
	n->loop = l;
	n->found = found;
	n->data = data;
	n->fd = -1;
	timer_init(&n->timer, l, round_tick, n);
	return 0;
}

void
osc_names_free(struct osc_names *n)
{
	if (!n)
		return;
	end_round(n);
	timer_done(&n->timer);
	free(n);
}

int
osc_names_add(struct osc_names *n, const char *host)
{
	if (n->count == OSC_NAMES_MAX)
		return -ENOMEM;
	snprintf(n->name[n->count].host, OSC_NAME_MAX, "%s", host);
	return (int)n->count++;
}

void
osc_names_start(struct osc_names *n)
{
	if (n->count > 0)
		timer_set(&n->timer, 0);
}

bool
osc_names_has(
	const struct osc_names *n, uint32_t i, const struct osc_peer *peer)
{
	for (uint32_t a = 0; a < n->name[i].count; a++)
		if (osc_peer_same_host(&n->name[i].ip[a], peer))
			return true;
	return false;
}
