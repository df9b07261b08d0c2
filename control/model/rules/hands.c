/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/model/rules/hands.h"

#include <string.h>

#define MAGIC 0x54484e44u

static bool
is_good(const struct hand *hand, uint32_t strips)
{
	return hand->key[0] && memchr(hand->key, '\0', sizeof(hand->key)) &&
	       hand->strip >= HANDS_NOWHERE && hand->strip < (int)strips;
}

static void
drop(struct hands *h, uint32_t i)
{
	memmove(&h->hand[i], &h->hand[i + 1],
		(h->count - i - 1) * sizeof(h->hand[0]));
	h->count--;
}

void
hands_open(struct hands *h, uint32_t strips)
{
	if (h->magic != MAGIC || h->count > HANDS_MAX)
		memset(h, 0, sizeof(*h));
	h->magic = MAGIC;
	for (uint32_t i = h->count; i-- > 0;)
		if (!is_good(&h->hand[i], strips))
			drop(h, i);
}

const struct hand *
hands_find(const struct hands *h, const char *key)
{
	for (uint32_t i = 0; i < h->count; i++)
		if (!strcmp(h->hand[i].key, key))
			return &h->hand[i];
	return NULL;
}

static bool
make_room(struct hands *h)
{
	uint32_t i = 0;

	if (h->count < HANDS_MAX)
		return true;
	while (i < h->count && h->hand[i].saved)
		i++;
	if (i == h->count)
		return false;
	drop(h, i);
	return true;
}

bool
hands_put(struct hands *h, const char *key, int strip, bool saved)
{
	struct hand *to;

	hands_forget(h, key);
	if (!make_room(h))
		return false;
	to = &h->hand[h->count];
	memset(to, 0, sizeof(*to));
	strncpy(to->key, key, sizeof(to->key) - 1);
	to->strip = strip;
	to->saved = saved;
	h->count++;
	return true;
}

bool
hands_forget(struct hands *h, const char *key)
{
	const struct hand *is = hands_find(h, key);

	if (is)
		drop(h, (uint32_t)(is - h->hand));
	return is;
}
