/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "cc 0-7", "ch 1-8 note 48", "sysex F0 00 70-77 vv F7": messages from text. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/mapping/mapping_bytes.h"
#include "control/mapping/mapping_message.h"
#include "control/mapping/mapping_words.h"

#define NUMBER_NONE  0
#define NUMBER_NEEDS 1
#define NUMBER_MAY   2

/* For which key. */
#define ON    1
#define LIGHT 2
#define TOUCH 4

struct kind {
	const char *name; /* NULL: midi_words[kind] */
	enum midi_kind kind;
	bool fine;
	bool channel;
	int number;
	uint32_t max;
	int keys;
};

static const struct kind kinds[] = {
	{NULL, MIDI_NOTE, false, true, NUMBER_NEEDS, 127, ON | LIGHT | TOUCH},
	{NULL, MIDI_CC, false, true, NUMBER_NEEDS, 127, ON | LIGHT},
	{"cc14", MIDI_CC, true, true, NUMBER_NEEDS, 127, ON | LIGHT},
	{NULL, MIDI_BEND, false, true, NUMBER_NONE, 0, ON | LIGHT},
	{NULL, MIDI_NRPN, false, true, NUMBER_NEEDS, 16383, ON | LIGHT},
	{NULL, MIDI_RPN, false, true, NUMBER_NEEDS, 16383, ON | LIGHT},
	{NULL, MIDI_PROGRAM, false, true, NUMBER_MAY, 127, ON},
	{NULL, MIDI_CHANNEL_PRESSURE, false, true, NUMBER_NONE, 0, ON | LIGHT},
	{NULL, MIDI_POLY_PRESSURE, false, true, NUMBER_NEEDS, 127, ON | LIGHT},
	{NULL, MIDI_START, false, false, NUMBER_NONE, 0, ON},
	{NULL, MIDI_CONTINUE, false, false, NUMBER_NONE, 0, ON},
	{NULL, MIDI_STOP, false, false, NUMBER_NONE, 0, ON},
	{NULL, MIDI_SYSEX, false, false, NUMBER_NONE, 0, ON | LIGHT},
	{"meter", MIDI_CHANNEL_PRESSURE, false, true, NUMBER_NEEDS, 7, LIGHT},
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static const char *
word_of(const struct kind *k)
{
	return k->name ? k->name : midi_words[k->kind];
}

static const struct kind *
kind_find(const char *word)
{
	for (size_t i = 0; i < KINDS; i++) {
		if (!strcmp(word_of(&kinds[i]), word))
			return &kinds[i];
	}
	return NULL;
}

static const struct kind *
kind_of(const struct mapping_message *m)
{
	const struct kind *k = kinds;

	while (k->kind != m->kind || k->fine != m->fine)
		k++;
	return k;
}

static int
read_channel(struct mapping_reader *m, const char *text)
{
	uint32_t channel[MAPPING_ROW_MAX];
	bool any = text && !strcmp(text, "any");
	int rc = 0;

	if (!text)
		return tree_refuse(m->t, m->node,
			"ch needs a number from 1 to 16, or any");
	if (!any)
		rc = mapping_numbers(m, text, 10, 1, 16, channel);
	for (uint32_t i = 0; rc == 0 && i < MAPPING_ROW_MAX; i++)
		m->row->message[i].channel =
			any ? MAPPING_CHANNEL_ANY : (uint8_t)(channel[i] - 1);
	return rc;
}

#define PAIR_STEP 32
#define PAIR_MAX  95 /* with the one that is so much higher */

/* "7": 7 and 39. "68/69": those two. */
static bool
pair_of(const char *text, struct mapping_message *out)
{
	uint32_t number[2];
	char *end;

	for (int i = 0; i < 2; i++) {
		if (!isdigit((unsigned char)*text))
			return false;
		number[i] = (uint32_t)strtoul(text, &end, 10);
		if (number[i] > 127)
			return false;
		if (i == 0 && *end == '\0' && number[0] <= PAIR_MAX) {
			number[1] = number[0] + PAIR_STEP;
			break;
		}
		if (*end != (i == 0 ? '/' : '\0'))
			return false;
		text = end + 1;
	}
	out->number = (uint16_t)number[0];
	out->low = (uint8_t)number[1];
	return number[0] != number[1];
}

static int
read_pairs(struct mapping_reader *m, const char *text)
{
	char element[MAPPING_PIECE_MAX];
	int n = mapping_list(
		text, strlen(text), 10, 0, element, sizeof(element));

	for (int i = 0; i < n; i++) {
		mapping_list(text, strlen(text), 10, (uint32_t)i, element,
			sizeof(element));
		if (!pair_of(element, &m->row->message[i]))
			n = -EINVAL;
	}
	if (n < 0)
		return tree_refuse(m->t, m->node,
			"\"%.40s\" is no cc14: a number or a range from 0 to "
			"%d, each with the one %d higher, or two such as 68/69",
			text, PAIR_MAX, PAIR_STEP);
	for (int i = n; i < MAPPING_ROW_MAX; i++) {
		m->row->message[i].number = m->row->message[0].number;
		m->row->message[i].low = m->row->message[0].low;
	}
	n = mapping_row_fill(m, n);
	return n < 0 ? n : 1;
}

static int
read_number(struct mapping_reader *m, const struct kind *kind, const char *text)
{
	uint32_t number[MAPPING_ROW_MAX];
	int rc;

	if (!text || !isdigit((unsigned char)*text))
		return kind->number == NUMBER_NEEDS
			       ? tree_refuse(m->t, m->node,
					 "%s needs a number from 0 to %u",
					 word_of(kind), kind->max)
			       : 0;
	if (kind->number == NUMBER_NONE)
		return tree_refuse(
			m->t, m->node, "%s takes no number", word_of(kind));
	if (kind->fine)
		return read_pairs(m, text);
	rc = mapping_numbers(m, text, 10, 0, kind->max, number);
	for (uint32_t i = 0; rc == 0 && i < MAPPING_ROW_MAX; i++)
		m->row->message[i].number = (uint16_t)number[i];
	return rc < 0 ? rc : 1;
}

/* ---- a whole message ---- */

static int
unknown(struct mapping_reader *m, const char *word)
{
	char allowed[MAPPING_WORDS_MAX] = "";
	int wanted = !strcmp(m->node->key, "light")   ? LIGHT
		     : !strcmp(m->node->key, "touch") ? TOUCH
						      : ON;

	for (size_t i = 0; i < KINDS; i++) {
		size_t used = strlen(allowed);

		if (kinds[i].keys & wanted)
			snprintf(allowed + used, sizeof(allowed) - used, "%s%s",
				used ? ", " : "", word_of(&kinds[i]));
	}
	return tree_refuse(m->t, m->node,
		"\"%.40s\" is no kind of message; there are %s, each with its "
		"channel as ch 1 to 16",
		word, allowed);
}

static void
set_kind(struct mapping_reader *m, const struct kind *kind)
{
	for (uint32_t i = 0; i < MAPPING_ROW_MAX; i++) {
		m->row->message[i].kind = kind->kind;
		m->row->message[i].fine = kind->fine;
		m->row->message[i].meter =
			kind->name && !strcmp(kind->name, "meter");
		if (!kind->channel)
			m->row->message[i].channel = 0;
		if (kind->number == NUMBER_NONE)
			m->row->message[i].number = 0;
	}
}

/* "ch LIST" and "KIND LIST", in either order. */
static int
read_words(struct mapping_reader *m, char *text)
{
	const struct kind *kind = NULL;
	bool channel = false;
	char *rest, *word = strtok_r(text, MAPPING_BLANKS, &rest);

	while (word) {
		bool is_ch = !strcmp(word, "ch");
		const struct kind *k = is_ch ? NULL : kind_find(word);
		int rc;

		if ((is_ch && channel) || (k && kind))
			return tree_refuse(m->t, m->node,
				"\"%.40s\": one message is enough", word);
		if (!is_ch && !k)
			return unknown(m, word);
		if (k) {
			kind = k;
			set_kind(m, k);
		}
		if (k && k->kind == MIDI_SYSEX) {
			rc = mapping_bytes(m, &rest);
			return rc < 0 ? rc : mapping_sysex_fits(m);
		}
		word = strtok_r(NULL, MAPPING_BLANKS, &rest);
		rc = is_ch ? read_channel(m, word) : read_number(m, k, word);
		if (rc < 0)
			return rc;
		if (is_ch || rc > 0)
			word = strtok_r(NULL, MAPPING_BLANKS, &rest);
		channel = channel || is_ch;
	}
	if (!kind)
		return unknown(m, "");
	if (channel && !kind->channel)
		return tree_refuse(
			m->t, m->node, "%s has no channel", word_of(kind));
	return 0;
}

int
mapping_messages(const struct tree *t, const struct tree_node *node,
	uint8_t channel, struct mapping_row *out)
{
	struct mapping_reader m = {t, node, out};
	char copy[MAPPING_LINE_MAX];
	int rc = mapping_row_begin(&m, channel, copy);

	return rc < 0 ? rc : read_words(&m, copy);
}

/* Either half of 14 bits. */
static bool
has_number(const struct mapping_message *m, uint16_t number)
{
	return m->number == number || (m->fine && m->low == number);
}

static bool
number_meets(const struct mapping_message *a, const struct mapping_message *b)
{
	return a->number == MAPPING_NUMBER_ANY ||
	       b->number == MAPPING_NUMBER_ANY || has_number(a, b->number) ||
	       (b->fine && has_number(a, b->low));
}

static bool
is_entry(const struct mapping_message *m)
{
	return m->kind == MIDI_CC &&
	       (midi_is_entry_cc(m->number) ||
		       (m->fine && midi_is_entry_cc(m->low)));
}

bool
mapping_is_entry(
	const struct mapping_message *a, const struct mapping_message *b)
{
	return (midi_is_entry(a->kind) && is_entry(b)) ||
	       (midi_is_entry(b->kind) && is_entry(a));
}

bool
mapping_message_meets(
	const struct mapping_message *a, const struct mapping_message *b)
{
	bool entry = mapping_is_entry(a, b);

	if (a->kind != b->kind && !entry)
		return false;
	if (a->kind == MIDI_SYSEX)
		return a->sysex_bytes == b->sysex_bytes &&
		       !memcmp(a->sysex, b->sysex, a->sysex_bytes);
	if (a->channel != b->channel && a->channel != MAPPING_CHANNEL_ANY &&
		b->channel != MAPPING_CHANNEL_ANY)
		return false;
	return entry || number_meets(a, b);
}

void
mapping_message_text(
	const struct mapping_message *m, char *out, size_t size_bytes)
{
	const struct kind *k = kind_of(m);
	char number[16] = "", channel[32] = "";

	if (k->number != NUMBER_NONE && m->number != MAPPING_NUMBER_ANY)
		snprintf(number, sizeof(number), " %u", m->number);
	if (m->fine && m->low != m->number + PAIR_STEP)
		snprintf(number, sizeof(number), " %u/%u", m->number, m->low);
	if (k->channel && m->channel == MAPPING_CHANNEL_ANY)
		snprintf(channel, sizeof(channel), " of any channel");
	else if (k->channel)
		snprintf(channel, sizeof(channel), " of channel %u",
			m->channel + 1u);
	snprintf(out, size_bytes, "%s%s%s", word_of(k), number, channel);
}
