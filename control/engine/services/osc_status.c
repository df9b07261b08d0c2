/* SPDX-License-Identifier: GPL-3.0-or-later */
/* /info, /apps, /status and /retake: what runs here. */
#include "control/engine/services/services.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/osc/osc_own.h"
#include "control/osc/answers/osc_reply.h"
#include "control/osc/answers/osc_service.h"
#include "control/util/version.h"
#include "core/mixer/mixer.h"

#define APPS_MAX 256

static void
driver_read(const struct services *s, struct driver_status *out)
{
	memset(out, 0, sizeof(*out));
	if (s->source.status)
		s->source.status(s->source.osc.data, out);
}

static void
info(void *data, const struct osc_request *r)
{
	const struct services *from = data;
	const struct model_config *shape = model_config(from->model);
	struct driver_status now;
	lo_message m;

	if (!osc_no_arguments(r))
		return;
	m = lo_message_new();
	if (!m)
		return;
	driver_read(from, &now);
	lo_message_add_string(m, "tapdeck");
	lo_message_add_string(m, TAPDECK_VERSION);
	lo_message_add_int32(m, (int32_t)now.rate_hz);
	lo_message_add_int32(m, (int32_t)now.block_frames);
	lo_message_add_int32(m, (int32_t)shape->strips);
	lo_message_add_int32(m, (int32_t)shape->buses);
	for (uint32_t b = 0; b < shape->buses; b++)
		lo_message_add_string(m, shape->bus_name[b]);
	osc_send(r->osc, r->from, "/info", m);
}

static const char *
tap_name(enum tap_mode tap)
{
	switch (tap) {
	case TAP_TAKE:
	case TAP_TAKE_BY_HAND:
		return "take";
	case TAP_COPY:
		return "copy";
	case TAP_OFF:
		break;
	}
	return "off";
}

static void
send_app(struct osc *o, const struct osc_peer *to,
	const struct model_app_view *view)
{
	const struct app *app = &view->app;

	osc_tell(o, to, "/apps", "isssiss", app->strip + 1, view->slug,
		app->name, app->key, app->streams, tap_name(app->tap),
		app->note, LO_ARGS_END);
}

static void
apps(void *data, const struct osc_request *r)
{
	const struct services *of = data;
	struct osc *o = r->osc;
	struct model_app_view *view;
	uint32_t count;

	if (!osc_no_arguments(r))
		return;
	view = calloc(APPS_MAX, sizeof(*view));
	if (!view)
		return;
	o->work += APPS_MAX / 4;
	count = model_apps(of->model, view, APPS_MAX);
	for (uint32_t i = 0; i < count && osc_may_answer(o); i++) {
		o->replies_left--;
		send_app(o, r->from, &view[i]);
	}
	free(view);
}

static void
count_line(struct osc *o)
{
	if (o->replies_left > 0)
		o->replies_left--;
}

static void
send_part(struct osc *o, const struct osc_peer *to, const char *name,
	double value)
{
	count_line(o);
	osc_tell(o, to, "/status", "sf", name, value, LO_ARGS_END);
}

/* A count; about right when it is beyond 2^31. */
static void
send_number(struct osc *o, const struct osc_peer *to, const char *name,
	double value)
{
	if (value > INT32_MAX || value != floor(value)) {
		send_part(o, to, name, value);
		return;
	}
	count_line(o);
	osc_tell(o, to, "/status", "si", name, (int32_t)value, LO_ARGS_END);
}

static void
send_text(struct osc *o, const struct osc_peer *to, const char *name,
	const char *value)
{
	count_line(o);
	osc_tell(o, to, "/status", "ss", name, value, LO_ARGS_END);
}

static void
send_driver(const struct services *of, const struct osc_peer *to)
{
	struct osc *o = of->osc;
	struct driver_status s;

	driver_read(of, &s);
	send_number(o, to, "running", s.running);
	send_number(o, to, "rate_hz", s.rate_hz);
	send_number(o, to, "block_frames", s.block_frames);
	send_number(o, to, "cycles", (double)s.cycles);
	send_number(o, to, "xruns", (double)s.xruns);
	send_number(o, to, "dead_buffers", (double)s.dead_buffers);
	send_number(o, to, "looks", (double)s.looks);
	send_number(o, to, "look_us", (double)s.look_us);
	send_number(o, to, "turn_us_max", s.turn_us_max);
	send_part(o, to, "load", (double)s.load);
	send_part(o, to, "load_max", (double)s.load_max);
	send_text(o, to, "scheduler", s.scheduler);
	send_text(o, to, "main_sink", s.main_sink);
	send_text(o, to, "cue_sink", s.cue_sink);
	send_number(o, to, "cue_resampled", s.cue_resampled);
	send_part(o, to, "cue_late_ms", s.cue_late_us / 1000.0);
	send_number(o, to, "links", s.links);
	send_number(o, to, "foreign_links", s.foreign_links);
	send_number(o, to, "midi_lost", (double)s.midi_lost);
}

/* By how much its limiter makes a bus late. */
static void
send_delays(const struct services *of, const struct osc_peer *to,
	const struct mixer *m)
{
	const struct model_config *shape = model_config(of->model);
	char name[sizeof(shape->bus_name[0]) + 16];

	for (uint32_t b = 0; b < shape->buses && osc_may_answer(of->osc); b++) {
		snprintf(name, sizeof(name), "%s_delay_frames",
			shape->bus_name[b]);
		send_number(of->osc, to, name, m ? mixer_bus_delay(m, b) : 0.0);
	}
}

static void
send_mixer(const struct services *of, const struct osc_peer *to)
{
	const struct osc_source *source = &of->source.osc;
	struct osc *o = of->osc;
	struct mixer *m = NULL;
	struct mixer_counters c = {0};

	if (source->mixer)
		m = source->mixer(source->data);
	if (m)
		mixer_counters(m, &c);
	send_number(o, to, "mixer_frames", (double)c.frames);
	send_number(o, to, "bad_samples", (double)c.bad_samples);
	send_number(o, to, "late_messages", (double)c.late_messages);
	send_number(o, to, "refused_blocks", (double)c.refused_blocks);
	send_delays(of, to, m);
}

static void
send_own(struct osc *o, const struct osc_peer *to)
{
	const struct osc_counters c = osc_counters(o);

	send_number(o, to, "osc_packets", (double)c.packets);
	send_number(o, to, "osc_malformed", (double)c.malformed);
	send_number(o, to, "osc_refused", (double)c.refused);
	send_number(o, to, "osc_strangers", (double)c.strangers);
	send_number(o, to, "osc_lost", (double)c.lost);
	send_number(o, to, "osc_dropped", (double)c.dropped);
	send_number(o, to, "osc_tcp_clients", c.clients);
	send_number(o, to, "osc_subscribers", c.subscribers);
}

static void
status(void *data, const struct osc_request *r)
{
	const struct services *of = data;
	struct osc *o = r->osc;
	char name[32] = "";
	double value = 0.0;

	if (!osc_no_arguments(r) || !osc_may_answer(o))
		return;
	send_driver(of, r->from);
	send_mixer(of, r->from);
	send_own(o, r->from);
	if (!of->source.counter)
		return;
	for (uint32_t i = 0;
		osc_may_answer(o) &&
		of->source.counter(of->source.osc.data, i, name, &value);
		i++)
		send_number(o, r->from, name, value);
}

/* After engines have crashed programs are only copied: no longer. */
static void
retake(void *data, const struct osc_request *r)
{
	const struct services *of = data;
	bool taken;

	if (!osc_press(r))
		return;
	taken = of->source.retake && of->source.retake(of->source.osc.data);
	if (r->types[0] != 'i') /* such a one may be an answer */
		osc_tell(r->osc, r->from, "/retake", "i", taken, LO_ARGS_END);
}

const struct osc_service osc_status_services[] = {
	{.pattern = "/info", .call = info, .answer = "ss"},
	{.pattern = "/apps", .call = apps, .answer = "is"},
	{.pattern = "/status", .call = status, .answer = "s"},
	{.pattern = "/retake", .call = retake},
	{.pattern = NULL},
};
