/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/devices/devices.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/util/loop.h"
#include "control/devices/devices_own.h"
#include "control/devices/device.h"
#include "control/devices/devices_learn.h"
#include "control/devices/devices_scan.h"
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
#define READS_MAX   64 /* of a device in one turn */

/* ---- reading ---- */

static void
on_event(void *data, const struct midi_event *e, uint64_t now_ns)
{
	struct device *d = data;

	if (e->kind >= MIDI_CLOCK && e->kind <= MIDI_POSITION &&
		d->all->config.clock &&
		(!d->all->config.clock_of[0] || device_is_clock(d)))
		d->all->config.clock(
			d->all->config.data, d->place, e, d->read_ns);
	if (e->kind != MIDI_CLOCK) {
		d->events++;
		d->all->input_ns = now_ns;
		d->last = *e;
		d->last.sysex = NULL;
		d->last_ns = now_ns;
		d->heard = true;
		if (d->all->heard && now_ns < d->all->listen_ns)
			d->all->heard(d->all->heard_data, d->name, e);
	}
	if (!devices_learn_event(d, e, now_ns) && d->surface)
		surface_event(d->surface, e, 0, now_ns);
}

/* The rest of a message that is torn is not its end. */
static void
device_lost(struct device *d, uint64_t now_ns)
{
	d->lost++;
	device_listen(d);
	if (d->surface)
		surface_lost(d->surface, now_ns);
}

static void
device_read(struct devices *all, struct device *d, uint64_t now_ns)
{
	uint8_t bytes[READ_BYTES];
	int n;

	for (int i = 0; i < READS_MAX; i++) {
		n = all->config.backend->read(all->config.backend_data, d->port,
			bytes, sizeof(bytes));
		if (n == -EOVERFLOW) {
			device_lost(d, now_ns);
			continue;
		}
		if (n <= 0)
			return;
		d->read_ns =
			all->config.backend->read_ns
				? all->config.backend->read_ns(
					  all->config.backend_data, d->port)
				: now_ns;
		midi_parse_bytes(&d->parser, bytes, (size_t)n, now_ns);
	}
}

static void
devices_read(struct devices *all, uint64_t now_ns)
{
	for (uint32_t i = 0; i < all->devices; i++) {
		struct device *d = all->device[i];

		if (d->in_open && !d->send)
			device_read(all, d, now_ns);
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
surfaces_run(struct devices *all, uint64_t now_ns)
{
	uint64_t next_ns = UINT64_MAX;

	for (uint32_t i = 0; i < all->devices; i++) {
		struct device *d = all->device[i];

		if (d->surface && device_is_open(d))
			next_ns =
				timer_first(next_ns, surface_run_of(d, now_ns));
		device_reflex(d);
	}
	return next_ns;
}

/* 0 when there is nothing to look for; else the ns until it is. */
static uint64_t
news_run(struct devices *all, uint64_t now_ns)
{
	if (all->news_ns == 0)
		return UINT64_MAX;
	if (now_ns - all->news_ns < NEWS_MAX_NS &&
		(now_ns - all->last_news_ns < SETTLE_NS ||
			now_ns - all->input_ns < QUIET_NS))
		return QUIET_NS / 10;
	all->news_ns = 0;
	devices_scan(all);
	return UINT64_MAX;
}

/* How long until the devices are asked again: a timer that came late does not
 * make the next one later. */
static uint64_t
poll_ns(const struct devices *all, uint64_t now_ns)
{
	uint64_t wait_ns = UINT64_MAX;

	for (uint32_t i = 0; i < all->devices; i++) {
		const struct device *d = all->device[i];

		if (!d->in_open || d->send)
			continue;
		if (!d->wakes || now_ns - all->wake_ns < BUSY_NS)
			return MIDI_POLL_NS - all->timer.late_ns % MIDI_POLL_NS;
		wait_ns = REST_NS;
	}
	return wait_ns;
}

static void
on_time(void *data)
{
	struct devices *all = data;
	uint64_t now_ns = loop_now_ns(), next_ns, took_ns;

	devices_read(all, now_ns); /* what a scan would lose */
	next_ns = news_run(all, now_ns);
	next_ns = timer_first(next_ns, devices_learn_run(all, now_ns));
	next_ns = timer_first(next_ns, devices_open_wanted(all));
	next_ns = timer_first(next_ns, surfaces_run(all, now_ns));
	next_ns = timer_first(next_ns, poll_ns(all, now_ns));
	took_ns = loop_now_ns() - now_ns;
	if (next_ns != UINT64_MAX)
		timer_sooner(
			&all->timer, next_ns > took_ns ? next_ns - took_ns : 0);
}

static void
on_param(void *data, uint32_t id, uint32_t source)
{
	struct devices *all = data;
	bool anybody = false, stale = false;

	for (uint32_t i = 0; i < all->devices; i++) {
		struct device *d = all->device[i];

		if (!d->surface)
			continue;
		surface_changed(d->surface, id, source);
		anybody |= device_is_open(d);
		stale |= device_reflex_stale(d);
	}
	if (stale)
		timer_sooner(&all->timer, 0);
	else if (anybody)
		timer_sooner(&all->timer, MIDI_POLL_NS);
}

void
devices_news(struct devices *all)
{
	all->last_news_ns = loop_now_ns();
	if (all->news_ns == 0)
		all->news_ns = all->last_news_ns;
	timer_sooner(&all->timer, QUIET_NS / 10);
}

void
devices_clock_of(struct devices *all)
{
	timer_sooner(&all->timer, 0);
}

static void
on_news(void *data)
{
	devices_news(data);
}

static void
on_input(void *data)
{
	struct devices *all = data;

	all->wake_ns = loop_now_ns();
	timer_sooner(&all->timer, 0);
}

void
devices_sound(struct devices *all)
{
	for (uint32_t i = 0; i < all->devices; i++)
		if (all->device[i]->surface)
			surface_sound(all->device[i]->surface);
	timer_sooner(&all->timer, 0);
}

void
devices_resync(struct devices *all)
{
	for (uint32_t i = 0; i < all->devices; i++)
		if (all->device[i]->surface)
			surface_refresh(all->device[i]->surface);
	timer_sooner(&all->timer, 0);
}

/* ---- mappings ---- */

static void
on_mappings(void *data)
{
	struct devices *all = data;

	for (uint32_t i = 0; i < all->devices; i++)
		device_pick(all->device[i]);
	devices_open_wanted(all);
	timer_sooner(&all->timer, 0);
}

static void
on_store_say(void *data, const char *line)
{
	devices_say(data, "%s", line);
}

/* ---- life ---- */

static void
learned_sweep(void)
{
	char folder[PATH_MAX], any[PATH_MAX + 1];

	if (mapping_store_learned_folder(folder, sizeof(folder)) < 0)
		return;
	snprintf(any, sizeof(any), "%s/", folder);
	file_saver_sweep(any);
}

int
devices_open(struct devices **out, const struct devices_config *config)
{
	static const struct mapping_store_events events = {
		.changed = on_mappings, .say = on_store_say};
	static const struct midi_watch_events watch_events = {
		.news = on_news, .input = on_input};
	struct devices *all = calloc(1, sizeof(*all));
	int ret = 0;

	*out = NULL;
	if (!all)
		return -ENOMEM;
	all->config = *config;
	if (!config->clock_of)
		all->config.clock_of = "";
	all->listener = on_event;
	all->state = "idle";
	file_saver_init(&all->saver);
	learned_sweep();
	timer_init(&all->timer, all->config.loop, on_time, all);
	if (!all->config.backend) {
		all->config.backend = &midi_ports_backend;
		ret = midi_ports_new(&all->ports);
		all->config.backend_data = all->ports;
		if (ret == 0)
			ret = midi_watch_open(&all->watch, all->config.loop,
				&watch_events, all);
	}
	if (ret == 0)
		ret = mapping_store_open(&all->store, all->config.loop,
			all->config.params, &events, all);
	if (ret == 0)
		ret = param_listen(all->config.params, on_param, all);
	if (ret < 0) {
		devices_close(all);
		return ret;
	}
	devices_scan(all);
	timer_sooner(&all->timer, 0);
	*out = all;
	return 0;
}

void
devices_close(struct devices *all)
{
	if (!all)
		return;
	param_unlisten(all->config.params, on_param, all);
	file_saver_finish(&all->saver);
	for (uint32_t i = 0; i < all->devices; i++)
		device_free(all->device[i]);
	mapping_store_close(all->store);
	midi_watch_close(all->watch);
	midi_ports_free(all->ports);
	timer_done(&all->timer);
	free(all);
}

int
devices_add(struct devices *all, const char *name, enum mapping_port port,
	void (*send)(void *data, const uint8_t *bytes, uint32_t n), void *data)
{
	struct device *d = device_new(all, name, port);

	if (!d)
		return -ENOSPC;
	d->send = send;
	d->send_data = data;
	d->input = d->output = true;
	device_pick(d);
	return (int)d->place;
}

void
devices_present(struct devices *all, int device, bool present)
{
	struct device *d = all->device[device];

	if (present && !d->present)
		device_say(d);
	else if (!present && d->present)
		devices_say(all, "MIDI: %s: no longer linked", d->name);
	if (!present && d->surface)
		surface_let_go(d->surface);
	else if (d->present && d->surface)
		surface_replaced(d->surface, loop_now_ns());
	else if (d->surface)
		surface_resync(d->surface);
	d->present = d->in_open = d->out_open = present;
	device_listen(d);
	timer_sooner(&all->timer, 0);
}

void
devices_again(struct devices *all, int device)
{
	struct device *d = all->device[device];

	if (!d->present || !d->surface)
		return;
	surface_refresh(d->surface);
	timer_sooner(&all->timer, 0);
}

void
devices_late(struct devices *all, int device, uint64_t late_ns)
{
	struct device *d = all->device[device];

	d->late_ns = late_ns;
	if (d->surface)
		surface_late(d->surface, late_ns);
}

void
devices_lost(struct devices *all, int device)
{
	device_lost(all->device[device], loop_now_ns());
}

void
devices_take(struct devices *all, int device, const uint8_t *bytes, uint32_t n)
{
	struct device *d = all->device[device];

	d->read_ns = loop_now_ns();
	midi_parse_bytes(&d->parser, bytes, n, d->read_ns);
	timer_sooner(&all->timer,
		0); /* for lamps, and reflexes: once for all that came */
}

void
devices_reflex(struct devices *all, int device, struct reflex *x)
{
	struct device *d = all->device[device];

	d->reflex = x;
	d->reflex_stale = true;
	device_reflex(d);
}

/* ---- for people ---- */

void
devices_listen(struct devices *all, uint64_t for_ns,
	void (*heard)(
		void *data, const char *device, const struct midi_event *e),
	void *data)
{
	all->heard = heard;
	all->heard_data = data;
	all->listen_ns = loop_now_ns() + for_ns;
	if (!heard || for_ns == 0)
		return;
	devices_open_wanted(all);
	timer_sooner(&all->timer, MIDI_POLL_NS);
}

bool
devices_at(struct devices *all, uint32_t i, struct midi_device *out)
{
	const struct device *d;
	const struct mapping *m;

	if (i >= all->devices)
		return false;
	d = all->device[i];
	m = d->mapping ? d->mapping : d->learned;
	*out = (struct midi_device){
		.name = d->name,
		.socket = d->socket,
		.alike = device_is_alike(d),
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
