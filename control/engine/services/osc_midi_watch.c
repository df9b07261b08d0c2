/* SPDX-License-Identifier: GPL-3.0-or-later */
/* /midi/watch [seconds]: for so long, 10 by default and 60 at most, every
 * device is opened, also those that no mapping is for, and each message that
 * one sends is told: /midi/event, s device, s message. 0 ends it, as the end of
 * the connection does. Only this opens devices; /midi just reads. */
#include "control/engine/services/services.h"

#include <string.h>

#include "control/devices/devices.h"
#include "control/osc/osc_own.h"
#include "control/osc/answers/osc_reply.h"
#include "control/osc/answers/osc_service.h"
#include "control/osc/answers/osc_ways.h"
#include "control/osc/answers/osc_answer.h"

#define LEASE_S	    10
#define LEASE_MAX_S 60

#define WATCHERS_HOST (MIDI_WATCHERS / 2)
#define WATCHERS_FAR  (MIDI_WATCHERS - 2)

static void
watchers_drop(struct services *s, const struct osc_peer *peer, uint64_t now_ns)
{
	uint32_t to = 0;

	for (uint32_t i = 0; i < s->watchers; i++) {
		const struct midi_watcher *w = &s->watcher[i];

		if (now_ns < w->until_ns &&
			!(peer && osc_peer_equal(&w->peer, peer)))
			s->watcher[to++] = *w;
	}
	s->watchers = to;
}

/* Who is of one machine has half of the places at most, and the other machines
 * leave this one some. */
static bool
has_place(struct services *s, const struct osc_request *r)
{
	struct osc *o = r->osc;
	struct share_who who = osc_who(o, r->from);
	bool far = osc_is_far(o, r->from);
	uint32_t own = 0, fars = 0;

	for (uint32_t i = 0; i < s->watchers; i++) {
		const struct osc_peer *peer = &s->watcher[i].peer;
		struct share_who one = osc_who(o, peer);

		own += memcmp(&one, &who, sizeof(who)) == 0;
		fars += osc_is_far(o, peer);
	}
	if (own >= WATCHERS_HOST)
		osc_refuse(o, r->from, r->address, OSC_CAUSE_VALUE,
			"%u of your machine watch already, the most that one "
			"may have",
			own);
	else if (s->watchers == MIDI_WATCHERS || (far && fars >= WATCHERS_FAR))
		osc_refuse(o, r->from, r->address, OSC_CAUSE_VALUE,
			"%u watch already, %u of this machine and %u of "
			"others; at most %d, others %d",
			s->watchers, s->watchers - fars, fars, MIDI_WATCHERS,
			WATCHERS_FAR);
	else
		return true;
	return false;
}

static void
on_heard(void *data, const char *device, const struct midi_event *e)
{
	struct services *s = data;
	struct osc *o = s->osc;
	char text[96];

	watchers_drop(s, NULL, loop_now_ns());
	midi_text(e, text, sizeof(text));
	for (uint32_t i = 0; i < s->watchers; i++)
		osc_tell(o, &s->watcher[i].peer, "/midi/event", "ss", device,
			text, LO_ARGS_END);
	osc_out_wake(o); /* no request is at hand that they could leave with */
}

/* They are listened to until the last lease is over. */
static void
listen_on(struct services *s, struct devices *all)
{
	uint64_t now_ns = loop_now_ns(), until_ns = now_ns;

	for (uint32_t i = 0; i < s->watchers; i++)
		if (s->watcher[i].until_ns > until_ns)
			until_ns = s->watcher[i].until_ns;
	devices_listen(
		all, until_ns - now_ns, s->watchers > 0 ? on_heard : NULL, s);
}

static void
watch(void *data, const struct osc_request *r)
{
	struct services *s = data;
	struct osc *o = r->osc;
	struct devices *all = services_devices(s, r);
	double seconds = LEASE_S;

	if (!all)
		return;
	if (r->args > 1 ||
		(r->args == 1 && r->types[0] != 'i' && r->types[0] != 'f')) {
		osc_refuse_args(r, "none, or seconds as i or f");
		return;
	}
	if (r->args == 1)
		seconds = r->types[0] == 'i' ? osc_arg_int(r->arg[0])
					     : (double)osc_arg_float(r->arg[0]);
	if (!(seconds >= 0.0 && seconds <= LEASE_MAX_S)) {
		osc_refuse(o, r->from, r->address, OSC_CAUSE_VALUE,
			"%g s; allowed: 0 to %d s", seconds, LEASE_MAX_S);
		return;
	}
	watchers_drop(s, r->from, loop_now_ns());
	if (seconds > 0.0 && has_place(s, r))
		s->watcher[s->watchers++] = (struct midi_watcher){
			*r->from, loop_now_ns() + (uint64_t)(seconds * 1e9)};
	listen_on(s, all);
}

static void
client_gone(void *data, const struct osc_peer *peer)
{
	struct services *s = data;
	struct devices *all = services_devices(s, NULL);
	uint32_t before = s->watchers;

	watchers_drop(s, peer, loop_now_ns());
	if (all && s->watchers != before)
		listen_on(s, all);
}

const struct osc_service osc_midi_watch_services[] = {
	{.pattern = "/midi/watch", .call = watch, .gone = client_gone},
	{.pattern = NULL},
};

void
osc_midi_watch_done(struct services *s)
{
	struct devices *all = services_devices(s, NULL);

	s->watchers = 0;
	if (all)
		listen_on(s, all);
}
