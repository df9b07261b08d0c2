/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/util/share.h"

#include <string.h>

#define PARTS 4

const struct share_who share_here;

static bool
is_near(const struct share_who *who)
{
	return memcmp(who, &share_here, sizeof(share_here)) == 0;
}

/* Of the others; s->hosts: it has nothing. */
static uint32_t
find(const struct share *s, const struct share_who *who)
{
	uint32_t i = 0;

	while (i < s->hosts && memcmp(&s->host[i].who, who, sizeof(*who)) != 0)
		i++;
	return i;
}

void
share_init(struct share *s, uint32_t all)
{
	memset(s, 0, sizeof(*s));
	s->max = all / PARTS;
}

uint32_t
share_room(const struct share *s, const struct share_who *who)
{
	uint32_t i, own, others;

	if (is_near(who))
		return s->max - s->near;
	i = find(s, who);
	if (i == SHARE_HOSTS)
		return 0;
	own = s->max - (i < s->hosts ? s->host[i].has : 0);
	others = (PARTS - 1) * s->max - s->others;
	return own < others ? own : others;
}

bool
share_take(struct share *s, const struct share_who *who, uint32_t n)
{
	uint32_t i;

	if (n > share_room(s, who))
		return false;
	if (n == 0)
		return true;
	if (is_near(who)) {
		s->near += n;
		return true;
	}
	i = find(s, who);
	if (i == s->hosts)
		s->host[s->hosts++] = (struct share_host){.who = *who};
	s->host[i].has += n;
	s->others += n;
	return true;
}

void
share_give(struct share *s, const struct share_who *who, uint32_t n)
{
	uint32_t i;

	if (n == 0)
		return;
	if (is_near(who)) {
		s->near -= n;
		return;
	}
	i = find(s, who);
	s->host[i].has -= n;
	s->others -= n;
	if (s->host[i].has == 0)
		s->host[i] = s->host[--s->hosts];
}
