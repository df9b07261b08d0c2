/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/supervisor/park/default_sink.h"

#include <errno.h>
#include <string.h>

#include "driver/pipewire/graph/wireplumber.h"
#include "driver/pipewire/sinks/sound_device.h"
#include "driver/supervisor/park/park.h"
#include "driver/timer.h"

#define TYPE_JSON "Spa:String:JSON"
#define VALUE	  "{\"name\":\"" SOUND_DEVICE_CABLE_NAME "\"}"

/* Another try after a contest: a dock that is plugged in is a burst of looks.
 */
#define PAUSE_NS UINT64_C(4000000000)
#define LOST_MAX 2

static bool
is_cable(const struct metadata_value *v)
{
	return v->set && strstr(v->value, "\"" SOUND_DEVICE_CABLE_NAME "\"");
}

static void
write_cable(struct park *p)
{
	struct default_sink *d = &p->def;
	struct metadata_value cable;
	int res = journal_default_put(p->journal, p->graph.daemon, &d->was);

	if (res < 0) {
		park_say(p,
			"Tapdeck is not made the default output: the journal: "
			"%s",
			strerror(-res));
		d->wanted = false;
		return;
	}
	metadata_value_make(&cable, TYPE_JSON, VALUE);
	d->written = true;
	park_graph_write(&p->graph, PW_ID_CORE, KEY_DEFAULT, &cable);
	park_graph_check(&p->graph);
}

static void
written_over(struct park *p)
{
	struct default_sink *d = &p->def;

	if (!contest_lost(&d->contest)) {
		write_cable(p);
		return;
	}
	d->written = false;
	journal_default_drop(p->journal);
	if (++d->lost < LOST_MAX) {
		timer_after(p->loop, d->timer, PAUSE_NS);
		return;
	}
	d->wanted = false;
	park_say(p, "another program sets the default output as often as "
		    "we do; left alone");
}

static void
on_timer(void *data, uint64_t expirations)
{
	struct park *p = data;
	struct default_sink *d = &p->def;

	(void)expirations;
	if (d->wanted && p->graph.is_ready && !d->written && !is_cable(&d->now))
		write_cable(p);
}

int
default_open(struct park *p)
{
	p->def.timer = pw_loop_add_timer(p->loop, on_timer, p);
	return p->def.timer ? 0 : -ENOMEM;
}

void
default_close(struct park *p)
{
	source_end(p->loop, &p->def.timer);
}

void
default_said(struct park *p, uint32_t id, const char *key,
	const struct metadata_value *value)
{
	struct default_sink *d = &p->def;

	if (id != PW_ID_CORE || strcmp(key, KEY_DEFAULT) != 0)
		return;
	d->now = *value;
	if (is_cable(value))
		return;
	d->was = *value;
	if (d->returning) {
		d->returning = false;
		journal_default_drop(p->journal);
	} else if (d->written && d->wanted) {
		written_over(p);
	} else if (d->wanted) {
		timer_after(p->loop, d->timer,
			d->lost ? PAUSE_NS : WIREPLUMBER_DEFAULT_NS);
	}
}

void
default_want(struct park *p)
{
	if (p->def.wanted || !p->grab || !p->graph.is_ready)
		return;
	p->def.wanted = true;
	p->def.lost = 0;
	timer_after(p->loop, p->def.timer, WIREPLUMBER_DEFAULT_NS);
}

static void
put_back(struct park *p, const struct metadata_value *was)
{
	struct default_sink *d = &p->def;

	d->written = false;
	/* WirePlumber may have been quicker. */
	d->returning = p->graph.is_ready && is_cable(&d->now);
	if (d->returning)
		park_graph_write(&p->graph, PW_ID_CORE, KEY_DEFAULT, was);
	else
		journal_default_drop(p->journal);
	/* Should it never be told (see park_request()), it is so. */
	d->now = *was;
}

void
default_leave(struct park *p)
{
	p->def.wanted = false;
	if (p->def.written)
		put_back(p, &p->def.was);
}

void
default_lost(struct park *p)
{
	struct default_sink *d = &p->def;

	d->wanted = d->written = d->returning = false;
	memset(&d->now, 0, sizeof(d->now));
	memset(&d->was, 0, sizeof(d->was));
}

void
default_void(struct park *p)
{
	default_lost(p);
	journal_default_drop(p->journal);
}

void
default_recover(struct park *p)
{
	const struct metadata_value *was = journal_default(p->journal);
	struct metadata_value value;

	if (!was)
		return;
	value = *was;
	put_back(p, &value);
}

bool
default_settled(const struct park *p)
{
	return !p->def.returning;
}
