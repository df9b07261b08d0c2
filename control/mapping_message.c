/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "cc 0-7", "ch 1-8 note 48", "sysex F0 00 70-77 vv F7": messages from text. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/mapping_own.h"

#define SEPARATORS   " \t"
#define TOKEN_MAX    128 /* bytes with the NUL */
#define NUMBER_NONE  0
#define NUMBER_NEEDS 1
#define NUMBER_MAY   2

struct kind {
	const char *name; /* NULL: midi_words[kind] */
	enum midi_kind kind;
	bool fine;
	bool channel;
	int number;
	uint32_t max;
};

static const struct kind kinds[] = {
	{NULL, MIDI_NOTE, false, true, NUMBER_NEEDS, 127},
	{NULL, MIDI_CC, false, true, NUMBER_NEEDS, 127},
	{"cc14", MIDI_CC, true, true, NUMBER_NEEDS, 31},
	{NULL, MIDI_BEND, false, true, NUMBER_NONE, 0},
	{NULL, MIDI_NRPN, false, true, NUMBER_NEEDS, 16383},
	{NULL, MIDI_RPN, false, true, NUMBER_NEEDS, 16383},
	{NULL, MIDI_PROGRAM, false, true, NUMBER_MAY, 127},
	{NULL, MIDI_CHANNEL_PRESSURE, false, true, NUMBER_NONE, 0},
	{NULL, MIDI_POLY_PRESSURE, false, true, NUMBER_NEEDS, 127},
	{NULL, MIDI_START, false, false, NUMBER_NONE, 0},
	{NULL, MIDI_CONTINUE, false, false, NUMBER_NONE, 0},
	{NULL, MIDI_STOP, false, false, NUMBER_NONE, 0},
	{NULL, MIDI_SYSEX, false, false, NUMBER_NONE, 0},
	{"meter", MIDI_CHANNEL_PRESSURE, false, true, NUMBER_NEEDS, 7},
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

struct reader {
	const struct mapping_reading *r;
	const char *path;
	struct mapping_row *row;
};

/* The row has as many messages as its longest list; the others have one. */
static int
fill(struct reader *m, int count)
{
	if (count == 1 || m->row->count == (uint32_t)count)
		return 0;
	if (m->row->count > 1)
		return yaml_refuse(&m->r->in, m->path,
			"a list of %d in a row of %u", count, m->row->count);
	m->row->count = (uint32_t)count;
	return 0;
}

/* A list of numbers, one for each message of the row. */
static int
numbers(struct reader *m, const char *text, unsigned base, uint32_t min,
	uint32_t max, uint32_t *out)
{
	char element[TOKEN_MAX], *end;
	int n;

	memset(out, 0, MAPPING_ROW_MAX * sizeof(*out));
	n = mapping_list(text, strlen(text), base, 0, element, sizeof(element));

	for (int i = 0; i < n; i++) {
		unsigned long value;

		mapping_list(text, strlen(text), base, (uint32_t)i, element,
			sizeof(element));
		value = strtoul(element, &end, (int)base);
		if (!isxdigit((unsigned char)element[0]) || *end ||
			strlen(element) > 5 || value < min || value > max) {
			n = -EINVAL;
			break;
		}
		out[i] = (uint32_t)value;
	}
	if (n < 0)
		return yaml_refuse(&m->r->in, m->path,
			base == 16 ? "\"%.40s\" is not a byte or a range of "
				     "them, %02X to %02X"
				   : "\"%.40s\" is not a number or a range "
				     "such as 1-8, from %u to %u",
			text, min, max);
	for (int i = n; i < MAPPING_ROW_MAX; i++)
		out[i] = out[0];
	return fill(m, n);
}

static int
read_channel(struct reader *m, const char *text)
{
	uint32_t channel[MAPPING_ROW_MAX];
	bool any = text && !strcmp(text, "any");
	int rc = 0;

	if (!text)
		return yaml_refuse(&m->r->in, m->path,
			"ch needs a number from 1 to 16, or any");
	if (!any)
		rc = numbers(m, text, 10, 1, 16, channel);
	for (uint32_t i = 0; rc == 0 && i < MAPPING_ROW_MAX; i++)
		m->row->message[i].channel =
			any ? MAPPING_CHANNEL_ANY : (uint8_t)(channel[i] - 1);
	return rc;
}

static int
read_number(struct reader *m, const struct kind *kind, const char *text)
{
	uint32_t number[MAPPING_ROW_MAX];
	int rc;

	if (!text || !isdigit((unsigned char)*text))
		return kind->number == NUMBER_NEEDS
			       ? yaml_refuse(&m->r->in, m->path,
					 "%s needs a number from 0 to %u",
					 word_of(kind), kind->max)
			       : 0;
	if (kind->number == NUMBER_NONE)
		return yaml_refuse(&m->r->in, m->path, "%s takes no number",
			word_of(kind));
	rc = numbers(m, text, 10, 0, kind->max, number);
	for (uint32_t i = 0; rc == 0 && i < MAPPING_ROW_MAX; i++)
		m->row->message[i].number = (uint16_t)number[i];
	return rc < 0 ? rc : 1;
}

/* ---- bytes ---- */

static int
put_bytes(struct reader *m, const char *text)
{
	uint32_t byte[MAPPING_ROW_MAX];
	int rc = numbers(m, text, 16, 0, 255, byte);

	for (uint32_t i = 0; rc == 0 && i < MAPPING_ROW_MAX; i++) {
		struct mapping_message *s = &m->row->message[i];

		s->sysex[s->sysex_bytes++] = (uint8_t)byte[i];
	}
	return rc;
}

/* vv: the value goes here; t7: a text of 7 characters goes here. */
static int
put_slot(struct reader *m, const char *text)
{
	struct mapping_message *first = &m->row->message[0];
	uint32_t length = 0;
	int rc = 0;

	if (first->value_at || first->text_at)
		return yaml_refuse(
			&m->r->in, m->path, "more than one of vv and t");
	if (text[0] == 't')
		rc = yaml_whole(&m->r->in, m->path, text + 1, 1,
			MAPPING_TEXT_MAX, &length);
	for (uint32_t i = 0; rc == 0 && i < MAPPING_ROW_MAX; i++) {
		struct mapping_message *s = &m->row->message[i];

		if (length) {
			s->text_at = s->sysex_bytes;
			s->text_length = (uint8_t)length;
		} else {
			s->value_at = s->sysex_bytes;
			s->sysex[s->sysex_bytes++] = 0;
		}
	}
	return rc;
}

static int
read_bytes(struct reader *m, char **rest)
{
	const struct mapping_message *first = &m->row->message[0];
	char *text;
	int rc = 0;

	while (rc == 0 && (text = strtok_r(NULL, SEPARATORS, rest))) {
		if (first->sysex_bytes == MAPPING_SYSEX_MAX)
			return yaml_refuse(&m->r->in, m->path,
				"more than %d bytes", MAPPING_SYSEX_MAX);
		rc = !strcmp(text, "vv") || text[0] == 't' ? put_slot(m, text)
							   : put_bytes(m, text);
	}
	return rc;
}

static bool
data_bytes(const uint8_t *byte, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		if (byte[i] > 127)
			return false;
	}
	return true;
}

/* F0, at least one byte, F7 */
static bool
is_sysex(const struct mapping_message *m)
{
	return m->sysex_bytes >= 3 && m->sysex[0] == 0xf0 &&
	       m->sysex[m->sysex_bytes - 1] == 0xf7 &&
	       data_bytes(m->sysex + 1, m->sysex_bytes - 2u);
}

static int
check_sysex(struct reader *m)
{
	const struct mapping_message *first = &m->row->message[0];

	for (uint32_t i = 0; i < m->row->count; i++) {
		if (!is_sysex(&m->row->message[i]))
			return yaml_refuse(&m->r->in, m->path,
				"a sysex is F0, then bytes from 00 to 7F, "
				"then F7, all hexadecimal");
	}
	if ((first->value_at || first->text_at) &&
		first->value_at + first->text_at >= first->sysex_bytes)
		return yaml_refuse(
			&m->r->in, m->path, "vv and t stand before F7");
	return 0;
}

/* ---- a whole message ---- */

static int
unknown(struct reader *m, const char *word)
{
	char allowed[MAPPING_WORDS_MAX] = "";

	for (size_t i = 0; i < KINDS; i++) {
		size_t used = strlen(allowed);

		snprintf(allowed + used, sizeof(allowed) - used, "%s%s",
			i ? ", " : "", word_of(&kinds[i]));
	}
	return yaml_refuse(&m->r->in, m->path,
		"\"%.40s\" is no kind of message: ch, %s", word, allowed);
}

static void
begin(struct reader *m, uint8_t channel)
{
	memset(m->row, 0, sizeof(*m->row));
	m->row->count = 1;
	for (uint32_t i = 0; i < MAPPING_ROW_MAX; i++) {
		m->row->message[i].channel = channel;
		m->row->message[i].number = MAPPING_NUMBER_ANY;
	}
}

static void
set_kind(struct reader *m, const struct kind *kind)
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
read_words(struct reader *m, char *text)
{
	const struct kind *kind = NULL;
	bool channel = false;
	char *rest, *word = strtok_r(text, SEPARATORS, &rest);

	while (word) {
		bool is_ch = !strcmp(word, "ch");
		const struct kind *k = is_ch ? NULL : kind_find(word);
		int rc;

		if ((is_ch && channel) || (k && kind))
			return yaml_refuse(&m->r->in, m->path,
				"\"%.40s\": one message is enough", word);
		if (!is_ch && !k)
			return unknown(m, word);
		if (k) {
			kind = k;
			set_kind(m, k);
		}
		if (k && k->kind == MIDI_SYSEX) {
			rc = read_bytes(m, &rest);
			return rc < 0 ? rc : check_sysex(m);
		}
		word = strtok_r(NULL, SEPARATORS, &rest);
		rc = is_ch ? read_channel(m, word) : read_number(m, k, word);
		if (rc < 0)
			return rc;
		if (is_ch || rc > 0)
			word = strtok_r(NULL, SEPARATORS, &rest);
		channel = channel || is_ch;
	}
	if (!kind)
		return unknown(m, "");
	if (channel && !kind->channel)
		return yaml_refuse(
			&m->r->in, m->path, "%s has no channel", word_of(kind));
	return 0;
}

int
mapping_messages(const struct mapping_reading *r, const char *path,
	const char *text, struct mapping_row *out)
{
	struct reader m = {r, path, out};
	char copy[MAPPING_LINE_MAX];

	if (strlen(text) >= sizeof(copy))
		return yaml_refuse(&r->in, path, "longer than %zu bytes",
			sizeof(copy) - 1);
	memcpy(copy, text, strlen(text) + 1);
	begin(&m, r->channel);
	return read_words(&m, copy);
}

static bool
number_meets(const struct mapping_message *a, const struct mapping_message *b)
{
	if (a->number == b->number || a->number == MAPPING_NUMBER_ANY ||
		b->number == MAPPING_NUMBER_ANY)
		return true;
	if (a->kind != MIDI_CC)
		return false;
	return (a->fine && a->number + 32 == b->number) ||
	       (b->fine && b->number + 32 == a->number);
}

static bool
is_numbered(const struct mapping_message *m)
{
	return m->kind == MIDI_RPN || m->kind == MIDI_NRPN;
}

static bool
is_entry(const struct mapping_message *m)
{
	return m->kind == MIDI_CC &&
	       (m->number == 6 || m->number == 38 ||
		       (m->number >= 96 && m->number <= 101));
}

bool
mapping_is_entry(
	const struct mapping_message *a, const struct mapping_message *b)
{
	return (is_numbered(a) && is_entry(b)) ||
	       (is_numbered(b) && is_entry(a));
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
	if (k->channel && m->channel == MAPPING_CHANNEL_ANY)
		snprintf(channel, sizeof(channel), " of any channel");
	else if (k->channel)
		snprintf(channel, sizeof(channel), " of channel %u",
			m->channel + 1u);
	snprintf(out, size_bytes, "%s%s%s", word_of(k), number, channel);
}

/* ---- what is sent at the start ---- */

static bool
is_short(const struct mapping_message *m)
{
	uint8_t status = m->sysex[0];
	uint32_t bytes = status >> 5 == 6 ? 2 : 3; /* C0 to DF have one byte */

	return status >= 0x80 && status < 0xf0 && m->sysex_bytes == bytes &&
	       data_bytes(m->sysex + 1, bytes - 1);
}

static int
read_start(const struct mapping_reading *r, const char *path, const char *text,
	struct mapping_row *row)
{
	struct reader m = {r, path, row};
	char copy[MAPPING_LINE_MAX];
	char *rest = copy + 1;
	int rc;

	copy[0] = '\0';
	if (strlen(text) >= sizeof(copy) - 1)
		return yaml_refuse(&r->in, path, "longer than %zu bytes",
			sizeof(copy) - 2);
	memcpy(copy + 1, text, strlen(text) + 1);
	begin(&m, 0);
	rc = read_bytes(&m, &rest);
	for (uint32_t i = 0; rc == 0 && i < row->count; i++) {
		struct mapping *to = r->to;
		const struct mapping_message *s = &row->message[i];
		struct mapping_start *start = &to->start[to->starts];

		if (s->value_at || s->text_at || (!is_sysex(s) && !is_short(s)))
			return yaml_refuse(&r->in, path,
				"must be the hexadecimal bytes of one message, "
				"such as B0 7F 01 or F0 .. F7");
		if (to->starts == MAPPING_STARTS_MAX)
			return yaml_refuse(&r->in, path,
				"more than %d messages", MAPPING_STARTS_MAX);
		memcpy(start->byte, s->sysex, s->sysex_bytes);
		start->bytes = s->sysex_bytes;
		to->starts++;
	}
	return rc;
}

int
mapping_starts(const struct mapping_reading *r)
{
	struct mapping_row *row = malloc(sizeof(*row));
	char path[MARK_PATH_MAX];
	int rc = row ? 0 : -ENOMEM;

	for (uint32_t i = 0; rc == 0 && i < r->yaml->start_count; i++) {
		snprintf(path, sizeof(path), "start[%u]", i);
		rc = read_start(r, path, r->yaml->start[i], row);
	}
	free(row);
	return rc;
}
