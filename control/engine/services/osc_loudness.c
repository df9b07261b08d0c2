/* SPDX-License-Identifier: GPL-3.0-or-later */
/* /loudness [hz], /loudness/BUS [hz]: for 10 s, so often a second (10 at most,
 * 5 unless told otherwise; 0 ends it), /loudness/BUS with the short-term and
 * the integrated loudness in LUFS: each a float, or the text "-" where there is
 * no such number. /loudness/reset and /loudness/BUS/reset begin the integrated
 * anew. A bus is measured from the first that asks until the last lease. */
#include "control/engine/services/services.h"

#include <stdio.h>
#include <string.h>

#include "control/loudness/loudness.h"
#include "control/osc/osc_own.h"
#include "control/osc/answers/osc_answer.h"
#include "control/osc/answers/osc_reply.h"
#include "control/osc/answers/osc_service.h"
#include "control/osc/answers/osc_ways.h"

#define LEASE_NS UINT64_C(10000000000)
#define TICK_NS	 UINT64_C(100000000)
#define USUAL_HZ 5.0
#define MOST_HZ	 10.0

#define LISTENERS_HOST (LOUDNESS_LISTENERS / 2)

/* ---- who listens ---- */

static uint32_t
wanted(const struct services *s)
{
	uint32_t buses = 0;

	for (uint32_t i = 0; i < s->loud.listeners; i++)
		buses |= s->loud.listener[i].buses;
	return buses;
}

static void
listeners_drop(struct services *s, const struct osc_peer *peer, uint64_t now_ns)
{
	uint32_t to = 0;

	for (uint32_t i = 0; i < s->loud.listeners; i++) {
		const struct loudness_listener *l = &s->loud.listener[i];

		if (now_ns < l->until_ns &&
			!(peer && osc_peer_equal(&l->peer, peer)))
			s->loud.listener[to++] = *l;
	}
	s->loud.listeners = to;
}

static struct loudness_listener *
listener_of(struct services *s, const struct osc_request *r)
{
	struct share_who who = osc_who(r->osc, r->from);
	uint32_t own = 0;

	for (uint32_t i = 0; i < s->loud.listeners; i++) {
		struct loudness_listener *l = &s->loud.listener[i];
		struct share_who one = osc_who(r->osc, &l->peer);

		if (osc_peer_equal(&l->peer, r->from))
			return l;
		own += memcmp(&one, &who, sizeof(who)) == 0;
	}
	if (own >= LISTENERS_HOST || s->loud.listeners == LOUDNESS_LISTENERS) {
		osc_refuse(r->osc, r->from, r->address, OSC_CAUSE_VALUE,
			"%u of your machine and %u in all are told already; at "
			"most %d and %d",
			own, s->loud.listeners, LISTENERS_HOST,
			LOUDNESS_LISTENERS);
		return NULL;
	}
	s->loud.listener[s->loud.listeners] =
		(struct loudness_listener){.peer = *r->from};
	return &s->loud.listener[s->loud.listeners++];
}

/* ---- measuring ---- */

static void
bus_drop(struct services *s, uint32_t bus)
{
	if (s->loud.bus[bus])
		s->source.ring(s->source.osc.data, bus, false, NULL, NULL);
	loudness_free(s->loud.bus[bus]);
	s->loud.bus[bus] = NULL;
}

static void
bus_take(struct services *s, uint32_t bus)
{
	const void *map;
	size_t size_bytes;

	if (s->loud.bus[bus] || !s->source.ring ||
		!s->source.ring(
			s->source.osc.data, bus, true, &map, &size_bytes))
		return;
	if (loudness_new(&s->loud.bus[bus], map, size_bytes) < 0)
		return;
	if (s->loud.broken >> bus & 1)
		loudness_miss(s->loud.bus[bus]);
}

static void
measure(struct services *s, uint64_t now_ns)
{
	uint32_t buses = wanted(s);

	s->loud.broken &= buses;
	for (uint32_t b = 0; b < model_config(s->model)->buses; b++) {
		if (buses >> b & 1)
			bus_take(s, b);
		else
			bus_drop(s, b);
		if (s->loud.bus[b])
			loudness_run(s->loud.bus[b], now_ns);
	}
}

void
osc_loudness_stop(struct services *s)
{
	for (uint32_t b = 0; b < BUSES_MAX; b++) {
		if (s->loud.bus[b])
			s->loud.broken |= 1u << b;
		bus_drop(s, b);
	}
}

/* ---- telling ---- */

static void
number_add(lo_message m, bool there, double lufs)
{
	if (there)
		lo_message_add_float(m, (float)lufs);
	else
		lo_message_add_string(m, "-");
}

static void
bus_send(struct services *s, const struct osc_peer *to, uint32_t bus)
{
	const struct loudness *l = s->loud.bus[bus];
	char address[PARAM_ADDRESS_MAX];
	lo_message m = lo_message_new();
	double lufs = 0.0;
	bool there;

	if (!m)
		return;
	there = l && loudness_short(l, &lufs);
	number_add(m, there, lufs);
	there = l && loudness_integrated(l, &lufs);
	number_add(m, there, lufs);
	snprintf(address, sizeof(address), "/loudness/%s",
		model_config(s->model)->bus_name[bus]);
	osc_send(s->osc, to, address, m);
}

static void
listener_tell(struct services *s, struct loudness_listener *l, uint64_t now_ns)
{
	if (now_ns < l->next_ns)
		return;
	l->next_ns += l->period_ns;
	if (l->next_ns <= now_ns) /* not made up for */
		l->next_ns = now_ns + l->period_ns;
	for (uint32_t b = 0; b < model_config(s->model)->buses; b++)
		if (l->buses >> b & 1)
			bus_send(s, &l->peer, b);
}

void
osc_loudness_tick(void *data)
{
	struct services *s = data;
	uint64_t now_ns = loop_now_ns();

	listeners_drop(s, NULL, now_ns);
	measure(s, now_ns);
	for (uint32_t i = 0; i < s->loud.listeners; i++)
		listener_tell(s, &s->loud.listener[i], now_ns);
	osc_out_wake(s->osc);
	if (s->loud.listeners > 0)
		timer_set(&s->loud.timer, TICK_NS);
}

/* ---- requests ---- */

/* The bus that stands in the address, as a set; 0 and it is refused. */
static uint32_t
bus_named(const struct services *s, const struct osc_request *r)
{
	int bus = model_config_bus_find(model_config(s->model), r->place[0]);

	if (bus >= 0)
		return 1u << bus;
	osc_refuse(r->osc, r->from, r->address, OSC_CAUSE_ADDRESS,
		"there is no bus \"%.32s\"; /info names them", r->place[0]);
	return 0;
}

static void
listen_to(struct services *s, const struct osc_request *r, uint32_t buses)
{
	uint64_t now_ns = loop_now_ns();
	struct loudness_listener *l;
	double hz = USUAL_HZ;

	if (!buses || !osc_hz(r, MOST_HZ, &hz))
		return;
	listeners_drop(s, NULL, now_ns);
	if (hz == 0.0) {
		for (uint32_t i = 0; i < s->loud.listeners; i++)
			if (osc_peer_equal(&s->loud.listener[i].peer, r->from))
				s->loud.listener[i].buses &= ~buses;
		return;
	}
	l = listener_of(s, r);
	if (!l)
		return;
	l->buses |= buses;
	l->until_ns = now_ns + LEASE_NS;
	l->period_ns = (uint64_t)(1e9 / hz);
	if (l->next_ns == 0 || l->next_ns > now_ns + l->period_ns)
		l->next_ns = now_ns;
	timer_sooner(&s->loud.timer, 0);
}

static void
loudness_all(void *data, const struct osc_request *r)
{
	struct services *s = data;

	listen_to(s, r, (1u << model_config(s->model)->buses) - 1);
}

static void
loudness_bus(void *data, const struct osc_request *r)
{
	listen_to(data, r, bus_named(data, r));
}

static void
reset(struct services *s, const struct osc_request *r, uint32_t buses)
{
	if (!buses || !osc_press(r))
		return;
	s->loud.broken &= ~buses;
	for (uint32_t b = 0; b < BUSES_MAX; b++)
		if (buses >> b & 1 && s->loud.bus[b])
			loudness_reset(s->loud.bus[b]);
}

static void
reset_all(void *data, const struct osc_request *r)
{
	reset(data, r, UINT32_MAX);
}

static void
reset_bus(void *data, const struct osc_request *r)
{
	reset(data, r, bus_named(data, r));
}

static void
client_gone(void *data, const struct osc_peer *peer)
{
	struct services *s = data;

	listeners_drop(s, peer, loop_now_ns());
}

/* A bus called reset is not heard of. */
const struct osc_service osc_loudness_services[] = {
	{.pattern = "/loudness", .call = loudness_all, .gone = client_gone},
	{.pattern = "/loudness/reset", .call = reset_all},
	{.pattern = "/loudness/BUS", .call = loudness_bus, .answer = "ff"},
	{.pattern = "/loudness/BUS/reset", .call = reset_bus},
	{.pattern = NULL},
};

void
osc_loudness_done(struct services *s)
{
	for (uint32_t b = 0; b < BUSES_MAX; b++)
		loudness_free(s->loud.bus[b]);
}
