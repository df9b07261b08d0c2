/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a bus is recorded from. Control thread only. */
#ifndef ENGINE_RING_H
#define ENGINE_RING_H

#include "control/engine/engine_own.h"

/* The memory of a ring of this bus, until audio ends; false: there is none, or
 * it is not wanted any more */
bool engine_ring(void *engine, uint32_t bus, bool wanted, const void **map,
	size_t *size_bytes);
/* No audio thread runs, nobody reads them. */
void engine_rings_free(struct engine *e);

#endif
