/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From levels to lamps, rings and the meters of the Mackie protocol.
 *
 * Levels are looked at, all at once and seldom; nobody tells of each change as
 * of a parameter's. What the credit does not allow is not kept: a level that
 * waits is wrong by then. A meter of the Mackie protocol falls by itself, a
 * step in METER_FALL_NS or slower, so it is sent what is more than it can still
 * show; overload stays until it is cleared. While no audio runs, and all of
 * them show that, nobody looks. */
#include "control/surface/lights/surface_meter.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "control/surface/lights/surface_lamp.h"
#include "control/surface/lights/surface_output.h"
#include "control/surface/surface_value.h"
#include "core/level.h"

#define SILENT_DB      (-200.0)
#define METER_FALL_NS  UINT64_C(150000000)  /* 1.8 s from the top to 0 */
#define METER_OVER_NS  UINT64_C(2000000000) /* overload is seen so long */
#define METER_OVER     0xE
#define METER_NOT_OVER 0xF

/* From these on it shows 1, 2, .. 12. */
static const double steps_db[] = {-60.0, -50.0, -40.0, -30.0, -20.0, -14.0,
	-10.0, -8.0, -6.0, -4.0, -2.0, 0.0};
#define STEPS ((int)(sizeof(steps_db) / sizeof(steps_db[0])))

/* ---- which ---- */

int
surface_meters_lay_out(struct surface *s)
{
	const struct mapping *m = s->mapping;

	s->meter_ns = SURFACE_IDLE;
	s->meter = calloc(s->lamps + 1, sizeof(*s->meter));
	if (!s->meter)
		return -ENOMEM;
	for (uint32_t i = 0; i < s->lamps; i++) {
		uint32_t k = s->lamp[i].first;

		while (k && !m->control[k - 1].meter)
			k = s->control[k - 1].next_of_lamp;
		if (k)
			s->meter[s->meters++] =
				(struct meter){.lamp = i, .over = -1};
	}
	return 0;
}

/* The meter that a parameter stands for. */
static void
meter_find(struct surface *s, struct control *k, bool bus, uint32_t id)
{
	uint32_t n = surface_match(s, bus ? "/bus/*/mute" : "/strip/*/mute");

	for (uint32_t i = 0; i < n; i++) {
		if (s->ids[i] != id)
			continue;
		k->metered = true;
		k->of_bus = bus;
		k->meter_of = i;
	}
}

void
surface_meters_bind(struct surface *s)
{
	for (uint32_t i = 0; i < s->mapping->controls; i++) {
		struct control *k = &s->control[i];

		k->metered = false;
		if (!s->mapping->control[i].meter || k->count == 0)
			continue;
		meter_find(s, k, false, s->binding[k->first].id);
		meter_find(s, k, true, s->binding[k->first].id);
	}
	/* What falls there may be of another strip. */
	for (uint32_t i = 0; i < s->meters; i++) {
		struct lamp *lamp = &s->lamp[s->meter[i].lamp];

		s->meter[i].over_ns = 0;
		if (lamp->message.meter)
			lamp->sent = SURFACE_NOTHING;
	}
}

void
surface_meters_forget(struct surface *s)
{
	for (uint32_t i = 0; i < s->meters; i++)
		s->meter[i].over = -1;
}

bool
surface_is_metered(
	const struct surface *s, const struct lamp *lamp, int32_t control)
{
	const struct mapping *m = s->mapping;

	if (control >= 0)
		return m->control[control].meter;
	/* It falls to nothing; any other lamp goes dark. */
	return m->control[lamp->first - 1].light.kind == MAPPING_LIGHT_METER;
}

void
surface_sound(struct surface *s)
{
	if (s->meter_ns == SURFACE_IDLE)
		s->meter_ns = s->metered_ns + SURFACE_METER_NS;
}

/* ---- how it is shown ---- */

/* SILENT_DB at least; *sound: audio runs. */
static double
meter_db(const struct surface *s, int32_t control, bool *sound)
{
	const struct control *k = control >= 0 ? &s->control[control] : NULL;
	float peak;

	*sound = false;
	if (!k || !k->metered)
		return SILENT_DB;
	peak = s->peak(s->data, k->of_bus, k->meter_of);
	*sound = peak >= 0.0f;
	return level_db(peak, SILENT_DB);
}

static int64_t
light_value(const struct lamp *lamp, const struct mapping_control *c, double db)
{
	const struct mapping_feedback *f = &c->light;
	double way;

	if (f->kind == MAPPING_LIGHT_LAMP) {
		int64_t send = f->dark;

		if (f->colors == 0)
			return db >= f->above_db ? f->lit : f->dark;
		for (uint32_t i = 0; i < f->colors; i++)
			if (db >= f->color[i].number)
				send = f->color[i].send;
		return send;
	}
	way = mapping_unshape(
		c, (db - c->range[0]) / (c->range[1] - c->range[0]));
	if (f->kind == MAPPING_LIGHT_RING)
		return way > 0.0 ? surface_ring(f, way) : 0;
	return llround(way * mapping_last(&lamp->message));
}

/* What a meter of the Mackie protocol is to be sent, or SURFACE_NOTHING. */
static int64_t
mackie_value(const struct lamp *lamp, struct meter *m, double db, bool sound,
	uint64_t now_ns)
{
	int64_t level = 0, shown = lamp->sent;
	bool over;

	if (db > 0.0)
		m->over_ns = now_ns;
	if (!sound || now_ns - m->over_ns >= METER_OVER_NS)
		m->over_ns = 0;
	over = m->over_ns > 0;
	if (m->over != over)
		return over ? METER_OVER : METER_NOT_OVER;
	while (level < STEPS && db >= steps_db[level])
		level++;
	if (shown == SURFACE_NOTHING || (level == 0 && shown > 0))
		return level;
	shown -= (int64_t)((now_ns - m->level_ns) / METER_FALL_NS);
	return level > 0 && level > shown ? level : SURFACE_NOTHING;
}

/* False: its level is to follow. */
static bool
mackie_send(struct surface *s, struct lamp *lamp, struct meter *m,
	int32_t control, int64_t value, uint64_t now_ns)
{
	int64_t shown = lamp->sent;

	surface_lamp_send(s, lamp, control, lamp->message.number << 4 | value,
		NULL, now_ns);
	lamp->sent = lamp->last = shown;
	if (value == METER_OVER || value == METER_NOT_OVER) {
		m->over = value == METER_OVER;
		return false;
	}
	lamp->sent = value;
	m->level_ns = now_ns;
	return true;
}

/* False: there may be more to say. */
static bool
meter_run(struct surface *s, struct meter *m, uint64_t now_ns, bool *sound)
{
	struct lamp *lamp = &s->lamp[m->lamp];
	int32_t control = surface_lamp_control(s, lamp);
	bool mackie = lamp->message.meter;
	double db;
	int64_t value;

	if (!surface_is_metered(s, lamp, control))
		return true;
	db = meter_db(s, control, sound);
	if (mackie)
		value = mackie_value(lamp, m, db, *sound, now_ns);
	else
		value = light_value(lamp, &s->mapping->control[control], db);
	if (value == SURFACE_NOTHING || (!mackie && value == lamp->sent))
		return true;
	if (s->credit < SURFACE_METER_BYTES ||
		surface_free_ns(s, lamp->message.kind, now_ns) > now_ns ||
		(lamp->ever && now_ns - lamp->sent_ns < SURFACE_GAP_NS))
		return false;
	if (mackie)
		return mackie_send(s, lamp, m, control, value, now_ns);
	surface_lamp_send(s, lamp, control, value, NULL, now_ns);
	return true;
}

uint64_t
surface_meters_run(struct surface *s, uint64_t now_ns)
{
	uint32_t at = s->meter_at;
	bool awake = false, more = false;

	if (!s->send || !s->peak || s->meter_ns == SURFACE_IDLE)
		return SURFACE_IDLE;
	if (now_ns < s->meter_ns)
		return s->meter_ns - now_ns;
	surface_earn(s, now_ns);
	for (uint32_t i = 0; i < s->meters; i++) {
		uint32_t k = (at + i) % s->meters;
		bool sound = false;

		if (!meter_run(s, &s->meter[k], now_ns, &sound) && !more) {
			more = true;
			s->meter_at = k; /* comes first the next time */
		}
		awake |= sound;
	}
	s->metered_ns = now_ns;
	awake |= more;
	s->meter_ns = awake ? now_ns + SURFACE_METER_NS : SURFACE_IDLE;
	return awake ? SURFACE_METER_NS : SURFACE_IDLE;
}
