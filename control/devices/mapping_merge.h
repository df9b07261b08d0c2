/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two mappings of one device as one. Control thread only. */
#ifndef MAPPING_MERGE_H
#define MAPPING_MERGE_H

#include "control/mapping/mapping.h"

/* The mapping with the learned controls in the place of its own. They are for
 * the strip that was named, whatever bank the mapping is in. For
 * mapping_free(); NULL: no memory. */
struct mapping *mapping_merge(
	const struct mapping *base, const struct mapping *learned);

#endif
