/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two mappings of one device as one. Control thread only. */
#ifndef MAPPING_MERGE_H
#define MAPPING_MERGE_H

#include "control/mapping/mapping.h"

/* The mapping with the learned controls in the place of its own. They are for
 * the strip that was named, whatever bank the mapping is in. NULL: no memory.
 */
struct mapping *mapping_merge(
	const struct mapping *base, const struct mapping *learned);
void mapping_merged_free(struct mapping *m); /* NULL is fine */

#endif
