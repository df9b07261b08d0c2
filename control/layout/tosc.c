/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/layout/tosc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* A property or value that all controls of a type begin with. */
struct standard {
	char type; /* b, i, f, s; c: rrggbbaa in hexadecimal; v: a value */
	const char *key;
	const char *value;
};

static const char *const type_name[TOSC_TYPES] = {
	[TOSC_GROUP] = "GROUP",
	[TOSC_PAGER] = "PAGER",
	[TOSC_FADER] = "FADER",
	[TOSC_RADIAL] = "RADIAL",
	[TOSC_BUTTON] = "BUTTON",
	[TOSC_RADIO] = "RADIO",
	[TOSC_LABEL] = "LABEL",
};

static const struct standard common[] = {
	{'b', "background", "1"},
	{'c', "color", "404040ff"},
	{'f', "cornerRadius", "4"},
	{'b', "grabFocus", "1"},
	{'b', "interactive", "1"},
	{'b', "locked", "0"},
	{'i', "orientation", "0"},
	{'b', "outline", "1"},
	{'i', "outlineStyle", "0"},
	{'i', "pointerPriority", "0"},
	{'i', "shape", "1"},
	{'b', "visible", "1"},
	{'v', "touch", "false"},
	{0, NULL, NULL},
};

static const struct standard group[] = {
	{'c', "color", "000000ff"},
	{'b', "grabFocus", "0"},
	{'b', "interactive", "0"},
	{'b', "outline", "0"},
	{0, NULL, NULL},
};

static const struct standard pager[] = {
	{'c', "color", "000000ff"},
	{'b', "grabFocus", "0"},
	{'b', "outline", "0"},
	{'b', "tabLabels", "1"},
	{'b', "tabbar", "1"},
	{'b', "tabbarDoubleTap", "0"},
	{'i', "tabbarSize", "40"},
	{'i', "textSizeOff", "16"},
	{'i', "textSizeOn", "16"},
	{'v', "page", "0"},
	{0, NULL, NULL},
};

static const struct standard fader[] = {
	{'b', "bar", "1"},
	{'i', "barDisplay", "0"},
	{'b', "cursor", "1"},
	{'i', "cursorDisplay", "0"},
	{'b', "grid", "0"},
	{'i', "gridSteps", "10"},
	{'i', "response", "0"},
	{'i', "responseFactor", "100"},
	{'v', "x", "0"},
	{0, NULL, NULL},
};

static const struct standard radial[] = {
	{'b', "centered", "0"},
	{'b', "grid", "0"},
	{'i', "gridSteps", "10"},
	{'b', "inverted", "0"},
	{'i', "response", "0"},
	{'i', "responseFactor", "100"},
	{'v', "x", "0"},
	{0, NULL, NULL},
};

static const struct standard button[] = {
	{'i', "buttonType", "0"},
	{'b', "press", "1"},
	{'b', "release", "1"},
	{'b', "valuePosition", "0"},
	{'v', "x", "0"},
	{0, NULL, NULL},
};

static const struct standard radio[] = {
	{'i', "radioType", "0"},
	{'i', "steps", "2"},
	{'v', "x", "0"},
	{0, NULL, NULL},
};

/* It lets the fingers through to what is below it. */
static const struct standard label[] = {
	{'b', "background", "0"},
	{'b', "grabFocus", "0"},
	{'b', "interactive", "0"},
	{'b', "outline", "0"},
	{'i', "font", "0"},
	{'i', "textAlignH", "2"},
	{'i', "textAlignV", "2"},
	{'b', "textClip", "1"},
	{'c', "textColor", "ffffffff"},
	{'i', "textLength", "0"},
	{'i', "textSize", "14"},
	{'v', "text", ""},
	{0, NULL, NULL},
};

static const struct standard *const standards[TOSC_TYPES] = {
	[TOSC_GROUP] = group,
	[TOSC_PAGER] = pager,
	[TOSC_FADER] = fader,
	[TOSC_RADIAL] = radial,
	[TOSC_BUTTON] = button,
	[TOSC_RADIO] = radio,
	[TOSC_LABEL] = label,
};

/* ---- elements ---- */

static mxml_node_t *
plain(mxml_node_t *parent, const char *name, const char *text)
{
	mxml_node_t *e = mxmlNewElement(parent, name);

	if (*text)
		mxmlNewOpaque(e, text);
	return e;
}

static void
number_element(mxml_node_t *parent, const char *name, double value)
{
	mxmlNewOpaquef(mxmlNewElement(parent, name), "%g", value);
}

/* What a CDATA section cannot hold is made something like it: its own end, and
 * the two characters of UTF-8 that are none in XML. */
static void
cdata_clean(char *to, const char *from)
{
	for (; *from; from++) {
		if (!strncmp(from, "\xef\xbf\xbe", 3) ||
			!strncmp(from, "\xef\xbf\xbf", 3)) {
			*to++ = '?';
			from += 2;
			continue;
		}
		*to++ = *from;
		if (!strncmp(from, "]>", 2))
			*to++ = ' ';
	}
	*to = '\0';
}

static mxml_node_t *
cdata(mxml_node_t *parent, const char *name, const char *text)
{
	mxml_node_t *e = mxmlNewElement(parent, name);
	char *clean = malloc(2 * strlen(text) + 1);

	if (clean)
		cdata_clean(clean, text);
	mxmlNewCDATA(e, clean ? clean : "");
	free(clean);
	return e;
}

static mxml_node_t *
part(mxml_node_t *node, const char *name)
{
	return mxmlFindElement(
		node, node, name, NULL, NULL, MXML_DESCEND_FIRST);
}

/* An entry of properties or values by its key: made, or emptied, in the place
 * that its name has among the others. */
static mxml_node_t *
entry(mxml_node_t *list, const char *element, const char *key)
{
	mxml_node_t *at = mxmlGetFirstChild(list), *e;
	int order = 1;

	for (; at; at = mxmlGetNextSibling(at)) {
		order = strcmp(
			mxmlGetCDATA(mxmlGetFirstChild(mxmlGetFirstChild(at))),
			key);
		if (order >= 0)
			break;
	}
	e = mxmlNewElement(NULL, element);
	cdata(e, "key", key);
	if (at)
		mxmlAdd(list, MXML_ADD_BEFORE, at, e);
	else
		mxmlAdd(list, MXML_ADD_AFTER, NULL, e);
	if (at && order == 0)
		mxmlDelete(at);
	return e;
}

static mxml_node_t *
property(mxml_node_t *node, char type, const char *key)
{
	char type_text[] = {type, '\0'};
	mxml_node_t *e = entry(part(node, "properties"), "property", key);

	mxmlElementSetAttr(e, "type", type_text);
	return e;
}

void
tosc_number(mxml_node_t *node, char type, const char *key, int value)
{
	number_element(property(node, type, key), "value", value);
}

void
tosc_color(mxml_node_t *node, const char *key, uint32_t rgba)
{
	mxml_node_t *v = mxmlNewElement(property(node, 'c', key), "value");
	char name[] = "r";

	for (int i = 0; i < 4; i++) {
		name[0] = "rgba"[i];
		number_element(
			v, name, (double)(rgba >> (24 - 8 * i) & 255) / 255);
	}
}

void
tosc_text(mxml_node_t *node, const char *key, const char *text)
{
	cdata(property(node, 's', key), "value", text);
}

static void
frame_put(mxml_node_t *node, struct tosc_frame frame)
{
	mxml_node_t *v = mxmlNewElement(property(node, 'r', "frame"), "value");

	number_element(v, "x", frame.x);
	number_element(v, "y", frame.y);
	number_element(v, "w", frame.w);
	number_element(v, "h", frame.h);
}

void
tosc_value(mxml_node_t *node, const char *key, const char *value)
{
	mxml_node_t *e = entry(part(node, "values"), "value", key);

	plain(e, "locked", "0");
	plain(e, "lockedDefaultCurrent", "0");
	cdata(e, "default", value);
	plain(e, "defaultPull", "0");
}

static void
standard_put(mxml_node_t *node, const struct standard *s)
{
	for (; s->key; s++) {
		if (s->type == 'v')
			tosc_value(node, s->key, s->value);
		else if (s->type == 'c')
			tosc_color(node, s->key,
				(uint32_t)strtoul(s->value, NULL, 16));
		else
			plain(property(node, s->type, s->key), "value",
				s->value);
	}
}

/* ---- controls ---- */

/* Only within one document must it be another for each control. The version of
 * such an ID is 8, which is whatever its maker says. */
static void
id_put(struct tosc *t, mxml_node_t *node)
{
	char id[40];

	snprintf(id, sizeof(id), "74617064-6563-8b00-8000-%012x", t->nodes++);
	mxmlElementSetAttr(node, "ID", id);
}

mxml_node_t *
tosc_node(struct tosc *t, mxml_node_t *parent, enum tosc_type type,
	const char *name, struct tosc_frame frame)
{
	mxml_node_t *children = parent, *node;

	if (t->root) {
		children = part(parent, "children");
		if (!children)
			children = mxmlNewElement(parent, "children");
	}
	node = mxmlNewElement(children, "node");
	id_put(t, node);
	mxmlElementSetAttr(node, "type", type_name[type]);
	mxmlNewElement(node, "properties");
	mxmlNewElement(node, "values");
	standard_put(node, common);
	standard_put(node, standards[type]);
	tosc_text(node, "name", name);
	frame_put(node, frame);
	return node;
}

/* A part of a path, or an argument */
static void
partial(mxml_node_t *parent, const char *type, const char *conversion,
	const char *value, double min, double max)
{
	mxml_node_t *p = mxmlNewElement(parent, "partial");

	plain(p, "type", type);
	plain(p, "conversion", conversion);
	cdata(p, "value", value);
	number_element(p, "scaleMin", min);
	number_element(p, "scaleMax", max);
}

void
tosc_osc(mxml_node_t *node, const struct tosc_message *m)
{
	mxml_node_t *list = part(node, "messages"), *osc, *e;

	if (!list)
		list = mxmlNewElement(node, "messages");
	osc = mxmlNewElement(list, "osc");
	plain(osc, "enabled", "1");
	plain(osc, "send", m->send ? "1" : "0");
	plain(osc, "receive", m->receive ? "1" : "0");
	/* What was received is not sent back. */
	plain(osc, "feedback", "0");
	plain(osc, "connections", "00001");
	if (m->trigger) {
		e = mxmlNewElement(mxmlNewElement(osc, "triggers"), "trigger");
		cdata(e, "var", m->trigger);
		plain(e, "condition", m->condition);
	}
	partial(mxmlNewElement(osc, "path"), "CONSTANT", "STRING", m->address,
		0.0, 1.0);
	e = mxmlNewElement(osc, "arguments");
	if (m->value)
		partial(e, "VALUE", m->conversion, m->value, m->min,
			m->min < m->max ? m->max : 1.0);
}

/* ---- the file ---- */

#define DECLARATION "xml version='1.0' encoding='UTF-8'"

/* Long lines are not to be broken. The library's fourth version has other names
 * for it. */
#if MXML_MAJOR_VERSION < 4
static mxml_node_t *
document(void)
{
	return mxmlNewElement(NULL, "?" DECLARATION "?");
}

static char *
text_of(mxml_node_t *xml)
{
	mxmlSetWrapMargin(0);
	return mxmlSaveAllocString(xml, NULL);
}
#else
static mxml_node_t *
document(void)
{
	return mxmlNewDirective(NULL, DECLARATION);
}

static char *
text_of(mxml_node_t *xml)
{
	mxml_options_t *options = mxmlOptionsNew();
	char *text;

	if (!options)
		return NULL;
	mxmlOptionsSetWrapMargin(options, 0);
	text = mxmlSaveAllocString(xml, options);
	mxmlOptionsDelete(options);
	return text;
}
#endif

int
tosc_init(struct tosc *t, const char *name, struct tosc_frame frame)
{
	mxml_node_t *lexml;

	memset(t, 0, sizeof(*t));
	t->xml = document();
	lexml = mxmlNewElement(t->xml, "lexml");
	if (!lexml)
		return -ENOMEM;
	mxmlElementSetAttr(lexml, "version", "3");
	t->root = tosc_node(t, lexml, TOSC_GROUP, name, frame);
	return t->root ? 0 : -ENOMEM;
}

void
tosc_done(struct tosc *t)
{
	if (t->xml)
		mxmlDelete(t->xml);
	t->xml = NULL;
}

/* The app writes attributes in single quotes, and may read no others. Outside
 * of CDATA there is no other double quote. */
static void
quotes_single(char *xml)
{
	for (; *xml; xml++) {
		if (!strncmp(xml, "<![CDATA[", 9))
			xml = strstr(xml, "]]>");
		else if (*xml == '"')
			*xml = '\'';
	}
}

int
tosc_save(const struct tosc *t, void **bytes, size_t *size_bytes)
{
	char *text = text_of(t->xml);
	uLong length = text ? (uLong)strlen(text) : 0;
	uLongf room = compressBound(length);
	int res = -ENOMEM;

	*bytes = malloc(room);
	if (text)
		quotes_single(text);
	if (text && *bytes &&
		compress2(*bytes, &room, (const Bytef *)text, length,
			Z_BEST_COMPRESSION) == Z_OK) {
		*size_bytes = room;
		res = 0;
	}
	if (res < 0) {
		free(*bytes);
		*bytes = NULL;
	}
	free(text);
	return res;
}
