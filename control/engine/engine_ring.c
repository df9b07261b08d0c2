/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A ring of each bus that somebody in this process reads: that which is shared
 * with others, or one of our own. */
#include "control/engine/engine_ring.h"

#include <string.h>

#include "core/resident.h"

#define CAPACITY                                                               \
	65536u /* frames: who reads it may be late by half a second            \
		*/

static bool
own_make(struct engine *e, uint32_t bus)
{
	struct engine_ring *own = &e->own_ring[bus];
	struct ring_config shape = {.rate_hz = e->rate_hz,
		.channels = 2,
		.capacity_frames = CAPACITY,
		.block_frames = e->block_frames,
		.channel_names = {"FL", "FR"}};

	if (own->map)
		return true;
	strcpy(shape.device, "Tapdeck, its own");
	own->size_bytes = ring_size_bytes(CAPACITY, 2);
	own->map = resident_new(own->size_bytes);
	if (own->map && ring_writer_init(&own->writer, own->map,
				own->size_bytes, &shape) < 0) {
		resident_free(own->map, own->size_bytes);
		own->map = NULL;
	}
	return own->map;
}

bool
engine_ring(void *data, uint32_t bus, bool wanted, const void **map,
	size_t *size_bytes)
{
	struct engine *e = data;
	struct engine_ring *own = &e->own_ring[bus];

	if (!e->mixer)
		return false;
	if (!e->has_ring[bus] && (wanted ? own_make(e, bus) : own->map != NULL))
		mixer_set_ring(e->mixer, bus, wanted ? &own->writer : NULL);
	if (!wanted)
		return false;
	if (e->has_ring[bus]) {
		*map = e->ring[bus].shared;
		*size_bytes = ring_size_bytes(
			e->ring[bus].capacity, e->ring[bus].channels);
	} else {
		*map = own->map;
		*size_bytes = own->size_bytes;
	}
	return *map;
}

void
engine_rings_free(struct engine *e)
{
	for (uint32_t b = 0; b < BUSES_MAX; b++) {
		struct engine_ring *own = &e->own_ring[b];

		if (own->map && e->mixer && !e->has_ring[b])
			mixer_set_ring(e->mixer, b, NULL);
		resident_free(own->map, own->size_bytes);
		*own = (struct engine_ring){.map = NULL};
	}
}
