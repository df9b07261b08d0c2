/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of a metadata object about nodes, over a connection of its own.
 *
 * PipeWire (0.3 to 1.4) serves a client that has bound to a session manager's
 * metadata only when the session manager has answered, and never again when
 * that one ends before it has: whoever makes nodes and links must not be that
 * client. And it drops, for all others, each word that comes meanwhile, for
 * good when a client dies at that: see metadata_again().
 *
 * One thread: the loop's of the context. */
#ifndef METADATA_H
#define METADATA_H

#include <stdbool.h>
#include <stdint.h>

#include <pipewire/pipewire.h>

#include <pipewire/extensions/metadata.h>

#include "driver/pipewire/graph/graph.h"

struct metadata_events {
	/* About the node of this serial, or about none: 0. A value of NULL
	 * unsays it; so does a key of NULL all that is about none. */
	void (*word)(void *data, uint64_t serial, const char *key,
		const char *type, const char *value);
	/* About a node that is not there any more; may be NULL. */
	void (*stray)(void *data, uint32_t id, const char *key,
		const char *type, const char *value);
	/* All words have been told, after metadata_open() or metadata_again().
	 * Not when the metadata has gone: another connection tells that. */
	void (*told)(void *data);
	/* PipeWire has closed the connection, or there was no memory to read
	 * again: metadata_close(), but not here. */
	void (*lost)(void *data);
};

struct metadata_word {
	struct spa_list link;
	char *key, *type, *value;
};

struct metadata {
	const struct metadata_events *events;
	void *data;
	struct pw_core *core; /* NULL: closed */
	struct pw_metadata *metadata;
	struct spa_hook core_hook, metadata_hook;
	uint32_t id;
	int seq; /* all has been told with the answer to this; 0: it has */
	struct graph nodes; /* as this connection has been told of them */
};

/* control: 0 or -errno; zeroed memory. id is the metadata's global, which
 * another connection to the same daemon has been told of. */
int metadata_open(struct metadata *w, struct pw_context *context, uint32_t id,
	const struct metadata_events *events, void *data);
/* control: also one that is not open. While not all has been told, only when
 * the metadata has gone: see above. */
void metadata_close(struct metadata *w);

/* control: all of them anew. False: they are not open, or are being told, or
 * lost() has been called. */
bool metadata_again(struct metadata *w);
/* control: they are being told */
bool metadata_wait(const struct metadata *w);

/* control: what has been told about the node; NULL: nothing. */
const struct metadata_word *metadata_find(
	const struct metadata *w, uint64_t serial, const char *key);
/* control: tells once more what has been told about the node: this connection
 * may have known of it before another one did. */
void metadata_repeat(const struct metadata *w, uint64_t serial);

/* control: says a word about the node that has this id; NULL unsays it. */
void metadata_say(struct metadata *w, uint32_t id, const char *key,
	const char *type, const char *value);

#endif
