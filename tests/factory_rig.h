/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A device on the desk, under the name that the system gives it, and the
 * mapping that comes with tapdeck: what it sends moves parameters, what it is
 * sent lights its lamps. Run where mappings/ is.
 *
 * Bytes are written as the makers' papers write them, in hexadecimal. In those
 * of a row, # is the column, from 0, which makes it a channel; nn is the
 * column's number and mm that of its lamp; vv and ww are the upper and the
 * lower seven bits of a value. */
#ifndef FACTORY_RIG_H
#define FACTORY_RIG_H

#include "tests/devices_rig.h"

#include <math.h>

#define SOMEBODY 7u
#define TOP	 16383
#define COLUMNS	 16
#define MESSAGE	 96 /* bytes of one or a few messages */
#define SAME                                                                   \
	{                                                                      \
		0                                                              \
	}
/* Between what a lamp was sent and a finger that sends the same: it is not
 * taken for an echo. The cable may be slow. */
#define FINGER_NS (35 * MS)
#define BYTE_NS	  UINT64_C(320000)
#define CABLE_NS  (500 * MS)
#define QUIET_NS  (30 * MS)

/* Like controls, side by side. */
struct row {
	const char *to;	   /* %u is the strip */
	const char *level; /* of a fader: the same in dB */
	const char *on;	   /* moved, pressed, turned right */
	const char *off;   /* let go, turned left */
	const char *lit, *dark;
	const char *choice; /* that a press makes */
	uint32_t columns;
	uint8_t number[COLUMNS];
	uint8_t lamp[COLUMNS]; /* SAME: number */
	uint32_t first;	       /* strip of column 0; 0: strip 1 */
	bool jumps;	       /* no takeover */
};

static struct {
	uint32_t from;	 /* of out[]: what is looked at */
	uint32_t rested; /* no finger meets what was sent before this */
	uint8_t want[MESSAGE];
	uint32_t want_bytes, want_messages;
	uint8_t repeat[MESSAGE]; /* counts once: it comes again and again */
	uint32_t repeat_bytes;
	const char *repeat_of; /* the same, for the next desk_plug() */
	/* The lamp that a message is for, where its number is not enough. */
	uint8_t (*lamp_of)(const uint8_t *message);
} desk;

/* ---- bytes ---- */

static inline uint8_t
row_byte(const char *word, const struct row *r, uint32_t column, uint32_t value)
{
	static const char digits[] = "0123456789ABCDEF";
	char hex[3] = {word[0], word[1], '\0'}, *end;
	unsigned long byte;

	if (!strcmp(hex, "vv"))
		return (uint8_t)(value >> 7);
	if (!strcmp(hex, "ww"))
		return value & 127;
	if (!strcmp(hex, "nn"))
		return r->number[column];
	if (!strcmp(hex, "mm"))
		return r->lamp[0] || r->lamp[1] ? r->lamp[column]
						: r->number[column];
	if (hex[1] == '#')
		hex[1] = digits[column];
	byte = strtoul(hex, &end, 16);
	assert_true(end == hex + 2);
	return (uint8_t)byte;
}

static inline uint32_t
row_bytes(const char *text_of, const struct row *r, uint32_t column,
	uint32_t value, uint8_t out[MESSAGE])
{
	uint32_t n = 0;

	for (const char *at = text_of; *at; at += *at == ' ' ? 1 : 2) {
		assert_true(n < MESSAGE);
		if (*at != ' ')
			out[n++] = row_byte(at, r, column, value);
	}
	return n;
}

/* Of the message that begins here. */
static inline uint32_t
message_bytes(const uint8_t *at, const uint8_t *end)
{
	uint32_t n = 1;

	if (*at != 0xf0)
		return (*at & 0xe0) == 0xc0 ? 2 : 3;
	while (at + n < end && at[n - 1] != 0xf7)
		n++;
	return n;
}

/* How many of its first bytes say which lamp it is for. */
static inline uint32_t
message_head(const uint8_t *at)
{
	switch (*at & 0xf0) {
	case 0xe0:
	case 0xd0:
		return 1;
	case 0xf0: /* a display: its place; a pad of the BeatStep likewise */
		return at[1] == 0 && at[3] == 0x66 ? 7 : 10;
	default:
		return 2;
	}
}

static inline bool
same_lamp(const uint8_t *a, const uint8_t *b)
{
	if (a[0] != b[0])
		return false;
	if (desk.lamp_of)
		return desk.lamp_of(a) == desk.lamp_of(b);
	return !memcmp(a, b, message_head(a));
}

/* ---- what the device was sent ---- */

/* Without meters, which come when there is room, and what is repeated. */
static inline uint32_t
messages(const struct machine *m)
{
	const struct plug *p = &m->plug[0];
	const uint8_t *at = p->out + desk.from, *end = p->out + p->outs;
	uint32_t n = 0, repeats = 0;

	for (; at < end; at += message_bytes(at, end)) {
		bool again = desk.repeat_bytes > 0 &&
			     message_bytes(at, end) == desk.repeat_bytes &&
			     !memcmp(at, desk.repeat, desk.repeat_bytes);

		n += (*at & 0xf0) != 0xd0 && !(again && repeats > 0);
		repeats += again;
	}
	return n;
}

/* The last message for the wanted one's lamp is the wanted one. */
static inline bool
is_shown(struct machine *m)
{
	const struct plug *p = &m->plug[0];
	const uint8_t *at = p->out + desk.from, *end = p->out + p->outs;
	bool shown = false;

	for (; at < end; at += message_bytes(at, end))
		if (same_lamp(at, desk.want))
			shown = !memcmp(at, desk.want, desk.want_bytes);
	return shown;
}

static inline bool
are_all_sent(struct machine *m)
{
	return messages(m) >= desk.want_messages;
}

static inline void
row_shows(struct machine *m, const char *text_of, const struct row *r,
	uint32_t column, uint32_t value)
{
	desk.want_bytes = row_bytes(text_of, r, column, value, desk.want);
	if (!machine_until(m, is_shown, WAIT_NS))
		fail_msg("column %u is not shown %s (value %u)", column + 1,
			text_of, value);
}

static inline void
shows(struct machine *m, const char *bytes)
{
	row_shows(m, bytes, NULL, 0, 0);
}

/* Everything is sent once more, and that is so many messages. */
static inline void
resync_sends(struct machine *m, uint32_t count)
{
	machine_run(m, QUIET_NS);
	desk.from = m->plug[0].outs;
	desk.want_messages = count;
	devices_resync(m->devices);
	machine_until(m, are_all_sent, WAIT_NS);
	machine_run(m, QUIET_NS);
	assert_int_equal(messages(m), count);
}

/* These are the first bytes since then. */
static inline void
begins_with(struct machine *m, const char *bytes)
{
	uint8_t want[MESSAGE];
	uint32_t n = row_bytes(bytes, NULL, 0, 0, want);

	assert_true(m->plug[0].outs >= desk.from + n);
	assert_memory_equal(m->plug[0].out + desk.from, want, n);
}

/* ---- the hand ---- */

/* The device says just now what it was just sent. */
static inline bool
was_sent(const struct plug *p, const uint8_t *message, uint32_t n)
{
	const uint8_t *at = p->out + desk.rested, *end = p->out + p->outs;
	uint8_t is[3] = {message[0], message[1], n > 2 ? message[2] : 0};

	if ((is[0] & 0xf0) == 0x80) { /* a note off is one of velocity 0 */
		is[0] |= 0x10;
		is[2] = 0;
	}
	for (; at < end; at += message_bytes(at, end))
		if (!memcmp(at, is, n < 3 ? n : 3))
			return true;
	return false;
}

static inline void
finger_rests(struct machine *m)
{
	uint32_t outs = m->plug[0].outs;
	uint64_t cable_ns = (outs - desk.rested) * BYTE_NS;

	machine_run(m, FINGER_NS + (cable_ns < CABLE_NS ? cable_ns : CABLE_NS));
	desk.rested = outs;
}

static inline bool
is_heard(struct machine *m)
{
	return m->plug[0].in_at == m->plug[0].in_end;
}

static inline void
row_puts(struct machine *m, const char *text_of, const struct row *r,
	uint32_t column, uint32_t value)
{
	struct plug *p = &m->plug[0];
	uint8_t bytes[MESSAGE] = {0};
	uint32_t n = row_bytes(text_of, r, column, value, bytes);

	while (was_sent(p, bytes, n))
		finger_rests(m);
	assert_true(p->in_end + n <= BYTES_MAX);
	memcpy(p->in + p->in_end, bytes, n);
	p->in_end += n;
}

static inline void
row_sends(struct machine *m, const char *text_of, const struct row *r,
	uint32_t column, uint32_t value)
{
	row_puts(m, text_of, r, column, value);
	assert_true(machine_until(m, is_heard, WAIT_NS));
}

static inline void
hand(struct machine *m, const char *bytes)
{
	row_sends(m, bytes, NULL, 0, 0);
}

static inline void
press(struct machine *m, const char *on, const char *off)
{
	hand(m, on);
	hand(m, off);
}

/* ---- parameters ---- */

static inline void
somebody(struct machine *m, const char *address, struct param_value v)
{
	struct param_change change = {.id = find(m->rig, address)};

	assert_int_equal(param_check(m->rig->p, change.id, &v, &change.value,
				 m->rig->why),
		0);
	param_apply(m->rig->p, &change, 1, 0, SOMEBODY);
}

static inline void
is_at(struct machine *m, const char *address, double want)
{
	double is = value_of(m, address);

	if (fabs(is - want) > 1e-4)
		fail_msg("%s is %g and not %g", address, is, want);
}

static inline void
is_choice(struct machine *m, const char *address, const char *want)
{
	struct param_value v = get(m->rig, address);

	assert_int_equal(v.type, PARAM_TEXT);
	if (strcmp(v.s, want) != 0)
		fail_msg("%s is %s and not %s", address, v.s, want);
}

/* Not reentrant: until the next two calls. */
static inline const char *
row_address(const struct row *r, const char *pattern, uint32_t column)
{
	static char text_of[2][PARAM_ADDRESS_MAX];
	static int turn;
	char *out = text_of[turn ^= 1];
	const char *at = strstr(pattern, "%u");

	if (!at) {
		snprintf(out, PARAM_ADDRESS_MAX, "%s", pattern);
		return out;
	}
	snprintf(out, PARAM_ADDRESS_MAX, "%.*s%u%s", (int)(at - pattern),
		pattern, (r->first ? r->first : 1) + column, at + 2);
	return out;
}

static inline const char *
row_to(const struct row *r, uint32_t column)
{
	return row_address(r, r->to, column);
}

/* ---- the desk ---- */

static inline bool
is_open(struct machine *m)
{
	return m->plug[0].open;
}

/* Plugs it in; the mapping is that of this file, and so many messages greet
 * it. */
static inline void
desk_plug(struct machine *m, const char *name, const char *file, uint32_t count)
{
	struct midi_device d;
	const char *repeat = desk.repeat_of, *slash;

	memset(&desk, 0, sizeof(desk));
	if (repeat)
		desk.repeat_bytes = row_bytes(repeat, NULL, 0, 0, desk.repeat);
	plug_in(m, name);
	machine_start(m);
	assert_true(machine_until(m, is_open, WAIT_NS));
	assert_true(devices_at(m->devices, 0, &d));
	slash = strrchr(d.path, '/');
	assert_non_null(slash);
	assert_string_equal(slash + 1, file);
	desk.want_messages = count;
	machine_until(m, are_all_sent, WAIT_NS);
	assert_int_equal(messages(m), count);
}

static inline int
factory_up(void **state)
{
	int ret = machine_up(state);

	setenv("TAPDECK_MAPPINGS", "mappings", 1);
	return ret;
}

#define T(name) cmocka_unit_test_setup_teardown(name, factory_up, machine_down)

#endif
