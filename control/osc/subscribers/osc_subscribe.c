/* SPDX-License-Identifier: GPL-3.0-or-later */
/* /subscribe, /unsubscribe, /resync, /bundles and /meters: decoding. */
#include "control/osc/subscribers/osc_subscribe.h"

#include "control/osc/subscribers/osc_reply_port.h"
#include "control/osc/subscribers/osc_subs.h"
#include "control/osc/answers/osc_reply.h"
#include "control/osc/answers/osc_serve.h"
#include "control/osc/answers/osc_ways.h"

#include <string.h>

#define LEASE_MIN_S   0.1
#define LEASE_MAX_S   86400.0
#define METERS_HZ     20.0 /* unless another is given */
#define METERS_MAX_HZ 60.0

/* ["pattern"] [seconds [port]] */
struct wish {
	const char *pattern; /* "": everything */
	double seconds;
	double port; /* 0: where it asks from, or as it said before */
};

/* What a button sends, as the last argument: 1, and 0 when it is let go. */
static bool
is_button(const struct osc_request *r, uint32_t at, bool *down)
{
	double x = 0.0;

	if (at + 1 != r->args)
		return false;
	*down = r->types[at] == 'T' || r->types[at] == 'I';
	if (*down || r->types[at] == 'F')
		return true;
	if (!osc_number(r, at, -1.0, 2.0, &x) || (x != 0.0 && x != 1.0))
		return false;
	*down = x == 1.0;
	return true;
}

/* False: refused, or a button that was let go. */
static bool
decode(const struct osc_request *r, struct wish *out)
{
	uint32_t at = 0;
	bool down;

	*out = (struct wish){"", (double)OSC_LEASE_NS / 1e9, 0.0};
	if (r->args > 0 && r->types[0] == 's')
		out->pattern = osc_arg_text(r->arg[at++]);
	if (is_button(r, at, &down))
		return down;
	if (r->args > at &&
		osc_number(r, at, LEASE_MIN_S, LEASE_MAX_S, &out->seconds))
		at++;
	if (r->args > at && at > 0 &&
		osc_number(r, at, 0.0, UINT16_MAX + 1.0, &out->port))
		at++;
	return at == r->args ||
	       osc_refuse_args(r,
		       "a pattern as s, a lease in seconds and the port to "
		       "answer to as f or i, or less of them");
}

/* Does it name something, or may it one day? */
static bool
check_pattern(struct osc *o, const struct osc_request *r, const char *pattern)
{
	o->work += param_count(o->params) / OSC_MATCH_WORK;
	if (!*pattern || param_match(o->params, pattern, o->ids, 0) > 0 ||
		param_may_match(o->params, pattern))
		return true;
	osc_refuse(o, r->from, r->address, OSC_CAUSE_ADDRESS,
		"no address matches \"%s\"; /list shows all", pattern);
	return false;
}

void
osc_subscribe(void *data, const struct osc_request *r)
{
	struct osc *o = data;
	struct osc_sub *sub;
	struct wish wish;

	if (!decode(r, &wish) ||
		(wish.port != 0.0 && !osc_reply_port_check(r, wish.port)) ||
		!check_pattern(o, r, wish.pattern))
		return;
	sub = osc_sub_take(o, r, (uint16_t)wish.port);
	if (!sub)
		return;
	osc_sub_renew(o->subs, sub, (uint64_t)(wish.seconds * 1e9), false);
	if (osc_sub_want(o->subs, sub, wish.pattern) < 0)
		osc_refuse(o, &sub->peer, r->address, OSC_CAUSE_SUBSCRIBE,
			"no room for more patterns: %d bytes; a pattern may "
			"name many, and /unsubscribe begins anew",
			OSC_LEASE_TEXT_MAX);
}

/* A subscription, or a place among those that are sent all
 * changes unasked; or it is refused. */
static struct osc_sub *
own_sub(struct osc *o, const struct osc_request *r)
{
	struct osc_sub *sub = osc_sub_find(o->subs, r->from);

	if (!sub)
		sub = osc_sub_find_push(o->subs, r->from);
	if (!sub)
		osc_refuse(o, r->from, r->address, OSC_CAUSE_SUBSCRIBE,
			"you have no subscription, or its lease ran out; "
			"/subscribe makes one");
	return sub;
}

void
osc_unsubscribe(void *data, const struct osc_request *r)
{
	struct osc *o = data;
	struct osc_sub *sub = osc_press(r) ? own_sub(o, r) : NULL;

	if (sub && sub->push)
		osc_refuse(o, r->from, r->address, OSC_CAUSE_SUBSCRIBE,
			"the configuration of tapdeck sends you all changes; "
			"that does not end");
	else if (sub)
		osc_sub_drop(o->subs, sub);
}

void
osc_resync(void *data, const struct osc_request *r)
{
	struct osc *o = data;
	struct osc_sub *sub;

	if (!osc_press(r))
		return;
	sub = own_sub(o, r);
	osc_service_resync(o);
	if (sub)
		osc_sub_resync(o->subs, sub);
}

/* Any kind of them. */
static bool
any_wanted(const struct osc_sub *sub)
{
	bool any = false;

	for (int kind = 0; kind < MIXER_METERS; kind++)
		any |= osc_meters_wanted(sub, (enum mixer_meter)kind);
	return any;
}

void
osc_meters(void *data, const struct osc_request *r)
{
	struct osc *o = data;
	const char *rest;
	enum mixer_meter kind = osc_meter_kind(r->address, &rest);
	uint32_t found = *rest ? osc_meter_floats_find(o, rest) : 0;
	struct osc_sub *sub;
	double hz = METERS_HZ;

	if (!osc_hz(r, METERS_MAX_HZ, &hz))
		return;
	if (*rest && found == 0) {
		osc_refuse(o, r->from, r->address, OSC_CAUSE_ADDRESS,
			"there is no such meter; there are /meters, "
			"/meters/strip/N and /meters/bus/BUS, and the same "
			"behind /meters/hold and /meters/rms");
		return;
	}
	sub = hz > 0.0 ? osc_sub_take(o, r, 0) : osc_sub_find(o->subs, r->from);
	if (!sub)
		return;
	if (*rest)
		osc_meter_floats_want(o, sub, kind, found, hz > 0.0);
	else
		sub->meters.blob[kind] = hz > 0.0;
	osc_sub_renew(o->subs, sub, OSC_LEASE_NS, true);
	if (hz > 0.0)
		osc_meters_start(o->subs, sub, (uint64_t)(1e9 / hz));
	else if (!any_wanted(sub))
		osc_meters_start(o->subs, sub, 0);
}

/* A client that does not read bundles gets each message for itself. */
void
osc_bundles(void *data, const struct osc_request *r)
{
	struct osc *o = data;
	struct osc_sub *sub = osc_sub_find(o->subs, r->from);
	double on;

	if (r->args != 1 || !osc_number(r, 0, 0.0, 1.0, &on)) {
		osc_refuse_args(r,
			"0 for one message in each packet, 1 for bundles, as i "
			"or f");
		return;
	}
	if (!sub)
		sub = osc_sub_find_push(o->subs, r->from);
	if (sub)
		osc_sub_single(sub, on < 0.5);
	else
		osc_out_of(o, r->from)->single = on < 0.5;
}
