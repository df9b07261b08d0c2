/* SPDX-License-Identifier: GPL-3.0-or-later */
/* /midi and /learn, see osc_midi_watch.c for /midi/watch: devices, and what
 * their controls move.
 *
 * /midi: one /midi per device: s name, s "in", "out" or "in+out", s state
 * ("open", "closed", "gone", "not linked", or why it, or one half of it, cannot
 * be opened), s mapping, s its file, i learned, i events, i lost, s last event,
 * f seconds since it (-1: none), s where it is plugged in ("": unknown), i
 * there is another one of this name.
 *
 * /midi "resync": everything is shown anew.
 *
 * /learn: one /learn: s state, s address, s text. States: idle, move, left,
 * twice, done, failed.
 *
 * /learn ADDRESS: the next control that is moved moves it from then on. It ends
 * with the connection, or when a UDP peer that has asked how it goes has not
 * asked again for 2 s.
 *
 * /learn "cancel"
 *
 * /learn "list": one /learn per control: s "learned", s address, s device, s
 * message.
 *
 * /learn "forget" ADDRESS: /learn: s "forgot", s address, i how many. */
#include "control/engine/services/services.h"

#include <stdio.h>
#include <string.h>

#include "control/devices/devices.h"
#include "control/devices/midi_learned.h"
#include "control/osc/osc_own.h"
#include "control/osc/answers/osc_reply.h"
#include "control/osc/answers/osc_service.h"

#define LEARNER_NS UINT64_C(2000000000) /* it asks more often */

/* ---- /midi ---- */

static void
device_state(const struct midi_device *d, char *out, size_t size_bytes)
{
	const char *word = !d->present ? d->own ? "not linked" : "gone"
			   : !d->in_open && !d->out_open ? "closed"
							 : "open";

	if (!d->present || d->error == 0)
		snprintf(out, size_bytes, "%s", word);
	else
		snprintf(out, size_bytes, "%s%s",
			d->in_open    ? "open, no output: "
			: d->out_open ? "open, no input: "
				      : "",
			strerror(-d->error));
}

static int32_t
count_of(uint64_t n)
{
	return n < INT32_MAX ? (int32_t)n : INT32_MAX;
}

static void
send_device(
	struct osc *o, const struct osc_peer *to, const struct midi_device *d)
{
	const char *ways = !d->input ? "out" : d->output ? "in+out" : "in";
	char last[96] = "", state[96];
	double silent_s = -1.0;

	if (d->heard) {
		midi_text(&d->last, last, sizeof(last));
		silent_s = (double)(loop_now_ns() - d->last_ns) * 1e-9;
	}
	device_state(d, state, sizeof(state));
	osc_tell(o, to, "/midi", "sssssiiisfsi", d->name, ways, state,
		d->mapping, d->path, d->learned, count_of(d->events),
		count_of(d->lost), last, silent_s, d->socket, d->alike,
		LO_ARGS_END);
}

static void
midi(void *data, const struct osc_request *r)
{
	struct osc *o = r->osc;
	struct devices *all = services_devices(data, r);
	struct midi_device d;

	if (!all)
		return;
	if (r->args == 1 && r->types[0] == 's' &&
		!strcmp(osc_arg_text(r->arg[0]), "resync")) {
		devices_resync(all);
		return;
	}
	if (r->args > 0) {
		osc_refuse_args(r, "none, or resync as s");
		return;
	}
	for (uint32_t i = 0; osc_may_answer(o) && devices_at(all, i, &d); i++)
		send_device(o, r->from, &d);
}

static void
midi_resync(void *data)
{
	struct devices *all = services_devices(data, NULL);

	if (all)
		devices_resync(all);
}

/* ---- /learn ---- */

struct answer {
	struct osc *osc;
	const struct osc_peer *to;
};

static void
send_learned(void *data, const struct midi_learned *l)
{
	const struct answer *a = data;

	if (osc_may_answer(a->osc))
		osc_tell(a->osc, a->to, "/learn", "ssss", "learned", l->address,
			l->device, l->message, LO_ARGS_END);
}

static void
forget(struct osc *o, const struct osc_request *r, struct devices *all)
{
	const char *address = osc_arg_text(r->arg[1]);
	char why[MAPPING_WHY_MAX];
	int n = devices_forget(all, address, why);

	if (n < 0)
		osc_refuse(o, r->from, r->address, OSC_CAUSE_VALUE, "%s", why);
	else
		osc_tell(o, r->from, "/learn", "ssi", "forgot", address, n,
			LO_ARGS_END);
}

/* Nobody sees that learning goes on, and controls move nothing meanwhile. */
static void
learner_end(struct services *s)
{
	struct devices *all = services_devices(s, NULL);
	struct devices_learning now;

	s->learns = false;
	if (!all)
		return;
	devices_learning(all, &now);
	if (!strcmp(now.state, "move") || !strcmp(now.state, "left") ||
		!strcmp(now.state, "twice"))
		devices_learn_cancel(all);
}

void
osc_learner_tick(void *data)
{
	struct services *s = data;

	if (s->learns && s->learner_asks)
		learner_end(s);
}

static void
client_gone(void *data, const struct osc_peer *peer)
{
	struct services *s = data;

	if (s->learns && osc_peer_equal(&s->learner, peer))
		learner_end(s);
}

static void
learner_begin(struct services *s, const struct osc_peer *peer)
{
	s->learner = *peer;
	s->learns = true;
	s->learner_asks = false;
}

static void
learner_asked(struct services *s, const struct osc_peer *peer)
{
	if (!s->learns || peer->client > 0 ||
		!osc_peer_equal(&s->learner, peer))
		return;
	s->learner_asks = true;
	timer_set(&s->learner_gone, LEARNER_NS);
}

static void
learn_word(struct services *s, const struct osc_request *r, struct devices *all)
{
	struct osc *o = r->osc;
	const char *word = osc_arg_text(r->arg[0]);
	struct answer answer = {o, r->from};
	char why[MAPPING_WHY_MAX];

	if (!strcmp(word, "list"))
		midi_learned_list(send_learned, &answer);
	else if (!strcmp(word, "cancel"))
		devices_learn_cancel(all);
	else if (devices_learn(all, word, why) < 0)
		osc_refuse(o, r->from, r->address, OSC_CAUSE_VALUE, "%s", why);
	else
		learner_begin(s, r->from);
}

/* An answer, which is never answered itself, has three arguments or more. */
static void
learn(void *data, const struct osc_request *r)
{
	struct osc *o = r->osc;
	struct devices *all = r->args > 2 ? NULL : services_devices(data, r);
	struct devices_learning now;

	if (!all)
		return;
	if (r->args == 0) {
		learner_asked(data, r->from);
		devices_learning(all, &now);
		osc_tell(o, r->from, "/learn", "sss", now.state, now.address,
			now.text, LO_ARGS_END);
	} else if (r->args == 1 && r->types[0] == 's') {
		learn_word(data, r, all);
	} else if (r->args == 2 && !strcmp(r->types, "ss") &&
		   !strcmp(osc_arg_text(r->arg[0]), "forget")) {
		forget(o, r, all);
	} else {
		osc_refuse_args(r,
			"none, an address, list, cancel, or forget and an "
			"address, each as s");
	}
}

const struct osc_service osc_midi_services[] = {
	{.pattern = "/midi",
		.call = midi,
		.answer = "ss",
		.resync = midi_resync},
	{.pattern = "/learn", .call = learn, .gone = client_gone},
	{.pattern = NULL},
};
