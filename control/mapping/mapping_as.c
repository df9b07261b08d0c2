/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a control does: `as:`, and the layers that it may switch to. */
#include <math.h>
#include <string.h>

#include "control/mapping/mapping_as.h"
#include "control/mapping/mapping_target.h"
#include "control/mapping/mapping_words.h"
#include "control/util/check.h"
#include "control/yaml/tree_value.h"

#define BY_MAX	    1000.0
#define CHOICES_MAX 64.0

const char *const mapping_as_words[] = {
	[MAPPING_VALUE] = "value",
	[MAPPING_TOGGLE] = "toggle",
	[MAPPING_MOMENTARY] = "momentary",
	[MAPPING_LATCH] = "latch",
	[MAPPING_UP] = "up",
	[MAPPING_DOWN] = "down",
	[MAPPING_STEP] = "step",
	[MAPPING_CYCLE] = "cycle",
	[MAPPING_VELOCITY] = "velocity",
	[MAPPING_SET] = "set",
	[MAPPING_RADIO] = "radio",
	[MAPPING_SHIFT] = "shift",
	[MAPPING_LAYER] = "layer",
	[MAPPING_BANK_LEFT] = "bank-left",
	[MAPPING_BANK_RIGHT] = "bank-right",
	[MAPPING_REPAINT] = "repaint",
	NULL,
};

/* ---- as ---- */

/* "shift fx": the word, and what stands behind it or NULL. */
static void
split_as(const char *text, char *word, size_t size_bytes, const char **rest)
{
	size_t length = strcspn(text, " ");

	if (length >= size_bytes)
		length = size_bytes - 1;
	memcpy(word, text, length);
	word[length] = '\0';
	*rest = text + length + strspn(text + length, " ");
	if (!**rest)
		*rest = NULL;
}

/* A press and nothing more. */
static bool
is_once(const struct mapping_message *m)
{
	return !mapping_has_release(m) && m->number != MAPPING_NUMBER_ANY;
}

/* What it is when the file does not say. */
static enum mapping_as
as_otherwise(const struct mapping_entry *e, const struct mapping_message *m)
{
	enum mapping_as scene;

	if (!e->y.on)
		return MAPPING_SHOW;
	if (e->y.value)
		return MAPPING_SET;
	if (mapping_is_scene(e, &scene))
		return scene;
	if (e->y.relative)
		return MAPPING_VALUE;
	return m->kind == MIDI_NOTE || is_once(m) ? MAPPING_TOGGLE
						  : MAPPING_VALUE;
}

int
mapping_layer_name(const struct mapping_entry *e, const struct tree_node *node,
	const char *name, uint8_t *out)
{
	const struct mapping *m = e->r->to;

	for (uint32_t i = 1; i < m->layers; i++) {
		if (!strcmp(m->layer[i], name)) {
			*out = (uint8_t)i;
			return 0;
		}
	}
	return tree_refuse(e->t, node,
		"no control is \"as: shift %.31s\" or \"as: layer %.31s\"",
		name, name);
}

/* "step 1.5", "cycle", "cycle -1" */
static int
read_by(const struct mapping_entry *e, const char *rest,
	struct mapping_control *c)
{
	const struct tree_node *node = e->y.as;
	bool step = c->as == MAPPING_STEP;
	double most = step ? BY_MAX : CHOICES_MAX;
	int rc;

	c->by = 1.0;
	if (!rest)
		return step ? tree_refuse(e->t, node,
				      "needs how much: \"as: step 1.5\", "
				      "\"as: step -1.5\"")
			    : 0;
	rc = mapping_number(e->t, node, rest, -most, most, &c->by);
	if (rc == 0 && c->by == 0.0)
		return tree_refuse(e->t, node, "0 goes nowhere");
	if (rc == 0 && !step && c->by != floor(c->by))
		return tree_refuse(
			e->t, node, "goes by whole choices: \"as: cycle -1\"");
	return rc;
}

static int
read_as(const struct mapping_entry *e, struct mapping_control *c)
{
	const struct tree_node *node = e->y.as;
	char word[MAPPING_WORD_MAX], why[CHECK_WHY_MAX];
	const char *rest = NULL;
	uint32_t as = 0, strips = e->r->to->bank;
	int rc = 0;

	c->as = as_otherwise(e, &c->message);
	if (!node)
		return 0;
	split_as(node->text, word, sizeof(word), &rest);
	if (check_word(word, mapping_as_words, &as, why) < 0)
		return tree_refuse_value(e->t, node, word, why);
	c->as = (enum mapping_as)as;
	if (!e->y.on)
		return tree_refuse(
			e->t, node, "needs on: without it, it is only shown");
	if (mapping_takes(c->as, TAKES_LAYER))
		return rest ? mapping_layer_name(e, node, rest, &c->to_layer)
			    : tree_refuse(e->t, node,
				      "needs the layer's name: \"as: %s fx\"",
				      word);
	if (mapping_takes(c->as, TAKES_BY))
		return read_by(e, rest, c);
	if (mapping_takes(c->as, TAKES_BANK) && !e->r->to->bank)
		return tree_refuse(e->t, node, "needs bank: at the top");
	if (mapping_takes(c->as, TAKES_BANK) && rest)
		rc = mapping_whole(e->t, node, rest, 1, 64, &strips);
	else if (rest)
		return tree_refuse(
			e->t, node, "nothing goes behind \"%s\"", word);
	c->strips = mapping_takes(c->as, TAKES_BANK) ? (uint8_t)strips : 0;
	return rc;
}

/* Which messages can do it. */
static int
check_as(const struct mapping_entry *e, const struct mapping_control *c)
{
	const struct mapping_message *m = &c->message;
	bool press = m->kind == MIDI_NOTE || (m->kind == MIDI_CC && !m->fine) ||
		     midi_is_entry(m->kind);
	bool once = is_once(m);
	const struct tree_node *node = e->y.as ? e->y.as : e->y.on;

	if (c->as == MAPPING_SHOW)
		return 0;
	if (m->slots || m->meter)
		return tree_refuse(e->t, e->y.on,
			m->meter ? "meter is for a light"
				 : "vv and t are for a light");
	if (c->as == MAPPING_VALUE &&
		(once || (m->kind == MIDI_NOTE && !e->y.relative)))
		return tree_refuse(e->t, node,
			"a button has no value; as: toggle, or as: velocity");
	if ((c->as == MAPPING_MOMENTARY || c->as == MAPPING_LATCH ||
		    c->as == MAPPING_SHIFT) &&
		!press)
		return tree_refuse(e->t, node,
			"needs a button that tells its release: note, cc, nrpn "
			"or rpn");
	if (c->as == MAPPING_VELOCITY && m->kind != MIDI_NOTE)
		return tree_refuse(
			e->t, node, "only a note tells how hard it is hit");
	if (c->as != MAPPING_VALUE && !press && !once)
		return tree_refuse(e->t, node,
			"a button is note, cc, nrpn, rpn, program N, start, "
			"continue, stop or sysex");
	return 0;
}

int
mapping_as(const struct mapping_entry *e, struct mapping_control *c)
{
	int rc = read_as(e, c);

	return rc < 0 ? rc : check_as(e, c);
}

/* ---- layers ---- */

static int
add_layer(const struct tree *t, const struct tree_node *as, const char *name,
	struct mapping *m)
{
	for (uint32_t i = 1; i < m->layers; i++) {
		if (!strcmp(m->layer[i], name))
			return 0;
	}
	if (m->layers == MAPPING_LAYERS_MAX)
		return tree_refuse(
			t, as, "more than %d layers", MAPPING_LAYERS_MAX - 1);
	return mapping_text(
		t, as, name, m->layer[m->layers++], MAPPING_WORD_MAX);
}

/* Layers are those that a control switches to; found first, as a control may
 * name one that comes later. */
int
mapping_layers(const struct mapping_reading *r)
{
	const struct tree_node *list = r->top.controls, *i = tree_first(list);
	int rc = 0;

	r->to->layers = 1;
	for (; rc == 0 && i; i = tree_next(list, i)) {
		struct mapping_control_keys y;
		char word[MAPPING_WORD_MAX];
		const char *name;

		keys_find(i, mapping_control_table, &y, sizeof(y));
		if (!y.as)
			continue;
		split_as(y.as->text, word, sizeof(word), &name);
		if (name && (!strcmp(word, "shift") || !strcmp(word, "layer")))
			rc = add_layer(r->tree, y.as, name, r->to);
	}
	return rc;
}
