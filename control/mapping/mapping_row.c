/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/mapping/mapping_row.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control/mapping/mapping_words.h"

int
mapping_row_begin(
	struct mapping_reader *m, uint8_t channel, char copy[MAPPING_LINE_MAX])
{
	size_t length = strlen(m->node->text);

	if (length >= MAPPING_LINE_MAX)
		return tree_refuse(m->t, m->node, "longer than %d bytes",
			MAPPING_LINE_MAX - 1);
	memcpy(copy, m->node->text, length + 1);
	memset(m->row, 0, sizeof(*m->row));
	m->row->count = 1;
	for (uint32_t i = 0; i < MAPPING_ROW_MAX; i++) {
		m->row->message[i].channel = channel;
		m->row->message[i].number = MAPPING_NUMBER_ANY;
	}
	return 0;
}

int
mapping_row_fill(struct mapping_reader *m, int count)
{
	if (count == 1 || m->row->count == (uint32_t)count)
		return 0;
	if (m->row->count > 1)
		return tree_refuse(m->t, m->node, "a list of %d in a row of %u",
			count, m->row->count);
	m->row->count = (uint32_t)count;
	return 0;
}

int
mapping_numbers(struct mapping_reader *m, const char *text, unsigned base,
	uint32_t min, uint32_t max, uint32_t *out)
{
	char element[MAPPING_PIECE_MAX], *end;
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
		return tree_refuse(m->t, m->node,
			base == 16 ? "\"%.40s\" is not a byte or a range of "
				     "them, %02X to %02X"
				   : "\"%.40s\" is not a number or a range "
				     "such as 1-8, from %u to %u",
			text, min, max);
	for (int i = n; i < MAPPING_ROW_MAX; i++)
		out[i] = out[0];
	return mapping_row_fill(m, n);
}
