/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages that are written as their bytes: "F0 00 70-77 vv F7". */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/mapping/mapping_bytes.h"
#include "control/mapping/mapping_words.h"
#include "control/midi/midi_parse.h"
#include "control/midi/midi_write.h"

#define EVERY_MIN_MS 20
#define EVERY_MAX_MS 60000

static int
put_bytes(struct mapping_reader *m, const char *text)
{
	uint32_t byte[MAPPING_ROW_MAX];
	int rc = mapping_numbers(m, text, 16, 0, 255, byte);

	for (uint32_t i = 0; rc == 0 && i < MAPPING_ROW_MAX; i++) {
		struct mapping_message *s = &m->row->message[i];

		s->sysex[s->sysex_bytes++] = (uint8_t)byte[i];
	}
	return rc;
}

/* vv: the value goes here; t7: a text of 7 characters goes here. */
static int
put_slot(struct mapping_reader *m, const char *text)
{
	const struct mapping_message *first = &m->row->message[0];
	uint32_t length = 0, all = 0;
	int rc = 0;

	if (first->slots == MAPPING_SLOTS_MAX)
		return tree_refuse(m->t, m->node, "more than %d of vv and t",
			MAPPING_SLOTS_MAX);
	if (text[0] == 't')
		rc = mapping_whole(
			m->t, m->node, text + 1, 1, MAPPING_TEXT_MAX, &length);
	for (uint32_t i = 0; i < first->slots; i++)
		all += first->slot[i].length;
	if (rc == 0 && all + length > MAPPING_FILL_MAX - MAPPING_SLOTS_MAX)
		return tree_refuse(m->t, m->node,
			"more than %d characters of text",
			MAPPING_FILL_MAX - MAPPING_SLOTS_MAX);
	for (uint32_t i = 0; rc == 0 && i < MAPPING_ROW_MAX; i++) {
		struct mapping_message *s = &m->row->message[i];

		s->slot[s->slots++] =
			(struct mapping_slot){s->sysex_bytes, (uint8_t)length};
		if (!length)
			s->sysex[s->sysex_bytes++] = 0;
	}
	return rc;
}

int
mapping_bytes(struct mapping_reader *m, char **rest)
{
	const struct mapping_message *first = &m->row->message[0];
	char *text;
	int rc = 0;

	while (rc == 0 && (text = strtok_r(NULL, MAPPING_BLANKS, rest))) {
		if (first->sysex_bytes == MAPPING_SYSEX_MAX)
			return tree_refuse(m->t, m->node, "more than %d bytes",
				MAPPING_SYSEX_MAX);
		rc = !strcmp(text, "vv") || text[0] == 't' ? put_slot(m, text)
							   : put_bytes(m, text);
	}
	return rc;
}

/* With something in it. */
static bool
is_sysex(const struct mapping_message *m)
{
	return m->sysex_bytes >= 3 && midi_is_sysex(m->sysex, m->sysex_bytes);
}

int
mapping_sysex_fits(struct mapping_reader *m)
{
	const struct mapping_message *first = &m->row->message[0];

	for (uint32_t i = 0; i < m->row->count; i++) {
		if (!is_sysex(&m->row->message[i]))
			return tree_refuse(m->t, m->node,
				"a sysex is F0, then bytes from 00 to 7F, "
				"then F7, all hexadecimal");
	}
	for (uint32_t i = 0; i < first->slots; i++)
		if (first->slot[i].at == 0 ||
			first->slot[i].at >= first->sysex_bytes)
			return tree_refuse(m->t, m->node,
				"vv and t stand between F0 and F7");
	return 0;
}

/* ---- what is sent at the start ---- */

static bool
is_short(const struct mapping_message *m)
{
	uint8_t status = m->sysex[0];

	return status >= 0x80 && status < 0xf0 &&
	       m->sysex_bytes == 1 + midi_data_bytes(status) &&
	       m->sysex[1] < 0x80 && m->sysex[2] < 0x80; /* 0: there is none */
}

/* One text of a list: one message or a row of them. */
static int
read_sent(const struct tree *t, const struct tree_node *node,
	struct mapping_row *row)
{
	struct mapping_reader m = {t, node, row};
	char copy[MAPPING_LINE_MAX], *rest = copy;
	int rc = mapping_row_begin(&m, 0, copy);

	if (rc == 0)
		rc = mapping_bytes(&m, &rest);
	for (uint32_t i = 0; rc == 0 && i < row->count; i++) {
		const struct mapping_message *s = &row->message[i];

		if (s->slots || (!is_sysex(s) && !is_short(s)))
			return tree_refuse(t, node,
				"must be the hexadecimal bytes of one message, "
				"such as B0 7F 01 or F0 .. F7");
	}
	return rc;
}

static int
read_list(const struct tree *t, const struct tree_node *list,
	struct mapping_start *to, uint32_t max, uint32_t *count)
{
	const struct tree_node *i = tree_first(list);
	struct mapping_row *row = calloc(1, sizeof(*row));
	int rc = row ? 0 : -ENOMEM;

	for (; rc == 0 && i; i = tree_next(list, i)) {
		rc = read_sent(t, i, row);
		for (uint32_t k = 0; rc == 0 && k < row->count; k++) {
			const struct mapping_message *s = &row->message[k];

			if (*count == max) {
				rc = tree_refuse(
					t, i, "more than %u messages", max);
				break;
			}
			memcpy(to[*count].byte, s->sysex, s->sysex_bytes);
			to[*count].bytes = s->sysex_bytes;
			(*count)++;
		}
	}
	free(row);
	return rc;
}

/* "250 ms", "1 s" */
static int
read_every(
	const struct tree *t, const struct tree_node *node, uint64_t *every_ns)
{
	const char *text = node->text;
	double number = 0.0, ms = 0.0;
	char digits[16], unit[8];
	int end = 0;

	if (sscanf(text, "%15[0-9.] %7[a-z] %n", digits, unit, &end) == 2 &&
		!text[end] && mapping_is_number(digits, &number))
		ms = !strcmp(unit, "ms")  ? number
		     : !strcmp(unit, "s") ? number * 1000.0
					  : 0.0;
	if (!(ms >= EVERY_MIN_MS && ms <= EVERY_MAX_MS))
		return tree_refuse(t, node,
			"\"%.40s\" must be a time such as 250 ms or 1 s, from "
			"%d ms to %d s",
			text, EVERY_MIN_MS, EVERY_MAX_MS / 1000);
	*every_ns = (uint64_t)(ms * 1e6);
	return 0;
}

int
mapping_starts(const struct mapping_reading *r)
{
	const struct tree *t = r->tree;
	const struct mapping_top_keys *y = &r->top;
	struct mapping *to = r->to;
	int rc = read_list(
		t, y->start, to->start, MAPPING_STARTS_MAX, &to->starts);

	if (rc == 0)
		rc = read_list(t, y->repeat, to->repeat, MAPPING_REPEATS_MAX,
			&to->repeats);
	if (rc == 0 && y->every && !to->repeats)
		return tree_refuse(t, y->every,
			"needs repeat: the messages that are repeated");
	if (rc == 0 && to->repeats && !y->every)
		return tree_refuse(t, y->repeat, "needs every: such as 250 ms");
	return rc == 0 && y->every ? read_every(t, y->every, &to->every_ns)
				   : rc;
}
