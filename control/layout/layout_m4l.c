/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A Max for Live device: eight dials, each for any parameter, eight mutes with
 * the names of the strips, eight routes, eight cues, panic.
 *
 * It is made of Max's own objects, without a script, which would be a file of
 * its own beside the device. What tapdeck tells is put into the controls by
 * "set", which makes them output nothing: no echo. What Live restores when a
 * set is opened is not sent; the controls show what tapdeck has. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/layout/layout_m4l_own.h"

#define TEXT_MAX   1024
#define PANEL_W	   104
#define RENEW_MS   2000
#define SETTLE_MS  500 /* Live has restored the set's values by then */
#define PORT_USUAL 9000

static unsigned
comment(struct m4l *d, struct amxd_rect at, const char *text)
{
	return amxd_shown(&d->a, "live.comment", 1, "", at,
		json_pack("{s:s}", "text", text), NULL);
}

/* ---- where tapdeck is ---- */

static unsigned
port_field(struct m4l *d, struct amxd_rect at, const char *name, int port)
{
	return amxd_shown(&d->a, "live.numbox", 1, ".f", at, NULL,
		&(struct amxd_parameter){
			.name = name,
			/* Live's own integers end at 255. */
			.kind = AMXD_FLOAT,
			.min = 1,
			.max = 65535,
			.initial = port,
			.invisible = 1,
		});
}

static unsigned
host_field(struct m4l *d, struct amxd_rect at)
{
	return amxd_shown(&d->a, "textedit", 1, ".i..", at,
		json_pack("{s:s, s:i, s:i}", "text", "127.0.0.1", "keymode", 1,
			"lines", 1),
		&(struct amxd_parameter){
			.name = "Host",
			.kind = AMXD_BLOB,
			.invisible = 1,
		});
}

static void
network(struct m4l *d)
{
	int x = M4L_DIALS * M4L_COLUMN_W + 4, w = PANEL_W - 8;
	unsigned host, port, reply, receive, number, both;

	d->send = amxd_object(&d->a, 1, "", "udpsend 127.0.0.1 %d", PORT_USUAL);
	d->gate = amxd_object(&d->a, 2, ".", "gate");
	amxd_chain(&d->a, d->gate, d->send, 0u);
	receive = amxd_object(
		&d->a, 1, ".", "udpreceive %u", d->layout->reply_port);

	comment(d, (struct amxd_rect){x, 44, w, 14}, "tapdeck's address");
	host = host_field(d, (struct amxd_rect){x, 58, w, 18});
	amxd_chain(&d->a, host, amxd_object(&d->a, 2, "..", "route text"),
		amxd_object(&d->a, 1, ".", "prepend host"), d->send, 0u);
	comment(d, (struct amxd_rect){x, 80, w / 2, 14}, "port");
	port = port_field(d, (struct amxd_rect){x, 94, w / 2 - 4, 16}, "Port",
		PORT_USUAL);
	amxd_chain(&d->a, port, amxd_object(&d->a, 2, "i", "i"),
		amxd_object(&d->a, 1, ".", "prepend port"), d->send, 0u);
	comment(d, (struct amxd_rect){x + w / 2, 80, w / 2, 14}, "reply port");
	reply = port_field(d, (struct amxd_rect){x + w / 2, 94, w / 2 - 4, 16},
		"Reply port", d->layout->reply_port);
	number = amxd_object(&d->a, 2, "i", "i %u", d->layout->reply_port);
	both = amxd_object(&d->a, 1, "ii", "t i i");
	amxd_chain(&d->a, reply, amxd_object(&d->a, 2, "i", "i"), both, 0u);
	amxd_connect(&d->a, both, 1, number, 1);
	amxd_chain(&d->a, both, amxd_object(&d->a, 1, ".", "prepend port"),
		receive, 0u);

	d->port = number;
	d->routed = amxd_object(&d->a, 3, "...", "route /prove /list");
	amxd_chain(&d->a, receive, d->routed, 0u);
	amxd_chain(&d->a, d->routed,
		amxd_object(&d->a, 1, ".", "prepend /prove"), d->send, 0u);
	for (int i = 0; i < 3; i++)
		amxd_connect(&d->a, d->load, 3,
			i == 0	 ? host
			: i == 1 ? port
				 : reply,
			0);
}

/* At the load, when all is restored: addresses and ports, the renewals, which
 * go on for ever, what the dials are for, and in a while the gate. */
static void
start(struct m4l *d)
{
	unsigned loaded = amxd_object(&d->a, 1, "bii", "live.thisdevice");
	unsigned plugin = amxd_object(&d->a, 2, "ss", "plugin~");
	unsigned plugout = amxd_object(&d->a, 2, "ss", "plugout~");

	amxd_connect(&d->a, plugin, 0, plugout, 0);
	amxd_connect(&d->a, plugin, 1, plugout, 1);
	d->load = amxd_object(&d->a, 1, "bbbb", "t b b b b");
	amxd_chain(&d->a, loaded, d->load, 0u);
}

/* A metro's first tick may come a moment later: the first renewal is made by
 * hand, because the answers to what the dials ask go where that says. */
static void
renew(struct m4l *d)
{
	static const char *const patterns[] = {"/strip/*/mute",
		"/strip/*/route/index", "/strip/*/cue", "/strip/*/name"};
	unsigned first = amxd_object(&d->a, 1, "bb", "t b b");
	unsigned metro = amxd_object(&d->a, 2, "b", "metro %d", RENEW_MS);
	unsigned wait = amxd_object(&d->a, 2, "b", "delay %d", SETTLE_MS);
	char text[TEXT_MAX];

	amxd_connect(&d->a, d->load, 2, first, 0);
	amxd_connect(&d->a, first, 1, d->port, 0);
	amxd_chain(&d->a, first, amxd_message(&d->a, "1"), metro, d->port, 0u);
	amxd_chain(&d->a, d->load, wait, amxd_message(&d->a, "1"), d->gate, 0u);
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		snprintf(text, sizeof(text), "/subscribe %s " M4L_LEASE " $1",
			patterns[i]);
		amxd_chain(
			&d->a, d->port, amxd_message(&d->a, text), d->send, 0u);
	}
}

/* ---- strips ---- */

static unsigned
route_strips(struct m4l *d, const char *tail)
{
	char text[TEXT_MAX] = "route";
	char outs[M4L_DIALS + 2] = "";
	size_t n = strlen(text);
	unsigned box;

	for (unsigned i = 1; i <= d->strips; i++)
		n += (size_t)snprintf(
			text + n, sizeof(text) - n, " /strip/%u/%s", i, tail);
	memset(outs, '.', d->strips + 1);
	box = amxd_object(&d->a, (int)d->strips + 1, outs, "%s", text);
	amxd_connect(&d->a, d->routed, 2, box, 0);
	return box;
}

/* A control that sends its number to an address, and shows it */
static void
number_both_ways(struct m4l *d, unsigned control, unsigned from, int outlet,
	const char *address)
{
	unsigned set = amxd_object(&d->a, 1, ".", "prepend set");
	unsigned message = amxd_object(&d->a, 1, ".", "prepend %s", address);

	amxd_chain(&d->a, control, message, 0u);
	amxd_connect(&d->a, message, 0, d->gate, 1);
	amxd_connect(&d->a, from, outlet, set, 0);
	amxd_chain(&d->a, set, control, 0u);
}

/* It says the same when it is on. */
static unsigned
button(struct m4l *d, struct amxd_rect at, const char *name, const char *text,
	bool stays)
{
	return amxd_shown(&d->a, "live.text", 1, "..", at,
		json_pack("{s:i, s:s, s:s}", "mode", stays, "text", text,
			"texton", text),
		&(struct amxd_parameter){
			.name = name,
			.kind = AMXD_ENUM,
			.names = json_pack("[s,s]", "off", "on"),
			.invisible = !stays, /* not for automation */
		});
}

static void
mute(struct m4l *d, unsigned strip, int x)
{
	char name[16], address[PARAM_ADDRESS_MAX];
	const char *shown = d->layout->name[strip - 1];
	unsigned control;

	snprintf(name, sizeof(name), "Mute %u", strip);
	snprintf(address, sizeof(address), "/strip/%u/mute", strip);
	control = button(d, (struct amxd_rect){x, 98, M4L_COLUMN_W - 4, 20},
		name, *shown ? shown : name, true);
	number_both_ways(d, control, d->mutes, (int)strip - 1, address);
	for (int i = 0; i < 2; i++) {
		unsigned text =
			amxd_message(&d->a, i == 0 ? "text $1" : "texton $1");

		amxd_connect(&d->a, d->names, (int)strip - 1, text, 0);
		amxd_chain(&d->a, text, control, 0u);
	}
}

static void
cue(struct m4l *d, unsigned strip, int x)
{
	const struct layout_param *p =
		layout_find(d->layout, "/strip/%u/cue", strip);
	struct amxd_rect at = {x, 142, M4L_COLUMN_W - 4, 16};
	char name[16];

	snprintf(name, sizeof(name), "Cue %u", strip);
	if (p)
		number_both_ways(d, button(d, at, name, name, true), d->cues,
			(int)strip - 1, p->address);
}

static void
route(struct m4l *d, unsigned strip, int x)
{
	const struct layout_param *p =
		layout_find(d->layout, "/strip/%u/route", strip);
	const struct layout_param *index =
		layout_find(d->layout, "/strip/%u/route/index", strip);
	char name[16];
	json_t *names = json_array();
	unsigned control;

	for (uint32_t i = 0; p && i < p->choices; i++)
		json_array_append_new(names, json_string(p->choice[i]));
	if (!index || json_array_size(names) == 0) {
		json_decref(names);
		return;
	}
	snprintf(name, sizeof(name), "Route %u", strip);
	control = amxd_shown(&d->a, "live.menu", 1, "..f",
		(struct amxd_rect){x, 122, M4L_COLUMN_W - 4, 15}, NULL,
		&(struct amxd_parameter){
			.name = name,
			.kind = AMXD_ENUM,
			.names = names,
		});
	number_both_ways(d, control, d->routes, (int)strip - 1, index->address);
}

static void
panic(struct m4l *d)
{
	struct amxd_rect at = {
		M4L_DIALS * M4L_COLUMN_W + 4, 6, PANEL_W - 8, 32};

	unsigned control = button(d, at, "Panic", "PANIC", false);

	amxd_chain(&d->a, control, amxd_object(&d->a, 1, "b", "t b"),
		amxd_message(&d->a, "/panic 1"), d->send, 0u);
}

static void
parts(struct m4l *d)
{
	start(d);
	network(d);
	renew(d);
	d->told = amxd_object(&d->a, 1, ".f", "unpack s 0.");
	amxd_connect(&d->a, d->routed, 2, d->told, 0);
	d->listed = amxd_object(&d->a, 1, "..ff", "unpack s s 0. 0.");
	amxd_connect(&d->a, d->routed, 1, d->listed, 0);
	d->mutes = route_strips(d, "mute");
	d->routes = route_strips(d, "route/index");
	d->cues = route_strips(d, "cue");
	d->names = route_strips(d, "name");
	comment(d, (struct amxd_rect){4, 4, 300, 16},
		"tapdeck: choose a parameter below each dial");
	for (unsigned n = 1; n <= M4L_DIALS; n++)
		m4l_dial(d, n);
	for (unsigned n = 1; n <= d->strips; n++) {
		int x = (int)(n - 1) * M4L_COLUMN_W + 4;

		mute(d, n, x);
		route(d, n, x);
		cue(d, n, x);
	}
	panic(d);
}

int
layout_m4l(const struct layout *l, void **bytes, size_t *size_bytes)
{
	struct m4l d = {.layout = l,
		.strips = l->strips < M4L_DIALS ? l->strips : M4L_DIALS};
	int res = amxd_init(&d.a);

	*bytes = NULL;
	d.addresses = m4l_dial_addresses(l);
	if (res == 0 && d.addresses) {
		parts(&d);
		res = amxd_save(&d.a, M4L_DIALS * M4L_COLUMN_W + PANEL_W, bytes,
			size_bytes);
	}
	json_decref(d.addresses);
	amxd_done(&d.a);
	return res;
}
