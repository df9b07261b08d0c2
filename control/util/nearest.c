/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/util/nearest.h"

#include <string.h>

static uint32_t
least(uint32_t a, uint32_t b, uint32_t c)
{
	uint32_t ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* Letters that are missing, too many, other ones, or two that have changed
 * places: each counts one. */
static uint32_t
cost_of(const char *a, const char *b)
{
	uint32_t rows[3][NEAREST_MAX + 1];
	uint32_t *before = rows[0], *last = rows[1], *now = rows[2];
	size_t m = strlen(b);

	for (uint32_t j = 0; j <= m; j++)
		last[j] = j;
	for (uint32_t i = 1; a[i - 1]; i++) {
		uint32_t *spare = before;

		now[0] = i;
		for (uint32_t j = 1; j <= m; j++) {
			now[j] = least(last[j] + 1, now[j - 1] + 1,
				last[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
				a[i - 2] == b[j - 1] && before[j - 2] < now[j])
				now[j] = before[j - 2] + (a[i - 1] != b[j - 1]);
		}
		before = last;
		last = now;
		now = spare;
	}
	return last[m];
}

/* A word of four letters may have one mistake, one of eight two. */
void
nearest_init(struct nearest *n, const char *asked)
{
	*n = (struct nearest){asked, NULL, (uint32_t)strlen(asked) / 4 + 1};
	if (strlen(asked) < 3)
		n->cost = 0;
}

void
nearest_try(struct nearest *n, const char *word)
{
	size_t asked = strlen(n->asked), length = strlen(word);
	uint32_t cost;

	if (asked > NEAREST_MAX || length > NEAREST_MAX)
		return;
	/* So many letters are missing, or too many, at least. */
	if ((asked > length ? asked - length : length - asked) > n->cost)
		return;
	cost = cost_of(n->asked, word);
	if (cost < n->cost || (cost == n->cost && !n->best)) {
		n->best = word;
		n->cost = cost;
	}
}
