/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From parameters to lamps, rings, displays and motor faders. */
#include "control/surface_own.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "control/level.h"
#include "control/midi_write.h"

#define NS_PER_MS 1000000.0
#define NO_TIME	  SURFACE_IDLE
#define BLANKS	  "                                                        "

_Static_assert(sizeof(BLANKS) > MAPPING_TEXT_MAX, "of any display");

void
surface_mark(struct surface *s, int32_t lamp)
{
	if (lamp < 0 || s->lamp[lamp].dirty)
		return;
	s->lamp[lamp].dirty = true;
	s->dirty++;
}

void
surface_mark_all(struct surface *s)
{
	for (uint32_t i = 0; i < s->lamps; i++)
		surface_mark(s, (int32_t)i);
}

void
surface_forget(struct surface *s, int32_t lamp)
{
	if (lamp < 0)
		return;
	s->lamp[lamp].sent = SURFACE_NOTHING;
	surface_mark(s, lamp);
}

/* ---- what a lamp is to show ---- */

int32_t
surface_lamp_control(const struct surface *s, const struct lamp *lamp)
{
	int32_t base = -1;

	for (uint32_t i = lamp->first; i; i = s->control[i - 1].next_of_lamp) {
		const struct control *k = &s->control[i - 1];
		uint32_t layer = s->mapping->control[i - 1].layer;

		if (layer != 0 && layer != s->layer)
			continue;
		if (k->inlet >= 0 && surface_in_force(s, &s->inlet[k->inlet]) !=
					     (int32_t)i - 1)
			continue;
		if (layer == s->layer)
			return (int32_t)i - 1;
		if (base < 0)
			base = (int32_t)i - 1;
	}
	return base;
}

static bool
is_pressed(const struct surface *s, int32_t control)
{
	int32_t inlet = s->control[control].inlet;

	return inlet >= 0 && s->inlet[inlet].pressed == control;
}

static bool
is_lit(const struct surface *s, int32_t control)
{
	const struct mapping_control *c = &s->mapping->control[control];
	const struct control *k = &s->control[control];
	const struct bound *b = k->count > 0 ? &s->bound[k->first] : NULL;

	switch (c->as) {
	case MAPPING_SHIFT:
	case MAPPING_LAYER:
		return s->layer == c->to_layer;
	case MAPPING_BANK_LEFT:
		return s->bank > 0;
	case MAPPING_BANK_RIGHT:
		return s->bank + s->mapping->bank < s->strips;
	case MAPPING_SET:
	case MAPPING_REPAINT:
		return is_pressed(s, control);
	case MAPPING_RADIO:
		return b && surface_is_value(s, b);
	case MAPPING_VALUE:
	case MAPPING_TOGGLE:
	case MAPPING_MOMENTARY:
	case MAPPING_SHOW:
		break;
	}
	return b && surface_is_on(s, b);
}

static int64_t
lamp_light(const struct surface *s, int32_t control)
{
	const struct mapping_feedback *f = &s->mapping->control[control].light;
	const struct control *k = &s->control[control];
	struct param_value v;

	if (k->count > 0 && f->colors > 0) {
		param_get(s->params, s->bound[k->first].id, &v);
		for (uint32_t i = 0; i < f->colors; i++) {
			const struct mapping_color *color = &f->color[i];

			if (v.type == PARAM_TEXT
					? !strcmp(v.s, color->choice)
					: color->choice[0] == '\0' &&
						  (float)surface_number(s,
							  &s->bound[k->first]) ==
							  (float)color->number)
				return color->send;
		}
	}
	return is_lit(s, control) ? f->lit : f->dark;
}

int64_t
surface_ring(const struct mapping_feedback *f, double way)
{
	double last = f->ring == MAPPING_RING_SPREAD ? 5.0 : 10.0;

	return (int64_t)f->ring << 4 | (1 + llround(way * last));
}

/* The first target's value in ASCII, padded with blanks. */
static void
lamp_text(const struct surface *s, int32_t control, uint32_t length,
	char text[MAPPING_TEXT_MAX + 1])
{
	const struct control *k = &s->control[control];
	char value[2 * PARAM_TEXT_MAX] = "";
	struct param_info info;
	struct param_value v;
	size_t n;

	if (length > MAPPING_TEXT_MAX)
		length = MAPPING_TEXT_MAX;
	if (k->count > 0) {
		param_info(s->params, s->bound[k->first].id, &info);
		param_get(s->params, s->bound[k->first].id, &v);
		if (v.type == PARAM_TEXT)
			snprintf(value, sizeof(value), "%s", v.s);
		else if (v.type == PARAM_INT)
			snprintf(value, sizeof(value), "%lld", (long long)v.i);
		else if (!strcmp(info.unit, "dB") && v.f <= LEVEL_MIN_DB)
			snprintf(value, sizeof(value), "-inf dB");
		else
			snprintf(value, sizeof(value),
				!strcmp(info.unit, "dB") ? "%.1f" : "%.2f",
				v.f);
	}
	n = 0;
	for (const char *from = value; *from && n < length; from++) {
		unsigned char c = (unsigned char)*from;

		if ((c & 0xc0) == 0x80) /* the rest of a character */
			continue;
		text[n++] = (char)(c >= 0x20 && c < 0x7f ? c : '?');
	}
	memset(text + n, ' ', length - n);
	text[length] = '\0';
}

static int64_t
hash_text(const char *text)
{
	uint32_t hash = 2166136261u;

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 16777619u; /* FNV */
	return hash;
}

int64_t
surface_lamp_dark(const struct surface *s, const struct lamp *lamp)
{
	const struct mapping_feedback *f =
		&s->mapping->control[lamp->first - 1].light;

	return f->kind == MAPPING_LIGHT_LAMP   ? f->dark
	       : f->kind == MAPPING_LIGHT_RING ? 0
					       : SURFACE_NOTHING;
}

/* What the lamp is to show as one number; SURFACE_NOTHING: leave it. */
static int64_t
lamp_value(const struct surface *s, const struct lamp *lamp, int32_t control,
	char text[MAPPING_TEXT_MAX + 1])
{
	const struct mapping_control *c;
	const struct control *k;
	double way;

	if (control < 0)
		return surface_lamp_dark(s, lamp);
	c = &s->mapping->control[control];
	k = &s->control[control];
	if (c->light.kind == MAPPING_LIGHT_LAMP)
		return lamp_light(s, control);
	if (c->light.kind == MAPPING_LIGHT_TEXT) {
		lamp_text(s, control, lamp->message.text_length, text);
		return hash_text(text);
	}
	/* No such strip: a ring is dark, a fader goes down. */
	if (k->count == 0)
		return 0;
	way = surface_way(s, &s->bound[k->first]);
	if (c->light.kind == MAPPING_LIGHT_RING)
		return surface_ring(&c->light, way);
	return llround(way * (surface_is_wide(&lamp->message) ? 16383 : 127));
}

/* ---- sending ---- */

static void
send_bytes(struct surface *s, const uint8_t *bytes, uint32_t n)
{
	s->credit -= n;
	if (bytes[0] == 0xf0)
		s->sysex_ns = s->credit_ns + SURFACE_SYSEX_NS;
	s->send(s->data, bytes, n);
}

static void
send_event(struct surface *s, const struct midi_event *e, uint64_t now_ns)
{
	uint8_t bytes[MIDI_WRITE_MAX];
	size_t n = midi_write(e, bytes, sizeof(bytes));

	if (n == 0)
		return;
	surface_echo_put(s, e, (uint32_t)n, now_ns);
	if (e->kind == MIDI_RPN || e->kind == MIDI_NRPN) {
		struct midi_event half = *e; /* is told before the whole */

		half.value &= 0x3f80;
		surface_echo_put(s, &half, 0, now_ns);
	}
	send_bytes(s, bytes, (uint32_t)n);
}

static void
send_sysex(struct surface *s, const struct mapping_message *m, int64_t value,
	const char *text, uint64_t now_ns)
{
	uint8_t bytes[MAPPING_SYSEX_MAX + MAPPING_TEXT_MAX];
	struct midi_event e = {.kind = MIDI_SYSEX, .sysex = bytes};
	uint32_t n = m->sysex_bytes;

	memcpy(bytes, m->sysex, n);
	if (m->text_at > 0) {
		memmove(bytes + m->text_at + m->text_length, bytes + m->text_at,
			n - m->text_at);
		memcpy(bytes + m->text_at, text, m->text_length);
		n += m->text_length;
	} else if (m->value_at > 0) {
		bytes[m->value_at] = (uint8_t)(value & 0x7f);
	}
	e.sysex_bytes = n;
	surface_echo_put(s, &e, n, now_ns);
	send_bytes(s, bytes, n);
}

/* The one it heard last, when any will do. */
uint8_t
surface_lamp_channel(const struct surface *s, const struct mapping_message *m,
	int32_t control)
{
	int32_t inlet = control >= 0 ? s->control[control].inlet : -1;

	if (m->channel != MAPPING_CHANNEL_ANY)
		return m->channel;
	return inlet >= 0 ? s->inlet[inlet].channel : 0;
}

void
surface_lamp_send(struct surface *s, struct lamp *lamp, int32_t control,
	int64_t value, const char *text, uint64_t now_ns)
{
	const struct mapping_message *m = &lamp->message;
	struct midi_event e = {.kind = m->kind,
		.channel = surface_lamp_channel(s, m, control),
		.number = m->number == MAPPING_NUMBER_ANY ? 0 : m->number,
		.value = (uint16_t)value};

	if (m->kind == MIDI_SYSEX) {
		send_sysex(s, m, value, text, now_ns);
	} else if (m->fine) {
		struct midi_event low = e;

		e.value = (uint16_t)(value >> 7);
		low.number = (uint16_t)(m->number + 32);
		low.value = value & 0x7f;
		send_event(s, &e, now_ns);
		send_event(s, &low, now_ns);
	} else {
		if (!surface_is_wide(m)) { /* a color of its own number */
			e.number = (uint16_t)(e.number + (value >> 7));
			e.value = value & 0x7f;
		}
		send_event(s, &e, now_ns);
	}
	lamp->sent = lamp->last = value;
	lamp->sent_ns = now_ns;
	lamp->ever = true;
}

/* A motor fader stands where it was sent to. */
static void
hand_follow(struct surface *s, int32_t control, int64_t value)
{
	const struct mapping_control *c;
	struct inlet *in;

	if (control < 0 || s->control[control].inlet < 0)
		return;
	c = &s->mapping->control[control];
	in = &s->inlet[s->control[control].inlet];
	if (c->as != MAPPING_VALUE || c->coding != MAPPING_ABSOLUTE ||
		c->light.kind != MAPPING_LIGHT_WAY ||
		c->message.kind != c->light.message.kind ||
		c->message.number != c->light.message.number ||
		c->message.channel != c->light.message.channel)
		return;
	in->way = (double)value /
		  (surface_is_wide(&c->message) ? 16383.0 : 127.0);
	/* Without a motor it stands elsewhere. To pick up, the hand must pass
	 * the parameter all the same; to scale, by its step from a place where
	 * it never was, would be a jump. */
	in->way_known = c->takeover != MAPPING_SCALE;
	in->spoke_for = -1; /* its takeover is told of the new place */
}

/* The moment from which a lamp may be sent; NO_TIME: while it is touched. */
static uint64_t
lamp_due_ns(const struct surface *s, const struct lamp *lamp, int32_t control)
{
	uint64_t due_ns = lamp->ever ? lamp->sent_ns + SURFACE_GAP_NS : 0;
	uint64_t left_ns = 0, patience_ns;
	const struct mapping_control *c;
	const struct inlet *in;

	if (control < 0 || s->control[control].inlet < 0)
		return due_ns;
	c = &s->mapping->control[control];
	in = &s->inlet[s->control[control].inlet];
	/* Lamps of buttons and of knobs without an end pull no finger. */
	if (c->as != MAPPING_VALUE || c->coding != MAPPING_ABSOLUTE)
		return due_ns;
	if (in->touched && in->doubt_ns == 0)
		return NO_TIME;
	patience_ns = in->touched ? SURFACE_DOUBT_NS : SURFACE_HAND_NS;
	if (in->moved)
		left_ns = in->moved_ns + patience_ns;
	if (in->touched && in->doubt_ns + patience_ns > left_ns)
		left_ns = in->doubt_ns + patience_ns;
	return left_ns > due_ns ? left_ns : due_ns;
}

/* Slow devices lose what comes with a sysex, but have no way to say so. */
uint64_t
surface_free_ns(const struct surface *s, enum midi_kind kind, uint64_t now_ns)
{
	uint64_t free_ns =
		s->credit < 0.0 ? now_ns + (uint64_t)NS_PER_MS : now_ns;

	return kind == MIDI_SYSEX && s->sysex_ns > free_ns ? s->sysex_ns
							   : free_ns;
}

/* 0: done; else when it is wanted again. */
static uint64_t
lamp_run(struct surface *s, struct lamp *lamp, uint64_t now_ns)
{
	int32_t control = surface_lamp_control(s, lamp);
	uint64_t due_ns = lamp_due_ns(s, lamp, control);
	char text[MAPPING_TEXT_MAX + 1];
	int64_t value;

	if (surface_is_metered(s, lamp, control)) {
		surface_meters_wake(s);
		return 0;
	}
	if (due_ns == NO_TIME)
		return NO_TIME;
	value = lamp_value(s, lamp, control, text);
	if (value == SURFACE_NOTHING || value == lamp->sent) {
		if (due_ns <= now_ns)
			return 0;
		/* While a hand is on it, it may yet be moved away. */
		return due_ns;
	}
	if (due_ns > now_ns)
		return due_ns;
	due_ns = surface_free_ns(s, lamp->message.kind, now_ns);
	if (due_ns > now_ns) {
		if (s->show_at == s->lamps)
			s->show_at = (uint32_t)(lamp - s->lamp);
		return due_ns;
	}
	surface_lamp_send(s, lamp, control, value, text, now_ns);
	hand_follow(s, control, value);
	return 0;
}

void
surface_earn(struct surface *s, uint64_t now_ns)
{
	if (now_ns > s->credit_ns)
		s->credit += (double)(now_ns - s->credit_ns) / NS_PER_MS *
			     SURFACE_BYTES_PER_MS;
	s->credit_ns = now_ns;
	if (s->credit > SURFACE_BURST_BYTES)
		s->credit = SURFACE_BURST_BYTES;
}

/* What comes before all lamps. Returns when it goes on; now_ns: it is done. */
static uint64_t
prologue_run(struct surface *s, uint64_t now_ns)
{
	const struct mapping *m = s->mapping;
	uint64_t free_ns;

	for (; s->greeting < m->starts; s->greeting++) {
		const struct mapping_start *start = &m->start[s->greeting];

		free_ns = surface_free_ns(s,
			start->byte[0] == 0xf0 ? MIDI_SYSEX : MIDI_NOTE,
			now_ns);
		if (free_ns > now_ns)
			return free_ns;
		send_bytes(s, start->byte, start->bytes);
	}
	for (; s->left_at < s->lefts; s->left_at++) {
		struct lamp *lamp = &s->left[s->left_at];

		free_ns = surface_free_ns(s, lamp->message.kind, now_ns);
		if (free_ns > now_ns)
			return free_ns;
		surface_lamp_send(s, lamp, -1, lamp->last, BLANKS, now_ns);
	}
	return now_ns;
}

/* Those that always change leave room for others: who had to wait for room is
 * the first the next time. */
static uint64_t
lamps_run(struct surface *s, uint64_t now_ns)
{
	uint64_t next_ns = NO_TIME;
	uint32_t first = s->show_at;

	s->show_at = s->lamps;
	for (uint32_t n = 0; n < s->lamps; n++) {
		struct lamp *lamp = &s->lamp[(first + n) % s->lamps];
		uint64_t due_ns;

		if (!lamp->dirty)
			continue;
		due_ns = lamp_run(s, lamp, now_ns);
		if (due_ns == 0) {
			lamp->dirty = false;
			s->dirty--;
		} else if (due_ns < next_ns) {
			next_ns = due_ns;
		}
	}
	if (s->show_at == s->lamps)
		s->show_at = 0;
	return next_ns;
}

bool
surface_greets(const struct surface *s)
{
	return s->greeting < s->mapping->starts || s->left_at < s->lefts;
}

uint64_t
surface_show(struct surface *s, uint64_t now_ns)
{
	uint64_t next_ns;

	if (!s->send || (s->dirty == 0 && !surface_greets(s)))
		return SURFACE_IDLE;
	surface_earn(s, now_ns);
	next_ns = prologue_run(s, now_ns);
	if (next_ns <= now_ns)
		next_ns = lamps_run(s, now_ns);
	return next_ns == NO_TIME ? SURFACE_IDLE
	       : next_ns > now_ns ? next_ns - now_ns
				  : 0;
}
