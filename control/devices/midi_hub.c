/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/devices/midi_hub.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/util/loop.h"
#include "control/devices/midi_hub_own.h"
#include "control/devices/hub_device.h"
#include "control/devices/hub_learn.h"
#include "control/devices/hub_scan.h"
#include "control/devices/hub_wake.h"
#include "control/devices/midi_watch.h"
#include "control/model/param.h"

#define NS_PER_MS   UINT64_C(1000000)
#define SETTLE_NS   (150 * NS_PER_MS)  /* a device has several ports */
#define QUIET_NS    (100 * NS_PER_MS)  /* nobody moves anything */
#define NEWS_MAX_NS (1000 * NS_PER_MS) /* then also in the middle of it */
#define BUSY_NS	    (20 * NS_PER_MS)   /* more comes after what came */
#define REST_NS	    (250 * NS_PER_MS)  /* though we would be told */
#define UNSENT_NS   (1000 * NS_PER_MS) /* then all is sent again */
#define READ_BYTES  1024
#define READS_MAX   16 /* of a device in one turn */

void
hub_say(struct midi_hub *h, const char *fmt, ...)
{
	char line[2 * MAPPING_WHY_MAX];
	va_list args;

	if (!h->say)
		return;
	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	h->say(h->data, line);
}

void
hub_wake(struct midi_hub *h, uint64_t after_ns)
{
	timer_sooner(&h->timer, after_ns);
}

/* ---- reading ---- */

/* The rest of a message that is torn is not its end. */
static void
device_lost(struct device *d, uint64_t now_ns)
{
	d->lost++;
	midi_parser_init(&d->parser, d->parser.listener, d);
	if (d->surface)
		surface_lost(d->surface, now_ns);
}

static void
device_read(struct midi_hub *h, struct device *d, uint64_t now_ns)
{
	uint8_t bytes[READ_BYTES];
	int n;

	for (int i = 0; i < READS_MAX; i++) {
		n = h->backend->read(
			h->backend_data, d->port, bytes, sizeof(bytes));
		if (n == -EOVERFLOW) {
			device_lost(d, now_ns);
			continue;
		}
		if (n <= 0)
			return;
		midi_parse_bytes(&d->parser, bytes, (size_t)n, now_ns);
	}
}

static void
hub_read(struct midi_hub *h, uint64_t now_ns)
{
	for (uint32_t i = 0; i < h->devices; i++) {
		struct device *d = h->device[i];

		if (d->in_open && !d->send)
			device_read(h, d, now_ns);
	}
}

/* ---- time ---- */

/* A device that was full shows what it was not sent. */
static uint64_t
surface_run_of(struct device *d, uint64_t now_ns)
{
	uint64_t wait_ns;

	if (d->unsent_ns != 0 && now_ns - d->unsent_ns >= UNSENT_NS) {
		d->unsent_ns = 0;
		surface_refresh(d->surface);
	}
	wait_ns = surface_run(d->surface, now_ns);
	if (d->unsent_ns != 0 && wait_ns > UNSENT_NS)
		return UNSENT_NS;
	return wait_ns;
}

static uint64_t
surfaces_run(struct midi_hub *h, uint64_t now_ns)
{
	uint64_t next_ns = UINT64_MAX;

	for (uint32_t i = 0; i < h->devices; i++) {
		struct device *d = h->device[i];
		uint64_t wait_ns;

		if (d->surface && hub_device_is_open(d)) {
			wait_ns = surface_run_of(d, now_ns);
			if (wait_ns < next_ns)
				next_ns = wait_ns;
		}
		hub_device_reflex(d);
	}
	return next_ns;
}

/* 0 when there is nothing to look for; else the ns until it is. */
static uint64_t
news_run(struct midi_hub *h, uint64_t now_ns)
{
	if (h->news_ns == 0)
		return UINT64_MAX;
	if (now_ns - h->news_ns < NEWS_MAX_NS &&
		(now_ns - h->last_news_ns < SETTLE_NS ||
			now_ns - h->input_ns < QUIET_NS))
		return QUIET_NS / 10;
	h->news_ns = 0;
	hub_scan(h);
	return UINT64_MAX;
}

/* How long until the devices are asked again: a timer that came late does not
 * make the next one later. */
static uint64_t
poll_ns(const struct midi_hub *h, uint64_t now_ns, uint64_t late_ns)
{
	uint64_t wait_ns = UINT64_MAX;

	for (uint32_t i = 0; i < h->devices; i++) {
		const struct device *d = h->device[i];

		if (!d->in_open || d->send)
			continue;
		if (!d->wakes || now_ns - h->wake_ns < BUSY_NS)
			return MIDI_POLL_NS - late_ns % MIDI_POLL_NS;
		wait_ns = REST_NS;
	}
	return wait_ns;
}

static void
on_time(void *data)
{
	struct midi_hub *h = data;
	uint64_t now_ns = loop_now_ns(), next_ns, wait_ns, took_ns;

	hub_read(h, now_ns); /* what a scan would lose */
	next_ns = news_run(h, now_ns);
	wait_ns = hub_learn_run(h, now_ns);
	next_ns = wait_ns < next_ns ? wait_ns : next_ns;
	wait_ns = hub_open_wanted(h);
	next_ns = wait_ns < next_ns ? wait_ns : next_ns;
	wait_ns = surfaces_run(h, now_ns);
	next_ns = wait_ns < next_ns ? wait_ns : next_ns;
	wait_ns = poll_ns(h, now_ns, h->timer.late_ns);
	next_ns = wait_ns < next_ns ? wait_ns : next_ns;
	took_ns = loop_now_ns() - now_ns;
	if (next_ns != UINT64_MAX)
		hub_wake(h, next_ns > took_ns ? next_ns - took_ns : 0);
}

static void
on_param(void *data, uint32_t id, uint32_t source)
{
	struct midi_hub *h = data;
	bool anybody = false, stale = false;

	for (uint32_t i = 0; i < h->devices; i++) {
		struct device *d = h->device[i];

		if (!d->surface)
			continue;
		surface_changed(d->surface, id, source);
		anybody |= hub_device_is_open(d);
		stale |= hub_device_reflex_stale(d);
	}
	if (stale)
		hub_wake(h, 0);
	else if (anybody)
		hub_wake(h, MIDI_POLL_NS);
}

void
midi_hub_news(struct midi_hub *h)
{
	h->last_news_ns = loop_now_ns();
	if (h->news_ns == 0)
		h->news_ns = h->last_news_ns;
	hub_wake(h, QUIET_NS / 10);
}

static void
on_news(void *data)
{
	midi_hub_news(data);
}

static void
on_input(void *data)
{
	struct midi_hub *h = data;

	h->wake_ns = loop_now_ns();
	hub_wake(h, 0);
}

void
midi_hub_sound(struct midi_hub *h)
{
	for (uint32_t i = 0; i < h->devices; i++)
		if (h->device[i]->surface)
			surface_sound(h->device[i]->surface);
	hub_wake(h, 0);
}

void
midi_hub_resync(struct midi_hub *h)
{
	for (uint32_t i = 0; i < h->devices; i++)
		if (h->device[i]->surface)
			surface_refresh(h->device[i]->surface);
	hub_wake(h, 0);
}

/* ---- mappings ---- */

static void
on_book(void *data)
{
	struct midi_hub *h = data;

	for (uint32_t i = 0; i < h->devices; i++)
		hub_device_pick(h->device[i]);
	hub_open_wanted(h);
	hub_wake(h, 0);
}

static void
on_book_say(void *data, const char *line)
{
	hub_say(data, "%s", line);
}

/* ---- life ---- */

int
midi_hub_open(struct midi_hub **out, const struct midi_hub_config *config)
{
	static const struct midi_book_events events = {
		.changed = on_book, .say = on_book_say};
	static const struct midi_watch_events watch_events = {
		.news = on_news, .input = on_input};
	struct midi_hub *h = calloc(1, sizeof(*h));
	int ret = 0;

	*out = NULL;
	if (!h)
		return -ENOMEM;
	h->loop = config->loop;
	h->params = config->params;
	h->backend = config->backend;
	h->backend_data = config->backend_data;
	h->say = config->say;
	h->peak = config->peak;
	h->data = config->data;
	h->state = "idle";
	midi_saver_init(&h->saver);
	timer_init(&h->timer, h->loop, on_time, h);
	if (!h->backend) {
		h->backend = &midi_ports_backend;
		ret = midi_ports_new(&h->ports);
		h->backend_data = h->ports;
		if (ret == 0)
			ret = midi_watch_open(
				&h->watch, h->loop, &watch_events, h);
	}
	if (ret == 0)
		ret = midi_book_open(&h->book, h->loop, h->params, &events, h);
	if (ret == 0)
		ret = param_listen(h->params, on_param, h);
	if (ret < 0) {
		midi_hub_close(h);
		return ret;
	}
	hub_scan(h);
	hub_wake(h, 0);
	*out = h;
	return 0;
}

void
midi_hub_close(struct midi_hub *h)
{
	if (!h)
		return;
	param_unlisten(h->params, on_param, h);
	midi_saver_finish(&h->saver);
	for (uint32_t i = 0; i < h->devices; i++)
		hub_device_free(h->device[i]);
	midi_book_close(h->book);
	midi_watch_close(h->watch);
	midi_ports_free(h->ports);
	timer_done(&h->timer);
	free(h);
}

int
midi_hub_add(struct midi_hub *h, const char *name, enum mapping_port port,
	void (*send)(void *data, const uint8_t *bytes, uint32_t n), void *data)
{
	struct device *d = hub_device_new(h, name, port);

	if (!d)
		return -ENOSPC;
	d->send = send;
	d->send_data = data;
	d->input = d->output = true;
	hub_device_pick(d);
	return (int)d->place;
}

void
midi_hub_present(struct midi_hub *h, int device, bool present)
{
	struct device *d = h->device[device];

	if (present && !d->present)
		hub_device_say(d);
	else if (!present && d->present)
		hub_say(h, "MIDI: %s: no longer linked", d->name);
	if (!present && d->surface)
		surface_let_go(d->surface);
	else if (d->present && d->surface)
		surface_replaced(d->surface, loop_now_ns());
	else if (d->surface)
		surface_resync(d->surface);
	d->present = d->in_open = d->out_open = present;
	midi_parser_init(&d->parser, d->parser.listener, d);
	hub_wake(h, 0);
}

void
midi_hub_again(struct midi_hub *h, int device)
{
	struct device *d = h->device[device];

	if (!d->present || !d->surface)
		return;
	surface_refresh(d->surface);
	hub_wake(h, 0);
}

void
midi_hub_late(struct midi_hub *h, int device, uint64_t late_ns)
{
	struct device *d = h->device[device];

	d->late_ns = late_ns;
	if (d->surface)
		surface_late(d->surface, late_ns);
}

void
midi_hub_lost(struct midi_hub *h, int device)
{
	device_lost(h->device[device], loop_now_ns());
}

void
midi_hub_take(struct midi_hub *h, int device, const uint8_t *bytes, uint32_t n)
{
	struct device *d = h->device[device];

	midi_parse_bytes(&d->parser, bytes, n, loop_now_ns());
	hub_wake(h, 0); /* for lamps, and reflexes: once for all that came */
}

void
midi_hub_reflex(struct midi_hub *h, int device, struct reflex *x)
{
	struct device *d = h->device[device];

	d->reflex = x;
	d->reflex_stale = true;
	hub_device_reflex(d);
}

/* ---- for people ---- */

void
midi_hub_listen(struct midi_hub *h, uint64_t for_ns,
	void (*heard)(
		void *data, const char *device, const struct midi_event *e),
	void *data)
{
	h->heard = heard;
	h->heard_data = data;
	h->listen_ns = loop_now_ns() + for_ns;
	if (!heard || for_ns == 0)
		return;
	hub_open_wanted(h);
	hub_wake(h, MIDI_POLL_NS);
}

bool
midi_hub_device(struct midi_hub *h, uint32_t i, struct midi_hub_device *out)
{
	const struct device *d;
	const struct mapping *m;

	if (i >= h->devices)
		return false;
	d = h->device[i];
	m = d->mapping ? d->mapping : d->learned;
	*out = (struct midi_hub_device){
		.name = d->name,
		.socket = d->socket,
		.alike = hub_device_is_alike(d),
		.input = d->input,
		.output = d->output,
		.present = d->present,
		.own = d->send != NULL,
		.in_open = d->in_open,
		.out_open = d->out_open,
		.error = d->error,
		.mapping = m ? m->name : "",
		.path = m ? m->path : "",
		.learned = d->learned != NULL,
		.events = d->events,
		.lost = d->lost,
		.heard = d->heard,
		.last = d->last,
		.last_ns = d->last_ns,
	};
	return true;
}
