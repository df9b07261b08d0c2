/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sinks that programs were sent to lately.
 *
 * WirePlumber remembers a program's sink at once, but writes its file a second
 * after the last change of anything: until then only who has heard the words
 * knows where the program will begin the next time. One thread: the loop's. */
#ifndef RECENT_H
#define RECENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driver/pipewire/graph/remembered.h"

#define RECENT_MAX 64 /* programs; the oldest goes */

struct recent {
	struct recent_word {
		char key[REMEMBERED_KEY_MAX]; /* "": a free place */
		char sink[128];		      /* its node.name */
		uint64_t at_ns;		      /* of CLOCK_REALTIME */
	} words[RECENT_MAX];
	unsigned next;
};

/* The stream of these properties has this word of its user's now */
void recent_note(struct recent *r, const struct spa_dict *props,
	const char *sink, uint64_t at_ns);

/* What was said of it and may not be in the file yet. False: the file knows. */
bool recent_sink(const struct recent *r, const struct spa_dict *props,
	uint64_t written_ns, char *sink, size_t size_bytes);

#endif
