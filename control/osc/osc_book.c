/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Peers of the configuration: who may speak, and who is sent every change
 * without asking, by address or by name. */
#include "control/osc/osc_book.h"
#include "control/osc/answers/osc_ways.h"
#include "control/osc/answers/osc_log.h"
#include "control/osc/subscribers/osc_subscribers.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>

/* What a name of the configuration is for. */
struct named {
	bool push;
	uint16_t port;	     /* push: where it listens */
	struct osc_peer now; /* push: where it is sent to; port 0: nowhere */
};

struct osc_book {
	struct osc *osc;
	struct osc_names *names;
	struct named named[OSC_NAMES_MAX]; /* by the index of the name */
	uint32_t count;
};

/* -EINVAL: it is tapdeck itself, which would answer itself for ever. */
static int
push_to(struct osc *o, const struct osc_peer *to)
{
	int res;

	if (osc_is_self(o, to)) {
		osc_log(o, OSC_CAUSE_PEER, to,
			"no changes are sent there: it is tapdeck itself");
		return -EINVAL;
	}
	res = osc_reach(o, to);
	return res < 0 ? res : osc_subs_push(o, to);
}

static void
push_moves(struct osc *o, struct named *named, const struct osc_peer *ip)
{
	struct osc_peer to = *ip;

	to.port = to.reply_port = named->port;
	if (named->now.port && osc_peer_equal(&named->now, &to))
		return;
	if (named->now.port)
		osc_subs_unpush(o, &named->now);
	named->now.port = 0;
	if (push_to(o, &to) == 0)
		named->now = to;
}

static void
found(void *data, uint32_t index, const char *host, const struct osc_peer *ip,
	uint32_t count)
{
	struct osc_book *book = data;
	struct named *named = &book->named[index];

	if (count == 0)
		osc_log(book->osc, OSC_CAUSE_NAME, NULL,
			"there is no host %s; it is looked for each minute",
			host);
	else if (named->push)
		push_moves(book->osc, named, &ip[0]);
}

static int
add_name(struct osc_book *book, const char *host, bool push, uint16_t port)
{
	int at = osc_names_add(book->names, host);

	if (at < 0)
		return at;
	book->named[at] = (struct named){.push = push, .port = port};
	book->count++;
	return 0;
}

static int
add_peer(struct osc *o, const char *text)
{
	if (osc_net_parse(text, &o->allowed[o->allowed_count]) == 0)
		o->allowed_count++;
	else if (osc_name_is(text))
		return add_name(o->book, text, false, 0);
	else
		return -EINVAL;
	return 0;
}

static int
add_push(struct osc *o, const char *text)
{
	char host[OSC_NAME_MAX];
	struct osc_peer to;
	uint16_t port;

	if (osc_name_split(text, host, &port) < 0)
		return -EINVAL;
	if (osc_peer_parse(host, port, &to) < 0)
		return add_name(o->book, host, true, port);
	push_to(o, &to); /* said, when it cannot be */
	return 0;
}

int
osc_book_open(struct osc *o, const struct osc_config *config)
{
	int res;

	if (config->peers > OSC_PEERS_MAX || config->pushes > OSC_PEERS_MAX)
		return -EINVAL;
	o->book = calloc(1, sizeof(*o->book));
	if (!o->book)
		return -ENOMEM;
	o->book->osc = o;
	res = osc_names_new(&o->book->names, o->loop, found, o->book);
	for (uint32_t i = 0; i < config->peers && res == 0; i++)
		res = add_peer(o, config->peer[i]);
	for (uint32_t i = 0; i < config->pushes && res == 0; i++)
		res = add_push(o, config->push[i]);
	if (res == 0)
		osc_names_start(o->book->names);
	return res;
}

void
osc_book_close(struct osc *o)
{
	if (o->book)
		osc_names_free(o->book->names);
	free(o->book);
	o->book = NULL;
}

/* One of those that may speak, and are given by name? */
static bool
names(const struct osc *o, const struct osc_peer *from)
{
	const struct osc_book *book = o->book;

	for (uint32_t i = 0; book && i < book->count; i++)
		if (!book->named[i].push && osc_names_has(book->names, i, from))
			return true;
	return false;
}

bool
osc_hears(struct osc *o, const struct osc_peer *from)
{
	if (osc_peer_is_loopback(from) || osc_peer_same_host(from, &o->bound))
		return true; /* this machine */
	for (uint32_t i = 0; i < o->allowed_count; i++)
		if (osc_net_has(&o->allowed[i], from))
			return true;
	if (osc_here_is(&o->here, from) || names(o, from))
		return true;
	if (o->hears_near && osc_here_is_near(&o->here, from))
		return true;
	o->counters.strangers++;
	osc_log(o, OSC_CAUSE_PEER, from,
		"not heard: it is %s; --osc-peer, in the file osc: peers:, "
		"says who is heard",
		o->hears_near ? "in no private subnet of this machine"
			      : "none of the peers");
	return false;
}
