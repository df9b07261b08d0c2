/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sink that WirePlumber remembers of a program, out of its state file.
 *
 * It restores the word itself, in the metadata, but some time after the stream
 * has appeared: until then nothing else tells that the stream is not for the
 * room. What is found here is only where it will go, unless WirePlumber says
 * otherwise; "" leaves the decision to it. */
#ifndef REMEMBERED_H
#define REMEMBERED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include <spa/utils/dict.h>

#include "driver/pipewire/graph/wireplumber.h"

#define REMEMBERED_KEY_MAX 512 /* bytes with the NUL */

/* The text of its file, read again only when that is another one or has been
 * written; zeroed memory. */
struct remembered {
	char *text; /* NULL: none was read */
	struct stat of;
};

/* any: what a stream is remembered by. False: by nothing, or it is longer. */
bool remembered_key(char key[REMEMBERED_KEY_MAX], const struct spa_dict *props);

/* any: of a file's text; props are the stream node's. False and "" when it has
 * no sink for it, or one whose name does not fit. */
bool remembered_in(const char *text, const struct spa_dict *props, char *sink,
	size_t size_bytes);

/* control: the same, of the file of the WirePlumber that runs. The file has
 * been written on this machine in this session or been read before: no disk is
 * waited for. When it was written, of CLOCK_REALTIME; 0: there is none. */
bool remembered_sink(struct remembered *r, enum wireplumber version,
	const struct spa_dict *props, char *sink, size_t size_bytes,
	uint64_t *written_ns);
void remembered_done(struct remembered *r);

#endif
