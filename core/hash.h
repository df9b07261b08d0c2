/* SPDX-License-Identifier: GPL-3.0-or-later */
/* FNV-1a of 32 bits, for places in tables and to see a change. Any
 * thread. */
#ifndef HASH_H
#define HASH_H

#include <stddef.h>
#include <stdint.h>

#define HASH_START 2166136261u

/* More bytes; hash: HASH_START, or what those before them gave. */
static inline uint32_t
hash_bytes(uint32_t hash, const void *bytes, size_t size_bytes)
{
	const unsigned char *b = (const unsigned char *)bytes;

	for (size_t i = 0; i < size_bytes; i++)
		hash = (hash ^ b[i]) * 16777619u;
	return hash;
}

/* One more number, its lowest byte first. */
static inline uint32_t
hash_number(uint32_t hash, uint32_t number)
{
	for (int i = 0; i < 4; i++)
		hash = (hash ^ (number >> 8 * i & 0xff)) * 16777619u;
	return hash;
}

#endif
