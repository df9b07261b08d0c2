/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/layout/amxd.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VIEW_H	   169	      /* pixels; every device's */
#define ROWS_H	   900	      /* of the patch, before the next column */
#define AUDIO_KIND 0x61616161 /* "aaaa" */
#define TEXT_MAX   1024

int
amxd_init(struct amxd *a)
{
	*a = (struct amxd){
		.boxes = json_array(),
		.lines = json_array(),
		.parameters = json_object(),
		.bank = json_array(),
		.x = 20,
		.y = 220,
	};
	return a->boxes && a->lines && a->parameters && a->bank ? 0 : -ENOMEM;
}

void
amxd_done(struct amxd *a)
{
	json_decref(a->boxes);
	json_decref(a->lines);
	json_decref(a->parameters);
	json_decref(a->bank);
}

static json_t *
rect(int x, int y, int w, int h)
{
	return json_pack(
		"[f,f,f,f]", (double)x, (double)y, (double)w, (double)h);
}

static json_t *
outlet_types(const char *outs)
{
	json_t *types = json_array();

	for (; *outs; outs++)
		json_array_append_new(
			types, json_string(*outs == 's'	  ? "signal"
					   : *outs == 'i' ? "int"
					   : *outs == 'f' ? "float"
					   : *outs == 'b' ? "bang"
							  : ""));
	return types;
}

static void
id_text(char id[24], unsigned box)
{
	snprintf(id, 24, "obj-%u", box);
}

/* Its number is in its ID, so that cords can be drawn to it. */
static unsigned
box_add(struct amxd *a, json_t *box, const char *maxclass, int ins,
	const char *outs, struct amxd_rect patching)
{
	char id[24];

	id_text(id, ++a->boxes_made);
	json_object_set_new(box, "id", json_string(id));
	json_object_set_new(box, "maxclass", json_string(maxclass));
	json_object_set_new(box, "numinlets", json_integer(ins));
	json_object_set_new(
		box, "numoutlets", json_integer((json_int_t)strlen(outs)));
	if (*outs)
		json_object_set_new(box, "outlettype", outlet_types(outs));
	json_object_set_new(box, "patching_rect",
		rect(patching.x, patching.y, patching.w, patching.h));
	json_array_append_new(a->boxes, json_pack("{s:o}", "box", box));
	return a->boxes_made;
}

/* The next place in the patch, by columns. It is to be seen through, not nice.
 */
static struct amxd_rect
place(struct amxd *a)
{
	struct amxd_rect at = {a->x, a->y, 160, 22};

	a->y += 30;
	if (a->y > ROWS_H) {
		a->y = 220;
		a->x += 190;
	}
	return at;
}

unsigned
amxd_object(struct amxd *a, int ins, const char *outs, const char *format, ...)
{
	char text[TEXT_MAX];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	return box_add(a, json_pack("{s:s}", "text", text), "newobj", ins, outs,
		place(a));
}

unsigned
amxd_message(struct amxd *a, const char *text)
{
	return box_add(a, json_pack("{s:s}", "text", text), "message", 2, ".",
		place(a));
}

static json_t *
valueof(const struct amxd_parameter *p)
{
	json_t *v = json_pack("{s:s, s:s, s:i, s:i, s:i, s:i}",
		"parameter_longname", p->name, "parameter_shortname", p->name,
		"parameter_type", (int)p->kind, "parameter_invisible",
		p->invisible, "parameter_linknames", 0, "parameter_modmode", 0);
	double max = p->names ? (double)json_array_size(p->names) - 1 : p->max;

	if (p->kind == AMXD_BLOB)
		return v;
	json_object_set_new(v, "parameter_mmin", json_real(p->min));
	json_object_set_new(v, "parameter_mmax", json_real(max));
	json_object_set_new(
		v, "parameter_initial", json_pack("[f]", p->initial));
	json_object_set_new(v, "parameter_initial_enable", json_integer(1));
	json_object_set_new(
		v, "parameter_unitstyle", json_integer(p->unit_style));
	if (p->names)
		json_object_set_new(v, "parameter_enum", p->names);
	return v;
}

static void
parameter_put(struct amxd *a, json_t *box, const struct amxd_parameter *p)
{
	char id[24];

	id_text(id, a->boxes_made + 1);
	json_object_set_new(box, "parameter_enable", json_integer(1));
	json_object_set_new(box, "varname", json_string(p->name));
	json_object_set_new(box, "saved_attribute_attributes",
		json_pack("{s:o}", "valueof", valueof(p)));
	json_object_set_new(
		a->parameters, id, json_pack("[s,s,i]", p->name, p->name, 0));
	if (!p->invisible && json_array_size(a->bank) < 8)
		json_array_append_new(a->bank, json_string(p->name));
}

unsigned
amxd_shown(struct amxd *a, const char *maxclass, int ins, const char *outs,
	struct amxd_rect at, json_t *attributes, const struct amxd_parameter *p)
{
	json_t *box = attributes ? attributes : json_object();

	if (p)
		parameter_put(a, box, p);
	json_object_set_new(box, "presentation", json_integer(1));
	json_object_set_new(
		box, "presentation_rect", rect(at.x, at.y, at.w, at.h));
	return box_add(a, box, maxclass, ins, outs, at);
}

void
amxd_connect(struct amxd *a, unsigned from, int outlet, unsigned to, int inlet)
{
	char source[24], destination[24];

	id_text(source, from);
	id_text(destination, to);
	json_array_append_new(a->lines,
		json_pack("{s:{s:[s,i], s:[s,i]}}", "patchline", "source",
			source, outlet, "destination", destination, inlet));
}

void
amxd_chain(struct amxd *a, ...)
{
	unsigned from, to;
	va_list ap;

	va_start(ap, a);
	from = va_arg(ap, unsigned);
	while ((to = va_arg(ap, unsigned))) {
		amxd_connect(a, from, 0, to, 0);
		from = to;
	}
	va_end(ap);
}

/* ---- the file ---- */

static json_t *
project(void)
{
	return json_pack("{s:i, s:i, s:i, s:o, s:i, s:i, s:i, s:i, s:{s:{}}, "
			 "s:{}, s:{}, s:i, s:i, s:i, s:i, s:s, s:i, s:i, s:i}",
		"version", 1, "creationdate", 0, "modificationdate", 0,
		"viewrect", rect(0, 0, 300, 500), "autoorganize", 1,
		"hideprojectwindow", 1, "showdependencies", 1, "autolocalize",
		0, "contents", "patchers", "layout", "searchpath",
		"detailsvisible", 0, "amxdtype", AUDIO_KIND, "readonly", 0,
		"devpathtype", 0, "devpath", ".", "sortmode", 0, "viewmode", 0,
		"includepackages", 0);
}

static json_t *
parameters(const struct amxd *a)
{
	json_t *all = json_copy(a->parameters), *bank = json_copy(a->bank);

	while (json_array_size(bank) < 8)
		json_array_append_new(bank, json_string("-"));
	json_object_set_new(all, "parameterbanks",
		json_pack("{s:{s:i, s:s, s:o}}", "0", "index", 0, "name", "",
			"parameters", bank));
	json_object_set_new(all, "inherited_shortname", json_integer(1));
	return all;
}

static json_t *
patcher(const struct amxd *a, int width)
{
	json_t *p = json_pack(
		"{s:i, s:{s:i, s:i, s:i, s:s, s:i}, s:s, s:o, s:o, s:i, "
		"s:f, s:s, s:o, s:i}",
		"fileversion", 1, "appversion", "major", 8, "minor", 6,
		"revision", 4, "architecture", "x64", "modernui", 1,
		"classnamespace", "box", "rect", rect(60, 100, 1100, 900),
		"openrect", rect(0, 0, width, VIEW_H), "openinpresentation", 1,
		"default_fontsize", 10.0, "default_fontname", "Arial Bold",
		"gridsize", json_pack("[f,f]", 8.0, 8.0), "boxanimatetime",
		500);

	json_object_set_new(p, "devicewidth", json_real(width));
	json_object_set(p, "boxes", a->boxes);
	json_object_set(p, "lines", a->lines);
	json_object_set_new(p, "parameters", parameters(a));
	json_object_set_new(p, "dependency_cache", json_array());
	json_object_set_new(p, "latency", json_integer(0));
	json_object_set_new(p, "is_mpe", json_integer(0));
	json_object_set_new(p, "minimum_live_version", json_string(""));
	json_object_set_new(p, "minimum_max_version", json_string(""));
	json_object_set_new(p, "platform_compatibility", json_integer(0));
	json_object_set_new(p, "project", project());
	json_object_set_new(p, "autosave", json_integer(0));
	return json_pack("{s:o}", "patcher", p);
}

static uint8_t *
put_word(uint8_t *to, uint32_t word) /* little-endian */
{
	for (int i = 0; i < 4; i++)
		*to++ = (uint8_t)(word >> (8 * i));
	return to;
}

static uint8_t *
put(uint8_t *to, const char *four)
{
	memcpy(to, four, 4);
	return to + 4;
}

/* ampf: the kind. meta: 0, not frozen. ptch: JSON, a new line and a NUL. */
static uint8_t *
put_header(uint8_t *to, uint32_t patch_bytes)
{
	to = put_word(put(to, "ampf"), 4);
	to = put(to, "aaaa");
	to = put_word(put_word(put(to, "meta"), 4), 0);
	return put_word(put(to, "ptch"), patch_bytes);
}

int
amxd_save(const struct amxd *a, int width, void **bytes, size_t *size_bytes)
{
	json_t *all = patcher(a, width);
	char *text = all ? json_dumps(all, JSON_INDENT(1)) : NULL;
	size_t length = text ? strlen(text) : 0;
	uint8_t *to = text ? malloc(32 + length + 2) : NULL;
	int res = to ? 0 : -ENOMEM;

	*bytes = to;
	if (to) {
		to = put_header(to, (uint32_t)length + 2);
		memcpy(to, text, length + 1);
		to[length] = '\n';
		to[length + 1] = '\0';
		*size_bytes = 32 + length + 2;
	}
	free(text);
	json_decref(all);
	return res;
}
