/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/pipewire/graph/recent.h"

#include <stdio.h>
#include <string.h>

static int
place_of(const struct recent *r, const char *key)
{
	for (int i = 0; i < RECENT_MAX; i++) {
		if (!strcmp(r->words[i].key, key))
			return i;
	}
	return -1;
}

void
recent_note(struct recent *r, const struct spa_dict *props, const char *sink,
	uint64_t at_ns)
{
	char key[REMEMBERED_KEY_MAX];
	struct recent_word *w;
	int place;

	if (!remembered_key(key, props))
		return;
	place = place_of(r, key);
	if (place < 0) {
		place = (int)r->next;
		r->next = (r->next + 1) % RECENT_MAX;
	}
	w = &r->words[place];
	memcpy(w->key, key, sizeof(key));
	snprintf(w->sink, sizeof(w->sink), "%s", sink);
	w->at_ns = at_ns;
}

bool
recent_sink(const struct recent *r, const struct spa_dict *props,
	uint64_t written_ns, char *sink, size_t size_bytes)
{
	char key[REMEMBERED_KEY_MAX];
	int place = -1;

	if (remembered_key(key, props))
		place = place_of(r, key);
	if (place < 0 ||
		written_ns > r->words[place].at_ns + WIREPLUMBER_WRITE_NS)
		return false;
	snprintf(sink, size_bytes, "%s", r->words[place].sink);
	return true;
}
