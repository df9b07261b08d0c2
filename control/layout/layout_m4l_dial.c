/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A dial of the Max for Live device, and the menu that says what it is for. */
#include "control/layout/layout_m4l_own.h"

#include <stdio.h>
#include <string.h>

/* It has another row, which is the way of a knob. */
static bool
has_knob(const struct layout *l, const struct layout_param *p)
{
	return layout_find(l, "%s/knob", p->address);
}

/* What a dial can be for: numbers with a way between two ends */
json_t *
m4l_dial_addresses(const struct layout *l)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < l->params; i++) {
		const struct layout_param *p = &l->param[i];
		unsigned strip;

		if (sscanf(p->address, "/strip/%u/", &strip) == 1 &&
			strip > l->strips)
			continue;
		if (p->type == PARAM_FLOAT && p->max > p->min &&
			!has_knob(l, p))
			json_array_append_new(list, json_string(p->address));
	}
	return list;
}

/* What a dial is for, and where it is at first */
static int
address_index(const struct m4l *d, unsigned dial)
{
	char want[PARAM_ADDRESS_MAX];
	const json_t *a;
	size_t i;

	snprintf(want, sizeof(want), "/strip/%u/fader", dial);
	json_array_foreach(d->addresses, i, a)
	{
		if (!strcmp(json_string_value(a), want))
			return (int)i;
	}
	return 0;
}

static unsigned
dial_menu(struct m4l *d, unsigned dial, int x)
{
	char name[24];

	snprintf(name, sizeof(name), "Parameter %u", dial);
	return amxd_shown(&d->a, "live.menu", 1, "..f",
		(struct amxd_rect){x, 76, M4L_COLUMN_W - 4, 15}, NULL,
		&(struct amxd_parameter){
			.name = name,
			.kind = AMXD_ENUM,
			.initial = address_index(d, dial),
			.names = json_incref(d->addresses),
			.invisible = 1,
		});
}

static unsigned
dial_control(struct m4l *d, unsigned dial, int x)
{
	char name[16];

	snprintf(name, sizeof(name), "Dial %u", dial);
	return amxd_shown(&d->a, "live.dial", 1, ".f",
		(struct amxd_rect){x + 9, 22, 44, 48}, NULL,
		&(struct amxd_parameter){
			.name = name,
			.kind = AMXD_FLOAT,
			.max = 1,
			.unit_style = 1,
		});
}

/* From its dial to tapdeck. The way, 0 to 1, is that from the least to the most
 * of the parameter; before these are known nothing may go out. */
static unsigned
dial_out(struct m4l *d, unsigned control, unsigned chosen, unsigned range,
	const char *address)
{
	unsigned out = amxd_object(&d->a, 3, ".", "expr $f1*($f3-$f2)+$f2");
	unsigned known = amxd_object(&d->a, 2, ".", "gate");
	unsigned value = amxd_object(&d->a, 2, ".", "pack 0. %s", address);
	unsigned message = amxd_message(&d->a, "$2 $1");
	unsigned shut = amxd_message(&d->a, "0");
	unsigned open = amxd_message(&d->a, "1");

	amxd_chain(&d->a, control, out, 0u);
	amxd_connect(&d->a, out, 0, known, 1);
	amxd_chain(&d->a, known, value, message, 0u);
	amxd_connect(&d->a, message, 0, d->gate, 1);
	amxd_connect(&d->a, chosen, 5, shut, 0);
	amxd_chain(&d->a, shut, known, 0u);
	amxd_connect(&d->a, chosen, 2, value, 1);
	amxd_connect(&d->a, range, 1, open, 0);
	amxd_chain(&d->a, open, known, 0u);
	return out;
}

/* From tapdeck to its dial: the value is kept, to be shown again when the range
 * has been told. What the dial itself has sent is kept too: nobody tells that.
 */
static unsigned
dial_in(struct m4l *d, unsigned control, unsigned chosen, unsigned range,
	unsigned out, const char *address)
{
	unsigned in = amxd_object(
		&d->a, 3, ".", "expr ($f1-$f2)/($f3-$f2+($f3==$f2))");
	unsigned is_told = amxd_object(&d->a, 2, "b.", "select %s", address);
	unsigned any = amxd_object(&d->a, 2, "f", "f"),
		 own = amxd_object(&d->a, 2, "f", "f");

	amxd_connect(&d->a, d->told, 1, any, 1);
	amxd_connect(&d->a, d->told, 0, is_told, 0);
	amxd_chain(&d->a, is_told, any, own, in,
		amxd_object(&d->a, 1, ".", "prepend set"), control, 0u);
	amxd_connect(&d->a, out, 0, own, 1);
	amxd_connect(&d->a, chosen, 4, is_told, 1);
	amxd_chain(&d->a, range, own, 0u);
	return in;
}

/* The range is asked for again with each renewal. */
static void
dial_range(struct m4l *d, unsigned chosen, unsigned range, unsigned out,
	unsigned in, const char *address)
{
	unsigned is_listed = amxd_object(&d->a, 2, "b.", "select %s", address);
	unsigned least = amxd_object(&d->a, 2, "f", "f"),
		 most = amxd_object(&d->a, 2, "f", "f");
	unsigned lease = amxd_object(
		&d->a, 2, ".", "pack %u %s", d->layout->reply_port, address);
	unsigned both = amxd_object(&d->a, 1, "..", "t l l");
	unsigned subscribe =
		amxd_message(&d->a, "/subscribe $2 " M4L_LEASE " $1");
	unsigned list = amxd_message(&d->a, "/list $2");

	amxd_connect(&d->a, d->listed, 3, most, 1);
	amxd_connect(&d->a, d->listed, 2, least, 1);
	amxd_connect(&d->a, d->listed, 0, is_listed, 0);
	amxd_chain(&d->a, is_listed, range, 0u);
	amxd_connect(&d->a, range, 3, most, 0);
	amxd_connect(&d->a, range, 2, least, 0);
	amxd_connect(&d->a, least, 0, in, 1);
	amxd_connect(&d->a, least, 0, out, 1);
	amxd_connect(&d->a, most, 0, in, 2);
	amxd_connect(&d->a, most, 0, out, 2);
	amxd_connect(&d->a, chosen, 3, is_listed, 1);
	amxd_connect(&d->a, chosen, 1, lease, 1);
	amxd_chain(&d->a, chosen, lease, both, list, d->send, 0u);
	amxd_connect(&d->a, both, 1, subscribe, 0);
	amxd_chain(&d->a, subscribe, d->send, 0u);
	amxd_connect(&d->a, d->port, 0, lease, 0);
}

void
m4l_dial(struct m4l *d, unsigned n)
{
	int x = (int)(n - 1) * M4L_COLUMN_W + 4;
	const char *first = json_string_value(
		json_array_get(d->addresses, address_index(d, n)));
	unsigned control = dial_control(d, n, x), menu = dial_menu(d, n, x);
	/* From the right: it shuts; all learn the address; it is asked for. */
	unsigned chosen = amxd_object(&d->a, 1, "b....b", "t b s s s s b");
	/* From the right: most and least; it opens; it is shown anew. */
	unsigned range = amxd_object(&d->a, 1, "bbbb", "t b b b b");
	unsigned out = dial_out(d, control, chosen, range, first);
	unsigned in = dial_in(d, control, chosen, range, out, first);

	dial_range(d, chosen, range, out, in, first);
	amxd_connect(&d->a, menu, 1, chosen, 0);
	amxd_connect(&d->a, d->load, 1, menu, 0);
}
